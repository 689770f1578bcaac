"""The demo network: facts of public sources, people that are roles, words that are invented."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.contrib.auth.hashers import check_password, make_password
from django.db import connection, transaction
from django.utils import timezone

from assembly.actions import (
    add_agenda_item,
    create_meeting,
    create_rule_set,
    record_past_delegations,
)
from assembly.enums import MeetingKind
from members.actions.groups import create_group
from members.actions.institutions import change_membership, create_institution
from members.actions.people import create_person, start_mandate
from members.actions.persons import change_person_profile
from members.enums import (
    Capacity,
    GroupKind,
    GroupRole,
    InstitutionKind,
    MembershipClass,
    MembershipState,
)
from members.models import Group, Institution, Mandate, Presidency, User
from members.names import SCRIPTS
from messaging.actions import delete_message, edit_message, post_message
from messaging.enums import RoomKind
from messaging.models import Message, Room
from portal.demo.group_space import load_group_space
from portal.demo.marks import load_marks
from portal.demo.meetings import load_meeting_room
from portal.demo.news import load_news
from portal.demo.people import DOMAIN, network
from portal.demo.profiles import load_profiles
from portal.demo.rooms import load_rooms
from portal.demo.statements import load_statements
from portal.founding import open_common_rooms, record_presidency
from records.languages import all_final

CAPACITIES = {"head": Capacity.HEAD, "delegate": Capacity.DELEGATE, "focal": Capacity.FOCAL_POINT}


class NotEmptyError(Exception):
    """The database holds people, and none of them is of the demo network."""


@transaction.atomic
def load_network(*, password: str, today: date | None = None) -> bool:
    """Load the demo network into an empty database, all or nothing; every person gets `password`.

    On a loaded one only the password is brought up to date. Returns whether it was loaded now.
    Raises NotEmptyError rather than mixing roles with real people.
    """
    with connection.cursor() as cursor:  # two at once: the second finds it loaded
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('majlis demo'))")
    known = User.objects.filter(email__endswith=f"@{DOMAIN}")
    office = known.filter(email=f"secretariat@{DOMAIN}").first()
    if office is not None:
        if not check_password(password, office.password):
            known.update(password=make_password(password))
        return False
    if User.objects.exists():
        raise NotEmptyError
    _Loader(network(), today or timezone.now().date()).load()
    known.update(password=make_password(password))
    return True


class _Loader:
    def __init__(self, facts: dict[str, Any], today: date) -> None:
        self.facts, self.today = facts, today
        self.by_country: dict[str, Institution] = {}
        self.mandates: dict[str, Mandate] = {}  # by the address's part before the @
        self.rooms: dict[str | int, Room] = {}

    def load(self) -> None:
        self.load_institutions()
        self.load_presidencies()
        self.load_people()
        load_profiles(self.mandates)
        self.load_meetings()
        self.open_rooms()
        self.load_group()
        self.post_messages()
        load_rooms(self.mandates)
        load_meeting_room(self.next_assembly, self.mandates)
        load_statements(room=self.rooms[RoomKind.PLENARY], mandate=self.mandates["head.qa"])
        load_news(secretariat=self.mandates["secretariat"])

    def load_institutions(self) -> None:
        for fact in self.facts["institutions"]:
            self.by_country[fact["country"]] = self._institution(
                fact,
                MembershipClass(fact["class"]),
                since=_day(fact["joined"]),
                source=self.facts["institutions_source"],
            )
        self.observer = self._institution(
            self.facts["observer"], MembershipClass.OBSERVER, since=None, source=""
        )

    def _institution(
        self, fact: dict[str, Any], standing: MembershipClass, *, since: date | None, source: str
    ) -> Institution:
        institution = create_institution(
            names=fact["names"],
            acronym=fact.get("acronym", ""),
            country=fact.get("country", ""),
            kind=InstitutionKind(fact["kind"]) if "kind" in fact else "",
            note=fact["note"],
            source=source,
        )
        change_membership(
            institution=institution,
            membership_class=standing,
            state=MembershipState.ACTIVE,
            since=since,
        )
        return institution

    def load_presidencies(self) -> None:
        for fact in self.facts["presidencies"]:
            record_presidency(
                institution=self.by_country[fact["country"]],
                starts_on=date.fromisoformat(fact["from"]),
                ends_on=_day(fact["to"]),
                interim=fact["interim"],
            )

    def load_people(self) -> None:
        people = self.facts["people"]
        for country, institution in self.by_country.items():
            language, latin, arabic, zone = people["of"][country]
            read_in_latin = people["roles"]["fr" if language == "fr" else "en"]
            for role, capacity in CAPACITIES.items():
                names = (
                    f"{read_in_latin[role]} ({latin})",
                    f"{people['roles']['ar'][role]} ({arabic})",
                )
                user = _create(f"{role}.{country.lower()}", names, language, zone)
                self._appoint(user, institution, capacity)
        presiding = Presidency.objects.running().get().institution
        self._appoint(self._person("secretariat"), presiding, Capacity.SECRETARIAT)
        self._appoint(self._person("observer"), self.observer, Capacity.OBSERVER)
        self._person("contact")  # no mandate: what they may do begins with an application
        for fact in people["second_mandates"]:
            start_mandate(
                user=self.mandates[fact["address"]].user,
                institution=self.by_country[fact["country"]],
                capacity=Capacity(fact["capacity"]),
            )

    def _person(self, key: str) -> User:
        fact = self.facts["people"][key]
        return _create(fact["address"], fact["names"], fact["language"], fact["time_zone"])

    def _appoint(self, user: User, institution: Institution, capacity: Capacity) -> None:
        self.mandates[user.email.partition("@")[0]] = start_mandate(
            user=user, institution=institution, capacity=capacity
        )

    def load_meetings(self) -> None:
        fact = self.facts["rules"]
        rules = create_rule_set(
            version=fact["version"],
            names=fact["names"],
            source=fact["source"],
            quorum_rule=fact["quorum_rule"],
            quorum=tuple(fact["quorum"]),
            majority_rule=fact["majority_rule"],
            majority=tuple(fact["majority"]),
        )
        for fact in self.facts["assemblies"]:
            meeting = create_meeting(
                kind=MeetingKind.GENERAL_ASSEMBLY,
                number=fact["number"],
                cities=fact["cities"],
                country=fact["country"],
                starts_on=date.fromisoformat(fact["from"]),
                ends_on=_day(fact["to"]),
                note=fact.get("note", ""),
            )
            record_past_delegations(meeting=meeting, countries=fact.get("delegations", []))
            for titles in fact.get("agenda", []):
                add_agenda_item(meeting=meeting, titles=titles, actor=None)
        fact = self.facts["next_assembly"]
        first = self.today + timedelta(days=30 * fact["months_ahead"])
        meeting = self.next_assembly = create_meeting(
            kind=MeetingKind.GENERAL_ASSEMBLY,
            number=fact["number"],
            cities=fact["cities"],
            country=fact["country"],
            starts_on=first,
            ends_on=first + timedelta(days=fact["days"] - 1),
            rules=rules,
            note=fact["note"],
        )
        for titles in fact["agenda"]:
            add_agenda_item(meeting=meeting, titles=titles, actor=None)

    def open_rooms(self) -> None:
        for number, fact in enumerate(self.facts["working_groups"]):
            members = {self.by_country[fact["chair"]]: GroupRole.CHAIR}
            members |= {self.by_country[country]: GroupRole.MEMBER for country in fact["members"]}
            if fact["observed"]:
                members[self.observer] = GroupRole.OBSERVER
            group = create_group(  # messaging hears of it and opens the room
                kind=GroupKind.WORKING_GROUP,
                names=fact["names"],
                mandate_texts=fact["mandate"],
                mandate_states=all_final(fact["mandate"]),
                members=members,
            )
            self.rooms[number] = _room_of(group)
        rooms = open_common_rooms(members=self.by_country.values(), observers=[self.observer])
        self.rooms |= {kind.value: room for kind, room in rooms.items()}

    def load_group(self) -> None:
        group = self.rooms[0].group
        if group is not None:
            load_group_space(group, self.mandates["head.kr"], self.today)

    def post_messages(self) -> None:
        said: dict[int, Message] = {}
        for number, fact in enumerate(self.facts["messages"]):
            mandate = self.mandates[fact["author"]]
            replied = fact.get("reply_to")  # by its place among the facts
            message = said[number] = post_message(
                room=self.rooms[fact["room"]],
                author=mandate.user,
                mandate=mandate,
                body=fact["body"],
                client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/messages/{number}"),
                reply_to=None if replied is None else said[replied].seq,
            )
            which: dict[str, Any] = {"room": message.room, "seq": message.seq}
            if text := fact.get("edited"):
                edit_message(
                    **which,
                    version=message.version,
                    body=text,
                    client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/messages/{number}/edits"),
                    actor=mandate.user,
                )
            if reason := fact.get("deleted"):
                delete_message(**which, reason=reason, actor=mandate.user)
        load_marks(self.mandates, announced=said[1], agenda=said[6])


def _create(address: str, names: Sequence[str], language: str, zone: str) -> User:
    """A person with a name in each of SCRIPTS."""
    user = create_person(
        email=f"{address}@{DOMAIN}",
        name=names[0],
        password=None,
        language=language,
        time_zone=zone,
    )
    change_person_profile(actor=user, said=dict(zip(SCRIPTS, names, strict=True)))
    return user


def _room_of(group: Group) -> Room:
    return Room.objects.get(group=group)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
