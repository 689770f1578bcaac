"""All checking of what keeps order in a room, and of what is erased or kept there."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.enums import LegalGround, MuteLength, ReportOutcome, ReportReason
from messaging.forms_rooms import reason_field
from messaging.models import Hold

MAX_MONTHS = 1200  # a hundred years


class MuteForm(forms.Form):
    length = forms.ChoiceField(
        label=_("For how long"),
        choices=MuteLength,
        initial=MuteLength.HOUR,
        widget=forms.RadioSelect,
    )
    reason = reason_field(
        _("Reason"), _("It stands in the record, and everybody in the room can read it.")
    )


class ReportForm(forms.Form):
    reason = forms.ChoiceField(
        label=_("What is wrong with it?"), choices=ReportReason, widget=forms.RadioSelect
    )
    words = reason_field(_("In your words"), required=False)


class SettleForm(forms.Form):
    """What came of a report."""

    outcome = forms.ChoiceField(
        label=_("Outcome"),
        choices=[("", pgettext_lazy("outcome", "Choose")), *ReportOutcome.choices],
    )
    note = reason_field(_("Note"), _("Who reported the message reads it."), required=False)


class ErasureForm(forms.Form):
    ground = forms.ChoiceField(
        label=_("Legal ground"), choices=LegalGround, widget=forms.RadioSelect
    )
    explanation = reason_field(
        _("Explanation"),
        _("Only the secretariat reads it. Do not repeat here what is to be erased."),
    )


class ErasureAnswerForm(forms.Form):
    """`do` says whether the erasure is carried out; to refuse another's request, one says why."""

    do = forms.ChoiceField(choices=[("approve", ""), ("refuse", "")], widget=forms.HiddenInput)
    note = reason_field(_("Reason"), _("Only the secretariat reads it."), required=False)

    def __init__(self, *args: Any, is_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.is_own = is_own

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        refuses = cleaned.get("do") == "refuse" and not self.is_own
        if refuses and not cleaned.get("note"):
            self.add_error("note", _("Say why the text is to stand."))
        return cleaned


class MonthsForm(forms.Form):
    """How long texts are kept: so many months, or for ever."""

    months = forms.IntegerField(
        label=_("Months"),
        min_value=1,
        max_value=MAX_MONTHS,
        required=False,
        help_text=_("After so many months the text of a message is erased. Empty: never."),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )


class RetentionForm(MonthsForm):
    """The confirmation: how many texts are erased, typed by hand."""

    months = forms.IntegerField(
        min_value=1, max_value=MAX_MONTHS, required=False, widget=forms.HiddenInput
    )
    confirmed = forms.CharField(
        label=_("How many messages does it touch now? Type the number."),
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, touched: int, **kwargs: Any) -> None:
        # It stands beside the question: its ids are others.
        super().__init__(*args, **{"auto_id": "confirm_%s", **kwargs})
        self.touched = touched

    def clean_confirmed(self) -> int:
        digits = "".join(sign for sign in self.cleaned_data["confirmed"] if sign.isdecimal())
        if not digits or int(digits) != self.touched:
            raise forms.ValidationError(_("That is not the number that stands above."))
        return int(digits)


class HoldForm(forms.Form):
    """Places a hold, or lifts the one that stands."""

    def __init__(self, *args: Any, hold: Hold | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"] = reason_field(
            _("Why it is lifted") if hold else _("Reason"),
            _("The chairs of the room and the secretariat read it, and nobody else."),
        )
