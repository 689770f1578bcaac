"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.editing import (
    MessageChanged,
    MessageGone,
    delete_message,
    edit_message,
)
from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    RepliesToNothing,
    post_message,
    post_messages,
)
from messaging.actions.reading import mark_read
from messaging.actions.rooms import add_participant, open_room, remove_participant

__all__ = [
    "ClientIdReused",
    "Draft",
    "MessageChanged",
    "MessageGone",
    "RepliesToNothing",
    "add_participant",
    "delete_message",
    "edit_message",
    "mark_read",
    "open_room",
    "post_message",
    "post_messages",
    "remove_participant",
]
