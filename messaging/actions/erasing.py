"""What an erasure does. For actions that hold the room's lock, have checked the right, and that no
hold stands.

What goes of a message is every text that its records hold: its versions, the reason of its
deletion. The digests stay, so the chain does too.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q
from django.utils import timezone

from members.models import Mandate, User
from messaging import machine
from messaging.actions.records import next_record, save_records
from messaging.enums import ErasedFor, RecordKind, TranscriptState
from messaging.models import (
    Attachment,
    Mention,
    Message,
    Record,
    Report,
    Room,
    StatementDraft,
    Transcript,
    Translation,
)
from records.actions import append_audit_entry, discard_file


def erase_texts(
    *,
    room: Room,
    messages: Sequence[Message],
    ground: str,
    actor: User | None,
    mandate: Mandate | None,
) -> None:
    """Erase what the records of `messages` say, with a record for each."""
    spoken = Record.objects.with_text(messages)
    holding = transcripts_holding(room, spoken)
    texts: defaultdict[int, list[int]] = defaultdict(list)
    for record in spoken:
        texts[record.message_id or 0].append(record.seq)
    spoken.update(text=None, text_salt=None)
    records = [
        next_record(
            room=room,
            kind=RecordKind.TEXT_ERASED,
            actor=actor,
            mandate=mandate,
            message=message,
            detail={"ground": str(ground), "erased": texts[message.pk]},
        )
        for message in messages
    ]
    for message, record in zip(messages, records, strict=True):
        message.body = message.search_text = ""
        message.erased_at, message.erased_for = record.at, ground
        message.translation_count = message.file_count = 0
        message.mentioned = []
    changed = ["body", "search_text", "mentioned", "erased_at", "erased_for"]
    changed += ["translation_count", "file_count"]
    Message.objects.bulk_update(messages, changed)
    save_records(room=room, records=records)
    _withdraw(holding, actor, mandate)
    _forget_beside(messages)


def erase_reason(*, room: Room, record: Record, actor: User, mandate: Mandate) -> None:
    """Erase the reason in `record`. What tells of it has a line of its own: the record may be of no
    message, whose line would change.
    """
    holding = transcripts_holding(room, [record])
    record.text = record.text_salt = None
    record.save(update_fields=["text", "text_salt"])
    told = next_record(
        room=room,
        kind=RecordKind.REASON_ERASED,
        actor=actor,
        mandate=mandate,
        detail={"ground": str(ErasedFor.LAW), "erased": [record.seq]},
    )
    save_records(room=room, records=[told])
    _withdraw(holding, actor, mandate)


def erase_words(report: Report) -> None:
    """Erase what was written into `report`, which is in no record."""
    report.words = report.note = ""
    report.erased_at = timezone.now()
    report.save(update_fields=["words", "note", "erased_at"])


def erase_drafts(message: Message) -> None:
    """Of statements that were given up, what became `message` or says what it said. They are in no
    record: nothing proves them, and nothing is left. Called first: the texts are compared.
    """
    said = {record.text or "" for record in Record.objects.with_text([message])}
    on_the_way = StatementDraft.objects.discarded_before(message)
    same = StatementDraft.objects.discarded_saying(message.room, said)
    found = StatementDraft.objects.filter(Q(pk__in=on_the_way) | Q(pk__in=same))
    found.update(body="", reason="", erased_at=timezone.now())


def _forget_beside(messages: Sequence[Message]) -> None:
    """What else keeps something of their texts: translations, a machine's too, and files. The
    digests of the files stay in the record. Last of all: what a file held does not come back.
    """
    Mention.objects.of_messages(messages).delete()
    Translation.objects.of_messages(messages).delete()
    for message in messages:
        machine.forget(message)
    attachments = list(Attachment.objects.of_messages(messages))
    stored = [file for each in attachments for file in (each.file, each.preview) if file]
    Attachment.objects.of_messages(messages).delete()
    for file in stored:
        discard_file(file)


def transcripts_holding(room: Room, records: Iterable[Record]) -> list[Transcript]:
    """The transcripts of `room` whose files hold the text of one of `records`."""
    texts = [(record.seq, record.message) for record in records]
    return [
        transcript
        for transcript in Transcript.objects.ready(room)
        if any(transcript.holds(seq, message) for seq, message in texts)
    ]


def _withdraw(
    transcripts: Iterable[Transcript], actor: User | None, mandate: Mandate | None
) -> None:
    """The files go; that there was a transcript, and of what, stays."""
    for transcript in transcripts:
        files = [file for _, file in transcript.files]
        transcript.state = TranscriptState.WITHDRAWN
        transcript.pdf = transcript.html = transcript.json = None
        transcript.changed_at = timezone.now()
        transcript.save(update_fields=["state", "pdf", "html", "json", "changed_at"])
        for file in files:
            discard_file(file)
    for transcript in transcripts:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="transcript.withdrawn",
            thing=transcript,
            after={
                "room": transcript.room_id,
                "first_record": transcript.first_seq,
                "last_record": transcript.last_seq,
            },
        )
