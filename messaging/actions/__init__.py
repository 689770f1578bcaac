"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.bilateral import (
    AlreadyAnswered,
    PairTaken,
    accept_invitation,
    decline_invitation,
    invite_delegation,
    withdraw_invitation,
)
from messaging.actions.drafts import DraftChanged, add_to_draft, forget_draft, save_draft
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
from messaging.actions.opening import start_room
from messaging.actions.opinions import OpinionOver, ask_opinion, close_opinion, give_opinion
from messaging.actions.participants import add_participant, change_role, remove_participant
from messaging.actions.reading import mark_all_read, mark_read, mark_unread
from messaging.actions.rooms import change_texts, open_room
from messaging.actions.scheduling import (
    NotWaiting,
    Refused,
    TooMany,
    change_scheduled,
    schedule_message,
    send_now,
    withdraw_scheduled,
    write_again,
)
from messaging.actions.state import (
    PairHasRoom,
    RoomArchived,
    archive_room,
    lock_to_chairs,
    reopen_room,
    slow_down,
    unlock,
)
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
    "DraftChanged",
    "MessageChanged",
    "MessageGone",
    "NotWaiting",
    "OpinionOver",
    "PairHasRoom",
    "PairTaken",
    "Refused",
    "RepliesToNothing",
    "RoomArchived",
    "RoomShut",
    "TooMany",
    "TooSoon",
    "accept_invitation",
    "add_participant",
    "add_to_draft",
    "archive_room",
    "ask_for_transcript",
    "ask_opinion",
    "change_role",
    "change_scheduled",
    "change_texts",
    "close_opinion",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "forget_draft",
    "give_opinion",
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
    "remove_participant",
    "reopen_room",
    "save_draft",
    "schedule_message",
    "send_now",
    "slow_down",
    "start_room",
    "try_transcript_again",
    "unlock",
    "withdraw_invitation",
    "withdraw_scheduled",
    "write_again",
]
