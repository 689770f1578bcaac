"""Days of memberships and of dues are the network's, as those of terms are: at half past ten in the
evening, in UTC, it is the next day in Doha.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from members.actions.institutions import open_standing
from members.enums import ApplicationState, MembershipState
from members.enums_standing import DuesState
from members.forms.memberships import ActForm
from members.forms.standing import DuesForm
from members.models import Dues, Group, Institution, Reviewer, network_today
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import application_in
from tests.members.memberships import now, suspend

YESTERDAY, TODAY, TOMORROW = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)


@pytest.fixture(autouse=True)
def late_in_doha(settings: Any) -> Iterator[None]:
    settings.NETWORK_TIME_ZONE = "Asia/Qatar"
    with time_machine.travel(datetime.fromisoformat("2026-03-10T22:30:00+00:00"), tick=False):
        yield


def test_an_act_holds_from_the_networks_today(cast: Cast) -> None:
    assert network_today() == TODAY
    form = ActForm(standing=now(cast.kr))
    assert form.initial["since"] == TODAY
    assert form.fields["since"].widget.attrs["max"] == "2026-03-11"
    page = reverse("members:change_standing", args=[cast.kr.pk, "suspension"])
    typed = {"standing": now(cast.kr).pk, "reason": "Absent three times."}
    client = signed_in(cast.dina)
    assert client.post(page, {**typed, "since": "2026-03-12"}).status_code == 422
    with pytest.raises(ValidationError) as refused:
        suspend(cast, since=TOMORROW)
    assert refused.value.code == "wrong_day"
    assert client.post(page, {**typed, "since": "2026-03-11"}).status_code == 302
    assert now(cast.kr).since == TODAY
    assert [each.until for each in cast.kr.memberships.order_by("pk")] == [TODAY, None]


def test_who_is_admitted_and_active_is_so_from_it(cast: Cast) -> None:
    contact = make_user("contact")
    admitted = application_in(ApplicationState.ADMITTED, cast, contact)
    assert admitted.institution
    assert now(admitted.institution).since == TODAY
    active = application_in(ApplicationState.ACTIVE, cast, make_user("other"))
    assert active.institution
    assert now(active.institution).since == TODAY
    assert now(active.institution).joined_on == TODAY


def test_what_has_no_first_day_ends_what_stood_on_it(cast: Cast) -> None:
    kept = Institution.objects.get(pk=cast.kr.pk)
    before = now(kept)
    fields = {"membership_class": "full", "state": MembershipState.SUSPENDED}
    open_standing(kept, before, since=None, **fields)
    assert before.until == TODAY


def test_dues_are_overdue_from_the_day_after(cast: Cast) -> None:
    dues = Dues(institution=cast.kr, year=2026, due_on=YESTERDAY)
    assert dues.state == DuesState.OVERDUE
    dues.due_on = TODAY
    assert dues.state == DuesState.OPEN
    dues.paid_on = TODAY
    assert dues.state == DuesState.PAID


@pytest.mark.parametrize(("day", "is_taken"), [("2026-03-11", True), ("2026-03-12", False)])
def test_they_are_paid_on_its_today_at_the_latest(day: str, is_taken: bool) -> None:
    form = DuesForm({"year": "2026", "version": "0", "paid_on": day}, dues=None)
    assert ("paid_on" not in form.errors) == is_taken


def test_terms_of_groups_and_days_of_reviews_are_over_after_it() -> None:
    assert [Reviewer(due_on=day).is_late for day in (YESTERDAY, TODAY)] == [True, False]
    assert [Group(ends_on=day).has_run_out for day in (YESTERDAY, TODAY)] == [True, False]


def test_an_admission_that_lapses_ends_on_it(cast: Cast) -> None:
    lapsed = application_in(ApplicationState.LAPSED, cast, make_user("contact"))
    assert lapsed.institution
    assert now(lapsed.institution).since == TODAY
