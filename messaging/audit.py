"""What the audit log says of rooms, added to `members.audit`."""

from django.utils.translation import gettext_lazy as _

from members.audit import ACTS, KEYS, VALUES
from messaging.enums import ParticipantRole, RoomKind

ACTS |= {
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
}
KEYS |= {
    "is_archived": _("archived"),
    "is_locked": _("locked"),
    "office": _("office"),
    "purposes": _("purpose"),
    "slow_seconds": _("seconds between two messages"),
}
VALUES["role"] = (*VALUES["role"], ParticipantRole)
VALUES["kind"] = (*VALUES["kind"], RoomKind)
