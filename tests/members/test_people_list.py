"""The secretariat's list of people: who is on it, in which order, and how it is taken along."""

import io
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from members import paging
from members.actions.mandates import suspend_mandate
from members.enums import Capacity, MembershipState
from members.models import Mandate, Membership, User
from members.views import people_list as views
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user, signed_in

pytestmark = pytest.mark.django_db
PAGE = "/en/people/"


@pytest.fixture
def office(cast: Cast) -> Client:
    client = signed_in(cast.dina)
    User.objects.update(last_login=None)
    return client


def shown(client: Client, query: str = "") -> list[tuple[str, str]]:
    """Name and standing of each row."""
    rows = client.get(PAGE + query).context["rows"]
    return [(row.user.name, row.standing.value) for row in rows]


def names(client: Client, query: str = "") -> list[str]:
    return [name for name, _standing in shown(client, query)]


def change(mandate: Mandate, **fields: Any) -> None:
    Mandate.objects.filter(pk=mandate.pk).update(**fields)


def test_a_suspended_mandate_is_told_apart(cast: Cast) -> None:
    suspend_mandate(suspending=cast.amal_mandate, reason="On leave.", actor=cast.dina)
    client = signed_in(cast.dina)
    address = reverse("members:people")
    page = client.get(address, {"state": "at-rest"}).content.decode()
    assert re.search(r'<span class="badge badge--warning">suspended</span>', page)
    sent = client.post(reverse("members:export_people"), {"form": "csv", "state": "at-rest"})
    assert "at rest, suspended" in sent.content.decode()


def test_everybody_with_a_mandate_is_on_it_by_name(cast: Cast, office: Client) -> None:
    assert shown(office) == [
        ("Amal", "running"),
        ("Bilal", "running"),
        ("Chloe", "running"),
        ("Dina", "running"),
    ]
    page = office.get(PAGE).content.decode()
    assert "4 rows" in page
    assert f'href="/en/members/{cast.kr.pk}/delegation/"' in page


def test_for_the_secretariat_alone(cast: Cast, office: Client) -> None:
    client = Client()
    assert client.get(PAGE).status_code == 302
    client.force_login(cast.amal)
    assert client.get(PAGE).status_code == 404
    assert client.post(reverse("members:export_people"), {"form": "csv"}).status_code == 404


def test_search_folds_names_and_finds_addresses(cast: Cast, office: Client) -> None:
    make_mandate(make_user("e", language="fr"), cast.pl)
    User.objects.filter(email="e@example.org").update(name_latin="Élodie", search_text="elodie")
    assert names(office, "?q=ELODIE") == ["Élodie"]
    assert names(office, "?q=bilal@example") == ["Bilal"]
    assert names(office, "?q=amal+bilal") == []
    assert names(office, "?q=%25") == []  # no pattern


def test_filters_narrow(cast: Cast, office: Client) -> None:
    Authenticator.objects.create(user=cast.amal, type="totp", data={})
    Authenticator.objects.create(user=cast.bilal, type="recovery_codes", data={})
    User.objects.filter(pk=cast.chloe.pk).update(last_login=timezone.now())
    cast.pl.search_text = "institute of warsaw"
    cast.pl.save()
    body = make_institution("")
    make_mandate(cast.amal, body, Capacity.OBSERVER)
    assert names(office, "?institution=warsaw") == ["Chloe"]
    assert names(office, "?country=NG") == ["Bilal"]
    assert shown(office, "?country=none") == [("Amal", "running")]
    assert names(office, "?capacity=head") == ["Amal", "Bilal"]
    assert names(office, "?no_factor=on") == ["Bilal", "Chloe", "Dina"]
    assert names(office, "?never=on") == ["Amal", "Amal", "Bilal", "Dina"]
    assert names(office, "?capacity=nonsense&country=XX&state=x") == [
        "Amal",
        "Amal",
        "Bilal",
        "Chloe",
        "Dina",
    ]


def test_each_state_of_a_mandate(cast: Cast, office: Client) -> None:
    now, day = timezone.now(), timedelta(days=1)
    change(cast.amal_mandate, starts_at=now + day)
    change(cast.bilal_mandate, ends_at=now - day)
    Membership.objects.filter(institution=cast.pl).update(state=MembershipState.SUSPENDED)
    make_user("eve")
    assert shown(office) == [
        ("Amal", "to-come"),
        ("Bilal", "ended"),
        ("Chloe", "at-rest"),
        ("Dina", "running"),
    ]
    for name, state in shown(office):
        assert shown(office, f"?state={state}") == [(name, state)]
    assert shown(office, "?state=none") == [("Bilal", "none"), ("Eve", "none")]
    assert shown(office, "?state=none&q=eve&never=on&no_factor=on") == [("Eve", "none")]


def test_orders(cast: Cast, office: Client) -> None:
    now, day = timezone.now(), timedelta(days=1)
    change(cast.bilal_mandate, starts_at=now - day)
    User.objects.filter(pk=cast.chloe.pk).update(last_login=now)
    User.objects.filter(pk=cast.amal.pk).update(last_login=now - day)
    cast.qa.names = {"en": "Abbey", "ar": "ياء"}
    cast.qa.save()
    assert names(office, "?order=since")[0] == "Bilal"
    assert names(office, "?order=seen")[:2] == ["Chloe", "Amal"]
    assert names(office, "?order=institution") == ["Dina", "Amal", "Bilal", "Chloe"]
    rows = office.get("/ar/people/?order=institution").context["rows"]
    assert [row.user.name for row in rows] == ["Amal", "Bilal", "Chloe", "Dina"]
    assert names(office, "?state=none&order=seen") == []


def test_long_lists_are_counted_to_a_bound_and_come_in_pages(
    cast: Cast, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PAGE", 2)
    assert names(office, "?page=2") == ["Chloe", "Dina"]
    assert names(office, "?page=9") == ["Chloe", "Dina"]
    monkeypatch.setattr(paging, "MOST_COUNTED", 3)
    response = office.get(PAGE)
    assert response.context["page"].paginator.num_pages == 2
    assert "More than 3 rows" in response.content.decode()


def test_as_many_queries_for_three_as_for_one(
    cast: Cast, office: Client, django_assert_num_queries: Callable[..., Any]
) -> None:
    office.get(PAGE)  # what is kept for a while
    with CaptureQueriesContext(
        connection,
    ) as one:
        assert names(office, "?q=amal") == ["Amal"]
    for each in ("amal two", "amal three"):
        make_mandate(User.objects.create_user(email=f"{each[5:]}@example.org", name=each), cast.ng)
    with django_assert_num_queries(len(one)):
        assert len(names(office, "?q=amal")) == 3


def test_taken_along_as_csv_and_the_log_says_so_without_a_name(cast: Cast, office: Client) -> None:
    export = reverse("members:export_people")
    response = office.post(export, {"form": "csv", "q": "amal", "capacity": "head"})
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    assert response["Content-Disposition"] == 'attachment; filename="people.csv"'
    since = timezone.localdate(cast.amal_mandate.starts_at).isoformat()
    assert response.content.decode("utf-8-sig").splitlines() == [
        "Name,E-mail address,Country,Institution,Capacity,Mandate,Since,Until,Last signed in,"
        "Second factor",
        f"Amal,amal@example.org,South Korea,Institution KR,head of delegation,running,{since},,,no",
    ]
    entry = AuditEntry.objects.get(act="people.exported")
    assert (entry.actor_id, entry.mandate_id) == (cast.dina.pk, cast.dina_mandate.pk)
    assert entry.after == {
        "number_of_rows": 1,
        "sought": {"q": True, "capacity": "head"},
    }


def test_taken_along_as_a_workbook(cast: Cast, office: Client) -> None:
    make_user("eve")
    response = office.post(
        reverse("members:export_people"), {"form": "xlsx", "state": "none", "order": "seen"}
    )
    sheet = load_workbook(io.BytesIO(response.content)).active
    assert [row[0].value for row in sheet.rows] == ["Name", "Eve"]


def test_what_cannot_be_taken_along_is_refused(
    cast: Cast, office: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = reverse("members:export_people")
    for data in ({}, {"form": "pdf"}):
        assert office.post(export, data).status_code == 422
    monkeypatch.setattr(views, "MOST_TAKEN", 3)
    refused = office.post(export, {"form": "csv"})
    assert refused.status_code == 422
    assert "At most 3 rows" in refused.content.decode()
    assert not AuditEntry.objects.filter(act="people.exported").exists()
