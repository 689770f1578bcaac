"""The directory: what it holds can be narrowed, ordered, and seen on a map of the world."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from members.actions.institutions import change_membership, create_institution
from members.enums import MembershipClass, MembershipState
from members.models import Institution
from members.models.directory import FEW
from members.views import institutions
from members.world import members_on_map
from tests.factories import Cast, make_institution

URL = "/en/members/"


@pytest.fixture(scope="module", autouse=True)
def shapes() -> None:
    call_command("build_map", verbosity=0)


def make_member(
    country: str, name: str, since: date | None, of: str = MembershipClass.FULL
) -> Institution:
    institution = create_institution(names={"en": name}, country=country)
    change_membership(
        institution=institution,
        membership_class=MembershipClass(of),
        state=MembershipState.ACTIVE,
        since=since,
    )
    return institution


@pytest.fixture
def network(db: None) -> None:
    make_member("KR", "Zebra Foundation", date(2014, 10, 23))
    make_member("QA", "Museum", date(2017, 10, 31))
    make_member("HU", "Balassi Institute", None)
    make_member("LT", "Academy", date(2017, 1, 1), MembershipClass.ASSOCIATE)
    make_institution("MX", state=MembershipState.CANDIDATE)


def found(**query: str) -> list[str]:
    answer = Client().get(URL, query)
    assert answer.status_code == 200
    return [i.country.code for c in answer.context["classes"] for i in c["institutions"]]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["HU", "QA", "KR", "LT"]),
        ({"membership_class": "associate"}, ["LT"]),
        ({"joined": "2017"}, ["QA", "LT"]),
        ({"joined": "unknown"}, ["HU"]),
        ({"joined": "2017", "membership_class": "full"}, ["QA"]),
        ({"q": "korea"}, ["KR"]),
        ({"order": "name"}, ["HU", "QA", "KR", "LT"]),
        ({"order": "joined"}, ["KR", "QA", "HU", "LT"]),
        ({"order": "country"}, ["HU", "QA", "KR", "LT"]),
        ({"membership_class": "nonsense", "joined": "0", "order": "'"}, ["HU", "QA", "KR", "LT"]),
        ({"q": "nothing like it"}, []),
    ],
)
def test_the_directory_is_narrowed_and_ordered(
    network: None, query: dict[str, str], expected: list[str]
) -> None:
    assert found(**query) == expected


def test_only_what_the_directory_has_can_be_chosen(network: None) -> None:
    form = Client().get(URL).context["form"]
    assert [value for value, _label in form.fields["membership_class"].choices] == [
        "", "full", "associate",
    ]  # fmt: skip
    assert [value for value, _label in form.fields["joined"].choices] == [
        "", "2014", "2017", "unknown",
    ]  # fmt: skip


def test_the_order_of_countries_is_that_of_the_readers_language(network: None) -> None:
    make_member("SE", "Institute", None)
    assert found(order="country") == ["HU", "QA", "KR", "SE", "LT"]
    answer = Client().get("/ar/members/", {"order": "country"})
    assert [i.country.code for i in answer.context["classes"][0]["institutions"]] == [
        "SE",  # السويد: the article does not count
        "QA",
        "KR",
        "HU",
    ]  # fmt: skip  السويد، المجر، قطر، كوريا الجنوبية


def test_names_are_sorted_as_readers_of_the_language_do(db: None) -> None:
    for name in ("Zoé", "École", "eau", "Édith", "أحمد", "باب", "إبرة"):
        make_member("KR", name, None)
    names = [i.names["en"] for i in Client().get(URL, {"order": "name"}).context["page"]]
    assert names == ["eau", "École", "Édith", "Zoé", "إبرة", "أحمد", "باب"]


def test_a_class_that_an_institution_had_before_is_not_its_class(network: None) -> None:
    institution = Institution.objects.get(country="LT")
    change_membership(
        institution=institution,
        membership_class=MembershipClass.FULL,
        state=MembershipState.ACTIVE,
        since=date(2020, 1, 1),
    )
    make_member("SE", "Institute", None, MembershipClass.ASSOCIATE)
    assert found(membership_class="associate") == ["SE"]
    assert found(membership_class="full") == ["HU", "LT", "QA", "KR"]
    assert found(joined="2017") == ["LT", "QA"]  # the first time counts


def test_a_long_directory_has_pages_in_one_order(
    network: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(institutions, "PAGE", 3)
    pages = [Client().get(URL, {"page": number}) for number in (1, 2)]
    shown = [
        [
            (str(c["title"]), c["count"], [i.country.code for i in c["institutions"]])
            for c in classes
        ]
        for classes in (page.context["classes"] for page in pages)
    ]
    assert shown == [
        [("Full members", 3, ["HU", "QA", "KR"])],
        [("Associate members", 1, ["LT"])],
    ]
    assert [page.context["count"] for page in pages] == [4, 4]
    assert [len(drawn(page.content.decode())) for page in pages] == [4, 4]  # the map is whole
    assert found(page="9", joined="2017") == ["QA", "LT"]


# --- The map --------------------------------------------------------------------------------------


def drawn(page: str) -> dict[str, str]:
    """What each link of the map is called, and where it leads."""
    pattern = r'<a class="map__place[^"]*" href="([^"]*)" aria-label="([^"]*)"'
    return {name: url for url, name in re.findall(pattern, page)}


def test_each_member_country_is_a_link_with_a_name(network: None) -> None:
    page = Client().get(URL).content.decode()
    by_name = {i.names["en"]: i.pk for i in Institution.objects.all()}
    assert drawn(page) == {
        "Hungary — Balassi Institute": f"/en/members/{by_name['Balassi Institute']}/",
        "Lithuania — Academy": f"/en/members/{by_name['Academy']}/",
        "Qatar — Museum": f"/en/members/{by_name['Museum']}/",
        "South Korea — Zebra Foundation": f"/en/members/{by_name['Zebra Foundation']}/",
    }


def test_several_members_of_one_country_share_its_shape(network: None) -> None:
    make_member("KR", "Second Foundation", date(2020, 1, 1))
    page = Client().get(URL).content.decode()
    assert drawn(page)["South Korea — 2 institutions"] == "/en/members/#KR"
    assert page.count('id="shape-KR"') == 1
    assert page.count('id="KR"') == 1


def test_where_a_country_has_many_members_the_map_leads_to_their_list(network: None) -> None:
    for number in range(FEW):
        make_member("KR", f"Foundation {number}", None)
    page = Client().get(URL).content.decode()
    assert drawn(page)["South Korea — 5 institutions"] == "/en/members/?country=KR"
    assert '<a href="?country=KR">' in page


def test_the_map_shows_what_was_found(network: None) -> None:
    page = Client().get(URL, {"q": "museum"}).content.decode()
    assert list(drawn(page)) == ["Qatar — Museum"]
    assert "map__place" not in Client().get(URL, {"q": "nothing like it"}).content.decode()


def test_a_small_country_gets_a_mark_and_a_large_one_none(network: None) -> None:
    listed = Institution.objects.listed()
    shown = members_on_map(listed.by_country(listed.shares()))
    assert shown is not None
    assert {p.code: p.is_small for p in shown.places}["QA"]
    assert not {p.code: p.is_small for p in shown.places}["KR"]


def test_an_organisation_without_a_country_is_listed_and_not_drawn(db: None) -> None:
    make_member("", "Organisation", None)
    answer = Client().get(URL)
    assert answer.context["map"] is None
    assert "Organisation" in answer.content.decode()


def test_without_shapes_there_is_a_list_and_no_map(
    network: None, settings: Any, tmp_path: Any
) -> None:
    settings.VAR_DIR = tmp_path
    answer = Client().get(URL)
    assert answer.context["map"] is None
    assert "Balassi Institute" in answer.content.decode()


def test_an_institutions_page_shows_where_it_is(cast: Cast) -> None:
    page = Client().get(f"/en/members/{cast.qa.pk}/").content.decode()
    assert 'aria-label="Qatar on the map of the world"' in page
    assert '<link rel="canonical"' in page


def test_what_is_not_public_says_so_to_search_engines(cast: Cast) -> None:
    candidate = make_institution("MX", state=MembershipState.CANDIDATE)
    client = Client()
    client.force_login(cast.amal)
    page = client.get(f"/en/members/{candidate.pk}/").content.decode()
    assert '<meta name="robots" content="noindex">' in page
    assert "map__land" not in page
