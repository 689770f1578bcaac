"""What is asked before a mandate is suspended or handed over, and its letters of appointment."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.enums import Capacity
from members.forms.applications import NeutralTextField
from members.forms.memberships import StoredFilesField
from members.forms.people import InviteForm
from members.models import MOST_LETTERS, Mandate, User

REQUIRED = forms.Field.default_error_messages["required"]


class SuspendForm(forms.Form):
    reason = NeutralTextField(
        label=_("Reason"),
        max_length=2000,
        rows=4,
        help_text=_("The person gets it by e-mail, in the words you write here."),
    )


class LettersForm(forms.Form):
    letters = StoredFilesField(
        label=_("Letter of appointment"),
        most=MOST_LETTERS,
        help_text=_("PDF, PNG, JPEG or WebP. It stays with the mandate for good."),
    )

    def clean_letters(self) -> Any:
        letters = self.cleaned_data["letters"]
        if not letters:
            raise forms.ValidationError(REQUIRED, code="required")
        return letters


class SuccessorForm(InviteForm):
    """A person of the delegation, or one who is to be invited."""

    NEW = "new"
    field_order = ("to", "email", "name", "language")

    to = forms.ChoiceField(label=_("Who succeeds?"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, handing: Mandate, people: list[User], **kwargs: Any) -> None:
        self.people = {str(each.pk): each for each in people}
        super().__init__(
            *args,
            institution=handing.institution,
            capacities=[Capacity(handing.capacity)],
            **kwargs,
        )
        self.handing = handing
        del self.fields["capacity"]
        to = self.fields["to"]
        assert isinstance(to, forms.ChoiceField)  # noqa: S101  for the type checker
        to.choices = [
            *((pk, each.name) for pk, each in self.people.items()),
            (self.NEW, _("a person who is to be invited")),
        ]
        if not people:
            self.initial["to"] = self.NEW
        for name in ("email", "name", "language"):
            self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        if data.get("to") != self.NEW:
            for name in ("email", "name", "language"):
                self.errors.pop(name, None)  # whatever stands there, it is not asked for
            return data
        for name in ("email", "name", "language"):
            if name in data and not data[name]:
                self.add_error(name, REQUIRED)
        if data.get("email") == self.handing.user.email:
            self.add_error("email", _("This is the address of whoever holds the mandate now."))
        data["capacity"] = self.handing.capacity
        return super().clean()

    @property
    def successor(self) -> User | None:
        """The person of the delegation who was chosen; None for one who is to be invited."""
        return self.people.get(self.cleaned_data["to"])
