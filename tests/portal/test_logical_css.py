"""One style sheet for both directions, no style or script inside a page, readable colours."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.embedded import ROOT

APPS = ["portal", "programmes", "assembly", "messaging", "members", "records"]
SHEETS = [path for app in APPS for path in sorted((ROOT / app).glob("static/**/*.css"))]
TEMPLATES = [path for app in APPS for path in sorted((ROOT / app).glob("templates/**/*.html"))]

PHYSICAL = re.compile(
    r"(?:^|[\s;{-])(?:left|right)(?:\s*:|\s*;|-)"  # left: …, margin-left, float: left
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)"
    r"|(?<!safe-area-)\b(?:margin|padding|border|inset)-(?:left|right|top|bottom)\b"
    r"|(?<![\w(-])(?:min-|max-)?(?:width|height)\s*:\s*[^);]*;"
    r"|\b(?:margin|padding|inset|border-width)\s*:\s*[^\s;]+\s+[^\s;]+\s+[^\s;]+\s+[^\s;]+\s*;"
    r"|translateX|translate3d|rotate\("
)
INLINE = re.compile(
    r"<style\b|\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|javascript:"
    r"|<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>",
    re.IGNORECASE,
)


def _shown(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def _without_comments(css: str) -> str:
    return re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)


@pytest.mark.parametrize("sheet", _shown(SHEETS))
def test_a_sheet_has_rules(sheet: str) -> None:
    assert "{" in _without_comments((ROOT / sheet).read_text())


@pytest.mark.parametrize("sheet", _shown(SHEETS))
def test_a_sheet_names_no_side(sheet: str) -> None:
    css = _without_comments((ROOT / sheet).read_text())
    found = [match.group().strip() for match in PHYSICAL.finditer(css)]
    assert found == []


@pytest.mark.parametrize(
    "rule",
    [
        "a { margin-left: 0; }",
        "a { left: 0; }",
        "a { text-align: right; }",
        "a { padding: 1px 2px 3px 4px; }",
        "a { inset: 0 0 0 auto; }",
        "a { transform: translateX(1px); }",
        "a { width: 1rem; }",
    ],
)
def test_a_side_would_be_found(rule: str) -> None:
    assert PHYSICAL.search(rule)


@pytest.mark.parametrize("template", _shown(TEMPLATES))
def test_a_template_holds_no_style_and_no_script(template: str) -> None:
    assert INLINE.findall((ROOT / template).read_text()) == []


@pytest.mark.parametrize(
    "html", ["<p style='x'>", "<script>x</script>", '<a onclick="x">', "<style>"]
)
def test_an_inline_style_or_script_would_be_found(html: str) -> None:
    assert INLINE.search(html)


# Icons with one of these words point the way one reads: in a page from right to left they are
# mirrored. Those that point both ways are not.
DIRECTED = {
    *("left", "right", "forward", "forwards", "next", "rewind", "skip", "step", "log", "external"),
    *("reply", "undo", "redo", "send", "quote", "indent", "trending"),
}
BOTH_WAYS = {"arrow-left-right", "arrow-right-left", "chevrons-left-right", "send-to-back"}
ICON = re.compile(r"""{%\s*lucide\s+["']([a-z0-9-]+)["']([^%]*)%}""")
NAMED_ICON = re.compile(r"""\bicon=["']([a-z0-9-]+)["']""")
MIRRORED = re.compile(r"""\bclass\s*=\s*["'][^"']*\bflip\b""")


def _is_directed(icon: str) -> bool:
    return bool(DIRECTED & set(icon.split("-"))) and icon not in BOTH_WAYS


def _unmirrored(html: str) -> list[str]:
    shown = [name for name, rest in ICON.findall(html) if not MIRRORED.search(rest)]
    return [name for name in shown + NAMED_ICON.findall(html) if _is_directed(name)]


@pytest.mark.parametrize("template", _shown(TEMPLATES))
def test_an_icon_that_points_the_way_one_reads_is_mirrored(template: str) -> None:
    assert _unmirrored((ROOT / template).read_text()) == []


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('{% lucide "arrow-left" size=16 %}', ["arrow-left"]),
        ('{% lucide "log-out" size=16 class="big" aria_hidden="true" %}', ["log-out"]),
        ("{% include 'x' with icon='reply' %}", ["reply"]),
        ('{% lucide "arrow-left" size=16 class="flip" %}', []),
        ('{% lucide "arrow-up" %}{% lucide "file-text" %}{% lucide "arrow-left-right" %}', []),
    ],
)
def test_an_icon_that_is_not_mirrored_would_be_found(html: str, found: list[str]) -> None:
    assert _unmirrored(html) == found


# A colour outside tokens.css has no dark half, and nobody has proved that it can be read.
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b(?![^{}]*\{)|\b(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\("
    r"|light-dark\(|:\s*(?:[^;{}]*\s)?(?:white|black|red|green|blue|yellow|orange|gr[ae]y|silver)\b",
)


@pytest.mark.parametrize("sheet", [s for s in _shown(SHEETS) if not s.endswith("/tokens.css")])
def test_a_sheet_names_no_colour(sheet: str) -> None:
    css = _without_comments((ROOT / sheet).read_text())
    assert [match.group().strip() for match in COLOUR.finditer(css)] == []


@pytest.mark.parametrize(
    "rule",
    ["a { color: #fff; }", "a { border: 1px solid black; }", "a { fill: rgb(0 0 0 / 50%); }"],
)
def test_a_colour_would_be_found(rule: str) -> None:
    assert COLOUR.search(rule)


@pytest.mark.parametrize("rule", ["#main { color: var(--ink); }", "a { color: currentcolor; }"])
def test_a_token_is_no_colour(rule: str) -> None:
    assert not COLOUR.search(rule)


TOKENS = ROOT / "portal/static/portal/css/tokens.css"
HEX = r"#[0-9a-f]{6}"


def _themes() -> Iterator[tuple[str, dict[str, str]]]:
    pairs = re.findall(rf"--([a-z0-9-]+): light-dark\(({HEX}), ({HEX})\);", TOKENS.read_text())
    yield "light", {name: light for name, light, _dark in pairs}
    yield "dark", {name: dark for name, _light, dark in pairs}


def test_old_browsers_get_the_light_theme_whole() -> None:
    fallback = TOKENS.read_text().split("@supports not", 1)[1]
    assert dict(re.findall(rf"--([a-z0-9-]+): ({HEX});", fallback)) == dict(_themes())["light"]


def _luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


GROUNDS = ["paper", "surface", "sunken", "accent-wash"]
TEXT = [
    *(
        (ink, ground)
        for ink in ("ink", "ink-muted", "accent", "accent-strong")
        for ground in GROUNDS
    ),
    *((tone, f"{tone}-wash") for tone in ("info", "success", "warning", "danger")),
    *(("ink", f"{tone}-wash") for tone in ("info", "success", "warning", "danger")),
    *((tone, ground) for tone in ("danger", "success") for ground in ("paper", "surface")),
    *((f"tone-{n}-ink", f"tone-{n}") for n in range(1, 7)),
    *(("ink", ground) for ground in ("sand-wash",)),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
]


@pytest.mark.parametrize(("theme", "tokens"), list(_themes()), ids=["light", "dark"])
def test_text_has_a_contrast_of_four_and_a_half(theme: str, tokens: dict[str, str]) -> None:
    weak = {
        pair: round(_contrast(tokens[pair[0]], tokens[pair[1]]), 2)
        for pair in TEXT
        if _contrast(tokens[pair[0]], tokens[pair[1]]) < 4.5
    }
    assert weak == {}


def _frame() -> dict[str, str]:
    return dict(re.findall(rf"--(frame[a-z-]*): ({HEX});", TOKENS.read_text()))


def test_the_browser_takes_the_colour_of_the_frame() -> None:
    head = (ROOT / "portal/templates/includes/_head.html").read_text()
    assert re.findall(rf'"theme-color" content="({HEX})"', head) == [_frame()["frame"]]


def test_the_frame_is_read_in_the_colours_of_the_dark_theme() -> None:
    for ink in ("ink", "ink-muted", "accent", "accent-strong"):
        for ground in _frame().values():
            assert _contrast(dict(_themes())["dark"][ink], ground) >= 4.5, (ink, ground)


@pytest.mark.parametrize(("theme", "tokens"), list(_themes()), ids=["light", "dark"])
def test_the_edge_of_a_control_has_a_contrast_of_three(theme: str, tokens: dict[str, str]) -> None:
    for edge in ("control-rule", "focus"):
        for ground in ("paper", "surface"):
            assert _contrast(tokens[edge], tokens[ground]) >= 3
