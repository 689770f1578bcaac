"""What e-mails about the rooms say, and how they are stopped."""

import re
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.test import Client

from members.models import User
from messaging.actions import edit_message, mark_read, open_room, restrict_room, set_level
from messaging.enums import Level, ParticipantRole, Rhythm, RoomKind
from messaging.models import NotificationLevel, NotificationSettings, Record, Room
from messaging.news_letters import stop_address
from tests.factories import Cast
from tests.messaging.conftest import say
from tests.messaging.news import call_upon, choose, letters_to, make_statement


@pytest.fixture
def room(cast: Cast) -> Room:
    made = open_room(
        kind=RoomKind.GROUP,
        titles={"en": "Working group", "ar": "فريق عامل", "fr": "Groupe de travail"},
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )
    for user in (cast.amal, cast.dina):
        set_level(room=made, user=user, level=Level.ALL)
    cast.ng.names = {"en": "Institution NG", "ar": "مؤسسة نيجيريا"}
    cast.ng.save()
    return made


def html_of(letter: Any) -> str:
    [(html, kind)] = letter.alternatives
    assert kind == "text/html"
    return str(html)


def test_letter_in_english(cast: Cast, room: Room) -> None:
    first = say(room, cast.bilal, cast.bilal_mandate, "We meet on **Monday**.")
    called = say(room, cast.bilal, cast.bilal_mandate, "Could Korea answer? <b>")
    issued = say(room, cast.bilal, cast.bilal_mandate, "x" * 300)
    call_upon(called, cast.amal)
    make_statement(issued)
    for number in range(4):
        say(room, cast.bilal, cast.bilal_mandate, f"Point {number}")
    [letter] = letters_to(cast.amal)
    assert letter.subject == "Working group: 7 new messages"
    link = f"{settings.PUBLIC_ORIGIN}/en/rooms/{room.pk}/at/{first.seq}/"
    text = letter.body
    assert text.count(link) == 1
    assert "Bilal · Institution NG · " in text
    assert "\nWe meet on Monday.\n" in text
    assert re.search(r"· calls upon you\nCould Korea answer\? <b>\n", text)
    assert re.search(r"· statement\nx{199}…\n", text)
    assert "Point 1" in text
    assert "Point 2" not in text
    assert "\n--\nGlobal Public Diplomacy Network\n" in text
    assert "\nand 2 more\n" in text
    html = html_of(letter)
    assert '<html lang="en" dir="ltr">' in html
    assert '<blockquote dir="auto">We meet on Monday.</blockquote>' in html
    assert "<bdi>Bilal</bdi>" in html
    assert "<b>" not in html
    assert html.count(link) == 2
    assert letter.extra_headers["Content-Language"] == "en"


def test_letter_in_arabic_with_its_digits_and_the_hours_of_its_reader(
    cast: Cast, room: Room
) -> None:
    cast.amal.language, cast.amal.digits = "ar", "arabic_indic"
    cast.amal.time_zone = "Asia/Riyadh"
    cast.amal.save()
    message = say(room, cast.bilal, cast.bilal_mandate, "صباح الخير 2030")
    say(room, cast.bilal, cast.bilal_mandate, "Good morning")
    [letter] = letters_to(cast.amal)
    assert letter.subject.startswith("فريق عامل")
    assert f"/ar/rooms/{room.pk}/at/{message.seq}/" in letter.body
    assert "مؤسسة نيجيريا" in letter.body
    assert "صباح الخير 2030" in letter.body  # what people wrote keeps its digits
    html = html_of(letter)
    assert '<html lang="ar" dir="rtl">' in html
    assert '<blockquote dir="auto">Good morning</blockquote>' in html
    day = re.search(r"[٠-٩]{2}:[٠-٩]{2}", html)
    assert day
    hour = int(day[0][:2])
    assert hour == (message.posted_at.hour + 3) % 24


def test_one_letter_tells_of_all_rooms_first_of_where_one_is_called(cast: Cast, room: Room) -> None:
    say(room, cast.bilal, cast.bilal_mandate, "Quietly")
    other = open_room(
        kind=RoomKind.PLENARY,
        titles={"en": "Plenary"},
        delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
    )
    call_upon(say(other, cast.bilal, cast.bilal_mandate, "Loudly"), cast.amal)
    [letter] = letters_to(cast.amal)
    assert letter.subject == "New messages in 2 rooms"
    assert letter.body.index("Plenary") < letter.body.index("Working group")


def test_letter_says_what_stands_now(cast: Cast, room: Room) -> None:
    message = say(room, cast.bilal, cast.bilal_mandate, "As it was")
    edit_message(
        room=room,
        seq=message.seq,
        version=1,
        body="As it is",
        client_id=message.client_id,
        actor=cast.bilal,
    )
    [letter] = letters_to(cast.amal)
    assert "As it is" in letter.body
    assert "As it was" not in letter.body


def test_of_a_restricted_room_nothing_is_said(cast: Cast, room: Room) -> None:
    restrict_room(room=room, is_restricted=True, actor=cast.dina, mandate=cast.dina_mandate)
    message = say(room, cast.bilal, cast.bilal_mandate, "Top secret")
    say(room, cast.bilal, cast.bilal_mandate, "Top secret")
    [letter] = letters_to(cast.amal)
    assert letter.subject == "Working group: something new"
    for part in (letter.subject, letter.body, html_of(letter)):
        assert "secret" not in part
        assert "Bilal" not in part
        assert "NG" not in part
        assert "2 new" not in part
    assert f"/en/rooms/{room.pk}/at/{message.seq}/" in letter.body
    assert "There is something new. The room is restricted" in letter.body


def test_headers(cast: Cast, room: Room) -> None:
    say(room, cast.bilal, cast.bilal_mandate)
    [letter] = letters_to(cast.amal)
    headers = letter.message()
    assert headers["List-Unsubscribe"] == f"<{stop_address(cast.amal)}>"
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["Auto-Submitted"] == "auto-generated"
    assert headers["Reply-To"] is None
    assert re.fullmatch(r"<news\.[0-9a-f]{32}@majlis\.example>", headers["Message-ID"])
    assert letter.to == [cast.amal.email]
    assert stop_address(cast.amal) in letter.body


# --- Stopping them ------------------------------------------------------------------------------


def path_of(user: User) -> str:
    return stop_address(user).removeprefix(settings.PUBLIC_ORIGIN)


def rhythm(user: User) -> tuple[str, str]:
    kept = NotificationSettings.objects.of(user)
    return kept.rhythm, kept.rhythm_before


def test_one_click_of_a_mail_program_stops_letters(cast: Cast, room: Room) -> None:
    choose(cast.amal, rhythm=Rhythm.HOURLY)
    client = Client(enforce_csrf_checks=True)  # without a cookie, without a sign-in
    path = path_of(cast.amal)
    assert client.get(path).status_code == 200
    assert rhythm(cast.amal) == (Rhythm.HOURLY, "")
    for _ in range(2):
        response = client.post(path, {"List-Unsubscribe": "One-Click"})
        assert response.status_code == 200
        assert rhythm(cast.amal) == (Rhythm.NEVER, Rhythm.HOURLY)
    say(room, cast.bilal, cast.bilal_mandate)
    assert letters_to(cast.amal, 24 * 60) == []
    assert "Send them again, as before" in client.get(path).text
    for _ in range(2):
        assert client.post(path, {"again": "1"}).status_code == 200
        assert rhythm(cast.amal) == (Rhythm.HOURLY, "")
    assert len(letters_to(cast.amal, 24 * 60)) == 1


def test_who_had_chosen_never_keeps_it_and_a_made_up_address_is_not_found(cast: Cast) -> None:
    choose(cast.amal, rhythm=Rhythm.NEVER)
    client = Client()
    page = client.post(path_of(cast.amal), {"again": "1"})
    assert "Send them again" not in page.text
    assert rhythm(cast.amal) == (Rhythm.NEVER, "")
    good = path_of(cast.bilal)
    for bad in (good.replace(f"/{cast.bilal.pk}:", f"/{cast.dina.pk}:"), good[:-2] + "x/"):
        assert client.get(bad).status_code == 404
        assert client.post(bad).status_code == 404
    assert rhythm(cast.bilal) == (Rhythm.ABSENCE, "")


# --- The pages ------------------------------------------------------------------------------------

URL = "/en/settings/notifications/"


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_page_shows_and_keeps_what_is_chosen(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    page = amal.get(URL).text
    assert 'value="absence" required id="id_rhythm_0" checked' in page
    response = amal.post(
        URL,
        {
            "rhythm": "daily",
            "absence": "60",
            "daily_hour": "6",
            "quiet_from": "22:00",
            "quiet_until": "07:00",
            "quiet_days": ["5", "6"],
        },
        follow=True,
    )
    assert response.redirect_chain == [(URL, 302)]
    assert "Your settings are saved." in response.text
    kept = NotificationSettings.objects.of(cast.amal)
    assert (kept.rhythm, kept.absence, kept.daily_hour, kept.quiet_days) == ("daily", 60, 6, [5, 6])
    assert (str(kept.quiet_from), str(kept.quiet_until)) == ("22:00:00", "07:00:00")
    assert '<option value="22:00" selected>' in response.text


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"quiet_from": "22:00"}, "Quiet hours need a beginning and an end."),
        ({"quiet_until": "07:00"}, "Quiet hours need a beginning and an end."),
        (
            {"quiet_from": "07:00", "quiet_until": "07:00"},
            "Quiet hours cannot end when they begin.",
        ),
        ({"quiet_days": list("1234567")}, "Leave at least one day on which you are told."),
        ({"rhythm": "often"}, "Select a valid choice."),
        ({"absence": "7"}, "Select a valid choice."),
        ({"daily_hour": "24"}, "Select a valid choice."),
        ({"quiet_days": ["8"]}, "Select a valid choice."),
    ],
)
def test_what_makes_no_sense_is_refused(cast: Cast, wrong: dict[str, Any], reason: str) -> None:
    said = {"rhythm": "hourly", "absence": "30", "daily_hour": "8", **wrong}
    response = signed_in(cast.amal).post(URL, said)
    assert response.status_code == 422
    assert reason in response.text
    assert not NotificationSettings.objects.exists()


def test_levels_are_chosen_in_the_room_and_for_all_rooms(cast: Cast, room: Room) -> None:
    NotificationLevel.objects.all().delete()
    amal = signed_in(cast.amal)
    here = f"/en/rooms/{room.pk}/"
    assert '<span class="visually-hidden">mentions and statements</span>' in amal.get(here).text
    response = amal.post(f"{here}level/", {"level": "nothing"}, follow=True)
    assert response.redirect_chain == [(here, 302)]
    assert '<span class="visually-hidden">nothing</span>' in response.text
    assert amal.post(f"{here}level/", {"level": "loud"}).status_code == 302
    assert NotificationLevel.objects.of(cast.amal, room) == Level.NOTHING
    assert f'<select name="room_{room.pk}"' in amal.get(URL).text
    amal.post(f"{URL}rooms/", {f"room_{room.pk}": "all", "room_999": "all"})
    assert NotificationLevel.objects.of(cast.amal, room) == Level.ALL
    assert amal.post(f"{URL}rooms/", {f"room_{room.pk}": "loud"}).status_code == 422
    chloe = signed_in(cast.chloe)
    assert chloe.post(f"{here}level/", {"level": "all"}).status_code == 404
    chloe.post(f"{URL}rooms/", {f"room_{room.pk}": "all"})
    assert not NotificationLevel.objects.filter(user=cast.chloe).exists()


def test_page_of_levels_costs_the_same_for_one_room_and_for_three(
    cast: Cast, room: Room, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    amal = signed_in(cast.amal)
    amal.get(URL)
    with django_assert_max_num_queries(20) as one:
        amal.get(URL)
    for _ in range(2):
        open_room(
            kind=RoomKind.BILATERAL,
            titles={"en": "Two"},
            delegations=dict.fromkeys((cast.kr, cast.ng), ParticipantRole.MEMBER),
        )
    with django_assert_num_queries(len(one)):
        amal.get(URL)


def test_chair_restricts_the_room_on_its_page(cast: Cast, room: Room) -> None:
    dina, amal = signed_in(cast.dina), signed_in(cast.amal)
    here = f"/en/rooms/{room.pk}/"
    assert "Restrict the room" in dina.get(f"{here}settings/").text
    response = dina.post(f"{here}restriction/", {"is_restricted": "1"}, follow=True)
    assert response.redirect_chain == [(f"{here}settings/", 302)]
    assert "The room is restricted" in response.text
    assert '<span class="badge badge--warning">restricted</span>' in amal.get(here).text
    dina.post(f"{here}restriction/", {"is_restricted": "maybe"})
    assert amal.post(f"{here}restriction/", {"is_restricted": "0"}).status_code == 403
    assert Room.objects.get(pk=room.pk).is_restricted
    dina.post(f"{here}restriction/", {"is_restricted": "0"})
    assert [r.detail["is_restricted"] for r in Record.objects.filter(kind="room.changed")] == [
        True,
        False,
    ]


def test_reading_in_the_room_spares_the_letter(cast: Cast, room: Room) -> None:
    message = say(room, cast.bilal, cast.bilal_mandate)
    mark_read(room=room, user=cast.amal, seq=message.seq)
    letters_to(cast.amal)
    assert [letter.to for letter in mail.outbox] == [[cast.dina.email]]
