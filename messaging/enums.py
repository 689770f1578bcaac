"""Choices of the rooms and their record."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RoomKind(TextChoices):
    GROUP = "group", _("group room")
    PLENARY = "plenary", _("plenary")
    ANNOUNCEMENTS = "announcements", _("announcements")
    BILATERAL = "bilateral", _("bilateral room")
    DIRECT = "direct", _("direct room")
    MEETING = "meeting", _("meeting room")


class SlowMode(IntegerChoices):
    """Seconds that must pass between two messages of one person."""

    OFF = 0, _("off")
    HALF_MINUTE = 30, _("one message every 30 seconds")
    TWO_MINUTES = 120, _("one message every 2 minutes")
    TEN_MINUTES = 600, _("one message every 10 minutes")


class Level(TextChoices):
    """Of what is said in a room, what a person is told about."""

    ALL = "all", pgettext_lazy("notify me of", "all messages")
    MENTIONS = "mentions", pgettext_lazy("notify me of", "mentions and statements")
    NOTHING = "nothing", pgettext_lazy("notify me of", "nothing")


# Where a person has chosen nothing. Two delegations that talk wait for each other's answers, and
# announcements are few and for everybody; in the others one hears what concerns one.
DEFAULT_LEVELS = {RoomKind.BILATERAL: Level.ALL, RoomKind.ANNOUNCEMENTS: Level.ALL}


class Rhythm(TextChoices):
    """How often e-mails about what is new in the rooms are written to a person."""

    ABSENCE = "absence", pgettext_lazy("rhythm of e-mails", "when I have been away for a while")
    HOURLY = "hourly", pgettext_lazy("rhythm of e-mails", "once an hour at the most")
    DAILY = "daily", pgettext_lazy("rhythm of e-mails", "once a day")
    NEVER = "never", pgettext_lazy("rhythm of e-mails", "never")


class Absence(IntegerChoices):
    """Minutes without a sign of a person, after which they are away."""

    TEN = 10, _("10 minutes")
    HALF_HOUR = 30, _("30 minutes")
    HOUR = 60, _("1 hour")
    FOUR_HOURS = 240, _("4 hours")


class InvitationState(TextChoices):
    """Of an invitation to a bilateral room."""

    PENDING = "pending", pgettext_lazy("invitation", "waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("invitation", "accepted")
    DECLINED = "declined", pgettext_lazy("invitation", "declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("invitation", "withdrawn")


class ParticipantRole(TextChoices):
    CHAIR = "chair", _("chair")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class RecordKind(TextChoices):
    ROOM_OPENED = "room.opened", _("room opened")
    PARTICIPANT_ADDED = "participant.added", _("participant added")
    PARTICIPANT_REMOVED = "participant.removed", _("participant removed")
    PARTICIPANT_CHANGED = "participant.changed", _("role of a participant changed")
    ROOM_LOCKED = "room.locked", _("room locked")
    ROOM_UNLOCKED = "room.unlocked", _("room unlocked")
    ROOM_SLOWED = "room.slowed", _("slow mode changed")
    ROOM_ARCHIVED = "room.archived", _("room archived")
    ROOM_REOPENED = "room.reopened", _("room reopened")
    ROOM_CHANGED = "room.changed", _("title and purpose of the room changed")
    MESSAGE_POSTED = "message.posted", _("message posted")
    MESSAGE_EDITED = "message.edited", _("message edited")
    MESSAGE_DELETED = "message.deleted", _("message deleted")
    STATEMENT_ISSUED = "statement.issued", _("statement issued")
    CORRIGENDUM_ISSUED = "corrigendum.issued", _("corrigendum issued")
    OPINION_ASKED = "opinion.asked", _("opinion asked for")
    OPINION_GIVEN = "opinion.given", _("opinion given")
    OPINION_CLOSED = "opinion.closed", _("poll of opinion closed")
    MESSAGE_PINNED = "message.pinned", _("message pinned")
    MESSAGE_UNPINNED = "message.unpinned", _("message no longer pinned")
    REACTION_ADDED = "reaction.added", _("reaction added")
    REACTION_REMOVED = "reaction.removed", _("reaction removed")
    ACKNOWLEDGEMENT_ASKED = "acknowledgement.asked", _("acknowledgement asked for")
    MESSAGE_ACKNOWLEDGED = "message.acknowledged", _("message acknowledged")
    SUBJECT_OPENED = "subject.opened", _("subject opened")
    SUBJECT_RENAMED = "subject.renamed", _("subject renamed")
    MESSAGE_MOVED = "message.moved", _("message moved to another subject")
    PARTICIPANT_MUTED = "participant.muted", _("participant muted")
    PARTICIPANT_UNMUTED = "participant.unmuted", _("participant no longer muted")
    TEXT_ERASED = "text.erased", _("text erased")
    REASON_ERASED = "reason.erased", _("reason erased")
    RETENTION_CHANGED = "retention.changed", _("retention of the room changed")
    HOLD_PLACED = "hold.placed", _("legal hold placed")
    HOLD_LIFTED = "hold.lifted", _("legal hold lifted")
    TRANSLATION_ATTACHED = "translation.attached", _("translation attached")
    TRANSLATION_REMOVED = "translation.removed", _("translation removed")
    LANGUAGE_CORRECTED = "language.corrected", _("language of the message corrected")


# Records that post a message: their number is its number.
POSTS = (
    RecordKind.MESSAGE_POSTED,
    RecordKind.STATEMENT_ISSUED,
    RecordKind.CORRIGENDUM_ISSUED,
    RecordKind.OPINION_ASKED,
)

# Records about a person, whom their detail names.
MUTES = (RecordKind.PARTICIPANT_MUTED, RecordKind.PARTICIPANT_UNMUTED)

# Records whose text is the reason that a person gave.
REASONS = (
    RecordKind.PARTICIPANT_REMOVED,
    RecordKind.PARTICIPANT_MUTED,
    RecordKind.MESSAGE_DELETED,
)

# Of those that post, those that speak for a delegation: no retention period ends their texts.
STATEMENTS = (RecordKind.STATEMENT_ISSUED, RecordKind.CORRIGENDUM_ISSUED)

# Records that change a message: they have no line of their own, the message's line shows them.
CHANGES = (
    RecordKind.MESSAGE_EDITED,
    RecordKind.MESSAGE_DELETED,
    RecordKind.OPINION_GIVEN,
    RecordKind.OPINION_CLOSED,
    RecordKind.MESSAGE_PINNED,
    RecordKind.MESSAGE_UNPINNED,
    RecordKind.REACTION_ADDED,
    RecordKind.REACTION_REMOVED,
    RecordKind.ACKNOWLEDGEMENT_ASKED,
    RecordKind.MESSAGE_ACKNOWLEDGED,
    RecordKind.MESSAGE_MOVED,
    RecordKind.TEXT_ERASED,
    RecordKind.TRANSLATION_ATTACHED,
    RecordKind.TRANSLATION_REMOVED,
    RecordKind.LANGUAGE_CORRECTED,
)


class DraftState(TextChoices):
    """Of a statement that is to be released by a second person."""

    WAITING = "waiting", pgettext_lazy("statement", "waits for release")
    RELEASED = "released", pgettext_lazy("statement", "released")
    RETURNED = "returned", pgettext_lazy("statement", "returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("statement", "withdrawn")


class ReactionKind(TextChoices):
    """What can be said of a message without a word of one's own."""

    SEEN = "seen", pgettext_lazy("reaction", "Seen")
    AGREE = "agree", pgettext_lazy("reaction", "Agree")
    THANKS = "thanks", pgettext_lazy("reaction", "Thanks")
    QUESTION = "question", pgettext_lazy("reaction", "Question")


class TranscriptState(TextChoices):
    WAITING = "waiting", _("waiting")
    WORKING = "working", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
    WITHDRAWN = "withdrawn", pgettext_lazy("transcript", "withdrawn")


class TranslationKind(TextChoices):
    OFFICIAL = "official", pgettext_lazy("translation", "official")
    COURTESY = "courtesy", pgettext_lazy("translation", "courtesy")


class ScheduledState(TextChoices):
    """Of a message that is to be sent later."""

    WAITING = "waiting", pgettext_lazy("scheduled message", "waits")
    SENT = "sent", pgettext_lazy("scheduled message", "sent")
    FAILED = "failed", pgettext_lazy("scheduled message", "not sent")
    WITHDRAWN = "withdrawn", pgettext_lazy("scheduled message", "withdrawn")


class ErasedFor(TextChoices):
    """Why the text of a message is gone."""

    LAW = "law", _("erased for legal reasons")
    RETENTION = "retention", _("erased at the end of the room's retention period")


class LegalGround(TextChoices):
    """On which the secretariat asks for an erasure."""

    PERSON = "person", _("request of the person concerned")
    AUTHORITY = "authority", _("order of a court or an authority")
    THIRD = "third", _("rights of somebody else")
    OTHER = "other", pgettext_lazy("legal ground", "another ground")


class ErasureState(TextChoices):
    ASKED = "asked", _("waits for a second person")
    DONE = "done", pgettext_lazy("erasure", "carried out")
    REFUSED = "refused", pgettext_lazy("erasure", "refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("erasure", "withdrawn")


class MuteLength(TextChoices):
    HOUR = "hour", _("for one hour")
    DAY = "day", _("for one day")
    UNTIL_LIFTED = "until_lifted", _("until it is lifted")


class ReportReason(TextChoices):
    OFFENSIVE = "offensive", _("It offends or threatens")
    PERSONAL = "personal", _("It gives away something personal or confidential")
    MISPLACED = "misplaced", _("It does not belong in this room")
    FALSE = "false", _("It is false or misleading")
    OTHER = "other", pgettext_lazy("report", "Another reason")


class ReportOutcome(TextChoices):
    """What came of a report; "" while it is open."""

    NOTHING = "nothing", _("nothing was done")
    DELETED = "deleted", _("the message was deleted")
    MUTED = "muted", _("its author was muted")
    SPOKEN_TO = "spoken_to", _("its author was spoken to")
