"""What a person wrote, read and asked for in rooms."""

from collections.abc import Iterator
from typing import Any

from members.models import User
from messaging.models import Message, Mute, ReadMark, Report, ScheduledMessage, Transcript
from portal.data_export.files import name_in_archive

Row = dict[str, Any]


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
