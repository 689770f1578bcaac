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
from messaging.actions.erasure import (
    AnsweredOtherwise,
    OwnRequest,
    RoomHeld,
    TextGone,
    approve_erasure,
    ask_for_erasure,
    refuse_erasure,
    transcripts_holding,
)
from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    Muted,
    RepliesToNothing,
    RoomShut,
    TooSoon,
    post_message,
    post_messages,
)
from messaging.actions.moderation import (
    mute_person,
    report_message,
    settle_report,
    unmute_person,
)
from messaging.actions.opening import start_room
from messaging.actions.participants import add_participant, change_role, remove_participant
from messaging.actions.reading import mark_all_read, mark_read, mark_unread
from messaging.actions.retention import (
    CountChanged,
    change_retention,
    count_touched,
    lift_hold,
    place_hold,
)
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
from messaging.actions.transcripts import (
    ask_for_transcript,
    make_transcript,
    note_download,
    try_transcript_again,
)

__all__ = [
    "AlreadyAnswered",
    "AnsweredOtherwise",
    "ClientIdReused",
    "CountChanged",
    "Draft",
    "MessageChanged",
    "MessageGone",
    "Muted",
    "OwnRequest",
    "PairHasRoom",
    "PairTaken",
    "RepliesToNothing",
    "RoomArchived",
    "RoomHeld",
    "RoomShut",
    "TextGone",
    "TooSoon",
    "accept_invitation",
    "add_participant",
    "approve_erasure",
    "archive_room",
    "ask_for_erasure",
    "ask_for_transcript",
    "change_retention",
    "change_role",
    "change_texts",
    "count_touched",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "invite_delegation",
    "lift_hold",
    "lock_to_chairs",
    "make_transcript",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "mute_person",
    "note_download",
    "open_room",
    "place_hold",
    "post_message",
    "post_messages",
    "refuse_erasure",
    "remove_participant",
    "reopen_room",
    "report_message",
    "settle_report",
    "slow_down",
    "start_room",
    "transcripts_holding",
    "try_transcript_again",
    "unlock",
    "unmute_person",
    "withdraw_invitation",
]
