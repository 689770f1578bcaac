"""News pages: what the public reads, what only the secretariat sees, and what a form keeps."""

import io
import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.template import Context, Template
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.translation import override
from PIL import Image

from portal.actions import news, pictures
from portal.models import NewsItem
from records.storage import path_of
from tests.factories import Cast
from tests.files import PDF, huge_png, image, upload
from tests.portal.publishing import FORM, TEXTS, by, draft, published


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with override("en"):
        yield


@pytest.fixture
def dina(cast: Cast) -> Client:
    client = Client()
    client.force_login(cast.dina)
    return client


def page(client: Client, path: str, language: str = "en", status: int = 200) -> str:
    response = client.get(f"/{language}{path}")
    assert response.status_code == status
    return str(response.content.decode())


def body(response: HttpResponse) -> str:
    return response.content.decode()


def add_picture(item: NewsItem, cast: Cast, **fields: Any) -> Any:
    words = {"alternatives": {"en": "A hall"}, "decorative": False, **fields}
    return pictures.add_picture(item=item, upload=upload(image()), **words, **by(cast))


# --- The public -----------------------------------------------------------------------------------


def test_the_public_reads_what_is_published_the_newest_first(client: Client, cast: Cast) -> None:
    published(cast, at=datetime(2014, 10, 24, tzinfo=UTC), titles={"en": "Founded"})
    published(cast, titles={"en": "Met"})
    draft(cast, titles={"en": "Secret draft"})
    published(cast, at=timezone.now() + timedelta(days=1), titles={"en": "Secret plan"})
    gone = published(cast, titles={"en": "Secret mistake"})
    news.withdraw_item(item=gone, reason="No.", **by(cast))
    for viewer in (None, cast.amal):
        if viewer:
            client.force_login(viewer)
        html = page(client, "/news/")
        assert html.index("Met") < html.index("Founded")
        assert "Secret" not in html
        assert "New item" not in html
    assert "Founded" in page(client, "/news/?year=2014")
    assert "Met" not in page(client, "/news/?year=2014")
    assert "Met" in page(client, "/news/?year=x")


def test_only_the_secretariat_finds_what_is_not_public(
    client: Client, dina: Client, cast: Cast
) -> None:
    hidden = draft(cast, titles={"en": "Secret draft"})
    add_picture(hidden, cast)
    digest = hidden.pictures.get().large.sha256
    for viewer in (None, cast.amal):
        if viewer:
            client.force_login(viewer)
        assert client.get(f"/en/news/{hidden.pk}/").status_code == 404
        assert client.get(f"/pictures/{digest}.webp").status_code == 404
        assert client.get(f"/en/news/{hidden.pk}/preview/").status_code in (302, 404)
    assert "Secret draft" in page(dina, "/news/")
    assert dina.get(f"/en/news/{hidden.pk}/")["Location"] == f"/en/news/{hidden.pk}/preview/"
    response = dina.get(f"/pictures/{digest}.webp")
    assert (response.status_code, response["Cache-Control"]) == (200, "no-store, private")


def test_pictures_of_published_news_are_shown_and_kept(client: Client, cast: Cast) -> None:
    item = draft(cast)
    picture = add_picture(item, cast)
    news.publish_item(item=item, **by(cast))
    response = client.get(f"/pictures/{picture.small.sha256}.webp")
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Disposition"] == "inline"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"].startswith("public, max-age=")
    assert 'alt="A hall"' in page(client, f"/news/{item.pk}/")


def test_a_draft_of_another_language_is_not_shown(client: Client, cast: Cast) -> None:
    item = published(cast)
    html = page(client, f"/news/{item.pk}/", "ar")
    assert "هذا النص متاح باللغة الإنجليزيّة" in html
    assert '<article class="article" lang="en" dir="ltr">' in html
    assert "الجمعية تجتمع" not in html
    final = {**TEXTS, "states": {"en": "final", "ar": "final"}}
    news.save_texts(item=item, texts=final, version=1, **by(cast))
    html = page(client, f"/news/{item.pk}/", "ar")
    assert '<article class="article" lang="ar" dir="rtl">' in html
    assert "هذا النص متاح" not in html


def test_what_is_written_is_no_markup(client: Client, cast: Cast) -> None:
    hostile = {"en": "<script>alert(1)</script>"}
    item = published(cast, titles=hostile, summaries=hostile, bodies=hostile)
    for path in ("/news/", f"/news/{item.pk}/", "/news/feed/"):
        assert "<script>alert" not in page(client, path)


@pytest.mark.parametrize("path", ["/en/news/", "/ar/news/", "/en/news/feed/"])
@pytest.mark.parametrize("viewer", [None, "dina"])
def test_three_items_cost_as_much_as_one(
    client: Client, cast: Cast, path: str, viewer: str | None
) -> None:
    def make() -> None:
        for number in range(2):
            item = draft(cast)
            add_picture(item, cast)
            if number:
                news.publish_item(item=item, **by(cast))

    def cost() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert client.get(path).status_code == 200
        return len(queries)

    if viewer:
        client.force_login(getattr(cast, viewer))
    make()
    client.get(path)
    one = cost()
    make()
    make()
    assert cost() == one


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_the_feed_has_what_is_final_in_its_language(
    client: Client, cast: Cast, settings: Any, language: str
) -> None:
    settings.PUBLIC_ORIGIN = "https://portal.example.org"
    both = published(cast, states={"en": "final", "ar": "final"})
    published(cast)
    response = client.get(f"/{language}/news/feed/")
    assert response["Content-Type"].startswith("application/atom+xml")
    feed = ET.fromstring(response.content)  # noqa: S314  it is our own
    atom = "{http://www.w3.org/2005/Atom}"
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == language
    entries = feed.findall(f"{atom}entry")
    assert len(entries) == {"ar": 1, "en": 2, "fr": 0}[language]
    links = [link.get("href", "") for link in feed.iter(f"{atom}link")]
    assert all(link.startswith(f"https://portal.example.org/{language}/news/") for link in links)
    if language == "ar":
        assert entries[0].findtext(f"{atom}title") == "الجمعية تجتمع"
        assert f"https://portal.example.org/ar/news/{both.pk}/" in links


def test_other_pages_show_the_latest_three_in_two_queries(cast: Cast) -> None:
    template = Template("{% load news %}{% latest_news %}")
    assert "Nothing has been published yet." in template.render(Context())
    for number in range(4):
        published(cast, titles={"en": f"Item {number}"})
    with CaptureQueriesContext(connection) as queries:
        html = template.render(Context())
    assert len(queries) == 2
    assert [f"Item {number}" in html for number in range(4)] == [False, True, True, True]


def test_pages_lead_to_the_feed(client: Client, cast: Cast) -> None:
    item = published(cast)
    for path in ("/news/", f"/news/{item.pk}/"):
        assert re.search(r'<link rel="alternate" type="application/atom\+xml"', page(client, path))


# --- The newsroom ---------------------------------------------------------------------------------


def test_an_item_is_written_previewed_and_published(dina: Client, client: Client) -> None:
    response = dina.post("/en/news/new/", {**FORM, "version": 0})
    item = NewsItem.objects.get()
    assert response["Location"] == f"/en/news/{item.pk}/edit/"
    assert item.texts() == TEXTS
    preview = page(dina, f"/news/{item.pk}/preview/", "ar")
    assert "الجمعية تجتمع" in preview
    assert "preview-bar" in preview
    dina.post(f"/en/news/{item.pk}/publication/", {"version": 1, "when": "now", "at": ""})
    assert "<strong>meet</strong>" in page(client, f"/news/{item.pk}/")
    dina.post(f"/en/news/{item.pk}/withdrawal/", {"reason": "It was wrong."})
    page(client, f"/news/{item.pk}/", status=404)


def test_a_time_is_meant_in_the_persons_zone(dina: Client, cast: Cast) -> None:
    cast.dina.time_zone = "Asia/Qatar"
    cast.dina.save()
    item = draft(cast)
    address = f"/en/news/{item.pk}/publication/"
    sent = {"version": 1, "when": "at", "at": "2020-01-20T09:00"}
    assert dina.post(address, sent).status_code == 302
    item.refresh_from_db()
    assert item.published_at == datetime(2020, 1, 20, 6, tzinfo=UTC)
    other = draft(cast)
    refused = dina.post(f"/en/news/{other.pk}/publication/", {**sent, "at": ""})
    assert (refused.status_code, "Say when." in body(refused)) == (422, True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"title_en": "", "title_ar": ""}, "A text needs its title."),
        ({"body_en": ""}, "A final text must not be empty: leave it a draft."),
        ({"state_en": "x"}, "Select a valid choice."),
        ({"title_en": "x" * 201}, "at most 200 characters"),
        ({"version": ""}, "Open this page again."),
    ],
)
def test_a_refused_form_loses_nothing(dina: Client, changed: dict[str, str], said: str) -> None:
    response = dina.post("/en/news/new/", {**FORM, "version": 0, **changed})
    assert response.status_code == 422
    assert said in body(response)
    assert "تجتمع الوفود." in body(response)
    assert not NewsItem.objects.exists()


def test_a_stale_form_is_refused_and_keeps_what_was_typed(dina: Client, cast: Cast) -> None:
    item = draft(cast)
    news.save_texts(item=item, texts={**TEXTS, "titles": {"en": "Theirs"}}, version=1, **by(cast))
    address = f"/en/news/{item.pk}/edit/"
    response = dina.post(address, {**FORM, "title_en": "Mine", "version": 1})
    assert response.status_code == 409
    html = body(response)
    assert 'value="Mine"' in html
    assert f"/en/news/{item.pk}/versions/2/" in html
    assert NewsItem.objects.get().titles["en"] == "Theirs"
    assert 'name="version" value="2"' in html  # sent again, it is meant
    assert dina.post(address, {**FORM, "title_en": "Mine", "version": 2}).status_code == 302
    assert NewsItem.objects.get().titles["en"] == "Mine"


def test_the_versions_say_what_changed(dina: Client, cast: Cast) -> None:
    item = draft(cast)
    texts = {**TEXTS, "bodies": {"en": "Delegations **met**."}, "states": {"en": "draft"}}
    news.save_texts(item=item, texts=texts, version=1, **by(cast))
    html = page(dina, f"/news/{item.pk}/versions/2/")
    assert "<del>**meet**.</del>" in html
    assert "<ins>**met**.</ins>" in html
    assert "<del>final</del> <ins>draft</ins>" in html
    assert "<del>draft</del> <ins>missing</ins>" not in html
    assert "Version <bdi>1</bdi>" in page(dina, f"/news/{item.pk}/versions/")
    page(dina, f"/news/{item.pk}/versions/9/", status=404)


HOSTILE = {
    "svg": (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "a.svg"),
    "svg_as_png": (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.png"),
    "html": (b"<!doctype html><script>alert(1)</script>", "a.html"),
    "html_as_jpg": (b"<!doctype html><script>alert(1)</script>", "a.jpg"),
    "pdf": (PDF, "a.pdf"),
    "gif": (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "a.gif"),
    "torn": (image()[:60], "a.png"),
    "bomb": (huge_png(60_000), "a.png"),
    "empty": (b"", "a.png"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_picture_is_refused(dina: Client, cast: Cast, name: str) -> None:
    item = draft(cast)
    content, filename = HOSTILE[name]
    response = dina.post(
        f"/en/news/{item.pk}/pictures/",
        {
            "picture": SimpleUploadedFile(filename, content, "image/png"),
            "alternative_en": "What I typed",
        },
    )
    assert response.status_code == 422
    assert "What I typed" in body(response)
    assert not item.pictures.exists()


def test_a_picture_that_is_also_a_page_is_only_a_picture(dina: Client, cast: Cast) -> None:
    """Bytes behind the picture's end, and in its comments, are not taken over."""
    content = io.BytesIO()
    Image.new("RGB", (30, 20)).save(content, "JPEG", comment=b"<script>alert(1)</script>")
    item = draft(cast)
    sent = SimpleUploadedFile("a.jpg", content.getvalue() + b"<html><script>", "text/html")
    address = f"/en/news/{item.pk}/pictures/"
    assert dina.post(address, {"picture": sent, "decorative": "on"}).status_code == 302
    assert b"script" not in path_of(item.pictures.get().large.sha256).read_bytes()


def test_a_published_item_is_not_deleted(dina: Client, cast: Cast) -> None:
    item = published(cast)
    dina.post(f"/en/news/{item.pk}/deletion/")
    assert NewsItem.objects.exists()
    hidden = draft(cast)
    assert "Delete this draft?" in page(dina, f"/news/{hidden.pk}/deletion/")
    dina.post(f"/en/news/{hidden.pk}/deletion/")
    assert list(NewsItem.objects.all()) == [item]
