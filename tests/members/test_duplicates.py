"""What may be the same as an application, for the secretariat's eyes alone."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from members import emails
from members.duplicates import duplicates_of
from members.enums import ApplicationState as State
from members.models import Application, User
from tests.factories import Cast, make_institution, make_user
from tests.members.applications import application_in


@pytest.fixture
def application(cast: Cast) -> Application:
    return application_in(State.SUBMITTED, cast, make_user("amal.contact"))


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def page(user: User, application: Application) -> str:
    client = Client()
    client.force_login(user)
    address = reverse("members:application", args=[application.pk])
    return client.get(address).content.decode()


@pytest.mark.parametrize(
    ("fields", "reasons"),
    [
        ({"names": {"fr": "INSTITUTE OF MATTERS"}}, ["the same name"]),
        ({"names": {"ar": "مَعْهَد الشُّؤون"}}, ["the same name"]),  # as it is folded
        ({"country": "MX", "acronym": "im"}, ["the same acronym in the same country"]),
        ({"country": "GT", "acronym": "IM"}, []),
        ({"country": "MX"}, ["not the same, but another institution of this country"]),
        ({"country": "MX", "names": {"en": "Institute of Matters"}}, ["the same name"]),
        ({"website": "http://www.example.org/about"}, ["the same web address"]),
        ({"website": "https://example.org.evil.example/"}, []),
        (
            {"names": {"en": "Institute of matters"}, "website": "https://example.org"},
            ["the same name", "the same web address"],
        ),
    ],
)
def test_an_institution_is_found_by_name_acronym_or_host(
    application: Application, fields: dict[str, Any], reasons: list[str]
) -> None:
    other = make_institution(str(fields.pop("country", "GT")))
    for name, value in fields.items():
        setattr(other, name, value)
    other.search_text = other.searchable()
    other.save()
    found = duplicates_of(application)
    assert [(each.institution, each.reasons) for each in found] == (
        [(other, reasons)] if reasons else []
    )


def test_another_application_is_found_once_it_was_submitted(
    cast: Cast, application: Application
) -> None:
    bilal = make_user("bilal.contact")
    other = application_in(State.DRAFT, cast, bilal)
    Application.objects.filter(pk=other.pk).update(institution_names={"en": "Institute of Matters"})
    assert duplicates_of(application) == []
    third = application_in(State.DECLINED, cast, make_user("third"))
    assert [each.application for each in duplicates_of(application)] == [third]
    assert [each.application for each in duplicates_of(third)] == [application]


def test_the_secretariat_alone_is_told_by_page_and_by_letter(
    cast: Cast, application: Application
) -> None:
    other = make_institution("GT", website="https://example.org/")
    assert application.contact is not None
    assert "Perhaps known already" in page(cast.dina, application)
    assert "Perhaps known already" not in page(application.contact, application)
    letter = emails.application_letter("secretariat_submitted", application, cast.dina)
    assert f"{other.name.text}: the same web address" in letter.quote
    letter = emails.application_letter("submitted", application, application.contact)
    assert letter.quote == ""


def test_what_is_nothing_like_it_is_not_read(cast: Cast, application: Application) -> None:
    with CaptureQueriesContext(connection) as queries:
        duplicates_of(application)
    for query in queries:
        with connection.cursor() as cursor:
            cursor.execute(query["sql"])
            assert cursor.fetchall() == []


def test_another_of_the_country_stands_last_and_not_where_it_is_over(
    cast: Cast, application: Application
) -> None:
    fields = {"institution_names": {"en": "Other"}, "acronym": "", "website": ""}
    for state in (State.DECLINED, State.UNDER_REVIEW):
        other = application_in(state, cast, make_user(f"contact.{state}"))
        Application.objects.filter(pk=other.pk).update(**fields, search_text="other")
    neighbour, same = make_institution("MX"), make_institution("GT", website="https://example.org/")
    found = duplicates_of(application)
    assert [(each.application or each.institution, each.is_weak) for each in found] == [
        (same, False),
        (neighbour, True),
        (other, True),
    ]


def test_it_is_not_its_own_double(cast: Cast) -> None:
    active = application_in(State.ACTIVE, cast, make_user("amal.contact"))
    assert duplicates_of(active) == []


def test_it_costs_the_same_for_one_and_three(cast: Cast, application: Application) -> None:
    costs = []
    for code in ("GT", "HN", "NI"):
        make_institution(code, website="https://example.org/")
        with CaptureQueriesContext(connection) as queries:
            duplicates_of(application)
        costs.append(len(queries))
    assert costs == [2, 2, 2]


def test_the_applicant_sees_the_steps_and_the_secretariat_who_did_what(
    cast: Cast, application: Application
) -> None:
    assert application.contact is not None
    own, office = page(application.contact, application), page(cast.dina, application)
    assert "application submitted" in own.lower()
    assert "document added to the application" not in own.lower()
    assert "document added to the application" in office.lower()
    assert application.contact.name in office
