"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.bilateral import (
    AlreadyAnswered,
    PairTaken,
    accept_invitation,
    decline_invitation,
    invite_delegation,
    withdraw_invitation,
)
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
    RoomShut,
    TooSoon,
    post_message,
    post_messages,
)
from messaging.actions.notifications import (
    add_device,
    change_notifications,
    forget_devices,
    remove_device,
    restrict_room,
    resume_letters,
    set_level,
    set_levels,
    stop_letters,
)
from messaging.actions.opening import start_room
from messaging.actions.participants import add_participant, change_role, remove_participant
from messaging.actions.reading import mark_all_read, mark_read, mark_unread
from messaging.actions.rooms import change_texts, open_room
from messaging.actions.state import (
    PairHasRoom,
    RoomArchived,
    archive_room,
    lock_to_chairs,
    reopen_room,
    slow_down,
    unlock,
)
from messaging.actions.telling import gather_letters, gather_pushes
from messaging.actions.transcripts import (
    ask_for_transcript,
    make_transcript,
    note_download,
    try_transcript_again,
)

__all__ = [
    "AlreadyAnswered",
    "ClientIdReused",
    "Draft",
    "MessageChanged",
    "MessageGone",
    "PairHasRoom",
    "PairTaken",
    "RepliesToNothing",
    "RoomArchived",
    "RoomShut",
    "TooSoon",
    "accept_invitation",
    "add_device",
    "add_participant",
    "archive_room",
    "ask_for_transcript",
    "change_notifications",
    "change_role",
    "change_texts",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "forget_devices",
    "gather_letters",
    "gather_pushes",
    "invite_delegation",
    "lock_to_chairs",
    "make_transcript",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "note_download",
    "open_room",
    "post_message",
    "post_messages",
    "remove_device",
    "remove_participant",
    "reopen_room",
    "restrict_room",
    "resume_letters",
    "set_level",
    "set_levels",
    "slow_down",
    "start_room",
    "stop_letters",
    "try_transcript_again",
    "unlock",
    "withdraw_invitation",
]
