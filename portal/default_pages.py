"""The texts that the pages of the public site have until the secretariat writes its own.

One file a page and language under `portal/pages/`: the first line is the title. In braces stands
what each deployment fills in: the network's name, and the addresses of other pages.
"""

from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import translation

from members.network import name_of_network
from portal.enums import PageKey
from portal.models import Edition, SitePage
from records.languages import TextState

DIRECTORY = Path(__file__).resolve().parent / "pages"
LINKS = {
    "about": "portal:page_about",
    "charter": "portal:page_charter",
    "how_to_apply": "portal:page_how_to_apply",
    "contact": "portal:page_contact",
    "legal": "portal:page_legal",
    "privacy": "portal:page_privacy",
    "accessibility": "portal:page_accessibility",
    "apply": "members:apply",
    "directory": "members:directory",
    "sign_in": "account_login",
}


@cache
def _file(key: str, language: str) -> tuple[str, str] | None:
    path = DIRECTORY / f"{key}.{language}.md"
    if not path.exists():
        return None
    title, _rest, body = path.read_text(encoding="utf-8").partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def default_text(key: str, language: str) -> tuple[str, str] | None:
    """Title and body of a page as the product has them in a language, if it has."""
    found = _file(key, language)
    if found is None:
        return None
    title, body = found
    with translation.override(language):
        filled_in = {f"{{{name}}}": reverse(view) for name, view in LINKS.items()}
    filled_in["{network}"] = name_of_network(language).text
    for mark, text in filled_in.items():
        body = body.replace(mark, text)
    return title, body


def default_page(key: str) -> SitePage:
    """The page as the product has it, unsaved, final in every language that it knows."""
    texts = {
        code: found
        for code, _name in settings.LANGUAGES
        if (found := default_text(key, code)) is not None
    }
    return SitePage(
        key=key,
        titles={code: title for code, (title, _body) in texts.items()},
        bodies={code: body for code, (_title, body) in texts.items()},
        states=dict.fromkeys(texts, str(TextState.FINAL)),
    )


def shown_page(page: SitePage, language: str | None = None) -> Edition:
    """What the public reads: the secretariat's final text, else the product's own."""
    shown = page if page.final_languages else default_page(page.key)
    return shown.edition(language)


def overview() -> list[dict[str, Any]]:
    """Every page, with its state in each language: as written, or as the product has it."""
    written = SitePage.objects.by_key()
    rows = []
    for key in PageKey:
        page = written.get(key)
        is_written = page is not None and page.is_written
        shown = page if page is not None and is_written else default_page(key)
        rows.append(
            {
                "key": key,
                "page": shown,
                "is_written": is_written,
                "changed_at": page.changed_at if page else None,
            }
        )
    return rows
