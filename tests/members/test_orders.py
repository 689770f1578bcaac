"""In which order long lists stand, and that a page of one is that part of the whole."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from members.actions.institutions import change_membership, create_institution
from members.enums import ApplicationState, DirectoryOrder, MembershipClass, MembershipState
from members.models import Application, Field, Institution, Mandate, User
from members.models.directory import Arranged
from members.models.sorting import INDEXED, alphabetically
from tests.factories import Cast, make_mandate, make_user
from tests.members.applications import application_in

pytestmark = pytest.mark.django_db

NAMES: dict[str, dict[str, str]] = {  # key: the names by which it is known here
    "academy": {"en": "Academy", "ar": "الأكاديمية", "fr": "École des cadres"},
    "archive": {"en": "archive", "ar": "أرشيف", "fr": "Archives"},
    "bureau": {"en": "Élan Bureau", "ar": "إدارة", "fr": "Œuvre"},
    "only_arabic": {"en": "", "ar": "آفاق"},
    "only_english": {"en": "Eastern House"},
    "only_french": {"fr": "Zénith"},
    "zoo": {"en": "Zoo", "ar": "ة", "fr": "École d’été"},
}
IN_ORDER = {
    "en": ["academy", "archive", "only_english", "bureau", "only_french", "zoo", "only_arabic"],
    "fr": ["archive", "only_english", "zoo", "academy", "bureau", "only_french", "only_arabic"],
    # Latin letters stand before Arabic ones; of these ا أ إ آ are one, ة is ه.
    "ar": ["only_english", "only_french", "bureau", "archive", "only_arabic", "academy", "zoo"],
}


def make_member(of: str = MembershipClass.FULL, since: date | None = None, **said: Any) -> Any:
    institution = create_institution(**said)
    change_membership(
        institution=institution,
        membership_class=MembershipClass(of),
        state=MembershipState.ACTIVE,
        since=since,
    )
    return institution


@pytest.fixture
def named(db: None) -> dict[int, str]:
    """The institutions of NAMES, and what each is called here."""
    return {make_member(names=names, country="KR").pk: key for key, names in NAMES.items()}


@pytest.fixture
def office(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.dina)
    return client


def queries(client: Client, address: str) -> int:
    assert client.get(address).status_code == 200  # reads what is kept for a while
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    return len(asked)


# --- Names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", IN_ORDER)
def test_names_stand_in_the_readers_alphabet(named: dict[int, str], language: str) -> None:
    page = Client().get(f"/{language}/members/?order=name").context["page"]
    assert [named[each.pk] for each in page] == IN_ORDER[language]


@pytest.mark.parametrize("language", IN_ORDER)
def test_people_stand_by_their_institutions_names(
    named: dict[int, str], office: Client, language: str
) -> None:
    for number, pk in enumerate(named):
        user = User.objects.create_user(
            email=f"{number}@example.org", name_latin=f"Somebody {number}"
        )
        make_mandate(user, Institution.objects.get(pk=pk))
    rows = office.get(f"/{language}/people/?q=somebody&order=institution").context["rows"]
    assert [named[row.mandate.institution_id] for row in rows] == IN_ORDER[language]


@pytest.mark.parametrize("language", IN_ORDER)
def test_applications_stand_by_name(cast: Cast, office: Client, language: str) -> None:
    contact = make_user("eve")
    called = {}
    for key, names in NAMES.items():
        application = application_in(ApplicationState.SUBMITTED, cast, contact)
        Application.objects.filter(pk=application.pk).update(institution_names=names)
        called[application.pk] = key
    page = office.get(f"/{language}/applications/?order=name").context["page"]
    assert [called[each.pk] for each in page] == IN_ORDER[language]


def test_what_names_are_compared_by_follows_them_whoever_writes_them(named: dict[int, str]) -> None:
    zoo = Institution.objects.get(names__en="Zoo")
    assert zoo.sort_names == {"en": "zoo", "ar": "ه", "fr": "ecole d'ete"}
    Institution.objects.filter(pk=zoo.pk).update(names={"en": "Ábacus"})
    zoo.refresh_from_db()
    assert zoo.sort_names == {"en": "abacus"}
    page = Client().get("/en/members/?order=name").context["page"]
    assert page[0] == zoo
    assert Institution.objects.create(names={}).sort_names == {}


@pytest.mark.parametrize("language", INDEXED)
@pytest.mark.parametrize("of", [Institution, Application])
def test_an_index_has_names_in_order(of: Any, language: str) -> None:
    """The expression of the list is that of the index, or PostgreSQL would not see it."""
    with translation.override(language):
        found = of.objects.order_by(alphabetically(), "pk")[:10]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        plan = found.explain()
    assert f"{of.__name__.lower()}_by_name_{language}" in plan
    assert "Sort" not in plan


# --- The directory --------------------------------------------------------------------------------


@pytest.fixture
def mixed(db: None) -> None:
    """Members of every class, in some countries several, in none, in one that no list knows."""
    classes = [MembershipClass.FULL, MembershipClass.OBSERVER, MembershipClass.ASSOCIATE]
    countries = ["KR", "QA", "", "KR", "HU", "XX", "QA", "KR", "SE", "", "HU", "KR"]
    for number, country in enumerate(countries):
        make_member(
            classes[number * number % 3],
            date(2000 + number % 4, 1, 1) if number % 5 else None,
            names={"en": f"House {number * 7 % 10}"},
            country=country,
        )


@pytest.mark.parametrize("order", list(DirectoryOrder))
@pytest.mark.parametrize("language", ["en", "ar"])
def test_pages_are_parts_of_the_whole_order(
    mixed: None, order: DirectoryOrder, language: str
) -> None:
    listed = Institution.objects.listed()
    with translation.override(language):
        for found in (
            listed,
            listed.narrowed(membership_class="full"),
            listed.narrowed(country="KR"),
        ):
            whole = list(found.arranged(order))
            paged = Arranged(found, order, found.shares())
            assert len(paged) == len(whole) > 1
            for size in (1, 2, 3, 5, 100):
                cuts = range(0, len(whole), size)
                parts = [list(paged[n : min(n + size, len(whole))]) for n in cuts]
                assert [each for part in parts for each in part] == whole, (order, size)
    assert list(Arranged(listed, order, [])[0:0]) == []


@pytest.mark.parametrize(
    "query", ["", "?order=country", "?order=name", "?order=joined", "?q=house&joined=2014"]
)
def test_the_directory_asks_as_much_of_three_as_of_one(db: None, query: str) -> None:
    field = Field.objects.create(names={"en": "Art"}, position=1)
    since = date(2014, 1, 1)
    make_member(names={"en": "House"}, country="KR", since=since).fields_of_work.add(field)
    one = queries(Client(), f"/en/members/{query}")
    for of, country in (("associate", "HU"), ("observer", "")):
        made = make_member(of, since, names={"en": f"House in {country}"}, country=country)
        made.fields_of_work.add(field)
    assert queries(Client(), f"/en/members/{query}") == one
    assert Client().get(f"/en/members/{query}").context["count"] == 3


def test_what_class_and_country_leave_is_reckoned_from_what_was_counted(mixed: None) -> None:
    for query in ("", "membership_class=full", "country=KR", "country=none&membership_class=full"):
        answer = Client().get(f"/en/members/?{query}")
        shown = [each for of in answer.context["classes"] for each in of["institutions"]]
        found = answer.context["form"].found()
        assert (answer.context["count"], shown) == (found.count(), list(found)), query
        assert [of["count"] for of in answer.context["classes"]] == [
            len(of["institutions"]) for of in answer.context["classes"]
        ]


def test_who_joined_when_goes_with_the_standing(db: None) -> None:
    institution = create_institution(names={"en": "House"}, country="KR")

    def stand(state: str, since: date | None, of: str = MembershipClass.FULL) -> date | None:
        change_membership(
            institution=institution,
            membership_class=MembershipClass(of),
            state=MembershipState(state),
            since=since,
        )
        found = Institution.objects.with_joining().get(pk=institution.pk).joined_on
        current = institution.memberships.current().get()
        assert current.joined_on == found
        return found

    assert stand("candidate", date(2010, 1, 1)) is None
    assert stand("active", date(2012, 2, 3)) == date(2012, 2, 3)
    assert stand("suspended", date(2015, 1, 1)) == date(2012, 2, 3)
    assert stand("active", date(2016, 1, 1), MembershipClass.OBSERVER) == date(2012, 2, 3)
    [listed] = Institution.objects.listed()
    assert listed.joined_on == date(2012, 2, 3)
    unknown = make_member(names={"en": "Old house"}, country="QA", since=None)
    change_membership(
        institution=unknown,
        membership_class=MembershipClass.ASSOCIATE,
        state=MembershipState.ACTIVE,
        since=date(2020, 1, 1),
    )
    assert Institution.objects.listed().get(pk=unknown.pk).joined_on is None


def test_fields_in_use_are_offered_once_each(db: None) -> None:
    art, music, film = (
        Field.objects.create(names={"en": name}, position=place)
        for place, name in enumerate(["Art", "Music", "Film"])
    )
    for country in ("KR", "QA", "HU"):
        make_member(names={"en": f"House {country}"}, country=country).fields_of_work.set(
            [film, art]
        )
    create_institution(names={"en": "No member"}).fields_of_work.add(music)
    assert list(Field.objects.of_institutions(Institution.objects.listed())) == [art, film]


# --- The lists of the secretariat -----------------------------------------------------------------


@pytest.mark.parametrize("query", ["order=institution", "order=seen", "state=at-rest"])
def test_people_ask_as_much_of_three_as_of_one(
    cast: Cast, office: Client, named: dict[int, str], query: str
) -> None:
    houses = list(Institution.objects.filter(pk__in=named))
    if query == "state=at-rest":
        for house in houses:
            house.memberships.update(state=MembershipState.SUSPENDED)
    address = f"/en/people/?q=somebody&{query}"

    def add(number: int) -> None:
        email, name = f"{number}@example.org", f"Somebody {number}"
        make_mandate(User.objects.create_user(email=email, name_latin=name), houses[number])

    add(0)
    one = queries(office, address)
    add(1)
    add(2)
    assert queries(office, address) == one
    assert len(office.get(address).context["rows"]) == 3


@pytest.mark.parametrize("query", ["order=name", "order=country"])
def test_applications_ask_as_much_of_three_as_of_one(
    cast: Cast, office: Client, query: str
) -> None:
    application_in(ApplicationState.SUBMITTED, cast, make_user("eve"))
    one = queries(office, f"/en/applications/?{query}")
    for number in range(2):
        application_in(ApplicationState.SUBMITTED, cast, make_user(f"e{number}"))
    assert queries(office, f"/en/applications/?{query}") == one


def test_a_mandate_rests_where_one_thing_keeps_it_from_running(cast: Cast, office: Client) -> None:
    def at_rest() -> list[str]:
        rows = office.get("/en/people/?state=at-rest").context["rows"]
        resting: QuerySet[Mandate] = Mandate.objects.exclude(pk__in=Mandate.objects.running())
        assert {row.mandate.pk for row in rows} == {each.pk for each in resting}
        return [row.user.name for row in rows]

    assert at_rest() == []
    User.objects.filter(pk=cast.amal.pk).update(is_active=False)
    assert at_rest() == ["Amal"]
    cast.ng.memberships.update(state=MembershipState.SUSPENDED)
    assert at_rest() == ["Amal", "Bilal"]
    cast.ng.memberships.update(state=MembershipState.ACTIVE, until=date(2020, 1, 1))
    assert at_rest() == ["Amal", "Bilal"]


def test_who_never_signed_in_stands_person_by_person(cast: Cast, office: Client) -> None:
    User.objects.update(last_login=None)
    make_mandate(cast.amal, cast.pl)
    rows = office.get("/en/people/?order=seen").context["rows"]
    assert [row.user.name for row in rows] == ["Amal", "Amal", "Bilal", "Chloe", "Dina"]
