"""Who is on a roll: by the standing of the hour in which it was opened."""

import pytest

from assembly import actions
from assembly.models import AgendaItem
from members.enums import MembershipClass
from tests.factories import Cast
from tests.members.memberships import reclass, reinstate, suspend


def roll(item: AgendaItem, cast: Cast) -> list[int]:
    poll = actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=cast.dina_mandate)
    return [entry.institution_id for entry in poll.roll.all()]


@pytest.mark.parametrize("membership_class", [MembershipClass.OBSERVER, MembershipClass.ASSOCIATE])
def test_who_is_no_full_member_any_more_is_not_on_it(
    cast: Cast, item: AgendaItem, membership_class: str
) -> None:
    reclass(cast, membership_class)
    assert cast.kr.pk not in roll(item, cast)


def test_who_is_suspended_is_not_on_it_and_who_is_reinstated_is(
    cast: Cast, item: AgendaItem
) -> None:
    suspend(cast)
    suspend(cast, cast.ng)
    reinstate(cast, cast.ng)
    found = roll(item, cast)
    assert cast.kr.pk not in found
    assert cast.ng.pk in found
    suspend(cast, cast.ng)
    assert cast.ng.pk in [entry.institution_id for entry in item.poll.roll.all()]  # frozen
