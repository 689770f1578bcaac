"""Rooms, who may enter them, and their record.

The record is the room: every act that changes a room appends one `Record`, and `Message` rows
are what the record amounts to now. `messaging.actions` holds the only writes.
"""

from messaging.models.attachments import Attachment
from messaging.models.bilateral import BilateralInvitation, pair_of
from messaging.models.drafts import MessageDraft
from messaging.models.mentions import Mention
from messaging.models.message_marks import Acknowledgement, MessageMarks, Reaction
from messaging.models.messages import Message, is_right_of_reply, with_files
from messaging.models.moderation import Erasure, Hold, Mute, Report
from messaging.models.notifications import (
    NotificationLevel,
    NotificationSettings,
    PushDevice,
    ToldMark,
)
from messaging.models.opinions import OpinionAnswer, OpinionPoll
from messaging.models.reading import ReadMark
from messaging.models.records import Record
from messaging.models.rooms import COUNTED, Participant, Room
from messaging.models.scheduled import ScheduledMessage
from messaging.models.statements import Statement, StatementDraft
from messaging.models.subjects import GENERAL, General, Subject, Viewed
from messaging.models.transcripts import Transcript
from messaging.models.translations import Translation

__all__ = [
    "COUNTED",
    "GENERAL",
    "Acknowledgement",
    "Attachment",
    "BilateralInvitation",
    "Erasure",
    "General",
    "Hold",
    "Mention",
    "Message",
    "MessageDraft",
    "MessageMarks",
    "Mute",
    "NotificationLevel",
    "NotificationSettings",
    "OpinionAnswer",
    "OpinionPoll",
    "Participant",
    "PushDevice",
    "Reaction",
    "ReadMark",
    "Record",
    "Report",
    "Room",
    "ScheduledMessage",
    "Statement",
    "StatementDraft",
    "Subject",
    "ToldMark",
    "Transcript",
    "Translation",
    "Viewed",
    "is_right_of_reply",
    "pair_of",
    "with_files",
]
