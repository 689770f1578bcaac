"""Who was at a meeting."""

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.countries import country_name
from members.models import Institution

NUMBER = re.compile("[0-9]{1,18}")


class AttendanceForm(forms.Form):
    """A box for each member. `was`: which were ticked when the page was opened, so that what
    somebody else notes meanwhile about others stays.
    """

    was = forms.CharField(required=False, widget=forms.HiddenInput, max_length=10_000)
    present = forms.TypedMultipleChoiceField(
        label=_("Members whose delegations were there"),
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        members: Sequence[Institution],
        present: set[int],
        ticks_all: bool = False,
        **kwargs: Any,
    ) -> None:
        """`ticks_all`: a box for each country is ticked, whoever is `present` on record."""
        ticked = _one_of_each_country(members, present) if ticks_all else sorted(present)
        kwargs["initial"] = {"present": ticked, "was": " ".join(map(str, sorted(present)))}
        super().__init__(*args, **kwargs)
        self.countries = {each.pk: each.country.code for each in members}
        field = self.fields["present"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [
            (each.pk, f"{country_name(each.country).text} – {each.name.text}") for each in members
        ]

    def clean_present(self) -> set[int]:
        present = set(self.cleaned_data["present"])
        if len({self.countries[pk] for pk in present}) < len(present):
            raise forms.ValidationError(
                _("A country has one delegation: choose one of its institutions."), code="twice"
            )
        return present

    def clean_was(self) -> set[int]:
        return {int(each) for each in self.cleaned_data["was"].split() if NUMBER.fullmatch(each)}

    def changes(self) -> tuple[set[int], set[int]]:
        """Who was ticked, and who no longer is, since the page was opened."""
        ticked, was = self.cleaned_data["present"], self.cleaned_data["was"]
        return ticked - was, was - ticked


def _one_of_each_country(members: Sequence[Institution], present: set[int]) -> list[int]:
    """A country has one delegation: of whom is on record, else of its first institution."""
    ticked: dict[str, int] = {}
    for each in sorted(members, key=lambda member: member.pk not in present):
        ticked.setdefault(each.country.code, each.pk)
    return sorted(ticked.values())
