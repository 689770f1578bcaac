"""Places in groups of who withdrew and of who is suspended: what ends, what rests, who reads it."""

import re
from contextlib import suppress
from datetime import date, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions.group_life import close_group
from members.actions.groups import NotAMemberError, add_group_member, add_group_members
from members.actions.institutions import change_membership
from members.actions.join_requests import AlreadyAnsweredError, accept_request, ask_to_join
from members.enums import GroupRole, MembershipClass, MembershipState
from members.models import Group, GroupMember, Institution, JoinRequest, Membership
from messaging.models import Participant
from records.models import AuditEntry
from tests.factories import Cast, make_institution
from tests.members.groups import by, focal_of_poland, letters, make_group, office, signed_in
from tests.members.memberships import DAY, now, reinstate, suspend, withdraw
from tests.portal.test_races import at_once


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


def read(client: Client, name: str, *args: Any) -> str:
    answer = client.get(reverse(f"members:{name}", args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def section(html: str, name: str) -> str:
    return words(html.split(f'id="{name}"')[1].split("</section>")[0])


def seats(group: Group) -> dict[str, str]:
    return {m.institution.country.code: m.role for m in group.members.for_rooms()}


# --- Withdrawn ------------------------------------------------------------------------------------
def test_who_withdraws_has_no_place_any_more_in_any_group(cast: Cast, group: Group) -> None:
    other = make_group(cast, names={"en": "Law"}, members={cast.kr: GroupRole.OBSERVER})
    closed = make_group(cast, names={"en": "Charter"})
    close_group(group=closed, reason="Done", **office(cast))
    before = letters()
    withdraw(cast, since=timezone.now().date())
    assert [seats(each) for each in (group, other, closed)] == [
        {"NG": "member"},
        {},
        {"NG": "member"},
    ]
    for each, role in ((group, "chair"), (other, "observer"), (closed, "chair")):
        assert not Participant.objects.current().of_group(each, cast.kr).exists()
        entry = AuditEntry.objects.about(each).get(act="group.member_withdrawn")
        assert entry.before == {"institution": cast.kr.pk, "role": role}
        assert (entry.after, entry.actor_id) == ({"reason": "Absent three times."}, cast.dina.pk)
    assert letters() == before  # that of the withdrawal says it
    chloe = signed_in(cast.chloe)
    html = read(chloe, "group", group.pk)
    assert "Institution KR" not in section(html, "chair")
    assert "Nobody chairs it yet." in section(html, "chair")
    history = section(html, "history").split("Institution ")
    assert [row.endswith("– today") for row in history if row.startswith("KR")] == [False]
    assert "Institution KR" not in words(read(chloe, "group_list").split("<main")[1])
    assert 'id="groups"' not in read(chloe, "institution", cast.kr.pk)


def test_a_place_ends_on_the_day_of_the_withdrawal_or_where_it_began(cast: Cast) -> None:
    """What is recorded late holds from its day; what was given since then held for no time."""
    group = make_group(cast)
    GroupMember.objects.filter(institution=cast.kr).update(
        since=timezone.now() - timedelta(days=4000)
    )
    later = make_group(cast)
    unknown = make_group(cast)
    GroupMember.objects.filter(group=unknown).update(since=None)
    withdraw(cast, since=DAY)
    ended = [each.members.get(institution=cast.kr) for each in (group, later, unknown)]
    assert [str(place.until)[:16] for place in ended[::2]] == ["2026-01-01 00:00"] * 2
    assert ended[1].until == ended[1].since


def test_what_was_withdrawn_is_not_done_again_and_a_return_brings_no_place_back(
    cast: Cast, group: Group
) -> None:
    seen = now(cast.kr).pk
    for _ in range(2):
        withdraw(cast, standing=seen)
    assert AuditEntry.objects.filter(act="group.member_withdrawn").count() == 1
    with pytest.raises(NotAMemberError):
        add_group_member(group=group, institution=cast.kr, **office(cast))
    change_membership(
        institution=cast.kr,
        membership_class=MembershipClass.FULL,
        state=MembershipState.ACTIVE,
        since=date(2026, 2, 1),
    )
    assert seats(group) == {"NG": "member"}
    assert not Participant.objects.current().of_group(group, cast.kr).exists()
    add_group_member(group=group, institution=cast.kr, **office(cast))  # but who asks anew has one
    assert seats(group) == {"NG": "member", "KR": "member"}


def test_what_it_asked_for_is_taken_back_and_the_chair_is_told(cast: Cast, group: Group) -> None:
    filip, mandate = focal_of_poland(cast)
    asked = ask_to_join(group=group, role=GroupRole.MEMBER, words="Please", **by(filip, mandate))
    before = letters()
    withdraw(cast, cast.pl)
    asked.refresh_from_db()
    assert asked.state == "withdrawn"
    assert letters()[len(before) :] == [("withdrawn", cast.dina.pk), ("withdrawn", cast.amal.pk)]
    assert AuditEntry.objects.about(group).filter(act="group.join_withdrawn").count() == 1
    with pytest.raises(AlreadyAnsweredError):
        accept_request(request=asked, **office(cast))


def test_the_form_says_that_an_institution_has_withdrawn_meanwhile(
    cast: Cast, group: Group
) -> None:
    """Who is not offered cannot be sent; who goes between look and act is refused by the act."""
    mexico = make_institution("MX")
    withdraw(cast, mexico)
    with pytest.raises(NotAMemberError):
        add_group_members(group=group, institutions=[cast.pl, mexico], **office(cast))
    assert seats(group) == {"KR": "chair", "NG": "member"}


def test_who_had_withdrawn_before_this_was_so_has_no_place_either(cast: Cast, group: Group) -> None:
    """What the migration does with a network that is at work."""
    filip, mandate = focal_of_poland(cast)
    asked = ask_to_join(group=group, role=GroupRole.MEMBER, words="Please", **by(filip, mandate))
    GroupMember.objects.filter(institution=cast.ng).update(since=None)
    for institution in (cast.ng, cast.pl, cast.kr):
        standing = Membership.objects.current().filter(institution=institution)
        standing.update(state=MembershipState.WITHDRAWN, since=DAY)
    began = GroupMember.objects.get(institution=cast.kr).since
    migration = import_module("members.migrations.0025_groups")
    with connection.cursor() as cursor:
        for statement in (migration.END_PLACES, migration.END_REQUESTS):
            cursor.execute(statement)
    asked.refresh_from_db()
    assert (asked.state, asked.answered_at is None) == ("withdrawn", False)
    assert seats(group) == {}
    ended = {place.institution: place.until for place in group.members.all()}
    assert ended[cast.kr] == began
    assert str(ended[cast.ng])[:16] == "2026-01-01 00:00"


@pytest.mark.django_db(transaction=True)
def test_a_place_given_at_the_moment_of_the_withdrawal_does_not_outlive_it(cast: Cast) -> None:
    group = make_group(cast)
    seen = now(cast.pl).pk

    def give() -> None:
        with suppress(NotAMemberError):
            add_group_member(group=group, institution=cast.pl, **office(cast))

    at_once(give, lambda: withdraw(cast, cast.pl, standing=seen))
    assert Membership.objects.current().get(institution=cast.pl).state == "withdrawn"
    assert seats(group) == {"KR": "chair", "NG": "member"}
    assert JoinRequest.objects.count() == 0


# --- Suspended ------------------------------------------------------------------------------------
def test_who_is_suspended_keeps_its_place_which_is_marked_and_not_counted(
    cast: Cast, group: Group
) -> None:
    suspend(cast)
    suspend(cast, cast.ng)
    assert seats(group) == {"KR": "chair", "NG": "member"}
    assert Participant.objects.current().of_group(group, cast.kr).exists()
    shown = Group.objects.find(group.pk)
    assert shown
    assert [p.is_suspended for p in shown.places] == [True, True]
    assert shown.having_say == []
    for user in (cast.chloe, cast.dina):
        client = signed_in(user)
        html = read(client, "group", group.pk)
        assert re.search(r"Institution KR .*suspended", section(html, "chair"))
        assert re.search(r"Members 0 Institution NG .*suspended", section(html, "member"))
        row = words(read(client, "group_list").split("<tbody>")[1].split("</tr>")[0])
        assert re.search(r"Institution KR suspended 0", row), row
    public = read(Client(), "institution", cast.kr.pk)
    assert re.search(r"Culture .*chair suspended", section(public, "groups"))


def test_once_reinstated_nothing_is_marked(cast: Cast, group: Group) -> None:
    suspend(cast)
    reinstate(cast)
    assert seats(group) == {"KR": "chair", "NG": "member"}
    html = read(signed_in(cast.amal), "group", group.pk)
    assert "suspended" not in html.split("<main")[1]
    assert "suspended" not in section(read(Client(), "institution", cast.kr.pk), "groups")
    row = read(signed_in(cast.amal), "group_list").split("<tbody>")[1].split("</tr>")[0]
    assert "suspended" not in row
    assert re.search(r">2<", row)


def test_who_is_withdrawn_while_suspended_loses_its_place(cast: Cast, group: Group) -> None:
    suspend(cast)
    withdraw(cast)
    assert seats(group) == {"NG": "member"}
    found: Institution = cast.kr
    assert GroupMember.objects.of_group(group).history().filter(institution=found).count() == 1
