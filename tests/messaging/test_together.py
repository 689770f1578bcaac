import asyncio
import threading
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.enums import Capacity
from messaging.actions import ClientIdReused, Draft, post_messages
from messaging.models import Message, Room
from messaging.together import MOST, Together
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say


async def test_what_comes_during_a_call_is_made_together_in_its_order() -> None:
    calls: list[list[int]] = []
    begun, go_on = threading.Event(), threading.Event()

    def work(lane: str, items: list[int]) -> list[int | Exception]:
        calls.append(items)
        begun.set()
        assert go_on.wait(5)
        return [KeyError(item) if item == 3 else item * 2 for item in items]

    together = Together(work)
    first = asyncio.create_task(together("a", 0))
    await asyncio.to_thread(begun.wait, 5)
    rest = [asyncio.create_task(together("a", n)) for n in range(1, MOST + 3)]
    await asyncio.sleep(0)
    rest[0].cancel()  # its caller goes; its item does not
    go_on.set()
    results = await asyncio.gather(first, *rest, return_exceptions=True)
    assert calls == [[0], list(range(1, MOST + 1)), [MOST + 1, MOST + 2]]
    assert isinstance(results[1], asyncio.CancelledError)
    assert isinstance(results[3], KeyError)
    assert [results[0], results[2], *results[4:]] == [0, 4, *range(8, (MOST + 3) * 2, 2)]


async def test_a_call_that_fails_fails_for_its_callers_only() -> None:
    def work(lane: str, items: list[int]) -> list[int | Exception]:
        if lane == "a":
            raise ValueError
        return list(items)

    together = Together(work)
    results = await asyncio.gather(
        together("a", 1), together("a", 2), together("b", 3), return_exceptions=True
    )
    assert [type(result) for result in results] == [ValueError, ValueError, int]
    with pytest.raises(ValueError):
        await together("a", 4)  # the lane is open again


def test_messages_saved_together_are_each_as_if_alone(
    cast: Cast, room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    observer = make_user("observer")
    listening = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    known, new = uuid4(), uuid4()
    said = say(room, cast.amal, cast.amal_mandate, "before", known)
    drafts = [
        Draft(cast.amal, cast.amal_mandate, "one", new),
        Draft(cast.chloe, cast.chloe_mandate, "a stranger", uuid4()),
        Draft(cast.bilal, cast.bilal_mandate, "two", new),
        Draft(observer, listening, "an observer", uuid4()),
        Draft(cast.amal, cast.amal_mandate, "one", new),
        Draft(cast.amal, cast.amal_mandate, "another", new),
        Draft(cast.amal, cast.amal_mandate, "before", known),
        Draft(cast.bilal, cast.amal_mandate, "as another", uuid4()),
    ]
    with django_capture_on_commit_callbacks() as callbacks:
        one, stranger, two, deaf, again, reused, before, foreign = post_messages(
            room_id=room.pk, drafts=drafts
        )
    assert isinstance(one, Message)
    assert isinstance(two, Message)
    assert (one.seq, two.seq) == (said.seq + 1, said.seq + 2)
    assert (again, before) == (one, said)
    refused = [type(each) for each in (stranger, deaf, reused, foreign)]
    assert refused == [Http404, PermissionDenied, ClientIdReused, PermissionDenied]
    assert len(callbacks) == 1
    assert Message.objects.count() == 3
    assert verify_rooms() is None


@pytest.mark.parametrize("whole", [False, True], ids=["in a transaction", "with a commit"])
def test_one_that_the_database_refuses_leaves_the_others(
    request: pytest.FixtureRequest, whole: bool
) -> None:
    request.getfixturevalue("transactional_db" if whole else "db")
    cast = Cast()
    room = make_room(cast)
    drafts = [Draft(cast.amal, cast.amal_mandate, body, uuid4()) for body in ("a", "\x00", "b")]
    first, refused, last = post_messages(room_id=room.pk, drafts=drafts)
    assert isinstance(refused, Exception)
    assert isinstance(first, Message)
    assert isinstance(last, Message)
    assert (first.body, last.body, last.seq) == ("a", "b", first.seq + 1)
    assert verify_rooms() is None


@pytest.mark.parametrize("count", [1, 3])
def test_a_commit_of_several_costs_as_many_queries_as_of_one(
    cast: Cast, room: Room, count: int, django_assert_num_queries: Any
) -> None:
    drafts = [Draft(cast.amal, cast.amal_mandate, f"{n}", uuid4()) for n in range(count)]
    with django_assert_num_queries(8):  # two of them the savepoint that stands for BEGIN, COMMIT
        post_messages(room_id=room.pk, drafts=drafts)


def test_an_id_taken_in_another_room_is_refused_and_the_others_are_saved(
    cast: Cast, room: Room
) -> None:
    key = uuid4()
    say(make_room(cast), cast.amal, cast.amal_mandate, "there", key)
    drafts = [
        Draft(cast.amal, cast.amal_mandate, "there", key),
        Draft(cast.amal, cast.amal_mandate, "here", uuid4()),
    ]
    reused, saved = post_messages(room_id=room.pk, drafts=drafts)
    assert isinstance(reused, ClientIdReused)
    assert isinstance(saved, Message)
