"""The line that an act other than a message has in a room's timeline."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from messaging import acts_subjects
from messaging.enums import ParticipantRole, RecordKind
from messaging.mark_words import mark_in_words
from messaging.models import Participant, Record
from records.languages import in_language

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
_ROLES = {
    ParticipantRole.CHAIR: _("%(name)s: chair of the room from now on, by decision of %(who)s."),
    ParticipantRole.MEMBER: _("%(name)s: member of the room from now on, by decision of %(who)s."),
    ParticipantRole.OBSERVER: _(
        "%(name)s: observer of the room from now on, by decision of %(who)s."
    ),
}
_TAKEN_OUT = _("%(name)s was taken out of the room by %(who)s.")
_REASON = _("Reason: %(reason)s")


def act_in_words(record: Record) -> SafeString:
    """What `record` (see `RecordQuerySet.for_display`) says, without its text; "" for a message."""
    if marked := mark_in_words(record):
        return marked
    if record.kind in acts_subjects.KINDS:
        return acts_subjects.subject_act(record)
    line = str(_pattern(record)).replace("%(name)s", "{name}").replace("%(who)s", "{who}")
    return format_html(line, name=_name(record.participant), who=_who(record))


def act_line(record: Record) -> SafeString:
    """What `record` says in its line, in the active language."""
    said = act_in_words(record)
    if record.kind == RecordKind.PARTICIPANT_REMOVED and record.text:
        reason = str(_REASON).replace("%(reason)s", "{reason}")
        isolated = format_html("<bdi>{}</bdi>", record.text)
        said = format_html("{} {}", said, format_html(reason, reason=isolated))
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
        case RecordKind.ROOM_SLOWED:
            return _SLOWED[detail["slow_seconds"]]
    return _LINES.get(kind, "")


def _name(participant: Participant | None) -> SafeString:
    if participant is None:
        return SafeString("")
    if participant.user:
        return format_html("<bdi>{}</bdi>", participant.user.name)
    if participant.institution:
        shown = in_language(participant.institution.names)
        return format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)
    return SafeString("")


def _who(record: Record) -> SafeString:
    """In which function, and who in person."""
    office = record.detail.get("by") == "secretariat"
    function = pgettext("by", "the secretariat") if office else pgettext("by", "the chair")
    if record.actor is None:
        return SafeString(function)
    return format_html("{} (<bdi>{}</bdi>)", function, record.actor.name)
