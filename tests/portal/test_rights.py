"""Every address, asked by every role, by GET and by POST (the table is `tests.portal.rights`), and
with what no form would send: nothing is let through, nothing is given away, nothing breaks.
"""

import io
import logging
import re
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver, reverse
from django.urls.resolvers import URLPattern
from django.utils.translation import override
from PIL import Image

from members.actions.invitations import invite_to_apply, invite_to_delegation
from members.emails_people import send_invitation
from members.enums import Capacity
from members.models import Application, Invitation
from messaging.permissions import live_sessions
from records.inspection import MAX_SCANS, check_upload
from records.text import neutral
from tests.assembly.conftest import make_application
from tests.factories import PASSWORD, Cast
from tests.files import upload
from tests.growth import LINEAR, growth
from tests.portal.rights import TABLE
from tests.portal.rights.row import (
    ALL_M,
    ALL_N,
    ALL_O,
    ALL_R,
    CODES,
    OWN_M,
    OWN_O,
    OWN_R,
    ROLES,
)
from tests.portal.world import World

ALIKE = {ALL_M, ALL_N, ALL_O, ALL_R, OWN_M, OWN_O, OWN_R}  # where the mandate plays no part
FEW = ("out", "nobody", "dina")


def walk(resolver: Any = None, space: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Every URL of the project with its full name."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLPattern):
            yield f"{space}{each.name}", each
        else:
            yield from walk(each, f"{each.namespace}:" if each.namespace else space)


@pytest.fixture
def world(db: None) -> Iterator[World]:
    logging.disable(logging.WARNING)  # every refusal is one
    with override("en"):
        yield World()
    logging.disable(logging.NOTSET)


class Visitor:
    """A browser of one role, whose every request is undone."""

    def __init__(self, world: World, role: str) -> None:
        self.client = Client()
        if role != "out":
            self.client.force_login(world.users[role])
        self.cookies = {key: morsel.value for key, morsel in self.client.cookies.items()}

    def ask(self, method: str, address: str, data: Any = None, **extra: Any) -> HttpResponse:
        cache.clear()  # limits are not the question here
        with transaction.atomic():
            response = getattr(self.client, method)(address, data, **extra)
            transaction.set_rollback(True)
        self.client.cookies.clear()
        self.client.cookies.load(self.cookies)
        return response  # type: ignore[no-any-return]


def code(response: HttpResponse) -> str:
    if response.status_code == 302 and reverse("account_login") in response["Location"]:
        return "l"
    return CODES.get(response.status_code, str(response.status_code))


# --- The matrix -----------------------------------------------------------------------------------


def test_every_address_has_its_row() -> None:
    assert {name for name, _pattern in walk()} == set(TABLE)


@pytest.mark.usefixtures("short_refusals")
@pytest.mark.parametrize("role", ROLES)
def test_every_address_answers_as_the_table_says(world: World, role: str) -> None:
    visitor = Visitor(world, role)
    place = ROLES.index(role)
    wrong = []
    for name, row in TABLE.items():
        address = reverse(name, args=row.args(world))
        for method, expected in (("get", row.get), ("post", row.post)):
            if expected in ALIKE and role not in FEW:
                continue
            found = code(visitor.ask(method, address, row.data(world) if method == "post" else {}))
            if found != expected[place]:
                wrong.append(f"{method} {name}: {found} instead of {expected[place]}")
    assert not wrong


def bare(response: HttpResponse) -> str:
    """A page without what says nothing: where it stood, and its forms' tokens."""
    return re.sub(r'value="[^"]*"', "", response.content.decode())


@pytest.mark.parametrize("role", ["chloe", "contact"])
def test_what_is_not_yours_looks_like_what_is_not_there(world: World, role: str) -> None:
    """`members:institution` is public; an invitation is known by its secret alone."""
    visitor = Visitor(world, role)
    place = ROLES.index(role)
    looked_at = 0
    for name, row in TABLE.items():
        args = row.args(world)
        if not args or not all(isinstance(arg, int) for arg in args):
            continue
        for method, expected in (("get", row.get), ("post", row.post)):
            if expected[place] != "n":
                continue
            there = visitor.ask(method, reverse(name, args=args), row.data(world))
            for absent in ([987_654_321 for _ in args], [2**70 for _ in args]):
                other = visitor.ask(method, reverse(name, args=absent), row.data(world))
                assert (name, other.status_code) == (name, 404)
                assert bare(other) == bare(there), name
            looked_at += 1
    assert looked_at > 15


@pytest.mark.parametrize("role", ["out", "dina"])
def test_methods(world: World, role: str) -> None:
    """HEAD answers as GET does; what is neither, nor POST, is refused before anything runs."""
    visitor = Visitor(world, role)
    for name, row in TABLE.items():
        address = reverse(name, args=row.args(world))
        for method in ("trace", "put", "delete", "patch", "options"):
            response = getattr(visitor.client, method)(address)
            assert (name, response.status_code) == (name, 405)
        if row.get not in ALIKE:
            head = visitor.ask("head", address)
            assert (name, code(head)) == (name, row.get[ROLES.index(role)])
            assert not head.content if not head.streaming else True


def test_a_head_request_changes_nothing(world: World) -> None:
    """To a view that asks whether it was a GET, a HEAD must not be the other thing."""
    client = Client()
    client.force_login(world.cast.amal)
    invited = invite_to_delegation(
        institution=world.cast.ng,
        email=world.cast.amal.email,
        name="Amal",
        language="en",
        capacity=Capacity.ADVISER,
        actor=world.cast.dina,
    )
    assert client.head(reverse("members:invitation", args=[invited.token])).status_code == 200
    ending = reverse("members:end_mandate", args=[world.cast.amal_mandate.pk])
    assert client.head(ending).status_code == 200
    invited.refresh_from_db()
    world.cast.amal_mandate.refresh_from_db()
    assert invited.accepted_at is None
    assert world.cast.amal_mandate.ends_at is None


# A mail program posts there (RFC 8058), without a cookie: the signed address itself is the right.
EXEMPT = ["messaging:stop_letters"]


def test_no_other_view_is_exempt_from_the_csrf_check() -> None:
    exempt = [n for n, url in walk() if getattr(url.callback, "csrf_exempt", False)]
    assert exempt == EXEMPT


def test_every_post_needs_the_forms_token(world: World) -> None:
    for role in ("out", "dina"):
        client = Client(enforce_csrf_checks=True)
        if role != "out":
            client.force_login(world.users[role])
        for name, row in TABLE.items():
            response = client.post(reverse(name, args=row.args(world)), row.data(world))
            assert (name, response.status_code) == (name, 200 if name in EXEMPT else 403)


# --- What a form does not have --------------------------------------------------------------------


def test_a_field_that_a_form_does_not_have_changes_nothing(world: World) -> None:
    cast, contact = world.cast, world.users["contact"]
    client = Client()
    client.force_login(contact)
    draft = world.apps["draft"]
    sent = TABLE["members:application_section"].data(world) | {
        "state": "admitted",
        "contact": cast.amal.pk,
        "institution": cast.kr.pk,
        "submitted_at": "2020-01-01",
        "decided_at": "2020-01-01",
        "recommendation": "Yes.",
        "id": world.apps["submitted"].pk,
        "pk": world.apps["submitted"].pk,
    }
    address = reverse("members:application_section", args=[draft.pk, "institution"])
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.state, draft.contact, draft.institution) == ("draft", contact, None)
    assert (draft.submitted_at, draft.decided_at, draft.recommendation) == (None, None, "")
    more = {"email": "x@example.org", "is_active": "", "password": "x", "id": cast.dina.pk}
    sent = TABLE["members:settings"].data(world) | more
    assert client.post(reverse("members:settings"), sent).status_code == 302
    before = contact.password
    contact.refresh_from_db()
    assert (contact.email, contact.is_active) == ("contact@example.org", True)
    assert contact.password == before


@pytest.mark.parametrize("role", ["amal", "focal", "dina"])
def test_nobody_invites_beyond_their_right(world: World, role: str) -> None:
    """The capacity of the secretariat where there is none; another delegation by a field."""
    client = Client()
    client.force_login(world.users[role])
    own = world.cast.ng if role == "focal" else world.cast.kr
    sent = TABLE["members:invite"].data(world) | {"institution": world.cast.qa.pk}
    address = reverse("members:invite", args=[own.pk])
    for capacity in ("secretariat", "", "chair", "0"):
        assert client.post(address, {**sent, "capacity": capacity}).status_code == 422
    assert client.post(address, sent).status_code == 302
    made = Invitation.objects.get(email="x@example.org")
    assert (made.institution, made.capacity) == (own, "adviser")


def test_nobody_speaks_through_a_mandate_of_others(world: World) -> None:
    client = Client()
    client.force_login(world.cast.amal)
    address = reverse("messaging:post_message", args=[world.room.pk])
    for mandate in (world.cast.bilal_mandate, world.cast.dina_mandate):
        sent = {"body": "Hear me", "client_id": str(uuid4()), "mandate": mandate.pk}
        assert client.post(address, sent).status_code == 422
        client.post(reverse("members:choose_mandate"), {"mandate": mandate.pk})
        assert client.session.get("mandate") is None


def test_a_document_is_reached_by_its_own_application_alone(world: World) -> None:
    other = make_application(world.users["nobody"], state="draft", submitted_at=None)
    client = Client()
    client.force_login(world.users["nobody"])
    address = reverse("members:application_document", args=[other.pk, world.document.pk])
    assert client.get(address).status_code == 404
    form = reverse("members:application_section", args=[other.pk, "documents"])
    assert client.post(form, {"remove": world.document.pk}).status_code == 404
    world.document.refresh_from_db()


def test_a_changed_address_does_not_tell_who_has_an_account(cast: Cast) -> None:
    answers = []
    own = {"email": cast.amal.email, "verified": True, "primary": True}
    EmailAddress.objects.create(user=cast.amal, **own)
    for email in ("nobody.knows@example.org", cast.bilal.email):
        client = Client()
        client.force_login(cast.amal)
        client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
        sent = {"email": email, "action_add": ""}
        response = client.post("/en/accounts/email/", sent, follow=True)
        page = bare(response).replace(email, "")
        answers.append((response.redirect_chain, re.sub(r"<time.*?</time>", "", page)))
    assert answers[0] == answers[1]


# --- What no form sends ---------------------------------------------------------------------------
NASTY = (
    "",
    "\0",
    "a\0b",
    "-1",
    str(2**70),
    "9" * 5000,
    "1e999",
    "٣",
    "\ufffe\u202e\u2066x",
    "e" + "\u0301\u0327" * 2000,
    "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>",
    "a\r\nBcc: chloe@example.org\r\n\r\n<b>",
    "%(institution)s %s {0} {{ user.password }}",
    "//evil.example/",
    "javascript:alert(1)",
    "x" * 100_000,
)
ACTORS = ("dina", "contact", "amal", "out")


def actor_of(post: str) -> str:
    """Who gets furthest with this POST."""
    return next((r for r in ACTORS if post[ROLES.index(r)] in "rouc"), "dina")


@pytest.mark.usefixtures("short_refusals")
def test_no_field_breaks_the_portal(world: World) -> None:
    """Every form, every field in turn with values that no browser sends: refused or kept, never
    an error. (The test client raises what a view raises.)
    """
    visitors = {role: Visitor(world, role) for role in ACTORS}
    turn = 0
    for name, row in TABLE.items():
        if set(row.post) <= {"m", "l"}:
            continue
        visitor = visitors[actor_of(row.post)]
        address = reverse(name, args=row.args(world))
        for field in row.data(world):
            for value in (NASTY[(turn + step) % len(NASTY)] for step in (0, 9)):
                response = visitor.ask("post", address, {**row.data(world), field: value})
                assert response.status_code < 500, (name, field, value[:50])
            turn += 1
        everything = dict.fromkeys(row.data(world), NASTY[turn % len(NASTY)])
        assert visitor.ask("post", address, everything).status_code < 500, name
        assert visitor.ask("post", address, {}).status_code < 500, name


@pytest.mark.parametrize(
    "address",
    [
        "/en/members/?q={}",
        "/en/search/?q=x{}&kind={}&page={}",
        "/en/search/?q=korea&kind=messages&page={}",
        "/en/applications/?tab={}&page={}",
        "/en/audit-log/?object_type={}&act={}&before={}",
        "/en/news/?year={}&page={}",
        "/en/rooms/{room}/?before={}",
        "/en/rooms/{room}/sync?after={}",
        "/en/accounts/login/?next={}",
    ],
)
def test_no_query_breaks_the_portal(world: World, address: str) -> None:
    visitor = Visitor(world, "dina" if "login" not in address else "out")
    for value in ("%00", "%ff%fe", "%ED%A0%80", str(2**70), "9" * 5000, "-1", "[]", "%E2%80%AE"):
        asked = address.replace("{room}", str(world.room.pk)).replace("{}", value)
        assert visitor.ask("get", asked).status_code < 500, asked[:80]


@pytest.mark.parametrize(
    "path",
    [
        "/en/%00/",
        "/en/invitations/%00/",
        "/en/invitations/%ff%fe/",
        f"/en/rooms/{'9' * 5000}/",
        "/en/mail/%00/",
        f"/en/news/{'9' * 5000}/",
        "/en/pages/%00/edit/",
        "/pictures/%00.webp",
        "/en//members/",
        "/en/accounts/password/reset/key/zzzzzzzzzzzzz-x/",
        "/en/accounts/password/reset/key/0-%00/",
        "/en/accounts/confirm-email/MTIz:x:y/",
    ],
)
def test_no_path_breaks_the_portal(client: Client, db: None, path: str) -> None:
    assert client.get(path).status_code in (200, 302, 404)


def part(name: bytes, value: bytes, more: bytes = b"") -> bytes:
    head = b'--B\r\nContent-Disposition: form-data; name="' + name + b'"' + more
    return head + b"\r\n\r\n" + value + b"\r\n"


@pytest.mark.parametrize(
    "charset", ["hex", "rot13", "undefined", "punycode", "idna", "raw_unicode_escape", "utf-7"]
)
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=B", "text/plain"])
def test_only_utf8_is_decoded(cast: Cast, kind: str, charset: str) -> None:
    r"""Other codecs fail, or make what cannot be saved: "\ud800" by raw_unicode_escape."""
    client = Client()
    client.force_login(cast.amal)
    body = part(b"name", rb"\ud800+2AA-") + part(b"language", b"en") + part(b"time_zone", b"UTC")
    for method, address in (("POST", "/en/settings/"), ("GET", "/en/members/")):
        response = client.generic(
            method, address, body + b"--B--\r\n", f"{kind}; charset={charset}"
        )
        assert response.status_code == 400
    cast.amal.refresh_from_db()
    assert cast.amal.name == "Amal"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--B",
        b"--B\r\nContent-Disposition: form-data; name=",
        part(b"name", b"A" * 10),
        part(b"na\0me", b"A"),
        part(b"name", b"A", b"\r\nContent-Transfer-Encoding: base64"),
        part(b"name", b"\xff\xfe\xed\xa0\x80"),
        part(b"file", b"x", b"; filename*=hex''%41"),
        part(b"file", b"x", b'; filename="../../\0etc/passwd"'),
        b"\0" * 5000,
    ],
)
def test_broken_multipart_is_refused_quietly(client: Client, db: None, body: bytes) -> None:
    for end in (b"", b"--B--\r\n"):
        response = client.post("/en/apply/", body + end, "multipart/form-data; boundary=B")
        assert response.status_code in (400, 422)


def test_too_much_of_a_form_is_refused(client: Client, db: None) -> None:
    assert client.post("/en/apply/", {f"f{n}": "x" for n in range(1500)}).status_code == 400
    assert client.post("/en/apply/", {"name": "x" * 600_000}).status_code == 400


@pytest.mark.parametrize(
    "name", ["SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "LANGUAGE_COOKIE_NAME"]
)
@pytest.mark.parametrize("value", [r'"\000aaaaaaaaaaaaaaa"', "\xff\xfe" * 10, "a" * 4000, '"'])
def test_no_cookie_breaks_the_portal(client: Client, db: None, name: str, value: str) -> None:
    cookie = f"{getattr(settings, name)}={value}; messages={value}"
    for address in ("/", "/en/accounts/login/", "/en/rooms/"):
        assert client.get(address, headers={"cookie": cookie}).status_code in (200, 302)


def test_no_cookie_breaks_the_socket(db: None) -> None:
    assert live_sessions(["\0" * 32, "", "no-such-session"]) == {}


# --- Where a form leads ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "target",
    [
        "//evil.example/",
        "https://evil.example/",
        r"\\evil.example",
        "/\t/evil.example",
        "///evil",
        "javascript:alert(1)",
        "evil.example",
        "http:evil.example",
        "members",
        "portal:home",
        "\0/",
    ],
)
def test_a_form_leads_back_to_us_alone(cast: Cast, target: str) -> None:
    client = Client()
    client.force_login(cast.amal)
    for address, data in (
        ("/language/", {"language": "en"}),
        ("/en/mandates/choice/", {"mandate": cast.amal_mandate.pk}),
    ):
        response = client.post(address, {**data, "next": target}, headers={"referer": target})
        assert response.status_code == 302
        assert re.match(r"/(en/)?$", response["Location"]), response["Location"]


@pytest.mark.parametrize("target", ["//evil.example/", "https://evil.example/", "/\t/evil.example"])
def test_signing_in_leads_to_us_alone(cast: Cast, target: str) -> None:
    data = {"login": cast.amal.email, "password": PASSWORD, "next": target}
    response = Client().post("/en/accounts/login/", data)
    assert "evil" not in response["Location"]


# --- Letters --------------------------------------------------------------------------------------


def test_links_in_letters_are_of_the_portals_own_origin(cast: Cast) -> None:
    """ALLOWED_HOSTS does not look at the port, and may name several hosts."""
    client = Client(headers={"host": "localhost:6666"})
    client.post("/en/accounts/password/reset/", {"email": cast.amal.email})
    client.force_login(cast.amal)
    client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    client.post("/en/accounts/email/", {"email": "new@example.org", "action_add": ""})
    links = re.findall(r"https?://\S+", "\n".join(letter.body for letter in mail.outbox))
    assert len(links) >= 2
    assert all(link.startswith(f"{settings.PUBLIC_ORIGIN}/en/") for link in links), links


def test_a_foreign_host_is_answered_nothing(db: None) -> None:
    response = Client().post("/en/accounts/login/", headers={"host": "evil.example"})
    assert response.status_code == 400


def test_nobody_uses_us_to_write_to_strangers(db: None) -> None:
    """Whoever asks to apply gives an address and a name: the name could be an advertisement."""
    application = Application.objects.create()
    name = "Win at https://evil.example/"
    asked = invite_to_apply(
        application=application, email="victim@example.org", name=name, language="en"
    )
    send_invitation(invitation_id=asked.pk)
    assert "evil.example" not in mail.outbox[0].body


def test_a_name_breaks_no_header(cast: Cast) -> None:
    cast.kr.names = {"en": "Institute\r\nBcc: chloe@example.org\n\n<b>"}
    cast.kr.save(update_fields=["names"])
    invited = invite_to_delegation(
        institution=cast.kr,
        email="new@example.org",
        name="N\r\nBcc: chloe@example.org",
        language="en",
        capacity=Capacity.DELEGATE,
    )
    send_invitation(invitation_id=invited.pk)
    letter = mail.outbox[0]
    assert letter.recipients() == ["new@example.org"]
    assert "Bcc" not in letter.message()


# --- What costs time or says too much -------------------------------------------------------------


def test_a_pile_of_marks_costs_nothing() -> None:
    """NFC sorts marks in the square of their number; half a megabyte took minutes."""
    pile = "\u0301\u0327"
    assert len(neutral("a" + pile * 120_000)) < 10
    assert growth(lambda number: neutral("a" + pile * number), 12_000) < LINEAR


def test_an_image_is_not_decoded_a_hundred_thousand_times() -> None:
    """One scan of a progressive JPEG is sixty bytes and runs over all of its pixels."""
    buffer = io.BytesIO()
    Image.new("RGB", (600, 600), "navy").save(buffer, "JPEG", progressive=True)
    image = buffer.getvalue()
    scan = image[image.rindex(b"\xff\xda") : -2]
    assert check_upload(upload(image, "a.jpg")).content_type == "image/jpeg"
    with pytest.raises(ValidationError) as refusal:
        check_upload(upload(image[:-2] + scan * MAX_SCANS + b"\xff\xd9", "a.jpg"))
    assert refusal.value.code == "damaged"


def test_the_log_names_no_secret_of_an_address(world: World) -> None:
    """A refused password is logged with the address, which lets in whoever reads the log."""
    handler = next(h for h in logging.getLogger().handlers if h.get_name() == "console")
    assert isinstance(handler, logging.StreamHandler)
    logging.disable(logging.NOTSET)
    stream = handler.setStream(log := io.StringIO())
    try:
        address = reverse("members:invitation", args=[world.invitation.token])
        assert Client().post(address, {"password1": "short"}).status_code == 422
        assert Client(enforce_csrf_checks=True).post(address).status_code == 403
        assert Client().get(f"/en/invitations/{uuid4().hex}/").status_code == 404
    finally:
        handler.setStream(stream or log)
    assert log.getvalue().count("/en/invitations/…/") == 3
    assert world.invitation.token not in log.getvalue()
