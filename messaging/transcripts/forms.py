"""What a transcript is asked for with."""

from datetime import datetime, time, timedelta
from typing import Any, cast

from django import forms
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext_lazy as _

from members.network import languages_with, read_in
from messaging.actions.transcripts import MOST
from messaging.models import Record, Room

_DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class TranscriptForm(forms.Form):
    """A range by days or by numbers, the whole room without either; `.range` when it is valid."""

    since = forms.DateField(label=_("First day"), required=False, widget=_DATE)
    until = forms.DateField(label=_("Last day"), required=False, widget=_DATE)
    first = forms.IntegerField(label=_("First record"), required=False, min_value=1)
    last = forms.IntegerField(label=_("Last record"), required=False, min_value=1)
    language = forms.ChoiceField(
        label=_("Language of the frame"),
        help_text=_("Messages stand as they were written, each in its own language."),
    )

    def __init__(self, *args: Any, room: Room, own: str, **kwargs: Any) -> None:
        """`own`: the language of the person, who keeps one that the network has left."""
        kwargs.setdefault("initial", {"language": read_in(get_language() or "", own)})
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages_with({own})
        self.room = room
        self.range = (1, room.head_seq)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if self.errors:
            return data
        by_day = bool(data["since"] or data["until"])
        if by_day and (data["first"] or data["last"]):
            raise forms.ValidationError(_("Give days or numbers of records, not both."))
        found = self._by_day(data) if by_day else self._by_number(data)
        if found is None:
            raise forms.ValidationError(_("There are no records in this range."))
        if found[1] - found[0] >= MOST:
            raise forms.ValidationError(
                ngettext(
                    "A transcript holds at most %(count)s record. Choose a smaller range.",
                    "A transcript holds at most %(count)s records. Choose a smaller range.",
                    MOST,
                )
                % {"count": MOST}
            )
        self.range = found
        return data

    def _by_number(self, data: dict[str, Any]) -> tuple[int, int] | None:
        first = data["first"] or 1
        last = min(data["last"] or self.room.head_seq, self.room.head_seq)
        return (first, last) if first <= last else None

    def _by_day(self, data: dict[str, Any]) -> tuple[int, int] | None:
        """Days are those of the person's own time zone."""
        zone = timezone.get_current_timezone()
        since, until = data["since"], data["until"]
        try:
            return Record.objects.span(
                self.room,
                datetime.combine(since, time.min, zone) if since else None,
                datetime.combine(until + timedelta(days=1), time.min, zone) if until else None,
            )
        except OverflowError:
            return None
