"""The pages of the public site: the product's own texts, the secretariat's, the contact form."""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from members.audit_words import ACTS, KEYS
from members.enums import Capacity
from members.models import Presidency
from portal.actions import pages
from portal.actions.contact import delete_old_messages
from portal.actions.texts import StaleError
from portal.default_pages import LINKS, default_text
from portal.enums import PageKey
from portal.models import ContactMessage, SitePage
from portal.tasks import send_contact_letter
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.portal.publishing import by

TEXTS = {
    "titles": {"en": "Our charter"},
    "bodies": {"en": "Article **one**."},
    "states": {"en": "final"},
}
FORM = {
    "title_en": "Our charter",
    "body_en": "Article **one**.",
    "state_en": "final",
    "state_ar": "draft",
    "state_fr": "draft",
}
MESSAGE = {
    "name": "Eva",
    "email": "eva@example.org",
    "subject": "Press\r\nBcc: x@example.org",
    "body": "May we come?\n\nنأتي؟",
    "leave_empty": "",
}


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    cache.clear()
    with override("en"):
        yield
    cache.clear()


@pytest.fixture
def dina(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.dina)
    return client


def body(response: HttpResponse) -> str:
    return response.content.decode()


# --- Texts that ship with the product -------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.parametrize("key", list(PageKey))
def test_every_page_has_its_text_in_every_language(key: str, language: str) -> None:
    found = default_text(key, language)
    assert found is not None
    title, text = found
    assert title
    assert len(text) > 150
    assert not re.search(r"\{\w*\}", text)


@pytest.mark.parametrize("key", list(PageKey))
def test_the_languages_of_a_page_say_as_much(key: str) -> None:
    shapes = {
        language: (
            len(re.findall(r"^#", text, re.MULTILINE)),
            len(re.findall(r"^(?:-|\d+\.) ", text, re.MULTILINE)),
            text.count("\n|"),
            text.count("]("),
        )
        for language, _name in configured.LANGUAGES
        for _title, text in [default_text(key, language) or ("", "")]
    }
    assert len(set(shapes.values())) == 1, shapes


def test_links_of_the_texts_lead_somewhere(client: Client, db: None) -> None:
    assert {client.get(reverse(view)).status_code for view in LINKS.values()} == {200}


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.parametrize("key", list(PageKey))
def test_everybody_reads_the_pages(client: Client, db: None, key: str, language: str) -> None:
    with override(language):
        html = body(client.get(reverse(f"portal:page_{key}")))
        title, _text = default_text(key, language) or ("", "")
    assert f">{title}</h1>" in html
    assert f'class="prose reading" lang="{language}"' in html


# --- What the secretariat writes ------------------------------------------------------------------


def test_only_the_secretariat_writes_pages(cast: Cast) -> None:
    as_amal: dict[str, Any] = {"actor": cast.amal, "mandate": cast.amal_mandate}
    with pytest.raises(PermissionDenied):
        pages.save_page(key=PageKey.CHARTER, texts=TEXTS, version=0, **as_amal)
    with pytest.raises(PermissionDenied):
        pages.reset_page(key=PageKey.CHARTER, version=None, **as_amal)
    assert not SitePage.objects.exists()


def test_a_written_page_stands_for_the_default_until_it_is_reset(
    client: Client, cast: Cast
) -> None:
    page = pages.save_page(key=PageKey.CHARTER, texts=TEXTS, version=0, **by(cast))
    pages.save_page(key=PageKey.CHARTER, texts=TEXTS, version=1, **by(cast))
    html = body(client.get("/en/about/charter/"))
    assert "Article <strong>one</strong>." in html
    arabic = body(client.get("/ar/about/charter/"))
    assert "هذا النص متاح باللغة الإنجليزيّة" in arabic
    assert 'class="prose reading" lang="en" dir="ltr"' in arabic
    pages.reset_page(key=PageKey.CHARTER, version=1, **by(cast))
    pages.reset_page(key=PageKey.CHARTER, version=None, **by(cast))
    assert "founding text" in body(client.get("/en/about/charter/"))
    assert [v.number for v in page.versions.in_order()] == [2, 1]
    entries = AuditEntry.objects.filter(object_type="portal.sitepage").order_by("number")
    assert [e.act for e in entries] == ["site_page.saved", "site_page.reset"]
    for entry in entries:
        assert entry.act in ACTS
        assert {*entry.before, *entry.after} <= set(KEYS)


def test_a_draft_of_a_page_is_not_public(client: Client, dina: Client, cast: Cast) -> None:
    texts = {**TEXTS, "states": {"en": "draft"}}
    pages.save_page(key=PageKey.CHARTER, texts=texts, version=0, **by(cast))
    assert "founding text" in body(client.get("/en/about/charter/"))
    assert "Article" in body(dina.get("/en/pages/charter/preview/"))
    assert client.get("/en/pages/charter/preview/").status_code == 302


def test_the_form_begins_with_the_default_text(dina: Client) -> None:
    html = body(dina.get("/en/pages/privacy/edit/"))
    assert "There is no tracking" in html
    assert "لا تتبّع فيها" in html
    saved = dina.post("/en/pages/charter/edit/", {**FORM, "version": 0})
    assert saved.status_code == 302
    assert SitePage.objects.get().titles == {"en": "Our charter"}


def test_a_stale_page_form_is_refused_and_keeps_what_was_typed(dina: Client, cast: Cast) -> None:
    pages.save_page(key=PageKey.CHARTER, texts=TEXTS, version=0, **by(cast))
    with pytest.raises(StaleError):
        pages.save_page(key=PageKey.CHARTER, texts={**TEXTS, "titles": {}}, version=0, **by(cast))
    response = dina.post("/en/pages/charter/edit/", {**FORM, "title_en": "Mine", "version": 0})
    assert response.status_code == 409
    assert 'value="Mine"' in body(response)
    assert SitePage.objects.get().titles == {"en": "Our charter"}


def test_the_list_says_what_is_written(dina: Client, cast: Cast) -> None:
    pages.save_page(key=PageKey.CHARTER, texts=TEXTS, version=0, **by(cast))
    html = body(dina.get("/en/pages/"))
    assert html.count("default text") == len(PageKey) - 1
    assert "Français</bdi>: missing" in html
    assert "Version <bdi>1</bdi>" in body(dina.get("/en/pages/charter/versions/"))
    assert dina.get("/en/pages/charter/versions/7/").status_code == 404
    assert dina.get("/en/pages/imprint/edit/").status_code == 404


def test_the_page_about_the_network_shows_every_presidency_in_one_query(
    client: Client, cast: Cast
) -> None:
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            client.get("/en/about/")
        return len(queries)

    one = cost()
    for year, country in ((2014, "BR"), (2016, "SD")):
        Presidency.objects.create(
            institution=make_institution(country),
            starts_on=date(year, 1, 1),
            ends_on=date(year + 1, 12, 31),
            interim=year == 2014,
        )
    assert cost() == one
    html = body(client.get("/en/about/"))
    assert (
        html.index("Institution QA") < html.index("Institution SD") < html.index("Institution BR")
    )
    assert "The secretariat today" in html
    assert "interim" in html


# --- Contact --------------------------------------------------------------------------------------


def jobs() -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name="portal.send_contact_letter")
    return [job.args for job in found.order_by("id")]


def test_a_message_reaches_each_person_of_the_secretariat(client: Client, cast: Cast) -> None:
    second = make_user("emil")
    make_mandate(second, cast.qa, Capacity.SECRETARIAT)
    response = client.post("/en/contact/", MESSAGE)
    assert response["Location"] == "/en/contact/sent/"
    assert "Your message was sent" in body(client.get(response["Location"]))
    assert [args["user_id"] for args in jobs()] == sorted([cast.dina.pk, second.pk])
    assert "eva" not in str(jobs())  # a queue is a log
    for args in jobs():
        send_contact_letter(**args)
    first, other = mail.outbox
    assert {first.to[0], other.to[0]} == {cast.dina.email, second.email}
    assert first.reply_to == ["eva@example.org"]
    assert first.subject == "Contact page: Press Bcc: x@example.org"
    assert "May we come?" in first.body


def test_nobodys_address_is_shown(client: Client, cast: Cast, settings: Any) -> None:
    settings.CONTACT_EMAIL = "office@network.example"
    html = body(client.get("/en/contact/"))
    assert "office@network.example" in html
    assert cast.dina.email not in html


@pytest.mark.parametrize(
    "changed", [{"email": "x"}, {"name": ""}, {"subject": " "}, {"body": ""}, {"body": "x" * 5001}]
)
def test_a_refused_message_is_kept_in_the_form(
    client: Client, cast: Cast, changed: dict[str, str]
) -> None:
    response = client.post("/en/contact/", {**MESSAGE, "subject": "Press", **changed})
    assert response.status_code == 422
    assert "The message was not sent" in body(response)
    assert ("eva@example.org" in body(response)) or "email" in changed
    assert not ContactMessage.objects.exists()


def test_a_machine_that_fills_in_everything_is_not_heard(client: Client, cast: Cast) -> None:
    response = client.post("/en/contact/", {**MESSAGE, "leave_empty": "x"})
    assert response["Location"] == "/en/contact/sent/"
    assert not ContactMessage.objects.exists()
    assert jobs() == []


@pytest.mark.usefixtures("one_moment")
def test_one_address_sends_so_many_messages_an_hour(client: Client, cast: Cast) -> None:
    codes = [client.post("/en/contact/", MESSAGE).status_code for _number in range(6)]
    assert codes == [302] * 5 + [429]
    assert "May we come?" in body(client.post("/en/contact/", MESSAGE))
    assert ContactMessage.objects.count() == 5


def test_messages_go_after_thirty_days(client: Client, cast: Cast) -> None:
    client.post("/en/contact/", MESSAGE)
    client.post("/en/contact/", MESSAGE)
    old = ContactMessage.objects.first()
    assert old is not None
    ContactMessage.objects.filter(pk=old.pk).update(received_at=timezone.now() - timedelta(days=31))
    assert (delete_old_messages(), delete_old_messages()) == (1, 0)
    args = jobs()[0]
    send_contact_letter(**args)
    assert mail.outbox == []
