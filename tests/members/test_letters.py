"""Every letter is in its reader's language, and its HTML says so."""

import re
from pathlib import Path
from typing import Any

import allauth
import pytest
from allauth.account.adapter import get_adapter
from allauth.core.context import request_context
from django.conf import settings
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.test import Client, RequestFactory
from django.utils import timezone, translation

from members import emails, emails_people, tasks
from members.actions.invitations import invite_to_delegation
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.letters import as_html
from members.models import Application, Invitation, User
from tests.factories import Cast, make_user
from tests.members.applications import application_in

DIRECTIONS = {"ar": "rtl", "en": "ltr", "fr": "ltr"}
NAMES = {"Institute", "Majlis", "Amal", "Firefox", "testserver"}
ARABIC, LATIN = re.compile("[\u0621-\u064a]"), re.compile("[A-Za-z]")
ALLAUTH = sorted(
    {
        f"{folder}/email/{path.name.removesuffix('_subject.txt')}"
        for folder in ("account", "mfa")
        for path in (Path(allauth.__file__).parent / "templates" / folder / "email").glob(
            "*_subject.txt"
        )
    }
)


def last() -> EmailMultiAlternatives:
    [message] = mail.outbox
    assert isinstance(message, EmailMultiAlternatives)
    return message


def check(message: EmailMultiAlternatives, language: str) -> None:
    [(html, kind)] = message.alternatives
    html, text = str(html), str(message.body)
    assert kind == "text/html"
    assert f'<html lang="{language}" dir="{DIRECTIONS[language]}">' in html
    assert message.extra_headers["Content-Language"] == language
    assert "\n" not in message.subject
    for part in (message.subject, text, html):
        assert "{{" not in part
        assert "{%" not in part
        assert "%(" not in part
    own = ARABIC if language == "ar" else LATIN
    assert own.search(message.subject), message.subject
    # What stands between markup, without addresses, names and codes of the test.
    words = re.sub(r"<[^>]+>|https?://\S+|\S+@\S+", " ", html.partition("<body>")[2])
    if language == "ar":
        assert set(re.findall(r"[A-Za-z]{3,}", words)) <= NAMES


@pytest.fixture
def reader(cast: Cast) -> User:
    return make_user("amal.contact")


def in_language(reader: User, language: str) -> User:
    reader.language = language
    reader.name = "أمل" if language == "ar" else "Amal"
    reader.save()
    mail.outbox.clear()
    return reader


@pytest.mark.parametrize("language", DIRECTIONS)
def test_letters_about_applications(cast: Cast, reader: User, language: str) -> None:
    application = application_in(State.ADMITTED, cast, reader)
    Application.objects.update(
        institution_names={"en": "Institute", "ar": "المعهد"},
        proposed_class="associate",
        proposed_class_reason="-",
    )
    in_language(reader, language)
    in_language(cast.dina, language)
    subjects = set()
    for letter in emails.LETTERS:
        mail.outbox.clear()
        to = cast.dina if letter.startswith(tasks.OF_OFFICE) else reader
        tasks.send_application_letter(letter=letter, application_id=application.pk, user_id=to.pk)
        check(last(), language)
        subjects.add(last().subject)
    assert len(subjects) > len(emails.LETTERS) // 2
    mail.outbox.clear()
    tasks.send_start_letter(user_id=reader.pk)
    check(last(), language)


@pytest.mark.parametrize("language", DIRECTIONS)
def test_invitations(cast: Cast, language: str) -> None:
    cast.kr.names = {"en": "Institute", "ar": "المعهد"}
    cast.kr.save()
    invitation = invite_to_delegation(
        institution=cast.kr,
        email="new@example.org",
        name="<b>Amal</b>",
        language=language,
        capacity=Capacity.DELEGATE,
        actor=cast.amal,
        mandate=cast.amal_mandate,
    )
    emails_people.send_invitation(invitation_id=invitation.pk)
    check(last(), language)
    html = str(last().alternatives[0][0])
    assert "<bdi>&lt;b&gt;Amal&lt;/b&gt;</bdi>" in html
    assert "<bdi>المعهد</bdi>" in html or language != "ar"
    assert f"http://testserver/{language}/invitations/" in last().body


@pytest.mark.parametrize("language", DIRECTIONS)
def test_an_invitation_to_apply(client: Client, cast: Cast, language: str) -> None:
    client.post(
        f"/{language}/apply/",
        {"name": "Amal", "email": "new@example.org", "language": language, "name_en": "Institute"},
    )
    emails_people.send_invitation(invitation_id=Invitation.objects.get().pk)
    check(last(), language)


@pytest.mark.parametrize("language", DIRECTIONS)
@pytest.mark.parametrize("prefix", ALLAUTH)
def test_letters_about_accounts(
    cast: Cast, reader: User, rf: RequestFactory, language: str, prefix: str
) -> None:
    in_language(reader, language)
    address = f"http://testserver/en/accounts/{prefix.rpartition('/')[2]}/"
    context: dict[str, Any] = {
        "user": reader,
        "email": reader.email,
        "from_email": "old@example.org",
        "to_email": reader.email,
        "deleted_email": "old@example.org",
        "timestamp": timezone.now(),
        "ip": "192.0.2.7",
        "user_agent": "Firefox",
        "code": "123456",
        "password_reset_url": address,
        "activate_url": address,
        "signup_url": address,
        "request": rf.get("/"),
    }
    page = "en" if language != "en" else "ar"  # another than the reader's
    with translation.override(page), request_context(rf.get("/")):
        get_adapter().send_mail(prefix, reader.email, context)
    check(last(), language)


def test_a_forgotten_password_is_answered_in_the_persons_language(
    client: Client, cast: Cast, reader: User
) -> None:
    in_language(reader, "ar")
    client.post("/fr/accounts/password/reset/", {"email": reader.email})
    check(last(), "ar")
    assert "http://testserver/ar/accounts/password/reset/key/" in last().body
    mail.outbox.clear()
    client.post("/fr/accounts/password/reset/", {"email": "nobody@example.org"})
    assert last().extra_headers["Content-Language"] == "fr"  # a stranger's: the page's


def test_a_letters_dates_are_written_as_its_reader_has_them(
    cast: Cast, reader: User, rf: RequestFactory
) -> None:
    reader.digits, reader.shows_hijri = "arabic_indic", True
    in_language(reader, "ar")
    context = {"user": reader, "timestamp": timezone.now(), "ip": "192.0.2.7", "user_agent": "F"}
    with request_context(rf.get("/")):
        get_adapter().send_mail("account/email/password_changed", reader.email, context)
    assert "هـ)" in last().body
    assert re.search("[٠-٩]{4}", str(last().body))
    assert "192.0.2.7" in last().body  # an address stays as it is


def test_a_text_becomes_paragraphs_with_links_and_nothing_else() -> None:
    with translation.override("ar"):
        html = as_html("x", "<b>مرحبا</b>\nبكم\n\nhttps://a.example/?a=1&b=2 amal@example.org.")
    assert "<p>&lt;b&gt;مرحبا&lt;/b&gt;<br>بكم</p>" in html
    assert 'href="https://a.example/?a=1&amp;b=2" dir="ltr"' in html
    assert 'href="mailto:amal@example.org" dir="ltr"' in html


def test_every_language_of_the_portal_is_walked() -> None:
    assert list(DIRECTIONS) == [code for code, _name in settings.LANGUAGES]
