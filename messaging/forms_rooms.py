"""All checking of what is said about a room: its texts, its state, who is in it."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from members.models import Institution, Mandate, User
from messaging.enums import ParticipantRole, SlowMode
from messaging.models import Participant, Room
from records.forms import SpokenForm
from records.text import has_surrogates, neutral

MAX_REASON = 1000


class NeutralTextField(forms.CharField):
    """A text that people will read in a record: without what cheats the eye."""

    def clean(self, value: Any) -> str:
        text = super().clean(value) or ""
        if has_surrogates(text):
            raise forms.ValidationError(_("The text has a character that is not valid."))
        return neutral(text).strip()


def reason_field(label: Any, help_text: Any = "", *, required: bool = True) -> NeutralTextField:
    return NeutralTextField(
        label=label,
        help_text=help_text,
        required=required,
        max_length=MAX_REASON,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )


class RoomTextsForm(SpokenForm):
    """Title and purpose of a room, per language."""

    def __init__(self, *args: Any, room: Room | None = None, **kwargs: Any) -> None:
        if room:
            kwargs["initial"] = {
                **{f"title_{code}": text for code, text in room.titles.items()},
                **{f"purpose_{code}": text for code, text in room.purposes.items()},
            }
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Title"), max_length=150)
        self.add_texts("purpose", _("Purpose"), max_length=1000, long=True)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.require_one("title")
        return self.cleaned_data


class StateAct(TextChoices):
    LOCK = "lock", _("Lock the room")
    UNLOCK = "unlock", _("Unlock the room")
    SLOW = "slow", _("Slow mode")
    ARCHIVE = "archive", _("Archive the room")
    REOPEN = "reopen", _("Reopen the room")


class StateForm(forms.Form):
    """One change of a room's state; `seconds` counts for slow mode alone."""

    act = forms.ChoiceField(choices=StateAct)
    seconds = forms.TypedChoiceField(
        label=_("Slow mode"), choices=SlowMode, coerce=int, required=False
    )


def _role_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Role in the room"),
        choices=ParticipantRole,
        initial=ParticipantRole.MEMBER,
        help_text=_("Chairs run the room, members write, observers read."),
    )


class AddParticipantForm(forms.Form):
    """Who is let in: `cleaned_data["who"]` is an Institution or a User."""

    who = forms.ChoiceField(label=_("Delegation or person"))

    def __init__(self, *args: Any, present: Iterable[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        present = list(present)
        inside = {p.institution_id for p in present}, {p.user_id for p in present}
        self.found: dict[str, Institution | User] = {}
        delegations, people = [], []
        for institution in Institution.objects.active().in_official_order():
            if institution.pk not in inside[0]:
                delegations.append((f"i{institution.pk}", institution.name.text))
                self.found[f"i{institution.pk}"] = institution
        for mandate in Mandate.objects.running().for_display():
            key = f"u{mandate.user_id}"
            if mandate.user_id in inside[1] or key in self.found:
                continue
            people.append((key, f"{mandate.user.name} · {mandate.institution.name.text}"))
            self.found[key] = mandate.user
        people.sort(key=lambda each: each[1])
        cast(forms.ChoiceField, self.fields["who"]).choices = [
            ("", _("Choose")),
            (_("Delegations"), delegations),
            (_("People"), people),
        ]
        self.fields["role"] = _role_field()

    def clean_who(self) -> Institution | User:
        return self.found[self.cleaned_data["who"]]


class RoleForm(forms.Form):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"] = _role_field()


class RemovalForm(forms.Form):
    reason = reason_field(
        _("Reason"), _("It stands in the record, and everybody in the room can read it.")
    )
