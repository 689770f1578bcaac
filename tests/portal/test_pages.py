"""The frame of every page, the home page of each kind of person, and the pages that say no."""

import re
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage as Outgoing
from django.core.mail.backends.filebased import EmailBackend
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone, translation
from django.views.defaults import bad_request, server_error

from assembly.enums import MeetingKind
from assembly.models import Meeting
from members.enums import ApplicationState, MembershipState
from members.models import Application
from portal.mail import find_letter, read_letters
from tests.factories import Cast, make_user

PUBLIC = ["/", "/members/", "/accounts/login/", "/accounts/password/reset/", "/accounts/signup/"]
OWN = ["/", "/accounts/logout/", "/accounts/2fa/", "/accounts/sessions/", "/settings/"]


def page_of(client: Client, path: str, language: str = "en", status: int = 200) -> str:
    response = client.get(f"/{language}{path}")
    assert response.status_code == status
    return str(response.content.decode())


def links(page: str) -> list[str]:
    return [link for link in re.findall(r'<a [^>]*href="([^"#]+)"', page) if link.startswith("/")]


# --- The frame ----------------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_a_strangers_pages_lead_somewhere(client: Client, language: str) -> None:
    pages = [page_of(client, path, language) for path in PUBLIC]
    for page in pages:
        assert 'id="main"' in page
        assert "skip-link" in page
    for link in {link for page in pages for link in links(page)}:
        assert client.get(link).status_code in (200, 302), link


@pytest.mark.django_db
@pytest.mark.parametrize("path", PUBLIC)
def test_no_page_offers_to_sign_up(client: Client, path: str) -> None:
    others = [
        link for link in links(page_of(client, path)) if link[3:] != path
    ]  # no other language
    assert not any("signup" in link for link in others)


@pytest.mark.parametrize("who", ["amal", "dina"])
def test_own_pages_lead_somewhere(client: Client, cast: Cast, who: str) -> None:
    client.force_login(getattr(cast, who))
    for link in {link for path in OWN for link in links(page_of(client, path))}:
        assert client.get(link).status_code in (200, 302), link


def test_the_frame_says_who_speaks_and_for_whom(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    page = page_of(client, "/")
    assert "<bdi>Amal</bdi>" in page
    assert "<bdi>Institution KR</bdi> · head of delegation" in page


def test_the_frame_marks_where_one_is(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    page = page_of(client, "/members/")
    assert '<a class="nav__link" href="/en/members/" aria-current="page">' in page
    assert '<a class="nav__link" href="/en/">' in page


def test_only_the_secretariat_is_led_to_its_pages(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    assert "/en/audit-log/" in links(page_of(client, "/"))
    client.force_login(cast.amal)
    assert "/en/audit-log/" not in links(page_of(client, "/"))


# --- Home ---------------------------------------------------------------------------------------
def test_a_delegate_sees_the_next_meeting(client: Client, cast: Cast) -> None:
    meeting = Meeting.objects.create(
        kind=MeetingKind.GENERAL_ASSEMBLY,
        number=7,
        cities={"en": "Doha"},
        starts_on=timezone.now().date(),
    )
    client.force_login(cast.amal)
    assert f"/en/meetings/{meeting.pk}/" in links(page_of(client, "/"))


def make_application(number: int, **fields: Any) -> Application:
    return Application.objects.create(
        institution_names={"en": f"Applicant {number}"},
        contact=make_user(f"applicant{number}"),
        submitted_at=timezone.now(),
        **fields,
    )


def test_the_secretariat_sees_what_waits(client: Client, cast: Cast) -> None:
    make_application(1, state=ApplicationState.SUBMITTED)
    make_application(2, state=ApplicationState.ON_AGENDA)
    client.force_login(cast.dina)
    page = page_of(client, "/")
    assert "Applicant 1" in page
    assert "Applicant 2" not in page  # it waits for the assembly, not for the secretariat
    client.force_login(cast.amal)
    assert "Applicant 1" not in page_of(client, "/")


def test_an_applicant_sees_the_next_step(client: Client, cast: Cast) -> None:
    application = make_application(1, state=ApplicationState.INFORMATION_REQUESTED)
    make_application(2, state=ApplicationState.SUBMITTED)
    client.force_login(application.contact)  # type: ignore[arg-type]
    page = page_of(client, "/")
    assert "The secretariat asks you for information" in page
    assert "Applicant 2" not in page


@pytest.mark.parametrize("state", ApplicationState.values)
def test_every_state_of_an_application_says_what_follows(state: str, db: None) -> None:
    application = Application(pk=1, state=state, state_since=timezone.now())
    with translation.override("en"):
        html = render_to_string("portal/_application.html", {"application": application})
    assert len(re.findall(r"<p>\s*\w", html)) == 1


def test_whoever_holds_no_mandate_is_told_so(client: Client, cast: Cast) -> None:
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    client.force_login(cast.amal)
    page = page_of(client, "/")
    assert "You hold no mandate at present" in page
    assert "/en/rooms/" not in links(page)


# --- Outgoing mail ------------------------------------------------------------------------------
@pytest.fixture
def outbox(tmp_path: Path, settings: Any) -> Path:
    settings.DEMO = True
    settings.EMAIL_FILE_PATH = tmp_path
    for number in (1, 2):
        backend = EmailBackend(file_path=str(tmp_path))
        letter = Outgoing(f"طلب {number}", f"Dear <b>{number}</b>", to=["amal@example.org"])
        letter.attach("charter.pdf", b"%PDF-1.7", "application/pdf")
        backend.send_messages([letter])
    return tmp_path


def test_the_secretariat_reads_what_would_be_sent(client: Client, cast: Cast, outbox: Path) -> None:
    client.force_login(cast.dina)
    page = page_of(client, "/mail/")
    assert "طلب 1" in page
    assert "طلب 2" in page
    letter = next(link for link in links(page) if link.startswith("/en/mail/") and len(link) > 9)
    page = page_of(client, letter.removeprefix("/en"))
    assert "Dear &lt;b&gt;" in page
    assert "charter.pdf" in page


def test_letters_say_when_they_were_written_with_a_zone(outbox: Path) -> None:
    assert [letter.sent_at and letter.sent_at.utcoffset() for letter in read_letters(outbox)] == [
        timedelta(0), timedelta(0),
    ]  # fmt: skip


@pytest.mark.parametrize("key", ["nothing", "..", "passwd-0"])
def test_a_key_reaches_no_other_file(outbox: Path, key: str) -> None:
    (outbox.parent / "passwd.log").write_text("root")
    assert find_letter(outbox, key) is None


def test_a_broken_letter_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "1.log").write_bytes(
        b"Content-Type: text/plain; charset=nonsense\nSubject: =?x?\n\n\xff\xfe text"
    )
    assert "text" in read_letters(tmp_path)[0].text


def test_a_multipart_letter_is_shown_by_its_text(tmp_path: Path) -> None:
    message = EmailMessage()
    message["To"] = "amal@example.org"
    message.set_content("in words")
    message.add_alternative("<p>in markup</p>", subtype="html")
    (tmp_path / "1.log").write_bytes(message.as_bytes() + b"\n" + b"-" * 79 + b"\n")
    assert [letter.text for letter in read_letters(tmp_path)] == ["in words"]


def test_the_mail_is_for_the_secretariat_alone(client: Client, cast: Cast, outbox: Path) -> None:
    client.force_login(cast.amal)
    page_of(client, "/mail/", status=404)
    client.logout()
    page_of(client, "/mail/", status=302)


def test_there_is_no_mail_to_read_outside_the_demo(
    client: Client, cast: Cast, outbox: Path, settings: Any
) -> None:
    settings.DEMO = False
    client.force_login(cast.dina)
    page_of(client, "/mail/", status=404)
    page_of(client, "/mail/1-0/", status=404)


# --- The pages that say no ----------------------------------------------------------------------
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_a_failure_is_told_without_the_database(language: str, direction: str) -> None:
    with translation.override(language):  # no `db` fixture: a query would fail this test
        page = server_error(HttpRequest()).content.decode()
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert 'id="main"' in page


def test_an_unreadable_request_is_told_without_the_database() -> None:
    with translation.override("en"):
        assert "cannot be read" in bad_request(HttpRequest(), ValueError()).content.decode()


@pytest.mark.django_db
def test_an_expired_form_is_told() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/ar/accounts/login/", {"login": "amal@example.org", "password": "x"})
    assert response.status_code == 403
    assert '<html lang="ar" dir="rtl">' in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("language", "direction"), [("ar", "rtl"), ("en", "ltr"), ("fr", "ltr")])
def test_a_missing_page_is_told(client: Client, language: str, direction: str) -> None:
    page = page_of(client, "/nowhere/", language, status=404)
    assert f'<html lang="{language}" dir="{direction}">' in page
    assert "nowhere" not in re.sub(r'name="next" value="[^"]*"', "", page)
