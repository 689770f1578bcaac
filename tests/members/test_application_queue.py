"""The queue of applications, narrowed and ordered by the database."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members.actions.applicants import save_application
from members.actions.applications import start_review
from members.actions.countries import settle_country
from members.actions.reviewers import assign_reviewer, release_reviewer
from members.enums import DAYS_OF_STEP
from members.enums import ApplicationState as State
from members.models import Application, User
from members.views import application_figures, review
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import application_in

pytestmark = pytest.mark.django_db
PAGE = "/en/applications/"


@pytest.fixture
def contact(db: None) -> User:
    return make_user("eve")


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.dina)


def submitted(cast: Cast, contact: User, name: str, **fields: Any) -> Application:
    application = application_in(State.SUBMITTED, cast, contact)
    Application.objects.filter(pk=application.pk).update(
        institution_names={"en": name}, search_text=name.casefold(), **fields
    )
    application.refresh_from_db()
    return application


def names(client: Client, query: str = "") -> list[str]:
    return [str(each) for each in client.get(PAGE + query).context["page"]]


def counts(client: Client, query: str = "") -> list[int]:
    return [tab["count"] for tab in client.get(PAGE + query).context["tabs"]]


def test_what_an_application_says_is_found_as_it_is_now(
    cast: Cast, contact: User, office: Client
) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    for words in ("matters", "MÉXICO", "مَعهد الشوون", "im"):
        assert names(office, f"?tab=applicant&q={words}") == ["Institute of Matters"], words
    fields = {"institution_names": {"en": "House of Letters"}}
    save_application(application=application, fields=fields, actor=contact)
    assert names(office, "?tab=applicant&q=matters") == []
    assert names(office, "?tab=applicant&q=letters") == ["House of Letters"]
    settle_country(
        code="MX",
        names={"en": "Anahuac"},
        is_on_map=True,
        note="",
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    assert names(office, "?tab=applicant&q=anahuac") == ["House of Letters"]


def test_filters_narrow_every_part_of_the_queue(cast: Cast, contact: User, office: Client) -> None:
    late = timezone.now() - timedelta(days=DAYS_OF_STEP[State.SUBMITTED] + 1)
    almost = late + timedelta(minutes=1)
    submitted(cast, contact, "Abbey", country="KE", state_since=late)
    submitted(cast, contact, "Bureau", kind="state_body", state_since=almost)
    submitted(cast, contact, "Council", country="", membership_class="observer")
    old = submitted(cast, contact, "Diet", submitted_at=datetime(2019, 6, 1, tzinfo=UTC))
    assert names(office, "?country=KE") == ["Abbey"]
    assert names(office, "?country=none") == ["Council"]
    assert names(office, "?kind=state_body") == ["Bureau"]
    assert names(office, "?membership_class=observer") == ["Council"]
    assert names(office, "?year=2019") == ["Diet"]
    assert names(office, "?overdue=on") == ["Abbey"]
    assert [each.is_overdue for each in Application.objects.order_by("pk")] == [
        True,
        False,
        False,
        False,
    ]
    Application.objects.filter(pk=old.pk).update(state=State.RECOMMENDED)
    assert counts(office) == [3, 0, 1, 0]
    assert counts(office, "?year=2019") == [0, 0, 1, 0]
    assert names(office, "?year=2019&tab=assembly") == ["Diet"]
    assert len(names(office, "?year=1066&country=XX&kind=x&tab=x")) == 3  # narrow nothing


def test_orders(cast: Cast, contact: User, office: Client) -> None:
    day, now = timedelta(days=1), timezone.now()
    submitted(cast, contact, "beta", country="PE", submitted_at=now - 3 * day, state_since=now)
    submitted(cast, contact, "Alpha", country="KE", submitted_at=now, state_since=now - day)
    submitted(cast, contact, "Gamma", country="CL", submitted_at=now - day, state_since=now - day)
    assert names(office) == ["Alpha", "Gamma", "beta"]
    assert names(office, "?order=newest") == ["Alpha", "Gamma", "beta"]
    assert names(office, "?order=name") == ["Alpha", "beta", "Gamma"]
    assert names(office, "?order=country") == ["Gamma", "Alpha", "beta"]


def test_pages_keep_what_narrows(
    cast: Cast, contact: User, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("A house", "B house", "Council"):
        submitted(cast, contact, name)
    monkeypatch.setattr(review, "PAGE", 1)
    assert names(office, "?q=house&order=name&page=2") == ["B house"]
    page = office.get(f"{PAGE}?q=house&order=name").content.decode()
    assert 'href="?q=house&amp;order=name&amp;page=2"' in page
    assert 'href="?q=house&amp;order=name&amp;tab=closed"' in page


def test_as_many_queries_for_three_as_for_one(
    cast: Cast, contact: User, office: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    submitted(cast, contact, "A house")
    office.get(PAGE)  # what is kept for a while
    with CaptureQueriesContext(connection) as one:
        assert len(names(office)) == 1
    for number in range(2):
        submitted(cast, make_user(f"e{number}"), f"House {number}")
    with django_assert_num_queries(len(one)):
        assert len(names(office)) == 3


def test_taken_along(cast: Cast, contact: User, office: Client) -> None:
    house = submitted(cast, contact, "A house")
    submitted(cast, contact, "Council")
    export = reverse("members:export_applications")
    answer = office.post(export, {"form": "csv", "q": "house", "order": "name"})
    today = timezone.localdate().isoformat()
    assert answer.content.decode("utf-8-sig").splitlines()[1:] == [
        f"A house,IM,Mexico,research body,full member,submitted,{today},{today},Eve,eve@example.org"
    ]
    entry = AuditEntry.objects.get(act="applications.exported")
    assert entry.after == {"number_of_rows": 1, "sought": {"q": True, "order": "name"}}
    answer = office.post(export, {"form": "xlsx", "tab": "to-do", "q": "house"})
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert [row[0].value for row in sheet.rows] == ["Institution", str(house)]


def test_not_taken_along(
    cast: Cast, contact: User, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = reverse("members:export_applications")
    assert office.post(export).status_code == 422
    submitted(cast, contact, "A house")
    monkeypatch.setattr(application_figures, "MOST_TAKEN", 0)
    assert office.post(export, {"form": "csv"}).status_code == 422
    stranger = signed_in(contact)
    assert stranger.post(export, {"form": "csv"}).status_code == 404
    assert not AuditEntry.objects.filter(act="applications.exported").exists()


def test_those_whom_somebody_reviews_and_those_whom_nobody_does(
    cast: Cast, contact: User, office: Client
) -> None:
    first, second, _third = (
        submitted(cast, make_user(name), name.title()) for name in ("one", "two", "three")
    )
    by: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    for application in (first, second):
        start_review(application=application, **by)
    for application, person in ((first, cast.amal), (first, cast.bilal), (second, cast.bilal)):
        assign_reviewer(application=application, user=person, **by)
    release_reviewer(application=second, user=cast.bilal, **by)
    page = office.get(PAGE + "?order=name")
    offered = [value for value, _label in page.context["form"].fields["reviewer"].choices]
    assert offered == ["", "none", str(cast.amal.pk), str(cast.bilal.pk)]
    assert names(office, f"?reviewer={cast.amal.pk}") == ["One"]
    assert names(office, f"?reviewer={cast.bilal.pk}") == ["One"]  # asked no longer for the other
    assert sorted(names(office, "?reviewer=none")) == ["Three", "Two"]
    assert len(names(office, f"?reviewer={cast.dina.pk}")) == 3  # nobody who is offered
