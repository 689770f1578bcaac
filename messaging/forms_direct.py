"""To whom somebody wants to write."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from members.models import Institution, Mandate, User
from messaging.permissions_direct import MOST_PEOPLE


class DirectForm(forms.Form):
    """`people()` are those who were chosen, of the holders of `mandates`."""

    people = forms.TypedMultipleChoiceField(
        label=_("People"), coerce=int, error_messages={"required": _("Choose somebody.")}
    )

    def __init__(self, *args: Any, mandates: list[Mandate], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.mandates = {mandate.user_id: mandate for mandate in mandates}
        field = self.fields["people"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  for the type checker
        field.choices = [(pk, mandate.user.name) for pk, mandate in self.mandates.items()]

    def clean_people(self) -> list[int]:
        chosen: list[int] = self.cleaned_data["people"]
        if len(chosen) >= MOST_PEOPLE:
            most = MOST_PEOPLE - 1
            raise forms.ValidationError(
                ngettext(
                    "Choose at most %(number)s person.", "Choose at most %(number)s people.", most
                )
                % {"number": most}
            )
        return chosen

    def chosen(self) -> list[User]:
        return [self.mandates[pk].user for pk in self.cleaned_data["people"]]

    def checklist(self) -> list[tuple[Institution, list[tuple[Mandate, bool]]]]:
        """Everybody by delegation, and whether they are ticked."""
        ticked = {str(value) for value in self["people"].value() or ()}
        found: dict[Institution, list[tuple[Mandate, bool]]] = {}
        for pk, mandate in self.mandates.items():
            found.setdefault(mandate.institution, []).append((mandate, str(pk) in ticked))
        return sorted(found.items(), key=lambda each: each[0].name.text)
