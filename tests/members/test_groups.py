"""Groups: who may make, change, fill and close them, and what is kept of the past."""

from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from members.actions.group_life import change_group, close_group, reopen_group
from members.actions.groups import (
    GroupClosedError,
    add_group_member,
    add_group_members,
    change_place,
    remove_group_member,
)
from members.actions.people import end_mandate
from members.enums import Capacity, GroupKind, GroupRole, MembershipClass
from members.models import Group, GroupMember, Institution, Mandate, User
from members.permissions.groups import can_run_group
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.members.groups import by, focal_of_poland, letters, make_group, office


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


def seats(group: Group) -> dict[str, str]:
    """Country -> role, of those who are in it today."""
    return {m.institution.country.code: m.role for m in group.members.for_rooms()}


def past(group: Group) -> list[tuple[str, str, str, bool]]:
    """Country, role, person, whether it stands; the latest first."""
    return [
        (
            m.institution.country.code,
            m.role,
            m.representative.user.name if m.representative else "",
            m.until is None,
        )
        for m in GroupMember.objects.of_group(group).history()
    ]


def acts(group: Group) -> list[str]:
    return [e.act for e in AuditEntry.objects.about(group).order_by("number")]


def texts(**more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "names": {"en": "Culture"},
        "mandate_texts": {},
        "mandate_states": {},
        "starts_on": None,
        "ends_on": None,
        "secretariat_chairs": False,
        "version": None,
    }
    return given | more


def test_the_secretariat_alone_says_what_a_group_is(cast: Cast, group: Group) -> None:
    new = texts(
        mandate_texts={"en": "To report.", "ar": "إعداد تقرير."},
        mandate_states={"en": "final", "ar": "draft"},
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        secretariat_chairs=True,
    )
    for user, mandate in ((cast.amal, cast.amal_mandate), (cast.chloe, cast.chloe_mandate)):
        with pytest.raises(PermissionDenied):
            change_group(group=group, **new, **by(user, mandate))
    for _ in range(2):
        kept = change_group(group=group, **new, **office(cast))
    assert (kept.mandate_text.text, kept.drafts, kept.has_run_out) == ("To report.", ["ar"], False)
    assert acts(group) == ["group.created", "group.changed"]
    entry = AuditEntry.objects.about(group).get(act="group.changed")
    assert entry.after == {
        "names": {"en": "Culture"},
        "mandate_states": {"en": "final", "ar": "draft"},
        "starts_on": "2026-01-01",
        "ends_on": "2026-12-31",
        "secretariat_chairs": True,
        "mandate_texts": ["en", "ar"],
    }
    assert "To report" not in str(entry.after)


def test_a_chair_lets_members_in_and_out_and_makes_no_chair(cast: Cast, group: Group) -> None:
    chair = by(cast.amal, cast.amal_mandate)
    for _ in range(2):
        add_group_members(group=group, institutions=[cast.pl], role=GroupRole.OBSERVER, **chair)
    add_group_member(group=group, institution=cast.pl, role=GroupRole.MEMBER, **chair)
    for refused in (
        lambda: add_group_member(group=group, institution=cast.qa, role=GroupRole.CHAIR, **chair),
        lambda: add_group_member(group=group, institution=cast.ng, role=GroupRole.CHAIR, **chair),
        lambda: change_place(
            group=group,
            institution=cast.kr,
            role=GroupRole.MEMBER,
            representative=None,
            **chair,
        ),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert seats(group) == {"KR": "chair", "NG": "member", "PL": "member"}
    for _ in range(2):
        remove_group_member(group=group, institution=cast.pl, **chair)
    assert seats(group) == {"KR": "chair", "NG": "member"}
    assert past(group)[:2] == [("PL", "member", "", False), ("PL", "observer", "", False)]
    assert acts(group)[1:] == [
        "group.member_added",
        "group.member_changed",
        "group.member_removed",
    ]


@pytest.mark.parametrize(
    "who", ["member", "observer of the chair", "delegate of the chair", "stranger"]
)
def test_others_change_nothing(cast: Cast, group: Group, who: str) -> None:
    adviser = make_user("erin")
    capacity = Capacity.OBSERVER if who.startswith("observer") else Capacity.DELEGATE
    user, mandate = {
        "member": (cast.bilal, cast.bilal_mandate),
        "stranger": (cast.chloe, cast.chloe_mandate),
    }.get(who) or (adviser, make_mandate(adviser, cast.kr, capacity))
    whoever = by(user, mandate)
    for refused in (
        lambda: add_group_member(group=group, institution=cast.qa, **whoever),
        lambda: add_group_member(group=group, institution=cast.ng, **whoever),  # is there already
        lambda: remove_group_member(group=group, institution=cast.kr, **whoever),
        lambda: remove_group_member(group=group, institution=cast.qa, **whoever),  # is not there
        lambda: change_place(
            group=group,
            institution=cast.ng,
            role=GroupRole.OBSERVER,
            representative=None,
            **whoever,
        ),
        lambda: close_group(group=group, reason="No", **whoever),
        lambda: reopen_group(group=group, **whoever),
    ):
        with pytest.raises(PermissionDenied):
            refused()
    assert acts(group) == ["group.created"]


def test_who_is_named_chairs_while_the_mandate_runs_and_the_past_stays(
    cast: Cast, group: Group
) -> None:
    """An institution names its own; neither another's chair nor one who only observes."""
    deputy, watcher = make_user("erin"), make_user("watcher")
    named = make_mandate(deputy, cast.kr, Capacity.DELEGATE)
    observes = make_mandate(watcher, cast.kr, Capacity.OBSERVER)
    at: dict[str, Any] = {"group": group, "institution": cast.kr, "role": GroupRole.CHAIR}
    assert not can_run_group(deputy, group)
    for person, whoever in (
        (named, by(cast.bilal, cast.bilal_mandate)),
        (observes, by(cast.amal, cast.amal_mandate)),
        (cast.bilal_mandate, office(cast)),
    ):
        with pytest.raises(PermissionDenied):
            change_place(**at, representative=person, **whoever)
    for _ in range(2):
        change_place(**at, representative=named, **by(cast.amal, cast.amal_mandate))
    assert can_run_group(deputy, group)
    add_group_member(group=group, institution=cast.pl, **by(deputy, named))
    assert past(group) == [
        ("PL", "member", "", True),
        ("KR", "chair", "Erin", True),
        ("NG", "member", "", True),
        ("KR", "chair", "", False),
    ]
    entry = AuditEntry.objects.about(group).get(act="group.member_changed")
    assert entry.after == {"institution": cast.kr.pk, "role": "chair", "user": deputy.pk}
    end_mandate(ending=named, **by(cast.amal, cast.amal_mandate))
    assert not can_run_group(deputy, group)
    shown = Group.objects.find(group.pk)
    assert shown
    assert [(p.representative_id, p.is_represented) for p in shown.chairs] == [(named.pk, False)]


def test_in_a_thematic_network_each_institution_names_its_focal_point(cast: Cast) -> None:
    network = make_group(cast, kind=GroupKind.THEMATIC_NETWORK)
    working = make_group(cast)
    bilal = by(cast.bilal, cast.bilal_mandate)
    at: dict[str, Any] = {
        "institution": cast.ng,
        "role": GroupRole.MEMBER,
        "representative": cast.bilal_mandate,
    }
    assert change_place(group=network, **at, **bilal).representative == cast.bilal_mandate  # type: ignore[union-attr]
    assert change_place(group=working, **at, **bilal).representative is None  # type: ignore[union-attr]
    gone = change_place(group=network, **at | {"role": GroupRole.OBSERVER}, **office(cast))
    assert gone
    assert gone.representative is None
    assert change_place(group=network, **at | {"institution": cast.pl}, **office(cast)) is None


def test_an_institution_leaves_and_comes_back_and_both_times_stay(cast: Cast, group: Group) -> None:
    filip, mandate = focal_of_poland(cast)
    with pytest.raises(PermissionDenied):
        remove_group_member(group=group, institution=cast.ng, **by(filip, mandate))
    for _ in range(2):
        remove_group_member(group=group, institution=cast.ng, **by(cast.bilal, cast.bilal_mandate))
    assert letters() == []  # they know
    add_group_member(group=group, institution=cast.ng, **by(cast.amal, cast.amal_mandate))
    remove_group_member(group=group, institution=cast.ng, **by(cast.amal, cast.amal_mandate))
    assert letters() == [("added", cast.bilal.pk), ("removed", cast.bilal.pk)]
    assert acts(group)[1:] == ["group.member_left", "group.member_added", "group.member_removed"]
    assert [each[3] for each in past(group)] == [False, False, True]  # Nigeria, twice
    remove_group_member(group=group, institution=cast.kr, **by(cast.amal, cast.amal_mandate))
    with pytest.raises(PermissionDenied):
        add_group_member(group=group, institution=cast.pl, **by(cast.amal, cast.amal_mandate))


def test_a_closed_group_takes_nobody_in_until_it_is_reopened(cast: Cast, group: Group) -> None:
    for _ in range(2):
        closed = close_group(group=group, reason="It has reported.", **office(cast))
    assert (closed.is_closed, closed.closing_reason) == (True, "It has reported.")
    for refused in (
        lambda: add_group_member(group=group, institution=cast.pl, **office(cast)),
        lambda: change_group(group=group, **texts(names={"en": "Other"}), **office(cast)),
        lambda: change_place(
            group=group,
            institution=cast.ng,
            role=GroupRole.OBSERVER,
            representative=None,
            **office(cast),
        ),
        lambda: remove_group_member(group=group, institution=cast.ng, **office(cast)),
        lambda: remove_group_member(
            group=group, institution=cast.ng, **by(cast.bilal, cast.bilal_mandate)
        ),
    ):
        with pytest.raises(GroupClosedError):
            refused()
    with pytest.raises(PermissionDenied):
        remove_group_member(group=group, institution=cast.ng, **by(cast.chloe, cast.chloe_mandate))
    assert seats(group) == {"KR": "chair", "NG": "member"}
    remove_group_member(group=group, institution=cast.pl, **office(cast))  # is not there
    for _ in range(2):
        again = reopen_group(group=group, **office(cast))
    assert (again.is_closed, again.closing_reason) == (False, "")
    add_group_member(group=group, institution=cast.pl, **office(cast))
    assert acts(group)[1:] == [
        "group.closed",
        "group.reopened",
        "group.member_added",
    ]
    entry = AuditEntry.objects.about(group).get(act="group.reopened")
    assert entry.before["reason"] == "It has reported."


def test_an_institution_has_one_place_at_a_time(cast: Cast, group: Group) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        GroupMember.objects.create(group=group, institution=cast.ng)
    with pytest.raises(IntegrityError), transaction.atomic():
        Group.objects.filter(pk=group.pk).update(
            starts_on=date(2026, 2, 1), ends_on=date(2026, 1, 1)
        )


# --- As the network's sources have it -------------------------------------------------------------
# Who chairs it is on record; of the others, only how many they are.
CO_CHAIRS = ("TR", "SA", "GM")
OTHERS = "AZ BD BJ BN CM DJ EG ID IQ IR JO KW KZ MA MY NE PK QA SD SN UZ"


def member_of(country: str, cast: Cast) -> Institution:
    return cast.qa if country == "QA" else make_institution(country)


def test_the_contact_group_of_24_states_with_three_co_chairs_and_the_secretariat(
    cast: Cast,
) -> None:
    states = {country: member_of(country, cast) for country in (*CO_CHAIRS, *OTHERS.split())}
    group = make_group(
        cast,
        kind=GroupKind.CONTACT_GROUP,
        names={"en": "Friends of mediation", "ar": "فريق الاتصال التابع لأصدقاء الوساطة"},
        secretariat_chairs=True,
        members={
            institution: GroupRole.CHAIR if country in CO_CHAIRS else GroupRole.MEMBER
            for country, institution in states.items()
        },
        **office(cast),
    )
    people: dict[str, tuple[User, Mandate]] = {}
    for country in CO_CHAIRS:
        user = make_user(f"ambassador.{country.lower()}")
        people[country] = (user, make_mandate(user, states[country], Capacity.HEAD))
        change_place(
            group=group,
            institution=states[country],
            role=GroupRole.CHAIR,
            representative=people[country][1],
            **by(*people[country]),
        )
    found = Group.objects.find(group.pk)
    assert found
    assert len(found.places) == 24
    assert sorted(p.institution.country.code for p in found.chairs) == ["GM", "SA", "TR"]
    assert len(found.plain_members) == 21
    for user, mandate in [*people.values(), (cast.dina, cast.dina_mandate)]:
        assert can_run_group(user, group)  # each of the four, and none above another
        add_group_member(
            group=group,
            institution=cast.ng,
            role=GroupRole.OBSERVER,
            **by(user, mandate),
        )
    for user, mandate in people.values():
        other = next(states[c] for c in CO_CHAIRS if states[c] != mandate.institution)
        with pytest.raises(PermissionDenied):  # no co-chair takes another out
            remove_group_member(group=group, institution=other, **by(user, mandate))
    client = Client()
    client.force_login(cast.chloe)
    html = client.get(reverse("members:group", args=[group.pk])).content.decode()
    for words in ("Ambassador.Tr", "Ambassador.Sa", "Ambassador.Gm", "Dina", "Secretariat"):
        assert words in html
    assert not Client().get(reverse("members:group", args=[group.pk])).content


def test_the_three_working_groups_of_a_general_meeting(cast: Cast) -> None:
    """Each with its matters; an institution may sit in several, and chair one of them."""
    other = make_institution("SG", membership_class=MembershipClass.OBSERVER)
    names = (
        "القضايا السياسية",
        "التعاون في المسائل الاقتصادية والعلمية",
        "التعاون في القضايا الثقافية والاجتماعية والإنسانية",
    )
    chairs = (cast.kr, cast.ng, cast.pl)
    groups = [
        make_group(
            cast,
            names={"ar": name},
            members={
                **{each: GroupRole.MEMBER for each in chairs},
                chair: GroupRole.CHAIR,
                other: GroupRole.OBSERVER,
            },
            **office(cast),
        )
        for name, chair in zip(names, chairs, strict=True)
    ]
    listed = Group.objects.for_list()
    assert {g.name.text for g in listed} == set(names)
    assert {tuple(p.institution for p in g.chairs) for g in listed} == {(c,) for c in chairs}
    assert [can_run_group(cast.amal, g) for g in groups] == [True, False, False]
    assert [can_run_group(cast.bilal, g) for g in groups] == [False, True, False]
