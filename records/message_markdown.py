"""Markdown in a message: emphasis, lists, quotations, links and short code; lines stay lines.

No headings, tables, rules, pictures or HTML. What runs from left to right in every text (addresses,
numbers, days) is isolated, and addresses of pages are links; no mark inside them is one.
"""

import re
from functools import lru_cache

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from records.markdown import SCHEMES, bounded, direction, is_foreign
from records.text import ONE_WAY

FOREIGN = "noopener nofollow external"
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    [
        *("image", "code", "fence", "heading", "lheading", "hr", "reference"),
        *("html_block", "html_inline", "autolink", "entity"),
    ]
)
_CLEANER = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "bdi"},
    attributes={"*": {"dir"}, "a": {"href", "rel"}, "ol": {"start"}},
    url_schemes=SCHEMES,
    link_rel=None,  # set per link below
)
_SIDED = {"bullet_list_open", "ordered_list_open", "blockquote_open"}
_CODE_OR_ONE_WAY = re.compile(rf"`[^`\n]+`|{ONE_WAY.pattern}")
_MARKS = re.compile(r"([\\*_\[\]`])")


@lru_cache(maxsize=4096)
def render_message(text: str) -> SafeString:
    """`text` as HTML. Kept by content: a page that is shown again is not parsed again."""
    tokens = _PARSER.parse(bounded(_CODE_OR_ONE_WAY.sub(_unmarked, text)))
    for place, token in enumerate(tokens):
        if token.type in _SIDED:
            token.attrSet("dir", direction(tokens[place:], token.level))
        if token.type.startswith("paragraph"):
            token.hidden = False  # in a tight list too: an item's text has its own direction
        if token.type == "paragraph_open":
            token.attrs = {"dir": "auto"}
        if token.children:
            token.children = _isolated(token.children)
    html = _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    return mark_safe(html.strip())  # noqa: S308  cleaned above


def plain_message(text: str) -> str:
    """The words of `text` without its marks, on one line: for quotations."""
    blocks = [
        "".join(" " if c.type.endswith("break") else c.content for c in token.children or ())
        for token in _PARSER.parse(bounded(_CODE_OR_ONE_WAY.sub(_unmarked, text)))
        if token.type == "inline"
    ]
    return re.sub(r"\s+", " ", " ".join(blocks)).strip()


def _unmarked(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("`") else _MARKS.sub(r"\\\1", found[0])


def _isolated(children: list[Token]) -> list[Token]:
    made: list[Token] = []
    links = 0
    for child in children:
        links += child.nesting if child.type.startswith("link") else 0
        if child.type == "link_open" and is_foreign(str(child.attrGet("href") or "")):
            child.attrSet("rel", FOREIGN)
        if child.type != "text":
            made.append(child)
            continue
        html, end = "", 0
        for found in ONE_WAY.finditer(child.content):
            one = f'<bdi dir="ltr">{escape(found[0])}</bdi>'
            if found[0].startswith("http") and not links:
                rel = f' rel="{FOREIGN}"' if is_foreign(found[0]) else ""
                one = f'<a href="{escape(found[0])}"{rel}>{one}</a>'
            html += escape(child.content[end : found.start()]) + one
            end = found.end()
        html += escape(child.content[end:])
        made.append(Token("html_inline", "", 0, content=html))
    return made
