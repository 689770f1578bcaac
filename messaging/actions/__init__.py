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
from messaging.actions.issuing import CorrectsNothing
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
from messaging.actions.statements import (
    AuthorSilenced,
    DraftAnswered,
    NobodyReleases,
    issue_statement,
    release_statement,
    return_statement,
    withdraw_statement,
)
from messaging.actions.transcripts import (
    ask_for_transcript,
    make_transcript,
    note_download,
    try_transcript_again,
)
from messaging.actions.translations import (
    TranslatedByAnother,
    attach_translation,
    correct_language,
    remove_translation,
)

__all__ = [
    "AlreadyAnswered",
    "AuthorSilenced",
    "ClientIdReused",
    "CorrectsNothing",
    "Draft",
    "DraftAnswered",
    "MessageChanged",
    "MessageGone",
    "NobodyReleases",
    "PairHasRoom",
    "PairTaken",
    "RepliesToNothing",
    "RoomArchived",
    "RoomShut",
    "TooSoon",
    "TranslatedByAnother",
    "accept_invitation",
    "add_participant",
    "archive_room",
    "ask_for_transcript",
    "attach_translation",
    "change_role",
    "change_texts",
    "correct_language",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "invite_delegation",
    "issue_statement",
    "lock_to_chairs",
    "make_transcript",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "note_download",
    "open_room",
    "post_message",
    "post_messages",
    "release_statement",
    "remove_participant",
    "remove_translation",
    "reopen_room",
    "return_statement",
    "slow_down",
    "start_room",
    "try_transcript_again",
    "unlock",
    "withdraw_invitation",
    "withdraw_statement",
]
