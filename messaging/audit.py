"""What the audit log says of rooms and their transcripts, added to `members.audit`."""

from django.utils.translation import gettext_lazy as _

from members.audit_words import ACTS, KEYS, THINGS, VALUES
from messaging.enums import (
    LegalGround,
    MuteLength,
    ParticipantRole,
    ReportOutcome,
    ReportReason,
    RoomKind,
)

ACTS |= {
    "bilateral.accepted": _("invitation to a bilateral room accepted"),
    "bilateral.declined": _("invitation to a bilateral room declined"),
    "bilateral.invited": _("delegation invited to a bilateral room"),
    "bilateral.withdrawn": _("invitation to a bilateral room withdrawn"),
    "erasure.asked": _("erasure of a text asked for"),
    "erasure.done": _("text erased for legal reasons"),
    "erasure.refused": _("erasure of a text refused"),
    "erasure.withdrawn": _("request for an erasure withdrawn"),
    "hold.lifted": _("legal hold on a room lifted"),
    "hold.placed": _("legal hold placed on a room"),
    "message.deleted": _("message of another deleted"),
    "participant.added": _("delegation or person let into a room"),
    "participant.changed": _("role of a participant changed"),
    "participant.removed": _("participant taken out of a room"),
    "participant.muted": _("person muted in a room"),
    "participant.unmuted": _("mute in a room lifted"),
    "report.made": _("message reported"),
    "report.settled": _("report of a message settled"),
    "retention.applied": _("texts of a room erased at the end of their time"),
    "retention.changed": _("retention of a room changed"),
    "room.archived": _("room archived"),
    "room.changed": _("title and purpose of the room changed"),
    "room.opened": _("room opened"),
    "room.locked": _("room locked"),
    "room.reopened": _("room reopened"),
    "room.restricted": _("room marked as restricted, or no longer"),
    "room.slowed": _("slow mode changed"),
    "room.unlocked": _("room unlocked"),
    "statement.handed_over": _("statement on its way handed to a successor"),
    "statement.released": _("statement released"),
    "statement.returned": _("statement returned to its author"),
    "statement.submitted": _("statement submitted for release"),
    "statement.withdrawn": _("statement withdrawn before its release"),
    "transcript.downloaded": _("transcript downloaded"),
    "transcript.made": _("transcript made"),
    "transcript.withdrawn": _("transcript withdrawn: a text in it was erased"),
}
THINGS |= {
    "messaging.bilateralinvitation": _("invitation to a bilateral room"),
    "messaging.statementdraft": _("statement to be released"),
    "messaging.transcript": _("transcript"),
}
KEYS |= {
    "first_record": _("first record"),
    "format": _("format"),
    "ground": _("legal ground"),
    "head": _("hash at the end"),
    "is_archived": _("archived"),
    "is_locked": _("locked"),
    "is_restricted": _("restricted"),
    "last_record": _("last record"),
    "length": _("duration"),
    "messages": _("messages"),
    "office": _("office"),
    "people": _("people"),
    "purposes": _("purpose"),
    "report_outcome": _("outcome"),
    "report_reason": _("reason"),
    "retention_months": _("months that texts are kept"),
    "room": _("room"),
    "to_institution": _("invited institution"),
    "slow_seconds": _("seconds between two messages"),
}
VALUES["role"] = (*VALUES["role"], ParticipantRole)
VALUES |= {
    "ground": (LegalGround,),
    "length": (MuteLength,),
    "report_outcome": (ReportOutcome,),
    "report_reason": (ReportReason,),
}
VALUES["kind"] = (*VALUES["kind"], RoomKind)
