"""What a person wrote, read and asked for in rooms."""

from collections.abc import Iterator

from django.utils.translation import pgettext_lazy

from members.models import User
from messaging.enums import REASONS
from messaging.models import (
    BilateralInvitation,
    Message,
    Mute,
    Participant,
    ReadMark,
    Record,
    Report,
    ScheduledMessage,
    Transcript,
)
from portal.data_export.files import message_files_of, name_in_archive
from portal.data_export.parts import Row

INVITED = pgettext_lazy("export", "invited")
ANSWERED = pgettext_lazy("export", "answered")


def message_rows(user: User) -> Iterator[Row]:
    """Every version; of what was deleted or erased that it was."""
    for message in Message.objects.written_by(user).iterator(chunk_size=500):
        said = [
            {"version": number, "at": record.at, "text": record.text}
            for number, record in enumerate(message.own_versions, start=1)
            if message.stands
        ]
        for version in said or [{"version": None, "at": message.posted_at, "text": None}]:
            yield {
                "room": message.room.title.text,
                "number": message.seq,
                **version,
                "deleted": message.deletion.at if message.deletion else None,
                "erased": message.erased_at,
            }


def message_file_rows(user: User) -> Iterator[Row]:
    """Those of messages that stand; without a number, put in for one that is not sent yet."""
    for file in message_files_of(user):
        yield {
            "room": file.room.title.text,
            "number": file.message.seq if file.message else None,
            "since": file.created_at,
            "file": name_in_archive(file),
        }


def scheduled_rows(user: User) -> Iterator[Row]:
    """What is to be sent later, or was refused then; what was sent is among the messages."""
    for each in ScheduledMessage.objects.kept(user):
        yield {
            "room": each.room.title.text,
            "since": each.created_at,
            "due": each.due_at,
            "state": str(each.get_state_display()),
            "text": each.body,
            "files": ", ".join(name_in_archive(file) for file in each.files.all()),
        }


def read_mark_rows(user: User) -> Iterator[Row]:
    for mark in ReadMark.objects.of_person(user):
        yield {"room": mark.room.title.text, "number": mark.last_read_seq}


def transcript_rows(user: User) -> Iterator[Row]:
    for each in Transcript.objects.asked_by_person(user):
        yield {
            "room": each.room.title.text,
            "first_record": each.first_seq,
            "last_record": each.last_seq,
            "since": each.asked_at,
        }


def report_rows(user: User) -> Iterator[Row]:
    for report in Report.objects.made_by(user).for_list():
        yield {
            "room": report.message.room.title.text,
            "number": report.message.seq,
            "since": report.made_at,
            "reason": str(report.get_reason_display()),
            "text": report.words,
            "outcome": str(report.get_outcome_display()),
        }


def mute_rows(user: User) -> Iterator[Row]:
    for mute in Mute.objects.of_person(user):
        yield {"room": mute.room.title.text, "from": mute.since, "until": mute.until}


def room_rows(user: User) -> Iterator[Row]:
    """Where they are in their own name; where delegations are, the mandates lead."""
    for place in Participant.objects.of_person(user):
        yield {
            "room": place.room.title.text,
            "role": str(place.get_role_display()),
            "from": place.added_at,
            "until": place.removed_at,
        }


def act_rows(user: User) -> Iterator[Row]:
    """By the records of rooms; the text is the reason that they gave, where it was not erased. What
    else a record says is of others too, or stands in other parts.
    """
    for record in Record.objects.acts_of(user).iterator(chunk_size=2000):
        yield {
            "room": record.room.title.text,
            "number": record.seq,
            "at": record.at,
            "act": str(record.get_kind_display()),
            "text": record.text or "" if record.kind in REASONS else "",
        }


def bilateral_rows(user: User) -> Iterator[Row]:
    """The words of who invited are theirs, and those of who answered."""
    for invited in BilateralInvitation.objects.of_person(user):
        state = str(invited.get_state_display())
        if invited.invited_by.user_id == user.pk:
            yield {
                "institution": invited.to.name.text,
                "act": str(INVITED),
                "state": state,
                "since": invited.created_at,
                "text": invited.note,
            }
        if invited.answered_by and invited.answered_by.user_id == user.pk:
            yield {
                "institution": invited.by.name.text,
                "act": str(ANSWERED),
                "state": state,
                "since": invited.answered_at,
                "text": invited.reason,
            }
