"""A demo network in which everything has happened once: what the visitors look at.

Made through the actions, by `python -m tests.site` in the environment of a portal whose demo
network was loaded just now.
"""

from base64 import urlsafe_b64encode
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app as jobs
from procrastinate.contrib.django.models import ProcrastinateJob

from assembly import actions as assembly
from assembly.enums import Choice, MeetingKind
from assembly.models import Meeting, Poll, RuleSet
from members.actions import applicants, invitations, people
from members.actions import applications as review
from members.actions.countries import settle_country
from members.actions.groups import create_group
from members.enums import ApplicationState as State
from members.enums import Capacity, DocumentKind, GroupKind, GroupRole
from members.models import Application, Institution, Invitation, Mandate, User
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
from portal.actions import news, pictures
from portal.actions.pages import save_page
from portal.enums import PageKey
from portal.forms.news import PictureField
from portal.models import NewsItem
from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS
from tests.files import PDF, image, office
from tests.processes import DEMO_PASSWORD
from tests.site.scenery_statements import statements

ASKS = "Which laws is the institution founded on?\n\nأي القوانين تأسست المؤسسة بموجبها؟"
REASONS = (
    "The institution meets article 2 of the charter, and its work completes that of the network."
)
EXPLAINED = "The papers are complete. All of them were sent in by the institution itself."
APPLICANTS: dict[str, tuple[str, str, str, str]] = {
    State.DRAFT: ("MX", "Institute of Diplomatic Studies", "معهد الدراسات الدبلوماسية", "IDS"),
    State.SUBMITTED: ("JO", "House of Dialogue", "بيت الحوار", "HD"),
    State.UNDER_REVIEW: ("CO", "Foundation for Public Diplomacy", "مؤسسة الدبلوماسية العامة", ""),
    State.INFORMATION_REQUESTED: ("MA", "Centre for Cultural Exchange", "مركز التبادل", "CCE"),
    State.RECOMMENDED: ("KE", "Council of Friendship", "مجلس الصداقة", "CF"),
    State.NOT_RECOMMENDED: ("NO", "Society of Letters", "جمعية الآداب", ""),
    State.ON_AGENDA: ("CL", "Institute of International Affairs", "معهد الشؤون الدولية", "IIA"),
    "called": ("VN", "Academy of Diplomacy", "أكاديمية الدبلوماسية", ""),
    "counted": ("EG", "Forum of Nations", "ملتقى الأمم", "FN"),
    State.ADMITTED: ("BR", "Alliance for Cultural Relations", "تحالف العلاقات الثقافية", "ACR"),
    State.DECLINED: ("AU", "Bureau of Public Affairs", "مكتب الشؤون العامة", ""),
    State.DEFERRED: ("TH", "Office of Peoples’ Friendship", "مكتب صداقة الشعوب", ""),
    State.CHARTER_SIGNED: ("GH", "Centre for Peace", "مركز السلام", "CP"),
    State.ACTIVE: ("UY", "Institute of the South", "معهد الجنوب", "IS"),
    State.WITHDRAWN: ("CA", "Network of Scholars", "شبكة الباحثين", ""),
}
ON_AGENDA = (State.ON_AGENDA, "called", "counted", State.ADMITTED, State.DECLINED, State.DEFERRED)
SAID = (
    ("head.ph", "The Philippines send two trainers in March, and a third when there is room."),
    ("head.kr", "يؤيد وفد كوريا المقترح، ويضع مركز التدريب التابع لمؤسسة كوريا (KF) في الخدمة."),
    ("secretariat", "Merci. Le secrétariat enverra le calendrier à toutes les délégations."),
    ("head.ph", "https://portal.example/a/very/long/address/" + "that-has-no-place-to-break" * 4),
    ("delegate.kr", "النتيجة: 12–1–1، أي اعتُمد القرار (A/7/3).\n\n- بند أول\n- second item"),
)


class Stage:
    """Who acts, found once."""

    def __init__(self) -> None:
        self.office = user("secretariat")
        self.mandate = Mandate.objects.get(user=self.office)
        self.contact = user("contact.mx")
        self.welcomed = people.create_person(
            email="contact.uy@demo.example",
            name="Contact (Uruguay)",
            password=DEMO_PASSWORD,
            language="en",
        )
        self.korea = user("head.kr").mandates.first().institution
        self.by_office: dict[str, Any] = {"actor": self.office, "mandate": self.mandate}

    def contact_of(self, state: str) -> User:
        """All are of one person, but the one that makes its contact a delegate."""
        return self.welcomed if state == State.ACTIVE else self.contact


def user(name: str) -> User:
    return User.objects.get(email=f"{name}@demo.example")


def checked(content: bytes, name: str) -> Any:
    """An upload as a form hands it on."""
    return StoredFileField().clean(SimpleUploadedFile(name, content))


def applications(stage: Stage) -> dict[str, Application]:
    """One in every state that is reached before the assembly, and those it will decide."""
    return {state: _application(stage, state) for state in APPLICANTS}


def _application(stage: Stage, state: str) -> Application:
    country, english, arabic, acronym = APPLICANTS[state]
    by_contact: dict[str, Any] = {"actor": stage.contact_of(state)}
    application = applicants.start_application(**by_contact)
    applicants.save_application(
        application=application,
        fields={
            "institution_names": {"en": english, "ar": arabic},
            "acronym": acronym,
            "country": country,
            "kind": "research_body",
            "membership_class": "full",
            "aims": "To bring universities and ministries together.\n\nأن نجمع الجامعات والوزارات.",
            "website": "https://institute.example/",
            "contact_position": "Director",
            "contact_phone": "+52 55 1234 5678",
            "letter_text": "We ask to join the network.",
        },
        **by_contact,
    )
    files = (
        (
            DocumentKind.CREDENTIALS,
            PDF + state.encode(),
            f"credentials of {acronym or country}.pdf",
        ),
        (DocumentKind.OTHER, image(size=(60, 40)), "خطاب تعريف بالمؤسسة.png"),
    )
    for kind, content, name in files:
        applicants.add_document(
            application=application, kind=kind, upload=checked(content, name), **by_contact
        )
    if state == State.DRAFT:
        return application
    if state == State.WITHDRAWN:
        applicants.submit_application(application=application, **by_contact)
        return applicants.withdraw_application(application=application, **by_contact)
    application = applicants.submit_application(application=application, **by_contact)
    if state == State.SUBMITTED:
        return application
    review.start_review(application=application, **stage.by_office)
    review.request_information(application=application, question=ASKS, **stage.by_office)
    if state == State.INFORMATION_REQUESTED:
        return application
    applicants.answer_information_request(
        application=application,
        answer="Law 17 of 1990.",
        upload=checked(PDF + b"law", "law.pdf"),
        **by_contact,
    )
    if state == State.UNDER_REVIEW:
        return application
    return review.recommend_application(
        application=application,
        favourable=state != State.NOT_RECOMMENDED,
        reasons=REASONS,
        **stage.by_office,
    )


def meetings(stage: Stage) -> None:
    """A board and a working group beside the assemblies of the demo network."""
    today = timezone.now().date()
    rules = RuleSet.objects.newest_first()[0]
    for kind, days, number in (
        (MeetingKind.BOARD, 14, 12),
        (MeetingKind.CONFERENCE, -60, 2),
        (MeetingKind.CONFERENCE, 200, 3),
        (MeetingKind.WORKING_GROUP, 20, 5),
    ):
        meeting = assembly.create_meeting(
            kind=kind,
            number=number,
            cities={"en": "Doha", "ar": "الدوحة", "fr": "Doha"},
            country="QA",
            starts_on=today + timedelta(days=days),
            ends_on=today + timedelta(days=days + 1),
            rules=rules,
            **stage.by_office,
        )
    assembly.open_meeting_room(
        meeting=meeting, delegations={stage.korea: "member"}, **stage.by_office
    )
    held = {"starts_on": today - timedelta(days=9), "ends_on": today - timedelta(days=8)}
    Meeting.objects.filter(pk=meeting.pk).update(**held)  # over, and its room still open


def votes(stage: Stage, asked: dict[str, Application]) -> None:
    """Before the next assembly: a question unopened, one half called, one ready, four decided."""
    meeting = Meeting.objects.general_assemblies().upcoming()[0]
    for state in (*ON_AGENDA, State.CHARTER_SIGNED, State.ACTIVE):
        item = assembly.place_on_agenda(
            meeting=meeting, application=asked[state], **stage.by_office
        )
        if state == State.ON_AGENDA:
            continue
        poll = assembly.open_roll_call(agenda_item=item, **stage.by_office)
        answers = _answers(poll, state)
        assembly.save_roll_call(poll=poll, choices=answers, **stage.by_office)
        if state not in ("called", "counted"):
            assembly.certify_roll_call(poll=poll, **stage.by_office)
    for state in (State.CHARTER_SIGNED, State.ACTIVE):
        applicants.hand_in_charter(
            application=asked[state],
            upload=checked(PDF + b"signed", "charter.pdf"),
            actor=stage.contact_of(state),
        )
    review.activate_application(application=asked[State.ACTIVE], **stage.by_office)


def _answers(poll: Poll, state: str) -> dict[int, str]:
    roll = [entry.institution_id for entry in poll.roll.all()]
    most = Choice.AGAINST if state == State.DECLINED else Choice.IN_FAVOUR
    answers = dict.fromkeys(roll, most.value)
    answers[roll[0]], answers[roll[1]] = Choice.ABSTENTION.value, Choice.ABSENT.value
    if state == State.DEFERRED:
        answers = {key: Choice.ABSENT.value if n else most.value for n, key in enumerate(roll)}
    if state == "called":
        answers |= dict.fromkeys(roll[len(roll) // 2 :], "")
    return answers


def invited(stage: Stage) -> None:
    """Invitations that are open (to a stranger, to somebody with an account), and closed ones."""
    made: dict[str, Invitation] = {}
    for name, email in (
        ("open", "new.person@demo.example"),
        ("known", "observer@demo.example"),
        ("expired", "late.person@demo.example"),
        ("revoked", "wrong.person@demo.example"),
        ("accepted", "adviser.kr@demo.example"),
    ):
        made[name] = invitations.invite_to_delegation(
            institution=stage.korea,
            email=email,
            name=f"Adviser ({name})",
            language="ar",
            capacity=Capacity.ADVISER,
            **stage.by_office,
        )
    Invitation.objects.filter(pk=made["expired"].pk).update(  # no action makes time pass
        expires_at=timezone.now() - timedelta(days=1)
    )
    invitations.revoke_invitation(invitation=made["revoked"], **stage.by_office)
    invitations.accept_invitation_as_new(
        invitation=made["accepted"],
        token=made["accepted"].token,
        name="مستشار (كوريا)",
        password=str(uuid4()),
        language="ar",
    )
    ended = Mandate.objects.get(user=user("adviser.kr"))
    people.end_mandate(ending=ended, **stage.by_office)
    applicants.request_application(
        email="director@institute.example",
        name="Director",
        language="fr",
        institution_names={"en": "Institute of the North", "fr": "Institut du Nord"},
        country="SE",
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
    create_group(
        kind=GroupKind.CONTACT_GROUP,
        names={"en": "Contact group on the charter", "ar": "فريق الاتصال المعني بالميثاق"},
        members={stage.korea: GroupRole.CHAIR, stage.mandate.institution: GroupRole.MEMBER},
    )


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


def published(stage: Stage) -> None:
    """News in every stage, a page that was written anew, a country that the network names."""
    texts = {
        "titles": {"en": "Call for trainers", "ar": "دعوة إلى المدربين"},
        "summaries": {"en": "The network seeks trainers for its workshops."},
        "bodies": {"en": "## Who\n\n- trainers\n- *interpreters*", "ar": "نص **أول**."},
        "states": {"en": "final", "ar": "draft"},
    }
    soon = news.create_item(texts=texts, **stage.by_office)
    news.publish_item(item=soon, at=timezone.now() + timedelta(days=3), **stage.by_office)
    gone = news.create_item(texts=texts, **stage.by_office)
    news.publish_item(item=gone, at=timezone.now() - timedelta(days=400), **stage.by_office)
    news.withdraw_item(item=gone, reason="It named a wrong date.", **stage.by_office)
    draft = NewsItem.objects.in_preparation().filter(published_at=None)[0]
    changed = {kind: getattr(draft, kind) for kind in texts}
    changed["bodies"] = {**draft.bodies, "en": draft.bodies.get("en", "") + "\n\nOne more line."}
    news.save_texts(item=draft, texts=changed, version=draft.version, **stage.by_office)
    pictures.add_picture(
        item=draft,
        upload=PictureField().clean(SimpleUploadedFile("map.png", image(size=(640, 400)))),
        alternatives={"en": "A map of the city"},
        decorative=False,
        **stage.by_office,
    )
    legal = {"titles": {"en": "Legal notice"}, "bodies": {"en": "Ours."}, "states": {"en": "final"}}
    page = save_page(key=PageKey.LEGAL, texts=legal, version=None, **stage.by_office)
    legal["bodies"] = {"en": "Ours alone."}
    save_page(key=PageKey.LEGAL, texts=legal, version=page.version, **stage.by_office)
    settle_country(
        code="KR",
        names={"en": "Republic of Korea", "ar": "جمهورية كوريا", "fr": "République de Corée"},
        is_on_map=True,
        note="As the member writes it.",
        **stage.by_office,
    )


def failed() -> None:
    """One letter that nobody could send."""
    jobs_of = apps.get_model("procrastinate", "ProcrastinateJob").objects
    pk = jobs_of.filter(task_name="members.send_invitation").values_list("pk", flat=True)[0]
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = %s", [pk])


def letters() -> None:
    """Everything that waits to be sent is written under VAR_DIR/mail."""
    worker = jobs.with_connector(jobs.connector.get_worker_connector())
    worker.run_worker(wait=False, install_signal_handlers=False)


def arrange(
    scenes: tuple[Callable[[Stage], None], ...] = (
        meetings,
        invited,
        talk,
        statements,
        subjects,
        kept_back,
        opinions,
        order,
        told,
        published,
    ),
) -> None:
    stage = Stage()
    assert Institution.objects.exists()
    asked = applications(stage)
    votes(stage, asked)
    for scene in scenes:
        scene(stage)
    letters()
    failed()
