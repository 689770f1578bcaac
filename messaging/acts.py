"""The line that an act other than a message has in a room's timeline."""

from datetime import datetime

from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext

from messaging import acts_subjects
from messaging.enums import MUTES, ParticipantRole, RecordKind
from messaging.mark_words import mark_in_words
from messaging.models import Record
from records.languages import in_language
from records.reading import number

_LINES = {
    RecordKind.ROOM_OPENED: _("The room was opened."),
    RecordKind.PARTICIPANT_ADDED: _("%(name)s entered the room."),
    RecordKind.PARTICIPANT_REMOVED: _("%(name)s left the room."),
    RecordKind.ROOM_LOCKED: _(
        "The room was locked by %(who)s: chairs and the secretariat alone write."
    ),
    RecordKind.ROOM_UNLOCKED: _("The room was unlocked by %(who)s."),
    RecordKind.ROOM_ARCHIVED: _("The room was archived by %(who)s. It can still be read."),
    RecordKind.ROOM_REOPENED: _("The room was reopened by %(who)s."),
    RecordKind.ROOM_CHANGED: _("The title or purpose of the room was changed by %(who)s."),
    RecordKind.PARTICIPANT_MUTED: _("%(name)s was muted by %(who)s until this is lifted."),
    RecordKind.PARTICIPANT_UNMUTED: _("%(name)s may write again, by decision of %(who)s."),
    RecordKind.HOLD_PLACED: _(
        "A legal hold was placed on the room by %(who)s: no text is erased while it stands."
    ),
    RecordKind.HOLD_LIFTED: _("The legal hold on the room was lifted by %(who)s."),
    RecordKind.RETENTION_CHANGED: _(
        "From now on the texts of the room are kept for ever, by decision of %(who)s."
    ),
}
_OFFICE = {
    RecordKind.PARTICIPANT_ADDED: _("The secretariat entered the room."),
    RecordKind.PARTICIPANT_REMOVED: _("The secretariat left the room."),
}
_SLOWED = {
    0: _("Slow mode was ended by %(who)s."),
    30: _("Slow mode was set by %(who)s: one message every 30 seconds."),
    120: _("Slow mode was set by %(who)s: one message every 2 minutes."),
    600: _("Slow mode was set by %(who)s: one message every 10 minutes."),
}
_RESTRICTED = {
    True: _(
        "The room was marked as restricted by %(who)s: e-mails say nothing of what is said here."
    ),
    False: _("The room was marked as no longer restricted by %(who)s."),
}
_ROLES = {
    ParticipantRole.CHAIR: _("%(name)s: chair of the room from now on, by decision of %(who)s."),
    ParticipantRole.MEMBER: _("%(name)s: member of the room from now on, by decision of %(who)s."),
    ParticipantRole.OBSERVER: _(
        "%(name)s: observer of the room from now on, by decision of %(who)s."
    ),
}
_TAKEN_OUT = _("%(name)s was taken out of the room by %(who)s.")
_MUTED_UNTIL = _("%(name)s was muted by %(who)s until %(when)s.")
_REASON = _("Reason: %(reason)s")
_REASON_GONE = _("The reason was erased for legal reasons.")
_REASON_ERASED = _("The reason that record %(number)s gave was erased for legal reasons.")


_WITH_REASON = (RecordKind.PARTICIPANT_REMOVED, RecordKind.PARTICIPANT_MUTED)


def act_in_words(record: Record) -> SafeString:
    """What `record` (see `RecordQuerySet.for_display`) says, without its text; "" for a message."""
    if marked := mark_in_words(record):
        return marked
    if record.kind in acts_subjects.KINDS:
        return acts_subjects.subject_act(record)
    line = str(_pattern(record))
    for word in ("name", "who", "when"):
        line = line.replace(f"%({word})s", f"{{{word}}}")
    return format_html(line, name=_name(record), who=_who(record), when=_when(record))


def act_line(record: Record) -> SafeString:
    """What `record` says in its line, in the active language."""
    said = act_in_words(record)
    if record.kind in _WITH_REASON and record.text is None:
        said = format_html("{} {}", said, _REASON_GONE)
    elif record.kind in _WITH_REASON and record.text:
        reason = str(_REASON).replace("%(reason)s", "{reason}")
        isolated = format_html("<bdi>{}</bdi>", record.text)
        told = format_html(reason, reason=isolated)
        said = format_html('{} <span data-reason="{}">{}</span>', said, str(record.seq), told)
    return said


def _pattern(record: Record) -> object:
    kind, detail = RecordKind(record.kind), record.detail
    if record.participant and record.participant.office and kind in _OFFICE:
        return _OFFICE[kind]
    match kind:
        case RecordKind.PARTICIPANT_REMOVED if "by" in detail:
            return _TAKEN_OUT
        case RecordKind.PARTICIPANT_CHANGED:
            return _ROLES[detail["role"]]
        case RecordKind.ROOM_CHANGED if "is_restricted" in detail:
            return _RESTRICTED[detail["is_restricted"]]
        case RecordKind.ROOM_SLOWED:
            return _SLOWED[detail["slow_seconds"]]
        case RecordKind.PARTICIPANT_MUTED if detail["until"]:
            return _MUTED_UNTIL
        case RecordKind.REASON_ERASED:
            return str(_REASON_ERASED).replace("%(number)s", number(detail["erased"][0]))
        case RecordKind.RETENTION_CHANGED if detail["months"]:
            return _retained(detail["months"])
    return _LINES.get(kind, "")


def _retained(months: int) -> str:
    return ngettext(
        "From now on the texts of the room are erased after %(number)s month, "
        "by decision of %(who)s.",
        "From now on the texts of the room are erased after %(number)s months, "
        "by decision of %(who)s.",
        months,
    ).replace("%(number)s", number(months))


def _when(record: Record) -> SafeString:
    """Until when, in UTC; a page writes it in the reader's zone."""
    until = record.detail.get("until")
    if not until:
        return SafeString("")
    moment = {"at": datetime.fromisoformat(until)}
    return SafeString(render_to_string("messaging/_time.html", moment).strip())


def _name(record: Record) -> SafeString:
    participant = record.participant
    if record.kind in MUTES:
        return format_html("<bdi>{}</bdi>", record.person)
    if participant is None:
        return SafeString("")
    if participant.user:
        return format_html("<bdi>{}</bdi>", participant.user.name)
    if participant.institution:
        shown = in_language(participant.institution.names)
        return format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)
    return SafeString("")


_BY_OFFICE = (RecordKind.HOLD_PLACED, RecordKind.HOLD_LIFTED, RecordKind.RETENTION_CHANGED)


def _who(record: Record) -> SafeString:
    """In which function, and who in person."""
    office = record.detail.get("by") == "secretariat" or record.kind in _BY_OFFICE
    function = pgettext("by", "the secretariat") if office else pgettext("by", "the chair")
    if record.actor is None:
        return SafeString(function)
    return format_html("{} (<bdi>{}</bdi>)", function, record.actor.name)
