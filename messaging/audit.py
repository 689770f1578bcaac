"""What the audit log says of rooms and their transcripts, added to `members.audit`."""

from django.utils.translation import gettext_lazy as _

from members.audit import ACTS, KEYS, THINGS, VALUES
from messaging.enums import ParticipantRole, RoomKind

ACTS |= {
    "bilateral.accepted": _("invitation to a bilateral room accepted"),
    "bilateral.declined": _("invitation to a bilateral room declined"),
    "bilateral.invited": _("delegation invited to a bilateral room"),
    "bilateral.withdrawn": _("invitation to a bilateral room withdrawn"),
    "participant.added": _("delegation or person let into a room"),
    "participant.changed": _("role of a participant changed"),
    "participant.removed": _("participant taken out of a room"),
    "room.archived": _("room archived"),
    "room.changed": _("title and purpose of the room changed"),
    "room.opened": _("room opened"),
    "room.locked": _("room locked"),
    "room.reopened": _("room reopened"),
    "room.slowed": _("slow mode changed"),
    "room.unlocked": _("room unlocked"),
    "statement.released": _("statement released"),
    "statement.returned": _("statement returned to its author"),
    "statement.submitted": _("statement submitted for release"),
    "statement.withdrawn": _("statement withdrawn before its release"),
    "transcript.downloaded": _("transcript downloaded"),
    "transcript.made": _("transcript made"),
}
THINGS |= {
    "messaging.bilateralinvitation": _("invitation to a bilateral room"),
    "messaging.statementdraft": _("statement to be released"),
    "messaging.transcript": _("transcript"),
}
KEYS |= {
    "first_record": _("first record"),
    "format": _("format"),
    "head": _("hash at the end"),
    "is_archived": _("archived"),
    "is_locked": _("locked"),
    "last_record": _("last record"),
    "office": _("office"),
    "people": _("people"),
    "purposes": _("purpose"),
    "room": _("room"),
    "to_institution": _("invited institution"),
    "slow_seconds": _("seconds between two messages"),
}
VALUES["role"] = (*VALUES["role"], ParticipantRole)
VALUES["kind"] = (*VALUES["kind"], RoomKind)
