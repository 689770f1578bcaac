"""Messages that are sent later, as their author sees them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.models import User
from messaging.models import Attachment, Mute, Room, ScheduledMessage
from messaging.permissions import RoomAccess, seats_of
from messaging.standing import WHY_SHUT
from messaging.zones import comes_twice, zone_of

REASONS: dict[str, Any] = {
    "archived": _("The room is archived."),
    "locked": _("The room is locked: chairs and the secretariat alone write in it."),
    "muted": WHY_SHUT["muted"],
    "read_only": _("You may not write in the room any more."),
    "not_found": _("The room is not open to you any more."),
    "mandate_ended": _("The mandate for which you were to speak has ended."),
    "mention": _("Somebody whom it mentions cannot be mentioned in the room."),
    "subject_closed": _("Its subject is closed."),
    "files": _("Its files cannot go with it any more: together they are more than may be."),
    "no_reply": _("What it was to answer is no message of the room."),
    "handed_over": _("Whoever held your mandate before you wrote it. Send it, or let it go."),
    "id_reused": _("It was sent already, with another text."),
}


def reason_of(code: str) -> str:
    """What `code` says; of one that came later, that the message was refused."""
    return str(REASONS.get(code, _("The portal refused it.")))


def accesses_to(user: User, rooms: Iterable[Room]) -> dict[int, RoomAccess]:
    """By room, of `rooms` those that the person may read. Three queries, always."""
    listed = {room.pk: room for room in rooms}
    seats = seats_of([user.pk], listed).get(user.pk, {})
    mutes = Mute.objects.by_room(user, listed.values(), timezone.now())
    return {pk: RoomAccess(listed[pk], held, mutes.get(pk)) for pk, held in seats.items()}


@dataclass(frozen=True)
class Line:
    """One of them in the list. Whose room is open to the author no more is named no more."""

    scheduled: ScheduledMessage
    access: RoomAccess | None

    @property
    def is_open(self) -> bool:
        return self.access is not None

    @property
    def hindrance(self) -> str:
        """Why it would be refused if it were sent now."""
        if self.access is None:
            return reason_of("not_found")
        if not self.access.writing:
            return reason_of("read_only")
        return reason_of(self.access.shut) if self.access.shut else ""

    @property
    def reason(self) -> str:
        return reason_of(self.scheduled.failure)

    @property
    def zone(self) -> str:
        return zone_of(self.scheduled.due_at)

    @property
    def is_doubtful(self) -> bool:
        """Whether its hour comes twice that day."""
        return comes_twice(self.scheduled.due_at)

    @property
    def body(self) -> str:
        """As it stands; of a message that was deleted nothing."""
        return self.scheduled.message.body if self.scheduled.message else self.scheduled.body

    @property
    def files(self) -> list[Attachment]:
        """What it holds, in their order."""
        return sorted(self.scheduled.files.all(), key=lambda file: (file.position, file.pk))
