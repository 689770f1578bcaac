"""The verification: the chain, the texts, the signature, and what the file shows of them."""

import base64
import re
from collections.abc import Iterable
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from majlis_verify.canonical import GENESIS, digest, link, seal_of, unsigned
from majlis_verify.files import Opened, Unreadable, open_file
from majlis_verify.keys import Key, by_id, read_bytes
from majlis_verify.page import render_page
from majlis_verify.verdict import ALTERED, UNKNOWN_KEY, UNREADABLE, WHOLE, Fault, Verdict

_HASH = re.compile(r"[0-9a-f]{64}")
_ROW = re.compile(r'<li id="r(\d{1,18})"')


def verify(data: bytes, keys: Iterable[Key] = ()) -> Verdict:
    """The verdict on a file's content; `keys` are those that the reader trusts."""
    try:
        opened = open_file(data)
    except Unreadable:
        return Verdict(UNREADABLE)
    document = opened.document
    signature = document.get("signature")
    name = signature.get("key", "") if isinstance(signature, dict) else ""
    name = name if isinstance(name, str) else ""
    known = by_id(keys).get(name)
    try:
        fault = _first_fault(opened, known)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError):
        fault = Fault("frame")
    if fault:
        return Verdict(ALTERED, opened.kind, fault, name, document)
    return Verdict(WHOLE if known else UNKNOWN_KEY, opened.kind, None, name, document)


def _first_fault(opened: Opened, known: Key | None) -> Fault | None:
    document = opened.document
    if document["format"] == "majlis-transcript/1" and (fault := _chain_fault(document)):
        return fault
    if fault := _signature_fault(document, known):
        return fault
    if opened.kind == "html":
        return _page_fault(opened.page, render_page(document))
    if opened.kind == "pdf":
        return _seal_fault(opened, document["signature"])
    return None


def _chain_fault(document: dict[str, Any]) -> Fault | None:
    room, records = document["room"]["id"], document["records"]
    first, last = document["range"]["first"], document["range"]["last"]
    previous = document["previous_hash"]
    if any(type(each) is not int for each in (room, first, last)) or not 1 <= first <= last:
        return Fault("frame")
    if not _HASH.fullmatch(previous):
        return Fault("frame")
    if first == 1 and previous != GENESIS:
        return Fault("genesis")
    numbers = [record["content"]["seq"] for record in records]
    if any(type(number) is not int for number in numbers):
        return Fault("frame")
    present = set(numbers)
    for place, record in enumerate(records):
        expected, content = first + place, record["content"]
        if content["seq"] != expected:
            if expected in present or expected > last:
                return Fault("order", content["seq"])
            return Fault("missing", expected)
        if content["room"] != room:
            return Fault("foreign", expected)
        if record["hash"] != link(previous, content):
            return Fault("first" if expected == first and first > 1 else "altered", expected)
        if not _text_fits(record):
            return Fault("text", expected)
        if not _files_fit(record):
            return Fault("files", expected)
        previous = record["hash"]
    if len(records) != last - first + 1:
        return Fault("missing", first + len(records))
    if document["head"] != {"seq": last, "hash": previous}:
        return Fault("head")
    return None


def _text_fits(record: dict[str, Any]) -> bool:
    """A text stands with its salt and is the recorded one, or neither stands and it says why."""
    text, salt = record["text"], record["salt"]
    if text is None or salt is None:
        return text is None and salt is None and record["withheld"] in ("deleted", "erased")
    fits: bool = record["content"]["text"] == digest(salt, text)
    return fits and record["withheld"] == ""


def _files_fit(record: dict[str, Any]) -> bool:
    """The files are those that were recorded, by content and name; none stands without a text."""
    recorded, files = record["content"]["detail"].get("files", []), record.get("files", [])
    if record["withheld"]:
        return not files
    said = [(each["sha256"], each["name"]) for each in recorded]
    return said == [(each["sha256"], digest(each["salt"], each["name"])) for each in files]


def _signature_fault(document: dict[str, Any], known: Key | None) -> Fault | None:
    signature = document["signature"]
    if set(signature) != {"algorithm", "key", "public", "value"}:
        return Fault("frame")
    public = read_bytes(signature["public"])
    if signature["algorithm"] != "Ed25519" or Key(public).id != signature["key"]:
        return Fault("key")
    if not _signed(public, signature["value"], unsigned(document)):
        return Fault("signature")
    if known and not known.in_use(document["made_at"]):
        return Fault("period")
    return None


def _seal_fault(opened: Opened, signature: dict[str, Any]) -> Fault | None:
    """Whether the PDF is, byte for byte, the one that the same key sealed."""
    seal = opened.seal
    if seal is None or set(seal) != {"key", "value"} or seal["key"] != signature["key"]:
        return Fault("pages")
    public = read_bytes(signature["public"])
    return None if _signed(public, seal["value"], seal_of(opened.sealed)) else Fault("pages")


def _signed(public: bytes, value: str, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(
            base64.b64decode(value, validate=True), message
        )
    except (InvalidSignature, ValueError):
        return False
    return True


def _page_fault(page: str, expected: str) -> Fault | None:
    """The page must be the one that the document amounts to; else the first line that is not."""
    if page == expected:
        return None
    shown, meant = page.split("\n"), expected.split("\n")
    for number, line in enumerate(meant):
        if number >= len(shown) or shown[number] != line:
            for each in (line, shown[number] if number < len(shown) else ""):
                if row := _ROW.match(each):
                    return Fault("page", int(row[1]))
            return Fault("page_frame")
    return Fault("page_frame")
