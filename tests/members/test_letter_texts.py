"""Letters in the secretariat's own words: marks, preview, versions, and what goes out."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import emails, tasks
from members.actions.application_requests import request_application
from members.actions.network import StaleTextError, write_letter_text
from members.audit import described
from members.emails_people import send_invitation
from members.enums import ApplicationState as State
from members.forms.network import LetterTextForm
from members.letter_book import BOOK, sample
from members.models import Application, Invitation, LetterText, User
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import application_in

SUBMITTED = "application.submitted"
ASKED = "application.information_requested"
BODY = "Dear {name},\n\n{institution} is <b>on file</b> at {network}.\n\n{link}"


@pytest.fixture
def contact(db: None) -> User:
    return make_user("contact", language="fr")


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def write(cast: Cast, body: str = BODY, version: int = 0, **more: Any) -> LetterText:
    said: dict[str, Any] = {
        "letter": SUBMITTED,
        "language": "fr",
        "subject": "Reçu : {institution}" if body else "",
        "body": body,
        "version": version,
        **by(cast),
        **more,
    }
    return write_letter_text(**said)


def faults(subject: str, body: str, key: str = SUBMITTED) -> dict[str, list[str]]:
    form = LetterTextForm(
        {"subject": subject, "body": body, "version": "0"}, letter=BOOK[key], language="en"
    )
    form.is_valid()
    return {name: [e.code or "" for e in found.as_data()] for name, found in form.errors.items()}


# --- The book -------------------------------------------------------------------------------------


def test_the_book_has_every_letter_of_the_steps() -> None:
    assert {key.removeprefix("application.") for key in BOOK if key.startswith("application.")} == {
        *emails.LETTERS,
        "start",
    }
    named = [(letter.title, str(letter.reader)) for letter in BOOK.values()]
    assert len(set(named)) == len(named)


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_text_that_comes_with_the_portal_can_be_kept_as_it_is(db: None, language: str) -> None:
    for letter in BOOK.values():
        usual = letter.usual(language)
        assert "%(" not in usual.subject + usual.body, letter.key
        form = LetterTextForm({**usual._asdict(), "version": "0"}, letter=letter, language=language)
        assert form.is_valid(), (letter.key, form.errors)
        assert form.cleaned_data["body"] == usual.body, letter.key
        shown = sample(letter, language, **usual._asdict(), name="Amal")
        assert "{" not in shown.subject + shown.text, letter.key
        assert (("Amal" in shown.text), ("----" in shown.text)) == (letter.is_named, letter.quotes)


# --- Marks ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("{link}", None),
        ("Please open {link} now.", None),
        ("No link.", ["left_out"]),
        ("{link} {person}", ["unknown"]),
        ("{link} {name.password}", ["malformed"]),
        ("{link} {0} {} {institution!r} {institution:>99} {INSTITUTION}", ["malformed"] * 5),
        ("{link} {{ settings.SECRET_KEY }} {% now %}", ["malformed"] * 4),
        ("{link} {words}", ["unknown"]),
        ("{nowhere} {institution", ["malformed", "unknown", "left_out"]),
    ],
)
def test_what_is_no_mark_of_the_letter_is_refused(body: str, codes: list[str] | None) -> None:
    assert faults("Received", body) == ({"body": codes} if codes else {})


def test_the_subject_has_no_link_and_what_is_quoted_is_a_paragraph() -> None:
    assert faults("{link}", "{link}") == {"subject": ["unknown"]}
    assert faults("Asked", "{words}\n\n{link}", ASKED) == {}
    assert faults("Asked", "{link}", ASKED) == {"body": ["left_out"]}
    assert faults("Asked", "It asks: {words}\n\n{link}", ASKED) == {"body": ["not_alone"]}


# --- What goes out --------------------------------------------------------------------------------


def test_the_words_in_force_go_out_in_the_readers_language(
    cast: Cast, contact: User, mailoutbox: list[Any]
) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    Application.objects.filter(pk=application.pk).update(
        institution_names={"fr": "<i>{link} 100%</i>"}
    )
    job = {"letter": "submitted", "application_id": application.pk, "user_id": contact.pk}
    tasks.send_application_letter(**job)
    write(cast)
    write(cast, "{link}", language="en")
    tasks.send_application_letter(**job)
    write(cast, "", 1)
    tasks.send_application_letter(**job)
    usual, own, again = mailoutbox
    assert (again.subject, again.body) == (usual.subject, usual.body)
    assert own.subject == "Reçu : <i>{link} 100%</i>"
    greeting, text, link = own.body.split("\n\n")
    assert greeting == f"Dear {contact.name},"
    assert text == (
        "<i>{link} 100%</i> is <b>on file</b> at Réseau mondial de diplomatie publique."
    )
    assert link.endswith(f"\nhttp://testserver/fr/applications/{application.pk}/\n")
    [(html, _kind)] = own.alternatives
    assert (
        "<bdi>&lt;i&gt;{link} 100%&lt;/i&gt;</bdi> is &lt;b&gt;on file&lt;/b&gt; at <bdi>" in html
    )
    assert html.count("<a ") == 1


def test_an_invitation_goes_out_in_the_words_in_force(cast: Cast, mailoutbox: list[Any]) -> None:
    write(cast, "Open {link}\n\nuntil {date}.", letter="invitation.apply", language="en")
    request_application(
        email="new@example.org",
        name="Amal",
        language="en",
        institution_names={"en": "Institute"},
        country="",
    )
    invitation = Invitation.objects.get()
    send_invitation(invitation_id=invitation.pk)
    (letter,) = mailoutbox
    assert letter.body.startswith("Open http://testserver/en/invitations/")


# --- Writing them ---------------------------------------------------------------------------------


def test_who_writes_and_what_is_kept(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        write(cast, actor=cast.amal, mandate=cast.amal_mandate)
    first = write(cast)
    assert write(cast) == first  # repeated
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.after) == (
        "letter_text.written",
        {"letter": SUBMITTED, "language": "fr", "version": 1},
    )
    assert {c.name: c.after for c in described([entry])[0].changes} == {
        "letter": "Application submitted – whoever writes the application",
        "language": "French",
        "version": "1",
    }
    with pytest.raises(StaleTextError) as refused:
        write(cast, "{link}")
    assert refused.value.version == 1
    assert write(cast, "{link}", 1).number == 2
    assert (LetterText.objects.count(), AuditEntry.objects.filter(act=entry.act).count()) == (2, 2)


def test_on_the_pages(cast: Cast) -> None:
    client = signed_in(cast.dina)
    page = reverse("members:letter_text", args=[SUBMITTED, "en"])
    usual = BOOK[SUBMITTED].usual("en")
    shown = client.get(page)
    assert usual.body in shown.context["form"]["body"].value()
    # Refused: what was typed stands there still.
    bad = client.post(page, {"subject": "S", "body": "Mine {nowhere} {link}", "version": "0"})
    assert bad.status_code == 422
    assert "Mine {nowhere} {link}" in bad.content.decode()
    assert "It knows: \u2066{name}\u2069" in bad.content.decode()
    # A preview keeps nothing.
    typed = {"subject": "To {name}", "body": "<u>{institution}</u>\n\n{link}", "version": "0"}
    preview = client.post(page, {**typed, "act": "preview"}).content.decode()
    assert "&lt;u&gt;<bdi>Institute of the Example</bdi>&lt;/u&gt;" in preview
    assert f"To {cast.dina.name}" in preview
    assert not LetterText.objects.exists()
    quoting = client.get(reverse("members:letter_text", args=[ASKED, "en"])).content.decode()
    assert '<blockquote><p dir="auto">Here stands what was written' in quoting
    # In force; a second tab sees both texts.
    assert client.post(page, {**typed, "act": "keep"}).status_code == 302
    second = client.post(page, {"subject": "S", "body": "Other {link}", "version": "0"})
    assert second.status_code == 409
    for text in ("Other {link}", "&lt;u&gt;{institution}&lt;/u&gt;"):
        assert text in second.content.decode()
    # An earlier one again; the portal's own again.
    assert client.post(page, {"subject": "S", "body": "Other {link}", "version": "1"}).url == page
    back = reverse("members:return_letter", args=[SUBMITTED, "en", 1])
    assert client.post(back, {"version": "1"}).status_code == 302  # stale: nothing
    assert LetterText.objects.count() == 2
    assert client.post(back, {"version": "2"}).url == page
    assert LetterText.objects.in_force(SUBMITTED, "en").subject == "To {name}"
    first = reverse("members:return_letter", args=[SUBMITTED, "en", 0])
    assert client.post(first, {"version": "3"}).url == page
    assert client.get(page).context["form"]["body"].value() == usual.body
    # The portal's own words, saved, are not kept as the secretariat's.
    client.post(page, {**usual._asdict(), "version": "4"})
    assert LetterText.objects.count() == 4
    for gone in ("application.none", "../x"):
        assert client.get(f"/en/settings/letters/{gone}/en/").status_code == 404
    assert client.get(reverse("members:letter_text", args=[SUBMITTED, "de"])).status_code == 404


def test_a_text_is_put_in_force_with_the_password_alone(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.dina)
    page = reverse("members:letter_text", args=[SUBMITTED, "en"])
    typed = {"subject": "S", "body": "{link}", "version": "0"}
    assert client.post(page, {**typed, "act": "preview"}).status_code == 200
    asked = client.post(page, typed)
    assert "reauthenticate" in asked.url
    assert not LetterText.objects.exists()


def test_the_list_asks_as_often_for_many_texts_as_for_one(cast: Cast) -> None:
    client = signed_in(cast.dina)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            page = client.get(reverse("members:letter_list")).content.decode()
        assert "own text" in page
        return len(caught)

    write(cast)
    one = queries()
    write(cast, language="en")
    write(cast, letter=ASKED, body="{words}\n\n{link}")
    assert queries() == one
