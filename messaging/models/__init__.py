"""Rooms, who may enter them, and their record.

The record is the room: every act that changes a room appends one `Record`, and `Message` rows
are what the record amounts to now. `messaging.actions` holds the only writes.
"""

from messaging.models.bilateral import BilateralInvitation, pair_of
from messaging.models.mentions import Mention
from messaging.models.messages import Message
from messaging.models.notifications import (
    NotificationLevel,
    NotificationSettings,
    PushDevice,
    ToldMark,
)
from messaging.models.reading import ReadMark
from messaging.models.records import Record
from messaging.models.rooms import COUNTED, Participant, Room
from messaging.models.transcripts import Transcript

__all__ = [
    "COUNTED",
    "BilateralInvitation",
    "Mention",
    "Message",
    "NotificationLevel",
    "NotificationSettings",
    "Participant",
    "PushDevice",
    "ReadMark",
    "Record",
    "Room",
    "ToldMark",
    "Transcript",
    "pair_of",
]
