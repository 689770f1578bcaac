"""The page that a document amounts to. The same document gives the same bytes, here and there.

A file that was made with it is verified with it: what it writes for `"rendering": 1` never
changes. Another look is another number, and this one stays.
"""

import json
from html import escape
from typing import Any

from majlis_verify.files import CLOSING, OPENING

STYLE = (
    "body{max-width:46rem;margin:2rem auto;padding:0 1rem;color:#1b1b1b;background:#fff;"
    'font:1rem/1.6 "IBM Plex Sans","IBM Plex Sans Arabic",system-ui,sans-serif}'
    "h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.15rem}ol,ul{padding:0;list-style:none}"
    "ol>li{padding:.6rem 0;border-top:1px solid #d5d2cc}.m{color:#55524c;font-size:.875rem}"
    ".m,.w{margin:0}.w{font-weight:600}.b{margin:.25rem 0 0}.a{color:#55524c}"
    ".x{font-style:italic}.n{float:inline-end}code{overflow-wrap:anywhere;direction:ltr;"
    "unicode-bidi:isolate}@media print{body{margin:0}}"
)


def render_page(document: dict[str, Any]) -> str:
    """Raises KeyError, TypeError or ValueError where the document is not of the format."""
    if document["rendering"] != 1:
        raise ValueError("a look that this verifier does not know")
    words, language = document["words"], document["language"]
    lines = [
        "<!DOCTYPE html>",
        f'<html lang="{_text(language["code"])}" dir="{_text(language["direction"])}">',
        '<head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{_text(document['title'])}</title>",
        f"<style>{STYLE}</style></head>",
        "<body>",
        f'<p class="m"><bdi>{_text(document["network"])}</bdi></p>',
        f'<h1 dir="auto">{_text(document["title"])}</h1>',
        *(f'<p class="m">{_text(line)}</p>' for line in document["summary"]),
        f"<h2>{_text(words['participants'])}</h2>",
        "<ul>",
        *(_delegation(each) for each in document["participants"]),
        "</ul>",
        f"<h2>{_text(words['record'])}</h2>",
        "<ol>",
        *(_record(each) for each in document["records"]),
        "</ol>",
        f"<h2>{_text(words['proof'])}</h2>",
        f"<p>{_text(words['explanation'])} <code>{_text(words['address'])}</code></p>",
        _coded(words["before"], document["previous_hash"]),
        _coded(words["end"], document["head"]["hash"]),
        _coded(words["key"], document["signature"]["key"]),
        OPENING + embedded(document) + CLOSING,
        "</body></html>",
    ]
    return "\n".join(lines) + "\n"


def embedded(document: dict[str, Any]) -> str:
    """JSON that ends no script and that is one line."""
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _coded(label: Any, value: Any) -> str:
    return f'<p class="m">{_text(label)}: <code>{_text(value)}</code></p>'


def _delegation(each: dict[str, Any]) -> str:
    people = "".join(
        f"<li><bdi>{_text(p['name'])}</bdi> · <bdi>{_text(p['capacity'])}</bdi></li>"
        for p in each["people"]
    )
    role = f' <span class="m">{_text(each["role"])}</span>'
    return f'<li><p class="w"><bdi>{_text(each["name"])}</bdi>{role}</p><ul>{people}</ul></li>'


def _record(record: dict[str, Any]) -> str:
    """On one line, so that the first line that differs names its record."""
    seq = int(record["content"]["seq"])
    shown = record["shown"]
    when = f'<p class="m"><span class="n">{seq}</span><bdi>{_text(shown["when"])}</bdi></p>'
    parts = [f'<li id="r{seq}">{when}']
    if shown["who"]:
        said = " · ".join(f"<bdi>{_text(each)}</bdi>" for each in shown["who"][1:])
        parts.append(f'<p class="w"><bdi>{_text(shown["who"][0])}</bdi></p><p class="m">{said}</p>')
    if shown["line"]:
        parts.append(f'<p class="a" dir="auto">{_text(shown["line"])}</p>')
    if record["text"]:
        parts += [f'<p class="b" dir="auto">{_text(each)}</p>' for each in blocks(record["text"])]
    parts += [_file(each) for each in record.get("files", ())]
    if record["withheld"]:
        parts.append(
            f'<p class="x">{_text(shown["withheld"])} '
            f"<code>{_text(record['content']['text'])}</code></p>"
        )
    return "".join(parts) + "</li>"


def _file(each: dict[str, Any]) -> str:
    facts = f"<bdi>{_text(each['name'])}</bdi> · <bdi>{_text(each['size'])}</bdi>"
    return f'<p class="m">{facts} <code>SHA-256 {_text(each["sha256"])}</code></p>'


def blocks(text: str) -> list[str]:
    """The lines of a text that hold something: each has a direction of its own."""
    return [line for line in text.splitlines() if line.strip()]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text is expected")
    return escape(" ".join(value.splitlines()) if "\n" in value else value)
