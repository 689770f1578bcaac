"""News: what may be written, published and withdrawn, by whom, and what is kept of it."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from members.audit import described
from members.audit_words import ACTS, KEYS, THINGS
from portal.actions import news, pictures
from portal.actions.texts import NotReadyError, StaleError
from portal.enums import NewsStage
from portal.models import NewsItem, NewsPicture
from records.actions import store_file
from records.folding import fold
from records.models import AuditEntry
from records.storage import path_of
from tests.factories import Cast
from tests.files import image, upload
from tests.portal.publishing import TEXTS, by, draft, published


def acts() -> list[str]:
    found = AuditEntry.objects.filter(object_type="portal.newsitem").order_by("number")
    return list(found.values_list("act", flat=True))


def picture_of(item: NewsItem, cast: Cast, **fields: Any) -> NewsPicture:
    described_as = {"alternatives": {"en": "A hall"}, "decorative": False, **fields}
    return pictures.add_picture(item=item, upload=upload(image()), **described_as, **by(cast))


# --- Writing --------------------------------------------------------------------------------------


def test_a_draft_is_kept_with_its_first_version(cast: Cast) -> None:
    item = draft(cast)
    assert (item.stage, item.version, item.author) == (NewsStage.DRAFT, 1, cast.dina)
    version = item.versions.get()
    assert (version.number, version.actor, version.texts) == (1, cast.dina, TEXTS)
    assert acts() == ["news_item.created"]


def test_only_the_secretariat_writes(cast: Cast) -> None:
    item = draft(cast)
    picture = picture_of(item, cast)
    as_amal = {"actor": cast.amal, "mandate": cast.amal_mandate}
    before = acts()
    attempts: list[Any] = [
        lambda: news.create_item(texts=TEXTS, **as_amal),
        lambda: news.save_texts(item=item, texts=TEXTS, version=1, **as_amal),
        lambda: news.publish_item(item=item, **as_amal),
        lambda: news.withdraw_item(item=item, reason="No.", **as_amal),
        lambda: news.delete_draft(item=item, **as_amal),
        lambda: pictures.add_picture(
            item=item, upload=upload(image()), alternatives={}, decorative=True, **as_amal
        ),
        lambda: pictures.change_picture(
            picture=picture, version=1, alternatives={}, decorative=True, credit="", **as_amal
        ),
        lambda: pictures.remove_picture(picture=picture, **as_amal),
        lambda: pictures.lead_with(picture=picture, **as_amal),
    ]
    for attempt in attempts:
        with pytest.raises(PermissionDenied):
            attempt()
    assert acts() == before


def test_each_change_is_a_version_and_the_same_texts_are_none(cast: Cast) -> None:
    item = draft(cast)
    changed = {**TEXTS, "titles": {"en": "The assembly has met"}}
    assert news.save_texts(item=item, texts=changed, version=1, **by(cast)).version == 2
    assert news.save_texts(item=item, texts=changed, version=2, **by(cast)).version == 2
    assert [v.number for v in item.versions.in_order()] == [2, 1]
    assert acts() == ["news_item.created", "news_item.saved"]


def test_a_stale_text_replaces_nothing(cast: Cast) -> None:
    item = draft(cast)
    news.save_texts(item=item, texts={**TEXTS, "titles": {"en": "New"}}, version=1, **by(cast))
    with pytest.raises(StaleError) as refused:
        news.save_texts(item=item, texts=TEXTS, version=1, **by(cast))
    assert refused.value.version == 2
    assert NewsItem.objects.get().titles == {"en": "New"}


def test_search_finds_final_texts_alone(cast: Cast) -> None:
    item = published(cast)
    found = NewsItem.objects.published()
    assert list(found.matching(fold("DELEGATIONS meet"))) == [item]
    assert list(found.matching(fold("الوفود"))) == []  # a draft still
    final = {**TEXTS, "states": {"en": "final", "ar": "final"}}
    news.save_texts(item=item, texts=final, version=1, **by(cast))
    assert list(found.matching(fold("الوفود"))) == [item]
    assert list(NewsItem.objects.final_in("ar")) == [item]


# --- Publishing -----------------------------------------------------------------------------------


def test_nothing_is_published_without_a_final_text(cast: Cast) -> None:
    item = draft(cast, states={"en": "draft"})
    with pytest.raises(NotReadyError):
        news.publish_item(item=item, **by(cast))
    item.refresh_from_db()
    assert item.published_at is None


def test_the_database_itself_refuses_it(cast: Cast) -> None:
    item = draft(cast, states={"en": "draft"})
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(published_at=timezone.now())
    with pytest.raises(IntegrityError), transaction.atomic():
        NewsItem.objects.filter(pk=item.pk).update(withdrawn_at=timezone.now())


def test_publishing_again_changes_nothing(cast: Cast) -> None:
    item = published(cast)
    again = news.publish_item(item=item, version=1, **by(cast))
    assert again.published_at == item.published_at
    assert acts() == ["news_item.created", "news_item.published"]


def test_what_changed_meanwhile_is_not_published_unseen(cast: Cast) -> None:
    item = draft(cast)
    news.save_texts(item=item, texts={**TEXTS, "titles": {"en": "New"}}, version=1, **by(cast))
    with pytest.raises(StaleError):
        news.publish_item(item=item, version=1, **by(cast))


def test_a_scheduled_item_becomes_public_by_itself(cast: Cast) -> None:
    soon = timezone.now() + timedelta(hours=1)
    item = published(cast, at=soon)
    assert item.stage == NewsStage.SCHEDULED
    assert not NewsItem.objects.published().exists()
    assert list(NewsItem.objects.published(soon)) == [item]
    assert acts()[-1] == "news_item.scheduled"
    news.publish_item(item=item, **by(cast))
    assert list(NewsItem.objects.published()) == [item]


def test_a_publication_that_is_called_off_leaves_a_draft(cast: Cast) -> None:
    item = published(cast, at=timezone.now() + timedelta(hours=1))
    assert news.withdraw_item(item=item, reason="Later.", **by(cast)).stage == NewsStage.DRAFT
    assert acts()[-1] == "news_item.unscheduled"


def test_what_is_withdrawn_can_be_published_again(cast: Cast) -> None:
    item = published(cast)
    withdrawn = news.withdraw_item(item=item, reason="It was wrong.", **by(cast))
    assert (withdrawn.stage, withdrawn.withdrawal_reason) == ("withdrawn", "It was wrong.")
    news.withdraw_item(item=item, reason="Again.", **by(cast))
    assert not NewsItem.objects.published().exists()
    assert acts() == ["news_item.created", "news_item.published", "news_item.withdrawn"]
    assert news.publish_item(item=item, **by(cast)).is_public


def test_a_draft_is_deleted_and_what_was_public_is_not(cast: Cast) -> None:
    item, public = draft(cast), published(cast)
    picture_of(item, cast)
    news.delete_draft(item=item, **by(cast))
    news.delete_draft(item=item, **by(cast))
    assert list(NewsItem.objects.all()) == [public]
    assert acts().count("news_item.deleted") == 1
    for refused in (public, news.withdraw_item(item=public, reason="No.", **by(cast))):
        with pytest.raises(news.PublishedError):
            news.delete_draft(item=refused, **by(cast))


def test_a_public_item_keeps_a_final_text(cast: Cast) -> None:
    item = published(cast)
    with pytest.raises(NotReadyError):
        news.save_texts(
            item=item, texts={**TEXTS, "states": {"en": "draft"}}, version=1, **by(cast)
        )
    assert NewsItem.objects.get().final_languages == ["en"]


def test_the_order_and_the_years(cast: Cast) -> None:
    old = published(cast, at=datetime(2014, 10, 24, tzinfo=UTC))
    new = published(cast, at=datetime(2020, 1, 20, tzinfo=UTC))
    assert list(NewsItem.objects.published().in_order()) == [new, old]
    assert NewsItem.objects.published().years() == [2020, 2014]
    assert list(NewsItem.objects.published().of_year(2014)) == [old]


# --- Pictures -------------------------------------------------------------------------------------


def with_exif() -> bytes:
    content = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter
    exif[0x010F] = "Spy camera"
    Image.new("RGB", (1600, 800), "navy").save(content, "JPEG", exif=exif)
    return content.getvalue()


def test_a_picture_is_made_anew_in_two_sizes_without_what_the_camera_wrote(cast: Cast) -> None:
    sent = upload(with_exif() + b"<script>alert(1)</script>", "photo.jpg")
    picture = pictures.add_picture(
        item=draft(cast), upload=sent, alternatives={}, decorative=True, **by(cast)
    )
    assert (picture.small_width, picture.width, picture.height) == (480, 800, 1600)  # upright
    for stored in (picture.small, picture.large):
        content = path_of(stored.sha256).read_bytes()
        assert b"Spy camera" not in content
        assert b"script" not in content
        with Image.open(io.BytesIO(content)) as opened:
            assert opened.format == "WEBP"
            assert not opened.getexif()


@pytest.mark.parametrize("mode", ["P", "LA", "RGBA", "L", "CMYK", "I;16"])
def test_pictures_of_every_kind_of_colour_are_taken(cast: Cast, mode: str) -> None:
    content = io.BytesIO()
    kind = "JPEG" if mode == "CMYK" else "PNG"
    Image.new(mode, (20, 10)).save(content, kind)
    sent = upload(content.getvalue())
    picture = pictures.add_picture(
        item=draft(cast), upload=sent, alternatives={}, decorative=True, **by(cast)
    )
    assert (picture.width, picture.height) == (20, 10)


def test_a_picture_must_be_described_in_each_final_language(cast: Cast) -> None:
    item = draft(cast, states={"en": "final", "ar": "final"})
    picture = picture_of(item, cast, alternatives={"en": "A hall"})
    with pytest.raises(NotReadyError) as refused:
        news.publish_item(item=item, **by(cast))
    assert refused.value.messages == ["Picture 1 has no alternative text in: العربية"]
    pictures.change_picture(
        picture=picture,
        version=1,
        alternatives={"en": "A hall", "ar": "قاعة"},
        decorative=False,
        credit="",
        **by(cast),
    )
    assert news.publish_item(item=item, **by(cast)).is_public


def test_a_public_item_gets_no_picture_that_is_not_described(cast: Cast) -> None:
    item = published(cast)
    with pytest.raises(NotReadyError):
        picture_of(item, cast, alternatives={})
    picture_of(item, cast, alternatives={}, decorative=True)
    assert item.pictures.count() == 1


def test_a_stale_description_replaces_nothing(cast: Cast) -> None:
    picture = picture_of(draft(cast), cast)
    words: dict[str, Any] = {"alternatives": {"en": "A garden"}, "decorative": False, "credit": ""}
    changed = pictures.change_picture(picture=picture, version=1, **words, **by(cast))
    assert changed.version == 2
    assert pictures.change_picture(picture=picture, version=2, **words, **by(cast)).version == 2
    with pytest.raises(StaleError):
        pictures.change_picture(picture=picture, version=1, **words, **by(cast))


def test_another_picture_leads_and_pictures_go(cast: Cast) -> None:
    item = draft(cast)
    first, second, third = (picture_of(item, cast) for _number in range(3))
    pictures.lead_with(picture=third, **by(cast))
    pictures.lead_with(picture=third, **by(cast))
    assert list(item.pictures.all()) == [third, first, second]
    pictures.remove_picture(picture=first, **by(cast))
    pictures.remove_picture(picture=first, **by(cast))
    assert list(item.pictures.all()) == [third, second]
    assert acts()[-2:] == ["news_item.picture_led", "news_item.picture_removed"]


def test_an_item_has_so_many_pictures_and_no_more(cast: Cast) -> None:
    item = draft(cast)
    stored = store_file(upload=upload(image()), content_type="image/webp")
    NewsPicture.objects.bulk_create(
        NewsPicture(
            news_item=item,
            position=place,
            small=stored,
            large=stored,
            small_width=1,
            width=1,
            height=1,
        )
        for place in range(1, pictures.MOST + 1)
    )
    with pytest.raises(pictures.TooManyError):
        picture_of(item, cast)


# --- The log --------------------------------------------------------------------------------------


def test_every_act_is_said_in_words(cast: Cast) -> None:
    item = draft(cast)
    picture_of(item, cast)
    news.publish_item(item=item, **by(cast))
    news.withdraw_item(item=item, reason="It was wrong.", **by(cast))
    entries = list(AuditEntry.objects.filter(object_type="portal.newsitem"))
    for entry in entries:
        assert entry.act in ACTS
        assert entry.object_type in THINGS
        assert {*entry.before, *entry.after} <= set(KEYS)
    created = next(e for e in described(entries) if e.entry.act == "news_item.created")
    assert {c.name: c.after for c in created.changes} == {
        "title": "The assembly meets",
        "final in": "English",
        "version": "1",
    }
