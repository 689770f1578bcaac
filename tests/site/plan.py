"""Who looks at which page in which language, and how: every pair, and not every product.

What a page is made of is much the same in three languages and to three people; a fault that shows
in one of all the products alone is rare, and a look costs more than a second. So each page is seen

- by everybody who may see it, and in its first state in Arabic and in a language that is written
  from the left (a further state at least in one), by turns: a delegate in Arabic, the secretariat
  in French on this page and in English on the next;
- in every size, each time: what scrolls sideways, what lies over something else;
- with all of axe's rules twice, by day and by night, on a desk and on a phone (the two that go
  together change by turns); a page that is seen once is asked about the other one's colours alone;
- with its forms sent empty once.

What one finds on another page again, the frame around `main`, axe is asked about once for each
person, language and way. `every` gives the products instead, of all of these.

What a page says over HTTP, to everybody in every language, is in `test_pages`.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import get_language_info

from tests.site.places import Found
from tests.site.places.place import PEOPLE

LANGUAGES = [language for language, _name in settings.LANGUAGES]
SEES_MOST = ("secretariat", "delegate", "out", *PEOPLE)  # the first of them who sees a page at all
REFUSALS = ("n", "f")  # they look alike wherever they are met
FILES = (  # no pages, or no page to look at
    "assembly:item_document",
    "assembly:item_dossier_file",
    "assembly:export_standing",
    "favicon",
    "health",
    "institution_callback",
    "picture",
    "robots",
    "security_txt",
    "service_worker",
    "signed_heads",
    "signing_keys",
    "sitemap",
    "members:application_document",
    "members:appointment_letter",
    "members:calendar_feed_file",
    "members:charter_file",
    "members:charter_text",
    "members:dossier_file",
    "members:directory_csv",
    "members:directory_xlsx",
    "members:export_applications",
    "members:export_people",
    "members:empty_list",
    "members:group_calendar_file",
    "members:group_date_file",
    "members:group_file_version",
    "members:logo",
    "members:membership_document",
    "members:person_photo",
    "members:picture_file",
    "messaging:counts",
    "messaging:delegation_presence",
    "messaging:draft",
    "messaging:people",
    "messaging:pins",
    "messaging:attachment",
    "messaging:attachment_preview",
    "messaging:standing",
    "messaging:sync",
    "messaging:transcript",
    "mfa_download_recovery_codes",
    "portal:calendar_feed",
    "portal:calendar_meeting_feed",
    "portal:figures",
    "portal:handover_pack_file",
    "portal:manifest",
    "portal:news_feed",
)


class Way(NamedTuple):
    """To see a page: on which device, by day or by night."""

    device: str
    theme: str


PAIRS = (  # of each, both devices and both themes
    (Way("desk", "light"), Way("phone", "dark")),
    (Way("phone", "light"), Way("desk", "dark")),
)
WAYS = (*PAIRS[0], *PAIRS[1])


@dataclass(frozen=True)
class Look:
    page: str  # the same for all who look at it
    place: Found
    path: str
    who: str
    language: str
    ways: Sequence[Way]
    sends: Sequence[Way]  # in which its forms that were sent empty are seen; none: they are not


def planned(places: Sequence[Found], *, every: bool = False) -> Iterator[Look]:
    """All looks, the same for the same places."""
    names: set[str] = set()
    for number, (kind, seen_by) in enumerate(_pages(places).items()):
        people = sorted(seen_by, key=SEES_MOST.index)
        page = seen_by[people[0]]
        languages = list(page.paths)
        is_first = kind in REFUSALS or page.name not in names
        if every:
            visits = [(who, language) for who in people for language in languages]
        else:
            visits = _visits(people, languages, start=number, whole=is_first)
        if kind not in REFUSALS:
            names.add(page.name)
        for turn, (who, language) in enumerate(visits):
            ways = sent = WAYS if every else PAIRS[number % len(PAIRS)]
            if not every and len(visits) > 1:
                first = (turn - number) % len(visits)  # another of the visits, page by page
                ways = ways[first : first + 1]
            yield Look(
                page=kind,
                place=seen_by[who],
                path=seen_by[who].paths[language],
                who=who,
                language=language,
                ways=ways,
                sends=[way for way in sent if way.device == "phone"] if every or not turn else [],
            )


def _pages(places: Sequence[Found]) -> dict[str, dict[str, Found]]:
    """What is a page, by its kind and who sees it. Of all refusals each person sees the first."""
    pages: dict[str, dict[str, Found]] = defaultdict(dict)
    for place in places:
        for who, letter in place.answers.items():
            if place.name not in FILES and letter in "ogunf":
                kind = letter if letter in REFUSALS else place.title
                pages[kind].setdefault(who, place)
    return pages


def _visits(
    people: Sequence[str], languages: Sequence[str], *, start: int, whole: bool
) -> list[tuple[str, str]]:
    """So many that everybody comes once, and if it is to be `whole` both directions, too."""
    if whole:
        right = [language for language in languages if is_from_right(language)]
        left = [language for language in languages if not is_from_right(language)]
        languages = [*right, left[start // 2 % len(left)]]
    least = len(languages) if whole else 0
    return [
        (people[turn % len(people)], languages[(start + turn) % len(languages)])
        for turn in range(max(len(people), least))
    ]


def is_from_right(language: str) -> bool:
    return bool(get_language_info(language)["bidi"])
