"""Polls of opinion: asked, answered in the open, closed; in the record, and binding nobody."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.enums import Capacity
from members.models import User
from messaging import actions, throttle
from messaging.actions.opinions import close_due
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Message, OpinionAnswer, OpinionPoll, Record, Room
from messaging.opinions import read_text, tally, text_of
from messaging.rendering import render_records
from messaging.transcripts.document import build_document
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say

OPTIONS = ("الدوحة", "Seoul", "Abuja")


def ask(cast: Cast, room: Room, **more: Any) -> Message:
    values: dict[str, Any] = {
        "author": cast.amal,
        "mandate": cast.amal_mandate,
        "question": "Where do we meet?\n\n1. Not this line",
        "options": OPTIONS,
        "client_id": uuid4(),
        **more,
    }
    return actions.ask_opinion(room=room, **values)


def give(asked: Message, actor: User, *choices: int, **more: Any) -> OpinionAnswer:
    return actions.give_opinion(
        room=asked.room, seq=asked.seq, choices=choices, actor=actor, **more
    )


def counts(asked: Message) -> list[int]:
    found = tally(Message.objects.select_related("opinion").get(pk=asked.pk))
    assert found is not None
    return [len(option.answers) for option in found.options]


def signed_in(user: User, accept: str = "text/html") -> Client:
    throttle._buckets.clear()
    client = Client(headers={"accept": accept})
    client.force_login(user)
    return client


def line(asked: Message) -> str:
    [record] = Record.objects.for_display().filter(room=asked.room_id, seq=asked.seq)
    return str(render_records([record], "en")[0]["html"])


# --- Asking --------------------------------------------------------------------------------------


def test_question_and_options_are_the_text_of_the_record(cast: Cast, room: Room) -> None:
    asked = ask(cast, room, is_multiple=True)
    record = Record.objects.get(message=asked)
    assert (record.kind, record.text) == ("opinion.asked", asked.body)
    assert asked.body.endswith("\n\n1. الدوحة\n2. Seoul\n3. Abuja")
    assert read_text(asked.body, 3) == ("Where do we meet?\n\n1. Not this line", list(OPTIONS))
    assert read_text(text_of("Q", ["1. a", "b"]), 2) == ("Q", ["1. a", "b"])
    assert record.detail == {
        "options": 3, "is_multiple": True, "by_delegation": False, "is_shown_at_once": True,
        "closes_at": None,
    }  # fmt: skip
    assert verify_rooms() is None


def test_repeated_it_is_one_and_another_is_refused(cast: Cast, room: Room) -> None:
    key = uuid4()
    assert ask(cast, room, client_id=key) == ask(cast, room, client_id=key)
    with pytest.raises(actions.ClientIdReused):
        ask(cast, room, client_id=key, question="Other")
    assert OpinionPoll.objects.count() == 1


def test_who_may_write_asks_and_in_a_room_of_all_who_chairs(cast: Cast, room: Room) -> None:
    with pytest.raises(Http404):
        ask(cast, room, author=cast.chloe, mandate=cast.chloe_mandate)
    observer = make_user("observer")
    seat = make_mandate(observer, cast.kr, Capacity.OBSERVER)
    with pytest.raises(PermissionDenied):
        ask(cast, room, author=observer, mandate=seat)
    with pytest.raises(PermissionDenied):
        ask(cast, room, mandate=cast.bilal_mandate)
    with pytest.raises(PermissionDenied):
        ask(cast, room, by_delegation=True)
    by_dina: dict[str, Any] = {"author": cast.dina, "mandate": cast.dina_mandate}
    assert ask(cast, room, by_delegation=True, **by_dina).opinion is not None
    for kind, chairs in ((RoomKind.PLENARY, True), (RoomKind.ANNOUNCEMENTS, False)):
        common = actions.open_room(
            kind=kind, titles={"en": "All"}, delegations={cast.kr: ParticipantRole.MEMBER}
        )
        with pytest.raises(PermissionDenied):
            ask(cast, common)
        if chairs:
            ask(cast, common, **by_dina)
        else:
            with pytest.raises(PermissionDenied):
                ask(cast, common, **by_dina)


def test_a_room_that_is_shut_is_not_asked(cast: Cast, room: Room) -> None:
    by: dict[str, Any] = {"room": room, "actor": cast.dina, "mandate": cast.dina_mandate}
    actions.lock_to_chairs(**by)
    with pytest.raises(actions.RoomShut):
        ask(cast, room)
    actions.unlock(**by)
    actions.slow_down(seconds=120, **by)
    say(room, cast.amal, cast.amal_mandate)
    with pytest.raises(actions.TooSoon):
        ask(cast, room)
    actions.archive_room(**by)
    with pytest.raises(actions.RoomShut):
        ask(cast, room, author=cast.dina, mandate=cast.dina_mandate)


# --- Answering -----------------------------------------------------------------------------------


def test_an_answer_is_given_changed_and_counted_once(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    give(asked, cast.amal, 1)
    give(asked, cast.bilal, 1)
    give(asked, cast.bilal, 3)
    give(asked, cast.bilal, 3)
    assert counts(asked) == [1, 0, 1]
    given = Record.objects.filter(kind="opinion.given").order_by("seq")
    assert [(r.actor_id, r.detail, r.text) for r in given] == [
        (cast.amal.pk, {"choices": [1]}, ""),
        (cast.bilal.pk, {"choices": [1]}, ""),
        (cast.bilal.pk, {"choices": [3]}, ""),
    ]
    assert all(record.message_id == asked.pk for record in given)
    assert verify_rooms() is None


@pytest.mark.parametrize("choices", [(), (0,), (4,), (1, 2), (-1,)])
def test_what_is_no_option_is_refused(cast: Cast, room: Room, choices: tuple[int, ...]) -> None:
    asked = ask(cast, room)
    with pytest.raises(ValueError, match=r"\("):
        give(asked, cast.bilal, *choices)
    assert not OpinionAnswer.objects.exists()


def test_several_may_be_chosen_where_it_was_asked_so(cast: Cast, room: Room) -> None:
    asked = ask(cast, room, is_multiple=True)
    assert give(asked, cast.bilal, 3, 1, 3).choices == [1, 3]
    with pytest.raises(ValueError, match=r"\(\)"):
        give(asked, cast.bilal)


def test_one_answer_a_delegation_is_changed_by_whoever_speaks_for_it(
    cast: Cast, room: Room
) -> None:
    asked = ask(cast, room, author=cast.dina, mandate=cast.dina_mandate, by_delegation=True)
    second = make_user("second")
    make_mandate(second, cast.ng, Capacity.DELEGATE)
    give(asked, cast.bilal, 1)
    answer = give(asked, second, 2)
    assert (answer.user, answer.choices, answer.delegation) == (second, [2], cast.ng)
    assert counts(asked) == [0, 1, 0]
    assert verify_rooms() is None


def test_who_does_not_write_does_not_answer(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    with pytest.raises(Http404):
        give(asked, cast.chloe, 1)
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    with pytest.raises(PermissionDenied):
        give(asked, observer, 1)
    with pytest.raises(PermissionDenied):
        give(asked, cast.bilal, 1, mandate=cast.amal_mandate)
    with pytest.raises(Http404):
        give(say(room, cast.amal, cast.amal_mandate), cast.bilal, 1)
    actions.lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(actions.RoomShut):
        give(asked, cast.bilal, 1)
    assert not OpinionAnswer.objects.exists()


def test_it_is_closed_by_who_asked_by_who_chairs_or_by_its_time(cast: Cast, room: Room) -> None:
    for actor in (cast.amal, cast.dina):
        asked = ask(cast, room)
        with pytest.raises(PermissionDenied):
            actions.close_opinion(room=room, seq=asked.seq, actor=cast.bilal)
        actions.close_opinion(room=room, seq=asked.seq, actor=actor)
        actions.close_opinion(room=room, seq=asked.seq, actor=actor)
        with pytest.raises(actions.OpinionOver):
            give(asked, cast.bilal, 1)
    timed = ask(cast, room, closes_at=timezone.now() + timedelta(hours=1))
    [job] = ProcrastinateJob.objects.filter(task_name="messaging.close_opinion")
    assert (job.args, job.scheduled_at) == ({"message_id": timed.pk}, timed.opinion.closes_at)
    close_due(message_id=timed.pk)
    assert Record.objects.filter(kind="opinion.closed").count() == 2
    past = timezone.now() - timedelta(minutes=1)
    OpinionPoll.objects.filter(pk=timed.opinion_id).update(closes_at=past)
    with pytest.raises(actions.OpinionOver):  # though its job is late
        give(timed, cast.bilal, 1)
    close_due(message_id=timed.pk)
    close_due(message_id=timed.pk)
    closed = Record.objects.filter(kind="opinion.closed").order_by("seq")
    assert [(r.actor_id, r.detail) for r in closed] == [
        (cast.amal.pk, {"by": "person"}),
        (cast.dina.pk, {"by": "person"}),
        (None, {"by": "time"}),
    ]


def test_it_is_not_edited_and_deleted_it_shows_and_takes_nothing(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    give(asked, cast.bilal, 2)
    with pytest.raises(PermissionDenied):
        actions.edit_message(
            room=room, seq=asked.seq, version=1, body="x", client_id=uuid4(), actor=cast.amal
        )
    assert "Seoul" in line(asked)
    actions.delete_message(room=room, seq=asked.seq, reason="", actor=cast.amal)
    shown = line(asked)
    for word in ("Seoul", "opinion", "Where"):
        assert word not in shown
    with pytest.raises(actions.MessageGone):
        give(asked, cast.amal, 1)
    with pytest.raises(actions.MessageGone):
        actions.close_opinion(room=room, seq=asked.seq, actor=cast.amal)
    page = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/messages/{asked.seq}/")
    assert "Seoul" not in page.content.decode()
    assert verify_rooms() is None


@pytest.mark.django_db(transaction=True)
def test_twenty_people_answer_at_once() -> None:
    cast = Cast()
    room = make_room(cast)
    asked = ask(cast, room)
    people = [make_user(f"delegate{n}") for n in range(20)]
    for n, person in enumerate(people):
        make_mandate(person, (cast.kr, cast.ng)[n % 2], Capacity.DELEGATE)

    def answer(n: int) -> None:
        try:
            give(asked, people[n % 20], n % 3 + 1)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(answer, range(40)))
    assert sum(counts(asked)) == 20
    assert verify_rooms() is None


# --- The record ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "forged",
    [
        "UPDATE messaging_opinionanswer SET choices = '[1]'",
        "DELETE FROM messaging_opinionanswer",
        "UPDATE messaging_opinionpoll SET by_delegation = true",
        "UPDATE messaging_opinionpoll SET closed_at = now()",
        "UPDATE messaging_message SET opinion_id = NULL",
    ],
)
def test_what_no_record_says_is_found(cast: Cast, room: Room, forged: str) -> None:
    give(ask(cast, room), cast.bilal, 2)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(forged)
    assert verify_rooms() is not None


def test_the_transcript_says_all_of_it(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    give(asked, cast.bilal, 2)
    actions.close_opinion(room=room, seq=asked.seq, actor=cast.amal)
    room.refresh_from_db()
    transcript = actions.ask_for_transcript(
        room=room, actor=cast.amal, language="en", first=asked.seq, last=room.head_seq
    )
    document = build_document(transcript)
    shown = [record["shown"]["line"] for record in document["records"]]
    assert shown == [
        "Poll of opinion – no legal force",
        f"Opinion on message {asked.seq}: 2",
        f"The poll of opinion of message {asked.seq} was closed.",
    ]
    assert document["records"][0]["text"] == asked.body


# --- The pages -----------------------------------------------------------------------------------


def test_the_line_says_what_it_is_and_never_speaks_of_a_vote(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    give(asked, cast.bilal, 2)
    shown = line(asked)
    assert "Poll of opinion – no legal force" in shown
    assert 'value="1" max="1"' in shown
    assert "vote" not in shown.lower()


def test_counts_wait_for_the_end_where_it_was_asked_so(cast: Cast, room: Room) -> None:
    asked = ask(cast, room, is_shown_at_once=False)
    give(asked, cast.bilal, 2)
    address = f"/en/rooms/{room.pk}/messages/{asked.seq}/"
    assert "<progress" not in line(asked)
    assert "1 answer" in line(asked)
    amal = signed_in(cast.amal)
    assert "It is shown when the poll is closed." in amal.get(address).content.decode()
    actions.close_opinion(room=room, seq=asked.seq, actor=cast.amal)
    assert "<progress" in line(asked)
    assert "<bdi>Bilal</bdi>" in amal.get(address).content.decode().split('id="opinion"')[1]


def test_a_question_is_asked_and_answered_without_a_script(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    address = f"/en/rooms/{room.pk}/opinions/new/"
    assert f'href="{address}"' in amal.get(f"/en/rooms/{room.pk}/").content.decode()
    values = {
        "question": "When?", "options": "Monday\r\n\r\n  Tuesday ", "client_id": str(uuid4()),
        "mandate": cast.amal_mandate.pk, "is_shown_after": "on",
    }  # fmt: skip
    for wrong in (
        {"options": "One"},
        {"options": "\n".join(map(str, range(11)))},
        {"options": "a\na"},
        {"options": f"a\n{'b' * 201}"},
        {"question": " "},
        {"closes_at": "2020-01-01T00:00"},
    ):
        assert amal.post(address, {**values, **wrong}).status_code == 422
    assert amal.post(address, values).status_code == 302
    asked = Message.objects.get()
    assert asked.body == "When?\n\n1. Monday\n2. Tuesday"
    bilal = signed_in(cast.bilal)
    page = bilal.get(f"/en/rooms/{room.pk}/messages/{asked.seq}/").content.decode()
    assert "Your answer is open, never secret" in page
    opinion = f"/en/rooms/{room.pk}/opinions/{asked.seq}/"
    assert "Choose first." in bilal.post(opinion, {}, follow=True).content.decode()
    answered = bilal.post(opinion, {"choices": "2"}, follow=True).content.decode()
    assert "Your answer is in the record." in answered
    assert 'id="choice-2" checked' in answered
    assert "Close the poll" not in answered
    assert amal.post(f"{opinion}close/", follow=True).status_code == 200
    assert (
        "The poll is closed." in bilal.post(opinion, {"choices": "1"}, follow=True).content.decode()
    )


def test_the_script_is_told_what_there_is_to_choose(cast: Cast, room: Room) -> None:
    asked = ask(cast, room)
    address = f"/en/rooms/{room.pk}/opinions/{asked.seq}/"
    bilal = signed_in(cast.bilal, "application/json")
    assert bilal.post(address, {"choices": "3"}).status_code == 200
    assert json.loads(bilal.get(address).content) == {
        "multiple": False,
        "options": [{"number": n, "text": text} for n, text in enumerate(OPTIONS, 1)],
        "chosen": [3],
        "seats": [{"mandate": cast.bilal_mandate.pk, "name": "Institution NG"}],
    }
    assert bilal.post(address, {"choices": "9"}).status_code == 422
    actions.close_opinion(room=room, seq=asked.seq, actor=cast.amal)
    assert bilal.post(address, {"choices": "1"}).status_code == 409
    assert signed_in(cast.chloe, "application/json").get(address).status_code == 404


def test_a_plain_room_costs_no_look_at_opinions_and_three_polls_cost_as_one(
    cast: Cast, room: Room
) -> None:
    amal = signed_in(cast.amal)
    say(room, cast.bilal, cast.bilal_mandate)
    with CaptureQueriesContext(connection) as plain:
        amal.get(f"/en/rooms/{room.pk}/?latest=1")
    assert not [q for q in plain if "messaging_opinion" in (q["sql"] or "")]
    found = []
    for _number in range(3):
        give(ask(cast, room), cast.bilal, 1)
        with CaptureQueriesContext(connection) as asked:
            amal.get(f"/en/rooms/{room.pk}/?latest=1")
        found.append(len(asked))
    assert found == [len(plain) + 2] * 3
