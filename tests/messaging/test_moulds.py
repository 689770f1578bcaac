"""Messages written without their template: to the letter what the template makes."""

from collections.abc import Iterator
from typing import Any
from unittest.mock import patch
from uuid import uuid4

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from messaging import moulds
from messaging.actions import delete_message, edit_message
from messaging.models import Message, Record, Room
from messaging.rendering import render_records
from records.guess import language_of
from tests.factories import Cast
from tests.messaging.conftest import say

BODIES = (
    "Good morning",
    "نلتقي غدًا في القاعة 4 الساعة 14:30.\nشكرًا",
    "*one* **two** <b>&amp; http://example.org/a_b\n- three\n- four",
    "{{ body }} {% now %} 12345678901234567890",
)


@pytest.fixture(autouse=True)
def none_yet() -> Iterator[None]:
    moulds._moulds.clear()
    yield
    moulds._moulds.clear()


def by_template(room: Room, language: str) -> list[str]:
    with translation.override(language), timezone.override("UTC"):
        return [
            render_to_string(moulds.TEMPLATE, {"record": record})
            for record in Record.objects.after(room.pk, 0, 100)
        ]


def as_sent(room: Room, language: str) -> list[str]:
    records = Record.objects.after(room.pk, 0, 100)
    return [record["html"] for record in render_records(records, language)]


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_same_letters_as_the_template(cast: Cast, room: Room, language: str) -> None:
    for _ in range(3):
        for body in BODIES:
            say(room, cast.amal, cast.amal_mandate, body)
            say(room, cast.bilal, cast.bilal_mandate, body)
    expected = by_template(room, language)
    with patch.object(moulds, "render_to_string", wraps=render_to_string) as asked:
        assert as_sent(room, language) == expected
    acts = Record.objects.filter(room=room, message=None).count()
    spoken = {language_of(body) for body in BODIES}
    # Of each person and language of a text, one as ever and one as a mould.
    assert asked.call_count == acts + 2 * 2 * len(spoken)


def test_what_is_more_than_a_plain_message_is_rendered(cast: Cast, room: Room) -> None:
    first = say(room, cast.amal, cast.amal_mandate, "First")
    for number in range(3):
        say(room, cast.amal, cast.amal_mandate, f"{number}")
    as_sent(room, "en")
    edit_message(
        room=room, seq=first.seq, version=1, body="1st", client_id=uuid4(), actor=cast.amal
    )
    delete_message(room=room, seq=first.seq + 1, reason="", actor=cast.amal)
    assert as_sent(room, "en") == by_template(room, "en")


def test_one_mould_serves_all_of_a_country_and_capacity(cast: Cast, room: Room) -> None:
    cast.ng.country, cast.ng.names = cast.kr.country, {"fr": "Institut <b> du Nigéria"}
    cast.ng.save()
    cast.bilal.name = "Bilal & <i>"
    cast.bilal.save()
    say(room, cast.amal, cast.amal_mandate, "First")
    say(room, cast.amal, cast.amal_mandate, "Second")
    as_sent(room, "en")
    first = Record.objects.latest("pk").seq
    said = say(room, cast.bilal, cast.bilal_mandate, "Third")
    with patch.object(moulds, "render_to_string", wraps=render_to_string) as asked:
        [record] = render_records(Record.objects.after(room.pk, first, 100), "en")
    assert asked.call_count == 0
    assert record["html"] == by_template(room, "en")[-1]
    assert f'data-author="{cast.bilal.pk}"' in record["html"]
    assert '<bdi lang="fr">Institut &lt;b&gt; du Nigéria</bdi>' in record["html"]
    assert said.author.name == "Bilal & <i>"


def test_another_name_is_shown_at_once_and_no_mould_lasts(cast: Cast, room: Room) -> None:
    for number in range(3):
        say(room, cast.amal, cast.amal_mandate, f"{number}")
    as_sent(room, "en")
    cast.amal.name = "Amal <b>"
    cast.amal.save()
    assert as_sent(room, "en") == by_template(room, "en")
    [kept] = [m for m in moulds._moulds.values() if isinstance(m, moulds.Mould)][:1]
    with patch.object(moulds.time, "monotonic", return_value=kept.until + 1):
        with patch.object(moulds, "render_to_string", wraps=render_to_string) as asked:
            assert as_sent(room, "en") == by_template(room, "en")
        assert asked.call_count > Record.objects.filter(message=None).count()


def test_every_field_of_a_message_tells_whether_it_is_plain() -> None:
    fields: list[Any] = [f.name for f in Message._meta.concrete_fields]
    told = {name.removesuffix("_id") for name, _ in moulds._plainness()}
    assert told == set(fields) - set(moulds._DIFFER)
