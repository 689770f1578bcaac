"""A demo network in which everything has happened once: what the visitors look at.

Made through the actions, by `python -m tests.site` in the environment of a portal whose demo
network was loaded just now.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.utils import timezone
from procrastinate.contrib.django import app as jobs

from assembly import actions as assembly
from assembly.enums import Choice, MeetingKind
from assembly.models import Meeting, Poll, RuleSet
from members.actions import applicants, invitations, people
from members.actions import applications as review
from members.actions.application_requests import request_application
from members.actions.charters import send_charter
from members.actions.countries import settle_country
from members.enums import ApplicationState as State
from members.enums import Capacity, DocumentKind
from members.models import Application, Institution, Invitation, Mandate
from portal.actions import news, pictures
from portal.actions.pages import save_page
from portal.enums import PageKey
from portal.forms.news import PictureField
from portal.models import NewsItem
from tests.files import PDF, image
from tests.site.scenery_applying import applying, asking, more_answers
from tests.site.scenery_groups import groups
from tests.site.scenery_handovers import handovers
from tests.site.scenery_identity import own_sign_in
from tests.site.scenery_lists import filters
from tests.site.scenery_network import network
from tests.site.scenery_people import persons
from tests.site.scenery_profiles import profiles
from tests.site.scenery_reviews import papers, reviews, terms
from tests.site.scenery_rooms import kept_back, opinions, order, subjects, talk, told
from tests.site.scenery_standing import standings
from tests.site.scenery_statements import statements
from tests.site.scenery_watched import watched
from tests.site.stage import Stage, checked, user

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
    State.LAPSED: ("SE", "House of Dialogue", "بيت الحوار", ""),
}
ON_AGENDA = (State.ON_AGENDA, "called", "counted", State.ADMITTED, State.DECLINED, State.DEFERRED)


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
        more_answers=more_answers(application),
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
        incomplete_because="The original of the statutes is under way by post.",
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
    for state in (*ON_AGENDA, State.CHARTER_SIGNED, State.ACTIVE, State.LAPSED):
        item = assembly.place_on_agenda(
            meeting=meeting, application=asked[state], **stage.by_office
        )
        if state == State.ON_AGENDA:
            continue
        if state in (State.DECLINED, State.DEFERRED):
            terms(stage, asked[state])
        poll = assembly.open_roll_call(agenda_item=item, **stage.by_office)
        answers = _answers(poll, state)
        assembly.save_roll_call(poll=poll, choices=answers, **stage.by_office)
        if state not in ("called", "counted"):
            assembly.certify_roll_call(poll=poll, **stage.by_office)
    for state in (State.CHARTER_SIGNED, State.ACTIVE):
        send_charter(
            application=asked[state],
            upload=checked(PDF + b"charter", "ميثاق الشبكة.pdf"),
            **stage.by_office,
        )
        applicants.hand_in_charter(
            application=asked[state],
            upload=checked(PDF + b"signed", "charter.pdf"),
            actor=stage.contact_of(state),
        )
    review.activate_application(application=asked[State.ACTIVE], **stage.by_office)
    review.let_admission_lapse(
        application=asked[State.LAPSED],
        reason="The ministry has closed the institution.",
        seen=State.ADMITTED,
        **stage.by_office,
    )
    send_charter(
        application=asked[State.ADMITTED],
        upload=checked(PDF + b"charter", "ميثاق الشبكة.pdf"),
        **stage.by_office,
    )


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
    today = timezone.localdate()
    days = {"starts_on": today + timedelta(days=20), "ends_on": today + timedelta(days=400)}
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
            starts_on=days["starts_on"] if name == "open" else None,
            ends_on=days["ends_on"] if name in ("open", "known") else None,
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
    request_application(
        email="director@institute.example",
        name="Director",
        language="fr",
        institution_names={"en": "Institute of the North", "fr": "Institut du Nord"},
        country="SE",
    )


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
        groups,
        talk,
        statements,
        subjects,
        kept_back,
        opinions,
        order,
        told,
        published,
        network,
        standings,
        handovers,
        profiles,
        filters,
        persons,
        reviews,
        papers,
        own_sign_in,
        watched,
    ),
) -> None:
    stage = Stage()
    assert Institution.objects.exists()
    asking(stage)
    asked = applications(stage)
    votes(stage, asked)
    applying(stage, asked)
    for scene in scenes:
        scene(stage)
    letters()
    failed()
