"""News in a language that the network has left."""

from portal.actions import news
from portal.models import NewsItem
from tests.factories import Cast, signed_in
from tests.members.test_network_languages import settle
from tests.portal.publishing import TEXTS, by, draft
from tests.portal.test_news_actions import picture_of


def states(item: NewsItem) -> list[str]:
    return [each.code for each in item.language_states]


def test_the_list_says_how_far_a_text_has_come_in_these(cast: Cast) -> None:
    item = draft(cast)
    assert states(item) == ["ar", "en", "fr"]
    settle(cast, "en", "ar")
    assert states(item) == ["en", "ar"]
    page = signed_in(cast.dina).get("/en/news/manage/").content.decode()
    assert "Français" not in page.partition("<main")[2]
    french = draft(
        cast, titles={"fr": "L’assemblée"}, states={"fr": "final"}, bodies={"fr": "Oui."}
    )
    assert states(french) == ["en", "ar", "fr"]


def test_a_picture_is_described_in_these(cast: Cast) -> None:
    """The form asks for no words in a language that was left, so nothing waits for them."""
    settle(cast, "ar", "en")
    texts = {**TEXTS["titles"], "fr": "L’assemblée se réunit"}
    item = draft(cast, titles=texts, states={"en": "final", "fr": "final"})
    picture_of(item, cast, alternatives={"en": "A hall"})
    for _twice in range(2):
        assert news.publish_item(item=item, **by(cast)).is_public
    assert item.final_languages == ["en", "fr"]  # still read by whoever reads French
