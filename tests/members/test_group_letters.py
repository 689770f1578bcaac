"""Who is told of what happens in a group, who is not, and what the letters say."""

from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils.translation import override

from members import tasks_groups
from members.actions.group_life import close_group, reopen_group
from members.actions.groups import (
    add_group_member,
    add_group_members,
    change_place,
    remove_group_member,
)
from members.actions.mandates import suspend_mandate
from members.enums import Capacity, GroupKind, GroupRole
from members.models import Group, Mandate, User
from tests.factories import Cast, make_mandate, make_user
from tests.members.groups import (
    by,
    focal_of_poland,
    letter_jobs,
    letters,
    make_group,
    office,
)
from tests.members.memberships import suspend


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


@pytest.fixture
def erin(cast: Cast) -> Mandate:
    """Of Korea's delegation: neither head nor focal point."""
    return make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)


def sent(job: dict[str, Any]) -> EmailMultiAlternatives | None:
    mail.outbox.clear()
    tasks_groups.send_group_letter(**job)
    return mail.outbox[0] if mail.outbox else None  # type: ignore[return-value]


def test_an_institution_is_told_of_another_role_by_one_letter(cast: Cast, group: Group) -> None:
    at: dict[str, Any] = {"group": group, "institution": cast.ng, "representative": None}
    for _ in range(2):
        change_place(**at, role=GroupRole.CHAIR, **office(cast))
    assert letters() == [("place", cast.bilal.pk)]
    letter = sent(letter_jobs()[0])
    assert letter
    assert letter.to == [cast.bilal.email]
    assert letter.subject == "The place of your institution in a group has changed"
    assert "Its role there: chair." in letter.body
    with override("en"):
        assert f"http://testserver{reverse('members:group', args=[group.pk])}" in letter.body
    add_group_members(group=group, institutions=[cast.ng], role=GroupRole.OBSERVER, **office(cast))
    assert letters() == [("place", cast.bilal.pk)] * 2
    assert sent(letter_jobs()[0]) is None  # it is an observer by now
    assert "Its role there: observer." in str(getattr(sent(letter_jobs()[1]), "body", ""))


def test_who_is_added_reads_as_what(cast: Cast, group: Group) -> None:
    filip, _mandate = focal_of_poland(cast, language="fr")
    add_group_member(group=group, institution=cast.pl, role=GroupRole.OBSERVER, **office(cast))
    assert letters() == [("added", filip.pk)]
    letter = sent(letter_jobs()[0])
    assert letter
    assert "Son rôle dans le groupe\u00a0: observateur." in letter.body


def test_who_is_named_and_the_others_of_the_delegation_are_told_and_never_the_actor(
    cast: Cast, group: Group, erin: Mandate
) -> None:
    second = make_mandate(make_user("second"), cast.kr, Capacity.FOCAL_POINT)
    at: dict[str, Any] = {"group": group, "institution": cast.kr, "role": GroupRole.CHAIR}
    change_place(**at, representative=erin, **by(cast.amal, cast.amal_mandate))
    assert letters() == [("named", erin.user_id), ("place", second.user_id)]
    to_erin, to_second = (sent(job) for job in letter_jobs())
    assert to_erin
    assert to_second
    assert "You chair the group in its name." in to_erin.body
    assert "Who chairs the group in its name: Erin." in to_second.body
    change_place(**at, representative=cast.amal_mandate, **by(cast.amal, cast.amal_mandate))
    assert letters()[2:] == [("place", second.user_id)]  # who names themselves knows
    assert sent(letter_jobs()[0]) is None  # Erin is it no more
    change_place(**at, representative=cast.amal_mandate, **office(cast))
    assert len(letters()) == 3  # repeated


def test_by_the_secretariat_the_named_head_gets_one_letter(cast: Cast, group: Group) -> None:
    change_place(
        group=group,
        institution=cast.kr,
        role=GroupRole.CHAIR,
        representative=cast.amal_mandate,
        **office(cast),
    )
    assert letters() == [("named", cast.amal.pk)]


def test_a_focal_point_of_a_network_is_told_so(cast: Cast) -> None:
    network = make_group(cast, kind=GroupKind.THEMATIC_NETWORK)
    User.objects.filter(pk=cast.bilal.pk).update(language="ar")
    change_place(
        group=network,
        institution=cast.ng,
        role=GroupRole.MEMBER,
        representative=cast.bilal_mandate,
        **office(cast),
    )
    letter = sent(letter_jobs()[0])
    assert letter
    assert letter.subject == "تمثّلون مؤسستكم في أحد الأفرقة"
    assert "جهة الاتصال الوطنية" in letter.body


def test_a_closing_is_told_to_whoever_has_a_say_in_it_once(
    cast: Cast, group: Group, erin: Mandate
) -> None:
    change_place(
        group=group,
        institution=cast.kr,
        role=GroupRole.CHAIR,
        representative=erin,
        **by(cast.amal, cast.amal_mandate),
    )
    make_mandate(make_user("plain"), cast.ng, Capacity.DELEGATE)  # of the delegation alone
    make_mandate(cast.bilal, cast.kr, Capacity.FOCAL_POINT)  # speaks for both
    before = len(letters())
    for _ in range(2):
        close_group(group=group, reason="It has reported.", **office(cast))
    told = letters()[before:]
    assert sorted(told) == sorted(
        ("closed", pk) for pk in (cast.amal.pk, cast.bilal.pk, erin.user_id)
    )
    letter = sent(letter_jobs()[before])
    assert letter
    assert letter.subject == "A group was closed"
    assert "It has reported." in letter.body
    for _ in range(2):
        reopen_group(group=group, **office(cast))
    again = letters()[before + 3 :]
    assert sorted(again) == sorted(("reopened", pk) for _letter, pk in told)
    assert sent(letter_jobs()[before]) is None  # it is open again
    assert sent(letter_jobs()[-1])


def test_who_closes_it_gets_no_letter_nor_who_has_no_place_any_more(
    cast: Cast, group: Group
) -> None:
    make_mandate(cast.dina, cast.ng, Capacity.HEAD)
    close_group(group=group, reason="Done", **office(cast))
    assert sorted(letters()) == sorted([("closed", cast.amal.pk), ("closed", cast.bilal.pk)])
    reopen_group(group=group, **office(cast))
    remove_group_member(group=group, institution=cast.ng, **by(cast.bilal, cast.bilal_mandate))
    suspend(cast)
    before = len(letters())
    close_group(group=group, reason="Done", **office(cast))
    assert letters()[before:] == []  # one has left, the other is suspended


def test_whose_mandate_rests_meanwhile_reads_nothing(
    cast: Cast, group: Group, erin: Mandate
) -> None:
    change_place(
        group=group,
        institution=cast.kr,
        role=GroupRole.CHAIR,
        representative=erin,
        **by(cast.amal, cast.amal_mandate),
    )
    [job] = letter_jobs()
    suspend_mandate(suspending=erin, reason="Leave", **by(cast.amal, cast.amal_mandate))
    assert sent(job) is None
