"""Drafts: kept on the server for their author alone, on every device; nothing typed is lost."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from members.enums import Capacity
from members.models import User
from messaging import throttle
from messaging.actions import DraftChanged, add_to_draft, forget_draft, save_draft
from messaging.models import Message, MessageDraft, Record, Room
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import make_room, say

ARABIC = "صباح الخير، أكتب من الهاتف"


def keep(
    room: Room, user: User, body: str, version: int | None = None, **more: Any
) -> MessageDraft:
    values = {"mandate": None, "reply_to": None, **more}
    return save_draft(room=room, actor=user, body=body, version=version, **values)


def signed_in(user: User) -> Client:
    client = Client(headers={"accept": "application/json"})
    client.force_login(user)
    return client


def address(room: Room) -> str:
    return f"/en/rooms/{room.pk}/draft/"


def test_a_draft_is_kept_and_every_change_counts(cast: Cast, room: Room) -> None:
    head = room.head_seq
    assert keep(room, cast.amal, "one", 0).version == 1
    assert keep(room, cast.amal, "one two", 1).version == 2
    assert keep(room, cast.amal, "one two", 1).version == 2  # the same once more
    assert keep(room, cast.amal, "", 2).version == 3
    assert keep(room, cast.amal, "", 0).version == 3
    assert MessageDraft.objects.count() == 1
    room.refresh_from_db()
    assert room.head_seq == head
    assert Record.objects.filter(room=room).count() == head


def test_of_two_devices_the_one_that_knows_the_draft_goes_on(cast: Cast, room: Room) -> None:
    keep(room, cast.amal, "phone", 0)
    with pytest.raises(DraftChanged) as changed:
        keep(room, cast.amal, "desk", 0)
    assert changed.value.standing.body == "phone"
    assert keep(room, cast.amal, "phone and desk", 1).version == 2
    keep(room, cast.amal, "", 2)  # sent from the desk
    with pytest.raises(DraftChanged) as late:  # said by the phone as it was put away, perhaps
        keep(room, cast.amal, "phone again", 1)
    assert (late.value.standing.body, late.value.standing.version) == ("", 3)
    assert keep(room, cast.amal, "phone again", 3).body == "phone again"
    assert keep(room, cast.amal, "whatever stood", None).body == "whatever stood"


def test_a_draft_is_of_one_person_in_one_room(cast: Cast, room: Room) -> None:
    other = make_room(cast)
    keep(room, cast.amal, "here", 0)
    keep(other, cast.amal, "there", 0)
    keep(room, cast.bilal, "mine", 0)
    assert signed_in(cast.amal).get(address(room)).json()["body"] == "here"
    assert signed_in(cast.bilal).get(address(room)).json()["body"] == "mine"
    assert signed_in(cast.bilal).get(address(other)).json() == {
        "version": 0, "body": "", "reply_to": None, "mandate": None,
    }  # fmt: skip


def test_strangers_and_observers_keep_none(cast: Cast, room: Room) -> None:
    with pytest.raises(Http404):
        keep(room, cast.chloe, "in")
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    with pytest.raises(PermissionDenied):
        keep(room, observer, "in")
    assert signed_in(cast.chloe).post(address(room), {"body": "in"}).status_code == 404
    assert signed_in(observer).post(address(room), {"body": "in"}).status_code == 403
    assert signed_in(observer).get(address(room)).status_code == 403
    assert Client().post(address(room), {"body": "in"}).status_code == 302
    assert not MessageDraft.objects.exists()


def test_with_the_right_to_the_room_its_draft_is_out_of_reach(cast: Cast, room: Room) -> None:
    keep(room, cast.amal, "of the room", 0)
    amal = signed_in(cast.amal)
    assert [d.body for d in MessageDraft.objects.for_list(cast.amal)] == ["of the room"]
    cast.amal_mandate.ends_at = timezone.now()
    cast.amal_mandate.save()
    assert amal.get(address(room)).status_code == 404
    assert "of the room" not in amal.get("/en/rooms/drafts/").content.decode()


def test_the_script_is_told_what_stands(cast: Cast, room: Room) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate)
    amal = signed_in(cast.amal)
    given = {"body": ARABIC, "version": 0, "reply_to": said.seq, "mandate": cast.amal_mandate.pk}
    answer = amal.post(address(room), given)
    assert (answer.status_code, answer.json()) == (200, {"version": 1})
    assert "no-store" in answer["Cache-Control"]
    stands = {
        "version": 1, "body": ARABIC, "reply_to": said.seq, "mandate": cast.amal_mandate.pk,
    }  # fmt: skip
    assert amal.get(address(room)).json() == stands
    refused = amal.post(address(room), {"body": "other", "version": 0})
    assert (refused.status_code, refused.json()) == (409, {"code": "changed", **stands})


@pytest.mark.parametrize(
    "nonsense",
    [{"body": "x" * 10_001}, {"body": "x", "version": "-1"}, {"body": "x", "reply_to": "0"}],
)
def test_nonsense_is_refused(cast: Cast, room: Room, nonsense: dict[str, Any]) -> None:
    answer = signed_in(cast.amal).post(address(room), nonsense)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not MessageDraft.objects.exists()


def test_a_foreign_mandate_is_not_kept_and_the_text_is_neutral(cast: Cast, room: Room) -> None:
    given = {"body": "a\u202eb\r\n c ", "version": 0, "mandate": cast.bilal_mandate.pk}
    signed_in(cast.amal).post(address(room), given)
    draft = MessageDraft.objects.get()
    assert (draft.body, draft.mandate) == ("ab\n c ", None)


def test_the_room_opens_with_the_draft_in_its_composer(cast: Cast, room: Room) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate, "Who brings the minutes?")
    second = make_mandate(cast.amal, cast.ng, Capacity.ADVISER)
    keep(room, cast.amal, ARABIC, 0, reply_to=said.seq, mandate=second)
    amal = Client()
    amal.force_login(cast.amal)
    page = amal.get(f"/en/rooms/{room.pk}/")
    form = page.context["form"]
    values = (form["body"].value(), form["reply_to"].value(), form["mandate"].value())
    assert values == (ARABIC, said.seq, second.pk)
    assert page.context["replied"] == said
    assert '<button class="button button--quiet" formaction="/en/rooms/' in page.content.decode()
    without = amal.get(f"/en/rooms/{room.pk}/?reply=")
    assert without.context["replied"] is None
    assert without.context["form"]["body"].value() == ARABIC
    assert ARABIC not in signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/").content.decode()


def test_without_a_script_a_button_keeps_it_and_sending_lets_go(cast: Cast, room: Room) -> None:
    throttle._buckets.clear()
    amal = Client(headers={"accept": "text/html"})
    amal.force_login(cast.amal)
    form = {"body": "Half a", "client_id": uuid4(), "mandate": cast.amal_mandate.pk}
    kept = amal.post(address(room), form, follow=True)
    assert kept.redirect_chain == [(f"/en/rooms/{room.pk}/", 302)]
    assert kept.context["form"]["body"].value() == "Half a"
    amal.post(f"/en/rooms/{room.pk}/messages/", {**form, "body": "Another text"})
    assert MessageDraft.objects.get().body == "Half a"
    sent = {**form, "body": "Half a\r\n", "client_id": uuid4()}
    amal.post(f"/en/rooms/{room.pk}/messages/", sent)
    assert MessageDraft.objects.get().body == ""
    assert Message.objects.count() == 2


def test_what_was_sent_is_let_go_of_and_another_text_is_not(cast: Cast, room: Room) -> None:
    forget_draft(room=room, actor=cast.amal, body="nothing there")
    keep(room, cast.amal, "said", 0)
    forget_draft(room=room, actor=cast.amal, body="something else")
    assert MessageDraft.objects.get().body == "said"
    forget_draft(room=room, actor=cast.amal, body=" said ")
    forget_draft(room=room, actor=cast.amal, body="said")
    assert (MessageDraft.objects.get().body, MessageDraft.objects.get().version) == ("", 2)


def test_what_comes_back_stands_after_what_is_being_written(cast: Cast, room: Room) -> None:
    values: dict[str, Any] = {"room": room, "actor": cast.amal, "mandate": None, "reply_to": 3}
    assert add_to_draft(body="first", **values).reply_to == 3
    assert add_to_draft(body="second", **values).body == "first\n\nsecond"
    assert add_to_draft(body="second", **values).body == "first\n\nsecond"


def test_the_list_marks_the_rooms_and_one_page_has_all(cast: Cast, room: Room) -> None:
    amal = Client()
    amal.force_login(cast.amal)
    assert "Draft" not in amal.get("/en/rooms/").content.decode()
    assert "No drafts" in amal.get("/en/rooms/drafts/").content.decode()
    keep(room, cast.amal, "**Bold** words", 0)
    rooms = amal.get("/en/rooms/").content.decode()
    assert '<span class="badge badge--neutral">Draft</span>' in rooms
    assert "Bold words" in amal.get("/en/rooms/drafts/").content.decode()
    bilal = Client()
    bilal.force_login(cast.bilal)
    assert "Draft" not in bilal.get("/en/rooms/").content.decode()


@pytest.mark.parametrize("path", ["/en/rooms/", "/en/rooms/drafts/"])
def test_one_draft_and_three_cost_the_same(cast: Cast, room: Room, path: str) -> None:
    rooms = [room, make_room(cast), make_room(cast)]
    amal = Client()
    amal.force_login(cast.amal)
    counts = []
    for each in rooms:
        keep(each, cast.amal, "words", 0)
        with CaptureQueriesContext(connection) as asked:
            amal.get(path)
        counts.append(len(asked))
    assert counts[0] == counts[2]
