"""Applications in figures."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import figures
from members.enums import ApplicationState as State
from members.figures import by_state, by_year, days_in_states
from members.models import Application
from tests.factories import Cast, make_user
from tests.members.applications import application_in

pytestmark = pytest.mark.django_db


def made(cast: Cast, number: int, state: str, year: int = 2026) -> Application:
    application = application_in(state, cast, make_user(f"e{number}"))
    Application.objects.filter(pk=application.pk).exclude(submitted_at=None).update(
        submitted_at=datetime(year, 6, 1, tzinfo=UTC)
    )
    return application


def page(cast: Cast) -> str:
    client = Client()
    client.force_login(cast.dina)
    response = client.get(reverse("members:application_figures"))
    assert response.status_code == 200
    return response.content.decode()


def test_before_the_first_one(cast: Cast) -> None:
    made(cast, 1, State.DRAFT)
    assert (by_year(), by_state(), days_in_states()) == ([], [], [])
    assert "No figures yet" in page(cast)


def test_by_year_and_by_state(cast: Cast) -> None:
    for number, (state, year) in enumerate(
        [
            (State.SUBMITTED, 2026),
            (State.ACTIVE, 2026),
            (State.ADMITTED, 2026),
            (State.DECLINED, 2026),
            (State.SUBMITTED, 2024),
            (State.WITHDRAWN, 2024),  # before it was submitted
            (State.DRAFT, 2024),
        ]
    ):
        made(cast, number, state, year)
    assert [tuple(row) for row in by_year()] == [
        (2026, 4, 2, 1, 0, 1, 100),
        (2024, 1, 0, 0, 0, 1, 25),
    ]
    assert [(row.state, row.number, row.share) for row in by_state()] == [
        (State.SUBMITTED, 2, 100),
        (State.ADMITTED, 1, 50),
        (State.DECLINED, 1, 50),
        (State.ACTIVE, 1, 50),
    ]
    assert "5 applications submitted" in page(cast)


def test_days_in_each_state(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    applications = [made(cast, number, State.UNDER_REVIEW) for number in range(3)]
    start, day = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=1)
    with connection.cursor() as cursor:  # the log is append-only by its door, not by the table
        for application, waited in zip(applications, (2, 4, 9), strict=True):
            for act, at in (
                ("application.submitted", start),
                ("application.review_started", start + waited * day),
            ):
                cursor.execute(
                    "UPDATE records_auditentry SET at = %s WHERE act = %s AND object_id = %s"
                    " AND object_type = 'members.application'",
                    [at, act, application.pk],
                )

    class Later:
        @staticmethod
        def now() -> datetime:
            return start + 12 * day

    monkeypatch.setattr(figures, "timezone", Later)
    assert [tuple(row) for row in days_in_states()] == [
        (State.SUBMITTED, 3, 0, 4, 9, 50),
        (State.UNDER_REVIEW, 3, 3, 8, 10, 100),
    ]


def test_what_took_no_day_has_no_bar(cast: Cast) -> None:
    made(cast, 1, State.UNDER_REVIEW)  # submitted some milliseconds before
    assert [(row.median, row.share) for row in days_in_states()] == [(0, 0), (0, 0)]


def test_as_many_queries_for_three_as_for_one(
    cast: Cast, django_assert_num_queries: Callable[..., Any]
) -> None:
    made(cast, 1, State.UNDER_REVIEW)
    page(cast)  # what is kept for a while
    with CaptureQueriesContext(connection) as one:
        page(cast)
    made(cast, 2, State.SUBMITTED, 2025)
    made(cast, 3, State.RECOMMENDED, 2024)
    with django_assert_num_queries(len(one)):
        page(cast)
