"""The only writes of messaging. Each takes the room's lock before it appends to its record."""

from messaging.actions.attachments import (
    NoSpace,
    attach_file,
    remove_attachment,
    remove_forgotten,
)
from messaging.actions.bilateral import (
    AlreadyAnswered,
    PairTaken,
    accept_invitation,
    decline_invitation,
    invite_delegation,
    withdraw_invitation,
)
from messaging.actions.direct import leave_room, open_direct
from messaging.actions.editing import (
    MessageChanged,
    MessageGone,
    delete_message,
    edit_message,
)
from messaging.actions.issuing import CorrectsNothing
from messaging.actions.message_marks import (
    NobodyToAcknowledge,
    NotAsked,
    TooManyPins,
    acknowledge,
    ask_acknowledgement,
    pin_message,
    react,
)
from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    FilesMissing,
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
from messaging.actions.subjects import (
    SubjectNotOpen,
    TooManySubjects,
    close_subject,
    move_messages,
    open_subject,
    rename_subject,
    reopen_subject,
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
    "FilesMissing",
    "MessageChanged",
    "MessageGone",
    "NoSpace",
    "NobodyReleases",
    "NobodyToAcknowledge",
    "NotAsked",
    "PairHasRoom",
    "PairTaken",
    "RepliesToNothing",
    "RoomArchived",
    "RoomShut",
    "SubjectNotOpen",
    "TooManyPins",
    "TooManySubjects",
    "TooSoon",
    "TranslatedByAnother",
    "accept_invitation",
    "acknowledge",
    "add_participant",
    "archive_room",
    "ask_acknowledgement",
    "ask_for_transcript",
    "attach_file",
    "attach_translation",
    "change_role",
    "change_texts",
    "close_subject",
    "correct_language",
    "decline_invitation",
    "delete_message",
    "edit_message",
    "invite_delegation",
    "issue_statement",
    "leave_room",
    "lock_to_chairs",
    "make_transcript",
    "mark_all_read",
    "mark_read",
    "mark_unread",
    "move_messages",
    "note_download",
    "open_direct",
    "open_room",
    "open_subject",
    "pin_message",
    "post_message",
    "post_messages",
    "react",
    "release_statement",
    "remove_attachment",
    "remove_forgotten",
    "remove_participant",
    "remove_translation",
    "rename_subject",
    "reopen_room",
    "reopen_subject",
    "return_statement",
    "slow_down",
    "start_room",
    "try_transcript_again",
    "unlock",
    "withdraw_invitation",
    "withdraw_statement",
]
