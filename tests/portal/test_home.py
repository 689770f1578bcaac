"""What each role finds on its desk, and what the secretariat does from there."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from procrastinate.contrib.django.models import ProcrastinateJob

from assembly import actions as assembly
from assembly.enums import Choice, MeetingKind
from assembly.models import AgendaItem, Meeting
from members.actions.applicants import start_application
from members.actions.invitations import invite_to_delegation
from members.enums import (
    DAYS_OF_STEP,
    ApplicationState,
    Capacity,
    MembershipClass,
    MembershipState,
)
from members.models import Application, ApplicationEditor, Institution, Invitation, Mandate, User
from messaging.actions import mark_read
from messaging.models import COUNTED, Message, Room
from portal.actions.letters import NotFailedError, send_letter_again
from portal.figures import MONTHS, figures
from portal.letters import TASKS
from portal.navigation import nav_items
from portal.templatetags.desk_tags import chart
from records.models import AuditEntry
from tests.assembly.conftest import make_application, make_meeting
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.members.applications import application_in
from tests.messaging.conftest import make_room, say


def home(user: User, language: str = "en") -> str:
    client = Client()
    client.force_login(user)
    response = client.get(f"/{language}/")
    assert response.status_code == 200
    return response.content.decode()


def waiting(page: str) -> list[tuple[str, str]]:
    """Title and note of each task, in order."""
    tasks = re.findall(r'task__title">(.*?)</p>.*?task__note">(.*?)</p>', page, re.DOTALL)
    return [(_text(title), _text(note)) for title, note in tasks]


def _text(html: str) -> str:
    return " ".join(re.sub("<[^>]+>", "", html).split())


def section(page: str, name: str) -> str:
    """The text of the section headed by the id."""
    found = re.search(rf'<section [^>]*aria-labelledby="{name}">(.*?)</section>', page, re.DOTALL)
    assert found, name
    return _text(found[1])


@pytest.fixture
def vote(cast: Cast, db: None) -> AgendaItem:
    """A question on the next assembly's agenda, not yet put to the vote."""
    rules = assembly.create_rule_set(
        version="1", names={"en": "Rules"}, quorum_rule="3.1", majority_rule="4.2"
    )
    application = make_application(make_user("contact"))
    return assembly.place_on_agenda(
        meeting=make_meeting(rules),
        application=application,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


def open_vote(cast: Cast, item: AgendaItem) -> None:
    assembly.open_roll_call(agenda_item=item, actor=cast.dina, mandate=cast.dina_mandate)


def invite(cast: Cast, institution: Institution, name: str, *, expired: bool = False) -> Invitation:
    invitation = invite_to_delegation(
        institution=institution,
        email=f"{name.lower()}@example.org",
        name=name,
        language="en",
        capacity=Capacity.ADVISER,
        actor=cast.dina,
    )
    if expired:
        now = timezone.now()
        Invitation.objects.filter(pk=invitation.pk).update(
            created_at=now - timedelta(days=20), expires_at=now - timedelta(days=6)
        )
    return invitation


# --- A delegation ---------------------------------------------------------------------------------
def test_a_delegate_sees_unread_rooms_first_with_their_number(cast: Cast) -> None:
    room = make_room(cast)
    make_room(cast)
    say(room, cast.bilal, cast.bilal_mandate)
    say(room, cast.bilal, cast.bilal_mandate, "Again")
    page = home(cast.amal)
    assert "2 unread messages" in section(page, "unread")
    assert "Last message:" in section(page, "unread")
    assert "Working group" in section(page, "rooms")
    mark_read(room=room, user=cast.amal, seq=99)
    assert section(home(cast.amal), "unread") == "Unread All rooms You have read everything."


def test_a_delegate_without_rooms_is_told_how_they_open(cast: Cast) -> None:
    assert "No room is open to your delegation yet" in section(home(cast.chloe), "unread")
    assert "لم تُفتح لوفدكم أي غرفة نقاش بعد" in section(home(cast.chloe, "ar"), "unread")


def test_nothing_waits_and_the_page_says_so(cast: Cast) -> None:
    assert section(home(cast.amal), "waiting") == "What waits for you Nothing waits for you."
    assert section(home(cast.amal, "ar"), "waiting") == "ما ينتظركم لا شيء ينتظركم."


def test_a_vote_waits_for_the_delegations_on_its_roll_until_they_answer(
    cast: Cast, vote: AgendaItem
) -> None:
    title = "Application of Institute of Mexico for membership"
    assert waiting(home(cast.chloe)) == [(title, "Your institution will be asked to vote on this.")]
    open_vote(cast, vote)
    called = "The vote is open. Your institution has not been called yet."
    assert waiting(home(cast.chloe)) == [(title, called)]
    with translation.override("en"):
        address = reverse("assembly:agenda_item", args=[vote.meeting_id, vote.position])
    assert f'href="{address}"' in home(cast.chloe)
    vote.refresh_from_db()
    assert vote.vote is not None
    assembly.save_roll_call(
        poll=vote.vote,
        choices={cast.pl.pk: Choice.IN_FAVOUR},
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    assert waiting(home(cast.chloe)) == []
    assert waiting(home(cast.bilal)) == [(title, called)]


def test_no_vote_waits_for_who_does_not_vote(cast: Cast, vote: AgendaItem) -> None:
    associate = make_institution("MZ", membership_class=MembershipClass.ASSOCIATE)
    guest, reader = make_user("guest"), make_user("reader")
    make_mandate(guest, associate)
    make_mandate(reader, cast.kr, Capacity.OBSERVER)
    open_vote(cast, vote)
    assert waiting(home(guest)) == []
    page = home(reader)
    assert waiting(page) == []
    assert "You follow as an observer: nothing is asked of you." in page


def test_a_question_that_has_lapsed_waits_for_nobody(cast: Cast, vote: AgendaItem) -> None:
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    assert waiting(home(cast.amal)) == []


def test_a_past_meeting_asks_for_nothing(cast: Cast, vote: AgendaItem) -> None:
    day = timezone.now().date() - timedelta(days=9)
    Meeting.objects.update(starts_on=day, ends_on=day)
    assert waiting(home(cast.amal)) == []


def test_the_head_is_told_of_mandates_that_run_out_and_of_invitations(cast: Cast) -> None:
    colleague, later = make_user("colleague"), make_user("later")
    for user, days in ((colleague, 59), (later, 61)):
        mandate = make_mandate(user, cast.kr, Capacity.DELEGATE)
        Mandate.objects.filter(pk=mandate.pk).update(ends_at=timezone.now() + timedelta(days=days))
    invite(cast, cast.kr, "Fresh")
    invite(cast, cast.kr, "Stale", expired=True)
    invite(cast, cast.ng, "Other")
    titles = [title for title, _note in waiting(home(cast.amal))]
    assert titles == ["Colleague", "Stale", "Fresh"]  # what presses comes first
    assert waiting(home(colleague)) == []  # nothing for a delegate to do about it
    page = home(cast.amal)
    assert "expired on" in section(page, "waiting")
    assert "delegation/" in page


def test_the_focal_point_sees_their_people_and_invites_from_there(cast: Cast) -> None:
    focal = make_user("focal")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    User.objects.filter(pk=focal.pk).update(last_login=timezone.now())
    invite(cast, cast.kr, "Stale", expired=True)
    page = home(focal)
    people = section(page, "people")
    assert re.search(r"Amal head of delegation never signed in", people)
    assert "Focal national focal point Stale" in people  # signed in: no badge
    assert "Stale adviser · invited 20 days ago invitation expired" in people
    client = Client()
    client.force_login(focal)
    sent = {"email": "x@example.org", "name": "X", "capacity": "adviser", "language": "en"}
    action = re.findall(r'<form class="form form--quick" method="post" action="([^"]+)"', page)[0]
    assert client.post(action, {**sent, "email": "no"}).status_code == 422
    assert client.post(action, sent).status_code == 302
    assert Invitation.objects.filter(email="x@example.org", institution=cast.kr).exists()


def test_only_the_focal_point_has_the_section_of_people(cast: Cast) -> None:
    assert 'id="people"' not in home(cast.amal)


def test_the_chosen_mandate_decides_which_desk_it_is(cast: Cast) -> None:
    second = make_mandate(cast.amal, cast.ng, Capacity.FOCAL_POINT)
    client = Client()
    client.force_login(cast.amal)
    assert 'id="people"' not in client.get("/en/").content.decode()
    client.post("/en/mandates/choice/", {"mandate": second.pk, "next": "/en/"})
    page = client.get("/en/").content.decode()
    assert "Bilal" in section(page, "people")
    assert "<h1><bdi>Institution NG</bdi></h1>" in page


# --- Without a mandate ----------------------------------------------------------------------------
def test_whoever_has_no_mandate_is_told_why_and_whom_to_write_to(cast: Cast) -> None:
    Mandate.objects.filter(pk=cast.chloe_mandate.pk).update(ends_at=timezone.now())
    page = home(cast.chloe)
    assert "You hold no mandate at present" in page
    assert f'<a href="/en/members/{cast.qa.pk}/"><bdi>Institution QA</bdi></a>' in page
    assert re.match(r"Your mandates Institution PL *delegate ended on", section(page, "ended"))
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    assert "the membership of the institution is not active" in home(cast.amal)


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.parametrize("state", ApplicationState.values)
def test_a_contact_sees_the_way_of_the_application(cast: Cast, state: str, language: str) -> None:
    contact = make_user("applicant")
    application = application_in(state, cast, contact)
    if state == ApplicationState.ACTIVE:  # who is a delegate now has another desk
        Mandate.objects.filter(user=contact).update(ends_at=timezone.now())
    page = home(contact, language)
    assert f"/{language}/applications/{application.pk}/" in page
    has_way = state not in (ApplicationState.WITHDRAWN, ApplicationState.LAPSED)
    assert ('class="steps"' in page, page.count('aria-current="step"')) == (has_way, has_way)
    assert '<ol class="timeline">' in page
    assert page.count('<h2 class="card__title">') == 1


def test_a_contact_sees_what_is_missing_and_what_is_asked(cast: Cast) -> None:
    draft, asked = make_user("drafting"), make_user("asked")
    application_in(ApplicationState.DRAFT, cast, draft)
    application_in(ApplicationState.INFORMATION_REQUESTED, cast, asked)
    assert "<li>Credentials, as a file</li>" in home(draft)
    assert '<p dir="auto">Which laws?</p>' in home(asked)


def test_a_contact_sees_when_the_assembly_meets(cast: Cast, vote: AgendaItem) -> None:
    assert vote.application
    assert vote.application.contact
    assert str(vote.meeting.starts_on.year) in _text(home(vote.application.contact))
    assert "Seventh general assembly" in home(vote.application.contact)


# --- The secretariat ------------------------------------------------------------------------------
def waited(application: Application, days: int) -> None:
    since = timezone.now() - timedelta(days=days)
    Application.objects.filter(pk=application.pk).update(state_since=since)


def test_the_queue_stands_by_age_and_marks_what_is_overdue(cast: Cast) -> None:
    for days, name in ((3, "Young"), (DAYS_OF_STEP[ApplicationState.SUBMITTED] + 1, "Old")):
        application = make_application(
            make_user(name.lower()),
            state=ApplicationState.SUBMITTED,
            institution_names={"en": name},
        )
        waited(application, days)
    queue = section(home(cast.dina), "queue")
    assert re.search(r"Old Mexico · 15 days in this state overdue submitted Young", queue)
    assert queue.count("overdue") == 1
    assert waiting(home(cast.dina)) == [
        (
            "2 applications wait for the secretariat",
            "1 of them has waited for too long.",
        )
    ]
    assert "طلبا انضمام ينتظران الأمانة العامة" in home(cast.dina, "ar")


def test_the_secretariat_is_told_of_votes_and_of_meetings_that_are_not_prepared(
    cast: Cast, vote: AgendaItem
) -> None:
    open_vote(cast, vote)
    soon = timezone.now().date() + timedelta(days=20)
    Meeting.objects.create(kind=MeetingKind.BOARD, number=1, starts_on=soon)
    Meeting.objects.create(kind=MeetingKind.BOARD, number=2, starts_on=soon + timedelta(days=200))
    assert waiting(home(cast.dina)) == [
        (
            "Application of Institute of Mexico for membership",
            "The vote is open: 4 institutions have not been called yet.",
        ),
        ("Board meeting no. 1", "It is near, and has neither rules nor an agenda."),
    ]


def test_a_roll_that_was_called_to_its_end_waits_to_be_certified(
    cast: Cast, vote: AgendaItem
) -> None:
    open_vote(cast, vote)
    assembly.save_roll_call(
        poll=vote.poll,
        choices=dict.fromkeys(
            vote.poll.roll.values_list("institution", flat=True), Choice.IN_FAVOUR
        ),
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    page = home(cast.dina)
    assert waiting(page) == [
        (
            "Application of Institute of Mexico for membership",
            "All have been called: the result waits to be certified.",
        )
    ]
    assert reverse("assembly:review", args=[vote.meeting_id, vote.position]) in page


def test_the_secretariat_sees_invitations_unanswered_the_oldest_first(cast: Cast) -> None:
    invite(cast, cast.kr, "Fresh")
    invite(cast, cast.ng, "Stale", expired=True)
    invitations = section(home(cast.dina), "unanswered")
    assert re.match(
        "Invitations unanswered Stale Institution NG · adviser · invited 20 days ago"
        " invitation expired Fresh",
        invitations,
    )
    assert ("1 invitation has expired unanswered", "Each can be sent again or revoked.") in waiting(
        home(cast.dina)
    )


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_nobody_else_sees_what_is_the_secretariats(cast: Cast, language: str) -> None:
    for user in (cast.amal, cast.chloe):
        page = home(user, language)
        for name in ("queue", "unanswered", "failed", "figures"):
            assert f'id="{name}"' not in page
    page = home(cast.dina, language)
    for name in ("queue", "unanswered", "failed", "figures"):
        assert f'id="{name}"' in page


def fail(cast: Cast) -> ProcrastinateJob:
    """The job of an invitation's letter, after all its attempts."""
    invite(cast, cast.kr, f"Guest{ProcrastinateJob.objects.count()}")
    job = ProcrastinateJob.objects.latest("pk")
    with connection.cursor() as cursor:  # as the worker leaves it
        cursor.execute(
            "UPDATE procrastinate_jobs SET status = 'doing', attempts = 9 WHERE id = %s", [job.pk]
        )
        cursor.execute("SELECT procrastinate_finish_job_v1(%s, 'failed', false)", [job.pk])
    job.refresh_from_db()
    return job


def test_a_failed_letter_is_told_and_sent_again(cast: Cast) -> None:
    job = fail(cast)
    page = home(cast.dina)
    assert waiting(page)[0][0] == "1 letter could not be sent"
    assert re.search("Invitation .* 10 attempts Send again", section(page, "failed"))
    assert "guest" not in section(page, "failed").lower()  # whom it is for, the job does not say
    client = Client()
    client.force_login(cast.dina)
    assert "10 attempts" in client.get("/en/letters/failed/").content.decode()
    for told in ("The letter is on its way again.", "does not wait to be sent again any more"):
        response = client.post(f"/en/letters/{job.pk}/again/", follow=True)
        assert told in response.content.decode()
    job.refresh_from_db()
    assert (job.status, job.attempts) == ("todo", 11)
    entry = AuditEntry.objects.get(act="letter.sent_again")
    assert (entry.object_id, entry.actor_id) == (job.pk, cast.dina.pk)
    assert entry.after == {"task": "members.send_invitation", "attempts": 10}
    assert "failed letter sent again" in client.get("/en/audit-log/").content.decode()
    assert client.post("/en/letters/987654321/again/").status_code == 404


def test_a_letter_is_sent_again_by_the_secretariat_alone(cast: Cast) -> None:
    job = fail(cast)
    with pytest.raises(PermissionDenied):
        send_letter_again(job_id=job.pk, actor=cast.amal)
    send_letter_again(job_id=job.pk, actor=cast.dina)
    with pytest.raises(NotFailedError):
        send_letter_again(job_id=job.pk, actor=cast.dina)


def test_only_letters_are_sent_again(cast: Cast) -> None:
    job = fail(cast)
    ProcrastinateJob.objects.filter(pk=job.pk).update(task_name="records.check")
    with pytest.raises(NotFailedError):
        send_letter_again(job_id=job.pk, actor=cast.dina)
    assert "No letter has failed." in section(home(cast.dina), "failed")


def test_every_task_that_sends_letters_has_a_name() -> None:
    from procrastinate.contrib.django import app  # noqa: PLC0415  needs the registry of apps

    sending = {name for name in app.tasks if ".send_" in name}
    assert sending == set(TASKS)


# --- Figures --------------------------------------------------------------------------------------
def test_figures_count_by_month_in_universal_time(cast: Cast) -> None:
    room = make_room(cast)
    for author, mandate, at in (
        (cast.amal, cast.amal_mandate, datetime(2026, 1, 31, 23, 59, tzinfo=UTC)),
        (cast.amal, cast.amal_mandate, datetime(2026, 2, 1, 0, 0, tzinfo=UTC)),
        (cast.amal, cast.amal_mandate, datetime(2026, 2, 28, tzinfo=UTC)),
        (cast.bilal, cast.bilal_mandate, datetime(2026, 2, 28, tzinfo=UTC)),
        (cast.bilal, cast.bilal_mandate, datetime(2025, 3, 31, 23, 59, tzinfo=UTC)),
    ):
        message = say(room, author, mandate)
        Message.objects.filter(pk=message.pk).update(posted_at=at)
    make_application(
        make_user("applicant"),
        submitted_at=datetime(2026, 2, 3, tzinfo=UTC),
        decided_at=datetime(2026, 3, 1, tzinfo=UTC),
    )
    cache.clear()
    with timezone.override("Asia/Tokyo"):
        months = figures(date(2026, 3, 15))
    assert len(months) == MONTHS
    assert (months[0].first, months[-1].first) == (date(2025, 4, 1), date(2026, 3, 1))
    assert [(m.messages, m.delegates, m.submitted, m.decided) for m in months[-3:]] == [
        (1, 1, 0, 0),
        (3, 2, 1, 0),
        (0, 0, 0, 1),
    ]
    assert sum(month.messages for month in months) == 4


def test_figures_are_downloaded_as_a_table(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.dina)
    response = client.get("/ar/figures.csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    text = response.content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text)))
    assert rows[0] == [
        "الشهر",
        "الرسائل المنشورة",
        "المندوبون الذين كتبوا",
        "الطلبات المقدَّمة",
        "الطلبات المبتوت فيها",
    ]
    assert len(rows) == MONTHS + 1
    assert rows[-1][0] == f"{timezone.now():%Y-%m}"


def test_a_chart_runs_as_one_reads(cast: Cast) -> None:
    months = figures()
    places = {}
    for language in ("en", "ar"):
        with translation.override(language):
            bars = chart(months, submitted="a", decided="b")["bars"]
        places[language] = [float(bar.middle) for bar in bars]
    assert places["en"] == sorted(places["en"])
    assert places["ar"] == sorted(places["ar"], reverse=True)
    assert places["ar"] == pytest.approx(places["en"][::-1], abs=0.2)


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_chart_is_named_and_has_its_table(cast: Cast, language: str) -> None:
    page = home(cast.dina, language)
    charts = re.findall(r'<svg class="chart__picture".*?</svg>', page, re.DOTALL)
    assert len(charts) == 3
    for drawn in charts:
        label = re.findall(r'role="img" aria-labelledby="([\w-]+)"', drawn)[0]
        assert re.search(rf'<figcaption[^>]*id="{label}"', page)
        assert not re.search(r'\b(?:x|y|width|height)="[^"]*,', drawn)
    assert page.count("<caption") == 3


# --- The frame ------------------------------------------------------------------------------------
def keys(client: Client) -> list[str]:
    request = client.get("/en/").wsgi_request
    return [item.key for item in nav_items(request)]


def test_the_frame_leads_each_role_to_its_pages(cast: Cast) -> None:
    delegate = ["home", "search", "rooms", "meetings", "delegation", "members"]
    client = Client()
    client.force_login(cast.amal)
    assert set(delegate) <= set(keys(client))
    assert not {"applications", "audit_log", "letters"} & set(keys(client))
    client.force_login(cast.dina)
    assert {*delegate, "applications", "audit_log", "letters"} <= set(keys(client))
    client.force_login(make_user("applicant"))
    assert {"home", "search", "applications", "members"} <= set(keys(client))
    assert not {"rooms", "meetings", "delegation", "audit_log"} & set(keys(client))


def test_the_president_is_led_to_the_standing_of_members(cast: Cast) -> None:
    president = make_user("president")
    make_mandate(president, cast.qa, Capacity.HEAD)
    head = make_user("head")
    make_mandate(head, cast.kr, Capacity.HEAD)
    client = Client()
    client.force_login(head)
    assert "standing" not in keys(client)
    client.force_login(president)
    assert "standing" in keys(client)
    assert client.get(reverse("assembly:standing_monitor")).status_code == 200


def test_who_writes_an_application_is_led_to_it_with_a_mandate_too(cast: Cast) -> None:
    application = start_application(actor=make_user("applicant"))
    client = Client()
    client.force_login(cast.amal)
    assert "applications" not in keys(client)
    ApplicationEditor.objects.create(application=application, user=cast.amal)
    assert "applications" in keys(client)
    address = reverse("members:application", args=[application.pk])
    assert address in client.get(reverse("members:application_list")).content.decode()
    client.force_login(cast.dina)
    assert keys(client).count("applications") == 1


def test_the_frame_counts_what_is_unread(cast: Cast) -> None:
    rooms = [make_room(cast), make_room(cast)]
    for room in rooms:
        say(room, cast.bilal, cast.bilal_mandate)
    say(rooms[0], cast.bilal, cast.bilal_mandate)
    say(rooms[0], cast.amal, cast.amal_mandate)  # one's own is no news
    assert Room.objects.unread_total(cast.amal) == 3
    assert "3 unread messages" in home(cast.amal)
    mark_read(room=rooms[0], user=cast.amal, seq=99)
    assert Room.objects.unread_total(cast.amal) == 1
    assert Room.objects.unread_total(cast.chloe) == 0


def test_the_frame_stops_counting_at_a_hundred(cast: Cast) -> None:
    room = make_room(cast)
    for _ in range(COUNTED + 3):
        say(room, cast.bilal, cast.bilal_mandate)
    with CaptureQueriesContext(connection) as queries:
        assert Room.objects.unread_total(cast.amal) == COUNTED
    assert len(queries) == 1
    assert ">99+</bdi></span>" in home(cast.amal)


# --- What it costs --------------------------------------------------------------------------------
def _one_of_each(cast: Cast, number: int) -> None:
    contact = make_user(f"contact{number}")
    make_application(contact, state=ApplicationState.SUBMITTED)
    Meeting.objects.create(
        kind=MeetingKind.BOARD, number=number, starts_on=timezone.now().date() + timedelta(days=2)
    )
    fail(cast)
    invite(cast, cast.kr, f"Guest {number}".replace(" ", "."), expired=True)
    colleague = make_mandate(make_user(f"colleague{number}"), cast.kr, Capacity.DELEGATE)
    Mandate.objects.filter(pk=colleague.pk).update(ends_at=timezone.now() + timedelta(days=9))
    say(make_room(cast), cast.bilal, cast.bilal_mandate)


@pytest.mark.parametrize(
    ("who", "most"), [("dina", 21), ("amal", 20), ("focal", 19), ("contact", 13)]
)
def test_a_desk_costs_the_same_with_one_thing_and_with_three(
    cast: Cast, who: str, most: int, django_assert_num_queries: Any
) -> None:
    focal, contact = make_user("focal"), make_user("applicant")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    user = {"dina": cast.dina, "amal": cast.amal, "focal": focal, "contact": contact}[who]
    application_in(ApplicationState.INFORMATION_REQUESTED, cast, contact)
    _one_of_each(cast, 1)
    client = Client()
    client.force_login(user)
    client.get("/en/")
    with CaptureQueriesContext(connection) as one:
        client.get("/en/")
    assert len(one) <= most
    for number in (2, 3):
        _one_of_each(cast, number)
        application_in(ApplicationState.INFORMATION_REQUESTED, cast, contact)
    with django_assert_num_queries(len(one)):
        client.get("/en/")
