"""What was said in the rooms, marked, kept back, asked and put in order."""

from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import people
from members.enums import Capacity
from messaging.actions import (
    acknowledge,
    add_device,
    approve_erasure,
    ask_acknowledgement,
    ask_for_erasure,
    ask_for_reason_erasure,
    ask_for_report_erasure,
    ask_for_transcript,
    ask_opinion,
    attach_file,
    attach_translation,
    close_opinion,
    close_subject,
    delete_message,
    edit_message,
    give_opinion,
    make_transcript,
    move_messages,
    mute_person,
    open_direct,
    open_subject,
    pin_message,
    place_hold,
    post_message,
    react,
    report_message,
    restrict_room,
    save_draft,
    schedule_message,
    settle_report,
    start_room,
    stop_letters,
)
from messaging.actions.scheduling import send_due
from messaging.enums import ReactionKind
from messaging.models import Message, Room, Transcript
from messaging.transcripts.heads import write_heads
from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS
from tests.files import PDF, image, office
from tests.processes import DEMO_PASSWORD
from tests.site.stage import Stage, user

SAID = (
    ("head.ph", "The Philippines send two trainers in March, and a third when there is room."),
    ("head.kr", "يؤيد وفد كوريا المقترح، ويضع مركز التدريب التابع لمؤسسة كوريا (KF) في الخدمة."),
    ("secretariat", "Merci. Le secrétariat enverra le calendrier à toutes les délégations."),
    ("head.ph", "https://portal.example/a/very/long/address/" + "that-has-no-place-to-break" * 4),
    ("delegate.kr", "النتيجة: 12–1–1، أي اعتُمد القرار (A/7/3).\n\n- بند أول\n- second item"),
)


def mark(stage: Stage, message: Message) -> None:
    """All the marks that there are; Korea's acknowledgement is still awaited."""
    which: dict[str, Any] = {"room": message.room, "seq": message.seq}
    until = timezone.now() + timedelta(days=9)
    for name, kind in zip(
        ("head.ph", "head.kr", "delegate.kr", "head.ph"), ReactionKind, strict=True
    ):
        react(**which, kind=kind, on=True, actor=user(name))
    pin_message(**which, on=True, actor=stage.office)
    ask_acknowledgement(**which, until=until, actor=stage.office)
    head = user("head.ph")
    acknowledge(**which, mandate=head.mandates.get(), actor=head)


def talk(stage: Stage) -> None:
    """What is hard to set, in one room; and a room where nothing was said yet."""
    room = Room.objects.exclude(group=None).order_by("pk")[1]
    for name, body in SAID:
        author = user(name)
        post_message(
            room=room,
            author=author,
            mandate=author.mandates.order_by("starts_at", "pk")[0],
            body=body,
            client_id=uuid4(),
        )
    first, second, third, *_ = Message.objects.filter(room=room).order_by("-seq")
    with_files(room)
    edit_message(
        room=room,
        seq=first.seq,
        version=first.version,
        body=f"{first.body}\n- البند الثالث",
        client_id=uuid4(),
        actor=first.author,
    )
    attach_translation(
        room=room,
        seq=first.seq,
        language="fr",
        kind="courtesy",
        text="Nous proposons de nous réunir mardi. Ordre du jour :\n- Premier point\n- Deuxième",
        actor=first.author,
        mandate=first.mandate,
    )
    delete_message(
        room=room,
        seq=second.seq,
        reason="The address leads nowhere. العنوان غير صحيح.",
        actor=stage.office,
    )
    mark(stage, third)
    room.refresh_from_db()
    with transaction.atomic():  # the worker of this portal is not to hear of them
        made, failed = (
            ask_for_transcript(room=room, actor=user(author), language="ar", first=1, last=last)
            for author, last in (("head.kr", room.head_seq), ("secretariat", 2))
        )
        jobs = ProcrastinateJob.objects.filter(task_name="messaging.make_transcript")
        jobs.update(status="cancelled")
        Transcript.objects.filter(pk=failed.pk).update(state="failed")
    make_transcript(transcript_id=made.pk)
    write_heads()


def with_files(room: Room) -> None:
    """A message that has files alone: a letter, a picture, a table with a long name in Arabic."""
    author = user("head.kr")
    kept = []
    for content, name in (
        (PDF, "رسالة النوايا – Letter of intent 2026.pdf"),
        (image("PNG", (900, 600)), "view.png"),
        (office("xl/workbook.xml"), f"{'الميزانية المقترحة ' * 6}٢٠٢٦.xlsx"),
    ):
        upload = StoredFileField(kinds=ALL_EXTENSIONS).clean(SimpleUploadedFile(name, content))
        kept.append(
            attach_file(room=room, actor=author, upload=upload, content_type=upload.checked_type).pk
        )
    post_message(
        room=room,
        author=author,
        mandate=author.mandates.order_by("starts_at", "pk")[0],
        body="",
        client_id=uuid4(),
        files=kept,
    )


def subjects(stage: Stage) -> None:
    """In the room of `talk`: one with messages in it, one that is closed, one without a word."""
    room = Room.objects.exclude(group=None).order_by("pk")[1]
    author = user("head.kr")
    mandate = author.mandates.order_by("starts_at", "pk")[0]
    made = [
        open_subject(room=room, titles=titles, actor=author, mandate=mandate)
        for titles in (
            {"en": "Budget", "ar": "الميزانية"},
            {"en": "Venue", "fr": "Lieu"},
            {"en": "Interpreters and translators"},
        )
    ]
    for subject in made[:2]:
        message = post_message(
            room=room,
            author=author,
            mandate=mandate,
            body="The figures follow on Monday.",
            client_id=uuid4(),
            subject=subject.pk,
        )
    move_messages(
        room=room, seq=message.seq, to=made[0].pk, with_following=False, actor=stage.office
    )
    close_subject(subject=made[1], actor=stage.office)
    open_direct(people=[user("head.ng")], actor=author, mandate=mandate)


def kept_back(stage: Stage) -> None:
    """What Korea's head has begun to write, and what is to be sent later: one waits, one was
    refused, one was sent.
    """
    room = Room.objects.exclude(group=None).order_by("pk")[0]
    author = user("head.kr")
    by: dict[str, Any] = {"mandate": author.mandates.order_by("starts_at", "pk")[0]}
    save_draft(
        room=room, actor=author, body="نقترح أن", reply_to=None, version=None, **by
    )  # fmt: skip
    for body, hours, reply_to in (
        ("نرسل جدول الأعمال بعد اجتماع المكتب.", 72, None),
        ("The papers follow.", 0, 10**6),
        ("Good morning to all delegations.", 0, None),
    ):
        scheduled = schedule_message(
            room=room,
            author=author,
            body=body,
            reply_to=reply_to,
            client_id=uuid4(),
            due_at=timezone.now() + timedelta(hours=hours),
            **by,
        )
        send_due(scheduled_id=scheduled.pk)


def opinions(stage: Stage) -> None:
    """A poll of opinion that runs, and one that was closed."""
    room = Room.objects.exclude(group=None).order_by("pk")[0]
    for question, options, closing in (
        ("متى نلتقي؟", ("الاثنين 7 ديسمبر", "Tuesday, 8 December", "Jeudi 10 décembre"), False),
        ("Which workshop comes first?", ("Translation", "Protocol"), True),
    ):
        asked = ask_opinion(
            room=room,
            author=stage.office,
            mandate=stage.mandate,
            question=question,
            options=options,
            client_id=uuid4(),
            is_multiple=not closing,
            by_delegation=closing,
        )
        for name, choice in (("head.kr", 1), ("head.ng", 2)):
            give_opinion(room=room, seq=asked.seq, choices=[choice], actor=user(name))
        if closing:
            close_opinion(room=room, seq=asked.seq, actor=stage.office)


def order(stage: Stage) -> None:
    """A room in which somebody was muted, messages reported, texts erased, and a hold stands."""
    second = people.create_person(
        email="secretariat.two@demo.example",
        name="Secretariat (second)",
        password=DEMO_PASSWORD,
        language="fr",
    )
    people.start_mandate(
        user=second,
        institution=stage.mandate.institution,
        capacity=Capacity.SECRETARIAT,
        **stage.by_office,
    )
    room = start_room(
        kind="meeting",
        titles={"en": "Drafting of the communiqué", "ar": "صياغة البيان الختامي"},
        purposes={},
        group=None,
        delegations={
            stage.korea: "chair",
            **{user(f"head.{code}").mandates.get().institution: "member" for code in ("ng", "ph")},
        },
        **stage.by_office,
    )
    said = [
        post_message(
            room=room,
            author=user(name),
            mandate=user(name).mandates.get(),
            body=body,
            client_id=uuid4(),
        )
        for name, body in (
            ("head.ng", "The telephone of the ambassador is on the list."),
            ("head.ng", "رقم جواز السفر مدوَّن في القائمة المرفقة."),
            ("head.ph", "This text is an insult to all who drafted it."),
            ("head.ng", "We should all calm down."),
            ("head.ph", "This was said twice."),
            ("head.ph", "This was said by mistake."),
        )
    ]
    erasing: dict[str, Any] = {"room": room, "ground": "person", "explanation": "طلب صاحب الشأن."}
    done = ask_for_erasure(seq=said[0].seq, actor=stage.office, **erasing)
    approve_erasure(erasure=done, actor=second)
    ask_for_erasure(seq=said[1].seq, actor=second, **erasing)
    reports = [
        report_message(
            room=room, seq=said[n].seq, reason="offensive", words="إنه يسيء إلينا.", actor=user(by)
        )
        for n, by in ((2, "head.ng"), (3, "head.kr"))
    ]
    settle_report(report=reports[1], outcome="nothing", note="It is fair.", actor=stage.office)
    mute_person(
        room=room, user=user("head.ph"), length="day", reason="للتهدئة.", actor=stage.office
    )
    for number, reason in ((4, "هاتفه 55501234."), (5, "It names a private person.")):
        delete_message(room=room, seq=said[number].seq, reason=reason, actor=stage.office)
        gone = Message.objects.get(pk=said[number].pk).deletion
        assert gone is not None
        asked = ask_for_reason_erasure(seq=gone.seq, actor=stage.office, **erasing)
        if number == 4:
            approve_erasure(erasure=asked, actor=second)
    erasing.pop("room")
    ask_for_report_erasure(report=reports[0], actor=second, **erasing)
    place_hold(room=room, reason="A court of Doha asks for the record.", actor=stage.office)


def told(stage: Stage) -> None:
    """Somebody wants no e-mails; somebody has a device that is told, in a session that is over."""
    stop_letters(user=user("head.ng"))
    browser = ec.generate_private_key(ec.SECP256R1()).public_key()
    add_device(
        user=user("head.kr"),
        session_key="over",
        endpoint="https://fcm.googleapis.com/fcm/send/scenery",
        p256dh=urlsafe_b64encode(
            browser.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        ).decode(),
        auth="MDEyMzQ1Njc4OWFiY2RlZg",
        user_agent="Mozilla/5.0 (Windows NT 10.0; Win64; x64) Firefox/140.0",
    )
    room = Room.objects.exclude(group=None).order_by("pk")[1]
    restrict_room(room=room, is_restricted=True, actor=stage.office, mandate=stage.mandate)
