"""Statements that wait for the reader's release, and own ones that were returned, on the desk."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enums import Capacity
from members.models import Mandate, User
from messaging.actions import (
    archive_room,
    issue_statement,
    release_statement,
    return_statement,
    withdraw_statement,
)
from messaging.models import Message, Room, StatementDraft
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room
from tests.portal.test_home import home, waiting

WAITS = "A statement of your delegation waits for your release."
CORRECTS = "A corrigendum of your delegation waits for your release."
RETURNED = "Your text was returned to you. The reason stands beside it."


@pytest.fixture
def sara(cast: Cast) -> User:
    """The alternate of Korea, whose head (amal) has statements released."""
    cast.kr.statements_need_release = True
    cast.kr.save()
    user = make_user("sara")
    make_mandate(user, cast.kr, Capacity.ALTERNATE)
    return user


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def submit(room: Room, mandate: Mandate, **more: Any) -> StatementDraft:
    draft = issue_statement(
        room=room,
        author=mandate.user,
        mandate=mandate,
        body="Korea abstains.",
        client_id=uuid4(),
        **more,
    )
    assert isinstance(draft, StatementDraft)
    return draft


def asked(user: User) -> list[str]:
    """The notes of the tasks that are about statements."""
    return [note for _, note in waiting(home(user)) if note in (WAITS, CORRECTS, RETURNED)]


def test_what_waits_is_a_task_of_those_who_may_release_it(
    cast: Cast, sara: User, room: Room
) -> None:
    omar = make_user("omar")
    make_mandate(omar, cast.kr, Capacity.DELEGATE)
    draft = submit(room, cast.amal_mandate)
    page = home(sara)
    assert (room.title.text, WAITS) in waiting(page)
    assert f'href="/en/rooms/{room.pk}/statements/{draft.pk}/"' in page
    for other in (cast.amal, omar, cast.bilal, cast.dina):
        assert asked(other) == []  # its author, without the right, of another delegation

    Mandate.objects.filter(user=omar).update(may_issue_statements=True)
    assert asked(omar) == [WAITS]
    issued = release_statement(draft=draft, actor=sara)
    assert asked(sara) == asked(omar) == []
    submit(room, cast.amal_mandate, corrects=issued.seq)
    assert asked(sara) == [CORRECTS]


def test_what_was_withdrawn_or_cannot_be_issued_asks_nothing(
    cast: Cast, sara: User, room: Room
) -> None:
    withdraw_statement(draft=submit(room, cast.amal_mandate), actor=cast.amal)
    assert asked(sara) == []
    submit(room, cast.amal_mandate)
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    assert asked(sara) == []


def test_a_returned_text_is_a_task_of_its_author_until_it_is_taken_up(
    cast: Cast, sara: User, room: Room
) -> None:
    draft = submit(room, cast.amal_mandate)
    return_statement(draft=draft, reason="Not yet.", actor=sara)
    assert asked(cast.amal) == [RETURNED]
    assert asked(sara) == []
    again = submit(room, cast.amal_mandate)
    assert asked(cast.amal) == []
    assert asked(sara) == [WAITS]
    return_statement(draft=again, reason="Still not.", actor=sara)
    assert asked(cast.amal) == [RETURNED]
    cast.kr.statements_need_release = False
    cast.kr.save()
    issued = issue_statement(
        room=room,
        author=cast.amal,
        mandate=Mandate.objects.get(pk=cast.amal_mandate.pk),
        body="Korea agrees.",
        client_id=uuid4(),
    )
    assert isinstance(issued, Message)
    assert asked(cast.amal) == []


def test_a_text_that_was_returned_long_ago_is_let_be(cast: Cast, sara: User, room: Room) -> None:
    draft = submit(room, cast.amal_mandate)
    return_statement(draft=draft, reason="Not yet.", actor=sara)
    StatementDraft.objects.update(answered_at=timezone.now() - timedelta(days=15))
    assert asked(cast.amal) == []


def test_three_cost_as_many_queries_as_one(
    cast: Cast, sara: User, room: Room, django_assert_num_queries: Any
) -> None:
    submit(room, cast.amal_mandate)
    client = Client()
    client.force_login(sara)
    client.get("/en/")
    with CaptureQueriesContext(connection) as one:
        client.get("/en/")
    submit(room, cast.amal_mandate)
    submit(make_room(cast), cast.amal_mandate)
    with django_assert_num_queries(len(one)):
        client.get("/en/")
