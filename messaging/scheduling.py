"""Messages that are sent later, as their author sees them."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from messaging.models import Attachment, ScheduledMessage
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
    "id_reused": _("It was sent already, with another text."),
}


def reason_of(code: str) -> str:
    """What `code` says; of one that came later, that the message was refused."""
    return str(REASONS.get(code, _("The portal refused it.")))


@dataclass(frozen=True)
class Line:
    """One of them in the list. Whose room is open to the author no more is named no more."""

    scheduled: ScheduledMessage
    is_open: bool

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
