"""The private calendar address: who reads what at it, and when it leads nowhere."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from members.actions.calendar_feeds import (
    close_calendar_feed,
    open_calendar_feed,
    renew_calendar_feed,
)
from members.actions.erasure import erase_account
from members.actions.group_dates import cancel_date
from members.actions.groups import remove_group_member
from members.actions.mandates import reinstate_mandate, suspend_mandate
from members.actions.people import end_mandate
from members.enums import Capacity, GroupRole
from members.models import CalendarFeed, Group, Mandate, User
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.group_space import make_date
from tests.members.groups import make_group, office
from tests.portal.test_accounts import forget_limits


@pytest.fixture(autouse=True)
def forget(settings: Any) -> None:
    forget_limits(settings)


@pytest.fixture
def group(cast: Cast) -> Group:
    group = make_group(cast)
    make_date(group, office(cast))
    return group


def at(feed: CalendarFeed) -> str:
    return reverse("members:calendar_feed_file", args=[feed.token])


def titles(address: str) -> list[str]:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert answer.cookies == {}
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    return [str(event["summary"]) for event in events]


def test_it_holds_the_dates_of_ones_groups_as_they_are_at_the_moment(
    cast: Cast, group: Group
) -> None:
    other = make_group(cast, names={"en": "Security"}, members={cast.pl: GroupRole.CHAIR})
    make_date(other, office(cast), titles={"en": "Not Amal’s"})
    feed = open_calendar_feed(actor=cast.amal)
    assert titles(at(feed)) == ["Drafting – Culture"]
    assert titles(at(feed).replace("/en/", "/ar/")) == ["الصياغة – الثقافة"]
    first = Client().get(at(feed))
    same = Client().get(at(feed), headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    cancel_date(date=group.dates.get(), reason="No room.", **office(cast))
    assert b"STATUS:CANCELLED" in Client().get(at(feed)).content
    remove_group_member(group=group, institution=cast.kr, **office(cast))
    assert titles(at(feed)) == []
    assert titles(at(open_calendar_feed(actor=cast.chloe))) == ["Not Amal’s – Security"]
    # The secretariat's own: where it chairs.
    dina = open_calendar_feed(actor=cast.dina)
    assert titles(at(dina)) == []
    Group.objects.filter(pk=other.pk).update(secretariat_chairs=True)
    assert titles(at(dina)) == ["Not Amal’s – Security"]


def test_it_leads_nowhere_without_a_right(cast: Cast, group: Group, settings: Any) -> None:
    person = make_user("walid")
    held = make_mandate(person, cast.kr, Capacity.DELEGATE)
    feed = open_calendar_feed(actor=person)
    status = lambda: Client().get(at(feed)).status_code  # noqa: E731
    assert status() == 200
    suspend_mandate(suspending=held, reason="Leave.", actor=cast.dina)
    assert status() == 404
    reinstate_mandate(suspended=held, actor=cast.dina)
    User.objects.filter(pk=person.pk).update(is_active=False)
    assert status() == 404
    User.objects.filter(pk=person.pk).update(is_active=True)
    settings.SECOND_FACTOR_REQUIRED = True
    head = Mandate.objects.create(
        user=person, institution=cast.kr, capacity=Capacity.HEAD, starts_at=timezone.now()
    )
    assert status() == 404  # until there is one
    end_mandate(ending=head, actor=cast.dina)
    assert status() == 200
    end_mandate(ending=held, actor=cast.dina)
    assert status() == 404
    with pytest.raises(PermissionDenied):
        renew_calendar_feed(actor=person)
    erase_account(actor=person)
    assert not CalendarFeed.objects.exists()


def test_it_is_made_once_replaced_and_closed(cast: Cast) -> None:
    feed = open_calendar_feed(actor=cast.amal)
    assert open_calendar_feed(actor=cast.amal) == feed
    old, kept = at(feed), str(CalendarFeed.objects.values_list().get())
    assert feed.token not in kept
    new = at(renew_calendar_feed(actor=cast.amal))
    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    for _twice in range(2):
        close_calendar_feed(actor=cast.amal)
    assert Client().get(new).status_code == 404
    acts = AuditEntry.objects.filter(act__startswith="person.calendar").order_by("number")
    assert [each.act.rpartition("_")[2] for each in acts] == ["opened", "renewed", "closed"]
    assert {(each.actor_id, str(each.before), str(each.after)) for each in acts} == {
        (cast.amal.pk, "{}", "{}")
    }


def test_the_page_shows_it_after_the_password(cast: Cast) -> None:
    page = reverse("members:calendar_feed")
    assert "reauthenticate" in signed_in(cast.amal, proved=False).get(page)["Location"]
    client = signed_in(cast.amal)
    assert "Make my address" in client.get(page).content.decode()
    assert client.post(page)["Location"] == page
    feed = CalendarFeed.objects.get()
    assert (feed.user, at(feed) in client.get(page).content.decode()) == (cast.amal, True)
    assert client.post(page, {"renew": "1"})["Location"] == page
    assert at(feed) not in client.get(page).content.decode()
    assert client.post(reverse("members:close_calendar_feed")).status_code == 302
    assert signed_in(make_user("nobody")).get(page).status_code == 404
    assert page in client.get(reverse("members:settings")).content.decode()


@pytest.mark.usefixtures("one_moment")
def test_one_who_asks_too_often_waits(cast: Cast) -> None:
    feed = open_calendar_feed(actor=cast.amal)
    statuses = [Client().get(at(feed)).status_code for _ in range(61)]
    assert statuses == [200] * 60 + [429]


def test_it_costs_the_same_however_many_dates(cast: Cast, group: Group) -> None:
    address = at(open_calendar_feed(actor=cast.amal))
    with CaptureQueriesContext(connection) as one:
        Client().get(address)
    for days in (1, 2):
        start = timezone.now() + timedelta(days=days)
        more = make_group(cast, names={"en": f"Group {days}"})
        make_date(more, office(cast), starts_at=start, ends_at=start + timedelta(hours=1))
    with CaptureQueriesContext(connection) as three:
        assert len(titles(address)) == 3
    assert len(three) == len(one)
