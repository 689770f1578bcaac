"""The front door: news, pages, calendar, search."""

from collections.abc import Callable

from assembly.models import Meeting
from portal.models import NewsItem
from tests.site.places.place import Place
from tests.site.things.meetings import meeting
from tests.site.things.people import handover_number, letter


def item_of(stage: str) -> Callable[[], tuple[int]]:
    """The newest news item of a stage (see `portal.enums.NewsStage`)."""
    return lambda: (next(i.pk for i in NewsItem.objects.order_by("-pk") if i.stage == stage),)


def english_item() -> tuple[int]:
    """A public one that is final in English alone."""
    return (next(i.pk for i in NewsItem.objects.published() if i.final_languages == ["en"]),)


def picture_of(stage: str) -> Callable[[], tuple[str]]:
    def args() -> tuple[str]:
        found = NewsItem.objects.with_pictures()
        lead = next(i.lead for i in found if i.stage == stage and i.lead)
        return (lead.small.sha256,)

    return args


def news_picture() -> tuple[int, int]:
    found = NewsItem.objects.with_pictures()
    return next((i.pk, i.lead.pk) for i in found if i.stage == "draft" and i.lead)


PLACES: dict[str, list[Place]] = {
    "picture": [
        Place(picture_of("published"), answers="ooo"),
        Place(picture_of("draft"), state="draft"),
    ],
    "portal:calendar_meeting": [
        Place(meeting(7)),
        Place(meeting(6), state="past"),
        Place(lambda: (Meeting.objects.get(kind="board").pk,), state="not_public", answers="nnn"),
    ],
    "portal:calendar_meeting_feed": [Place(meeting(7))],
    "portal:news_list": [
        Place(),
        Place(state="year", query="?year=2020"),
        Place(state="empty", query="?year=1999"),
    ],
    "portal:news_item": [
        Place(item_of("published")),
        Place(english_item, state="english"),
        Place(item_of("draft"), state="draft", answers="nnr"),
        Place(item_of("withdrawn"), state="withdrawn", answers="nnr"),
    ],
    "portal:news_preview": [Place(item_of("draft"))],
    "portal:news_edit": [
        Place(item_of("draft")),
        Place(item_of("published"), state="published"),
    ],
    "portal:news_publication": [
        Place(item_of("draft")),
        Place(item_of("scheduled"), state="scheduled"),
        Place(item_of("published"), state="published"),
    ],
    "portal:news_deletion": [
        Place(item_of("draft")),
        Place(item_of("published"), state="published", answers="lnr"),
    ],
    "portal:news_withdrawal": [Place(item_of("published"))],
    "portal:news_pictures": [
        Place(item_of("draft")),
        Place(item_of("scheduled"), state="none"),
    ],
    "portal:news_picture": [Place(news_picture)],
    "portal:news_picture_lead": [Place(news_picture)],
    "portal:news_picture_removal": [Place(news_picture)],
    "portal:news_versions": [Place(item_of("draft"))],
    "portal:news_version": [
        Place(lambda: (*item_of("draft")(), 1), state="first"),
        Place(lambda: (*item_of("draft")(), 2)),
    ],
    "portal:page_edit": [
        Place(lambda: ("legal",), state="written"),
        Place(lambda: ("privacy",)),
    ],
    "portal:page_preview": [Place(lambda: ("legal",)), Place(lambda: ("charter",), state="own")],
    "portal:page_reset": [Place(lambda: ("legal",))],
    "portal:page_versions": [
        Place(lambda: ("legal",)),
        Place(lambda: ("privacy",), state="none"),
    ],
    "portal:page_version": [Place(lambda: ("legal", 2))],
    "portal:search": [
        Place(also=("contact",)),
        Place(state="found", query="?q=korea", also=("contact",)),
        Place(state="kind", query="?q=korea&kind=institutions"),
        Place(state="nothing", query="?q=zephyr-of-nowhere"),
        Place(state="refused", query="?q=x", answers="uuu"),
    ],
    "portal:styleguide": [Place(answers="ooo")],  # the demo network shows it to everybody
    "portal:send_letter_again": [Place(lambda: (987_654,))],
    "portal:handover_pack": [Place(handover_number, answers="lnn")],
    "portal:handover_pack_file": [Place(handover_number)],
    "portal:your_data": [Place(answers="loo")],
    "portal:data_export": [Place(lambda: (987_654,), asks_password=True, answers="lnn")],
    "portal:home": [Place(also=("focal", "observer", "contact", "welcomed", "suspended"))],
    "portal:mail": [Place(answers="lno")],
    "portal:letter": [Place(letter, answers="lno")],
}
