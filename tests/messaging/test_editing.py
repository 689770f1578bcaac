"""Edits as versions, deletions as tombstones: allowed, refused, repeated, shown, proven."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client

from members.enums import Capacity
from members.models import User
from messaging.actions import (
    ClientIdReused,
    MessageChanged,
    MessageGone,
    delete_message,
    edit_message,
)
from messaging.enums import RecordKind
from messaging.models import Message, Record, Room
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

JSON = {"headers": {"accept": "application/json"}}


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, "First text")


def edit(message: Message, actor: User, body: str = "Second text", **more: Any) -> Message:
    values = {"version": message.version, "client_id": uuid4(), **more}
    return edit_message(room=message.room, seq=message.seq, body=body, actor=actor, **values)


def delete(message: Message, actor: User, reason: str = "") -> Message:
    return delete_message(room=message.room, seq=message.seq, reason=reason, actor=actor)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_an_edit_is_a_record_and_the_next_version(cast: Cast, said: Message) -> None:
    edited = edit(said, cast.amal)
    record = Record.objects.get(kind=RecordKind.MESSAGE_EDITED)
    assert (edited.body, edited.search_text, edited.version) == ("Second text", "second text", 2)
    assert (record.text, record.message, record.mandate) == (
        "Second text",
        said,
        cast.amal_mandate,
    )
    assert record.seq == Room.objects.get(pk=said.room_id).head_seq == said.seq + 1
    assert [v.text for v in Record.objects.versions(said)] == ["First text", "Second text"]
    assert verify_rooms() is None


def test_an_edit_repeated_is_one_version(cast: Cast, said: Message) -> None:
    key = uuid4()
    for _ in range(2):
        assert edit(said, cast.amal, client_id=key, version=1).version == 2
    with pytest.raises(ClientIdReused):
        edit(said, cast.amal, "Third text", client_id=key, version=2)
    assert Record.objects.filter(kind=RecordKind.MESSAGE_EDITED).count() == 1


def test_an_edit_that_changes_nothing_is_no_version(cast: Cast, said: Message) -> None:
    assert edit(said, cast.amal, "First text").version == 1
    assert not Record.objects.filter(kind=RecordKind.MESSAGE_EDITED).exists()


def test_an_edit_of_what_stood_before_is_refused(cast: Cast, said: Message) -> None:
    edit(said, cast.amal)
    with pytest.raises(MessageChanged):
        edit(said, cast.amal, "Third text", version=1)
    assert Message.objects.get().body == "Second text"


def test_only_the_author_edits(cast: Cast, said: Message) -> None:
    for other in (cast.bilal, cast.dina):
        with pytest.raises(PermissionDenied):
            edit(said, other)
    with pytest.raises(Http404):
        edit(said, cast.chloe)
    assert Message.objects.get().body == "First text"


def test_an_author_who_only_listens_now_edits_and_deletes_nothing(cast: Cast, room: Room) -> None:
    moved = make_user("moved")
    mandate = make_mandate(moved, cast.kr)
    message = say(room, moved, mandate)
    mandate.capacity = Capacity.OBSERVER
    mandate.save()
    with pytest.raises(PermissionDenied):
        edit(message, moved)
    with pytest.raises(PermissionDenied):
        delete(message, moved)


def test_a_deletion_takes_the_text_and_its_record_keeps_it(cast: Cast, said: Message) -> None:
    edit(said, cast.amal)
    for _ in range(2):
        delete(said, cast.amal, "Wrong room")
    message = Message.objects.get()
    assert message.deletion is not None
    assert (message.body, message.search_text, message.deletion.text) == ("", "", "Wrong room")
    assert Record.objects.filter(kind=RecordKind.MESSAGE_DELETED).count() == 1
    assert [v.text for v in Record.objects.versions(said)] == ["First text", "Second text"]
    assert verify_rooms() is None
    with pytest.raises(MessageGone):
        edit(said, cast.amal, version=2)


def test_who_chairs_deletes_what_others_wrote_and_nobody_else(cast: Cast, said: Message) -> None:
    with pytest.raises(PermissionDenied):
        delete(said, cast.bilal, "I do not like it")
    with pytest.raises(Http404):
        delete(said, cast.chloe, "Who are you?")
    deleted = delete(said, cast.dina, "Not for this room")
    assert deleted.deletion is not None
    assert deleted.deletion.mandate == cast.dina_mandate


def test_a_deleted_message_is_not_unread(cast: Cast, said: Message) -> None:
    assert Room.objects.unread_total(cast.bilal) == 1
    delete(said, cast.amal)
    assert Room.objects.unread_total(cast.bilal) == 0
    assert [r.unread for r in Room.objects.for_list(cast.bilal)] == [0]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_message SET body='forged' WHERE id=%s",
        "UPDATE messaging_message SET version=1, body='First text' WHERE id=%s",
        "UPDATE messaging_message SET version=3 WHERE id=%s",
        "UPDATE messaging_message SET deletion_id=(SELECT max(id) FROM messaging_record), body='' "
        "WHERE id=%s",
    ],
)
def test_a_change_without_a_record_is_found(cast: Cast, said: Message, statement: str) -> None:
    edit(said, cast.amal)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement, [said.pk])
    assert verify_rooms() is not None


def test_a_deleted_message_put_back_by_sql_is_found(cast: Cast, said: Message) -> None:
    delete(said, cast.amal)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE messaging_message SET body='First text' WHERE id=%s", [said.pk])
    assert verify_rooms() is not None


def test_pages_show_the_message_as_it_stands_and_count_lines_only(
    cast: Cast, room: Room, said: Message
) -> None:
    edit(said, cast.amal)
    amal = signed_in(cast.amal)
    page = amal.get(f"/en/rooms/{room.pk}/")
    assert [r.kind for r in page.context["place"].records][-1] == RecordKind.MESSAGE_POSTED
    assert "Second text" in page.content.decode()
    assert "First text" not in page.content.decode()
    before = amal.get(f"/en/rooms/{room.pk}/sync").json()["records"]
    assert before[-1]["seq"] == said.seq


def test_sync_carries_each_change_with_the_whole_line(
    cast: Cast, room: Room, said: Message
) -> None:
    edit(said, cast.amal)
    delete(said, cast.dina, "Not for this room")
    records = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/sync?after={said.seq - 1}").json()
    told = [(r["seq"], r["kind"], r["message"], r["author"]) for r in records["records"]]
    assert told == [
        (said.seq, "message.posted", None, cast.amal.pk),
        (said.seq + 1, "message.edited", said.seq, cast.amal.pk),
        (said.seq + 2, "message.deleted", said.seq, cast.dina.pk),
    ]
    for record in records["records"]:
        assert f'id="r{said.seq}"' in record["html"]
        assert "Not for this room" in record["html"]
        assert "text" not in record["html"].split("message__body")[1]


def test_history_shows_every_version_to_whoever_reads_until_it_is_deleted(
    cast: Cast, room: Room, said: Message
) -> None:
    edit(said, cast.amal)
    bilal = signed_in(cast.bilal)
    address = f"/en/rooms/{room.pk}/messages/{said.seq}/history/"
    page = bilal.get(address).content.decode()
    assert page.index("Second text") < page.index("First text")
    assert signed_in(cast.chloe).get(address).status_code == 404
    delete(said, cast.amal)
    for user in (cast.bilal, cast.dina, cast.amal):
        page = signed_in(user).get(address).content.decode()
        assert "First text" not in page
        assert "Second text" not in page


def test_forms_edit_and_delete_without_a_script(cast: Cast, room: Room, said: Message) -> None:
    amal = signed_in(cast.amal)
    address = f"/en/rooms/{room.pk}/messages/{said.seq}/"
    sent = {"body": "Second text", "version": "1", "client_id": str(uuid4())}
    assert amal.post(f"{address}edit/", sent)["Location"] == (
        f"/en/rooms/{room.pk}/at/{said.seq}/#r{said.seq}"
    )
    stale = {"body": "Third text", "version": "1", "client_id": str(uuid4())}
    refused = amal.post(f"{address}edit/", stale)
    page = refused.content.decode()
    assert refused.status_code == 409
    assert "Third text" in page
    assert "Second text" in page
    assert 'name="version" value="2"' in page
    empty = amal.post(f"{address}edit/", {**stale, "body": " ", "version": "2"})
    assert empty.status_code == 422
    dina = signed_in(cast.dina)
    assert dina.post(f"{address}delete/", {"reason": " "}).status_code == 422
    assert dina.post(f"{address}delete/", {"reason": "Wrong"}).status_code == 302
    assert "edit-heading" not in amal.get(address).content.decode()
    assert amal.post(f"{address}edit/", {**stale, "version": "2"}).status_code == 409


def test_page_of_a_message_offers_what_one_may_do(cast: Cast, room: Room, said: Message) -> None:
    address = f"/en/rooms/{room.pk}/messages/{said.seq}/"
    for user, edits, deletes in (
        (cast.amal, True, True), (cast.bilal, False, False), (cast.dina, False, True),
    ):  # fmt: skip
        page = signed_in(user).get(address).content.decode()
        assert ("edit-heading" in page, "delete-heading" in page) == (edits, deletes)
    assert signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/messages/1/").status_code == 404


def test_json_answers_what_the_socket_would(cast: Cast, room: Room, said: Message) -> None:
    amal = signed_in(cast.amal)
    address = f"/en/rooms/{room.pk}/messages/{said.seq}/"
    assert amal.get(address, **JSON).json() == {
        "message": said.seq, "version": 1, "body": "First text",
    }  # fmt: skip
    sent = {"body": "Second text", "version": "1", "client_id": str(uuid4())}
    assert amal.post(f"{address}edit/", sent, **JSON).json() == {
        "type": "message.edited", "room": room.pk, "message": said.seq, "version": 2,
        "client_id": sent["client_id"],
    }  # fmt: skip
    stale = {**sent, "client_id": str(uuid4()), "body": "Third text"}
    refused = amal.post(f"{address}edit/", stale, **JSON)
    assert refused.status_code == 409
    assert (refused.json()["code"], refused.json()["version"], refused.json()["body"]) == (
        "changed", 2, "Second text",
    )  # fmt: skip
    assert amal.post(f"{address}delete/", {}, **JSON).json() == {
        "type": "message.deleted", "room": room.pk, "message": said.seq,
    }  # fmt: skip
    forged = signed_in(cast.bilal).post(f"{address}edit/", sent, **JSON)
    assert (forged.status_code, forged.json()["code"]) == (403, "not_yours")


def test_a_post_repeated_after_an_edit_is_acknowledged_alike(cast: Cast, room: Room) -> None:
    key = uuid4()
    said = say(room, cast.amal, cast.amal_mandate, "First text", key)
    edit(said, cast.amal)
    assert say(room, cast.amal, cast.amal_mandate, "First text", key) == said
    with pytest.raises(ClientIdReused):
        say(room, cast.amal, cast.amal_mandate, "Second text", key)
    delete(Message.objects.get(), cast.amal)
    assert say(room, cast.amal, cast.amal_mandate, "First text", key) == said
