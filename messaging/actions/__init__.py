"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    post_message,
    post_messages,
)
from messaging.actions.reading import mark_read
from messaging.actions.rooms import add_participant, open_room, remove_participant
from messaging.actions.transcripts import (
    ask_for_transcript,
    make_transcript,
    note_download,
    try_transcript_again,
)

__all__ = [
    "ClientIdReused",
    "Draft",
    "add_participant",
    "ask_for_transcript",
    "make_transcript",
    "mark_read",
    "note_download",
    "open_room",
    "post_message",
    "post_messages",
    "remove_participant",
    "try_transcript_again",
]
