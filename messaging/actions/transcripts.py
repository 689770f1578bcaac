import json
import logging
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from majlis_verify.page import render_page
from members.models import User
from messaging import tasks
from messaging.actions.records import lock_room
from messaging.enums import TranscriptState
from messaging.models import Room, Transcript
from messaging.permissions import access_room, transcript_seat
from messaging.transcripts.document import build_document, withheld_between
from messaging.transcripts.pdf import make_pdf
from messaging.transcripts.signing import NoSigningKey, has_key, sealed
from records.actions import append_audit_entry, discard_file, store_file
from records.models import StoredFile

logger = logging.getLogger(__name__)
MOST = 2000  # records in one transcript
LARGEST = 10 * 1024 * 1024  # bytes of a file: what /verify/ takes
BUILT, SET = 60, 90  # of a hundred: the records are read, the files are made


class Overtaken(Exception):
    """A text in the range was erased or deleted while the files were made: they go, unseen."""


class TooLarge(Exception):
    """A file would be larger than can be verified again: a smaller range is needed."""


@transaction.atomic
def ask_for_transcript(
    *, room: Room, actor: User, language: str, first: int, last: int
) -> Transcript:
    """Have a transcript of the records `first` to `last` made. One at a time for each person.

    Raises Http404 where they may not read the room, PermissionDenied where they may read alone,
    NoSigningKey where none can be made, ValueError for a range that the room does not have.
    """
    room = lock_room(room.pk)
    seat = transcript_seat(access_room(actor, room.pk))
    if seat is None:
        raise PermissionDenied
    if not has_key():
        raise NoSigningKey
    if not 1 <= first <= last <= room.head_seq or last - first >= MOST:
        raise ValueError(f"no range: {first} to {last}")
    if earlier := Transcript.objects.under_way(room, actor):
        return earlier
    transcript = Transcript.objects.create(
        room=room,
        asked_by=actor,
        mandate=seat.mandate,
        language=language,
        first_seq=first,
        last_seq=last,
        changed_at=timezone.now(),
    )
    tasks.make_transcript.defer(transcript_id=transcript.pk)
    return transcript


@transaction.atomic
def try_transcript_again(*, transcript: Transcript, actor: User) -> Transcript:
    """Have a transcript made that failed or whose worker died. Else it does nothing."""
    transcript = Transcript.objects.select_for_update().get(pk=transcript.pk)
    if transcript_seat(access_room(actor, transcript.room_id)) is None:
        raise PermissionDenied
    if transcript.may_be_tried_again:
        transcript.state, transcript.progress = TranscriptState.WAITING, 0
        transcript.changed_at = timezone.now()
        transcript.save(update_fields=["state", "progress", "changed_at"])
        tasks.make_transcript.defer(transcript_id=transcript.pk)
    return transcript


def make_transcript(*, transcript_id: int) -> None:
    """The job: build, sign, store. What goes wrong is shown in the room, and can be tried again.

    Not one transaction: how far it is must be seen. Repeated once it is ready, it does nothing.
    """
    transcript = Transcript.objects.select_related("room", "asked_by", "mandate").get(
        pk=transcript_id
    )
    if transcript.state in (TranscriptState.READY, TranscriptState.WITHDRAWN):
        return
    _note(transcript, state=TranscriptState.WORKING, progress=1)
    try:
        files, document = _make(transcript)
        try:
            _finish(transcript, files, document)
        except Overtaken:
            _discard(files)
            raise
    except Exception as error:
        if not isinstance(error, TooLarge | Overtaken):
            logger.exception("Transcript %s was not made", transcript_id)
        _note(transcript, state=TranscriptState.FAILED, too_large=isinstance(error, TooLarge))


def _make(transcript: Transcript) -> tuple[dict[str, StoredFile], dict[str, Any]]:
    count = transcript.last_seq - transcript.first_seq + 1
    document = build_document(
        transcript, report=lambda done: _note(transcript, progress=max(1, BUILT * done // count))
    )
    _note(transcript, progress=BUILT)
    contents = {
        "json": (json.dumps(document, ensure_ascii=False, indent=1).encode(), "application/json"),
        "html": (render_page(document).encode(), "text/html"),
    }
    if max(len(content) for content, _ in contents.values()) > LARGEST:
        raise TooLarge
    contents["pdf"] = (sealed(make_pdf(document)), "application/pdf")
    if len(contents["pdf"][0]) > LARGEST:
        raise TooLarge
    _note(transcript, progress=SET)
    files = {
        name: store_file(
            upload=SimpleUploadedFile(name, content, content_type=kind), content_type=kind
        )
        for name, (content, kind) in contents.items()
    }
    return files, document


@transaction.atomic
def _discard(files: dict[str, StoredFile]) -> None:
    for file in files.values():
        discard_file(file)


@transaction.atomic
def _finish(transcript: Transcript, files: dict[str, StoredFile], document: dict[str, Any]) -> None:
    room = lock_room(transcript.room_id)  # nothing is erased or deleted from here on
    locked = Transcript.objects.select_for_update().get(pk=transcript.pk)
    if locked.state in (TranscriptState.READY, TranscriptState.WITHDRAWN):  # another was faster
        return
    withheld = {r["content"]["seq"] for r in document["records"] if r["withheld"]}
    if withheld != withheld_between(room, transcript.first_seq, transcript.last_seq):
        raise Overtaken
    head = document["head"]["hash"]
    _note(
        transcript,
        state=TranscriptState.READY,
        progress=100,
        made_at=timezone.now(),
        head_hash=head,
        **files,
    )
    append_audit_entry(
        actor=transcript.asked_by,
        mandate=transcript.mandate,
        act="transcript.made",
        thing=transcript,
        after={
            "room": transcript.room_id,
            "first_record": transcript.first_seq,
            "last_record": transcript.last_seq,
            "head": head,
        },
    )


@transaction.atomic
def note_download(*, transcript: Transcript, actor: User, format_name: str) -> None:
    """Write down that a file goes out. Raises as `try_transcript_again`."""
    seat = transcript_seat(access_room(actor, transcript.room_id))
    if seat is None:
        raise PermissionDenied
    append_audit_entry(
        actor=actor,
        mandate=seat.mandate,
        act="transcript.downloaded",
        thing=transcript,
        after={"room": transcript.room_id, "format": format_name},
    )


def _note(transcript: Transcript, **values: Any) -> None:
    Transcript.objects.filter(pk=transcript.pk).update(changed_at=timezone.now(), **values)
