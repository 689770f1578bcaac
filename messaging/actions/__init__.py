"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    post_message,
    post_messages,
)
from messaging.actions.reading import mark_all_read, mark_read, mark_unread
from messaging.actions.rooms import add_participant, open_room, remove_participant

__all__ = [
    "ClientIdReused",
    "Draft",
    "add_participant",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "open_room",
    "post_message",
    "post_messages",
    "remove_participant",
]
