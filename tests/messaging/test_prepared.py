"""Queries compiled once: the same answers as Django's own, whatever the values."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from members.models import Mandate, User
from messaging.models import Message, Room
from records.prepared import LONGEST, Insert, Prepared, Update
from tests.factories import Cast
from tests.messaging.conftest import make_room, say


def test_other_values_other_answers_and_each_shape_compiled_once(cast: Cast) -> None:
    made: list[Any] = []

    def make(people: list[int]) -> Any:
        made.append(people)
        return User.objects.filter(pk__in=people).select_related(None).order_by("pk")

    prepared = Prepared[User](make)
    everyone = [cast.amal, cast.bilal, cast.chloe, cast.dina]
    for number in (1, 2, 3, 4):
        wanted = everyone[-number:]
        assert prepared(people=[user.pk for user in wanted]) == wanted
    assert len(made) == 3  # of one, two and four: three are filled up
    assert prepared(people=[]) == []
    assert prepared(people=[0]) == []
    assert prepared(people=[user.pk for user in everyone] * LONGEST) == everyone


def test_moments_and_relations_are_put_in_and_taken_out(cast: Cast) -> None:
    now = timezone.now()
    prepared = Prepared[Mandate](
        lambda user, at: Mandate.objects.running(at).filter(user=user).select_related("user")
    )
    for moment, found in ((now, 1), (now - timedelta(days=90), 0), (now, 1)):
        mandates = prepared(user=cast.amal.pk, at=moment)
        assert len(mandates) == found
        assert [mandate.user.name for mandate in mandates] == ["Amal"] * found


def test_a_value_that_does_not_come_into_the_query_as_it_is_is_refused(cast: Cast) -> None:
    refused = Prepared[User](lambda user: User.objects.filter(pk=user + 1))
    with pytest.raises(TypeError, match="Not in the query"):
        refused(user=cast.amal.pk)
    with pytest.raises(TypeError, match="Not a value"):
        Prepared[User](lambda active: User.objects.filter(is_active=active))(active=True)
    with pytest.raises(TypeError, match="a way of their own"):
        Prepared[Any](lambda user: User.objects.filter(pk=user).values("pk"))(user=cast.amal.pk)


def test_rows_are_inserted_together_with_their_keys_in_order(
    cast: Cast, room: Room, django_assert_num_queries: Any
) -> None:
    messages = [
        Message(
            room=room,
            seq=100 + n,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body=body,
            client_id=uuid4(),
            posted_at=timezone.now(),
        )
        for n, body in enumerate(("«مرحبا»", 'it\'s {a}, "b" \\', ""))
    ]
    with django_assert_num_queries(1):
        Insert(Message)(messages)
    saved = list(Message.objects.filter(room=room).order_by("seq"))
    assert [(each.pk, each.body) for each in saved] == [(m.pk, m.body) for m in messages]


def test_fields_of_one_row_are_saved(cast: Cast, room: Room) -> None:
    other = Room.objects.get(pk=make_room(cast).pk)
    room.head_seq, room.titles = 77, {"en": "not saved"}
    Update(Room, "head_seq")(room)
    room.refresh_from_db()
    assert (room.head_seq, room.titles["en"]) == (77, "Working group")
    assert Room.objects.get(pk=other.pk).head_seq == other.head_seq


def test_statements_are_kept_by_the_connection(cast: Cast, room: Room) -> None:
    for _ in range(3):
        say(room, cast.amal, cast.amal_mandate)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE '%json_to_recordset%'"
        )
        [kept] = cursor.fetchone() or [0]
    assert kept >= 2  # and those of the tests before
