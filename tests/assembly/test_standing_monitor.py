"""How members stand: what is counted, what wants attention, who reads it, what is written of it."""

import csv
import io
import re
from datetime import UTC, date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from assembly.actions import record_past_delegations
from assembly.enums import Choice, PollState
from assembly.models import AgendaItem, Meeting, Poll, RollEntry, RuleSet
from assembly.monitor import members_at, standing_of, standings
from assembly.standing_words import drafted
from members.actions.dues import StaleDuesError, open_dues_of_year, settle_dues
from members.actions.notices import (
    StaleNoticeError,
    change_notice,
    discard_notice,
    draft_notice,
    send_notice,
)
from members.emails_notices import send_notice_letter
from members.enums import Capacity, MembershipClass, MembershipState
from members.enums_standing import DuesState, NoticeSubject
from members.models import Dues, Institution, Mandate, Membership, StandingNotice
from members.models.people import end_of
from records.models import AuditEntry
from tests.assembly.conftest import make_meeting
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.members.memberships import suspend
from tests.races import at_once

pytestmark = pytest.mark.django_db
OWED: dict[str, Any] = {
    "amount": Decimal("5000.00"),
    "currency": "USD",
    "due_on": date(2020, 3, 31),
    "paid_on": None,
    "waiver_reason": "",
}


@pytest.fixture
def past(rules: RuleSet) -> list[Meeting]:
    """Four assemblies that are over, the latest first."""
    return [make_meeting(rules, number=9 - n, in_days=-100 * (n + 1)) for n in range(4)]


def were_at(meeting: Meeting, *countries: str) -> None:
    record_past_delegations(meeting=meeting, countries=countries)


def stands(institution: Institution) -> Any:
    return standing_of(institution, timezone.now())


def owe(cast: Cast, institution: Institution, year: int, version: int = 0, **said: Any) -> Dues:
    return settle_dues(
        institution=institution,
        year=year,
        said={**OWED, **said},
        version=version,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


# --- Attendance -----------------------------------------------------------------------------------
def test_three_absences_in_a_row_are_marked_and_what_nobody_recorded_does_not_count(
    cast: Cast, past: list[Meeting]
) -> None:
    were_at(past[0], "NG")
    were_at(past[2], "NG")
    were_at(past[3], "KR", "NG")
    korea = stands(cast.kr)
    assert (korea.attended, korea.missed, korea.in_a_row, korea.is_absent) == (1, 2, 2, False)
    were_at(past[1], "NG")
    korea, nigeria = stands(cast.kr), stands(cast.ng)
    assert (korea.in_a_row, korea.is_absent) == (3, True)
    assert [each.meeting for each in korea.missed_in_a_row] == past[:3]
    assert (nigeria.attended, nigeria.missed, nigeria.wants) == (4, 0, [])


def test_a_roll_call_says_it_too_where_nothing_else_was_recorded(
    cast: Cast, past: list[Meeting], rules: RuleSet
) -> None:
    item = AgendaItem.objects.create(meeting=past[0], position=1, titles={"en": "A question"})
    certified = {"certified_at": timezone.now(), "certified_by": cast.dina, "outcome": "adopted"}
    poll = Poll.objects.create(
        agenda_item=item,
        rules=rules,
        state=PollState.CERTIFIED,
        opened_at=timezone.now(),
        opened_by=cast.dina,
        **certified,
    )
    for position, (who, choice) in enumerate(((cast.kr, Choice.ABSENT), (cast.ng, Choice.AGAINST))):
        RollEntry.objects.create(poll=poll, position=position, institution=who, choice=choice)
    assert [each.was_there for each in stands(cast.kr).assemblies] == [False]
    assert [each.was_there for each in stands(cast.ng).assemblies] == [True]
    assert stands(cast.pl).assemblies == []


def test_nobody_is_absent_before_they_were_members_or_while_they_were_suspended(
    cast: Cast, past: list[Meeting]
) -> None:
    for meeting in past:
        were_at(meeting, "NG")
    Membership.objects.filter(institution=cast.kr).update(since=past[1].starts_on)
    assert stands(cast.kr).missed == 2
    suspended = {"since": past[0].starts_on, "state": MembershipState.SUSPENDED}
    Membership.objects.filter(institution=cast.kr).update(until=past[0].starts_on)
    Membership.objects.create(institution=cast.kr, membership_class="full", **suspended)
    assert stands(cast.kr).missed == 1
    Membership.objects.filter(institution=cast.pl).update(since=None)
    assert stands(cast.pl).missed == 0  # since when, no source says


# --- Dues -----------------------------------------------------------------------------------------
def test_dues_are_entered_corrected_and_every_step_stands_in_the_log(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        settle_dues(
            institution=cast.kr,
            year=2020,
            said=OWED,
            version=0,
            actor=cast.amal,
            mandate=cast.amal_mandate,
        )
    for _twice in range(2):
        row = owe(cast, cast.kr, 2020)
    assert (row.state, stands(cast.kr).wants) == (DuesState.OVERDUE, [NoticeSubject.DUES])
    with pytest.raises(StaleDuesError):
        owe(cast, cast.kr, 2020, paid_on=date(2020, 5, 1))
    assert owe(cast, cast.kr, 2020, 1, paid_on=date(2020, 5, 1)).state == DuesState.PAID
    waived = owe(cast, cast.kr, 2020, 2, waiver_reason="War.")
    assert (waived.state, stands(cast.kr).wants) == (DuesState.WAIVED, [])
    entries = AuditEntry.objects.filter(object_type="members.dues").order_by("pk")
    assert [e.act for e in entries] == ["dues.entered", "dues.changed", "dues.changed"]
    assert entries[1].before["paid_on"] is None
    assert entries[1].after["paid_on"] == "2020-05-01"
    assert entries[2].after["waived_because"] == "War."


def test_the_dues_of_a_year_are_entered_for_whoever_has_none(cast: Cast) -> None:
    make_institution("MX", membership_class=MembershipClass.OBSERVER)
    owe(cast, cast.kr, 2026, amount=Decimal(1))
    year: dict[str, Any] = {
        "year": 2026,
        "classes": [MembershipClass.FULL],
        "amount": Decimal(5000),
        "currency": "USD",
        "due_on": None,
        "actor": cast.dina,
        "mandate": cast.dina_mandate,
    }
    assert {row.institution_id for row in open_dues_of_year(**year)} == {
        cast.ng.pk,
        cast.pl.pk,
        cast.qa.pk,
    }
    assert open_dues_of_year(**year) == []
    assert cast.kr.dues.get().amount == 1
    with pytest.raises(PermissionDenied):
        open_dues_of_year(**{**year, "actor": cast.amal})


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_same_year_at_once_one_is_told(cast: Cast) -> None:
    ends = at_once(
        lambda: owe(cast, cast.kr, 2020), lambda: owe(cast, cast.kr, 2020, amount=Decimal(1))
    )
    assert ends == ["done", "stale"]


# --- Notices --------------------------------------------------------------------------------------
def drafted_for(cast: Cast) -> StandingNotice:
    titles, bodies = drafted("dues", stands(cast.kr), None, ["ar", "en"])
    return draft_notice(
        institution=cast.kr,
        subject="dues",
        titles=titles,
        bodies=bodies,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


def send(cast: Cast, notice: StandingNotice, **more: Any) -> StandingNotice:
    said = {"titles": notice.titles, "bodies": notice.bodies, "version": notice.version, **more}
    return send_notice(**{"notice": notice, "actor": cast.dina, "mandate": None, **said})


def test_a_notice_is_drafted_with_the_facts_and_sent_once_by_a_person(cast: Cast) -> None:
    focal = make_user("focal", language="ar")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    make_mandate(make_user("adviser"), cast.kr, Capacity.ADVISER)
    owe(cast, cast.kr, 2020)
    notice = drafted_for(cast)
    assert drafted_for(cast) == notice
    assert "5000.00 USD, due on 31 March 2020" in notice.bodies["en"]
    assert "5000,00 USD" in notice.bodies["ar"]
    assert "Institution KR" in notice.bodies["ar"]
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_notice_letter")
    assert not jobs.exists()
    with pytest.raises(PermissionDenied):
        send(cast, notice, actor=cast.amal)
    for _twice in range(2):
        send(cast, notice)
    assert sorted(job.args["user_id"] for job in jobs) == [cast.amal.pk, focal.pk]
    notice.refresh_from_db()
    assert set(notice.recipients.all()) == {cast.amal, focal}
    assert (notice.sent_by, notice.is_sent) == (cast.dina, True)
    send_notice_letter(notice_id=notice.pk, user_id=focal.pk)
    assert (mail.outbox[0].subject, mail.outbox[0].to) == (notice.titles["ar"], [focal.email])
    assert "5000,00 USD" in mail.outbox[0].body
    acts = AuditEntry.objects.filter(object_type="members.standingnotice").order_by("pk")
    assert [e.act for e in acts] == ["notice.drafted", "notice.sent"]
    with pytest.raises(StaleNoticeError):
        discard_notice(notice=notice, version=notice.version, actor=cast.dina, mandate=None)


def test_a_letter_leads_where_its_reader_may_go(cast: Cast) -> None:
    head = make_user("head")
    make_mandate(head, cast.kr, Capacity.HEAD)
    notice = drafted_for(cast)
    send(cast, notice)
    seen = []
    for is_suspended in (False, True):
        if is_suspended:
            suspend(cast, cast.kr)
        send_notice_letter(notice_id=notice.pk, user_id=head.pk)
        [path] = re.findall(r"https?://[^/\s]+(/\S+)", mail.outbox[-1].body)
        client = Client()
        client.force_login(head)
        seen.append((path, client.get(path).status_code))
    here = reverse("members:institution", args=[cast.kr.pk])
    assert seen == [(reverse("assembly:standing", args=[cast.kr.pk]), 200), (here, 200)]


def test_a_draft_is_changed_or_discarded_and_nobody_overwrites_unseen(cast: Cast) -> None:
    owe(cast, cast.kr, 2020)
    notice = drafted_for(cast)
    said: dict[str, Any] = {"titles": notice.titles, "bodies": {"en": "Please pay."}, "version": 1}
    for _twice in range(2):
        change_notice(notice=notice, actor=cast.dina, mandate=None, **said)
    with pytest.raises(StaleNoticeError):
        send(cast, notice)
    for _twice in range(2):
        discard_notice(notice=notice, version=2, actor=cast.dina, mandate=None)
    assert drafted_for(cast) != notice
    assert not ProcrastinateJob.objects.filter(task_name="members.send_notice_letter").exists()


def test_without_a_reader_nothing_is_sent(cast: Cast) -> None:
    Mandate.objects.filter(institution=cast.kr).update(capacity=Capacity.ADVISER)
    with pytest.raises(ValidationError, match="neither a head"):
        send(cast, drafted_for(cast))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_send_at_once_one_sends(cast: Cast) -> None:
    other = make_user("other")
    make_mandate(other, cast.qa, Capacity.SECRETARIAT)
    notice = drafted_for(cast)
    ends = at_once(lambda: send(cast, notice), lambda: send(cast, notice, actor=other))
    assert ends == ["done", "stale"]
    assert ProcrastinateJob.objects.filter(task_name="members.send_notice_letter").count() == 1


# --- The pages ------------------------------------------------------------------------------------
@pytest.fixture
def watched(cast: Cast, past: list[Meeting]) -> Cast:
    """Korea was absent three times, owes, a mandate runs out, its profile is old."""
    for meeting in past[:3]:
        were_at(meeting, "NG", "PL", "QA")
    owe(cast, cast.kr, 2020)
    soon = timezone.now().date() + timedelta(days=20)
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=end_of(soon, UTC))
    Institution.objects.filter(pk=cast.kr.pk).update(
        created_at=timezone.now() - timedelta(days=400)
    )
    return cast


def test_the_monitor_shows_narrows_orders_and_is_taken_along(client: Client, watched: Cast) -> None:
    assert stands(Institution.objects.get(pk=watched.kr.pk)).wants == list(NoticeSubject)
    client.force_login(watched.dina)
    url = reverse("assembly:standing_monitor")
    page = client.get(url, {"wants": "any", "order": "absences"})
    [line] = page.context["page"].object_list
    assert line.institution == watched.kr
    assert "absent from the last 3" in page.content.decode()
    assert len(client.get(url).context["page"].object_list) == 4
    answer = client.post(reverse("assembly:export_standing"), {"form": "csv", "wants": "dues"})
    [_head, row] = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
    assert row[4:8] == ["0", "3", "3", "2020 5000.00 USD"]
    assert AuditEntry.objects.get(act="standing.exported").after["number_of_rows"] == 1


def test_from_the_standing_to_a_notice_that_is_sent(client: Client, watched: Cast) -> None:
    client.force_login(watched.dina)
    standing = reverse("assembly:standing", args=[watched.kr.pk])
    assert client.get(standing).content.decode().count("Draft a notice") == 4
    draft = client.post(
        reverse("assembly:draft_notice", args=[watched.kr.pk]), {"subject": "absences"}
    )
    url = draft.headers["location"]
    said = {"version": "1", "title_en": "Absences", "body_en": "Will you come?"}
    assert client.post(url, {**said, "body_en": "", "act": "send"}).status_code == 422
    assert client.post(url, {**said, "version": "7", "act": "send"}).status_code == 409
    for _twice in range(2):
        assert client.post(url, {**said, "act": "send"}).headers["location"] == standing
    client.force_login(watched.amal)
    assert "Will you come?" in client.get(url).content.decode()
    own = client.get(standing).content.decode()
    assert "Absences" in own
    assert "Draft a notice" not in own
    assert client.get(reverse("assembly:standing_monitor")).status_code == 404
    client.force_login(watched.bilal)
    assert client.get(standing).status_code == client.get(url).status_code == 404


def test_a_draft_is_the_secretariats_alone_and_the_president_reads_the_rest(
    client: Client, watched: Cast
) -> None:
    notice = drafted_for(watched)
    url = reverse("assembly:notice", args=[watched.kr.pk, notice.pk])
    president = make_user("president")
    make_mandate(president, watched.qa, Capacity.HEAD)
    client.force_login(president)
    assert client.get(reverse("assembly:standing_monitor")).status_code == 200
    assert client.get(reverse("assembly:standing", args=[watched.kr.pk])).status_code == 200
    assert client.get(url).status_code == 404
    assert client.post(reverse("assembly:export_standing"), {"form": "csv"}).status_code == 404
    client.force_login(watched.amal)
    assert client.get(url).status_code == 404


def test_dues_are_entered_on_a_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    url = reverse("assembly:new_dues", args=[cast.kr.pk])
    said = {"version": "0", "year": "2020", "amount": "12.50", "due_on": "2020-03-31"}
    assert client.post(url, said).status_code == 422  # without a currency
    paid = {**said, "currency": "usd", "paid_on": "2020-03-01"}
    assert client.post(url, paid).status_code == 302
    row = cast.kr.dues.get()
    assert (row.amount, row.currency, row.state) == (Decimal("12.50"), "USD", DuesState.PAID)
    stale = client.post(url, {**paid, "amount": "1"})
    assert stale.status_code == 409
    again = reverse("assembly:dues", args=[cast.kr.pk, 2020])
    waived = {"version": "1", "waiver_reason": "War.", "paid_on": "2020-03-01"}
    assert client.post(again, waived).status_code == 422  # paid and waived
    assert client.post(again, {**waived, "paid_on": ""}).status_code == 302
    assert client.get(reverse("assembly:dues", args=[cast.kr.pk, 2021])).status_code == 404


def test_it_costs_the_same_for_one_member_and_for_many(watched: Cast) -> None:
    at = timezone.now()
    with CaptureQueriesContext(connection) as one:
        standings([watched.kr], at)
    everybody = members_at(at, today=True)
    assert len(everybody) == 4
    with CaptureQueriesContext(connection) as all_of_them:
        standings(everybody, at)
    assert len(one) == len(all_of_them) == 9
