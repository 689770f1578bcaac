"""The document in a file: the file itself (JSON), a part of a page (HTML), an attachment (PDF)."""

import json
import re
import zlib
from dataclasses import dataclass
from typing import Any

FORMATS = ("majlis-transcript/1", "majlis-heads/1")
LARGEST = 32 * 1024 * 1024  # bytes of a document; more is not unpacked
OPENING = '<script type="application/json" id="majlis-transcript">'
CLOSING = "</script>"
SEAL = b"\n%majlis-seal "
_STREAM = re.compile(rb"stream\r?\n")
_DEEP_STREAMS = 5000


class Unreadable(Exception):
    """There is no document of ours in the file, or it cannot be read."""


@dataclass(frozen=True, slots=True)
class Opened:
    kind: str
    document: dict[str, Any]
    page: str = ""  # of HTML: the file
    sealed: bytes = b""  # of a PDF: what stands before the seal
    seal: dict[str, Any] | None = None


def open_file(data: bytes) -> Opened:
    """Raises Unreadable."""
    if data.startswith(b"%PDF-"):
        return _pdf(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable from error
    if text.lstrip().startswith("{"):
        return Opened("json", parse(text))
    text = text.replace("\r\n", "\n")
    if text.count(OPENING) != 1:
        raise Unreadable
    start = text.index(OPENING) + len(OPENING)
    end = text.find(CLOSING, start)
    if end < 0:
        raise Unreadable
    return Opened("html", parse(text[start:end]), page=text)


def parse(text: str) -> dict[str, Any]:
    """The document in `text`; a key said twice is refused: two readers could read two things."""
    try:
        document = json.loads(text, object_pairs_hook=_once, parse_constant=_refuse)
        json.dumps(document, ensure_ascii=False).encode()  # no half of a character
    except (ValueError, RecursionError) as error:
        raise Unreadable from error
    if not isinstance(document, dict) or document.get("format") not in FORMATS:
        raise Unreadable
    return document


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(name)


def _pdf(data: bytes) -> Opened:
    body, _, tail = data.rpartition(SEAL)
    seal = None
    if body:
        try:
            seal = json.loads(tail, object_pairs_hook=_once)
        except (ValueError, RecursionError):
            body = b""
    document = _attached(body or data)
    return Opened(
        "pdf", document, sealed=body, seal=seal if isinstance(seal, dict) and body else None
    )


def _attached(data: bytes) -> dict[str, Any]:
    """The one stream in the file that is a document of ours."""
    found = []
    left = LARGEST
    for number, match in enumerate(_STREAM.finditer(data)):
        if number > _DEEP_STREAMS or left <= 0:
            raise Unreadable
        unpacked = _unpacked(data[match.end() :], left)
        left -= len(unpacked)
        if b'"majlis-transcript/1"' in unpacked:
            found.append(unpacked)
    if len(found) != 1:
        raise Unreadable
    try:
        return parse(found[0].decode())
    except UnicodeDecodeError as error:
        raise Unreadable from error


def _unpacked(rest: bytes, most: int) -> bytes:
    if rest[:1] == b"{":
        return rest[: max(rest.find(b"endstream"), 0)].strip()[:most]
    try:
        return zlib.decompressobj().decompress(rest, most)
    except zlib.error:
        return b""
