from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.institutions import change_membership
from members.actions.people import change_person, start_mandate
from members.enums import Capacity, MembershipClass, MembershipState
from members.views import audit
from records.actions import append_audit_entry
from tests.factories import Cast


def reading(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.dina)
    return client


def numbers(client: Client, **query: Any) -> list[int]:
    answer = client.get(reverse("members:audit_log"), query)
    return [described.entry.number for described in answer.context["entries"]]


def test_log_is_for_the_secretariat(cast: Cast) -> None:
    url = reverse("members:audit_log")
    assert Client().get(url).status_code == 302
    client = Client()
    client.force_login(cast.amal)
    assert client.get(url).status_code == 404
    assert reading(cast).get(url).status_code == 200


def test_log_reads_in_words(cast: Cast) -> None:
    start_mandate(
        user=cast.chloe,
        institution=cast.kr,
        capacity=Capacity.ADVISER,
        actor=cast.amal,
        mandate=cast.amal_mandate,
    )
    html = reading(cast).get(reverse("members:audit_log")).content.decode()
    table = html.split("<tbody>")[1]
    for words in ("mandate started", "Amal", "Institution KR", "head of delegation", "Chloe"):
        assert words in table
    assert "adviser" in table


def test_log_is_filtered_and_paged(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    for name in ("A", "B", "C", "D"):
        change_person(user=cast.amal, name=name, language="en", time_zone="UTC")
    change_membership(
        institution=cast.kr,
        membership_class=MembershipClass.FULL,
        state=MembershipState.SUSPENDED,
        since=None,
        actor=cast.dina,
    )
    client = reading(cast)
    assert numbers(client) == [5, 4]
    assert numbers(client, before=4) == [3, 2]
    assert numbers(client, before=2) == [1]
    assert numbers(client, object_type="members.membership") == [5]
    assert numbers(client, act="person.changed") == [4, 3]
    refused = client.get(reverse("members:audit_log"), {"act": "made.up"})
    assert refused.status_code == 422
    assert "before=4" in client.get(reverse("members:audit_log")).content.decode()
    last = client.get(reverse("members:audit_log"), {"before": 2})
    assert 'rel="next"' not in last.content.decode()


def test_log_shows_what_it_has_no_words_for(cast: Cast) -> None:
    with transaction.atomic():
        append_audit_entry(
            actor=None, act="thing.done", thing=cast.kr, after={"odd": [1, {"deep": True}]}
        )
        append_audit_entry(
            actor=cast.amal, act="thing.done", thing=cast.kr, after={"note": "<script>"}
        )
    html = reading(cast).get(reverse("members:audit_log")).content.decode()
    assert "thing.done" in html
    assert "the portal itself" in html
    assert "deep" in html
    assert "&lt;script&gt;" in html


def test_log_costs_the_same_with_one_and_three(cast: Cast) -> None:
    client = reading(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("members:audit_log"))
        return len(captured)

    start_mandate(user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.amal)
    before = queries()
    start_mandate(user=cast.chloe, institution=cast.ng, capacity=Capacity.ADVISER, actor=cast.bilal)
    start_mandate(user=cast.amal, institution=cast.qa, capacity=Capacity.ADVISER, actor=cast.dina)
    assert queries() == before
