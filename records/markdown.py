"""The little Markdown that people may write, made into HTML that may be shown.

Headings (from the second level: the page's title is the first), emphasis, lists, links, quotations,
rules and tables; no HTML, no pictures, no code. Each block takes its own direction.
"""

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import urlsplit

import nh3
from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from records.text import neutral

MAX_LENGTH = 40_000  # characters, of what the forms let in
MAX_BRACKETS = 400
SCHEMES = {"http", "https", "mailto", "tel"}
_PARSER = (
    MarkdownIt("commonmark", {"html": False})
    .enable("table")
    .disable(
        [
            "image",
            "code",
            "fence",
            "backticks",
            "html_block",
            "html_inline",
            "lheading",
            "reference",
        ]
    )
)
_CLEANER = nh3.Cleaner(
    tags={
        *("h2", "h3", "h4", "p", "br", "hr", "em", "strong", "a", "ul", "ol", "li"),
        *("blockquote", "table", "thead", "tbody", "tr", "th", "td"),
    },
    attributes={
        "*": {"dir"},
        "a": {"href", "rel"},
        "ol": {"start"},
    },
    url_schemes=SCHEMES,
    link_rel=None,  # set per link below
)
_OWN_DIRECTION = {"heading_open", "paragraph_open", "th_open", "td_open"}
# A list's marks and a quotation's rule stand on one side: that of its first letter.
_SIDED = {"bullet_list_open", "ordered_list_open", "blockquote_open", "table_open"}


@lru_cache(maxsize=512)
def render(text: str) -> SafeString:
    """`text` as HTML. Kept by content: a page that is shown again is not parsed again."""
    tokens = _PARSER.parse(bounded(text))
    for place, token in enumerate(tokens):
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(max(int(token.tag[1]), 2), 4)}"
        if token.type in _OWN_DIRECTION:
            token.attrs = {"dir": "auto"}  # a table's cell would bring its alignment as a style
        elif token.type in _SIDED:
            token.attrSet("dir", direction(tokens[place:], token.level))
        if token.type.startswith("paragraph"):
            token.hidden = False  # in a tight list too: an item's text has its own direction
        for child in token.children or ():
            if child.type == "link_open" and is_foreign(str(child.attrGet("href") or "")):
                child.attrSet("rel", "noopener nofollow external")
    html = _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    # A wide table scrolls in its own frame, which the keyboard must reach.
    html = html.replace("<table", '<div class="prose__scroll" tabindex="0"><table')
    return mark_safe(html.replace("</table>", "</table></div>"))  # noqa: S308  cleaned above


def plain(text: str) -> str:
    """The words of `text` without its marks, on one line: for search and for summaries."""
    blocks = [
        "".join(
            " " if child.type.endswith("break") else child.content for child in token.children or ()
        )
        for token in _PARSER.parse(bounded(text))
        if token.type == "inline"
    ]
    return re.sub(r"\s+", " ", " ".join(blocks)).strip()


def bounded(text: str) -> str:
    """`text` without what cheats the eye or keeps the parser busy.

    For each opening bracket the parser looks ahead for its link: some thousands take seconds.
    """
    first, *rest = neutral(text)[:MAX_LENGTH].split("[")
    kept, more = rest[:MAX_BRACKETS], rest[MAX_BRACKETS:]
    return "\\[".join(["[".join([first, *kept]), *more])


def direction(tokens: Sequence[Token], level: int) -> str:
    """That of the first letter inside the block that `tokens` begin with."""
    for token in tokens[1:]:
        if token.level <= level and token.nesting < 0:
            break
        for character in token.content if token.type == "inline" else "":
            match unicodedata.bidirectional(character):
                case "R" | "AL":
                    return "rtl"
                case "L":
                    return "ltr"
    return "auto"


def is_foreign(href: str) -> bool:
    try:
        parts = urlsplit(href)
    except ValueError:
        return True
    if not parts.netloc:
        return False
    return f"{parts.scheme}://{parts.netloc}" not in settings.ORIGINS
