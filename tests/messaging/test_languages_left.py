"""In which languages transcripts and translations are offered, and what stands in another."""

import pytest
from django.test import Client
from django.urls import reverse

from members.actions.people import choose_language
from messaging.forms_translation import MessageLanguageForm
from messaging.models import Message, Room, Transcript, Translation
from tests.factories import Cast
from tests.members.test_network_languages import ARABIC, ENGLISH, FRENCH, settle
from tests.messaging.conftest import say
from tests.messaging.test_translations import Service, attach, service, signed_in

__all__ = ["service"]


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    settle(cast, "ar", "en")
    return say(room, cast.amal, cast.amal_mandate, "Good morning to all of you")


def at(name: str, *args: int) -> str:
    return reverse(f"messaging:{name}", args=args)


def test_transcripts(cast: Cast, room: Room, said: Message) -> None:
    page, client = at("transcripts", room.pk), signed_in(cast.amal)
    form = client.get(page).context["form"]
    assert (form.fields["language"].choices, form["language"].value()) == ([ARABIC, ENGLISH], "en")
    form = client.get(page.replace("/en/", "/fr/")).context["form"]
    assert form["language"].value() == "ar"
    assert client.post(page, {"language": "fr"}).status_code == 422
    assert not Transcript.objects.exists()
    choose_language(user=cast.amal, language="fr")
    form = client.get(page.replace("/en/", "/fr/")).context["form"]
    assert form.fields["language"].choices == [ARABIC, ENGLISH, FRENCH]
    assert form["language"].value() == "fr"
    for _twice in range(2):
        assert client.post(page, {"language": "fr"}).status_code == 302
    assert Transcript.objects.get().language == "fr"
    choose_language(user=cast.amal, language="en")
    assert [each.language for each in client.get(page).context["transcripts"]] == ["fr"]


def test_translations(cast: Cast, room: Room, said: Message) -> None:
    page = at("translations", room.pk, said.seq)
    new, client = at("attach_translation", room.pk, said.seq), signed_in(cast.amal)
    form = client.get(page).context["form"]
    assert (form.fields["language"].choices, form["language"].value()) == ([ARABIC, ENGLISH], "ar")
    french = {"language": "fr", "kind": "official", "text": "Bonjour à tous"}
    assert client.post(new, french).status_code == 422
    assert not Translation.objects.exists()
    choose_language(user=cast.amal, language="fr")
    for _twice in range(2):
        assert client.post(new, french).status_code == 302
    assert Translation.objects.count() == 1
    choose_language(user=cast.amal, language="en")
    shown = client.get(page)
    assert "Official translation: French" in shown.content.decode()
    # Whoever wrote it can put it right.
    assert shown.context["form"].fields["language"].choices == [ARABIC, ENGLISH, FRENCH]
    assert client.post(new, french | {"text": "Bonjour"}).status_code == 302


def test_what_a_message_is_in_is_a_fact(cast: Cast, room: Room, said: Message) -> None:
    assert MessageLanguageForm().fields["language"].choices == [ARABIC, ENGLISH, FRENCH]  # type: ignore[attr-defined]
    correct = at("correct_language", room.pk, said.seq)
    client = signed_in(cast.amal)
    assert client.post(correct, {"language": "tr"}).status_code == 422
    assert client.post(correct, {"language": "fr"}).status_code == 302
    said.refresh_from_db()
    assert said.language == "fr"
    attach(said, cast.amal, cast.amal_mandate, language="en", text="Good morning")


def test_a_machine_translates_into_these_and_ones_own(
    cast: Cast, room: Room, said: Message, service: Service
) -> None:
    page, client = at("translations", room.pk, said.seq), signed_in(cast.bilal)

    def offered(client: Client) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = (
            client.get(page).context["machine_form"].fields["language"].choices
        )
        return found

    assert offered(client) == [ARABIC, ENGLISH]
    client.get(f"{page}?machine=fr")
    assert service.asked == []
    client.get(f"{page}?machine=ar")
    choose_language(user=cast.bilal, language="fr")
    assert offered(client) == [ARABIC, ENGLISH, FRENCH]
    client.get(f"{page}?machine=fr")
    assert [each["target"] for each in service.asked] == ["ar", "fr"]
