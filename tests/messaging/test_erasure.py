"""Texts erased for law's sake: asked for by one, carried out by another; proven, and gone."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from procrastinate.contrib.django.models import ProcrastinateJob

from members.enums import Capacity
from members.models import User
from messaging import tasks_moderation
from messaging.actions import (
    AnsweredOtherwise,
    MessageGone,
    OwnRequest,
    RoomHeld,
    TextGone,
    approve_erasure,
    archive_room,
    ask_for_erasure,
    delete_message,
    edit_message,
    open_room,
    place_hold,
    post_message,
    refuse_erasure,
)
from messaging.enums import ErasureState, ParticipantRole, RecordKind, RoomKind
from messaging.models import Erasure, Message, Record, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.messaging.conftest import say

SECRET = "the passport number is K1234567"


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, SECRET)


@pytest.fixture
def emad(cast: Cast) -> User:
    """The second person of the secretariat."""
    user = make_user("emad")
    make_mandate(user, cast.qa, Capacity.SECRETARIAT)
    return user


def ask(message: Message, actor: User, **more: Any) -> Erasure:
    given = {"ground": "person", "explanation": "She asked for it.", **more}
    return ask_for_erasure(room=message.room, seq=message.seq, actor=actor, **given)


def erased(message: Message, one: User, other: User) -> Message:
    approve_erasure(erasure=ask(message, one), actor=other)
    return Message.objects.get(pk=message.pk)


def everything() -> str:
    """All that the database says anywhere."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name FROM information_schema.columns"
            " WHERE table_schema = current_schema() AND data_type IN ('text', 'character varying',"
            " 'jsonb')"
        )
        found = []
        for table, column in cursor.fetchall():
            cursor.execute(f'SELECT "{column}"::text FROM "{table}"')  # noqa: S608
            found += [value for (value,) in cursor.fetchall() if value]
    return "\n".join(found)


def test_two_of_the_office_erase_every_version_and_it_verifies(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    edit_message(
        room=room, seq=said.seq, version=1, body=f"{SECRET}!", client_id=uuid4(), actor=cast.amal
    )
    assert SECRET in everything()
    message = erased(said, cast.dina, emad)
    record = Record.objects.get(kind=RecordKind.TEXT_ERASED)
    assert (message.body, message.search_text, message.erased_for) == ("", "", "law")
    assert message.erased_at == record.at
    assert record.detail == {"ground": "law", "erased": [said.seq, said.seq + 1]}
    assert (record.actor, record.message_id, record.text) == (emad, said.pk, "")
    assert [(v.text, v.text_salt) for v in Record.objects.versions(said)] == [(None, None)] * 2
    assert verify_rooms() is None
    assert SECRET not in everything()
    acts = AuditEntry.objects.order_by("number").values_list("act", "actor_id", "after__ground")
    assert list(acts)[-2:] == [
        ("erasure.asked", cast.dina.pk, "person"), ("erasure.done", emad.pk, "person"),
    ]  # fmt: skip


def test_a_deleted_message_is_erased_with_its_reason(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    delete_message(room=room, seq=said.seq, reason=SECRET, actor=cast.amal)
    message = erased(said, cast.dina, emad)
    assert message.deletion is not None
    assert message.deletion.text is None
    assert verify_rooms() is None
    assert SECRET not in everything()


def test_who_asked_cannot_carry_it_out(cast: Cast, said: Message, emad: User) -> None:
    erasure = ask(said, cast.dina)
    with pytest.raises(OwnRequest):
        approve_erasure(erasure=erasure, actor=cast.dina)
    assert Message.objects.get().body == SECRET
    page = signed_in(cast.dina).post(
        f"/en/rooms/{said.room_id}/messages/{said.seq}/erasure/answer/", {"do": "approve"}
    )
    assert page.status_code == 403
    assert Message.objects.get().body == SECRET


def test_in_an_archived_room_too(cast: Cast, room: Room, said: Message, emad: User) -> None:
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    assert erased(said, cast.dina, emad).erased_for == "law"
    assert verify_rooms() is None


def test_only_the_office_in_the_room_asks_and_answers(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    erasure = ask(said, cast.dina)
    for other, refusal in ((cast.amal, PermissionDenied), (cast.chloe, Http404)):
        with pytest.raises(refusal):
            ask(said, other)
        with pytest.raises(refusal):
            approve_erasure(erasure=erasure, actor=other)
        with pytest.raises(refusal):
            refuse_erasure(erasure=erasure, note="No", actor=other)
    assert Message.objects.get().body == SECRET


def test_a_seat_of_the_presidency_in_a_room_without_the_office_erases_nothing(cast: Cast) -> None:
    room = open_room(
        kind=RoomKind.BILATERAL,
        titles={"en": "Two"},
        pair=f"{cast.kr.pk}-{cast.qa.pk}",
        with_office=False,
        delegations={cast.kr: ParticipantRole.CHAIR, cast.qa: ParticipantRole.CHAIR},
    )
    message = say(room, cast.amal, cast.amal_mandate, SECRET)
    with pytest.raises(PermissionDenied):
        ask(message, cast.dina)


def test_asked_for_twice_it_is_one_request_and_carried_out_twice_one_erasure(
    cast: Cast, said: Message, emad: User
) -> None:
    erasure = ask(said, cast.dina)
    assert ask(said, emad) == erasure
    for _ in range(2):
        assert approve_erasure(erasure=erasure, actor=emad).state == ErasureState.DONE
    assert Record.objects.filter(kind=RecordKind.TEXT_ERASED).count() == 1
    with pytest.raises(TextGone):
        ask(said, cast.dina)


def test_refused_or_withdrawn_the_text_stands(cast: Cast, said: Message, emad: User) -> None:
    refused = ask(said, cast.dina)
    for _ in range(2):
        assert refuse_erasure(erasure=refused, note="No ground", actor=emad).state == "refused"
    withdrawn = ask(said, cast.dina)
    assert refuse_erasure(erasure=withdrawn, note="", actor=cast.dina).state == "withdrawn"
    for closed in (refused, withdrawn):
        with pytest.raises(AnsweredOtherwise):
            approve_erasure(erasure=closed, actor=emad)
    assert Message.objects.get().body == SECRET
    assert verify_rooms() is None


@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(cast: Cast, said: Message, emad: User) -> None:
    third = make_user("third")
    make_mandate(third, cast.qa, Capacity.SECRETARIAT)
    erasure = ask(said, cast.dina)

    def approve(actor: User) -> str:
        try:
            return str(approve_erasure(erasure=erasure, actor=actor).state)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(approve, [emad, third])) == ["done", "done"]
    assert Record.objects.filter(kind=RecordKind.TEXT_ERASED).count() == 1
    assert verify_rooms() is None


def test_a_hold_forbids_it_and_deletions_keep_the_text(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    erasure = ask(said, cast.dina)
    place_hold(room=room, reason="Court", actor=cast.dina)
    with pytest.raises(RoomHeld):
        approve_erasure(erasure=erasure, actor=emad)
    with pytest.raises(RoomHeld):
        ask(say(room, cast.amal, cast.amal_mandate, "More"), cast.dina)
    delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    assert Record.objects.posted(said).text == SECRET


def test_an_erased_message_is_changed_no_more_and_acknowledged_alike(
    cast: Cast, room: Room, emad: User
) -> None:
    key, edit = uuid4(), uuid4()
    said = say(room, cast.amal, cast.amal_mandate, SECRET, key)
    change: dict[str, Any] = {"room": room, "seq": said.seq, "actor": cast.amal}
    edit_message(**change, version=1, body="B", client_id=edit)
    erased(said, cast.dina, emad)
    assert say(room, cast.amal, cast.amal_mandate, SECRET, key) == said
    assert edit_message(**change, version=1, body="B", client_id=edit) == said
    with pytest.raises(MessageGone):
        edit_message(**change, version=2, body="C", client_id=uuid4())
    assert delete_message(room=room, seq=said.seq, reason="", actor=cast.amal).deletion is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_message SET erased_at=NULL WHERE id=%s",
        "UPDATE messaging_message SET erased_for='retention' WHERE id=%s",
        "UPDATE messaging_message SET body='again' WHERE id=%s",
        "UPDATE messaging_record SET text='', text_salt='' WHERE message_id=%s AND text IS NULL",
        "UPDATE messaging_record SET detail='{}' WHERE message_id=%s AND kind='text.erased'",
    ],
)
def test_an_erasure_altered_by_sql_is_found(
    cast: Cast, said: Message, emad: User, statement: str
) -> None:
    erased(said, cast.dina, emad)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement, [said.pk])
    assert verify_rooms() is not None


def test_a_message_marked_erased_by_sql_is_found(cast: Cast, said: Message) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE messaging_message SET body='', erased_at=now(), erased_for='law' WHERE id=%s",
            [said.pk],
        )
    assert verify_rooms() is not None


def test_every_page_says_that_it_is_erased_and_none_says_it(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    answer = post_message(
        room=room,
        author=cast.bilal,
        mandate=cast.bilal_mandate,
        body="Answer",
        client_id=uuid4(),
        reply_to=said.seq,
    )
    erased(said, cast.dina, emad)
    at = f"/en/rooms/{room.pk}/"
    bilal = signed_in(cast.bilal)
    for path in ("", f"messages/{said.seq}/", f"messages/{said.seq}/history/"):
        page = bilal.get(at + path).content.decode()
        assert "The text was erased for legal reasons." in page
        assert SECRET not in page
    line = next(
        record["html"]
        for record in bilal.get(f"{at}sync?after=0").json()["records"]
        if record["seq"] == answer.seq
    )
    assert "The text was erased." in line.split("message__excerpt")[1]
    changed = bilal.get(f"{at}sync?after={answer.seq}").json()["records"]
    assert [(r["kind"], r["message"]) for r in changed] == [("text.erased", said.seq)]
    assert "message--erased" in changed[0]["html"]
    assert Room.objects.unread_total(cast.dina) == 1
    found = bilal.get(f"/en/rooms/search/?room={room.pk}&person=amal").content.decode()
    assert "room-hits__item" not in found


def test_the_pages_lead_through_it(cast: Cast, room: Room, said: Message, emad: User) -> None:
    at = f"/en/rooms/{room.pk}/messages/{said.seq}/erasure/"
    dina, second = signed_in(cast.dina), signed_in(emad)
    assert dina.get(at).status_code == 200
    assert dina.post(at, {"ground": "person", "explanation": " "}).status_code == 422
    assert dina.post(f"{at}answer/", {"do": "approve"}).status_code == 404
    sent = {"ground": "person", "explanation": "She asked."}
    assert dina.post(at, sent).status_code == 302
    assert "You cannot carry out what you asked for." in dina.get(at).content.decode()
    assert "Texts to be erased" in second.get("/en/rooms/reports/").content.decode()
    assert second.post(f"{at}answer/", {"do": "refuse", "note": ""}).status_code == 422
    assert second.post(f"{at}answer/", {"do": "nonsense"}).status_code == 422
    assert second.post(f"{at}answer/", {"do": "approve"}).status_code == 302
    assert Message.objects.get().erased_for == "law"
    assert second.post(f"{at}answer/", {"do": "approve"}).status_code == 302
    assert "The text is erased already." in second.get(at).content.decode()
    for other, status in ((cast.amal, 403), (cast.chloe, 404)):
        assert signed_in(other).get(at).status_code == status
        assert signed_in(other).post(at, sent).status_code == status


def test_an_office_of_one_is_told_that_a_second_is_needed(cast: Cast, said: Message) -> None:
    page = signed_in(cast.dina).get(f"/en/rooms/{said.room_id}/messages/{said.seq}/erasure/")
    assert "the office has none at present" in page.content.decode()


def test_the_others_of_the_office_are_told(cast: Cast, said: Message, emad: User) -> None:
    emad.language = "fr"
    emad.save()
    erasure = ask(said, cast.dina)
    jobs = ProcrastinateJob.objects.filter(task_name="messaging.send_moderation_letter")
    assert [job.args["user_id"] for job in jobs] == [emad.pk]
    tasks_moderation.send_moderation_letter(**jobs.get().args)
    [letter] = mail.outbox
    assert letter.to == [emad.email]
    assert f"/fr/rooms/{said.room_id}/messages/{said.seq}/erasure/" in letter.body
    assert SECRET not in letter.body
    refuse_erasure(erasure=erasure, note="No", actor=emad)
    tasks_moderation.send_moderation_letter(**jobs.get().args)
    assert len(mail.outbox) == 1
