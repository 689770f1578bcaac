"""What every answer tells the browser: what may run, what may be kept, what may be framed."""

import json
import os
import re
import subprocess
import sys
from http.cookies import Morsel
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from asgiref.sync import async_to_sync
from django.conf import settings as django_settings
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse, StreamingHttpResponse
from django.test import Client
from django.urls import reverse

from assembly.models import AgendaItem, Meeting, RuleSet
from members.models import (
    Application,
    ApplicationDocument,
    InformationRequest,
    Institution,
    Invitation,
    User,
)
from messaging.actions import post_message
from messaging.models import Room
from records.sheets import CSV_TYPE, XLSX_TYPE
from tests.factories import PASSWORD, Cast
from tests.files import PDF
from tests.portal.rights import TABLE
from tests.portal.rights.row import ROLES
from tests.portal.world import World

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
PICTURES = (
    "picture",
    "members:logo",
    "members:person_photo",
    "members:picture_file",
    "messaging:attachment_preview",
)  # made here
NO_MARKUP = ("text/calendar", "application/json", CSV_TYPE, XLSX_TYPE)
INLINE = re.compile(
    r"<style|\sstyle\s*=|\son[a-z]+\s*=|javascript:|<script(?![^>]*\ssrc=)|<base|<iframe|<object",
    re.IGNORECASE,
)
HARDENED = (  # what HTTPS=1 changes, read from a process that was started so
    "SESSION_COOKIE_SECURE",
    "CSRF_COOKIE_SECURE",
    "SESSION_COOKIE_NAME",
    "CSRF_COOKIE_NAME",
    "SECURE_SSL_REDIRECT",
    "SECURE_HSTS_SECONDS",
    "SECURE_HSTS_INCLUDE_SUBDOMAINS",
    "SECURE_HSTS_PRELOAD",
    "SECURE_PROXY_SSL_HEADER",
    "HTTPS",
)


def assert_hardened(response: HttpResponse, name: str) -> None:
    policy = response.headers.get("Content-Security-Policy", "")
    directives = dict(d.strip().split(" ", 1) for d in policy.split(";") if " " in d.strip())
    for directive, value in POLICY.items():
        assert directives.get(directive) == value, (name, directive)
    assert "unsafe" not in policy, name
    assert response.headers.get("X-Content-Type-Options") == "nosniff", name
    assert response.headers.get("X-Frame-Options") == "DENY", name
    assert response.headers.get("Referrer-Policy") in ("same-origin", "strict-origin"), name
    assert response.headers.get("Cross-Origin-Opener-Policy") == "same-origin", name


def assert_not_kept(response: HttpResponse, name: str) -> None:
    assert "no-store" in response.headers.get("Cache-Control", ""), name
    assert "public" not in response.headers.get("Cache-Control", ""), name


EVIL = "'\"><b class=evil><script>1</script>"


@pytest.fixture
def world(db: None) -> World:
    """Everything that somebody may name has a name that wants to be markup."""
    world = World()
    cast, texts = world.cast, dict.fromkeys(("ar", "en", "fr"), EVIL)
    post_message(
        room=world.room, author=cast.amal, mandate=cast.amal_mandate, body=EVIL, client_id=uuid4()
    )
    User.objects.update(name_latin=EVIL)
    Institution.objects.update(names=texts, note=EVIL, acronym=EVIL, source=EVIL)
    Application.objects.update(
        institution_names=texts,
        aims=EVIL,
        acronym=EVIL,
        letter_text=EVIL,
        contact_position=EVIL,
        recommendation=EVIL,
        decision=texts,
    )
    InformationRequest.objects.update(question=EVIL)
    ApplicationDocument.objects.update(name=EVIL)
    Invitation.objects.update(name=EVIL)
    Room.objects.update(titles=texts, purposes=texts)
    Meeting.objects.update(cities=texts, note=EVIL)
    AgendaItem.objects.update(titles=texts)
    RuleSet.objects.update(names=texts, version=EVIL[:20], source=EVIL)
    return world


@pytest.mark.parametrize("role", ["out", "amal", "contact", "dina"])
def test_every_page(world: World, role: str) -> None:
    """Every address of the portal, whatever it answers; pages hold nothing inline."""
    client = Client()
    if role != "out":
        client.force_login(world.users[role])
    met = 0
    known = {"out": "", "dina": "mlr"}.get(role, "mlrn")  # answers that another of them has seen
    for name, row in TABLE.items():
        if row.get[ROLES.index(role)] in known:
            continue
        response = client.get(reverse(name, args=row.args(world)))
        if isinstance(response, StreamingHttpResponse):
            # Shown are pictures, and what was inspected and goes with a message; nothing else.
            shown = {name: ("inline", "image/webp") for name in PICTURES}
            shown["messaging:attachment"] = ("inline", "image/png")
            kind = (response["Content-Disposition"].partition(";")[0], response["Content-Type"])
            assert kind == shown[name] if name in shown else kind[0] == "attachment"
            assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
            assert response["X-Content-Type-Options"] == "nosniff"
        else:
            assert_hardened(response, name)
            if response["Content-Type"].startswith(NO_MARKUP):
                continue  # and `nosniff` keeps it so
            page = response.content.decode()
            assert not INLINE.search(page), name
            assert "<b class" not in page, name
            met += page.count("b class=evil")
        if role != "out":
            assert_not_kept(response, name)
    assert met > 5


def test_an_invitation_is_not_kept_nor_its_address_told(world: World) -> None:
    """Whoever opens it is not signed in yet."""
    invitation = Client().get(reverse("members:invitation", args=[world.invitation.token]))
    assert_not_kept(invitation, "invitation")
    assert invitation["Referrer-Policy"] == "strict-origin"


def test_pages_that_say_no(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(cast.amal)
    checking = Client(enforce_csrf_checks=True)
    answers = {
        400: client.get("/en/members/", headers={"host": "evil.example"}),
        403: checking.post("/en/accounts/login/"),
        404: client.get("/en/nowhere/"),
        405: client.trace("/en/members/"),
        422: client.post("/en/settings/", {}),
    }

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("secret of the code")

    monkeypatch.setattr("members.views.institutions.render", broken)
    answers[500] = client.get("/en/members/")
    monkeypatch.setattr(
        "members.views.institutions.render", lambda *_: (_ for _ in ()).throw(SuspiciousOperation)
    )
    for status, response in [*answers.items(), (400, client.get("/en/members/"))]:
        assert response.status_code == status
        assert_hardened(response, str(status))
        page = response.content.decode()
        assert not INLINE.search(page), status
        assert not re.search(r"Traceback|RuntimeError|secret|/work|site-packages|Django", page)


def test_a_downloads_type_is_ours_and_its_name_harmless(world: World) -> None:
    document = world.document
    document.name = 'a"; filename=evil.html\r\nX-Evil: 1\u202efdp.html'
    document.save(update_fields=["name"])
    client = Client()
    client.force_login(world.users["contact"])
    address = reverse("members:application_document", args=[document.application_id, document.pk])
    response = client.get(address)
    assert isinstance(response, StreamingHttpResponse)
    assert response["Content-Type"] == "application/pdf"
    assert "X-Evil" not in response.headers
    assert response["Content-Disposition"].startswith("attachment;")
    assert "\n" not in response["Content-Disposition"]

    async def read() -> bytes:
        return b"".join([chunk async for chunk in response])

    assert async_to_sync(read)() == PDF


# --- With HTTPS -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def production() -> dict[str, Any]:
    """The settings of a process with HTTPS=1."""
    code = (
        "import json, portal.settings as s;"
        f"print(json.dumps({{n: getattr(s, n) for n in {HARDENED!r}}}))"
    )
    environment = {**os.environ, "HTTPS": "1", "ORIGINS": "https://testserver"}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        cwd=django_settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    )
    read: dict[str, Any] = json.loads(done.stdout)
    return {**read, "SECURE_PROXY_SSL_HEADER": tuple(read["SECURE_PROXY_SSL_HEADER"])}


@pytest.fixture
def amal(cast: Cast) -> User:
    EmailAddress.objects.create(user=cast.amal, email=cast.amal.email, verified=True, primary=True)
    return cast.amal


@pytest.fixture
def https(production: dict[str, Any], settings: Any) -> Client:
    for name, value in production.items():
        setattr(settings, name, value)
    settings.CSRF_TRUSTED_ORIGINS = ["https://testserver"]
    return Client(headers={"x-forwarded-proto": "https"}, enforce_csrf_checks=True)


def flags(cookie: "Morsel[str]") -> tuple[bool, bool, str, str, str]:
    return (
        bool(cookie["httponly"]),
        bool(cookie["secure"]),
        cookie["samesite"],
        cookie["path"],
        cookie["domain"],
    )


def test_cookies_of_a_sign_in_cannot_be_read_or_planted(amal: User, https: Client) -> None:
    """`__Host-`: Secure, of this host alone, for the whole of it (RFC 6265bis, 4.1.3.2)."""
    page = https.get("/en/accounts/login/")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.content.decode())
    assert token
    response = https.post(
        "/en/accounts/login/",
        {"login": amal.email, "password": PASSWORD, "csrfmiddlewaretoken": token[1]},
        headers={"origin": "https://testserver"},
    )
    assert response.status_code == 302
    assert {"__Host-session", "__Host-csrf"} <= https.cookies.keys()
    for name, cookie in https.cookies.items():
        assert flags(cookie) == (True, True, "Lax", "/", ""), name
    assert https.get("/en/settings/").status_code == 200


def test_a_sign_in_begins_a_new_session(amal: User, https: Client) -> None:
    """A session that somebody planted before is not the one that is signed in."""
    client = Client(headers={"x-forwarded-proto": "https"})
    client.cookies["__Host-session"] = planted = "a" * 32
    client.post("/en/accounts/login/", {"login": amal.email, "password": PASSWORD})
    assert client.get("/en/settings/").status_code == 200
    assert client.cookies["__Host-session"].value != planted


def test_accepting_an_invitation_begins_a_new_session(world: World) -> None:
    client = Client()
    session = client.session
    session["planted"] = "yes"
    session.save()
    client.cookies[django_settings.SESSION_COOKIE_NAME] = planted = session.session_key or ""
    row = TABLE["members:invitation"]
    address = reverse("members:invitation", args=row.args(world))
    assert client.post(address, row.data(world)).status_code == 302
    assert client.cookies[django_settings.SESSION_COOKIE_NAME].value != planted


def test_strict_transport(db: None, https: Client) -> None:
    answer = https.get("/en/accounts/login/")
    assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains; preload"
    plain = Client().get("/en/accounts/login/")
    assert (plain.status_code, plain["Location"][:8]) == (301, "https://")


def test_a_choice_of_language_is_kept_as_safely(db: None, https: Client) -> None:
    client = Client(headers={"x-forwarded-proto": "https"})
    client.post("/language/", {"language": "fr"})
    cookie = client.cookies[django_settings.LANGUAGE_COOKIE_NAME]
    assert flags(cookie) == (True, True, "Lax", "/", "")
