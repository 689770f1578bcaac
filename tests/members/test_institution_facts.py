"""Acronym, country and kind of an institution, as the secretariat corrects them."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from members.actions.facts import correct_facts
from members.models import Institution
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.members.test_grave_acts import done_after_the_proof
from tests.races import at_once

SAID = {"acronym": "KPDI", "country": "PT", "kind": "research_body"}


def facts(cast: Cast) -> str:
    return reverse("members:institution_facts", args=[cast.kr.pk])


def by(cast: Cast) -> dict[str, Any]:
    return {"institution": cast.kr, "actor": cast.dina, "mandate": cast.dina_mandate}


def test_the_secretariat_corrects_them_on_a_page(cast: Cast, client: Client) -> None:
    assert [i.country.code for i in Institution.objects.listed()] == ["NG", "PL", "QA", "KR"]
    page = reverse("members:institution", args=[cast.kr.pk])
    clerk = signed_in(cast.dina)
    assert facts(cast) in clerk.get(page).content.decode()
    assert 'value="KR" selected' in clerk.get(facts(cast)).content.decode()
    answer = clerk.post(facts(cast), SAID | {"version": "0"})
    assert answer["Location"] == page
    cast.kr.refresh_from_db()
    assert cast.kr.facts() == SAID
    # Order, map, search and page follow.
    assert [i.country.code for i in Institution.objects.listed()] == ["NG", "PL", "PT", "QA"]
    for sought in ("kpdi", "portugal"):
        found = client.get(reverse("members:directory"), {"q": sought}).content.decode()
        assert "Institution KR" in found
    assert "Korea" not in client.get(page).content.decode()
    entry = AuditEntry.objects.latest("pk")
    assert entry.act == "institution.facts_corrected"
    assert entry.before == {"acronym": "", "country": "KR", "kind": ""}
    assert entry.after == {"institution": cast.kr.pk, "version": 1, **SAID}
    log = clerk.get(reverse("members:audit_log")).content.decode()
    assert "facts of the institution corrected" in log
    assert "research body" in log


def test_an_international_organisation_has_no_country(cast: Cast) -> None:
    said = {"acronym": "", "country": "", "kind": "international"}
    correct_facts(**said, version=0, **by(cast))
    assert list(Institution.objects.listed())[-1] == cast.kr
    assert AuditEntry.objects.latest("pk").after["country"] == "none"


def test_a_second_institution_of_a_country_is_as_good(cast: Cast) -> None:
    kept = correct_facts(acronym="", country="NG", kind="", version=0, **by(cast))
    assert kept.country.code == "NG"


def test_others_neither_find_nor_do_it(cast: Cast) -> None:
    page = reverse("members:institution", args=[cast.kr.pk])
    for user in (cast.amal, cast.bilal, make_user("erin")):
        client = signed_in(user)
        assert client.get(facts(cast)).status_code == 404
        assert client.post(facts(cast), SAID | {"version": "0"}).status_code == 404
        assert facts(cast) not in client.get(page).content.decode()
        with pytest.raises(PermissionDenied):
            correct_facts(institution=cast.kr, **SAID, version=0, actor=user, mandate=None)
    assert Client().get(facts(cast)).status_code == 302
    cast.kr.refresh_from_db()
    assert cast.kr.facts_version == 0


def test_what_is_said_twice_is_kept_once(cast: Cast) -> None:
    correct_facts(**SAID, version=0, **by(cast))
    kept = correct_facts(**SAID, version=0, **by(cast))
    assert kept.facts_version == 1
    assert AuditEntry.objects.filter(act="institution.facts_corrected").count() == 1


def test_what_is_stale_is_refused_with_what_stands_and_what_was_typed(cast: Cast) -> None:
    correct_facts(acronym="OTHER", country="KR", kind="", version=0, **by(cast))
    client = signed_in(cast.dina)
    answer = client.post(facts(cast), SAID | {"version": "0"})
    said = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has saved this in the meantime." in said
    assert "<bdi>OTHER</bdi>" in said
    assert 'value="KPDI"' in said
    assert 'name="version" value="1"' in said
    cast.kr.refresh_from_db()
    assert cast.kr.acronym == "OTHER"
    # Who has seen it may say it again.
    assert client.post(facts(cast), SAID | {"version": "1"}).status_code == 302
    cast.kr.refresh_from_db()
    assert cast.kr.facts() == SAID


@pytest.mark.parametrize(
    ("field", "value"), [("country", "ZZ"), ("kind", "club"), ("acronym", "x" * 41)]
)
def test_what_cannot_be_is_refused(cast: Cast, field: str, value: str) -> None:
    answer = signed_in(cast.dina).post(facts(cast), {**SAID, "version": "0", field: value})
    assert answer.status_code == 422
    cast.kr.refresh_from_db()
    assert cast.kr.facts_version == 0


def test_it_asks_for_the_password(cast: Cast) -> None:
    def stands() -> Any:
        return Institution.objects.values_list("acronym", flat=True).get(pk=cast.kr.pk)

    done_after_the_proof(cast.dina, facts(cast), SAID | {"version": "0"}, stands)


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_is_refused(cast: Cast) -> None:
    def correct(acronym: str) -> None:
        correct_facts(acronym=acronym, country="KR", kind="", version=0, **by(cast))

    assert at_once(lambda: correct("ONE"), lambda: correct("TWO")) == ["done", "stale"]
