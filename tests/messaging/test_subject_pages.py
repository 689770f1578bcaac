"""Subjects over HTTP: the list, one read by itself, the forms, and what a room's page costs."""

import json
import re
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from members.models import User
from messaging import throttle
from messaging.actions import (
    Draft,
    add_participant,
    ask_for_transcript,
    close_subject,
    delete_message,
    move_messages,
    open_subject,
    post_message,
    post_messages,
)
from messaging.enums import ParticipantRole, RecordKind
from messaging.models import Message, Room, Subject
from messaging.places import PAGE
from messaging.transcripts.document import build_document
from tests.factories import Cast
from tests.messaging.conftest import make_room
from tests.messaging.test_places import shown

TITLES = {"ar": "محاضر الاجتماعات", "en": "Minutes"}


@pytest.fixture(autouse=True)
def _unhurried() -> None:
    throttle._buckets.clear()


@pytest.fixture
def subject(cast: Cast, room: Room) -> Subject:
    return open_subject(room=room, titles=TITLES, actor=cast.bilal, mandate=cast.bilal_mandate)


def write(cast: Cast, room: Room, subject: Subject | None, body: str = "Of it.") -> Message:
    return post_message(
        room=room,
        author=cast.bilal,
        mandate=cast.bilal_mandate,
        body=body,
        client_id=uuid4(),
        subject=subject and subject.pk,
    )


def write_many(cast: Cast, room: Room, subject: Subject | None, number: int) -> list[int]:
    drafts = [
        Draft(cast.bilal, cast.bilal_mandate, f"{n}.", uuid4(), subject=subject and subject.pk)
        for n in range(number)
    ]
    said = post_messages(room_id=room.pk, drafts=drafts)
    room.refresh_from_db()
    return [each.seq for each in said if isinstance(each, Message)]


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def amal(cast: Cast) -> Client:
    return signed_in(cast.amal)


@pytest.fixture
def bilal(cast: Cast) -> Client:
    return signed_in(cast.bilal)


JSON = {"HTTP_ACCEPT": "application/json"}


# --- Opening, renaming, closing ------------------------------------------------------------------


def test_a_subject_is_opened_with_a_form_and_leads_to_its_page(
    cast: Cast, room: Room, amal: Client
) -> None:
    address = f"/ar/rooms/{room.pk}/subjects/"
    assert "data-keep-draft" in amal.get(address).text
    response = amal.post(address, {"title_ar": " محاضر \u202eالاجتماعات ", "title_en": ""})
    subject = Subject.objects.get()
    assert subject.titles == {"ar": TITLES["ar"]}
    assert (response.status_code, response["Location"]) == (302, f"{address}{subject.pk}/")
    assert TITLES["ar"] in amal.get(f"/fr/rooms/{room.pk}/subjects/").text
    again = amal.post(address, {"title_ar": TITLES["ar"]})
    assert again["Location"] == response["Location"]


def test_a_subject_without_a_title_is_refused(room: Room, amal: Client) -> None:
    response = amal.post(f"/en/rooms/{room.pk}/subjects/", {"title_en": " "})
    assert response.status_code == 422
    assert "Fill this in, in one language at least." in response.text
    assert not Subject.objects.exists()


def test_observers_see_the_subjects_and_no_form(cast: Cast, room: Room, subject: Subject) -> None:
    add_participant(room=room, institution=cast.pl, role=ParticipantRole.OBSERVER)
    chloe = signed_in(cast.chloe)
    page = chloe.get(f"/en/rooms/{room.pk}/subjects/").text
    assert ("Minutes" in page, "Open the subject" in page, ">Change<" in page) == (
        True,
        False,
        False,
    )
    assert chloe.post(f"/en/rooms/{room.pk}/subjects/", {"title_en": "A"}).status_code == 403
    address = f"/en/rooms/{room.pk}/subjects/{subject.pk}/"
    assert chloe.get(address).status_code == 200
    assert chloe.get(f"{address}name/").status_code == 403
    assert chloe.post(f"{address}state/", {"act": "close"}).status_code == 403


def test_subjects_of_a_room_of_others_are_not_found(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    chloe = signed_in(cast.chloe)
    elsewhere = make_room(cast)
    for client, pk in ((chloe, room.pk), (amal, elsewhere.pk)):
        address = f"/en/rooms/{pk}/subjects/{subject.pk}/"
        assert client.get(address).status_code == 404
        assert client.get(f"{address}name/").status_code == 404
        assert client.post(f"{address}state/", {"act": "close"}).status_code == 404
        assert client.get(f"/en/rooms/{pk}/sync?subject={subject.pk}").status_code == 404
    assert chloe.get(f"/en/rooms/{room.pk}/subjects/").status_code == 404
    assert amal.get(f"/en/rooms/{room.pk}/subjects/{2**70}/").status_code == 404


def test_who_opened_it_renames_it_and_closes_it(
    room: Room, subject: Subject, amal: Client, bilal: Client
) -> None:
    address = f"/en/rooms/{room.pk}/subjects/{subject.pk}/"
    assert amal.get(f"{address}name/").status_code == 403
    assert f'value="{TITLES["ar"]}"' in bilal.get(f"{address}name/").text
    assert bilal.post(f"{address}name/", {}).status_code == 422
    response = bilal.post(f"{address}name/", {"title_en": "Decisions"})
    assert response["Location"] == address
    assert bilal.post(f"{address}state/", {"act": "close"}).status_code == 302
    assert bilal.post(f"{address}state/", {"act": "nonsense"}).status_code == 302
    page = bilal.get(address)
    assert "This subject is closed." in page.text
    assert "data-composer-body" not in page.text
    listed = bilal.get(f"/en/rooms/{room.pk}/subjects/")
    assert (listed.context["open"], listed.context["closed"]) == ([], [subject])
    assert bilal.post(f"{address}state/", {"act": "reopen"}).status_code == 302
    assert "data-composer-body" in bilal.get(address).text
    lines = [
        "The subject “Minutes” was opened by Bilal.",
        "The subject “Minutes” was renamed “Decisions” by Bilal.",
        "The subject “Decisions” was closed by Bilal: it takes no more messages.",
        "The subject “Decisions” was reopened by Bilal.",
    ]
    room_page = re.sub("<[^>]+>", "", bilal.get(f"/en/rooms/{room.pk}/").text)
    assert [line for line in lines if line not in room_page] == []


# --- Reading -------------------------------------------------------------------------------------


def test_a_subject_is_read_by_itself_and_the_room_whole(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    mine, other = write(cast, room, subject), write(cast, room, None, "Of something else.")
    room.refresh_from_db()
    page = amal.get(f"/en/rooms/{room.pk}/subjects/{subject.pk}/")
    assert shown(page) == [mine.seq]
    facts = json.loads(page.context["client"])
    assert (facts["subject"], facts["last"], facts["isPast"]) == (subject.pk, room.head_seq, False)
    assert facts["page"] == f"/en/rooms/{room.pk}/subjects/{subject.pk}/"
    assert f'<input type="hidden" name="subject" value="{subject.pk}">' in page.text
    whole = amal.get(f"/en/rooms/{room.pk}/")
    assert {mine.seq, other.seq} <= set(shown(whole))
    link = f'href="/en/rooms/{room.pk}/subjects/{subject.pk}/?at={mine.seq}#r{mine.seq}"'
    assert whole.text.count(link) == 1
    assert json.loads(whole.context["client"])["subject"] is None


def test_one_goes_on_in_a_subject_in_both_directions_and_reaches_both_ends(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    expected = []
    for _ in range(40):
        expected += write_many(cast, room, subject, 3)
        write_many(cast, room, None, 2)
    address = f"/en/rooms/{room.pk}/subjects/{subject.pk}/"
    middle = amal.get(f"{address}?at={expected[60]}")
    assert middle.context["place"].marked.seq == expected[60]
    seen, later = shown(middle), middle.context["place"].later
    while later:
        page = amal.get(f"{address}?after={later}")
        seen += shown(page)
        later = page.context["place"].later
    earlier = middle.context["place"].earlier
    while earlier:
        page = amal.get(f"{address}?before={earlier}")
        seen = shown(page) + seen
        earlier = page.context["place"].earlier
    assert seen == expected
    # As its script goes on.
    found: list[int] = []
    answer: dict[str, Any] = {"limited": True}
    while answer["limited"]:
        before = f"&before={found[0]}" if found else ""
        sync = f"/en/rooms/{room.pk}/sync?subject={subject.pk}{before}"
        answer = amal.get(sync).json()
        found = [record["seq"] for record in answer["records"]] + found
    assert found == expected
    answer = amal.get(
        f"/en/rooms/{room.pk}/sync?subject={subject.pk}&after={expected[-PAGE - 1]}"
    ).json()
    assert [record["seq"] for record in answer["records"]] == expected[-PAGE:]
    assert (answer["limited"], answer["head"]) == (False, room.head_seq)


def test_an_empty_subject_has_no_earlier_page(room: Room, subject: Subject, amal: Client) -> None:
    page = amal.get(f"/en/rooms/{room.pk}/subjects/{subject.pk}/")
    assert shown(page) == []
    assert (page.context["place"].earlier, page.context["place"].later) == (None, None)


def test_records_say_of_which_subject_a_message_is_now(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    message = write(cast, room, None)
    move_messages(room=room, seq=message.seq, to=subject.pk, with_following=False, actor=cast.bilal)
    posted, moved = amal.get(f"/ar/rooms/{room.pk}/sync?after={message.seq - 1}").json()["records"]
    assert (posted["kind"], posted["subject"]) == (RecordKind.MESSAGE_POSTED, subject.pk)
    assert (moved["kind"], moved["subject"], moved["message"]) == (
        RecordKind.MESSAGE_MOVED,
        subject.pk,
        message.seq,
    )
    assert TITLES["ar"] in moved["html"]


def test_a_deleted_message_does_not_say_of_which_subject_it_was(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    message = write(cast, room, subject)
    delete_message(room=room, seq=message.seq, reason="", actor=cast.bilal)
    assert "message__subject" not in amal.get(f"/en/rooms/{room.pk}/").text


def test_the_panel_is_asked_for_by_itself(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    closed = open_subject(
        room=room, titles={"en": "Old"}, actor=cast.bilal, mandate=cast.bilal_mandate
    )
    close_subject(subject=closed, actor=cast.bilal)
    answer = amal.get(f"/en/rooms/{room.pk}/subjects/", **JSON).json()
    assert (answer["type"], answer["room"]) == ("room.subjects", room.pk)
    assert f'<option value="{subject.pk}" lang="en">Minutes</option>' in answer["html"]
    assert "Old" not in answer["html"]


# --- Writing -------------------------------------------------------------------------------------


def test_without_a_script_one_writes_in_a_subject_and_comes_back_to_it(
    cast: Cast, room: Room, subject: Subject, bilal: Client
) -> None:
    sent = {"body": "Here.", "mandate": cast.bilal_mandate.pk, "subject": subject.pk}
    address = f"/en/rooms/{room.pk}/messages/"
    from_room = bilal.post(address, {**sent, "client_id": uuid4()})
    from_view = bilal.post(f"{address}?subject={subject.pk}", {**sent, "client_id": uuid4()})
    seq = room.head_seq + 2
    assert from_room["Location"] == f"/en/rooms/{room.pk}/?latest=1#r{seq}"
    assert from_view["Location"] == (
        f"/en/rooms/{room.pk}/subjects/{subject.pk}/?latest=1#r{seq + 1}"
    )
    assert set(Message.objects.values_list("subject", flat=True)) == {subject.pk}
    refused = bilal.post(
        f"{address}?subject={subject.pk}", {**sent, "body": " ", "client_id": uuid4()}
    )
    assert refused.status_code == 422
    assert refused.context["subject"] == subject


def test_the_choice_stays_as_it_was_and_is_that_of_what_is_answered(
    cast: Cast, room: Room, subject: Subject, bilal: Client
) -> None:
    chosen = f'<option value="{subject.pk}" lang="en" selected>'
    assert chosen not in bilal.get(f"/en/rooms/{room.pk}/").text
    sent = {"body": " ", "mandate": cast.bilal_mandate.pk, "client_id": uuid4()}
    address = f"/en/rooms/{room.pk}/messages/"
    assert chosen in bilal.post(address, {**sent, "subject": subject.pk}).text
    answered = write(cast, room, subject)
    assert chosen in bilal.get(f"/en/rooms/{room.pk}/?reply={answered.seq}").text


@pytest.mark.parametrize("wrong", ["999999", "-1", "one"])
def test_what_is_no_subject_of_the_room_takes_no_message(
    cast: Cast, room: Room, bilal: Client, wrong: str
) -> None:
    values = {"body": "Here.", "mandate": cast.bilal_mandate.pk, "client_id": str(uuid4())}
    answer = bilal.post(f"/en/rooms/{room.pk}/messages/", {**values, "subject": wrong}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    assert not Message.objects.exists()


# --- Moving --------------------------------------------------------------------------------------


def test_a_message_is_moved_with_a_form_and_by_a_script(
    cast: Cast, room: Room, subject: Subject, amal: Client, bilal: Client
) -> None:
    message = write(cast, room, None)
    page = f"/en/rooms/{room.pk}/messages/{message.seq}/"
    assert "Move to a subject" not in amal.get(page).text
    assert "with_following" not in bilal.get(page).text
    assert 'name="with_following"' in signed_in(cast.dina).get(page).text
    assert amal.post(f"{page}move/", {"subject": subject.pk}).status_code == 403
    response = bilal.post(f"{page}move/", {"subject": subject.pk})
    assert response["Location"] == page
    answer = bilal.post(f"{page}move/", {"subject": ""}, **JSON)
    assert answer.json() == {
        "type": "message.moved",
        "room": room.pk,
        "message": message.seq,
        "subject": None,
        "moved": 1,
    }
    answer = bilal.post(f"{page}move/", {"subject": ""}, **JSON)
    assert answer.json()["moved"] == 0
    answer = bilal.post(f"{page}move/", {"subject": 999_999}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid")
    answer = amal.post(f"{page}move/", {"subject": subject.pk}, **JSON)
    assert (answer.status_code, answer.json()["code"]) == (403, "not_yours")
    assert signed_in(cast.chloe).post(f"{page}move/").status_code == 404


def test_who_does_not_chair_moves_nothing_that_follows(
    cast: Cast, room: Room, subject: Subject, bilal: Client
) -> None:
    first, second = write(cast, room, None), write(cast, room, None)
    address = f"/en/rooms/{room.pk}/messages/{first.seq}/move/"
    values = {"subject": subject.pk, "with_following": "on"}
    assert bilal.post(address, values, **JSON).json()["moved"] == 1
    second.refresh_from_db()
    assert second.subject is None
    third = write(cast, room, None)
    address = f"/en/rooms/{room.pk}/messages/{second.seq}/move/"
    assert signed_in(cast.dina).post(address, values, **JSON).json()["moved"] == 2
    third.refresh_from_db()
    assert third.subject == subject


# --- What else says it ---------------------------------------------------------------------------


def test_search_in_a_room_by_subject(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    hit = write(cast, room, subject, "The budget of it")
    write(cast, room, None, "The budget of all")
    address = f"/en/rooms/search/?q=budget&room={room.pk}"
    assert 'name="subject"' not in amal.get("/en/rooms/search/?q=budget").text
    page = amal.get(f"{address}&subject={subject.pk}")
    assert page.context["hits"] == [hit]
    assert "Minutes" in page.text
    assert len(amal.get(address).context["hits"]) == 2
    assert amal.get(f"{address}&subject=999999").status_code == 422


def test_transcripts_say_the_subject_of_each_message(
    cast: Cast, room: Room, subject: Subject, settings: Any
) -> None:
    settings.SIGNING_KEY = "11" * 32
    first = room.head_seq + 1
    message = write(cast, room, subject)
    for to in (None, subject.pk):
        move_messages(room=room, seq=message.seq, to=to, with_following=False, actor=cast.bilal)
    transcript = ask_for_transcript(
        room=room, actor=cast.bilal, language="en", first=first, last=message.seq + 2
    )
    lines = [entry["shown"]["line"] for entry in build_document(transcript)["records"]]
    assert lines == [
        "The subject “Minutes” was opened by Bilal.",
        "Subject: Minutes",
        f"Message {message.seq} was taken out of its subject.",
        f"Message {message.seq} was moved to the subject “Minutes”.",
    ]


# --- General -------------------------------------------------------------------------------------


def test_what_stands_under_no_subject_is_read_by_itself(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    write(cast, room, subject)
    alone = write(cast, room, None, "Of nothing in particular.")
    room.refresh_from_db()
    address = f"/en/rooms/{room.pk}/subjects/general/"
    page = amal.get(address)
    assert shown(page) == [alone.seq]  # no act of the room either
    facts = json.loads(page.context["client"])
    assert (facts["subject"], facts["page"], facts["last"]) == (0, address, room.head_seq)
    assert "<h1><bdi>General</bdi></h1>" in page.text
    assert '<input type="hidden" name="subject" value="">' in page.text
    assert "What you write here stands under no subject." in page.text
    assert "<h1><bdi>عام</bdi></h1>" in amal.get(address.replace("/en/", "/ar/")).text
    move_messages(room=room, seq=alone.seq, to=subject.pk, with_following=False, actor=cast.bilal)
    assert shown(amal.get(address)) == []


def test_one_goes_on_in_general_and_reaches_both_ends(
    cast: Cast, room: Room, subject: Subject, amal: Client
) -> None:
    expected = []
    for _ in range(40):
        write_many(cast, room, subject, 2)
        expected += write_many(cast, room, None, 3)
    address = f"/en/rooms/{room.pk}/subjects/general/"
    last = amal.get(f"{address}?latest=1")
    seen, earlier = shown(last), last.context["place"].earlier
    assert seen[-1] == expected[-1]
    while earlier:
        page = amal.get(f"{address}?before={earlier}")
        seen, earlier = [*shown(page), *seen], page.context["place"].earlier
    assert seen == expected
    middle = amal.get(f"{address}?at={expected[60]}")
    assert middle.context["place"].marked.seq == expected[60]
    sync = f"/en/rooms/{room.pk}/sync?subject=0"
    found = amal.get(f"{sync}&after={expected[10]}").json()
    assert [each["seq"] for each in found["records"]] == expected[11 : 11 + PAGE]
    assert found["limited"] is True
    found = amal.get(f"{sync}&before={expected[10]}").json()
    assert [each["seq"] for each in found["records"]] == expected[:10]
    assert found["limited"] is False


def test_general_is_listed_where_there_are_subjects(cast: Cast, room: Room, amal: Client) -> None:
    address = f"/en/rooms/{room.pk}/subjects/"
    link = f'href="{address}general/"'
    write(cast, room, None)
    for page in (f"/en/rooms/{room.pk}/", address):
        assert link not in amal.get(page).text  # it is the room
    opened = open_subject(room=room, titles=TITLES, actor=cast.bilal, mandate=cast.bilal_mandate)
    write(cast, room, opened)
    write(cast, room, None)
    for page in (f"/en/rooms/{room.pk}/", address, f"{address}general/"):
        assert link in amal.get(page).text
    page = amal.get(address)
    assert page.context["general"].unread == 2
    assert '<span class="badge badge--info">2 unread messages</span>' in page.text
    assert link in amal.get(address, **JSON).json()["html"]
    assert signed_in(cast.bilal).get(address).context["general"].unread == 0


def test_general_is_of_those_who_may_read_the_room(
    cast: Cast, room: Room, subject: Subject
) -> None:
    chloe = signed_in(cast.chloe)
    assert chloe.get(f"/en/rooms/{room.pk}/subjects/general/").status_code == 404
    assert chloe.get(f"/en/rooms/{room.pk}/sync?subject=0").status_code == 404


def test_without_a_script_one_posts_in_general_and_stays_there(
    room: Room, subject: Subject, amal: Client
) -> None:
    page = amal.get(f"/en/rooms/{room.pk}/subjects/general/")
    target = re.search(r'action="([^"]*messages/[^"]*)"', page.text)
    assert target
    assert target[1] == f"/en/rooms/{room.pk}/messages/?subject=0"
    values = {"body": "Here.", "subject": "", "client_id": str(uuid4())}
    mandate = re.search(r'name="mandate" value="(\d+)"', page.text)
    assert mandate
    done = amal.post(target[1], {**values, "mandate": mandate[1]}, HTTP_ACCEPT="text/html")
    said = Message.objects.get()
    assert said.subject is None
    address = f"/en/rooms/{room.pk}/subjects/general/?latest=1#r{said.seq}"
    assert done["Location"] == address
    refused = amal.post(
        target[1], {**values, "body": " ", "mandate": mandate[1]}, HTTP_ACCEPT="text/html"
    )
    assert (refused.status_code, "<h1><bdi>General</bdi></h1>" in refused.text) == (422, True)
