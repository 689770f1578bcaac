"""Checking of polls of opinion: what is asked, and what is answered."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from members.models import Mandate
from messaging.forms import speaking_as
from messaging.forms_rooms import NeutralTextField
from messaging.opinions import Tally
from messaging.permissions import Seat
from messaging.zones import LocalTimeField
from records.text import has_surrogates, neutral

FEWEST, MOST = 2, 10  # options
LONGEST = 200  # characters of one


class MandateField(forms.TypedChoiceField):
    """For which delegation one speaks; hidden where there is one alone."""

    def __init__(self, seats: Sequence[Seat]) -> None:
        super().__init__(
            label=_("Speaking as"),
            coerce=int,
            choices=[(seat.mandate.pk, speaking_as(seat)) for seat in seats],
            initial=seats[0].mandate.pk if seats else None,
            widget=forms.HiddenInput if len(seats) == 1 else forms.Select,
        )
        self.seats = seats

    def clean(self, value: Any) -> Mandate | None:
        chosen = super().clean(value)
        return next((seat.mandate for seat in self.seats if seat.mandate.pk == chosen), None)


class OpinionForm(forms.Form):
    """What a person asks the room."""

    question = NeutralTextField(
        label=_("Question"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    options = forms.CharField(
        label=_("Options"),
        help_text=_("One a line: two at the least, ten at the most."),
        max_length=MOST * (LONGEST + 2),
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto"}),
    )
    is_multiple = forms.BooleanField(label=_("Several options may be chosen"), required=False)
    is_shown_after = forms.BooleanField(
        label=_("Show the counts only when the poll is closed"),
        help_text=_("The answers stand in the record of the room from the beginning."),
        required=False,
    )
    closes_at = LocalTimeField(
        label=_("Closes by itself (optional)"),
        required=False,
        soonest=timedelta(minutes=1),
        latest=timedelta(days=366),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["mandate"] = MandateField(seats)
        if any(seat.chairs for seat in seats):
            self.fields["by_delegation"] = forms.BooleanField(
                label=_("One answer for each delegation"),
                help_text=_("Whoever speaks for it may give the answer, and change it."),
                required=False,
            )
            self.order_fields(["question", "options", "is_multiple", "by_delegation"])

    def clean_options(self) -> list[str]:
        text: str = self.cleaned_data["options"]
        if has_surrogates(text):
            raise forms.ValidationError(_("The text has a character that is not valid."))
        lines = [" ".join(line.split()) for line in neutral(text).split("\n")]
        options = [line for line in lines if line]
        if not FEWEST <= len(options) <= MOST:
            raise forms.ValidationError(_("Give two options at the least, ten at the most."))
        if any(len(option) > LONGEST for option in options):
            raise forms.ValidationError(_("An option is too long: shorten it."))
        if len(set(options)) != len(options):
            raise forms.ValidationError(_("Two options are the same."))
        return options

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        data["is_shown_at_once"] = not data.pop("is_shown_after", False)
        return data


class AnswerForm(forms.Form):
    """What a person, or their delegation, answers."""

    def __init__(self, *args: Any, tally: Tally, seats: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        several = tally.poll.is_multiple
        kind = forms.TypedMultipleChoiceField if several else forms.TypedChoiceField
        self.fields["choices"] = kind(
            coerce=int,
            choices=[(option.number, option.text) for option in tally.options],
            error_messages={"required": _("Choose first.")},
        )
        self.fields["mandate"] = MandateField(seats)
        self.fields["mandate"].required = False

    def clean_choices(self) -> list[int]:
        chosen = self.cleaned_data["choices"]
        return cast("list[int]", chosen if isinstance(chosen, list) else [chosen])
