"""Markdown in a message: emphasis, lists, quotations, links and short code; lines stay lines.

No headings, tables, rules, pictures or HTML. What runs from left to right in every text (addresses,
numbers, days) is isolated, and addresses of pages are links; no mark inside them is one.

`@[Name]` calls upon whoever has that name; `@[Name](person:12)` and `@[Name](delegation:7)` say
which, where several have it. Not in code, and not after a letter or figure.
"""

import re
from functools import lru_cache
from typing import NamedTuple

import nh3
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from records.markdown import MAX_LENGTH, SCHEMES, bounded, direction, is_foreign
from records.text import ONE_WAY, neutral

FOREIGN = "noopener nofollow external"
_PARSER = MarkdownIt("commonmark", {"html": False, "breaks": True}).disable(
    [
        *("image", "code", "fence", "heading", "lheading", "hr", "reference"),
        *("html_block", "html_inline", "autolink", "entity"),
    ]
)
_CLEANER = nh3.Cleaner(
    tags={"p", "br", "em", "strong", "a", "ul", "ol", "li", "blockquote", "code", "bdi"},
    attributes={"*": {"dir"}, "a": {"href", "rel"}, "ol": {"start"}, "bdi": {"data-mention"}},
    tag_attribute_values={"bdi": {"class": {"mention"}}},
    url_schemes=SCHEMES,
    link_rel=None,  # set per link below
)
_SIDED = {"bullet_list_open", "ordered_list_open", "blockquote_open"}
_CODE_OR_ONE_WAY = re.compile(rf"`[^`\n]+`|{ONE_WAY.pattern}")
# One line in which nothing is a mark or is escaped: most of what people say.
_PLAIN = re.compile(r"(?![-+\d ])(?:[^\\*_`\[\]<>&@\s\x00]| (?=\S))+")
_MARKS = re.compile(r"([\\*_\[\]`])")
_MENTION = re.compile(
    r"@\[((?:[^\[\]\\\n]|\\[*_`])+)\](?:\((person|delegation):([1-9][0-9]{0,17})\))?"
)


class Named(NamedTuple):
    """Somebody whom a text calls upon: by name, and perhaps by `kind` and number."""

    name: str
    kind: str = ""
    pk: int = 0


def _mention(state: StateInline, silent: bool) -> bool:
    if state.pos and state.src[state.pos - 1].isalnum():
        return False
    found = _MENTION.match(state.src, state.pos)
    name = found and re.sub(r"\\(.)", r"\1", found[1]).strip()
    if not found or not name:
        return False
    if not silent:
        token = state.push("mention", "", 0)
        token.content = f"@{name}"
        token.meta = {"mention": Named(name, found[2] or "", int(found[3] or 0))}
    state.pos = found.end()
    return True


_PARSER.inline.ruler.before("link", "mention", _mention)


@lru_cache(maxsize=4096)
def render_message(text: str) -> SafeString:
    """`text` as HTML. Kept by content: a page that is shown again is not parsed again."""
    if _PLAIN.fullmatch(line := neutral(text)[:MAX_LENGTH]) and not ONE_WAY.search(line):
        return mark_safe(f'<p dir="auto">{line}</p>')  # noqa: S308  nothing there to escape
    tokens = _parsed(text)
    mentions: dict[Named, int] = {}
    for place, token in enumerate(tokens):
        if token.type in _SIDED:
            token.attrSet("dir", direction(tokens[place:], token.level))
        if token.type.startswith("paragraph"):
            token.hidden = False  # in a tight list too: an item's text has its own direction
        if token.type == "paragraph_open":
            token.attrs = {"dir": "auto"}
        if token.children:
            token.children = _isolated(token.children, mentions)
    html = _CLEANER.clean(_PARSER.renderer.render(tokens, _PARSER.options, {}))
    return mark_safe(html.strip())  # noqa: S308  cleaned above


def plain_message(text: str) -> str:
    """The words of `text` without its marks, on one line: for quotations."""
    blocks = [
        "".join(" " if c.type.endswith("break") else c.content for c in token.children or ())
        for token in _parsed(text)
        if token.type == "inline"
    ]
    return re.sub(r"\s+", " ", " ".join(blocks)).strip()


def mentions_in(text: str) -> list[Named]:
    """Whom `text` calls upon, in its order, each once."""
    if "@[" not in text:
        return []
    found = (child for token in _parsed(text) for child in token.children or ())
    return list(dict.fromkeys(child.meta["mention"] for child in found if child.type == "mention"))


def _parsed(text: str) -> list[Token]:
    return _PARSER.parse(bounded(_CODE_OR_ONE_WAY.sub(_unmarked, text)))


def _unmarked(found: re.Match[str]) -> str:
    return found[0] if found[0].startswith("`") else _MARKS.sub(r"\\\1", found[0])


def _isolated(children: list[Token], mentions: dict[Named, int]) -> list[Token]:
    """`mentions` numbers those of the whole message, as `mentions_in` has them."""
    made: list[Token] = []
    links = 0
    for child in children:
        links += child.nesting if child.type.startswith("link") else 0
        if child.type == "link_open" and is_foreign(str(child.attrGet("href") or "")):
            child.attrSet("rel", FOREIGN)
        if child.type == "mention":
            number = mentions.setdefault(child.meta["mention"], len(mentions))
            html = f'<bdi class="mention" data-mention="{number}">{escape(child.content)}</bdi>'
            made.append(Token("html_inline", "", 0, content=html))
            continue
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
