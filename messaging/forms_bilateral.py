from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Institution
from messaging.forms_rooms import NeutralTextField, reason_field
from messaging.permissions_opening import can_be_invited


class InviteDelegationForm(forms.Form):
    """Which delegation is asked to talk, and about what."""

    to = forms.ChoiceField(label=_("Delegation"))
    note = NeutralTextField(
        label=_("What it is to be about"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("The other delegation reads it before it answers. It becomes the purpose."),
    )
    with_office = forms.BooleanField(
        label=_("Invite the secretariat too"),
        required=False,
        help_text=_("It takes part only if the other delegation agrees; else it reads nothing."),
    )

    def __init__(self, *args: Any, own: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        found = Institution.objects.in_directory()
        self.found = {str(i.pk): i for i in found if can_be_invited(own, i)}
        cast(forms.ChoiceField, self.fields["to"]).choices = [
            ("", _("Choose")),
            *((pk, institution.name.text) for pk, institution in self.found.items()),
        ]

    def clean_to(self) -> Institution:
        return self.found[self.cleaned_data["to"]]


class DeclineForm(forms.Form):
    reason = reason_field(_("Reason"), _("The inviting delegation reads it."))
