"""What countries are called, and what the network settles about them."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members import countries
from members.actions.countries import reset_country, settle_country
from members.countries import codes_off_map, country_choices, country_name, library_name
from members.models import CountryName, Institution
from members.permissions import secretariat_mandate
from records.folding import fold
from records.languages import Shown
from records.models import AuditEntry
from tests.factories import Cast, make_institution


@pytest.fixture(autouse=True)
def read_anew(db: None) -> Iterator[None]:
    countries.forget()
    yield
    countries.forget()


def settle(cast: Cast, code: str = "KR", **names: str) -> CountryName:
    return settle_country(
        code=code,
        names=names,
        is_on_map=True,
        note="",
        actor=cast.dina,
        mandate=secretariat_mandate(cast.dina),
    )


def shown(value: Any, language: str) -> str:
    with translation.override(language):
        return Template("{{ value|country }}").render(Context({"value": value}))


# --- Names --------------------------------------------------------------------------------------
def test_the_list_names_every_country_in_three_languages() -> None:
    for language in ("ar", "en", "fr"):
        with translation.override(language):
            names = [name for _code, name in country_choices()]
        assert len(names) == len(set(names)) == 249


def test_what_the_library_says_plainly_wrong_is_said_right() -> None:
    assert library_name("PS", "fr") == Shown("Palestine", "fr")
    assert library_name("FM", "ar") == Shown("ولايات ميكرونيزيا الموحدة", "ar")
    assert library_name("SA", "ar") == Shown("المملكة العربية السعودية", "ar")
    assert country_name("BS", "en") == Shown("Bahamas", "en")


def test_choices_stand_in_the_alphabet_of_the_reader() -> None:
    with translation.override("ar"):
        names = [name for _code, name in country_choices()]
    assert names.index("الجزائر") > names.index("تونس")  # the article does not count
    with translation.override("fr"):
        names = [name for _code, name in country_choices()]
    assert names.index("Égypte") < names.index("Espagne")


def test_no_country_and_an_unknown_one_are_shown_plainly() -> None:
    assert country_name("", "en") == country_name(None, "en") == Shown("", "en")
    assert country_name("ZZ", "en") == Shown("ZZ", "en")
    assert shown("", "ar") == ""


def test_a_language_that_the_library_does_not_have_says_that_it_is_english() -> None:
    assert country_name("KR", "qps") == Shown("South Korea", "en")


def test_the_networks_own_name_is_shown_in_its_language(cast: Cast) -> None:
    settle(cast, ar="جمهورية كوريا", en="Republic of Korea")
    assert shown("KR", "ar") == "<bdi>جمهورية كوريا</bdi>"
    assert shown(cast.kr.country, "en") == "<bdi>Republic of Korea</bdi>"
    assert shown("KR", "fr") == "<bdi>Corée du Sud</bdi>"  # the library's, in French
    assert country_name("KR", "qps") == Shown("Republic of Korea", "en")
    with translation.override("qps"):
        text = Template("{{ value|country }}").render(Context({"value": "KR"}))
    assert text == '<bdi lang="en">Republic of Korea</bdi>'


def test_the_official_order_stays_that_of_the_list(cast: Cast) -> None:
    settle(cast, en="Zzz")
    assert [i.country.code for i in Institution.objects.in_official_order()] == [
        "NG",
        "PL",
        "QA",
        "KR",
    ]


def test_however_many_names_are_shown_they_cost_one_query(cast: Cast) -> None:
    settle(cast, en="Republic of Korea")
    countries.forget()
    with CaptureQueriesContext(connection) as queries:
        for code in ("KR", "NG", "PL", "QA", "KR"):
            country_name(code, "en")
        country_choices()
    assert len(queries) == 1


def test_another_process_is_heard_of_after_a_while(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert country_name("KR", "en").text == "South Korea"
    CountryName.objects.create(code="KR", names={"en": "Republic of Korea"})  # by another process
    assert country_name("KR", "en").text == "South Korea"
    now = countries.time.monotonic()
    monkeypatch.setattr(countries.time, "monotonic", lambda: now + countries.STALE + 0.1)
    assert country_name("KR", "en").text == "Republic of Korea"
    assert countries.STALE <= 10


# --- Settling -----------------------------------------------------------------------------------
def test_settling_is_logged_once_and_found_by_search(cast: Cast) -> None:
    settle(cast, fr="République de Corée", en="South Korea")
    settle(cast, fr="République de Corée", en="South Korea")
    kept = CountryName.objects.get()
    assert kept.names == {"fr": "République de Corée"}  # the English is the list's own
    entry = AuditEntry.objects.get(act="country.changed")
    assert entry.after == {"country": "KR", "names": {"fr": "République de Corée"}}
    cast.kr.refresh_from_db()
    assert fold("République de Corée") in cast.kr.search_text
    assert fold("Corée du Sud") in cast.kr.search_text


@pytest.mark.django_db(transaction=True)
def test_settling_does_not_take_a_name_back_that_is_given_meanwhile() -> None:
    cast = Cast()
    renamed, settled = threading.Event(), []

    def settle_meanwhile() -> None:
        assert renamed.wait(20)
        settle(cast, fr="République de Corée")
        settled.append(True)
        connection.close()

    thread = threading.Thread(target=settle_meanwhile)
    thread.start()
    with transaction.atomic():
        kept = Institution.objects.select_for_update(no_key=True).get(pk=cast.kr.pk)
        kept.names = {"en": "Zephyr"}
        kept.search_text = kept.searchable()
        kept.save()
        renamed.set()
        thread.join(1)  # it waits for the lock
        assert not settled
    thread.join(20)
    kept.refresh_from_db()
    assert (fold("Zephyr") in kept.search_text, fold("Corée") in kept.search_text) == (True, True)


def test_reset_gives_the_country_back_to_the_list(cast: Cast) -> None:
    settle(cast, fr="République de Corée")
    for _twice in range(2):
        reset_country(code="KR", actor=cast.dina, mandate=None)
    assert country_name("KR", "fr").text == "Corée du Sud"
    assert AuditEntry.objects.filter(act="country.reset").count() == 1
    cast.kr.refresh_from_db()
    assert fold("République") not in cast.kr.search_text


def test_only_the_secretariat_settles(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        settle_country(code="KR", names={}, is_on_map=False, note="", actor=cast.amal, mandate=None)
    with pytest.raises(PermissionDenied):
        reset_country(code="KR", actor=cast.amal, mandate=None)
    assert not CountryName.objects.exists()


# --- Pages --------------------------------------------------------------------------------------
def test_the_page_lists_the_networks_countries_and_finds_every_other(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.dina)
    url = reverse("members:countries")
    page = client.get(url).content.decode()
    assert "<bdi>South Korea</bdi>" in page
    assert "<bdi>Portugal</bdi>" not in page
    assert "<bdi>Portugal</bdi>" in client.get(url, {"q": "البرتغال"}).content.decode()
    assert "No country found" in client.get(url, {"q": "nowhere"}).content.decode()


def test_a_territory_can_be_taken_off_the_map_with_a_note(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    url = reverse("members:country", args=["TW"])
    assert client.get(url).status_code == 200
    answer = client.post(
        url, {"name_ar": "", "name_en": "Chinese Taipei", "note": "Minutes of the board, item 3"}
    )
    assert answer.status_code == 302
    kept = CountryName.objects.get(code="TW")
    assert (kept.names, kept.is_on_map, kept.note) == (
        {"en": "Chinese Taipei"},
        False,
        "Minutes of the board, item 3",
    )
    assert codes_off_map() == {"TW"}
    page = client.get(reverse("members:countries")).content.decode()
    assert "not shown" in page
    assert "Chinese Taipei" in client.get("/en/audit-log/").content.decode()
    assert client.post(reverse("members:reset_country", args=["TW"])).status_code == 302
    assert codes_off_map() == frozenset()


def test_a_refused_form_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    answer = client.post(reverse("members:country", args=["KR"]), {"name_en": "K" * 101})
    assert answer.status_code == 422
    assert "K" * 101 in answer.content.decode()


def test_no_such_country_is_not_found(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    assert client.get(reverse("members:country", args=["ZZ"])).status_code == 404
    assert client.post(reverse("members:reset_country", args=["ZZ"])).status_code == 404


@pytest.mark.parametrize("path", ["members:countries", "members:directory"])
def test_a_list_costs_the_same_however_long(client: Client, cast: Cast, path: str) -> None:
    client.force_login(cast.dina)

    def cost() -> int:
        countries.forget()
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(path))
        return len(queries)

    before = cost()
    for code in ("MX", "HU", "LT"):
        make_institution(code)
    assert cost() == before
