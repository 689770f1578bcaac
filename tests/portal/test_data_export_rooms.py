"""What a person's copy has of rooms and settings: their own, and of others nothing."""

from datetime import time
from typing import Any

import pytest
from django.utils import timezone

from members.actions.calendar_feeds import open_calendar_feed
from members.actions.saved_filters import save_filter
from members.enums import Capacity
from members.models import CalendarFeed, User
from messaging import throttle
from messaging.actions import (
    acknowledge,
    approve_erasure,
    ask_acknowledgement,
    ask_for_reason_erasure,
    delete_message,
    react,
    release_statement,
    return_statement,
)
from messaging.actions.bilateral import decline_invitation
from messaging.actions.direct import open_direct
from messaging.actions.drafts import save_draft
from messaging.actions.notifications import add_device, change_notifications, set_level
from messaging.models import PushDevice, Room, ToldMark
from portal.data_export.contents import PARTS
from tests.factories import Cast, make_mandate, make_user
from tests.files import PDF
from tests.messaging.conftest import make_room, say
from tests.messaging.test_attachments import attach, send
from tests.messaging.test_bilateral import bilal, invite
from tests.messaging.test_opinions import ask, give
from tests.messaging.test_statement_release import Delegation, submit
from tests.messaging.test_translations import attach as translate
from tests.portal.test_data_export import archive, data, made

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def rows(user: User, key: str) -> list[dict[str, Any]]:
    [part] = [part for part in PARTS if part.key == key]
    found = list(part.rows(user))
    assert all(set(row) == set(part.columns) for row in found)
    return found


def end(cast: Cast) -> None:
    """Amal's mandate: they read no room of their delegation any more."""
    cast.amal_mandate.ends_at = timezone.now()
    cast.amal_mandate.save()


def test_files_go_with_ones_messages_that_stand(cast: Cast, room: Room) -> None:
    mine, theirs, gone = PDF + b"mine", PDF + b"theirs", PDF + b"gone"
    sent = send(room, cast.amal, cast.amal_mandate, attach(room, cast.amal, mine))
    send(room, cast.bilal, cast.bilal_mandate, attach(room, cast.bilal, theirs))
    taken = send(room, cast.amal, cast.amal_mandate, attach(room, cast.amal, gone))
    delete_message(room=room, seq=taken.seq, reason="Wrong", actor=cast.amal)
    attach(room, cast.amal, PDF + b"waits", "waits.pdf")
    export = made(cast.amal)
    found = data(export)["message_files"]
    assert [row["number"] for row in found] == [sent.seq, None]
    whole = archive(export)
    names = [name for name in whole.namelist() if name.startswith("files/")]
    assert names == [row["file"] for row in found]
    assert [whole.read(name) for name in names] == [mine, PDF + b"waits"]
    end(cast)
    assert [row["number"] for row in rows(cast.amal, "message_files")] == [sent.seq, None]


def test_drafts_of_messages_are_their_writers_alone(cast: Cast, room: Room) -> None:
    theirs = say(room, cast.bilal, cast.bilal_mandate)
    for user, mandate in ((cast.amal, cast.amal_mandate), (cast.bilal, cast.bilal_mandate)):
        save_draft(
            room=room,
            actor=user,
            mandate=mandate,
            body=f"Draft of {user.name}",
            reply_to=theirs.seq,
            version=0,
        )
    [row] = rows(cast.amal, "message_drafts")
    assert (row["room"], row["text"], row["answers"]) == (
        "Working group",
        "Draft of Amal",
        theirs.seq,
    )
    assert rows(cast.chloe, "message_drafts") == []


def test_drafts_of_statements_and_what_one_answered_to_those_of_others(
    cast: Cast, room: Room
) -> None:
    def said(user: User) -> list[Any]:
        return [(r["act"], r["text"], r["number"]) for r in rows(user, "statement_drafts")]

    korea = Delegation(cast)
    back = submit(room, cast.amal_mandate, "First words")
    return_statement(draft=back, reason="Too long", actor=korea.sara)
    out = release_statement(draft=submit(room, cast.amal_mandate), actor=korea.sara)
    assert said(cast.amal) == [("written", "First words", None), ("written", "", out.seq)]
    said = [
        (row["act"], row["text"], row["number"]) for row in rows(korea.sara, "statement_drafts")
    ]
    assert said == [("answered", "Too long", None), ("answered", "", out.seq)]
    assert rows(cast.bilal, "statement_drafts") == []


def test_marks_and_opinions_are_ones_own(cast: Cast, room: Room) -> None:
    asked = say(room, cast.dina, cast.dina_mandate, "Read this")
    ask_acknowledgement(room=room, seq=asked.seq, until=None, actor=cast.dina)
    acknowledge(room=room, seq=asked.seq, mandate=cast.amal_mandate, actor=cast.amal)
    acknowledge(room=room, seq=asked.seq, mandate=cast.bilal_mandate, actor=cast.bilal)
    react(room=room, seq=asked.seq, kind="thanks", on=True, actor=cast.amal)
    react(room=room, seq=asked.seq, kind="question", on=True, actor=cast.bilal)
    poll = ask(cast, room, author=cast.dina, mandate=cast.dina_mandate)
    give(poll, cast.amal, 2)
    give(poll, cast.bilal, 3)
    assert [(row["number"], row["kind"]) for row in rows(cast.amal, "reactions")] == [
        (asked.seq, "Thanks")
    ]
    assert [(row["number"], row["institution"]) for row in rows(cast.amal, "acknowledgements")] == [
        (asked.seq, "Institution KR")
    ]
    [opinion] = rows(cast.amal, "opinions")
    assert (opinion["number"], opinion["choices"], opinion["text"]) == (poll.seq, "2", "Seoul")
    end(cast)
    [opinion] = rows(cast.amal, "opinions")
    assert (opinion["choices"], opinion["text"]) == ("2", "")


def test_a_translation_says_what_others_said_only_to_who_may_read_it(
    cast: Cast, room: Room
) -> None:
    theirs = say(room, cast.bilal, cast.bilal_mandate, "Good morning to all of you")
    own = say(room, cast.amal, cast.amal_mandate, "Good evening to all of you")
    translate(theirs, cast.amal, cast.amal_mandate)
    translate(own, cast.amal, cast.amal_mandate, text="Bonsoir à tous")
    assert rows(cast.bilal, "translations") == []
    texts = [(row["number"], row["text"]) for row in rows(cast.amal, "translations")]
    assert texts == [(theirs.seq, "Bonjour à tous"), (own.seq, "Bonsoir à tous")]
    end(cast)
    texts = [(row["number"], row["text"]) for row in rows(cast.amal, "translations")]
    assert texts == [(theirs.seq, None), (own.seq, "Bonsoir à tous")]


def test_of_acts_in_rooms_the_reasons_are_ones_own_until_they_are_erased(
    cast: Cast, room: Room
) -> None:
    theirs = say(room, cast.bilal, cast.bilal_mandate)
    react(room=room, seq=theirs.seq, kind="thanks", on=True, actor=cast.amal)
    delete_message(room=room, seq=theirs.seq, reason="Off the subject", actor=cast.dina)
    assert [row["act"] for row in rows(cast.amal, "room_acts")] == ["reaction added"]
    [row] = [row for row in rows(cast.dina, "room_acts") if row["text"]]
    assert (row["act"], row["text"]) == ("message deleted", "Off the subject")
    second = make_user("emad")
    make_mandate(second, cast.qa, Capacity.SECRETARIAT)
    asked = ask_for_reason_erasure(
        room=room, seq=row["number"], ground="person", explanation="Asked for.", actor=second
    )
    approve_erasure(erasure=asked, actor=cast.dina)
    assert all(row["text"] == "" for row in rows(cast.dina, "room_acts"))


def test_rooms_that_one_is_in_as_a_person(cast: Cast) -> None:
    open_direct(people=[cast.bilal], actor=cast.amal, mandate=cast.amal_mandate)
    for user in (cast.amal, cast.bilal):
        [row] = rows(user, "rooms")
        assert (row["role"], row["until"]) == ("member", None)
    assert rows(cast.chloe, "rooms") == []


def test_of_an_invitation_each_has_what_they_wrote(cast: Cast) -> None:
    decline_invitation(invitation=invite(cast, note="Talk"), reason="Not now", **bilal(cast))
    [row] = rows(cast.amal, "bilateral")
    assert (row["institution"], row["text"]) == ("Institution NG", "Talk")
    [row] = rows(cast.bilal, "bilateral")
    assert (row["institution"], row["act"], row["text"]) == (
        "Institution KR",
        "answered",
        "Not now",
    )
    assert rows(cast.chloe, "bilateral") == []


def test_settings_are_in_it_without_what_would_open_anything(cast: Cast, room: Room) -> None:
    change_notifications(
        user=cast.amal,
        rhythm="daily",
        absence=30,
        daily_hour=7,
        quiet_from=time(22),
        quiet_until=time(6, 30),
        quiet_days=[5, 6],
    )
    set_level(room=room, user=cast.amal, level="nothing")
    ToldMark.objects.create(user=cast.amal, room=room, mailed_seq=3)
    add_device(
        user=cast.amal,
        session_key="a" * 32,
        endpoint="https://push.example/amal",
        p256dh="key-p256dh",
        auth="key-auth",
        user_agent="Firefox",
    )
    save_filter(
        listing="people", name="Mine", query="q=x", is_shared=False, actor=cast.dina, mandate=None
    )
    feed = open_calendar_feed(actor=cast.amal)
    export = made(cast.amal)
    found = data(export)
    [told] = found["notifications"]
    assert (told["rhythm"], told["daily_hour"]) == ("once a day", 7)
    assert (told["quiet_from"], told["quiet_until"]) == ("22:00", "06:30")
    assert told["quiet_days"] == "Friday, Saturday"
    assert found["notification_levels"] == [{"room": "Working group", "level": "nothing"}]
    assert found["told_marks"] == [{"room": "Working group", "mailed": 3, "pushed": 0}]
    assert [row["device"] for row in found["push_devices"]] == ["Firefox"]
    assert len(found["calendar"]) == CalendarFeed.objects.count() == 1
    whole = b"".join(archive(export).read(n) for n in ("data.json", "index.html")).decode()
    device = PushDevice.objects.get()
    for opening in (feed.token, feed.nonce, device.endpoint, device.p256dh, device.auth, "a" * 32):
        assert opening not in whole
    [row] = rows(cast.dina, "filters")
    assert (row["name"], row["query"], row["shared"]) == ("Mine", "q=x", False)
    for key in ("filters", "calendar", "push_devices", "notification_levels", "told_marks"):
        assert rows(cast.bilal, key) == []
