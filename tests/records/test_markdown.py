"""The little Markdown that people may write: what becomes of it, and of what is hostile."""

from html.parser import HTMLParser
from typing import Any

import pytest

from records.markdown import plain, render
from tests.growth import LINEAR, growth


def test_the_subset_becomes_html() -> None:
    text = "## Aims\n\nTo *learn* and **share**.\n\n> Said\n\n---\n\n1. one\n2. two"
    assert render(text) == (
        '<h2 dir="auto">Aims</h2>\n'
        '<p dir="auto">To <em>learn</em> and <strong>share</strong>.</p>\n'
        '<blockquote dir="ltr">\n<p dir="auto">Said</p>\n</blockquote>\n'
        "<hr>\n"
        '<ol dir="ltr">\n<li>\n<p dir="auto">one</p>\n</li>\n<li>\n<p dir="auto">two</p>\n</li>\n'
        "</ol>\n"
    )


@pytest.mark.parametrize(
    ("marks", "tag"), [("#", "h2"), ("##", "h2"), ("###", "h3"), ("######", "h4")]
)
def test_headings_begin_at_the_second_level(marks: str, tag: str) -> None:
    assert render(f"{marks} Aims") == f'<{tag} dir="auto">Aims</{tag}>\n'


def test_a_list_stands_on_the_side_of_its_first_letter_and_its_items_on_their_own() -> None:
    html = render("- الأول\n- second")
    assert html.startswith('<ul dir="rtl">')
    assert html.count('<p dir="auto">') == 2


def test_a_table_scrolls_in_a_frame_that_the_keyboard_reaches() -> None:
    html = render("| الاسم | n |\n|:--|--:|\n| أ | 1 |")
    assert html.startswith('<div class="prose__scroll" tabindex="0"><table dir="rtl">')
    assert "style" not in html
    assert html.rstrip().endswith("</table></div>")


def test_own_and_foreign_links_are_told_apart(settings: Any) -> None:
    settings.ORIGINS = ["https://portal.example.org"]
    render.cache_clear()
    html = render(
        "[a](/en/news/) [b](https://portal.example.org/en/) [c](https://else.example/) "
        "[d](//else.example/) [e](mailto:x@example.org)"
    )
    assert html.count('rel="noopener nofollow external"') == 2
    for foreign in ("https://else.example/", "//else.example/"):
        assert f'href="{foreign}" rel="noopener nofollow external"' in html
    render.cache_clear()


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](java\tscript:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox)",
    "![x](javascript:alert(1))",
    "![x](https://else.example/pixel.png)",
    "<javascript:alert(1)>",
    '[x](https://a.example/"onmouseover="alert(1))',
    '[x](https://a.example/ "\\"><script>alert(1)</script>")',
    "[<b onclick=alert(1)>x</b>](https://a.example/)",
    "`<script>`\n\n```html\n<script>alert(1)</script>\n```",
    "    <script>alert(1)</script>",
    "<style>*{display:none}</style>",
    "<iframe src=https://a.example></iframe>",
    "<a href='javascript:alert(1)' dir=rtl>x</a>",
    "[x]: javascript:alert(1)\n\n[x]",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "| <script> |\n|---|\n| <table><td onload=x> |",
    "> > > <math><mi//xlink:href='data:x,<script>alert(1)</script>'>",
]
ALLOWED = {
    *("h2", "h3", "h4", "p", "br", "hr", "em", "strong", "a", "ul", "ol", "li", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "div"),
}


@pytest.mark.parametrize("text", HOSTILE)
def test_what_is_hostile_becomes_harmless(text: str) -> None:
    class Looker(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            assert tag in ALLOWED
            for name, value in attrs:
                assert name in ("dir", "href", "rel", "start", "class", "tabindex")
                if name == "href":
                    assert (value or "").startswith(("http://", "https://", "mailto:", "/", "#"))

    Looker().feed(render(text))


def test_controls_that_turn_the_direction_are_taken_out() -> None:
    assert render("a\u202eb\u2066c\u2069") == '<p dir="auto">abc</p>\n'
    assert render("a\0b") == '<p dir="auto">a\ufffdb</p>\n'


@pytest.mark.parametrize(
    "piece",
    [
        "*a ",
        "[",
        "![",
        "> ",
        "- ",
        "**",
        "_a_",
        "|",
        "<",
        "](",
        "\\",
        "&",
        "#",
        "`",
        "[a](",
        "~",
        "[a",
        "[ [",
        "a][",
    ],
)
def test_no_pile_of_marks_takes_long(piece: str) -> None:
    render((piece * 20_000)[:20_000])
    assert growth(lambda number: render((piece * number)[:number]), 500) < LINEAR
    assert growth(lambda number: render((piece * number)[:number] + "\n" * number), 250) < LINEAR


def test_plain_words_have_no_marks() -> None:
    text = "## Aims\n\nTo **learn**, [here](https://a.example/).\n\n- one\n\n| a |\n|---|\n| b |"
    assert plain(text) == "Aims To learn, here. one a b"
