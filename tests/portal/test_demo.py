"""The demo network: the facts it is built from, and who finds what in it."""

import json
from collections.abc import Iterator
from datetime import date
from io import StringIO
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from assembly.models import Meeting, RuleSet
from members.models import Application, Institution, Mandate, Membership, Presidency, User
from messaging.models import Message, Room
from portal.demo.loader import load_network
from portal.demo.meetings import SAID as BEFORE
from portal.demo.people import DOMAIN, network, table
from portal.demo.rooms import SAID

PASSWORD = "a word for the whole network"
FACTS = network()
BILATERAL = "National Institute for Cultural Orientation – Korea Foundation"
ARCHIVED = "Preparation of the last assembly"


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The network, loaded once for the file; every test takes back what it did."""
    with django_db_blocker.unblock(), transaction.atomic():
        assert load_network(password=PASSWORD, today=date(2027, 1, 1))
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded: None, db: None) -> None:
    pass


def person(name: str) -> User:
    return User.objects.get(email=f"{name}@{DOMAIN}")


def rooms_of(name: str) -> set[str]:
    return {room.titles["en"] for room in Room.objects.readable_by(person(name))}


def test_institutions_stand_as_the_sources_say(demo: None) -> None:
    standing = {
        (m.institution.country.code, m.membership_class, m.state, m.since)
        for m in Membership.objects.current().exclude(membership_class="observer")
    }
    assert standing == {
        (
            fact["country"],
            fact["class"],
            "active",
            date.fromisoformat(fact["joined"]) if fact["joined"] else None,
        )
        for fact in FACTS["institutions"]
    }
    assert len(standing) == 13
    for institution in Institution.objects.all():
        assert set(institution.names) == {"en", "ar", "fr"}
        assert all(institution.names.values())


def test_three_presidencies_the_last_one_running(demo: None) -> None:
    assert [p.institution.country.code for p in Presidency.objects.all()] == ["KR", "TR", "QA"]
    assert Presidency.objects.first().interim  # type: ignore[union-attr]
    assert Presidency.objects.running().get().institution.acronym == "Katara"


def test_assemblies_and_the_one_to_come(demo: None) -> None:
    meetings = list(Meeting.objects.order_by("number"))
    assert [m.number for m in meetings] == [1, 2, 3, 4, 5, 6, 7]
    sixth, seventh = meetings[5:]
    countries = set(sixth.delegations.values_list("country", flat=True))
    assert countries == {"QA", "TR", "KR", "HU", "TW", "NG", "SG", "MX", "MZ", "PH"}
    assert sixth.delegations.get(country="MX").institution is None
    assert seventh.starts_on == date(2027, 5, 1)
    assert "Demonstration date" in seventh.note
    assert seventh.rules == RuleSet.objects.get()
    assert (seventh.rules.majority_numerator, seventh.rules.majority_denominator) == (2, 3)
    assert (seventh.rules.quorum_numerator, seventh.rules.quorum_denominator) == (1, 2)


def test_people_are_roles_that_can_sign_in(demo: None, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    names = {"secretariat", "observer", "contact.mx"}
    for fact in FACTS["institutions"]:
        names |= {f"{role}.{fact['country'].lower()}" for role in ("head", "delegate", "focal")}
    assert {user.email for user in User.objects.all()} == {f"{name}@{DOMAIN}" for name in names}
    assert EmailAddress.objects.filter(verified=True, primary=True).count() == len(names)
    assert all(user.check_password(PASSWORD) for user in User.objects.order_by("pk")[:3])
    assert person("head.qa").language == "ar"
    assert person("head.kr").language == person("head.ng").language == "en"
    assert person("head.mz").language == "fr"


def test_table_names_an_address_of_every_kind(demo: None) -> None:
    for address, _role in table():
        if address:
            User.objects.get(email=address.replace(".xx@", ".kr@"))


def test_each_finds_their_rooms(demo: None) -> None:
    culture = "Cultural, social and humanitarian cooperation"
    common = {"Plenary", "Announcements"}
    assert culture in rooms_of("head.kr") & rooms_of("head.ng") & rooms_of("observer")
    assembly = {"Seventh general assembly"}
    assert rooms_of("head.ng") == common | assembly | {culture, BILATERAL, ARCHIVED}
    assert culture not in rooms_of("head.pl")
    assert len(rooms_of("secretariat")) == 7  # not the room of two delegations
    assert rooms_of("contact.mx") == set()


def test_one_person_holds_two_mandates(demo: None) -> None:
    held = Mandate.objects.running().filter(user=person("delegate.lt"))
    assert {(m.institution.country.code, m.capacity) for m in held} == {
        ("LT", "delegate"),
        ("PL", "adviser"),
    }


def test_contact_of_mexico_begins_with_nothing(demo: None) -> None:
    assert not person("contact.mx").mandates.exists()
    assert not Application.objects.exists()


def test_rooms_hold_words_in_three_languages(demo: None) -> None:
    issued, polls = 2, 1  # a statement and its corrigendum; a poll of opinion
    assert (
        Message.objects.count() == len(FACTS["messages"]) + len(SAID) + len(BEFORE) + issued + polls
    )
    spoken = set(Message.objects.values_list("author__language", flat=True))
    assert spoken == {"ar", "en", "fr"}


def test_loading_again_changes_nothing(demo: None) -> None:
    before = (User.objects.count(), Message.objects.count(), Meeting.objects.count())
    assert not load_network(password=PASSWORD)
    assert (User.objects.count(), Message.objects.count(), Meeting.objects.count()) == before


def test_another_password_becomes_everybodys(demo: None) -> None:
    assert not load_network(password="another word")
    assert person("head.kr").check_password("another word")
    assert person("contact.mx").check_password("another word")


def test_facts_name_their_sources() -> None:
    for key in ("institutions_source", "presidencies_sources", "assemblies_sources"):
        assert FACTS[key]
    assert FACTS["rules"]["source"].startswith("Demonstration rules")
    assert "/" not in json.dumps(FACTS["assemblies_sources"])  # words, not paths


def verify() -> str:
    output = StringIO()
    call_command("verify_records", stdout=output)
    return output.getvalue()


def test_records_of_the_demo_network_verify(demo: None) -> None:
    assert verify().startswith("Whole: 8 rooms, ")


@pytest.mark.parametrize(
    ("alteration", "row"),
    [
        ("UPDATE messaging_record SET text = 'other' WHERE room_id = {room} AND seq = 20", "20"),
        ("UPDATE messaging_message SET body = 'other' WHERE room_id = {room} AND seq = 20", "20"),
        ("UPDATE records_auditentry SET act = 'other' WHERE number = 7", "7"),
    ],
)
def test_verify_records_names_the_altered_row(demo: None, alteration: str, row: str) -> None:
    room: Any = Room.objects.get(kind="plenary")
    with connection.cursor() as cursor:
        cursor.execute(alteration.format(room=room.pk))
        assert cursor.rowcount == 1
    with pytest.raises(CommandError, match=rf"\b{row}\b") as refused:
        verify()
    assert refused.value.returncode == 1
