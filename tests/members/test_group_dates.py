"""The calendar of a group: who sets dates, who is told, whose clocks, and what other tabs see."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.group_dates import StaleDateError, cancel_date, change_date, set_date
from members.actions.group_life import close_group
from members.actions.groups import GroupClosedError, add_group_members, remove_group_member
from members.enums import Capacity, GroupRole
from members.forms.group_space import GroupDateForm
from members.group_times import said_elsewhere, said_in
from members.models import Group, GroupDate, GroupDateVersion
from members.tasks_group_dates import send_date_letter, tell_members
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.members.group_space import HOUR, make_date, past, said, typed
from tests.members.groups import by, make_group, office, signed_in


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


@pytest.fixture
def chair(cast: Cast) -> dict[str, Any]:
    return by(cast.amal, cast.amal_mandate)


def at(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def jobs(task: str) -> list[dict[str, Any]]:
    waiting = ProcrastinateJob.objects.filter(task_name=f"members.{task}", status="todo")
    return [job.args for job in waiting.order_by("id")]


def told_of(version: GroupDateVersion, actor: int) -> list[int]:
    before = len(jobs("send_date_letter"))
    tell_members(version_id=version.pk, actor_id=actor)
    return sorted(job["user_id"] for job in jobs("send_date_letter")[before:])


# --- Setting --------------------------------------------------------------------------------------
def test_the_chair_sets_a_date_by_the_clocks_of_a_zone(cast: Cast, group: Group) -> None:
    answer = signed_in(cast.amal).post(at("new_group_date", group.pk), typed())
    date = GroupDate.objects.get()
    assert answer["Location"] == at("group_date", group.pk, date.pk)
    assert (date.starts_at, date.ends_at) == (
        datetime(2027, 3, 12, 8, tzinfo=UTC),
        datetime(2027, 3, 12, 10, 30, tzinfo=UTC),
    )
    [entry] = AuditEntry.objects.filter(object_type="members.groupdate")
    assert (entry.act, entry.after["starts_at"]) == ("group.date_set", "2027-03-12T08:00:00+00:00")
    version = GroupDateVersion.objects.get()
    assert jobs("tell_members_of_date") == [{"version_id": version.pk, "actor_id": cast.amal.pk}]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"title_en": ""}, "title_en"),
        ({"last_day": "2027-03-11"}, "last_day"),
        ({"last_day": "2029-03-11"}, "last_day"),
        ({"last_hour": ""}, "last_hour"),
        ({"last_hour": "09:00"}, "last_hour"),
        ({"first_day": "1850-01-01"}, "first_day"),
        ({"zone": "Mars/Olympus"}, "zone"),
        ({"first_day": "2027-03-28", "first_hour": "02:30", "zone": "Europe/Paris"}, "first_hour"),
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "ftp://example.org/"}, "link"),
    ],
)
def test_what_is_no_date_is_refused(wrong: dict[str, str], field: str) -> None:
    form = GroupDateForm(typed(**wrong))
    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_whole_days_end_with_the_last(cast: Cast, group: Group, chair: dict[str, Any]) -> None:
    form = GroupDateForm(
        typed(first_hour="", last_hour="", last_day="2027-03-14", zone="Asia/Seoul")
    )
    assert form.is_valid()
    date = set_date(group=group, said=form.said(), **chair)
    assert date.ends_at == datetime(2027, 3, 14, 15, tzinfo=UTC)
    assert (date.first_day.day, date.last_day.day) == (12, 14)
    for zone in ("UTC", "America/Lima"):  # days are days, wherever they are read
        with timezone.override(zone):
            assert (said_in(date), said_elsewhere(date)) == ("12–14 March 2027", [])
    assert GroupDateForm.initial_of(date)["last_day"] == date.last_day


def test_hours_are_the_readers_and_those_it_was_set_by(
    cast: Cast, group: Group, chair: dict[str, Any]
) -> None:
    date = make_date(
        group,
        chair,
        starts_at=datetime(2027, 3, 12, 22, tzinfo=UTC),
        ends_at=datetime(2027, 3, 12, 23, tzinfo=UTC),
    )
    with timezone.override("Africa/Cairo"):
        assert said_in(date) == "13 March 2027 · 00:00–01:00 (\u2066Africa/Cairo,\u00a0UTC+2\u2069)"
        assert said_elsewhere(date) == [
            "13 March 2027 · 07:00–08:00 (\u2066Asia/Seoul,\u00a0UTC+9\u2069)",
            "12 March 2027 · 22:00–23:00 (\u2066UTC\u2069)",
        ]


def test_only_who_runs_the_group_sets_dates(
    cast: Cast, group: Group, chair: dict[str, Any]
) -> None:
    date = make_date(group, chair)
    bilal = by(cast.bilal, cast.bilal_mandate)
    for act in (
        lambda: make_date(group, bilal),
        lambda: change_date(date=date, version=1, said=said(), **bilal),
        lambda: cancel_date(date=date, reason="No", **bilal),
    ):
        with pytest.raises(PermissionDenied):
            act()
    assert make_date(group, office(cast)).number == 1
    close_group(group=group, reason="Done", **office(cast))
    with pytest.raises(GroupClosedError):
        make_date(group, office(cast))
    amal = signed_in(cast.amal)
    assert amal.get(at("edit_group_date", group.pk, date.pk)).status_code == 403
    html = amal.get(at("group_calendar", group.pk)).content.decode()
    assert "Drafting" in html
    assert at("new_group_date", group.pk) not in html


# --- Changing -------------------------------------------------------------------------------------
def test_a_second_tab_sees_both_and_loses_nothing(
    cast: Cast, group: Group, chair: dict[str, Any]
) -> None:
    date = make_date(group, chair)
    page = at("edit_group_date", group.pk, date.pk)
    sent = typed(version="1", place="Cairo")
    assert signed_in(cast.amal).post(page, sent).status_code == 302
    dina = signed_in(cast.dina)
    answer = dina.post(page, typed(version="1", place="Doha", title_en="Third reading"))
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "Cairo" in html
    assert 'value="Doha"' in html
    assert 'value="Third reading"' in html
    again = typed(version="2", place="Doha", title_en="Third reading")
    assert dina.post(page, again).status_code == 302
    assert dina.post(page, {**again, "version": "3"}).status_code == 302  # the same: no version
    rows = GroupDateVersion.objects.of_date(date)
    assert [(v.number, v.place, v.told) for v in rows] == [
        (3, "Doha", "moved"),
        (2, "Cairo", "moved"),
        (1, "Seoul", "set"),
    ]
    html = signed_in(cast.bilal).get(at("group_date", group.pk, date.pk)).content.decode()
    assert "Cairo" in html  # what stood can be read
    cancel_date(date=date, reason="No", **chair)
    with pytest.raises(StaleDateError):
        change_date(date=date, version=4, said=said(), **chair)
    cancel_date(date=date, reason="Again", **chair)  # repeated: nothing
    date.refresh_from_db()
    assert (date.cancel_reason, date.number) == ("No", 4)
    assert dina.post(page, {**again, "version": "4"}).status_code == 409


# --- Telling --------------------------------------------------------------------------------------
def test_who_is_told_and_of_what(cast: Cast, group: Group, chair: dict[str, Any]) -> None:
    add_group_members(group=group, institutions=[cast.pl], role=GroupRole.OBSERVER)
    watcher = make_user("watcher")
    make_mandate(watcher, cast.ng, Capacity.OBSERVER)
    date = make_date(group, chair)
    first = GroupDateVersion.objects.get()
    assert told_of(first, cast.amal.pk) == sorted([cast.bilal.pk, cast.chloe.pk, watcher.pk])
    same = {**said(), "starts_at": date.starts_at, "ends_at": date.ends_at}
    change_date(date=date, version=1, said={**same, "descriptions": {"en": "More"}}, **chair)
    later = {**same, "descriptions": {"en": "More"}, "ends_at": date.ends_at + HOUR}
    change_date(date=date, version=2, said=later, **chair)
    cancel_date(date=date, reason="Nobody can come.", **chair)
    make_date(group, chair, **{k: past()[k] for k in ("starts_at", "ends_at")})
    assert [v.told for v in GroupDateVersion.objects.order_by("pk")] == [
        "set",
        "",
        "moved",
        "cancelled",
        "",
    ]
    assert len(jobs("tell_members_of_date")) == 3

    last = GroupDateVersion.objects.get(told="cancelled")
    send_date_letter(version_id=first.pk, user_id=cast.bilal.pk)  # old news
    send_date_letter(version_id=last.pk, user_id=cast.dina.pk)  # not of the group
    remove_group_member(group=group, institution=cast.pl, **office(cast))
    send_date_letter(version_id=last.pk, user_id=cast.chloe.pk)  # no longer
    assert mail.outbox == []
    cast.bilal.time_zone = "Africa/Lagos"
    cast.bilal.save()
    send_date_letter(version_id=last.pk, user_id=cast.bilal.pk)
    [letter] = mail.outbox
    assert letter.to == ["bilal@example.org"]
    assert letter.subject == "A date of a group was cancelled"
    body = str(letter.body)
    hour = last.starts_at.astimezone(ZoneInfo("Africa/Lagos"))
    for words in (
        "“Drafting”, a date of “Culture”, was cancelled.",
        f"{hour:%H:%M}–",
        "Africa/Lagos",
        "Asia/Seoul",
        "Place: Seoul",
        "Nobody can come.",
        at("group_date", group.pk, date.pk),
    ):
        assert words in body


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_letters_are_in_the_language_of_the_reader(
    cast: Cast, group: Group, chair: dict[str, Any], language: str
) -> None:
    date = make_date(group, chair)
    cast.bilal.language = language
    cast.bilal.save()
    send_date_letter(version_id=GroupDateVersion.objects.get(date=date).pk, user_id=cast.bilal.pk)
    assert "A new date" not in mail.outbox[0].subject
    assert "Place:" not in mail.outbox[0].body


# --- Reading --------------------------------------------------------------------------------------
def test_the_calendar_has_what_comes_and_what_is_past(
    cast: Cast, group: Group, chair: dict[str, Any]
) -> None:
    make_date(group, chair)
    client = signed_in(cast.bilal)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(at("group_calendar", group.pk))
        assert answer.status_code == 200
        return len(captured)

    cost()
    before = cost()
    set_date(group=group, said=past(titles={"en": "Opening"}), **chair)
    last = make_date(group, chair, titles={"en": "Closing"})
    cancel_date(date=last, reason="No", **chair)
    assert cost() == before + 1  # the rows of the past
    html = client.get(at("group_calendar", group.pk)).content.decode()
    assert html.index("Drafting") < html.index("Closing") < html.index('id="past"')
    assert html.index('id="past"') < html.index("Opening")
    assert html.count(">cancelled</span>") == 1
    assert signed_in(cast.chloe).get(at("group_calendar", group.pk)).status_code == 404
    elsewhere = make_group(cast, names={"en": "Other"})
    assert client.get(at("group_date", elsewhere.pk, last.pk)).status_code == 404


def test_other_calendars_read_it(cast: Cast, group: Group, chair: dict[str, Any]) -> None:
    date = make_date(group, chair, descriptions={"en": "Bring, please; the\ndraft"})
    days = make_date(
        group,
        chair,
        starts_at=datetime(2027, 3, 11, 15, tzinfo=UTC),
        ends_at=datetime(2027, 3, 13, 15, tzinfo=UTC),
        has_hours=False,
    )
    cancel_date(date=days, reason="No", **chair)
    client = signed_in(cast.bilal)
    answer = client.get(at("group_calendar_file", group.pk))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    events = {e["uid"]: e for e in Calendar.from_ical(answer.content).walk("VEVENT")}
    assert len(events) == 2
    one = next(e for uid, e in events.items() if uid.startswith(f"group-date-{date.pk}@"))
    assert (one["dtstart"].dt, one["dtend"].dt) == (date.starts_at, date.ends_at)
    assert (one["status"], one["sequence"], str(one["summary"])) == ("CONFIRMED", 0, "Drafting")
    assert str(one["description"]) == "Bring, please; the\ndraft"
    other = next(e for uid, e in events.items() if uid.startswith(f"group-date-{days.pk}@"))
    assert (other["dtstart"].dt.day, other["dtend"].dt.day) == (12, 14)
    assert (other["status"], other["sequence"]) == ("CANCELLED", 1)
    alone = client.get(at("group_date_file", group.pk, date.pk))
    assert len(Calendar.from_ical(alone.content).walk("VEVENT")) == 1
