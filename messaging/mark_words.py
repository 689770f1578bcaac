"""What marks on messages say in words: in their counts, and as records in a transcript."""

from collections.abc import Callable
from datetime import datetime

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from messaging.enums import ReactionKind, RecordKind
from messaging.models import MessageMarks, Record
from records.languages import in_language

_COUNTED: dict[str, Callable[[int], str]] = {
    ReactionKind.SEEN: lambda n: ngettext("%(number)s has seen it", "%(number)s have seen it", n),
    ReactionKind.AGREE: lambda n: ngettext("%(number)s agrees", "%(number)s agree", n),
    ReactionKind.THANKS: lambda n: ngettext("%(number)s says thanks", "%(number)s say thanks", n),
    ReactionKind.QUESTION: lambda n: ngettext(
        "%(number)s has a question", "%(number)s have a question", n
    ),
}
_ADDED = {
    ReactionKind.SEEN: _("Of message {number}: seen."),
    ReactionKind.AGREE: _("Of message {number}: agrees."),
    ReactionKind.THANKS: _("Of message {number}: thanks."),
    ReactionKind.QUESTION: _("Of message {number}: has a question."),
}
_REMOVED = {
    ReactionKind.SEEN: _("Of message {number}, taken back: seen."),
    ReactionKind.AGREE: _("Of message {number}, taken back: agrees."),
    ReactionKind.THANKS: _("Of message {number}, taken back: thanks."),
    ReactionKind.QUESTION: _("Of message {number}, taken back: has a question."),
}
_LINES = {
    RecordKind.MESSAGE_PINNED: _("Message {number} was pinned."),
    RecordKind.MESSAGE_UNPINNED: _("Message {number} is no longer pinned."),
    RecordKind.ACKNOWLEDGEMENT_ASKED: _(
        "The delegations were asked to acknowledge message {number}."
    ),
    RecordKind.MESSAGE_ACKNOWLEDGED: _("Message {number} was acknowledged for {delegation}."),
}
_UNTIL = _("The delegations were asked to acknowledge message {number} by {until}.")


def counted(kind: str, number: int) -> str:
    """ "3 agree": how many reacted in this way."""
    return _COUNTED[kind](number) % {"number": number}


def acknowledged(marks: MessageMarks) -> str:
    """ "14 of 20 delegations have acknowledged"."""
    total = len(marks.expected)
    words = ngettext(
        "%(given)s of %(total)s delegation has acknowledged.",
        "%(given)s of %(total)s delegations have acknowledged.",
        total,
    )
    return words % {"given": len(marks.given), "total": total}


def mark_in_words(record: Record) -> SafeString:
    """What `record` (see `RecordQuerySet.for_display`) says where it marks a message, else ""."""
    detail = record.detail
    until = ""
    match record.kind:
        case RecordKind.REACTION_ADDED:
            line = _ADDED[detail["kind"]]
        case RecordKind.REACTION_REMOVED:
            line = _REMOVED[detail["kind"]]
        case RecordKind.ACKNOWLEDGEMENT_ASKED if "until" in detail:
            line = _UNTIL
            until = f"{date_format(datetime.fromisoformat(detail['until']), 'j F Y · H:i')} UTC"
        case _:
            if record.kind not in _LINES:
                return SafeString("")
            line = _LINES[RecordKind(record.kind)]
    delegation = SafeString("")
    if record.mandate:
        shown = in_language(record.mandate.institution.names)
        delegation = format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)
    number = record.message.seq if record.message else ""
    return format_html(str(line), number=number, delegation=delegation, until=until)
