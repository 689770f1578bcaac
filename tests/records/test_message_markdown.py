"""Markdown in messages: the subset, what is hostile, and what runs one way in every text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from records import message_markdown
from records.message_markdown import Named, mentions_in, plain_message, render_message
from tests.growth import LINEAR, growth
from tests.records.test_markdown import HOSTILE

REL = 'rel="noopener nofollow external"'


def test_the_subset_becomes_html_and_lines_stay_lines() -> None:
    assert render_message("To *learn*\nand **share** `a_b_c`.\n\n> Said\n\n- one\n- اثنان") == (
        '<p dir="auto">To <em>learn</em><br>\nand <strong>share</strong> <code>a_b_c</code>.</p>\n'
        '<blockquote dir="ltr">\n<p dir="auto">Said</p>\n</blockquote>\n'
        '<ul dir="ltr">\n<li>\n<p dir="auto">one</p>\n</li>\n'
        '<li>\n<p dir="auto">اثنان</p>\n</li>\n</ul>'
    )


@pytest.mark.parametrize("text", ["# Aims", "| a | b |", "---", "Aims ===", "&copy;", "2 * 3 * 4"])
def test_what_is_not_of_the_subset_stays_as_it_was_typed(text: str) -> None:
    shown = text.replace("&", "&amp;")
    assert render_message(text) == f'<p dir="auto">{shown}</p>'


@pytest.mark.parametrize("one", ["+974 4408 0000", "2026-11-25", "a_b_c@x.example"])
def test_what_runs_one_way_is_isolated(one: str) -> None:
    assert render_message(f"في {one}؟") == f'<p dir="auto">في <bdi dir="ltr">{one}</bdi>؟</p>'


def test_an_address_is_a_link_and_its_marks_are_none() -> None:
    url = "https://else.example/_a_/*b*/?c=1"
    link = f'<a href="{url}" {REL}><bdi dir="ltr">{url}</bdi></a>'
    assert render_message(f"See {url}.") == f'<p dir="auto">See {link}.</p>'
    named = render_message(f"[the page]({url})")
    assert named == f'<p dir="auto"><a href="{url}" {REL}>the page</a></p>'


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_comes_through(text: str) -> None:
    html = render_message(text).lower()
    for word in ("<script", "<img", "<svg", "<iframe", 'href="javascript', "<style"):
        assert word not in html


@pytest.mark.parametrize("piece", ["[", "*", "> ", "`"])
def test_no_message_keeps_the_server_busy(piece: str) -> None:
    assert render_message((piece * 10_000)[:10_000])  # as long as one may be
    assert growth(lambda number: render_message(piece * number), 500) < LINEAR


def test_a_quotation_has_the_words_without_marks() -> None:
    assert plain_message("To *learn*\n\n- **one**\n- https://x.example/_a_/") == (
        "To learn one https://x.example/_a_/"
    )


def test_who_is_mentioned_is_isolated_and_numbered() -> None:
    text = "@[أمل حداد], *see* @[Bilal](person:7) and @[أمل حداد]"
    amal = '<bdi class="mention" data-mention="0">@أمل حداد</bdi>'
    assert render_message(text) == (
        f'<p dir="auto">{amal}, <em>see</em> '
        f'<bdi class="mention" data-mention="1">@Bilal</bdi> and {amal}</p>'
    )
    assert mentions_in(text) == [Named("أمل حداد"), Named("Bilal", "person", 7)]
    assert plain_message(text) == "@أمل حداد, see @Bilal and @أمل حداد"


@pytest.mark.parametrize(
    "text",
    [
        "`@[Amal]`",
        "a@[Amal]",
        "https://x.example/@[Amal]",
        "@\\[Amal]",
        "@ [Amal]",
        "@[]",
        "@[ ]",
        "@[A[b]]",
        "@[a\nb]",
        "@Amal",
    ],
)
def test_what_mentions_nobody(text: str) -> None:
    assert mentions_in(text) == []
    assert "mention" not in render_message(text)


def test_a_name_is_no_html_and_a_number_is_one() -> None:
    assert mentions_in("@[<b>*x*_y_</b>]") == [Named("<b>*x*_y_</b>")]
    assert "<b>" not in render_message("@[<b>x</b>]")
    assert mentions_in("@[a_b@x.example]") == [Named("a_b@x.example")]
    assert mentions_in("@[Amal](person:0)") == mentions_in("@[Amal](role:3)") == [Named("Amal")]
    assert mentions_in("> @[Amal]\n\n- **@[Bilal]**") == [Named("Amal"), Named("Bilal")]


@given(
    st.text(alphabet="ab Z.,;:!?'\"()~#=|/^%$+-019ا«…\u0301\u2028\u3000https://x.org", max_size=14)
)
def test_a_plain_line_is_what_the_parser_makes_of_it(text: str) -> None:
    render = render_message.__wrapped__
    short = render(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(message_markdown, "_PLAIN", re.compile("(?!)"))
        assert short == render(text)
