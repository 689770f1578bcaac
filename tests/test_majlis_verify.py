"""Each way of changing a transcript is found, and named."""

import base64
import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from majlis_verify import Key, Verdict, read_keys, verify
from majlis_verify.canonical import GENESIS, digest, link, seal_of, unsigned
from majlis_verify.files import SEAL
from majlis_verify.page import render_page

PRIVATE = Ed25519PrivateKey.from_private_bytes(b"\x07" * 32)
KEY = Key(PRIVATE.public_key().public_bytes_raw())
TEXTS = ["", "Good morning", "صباح الخير", "<script>alert(1)</script>\nline", "Bonsoir"]


def signed(document: dict[str, Any]) -> dict[str, Any]:
    value = base64.b64encode(PRIVATE.sign(unsigned(document))).decode()
    signature = {
        "algorithm": "Ed25519", "key": KEY.id, "public": KEY.public.hex(), "value": value,
    }  # fmt: skip
    return {**document, "signature": signature}


def chained(first: int = 1, last: int = 5) -> dict[str, Any]:
    """A transcript of a room of five records, as the portal makes it."""
    previous, before, records = GENESIS, GENESIS, []
    for seq, text in enumerate(TEXTS, start=1):
        salt = f"{seq:032x}"
        content = {
            "room": 4, "seq": seq, "kind": "message.posted", "at": f"2026-11-0{seq}T10:00:00+00:00",
            "actor": 1, "mandate": 2, "message": seq, "participant": None,
            "detail": {"a": seq}, "text": digest(salt, text),
        }  # fmt: skip
        if seq == first:
            before = previous
        previous = link(previous, content)
        shown = {"when": f"{seq} November", "who": ["Amal", "KF"], "line": "", "withheld": "gone"}
        records.append(
            {
                "content": content,
                "hash": previous,
                "text": text,
                "salt": salt,
                "withheld": "",
                "shown": shown,
            }
        )
    kept = records[first - 1 : last]
    words = (
        "address",
        "participants",
        "record",
        "proof",
        "explanation",
        "before",
        "end",
        "key",
        "page",
    )
    return signed(
        {
            "format": "majlis-transcript/1",
            "rendering": 1,
            "network": "Network",
            "origin": "https://x.example",
            "title": "Transcript",
            "made_at": "2026-11-25T10:00:00Z",
            "language": {"code": "en", "direction": "ltr"},
            "room": {"id": 4, "kind": "group", "titles": {"en": "Room"}},
            "range": {"first": first, "last": last},
            "summary": ["five records"],
            "participants": [
                {"name": "KF", "role": "", "people": [{"name": "Amal", "capacity": "head"}]}
            ],
            "words": {word: word for word in words},
            "previous_hash": before,
            "records": kept,
            "head": {"seq": last, "hash": kept[-1]["hash"]},
        }
    )


def judged(document: Any, *keys: Key) -> Verdict:
    return verify(json.dumps(document).encode(), keys or [KEY])


def named(verdict: Verdict) -> tuple[str, int | None]:
    assert verdict.outcome == "altered", verdict
    assert verdict.fault
    assert str(verdict.fault)
    return verdict.fault.what, verdict.fault.record


def rechain(document: dict[str, Any]) -> None:
    """What a forger can do without the key: every hash after the change anew."""
    previous = document["previous_hash"]
    for record in document["records"]:
        record["hash"] = previous = link(previous, record["content"])
    document["head"]["hash"] = previous


def rewrite(document: dict[str, Any]) -> None:
    record = document["records"][2]
    record["text"] = "Good evening"
    record["content"]["text"] = digest(record["salt"], "Good evening")
    rechain(document)


def other_key(document: dict[str, Any]) -> None:
    document["signature"]["public"] = "01" * 32


WAYS: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, int | None]]] = {
    "a text": (lambda d: d["records"][1].update(text="Good evening"), ("text", 2)),
    "a salt": (lambda d: d["records"][1].update(salt="00"), ("text", 2)),
    "a text taken out alone": (lambda d: d["records"][1].update(text=None), ("text", 2)),
    "a text taken out, unexplained": (
        lambda d: d["records"][1].update(text=None, salt=None),
        ("text", 2),
    ),
    "a text taken out as if erased": (
        lambda d: d["records"][1].update(text=None, salt=None, withheld="erased"),
        ("signature", None),
    ),
    "an author": (lambda d: d["records"][2]["content"].update(actor=9), ("altered", 3)),
    "a time": (lambda d: d["records"][2]["content"].update(at="2026"), ("altered", 3)),
    "a detail": (lambda d: d["records"][2]["content"].update(detail={}), ("altered", 3)),
    "a whole number as a fraction": (
        lambda d: d["records"][2]["content"].update(actor=1.0),
        ("altered", 3),
    ),
    "a hash": (lambda d: d["records"][3].update(hash="00" * 32), ("altered", 4)),
    "a record taken out": (lambda d: d["records"].pop(2), ("missing", 3)),
    "the last taken out": (lambda d: d["records"].pop(), ("missing", 5)),
    "all taken out": (lambda d: d["records"].clear(), ("missing", 1)),
    "the tail cut and the range with it": (
        lambda d: (
            d["records"].pop(),
            d["range"].update(last=4),
            d["head"].update(seq=4, hash=d["records"][-1]["hash"]),
        ),
        ("signature", None),
    ),
    "two changed places": (
        lambda d: d["records"].insert(1, d["records"].pop(2)),
        ("order", 3),
    ),
    "one said twice": (
        lambda d: d["records"].insert(1, copy.deepcopy(d["records"][0])),
        ("order", 1),
    ),
    "one put in between": (
        lambda d: d["records"].insert(4, {**d["records"][4], "hash": "11" * 32}),
        ("altered", 5),
    ),
    "one of another room": (lambda d: d["records"][0]["content"].update(room=5), ("foreign", 1)),
    "the room": (lambda d: d["room"].update(id=5), ("foreign", 1)),
    "the hash before": (lambda d: d.update(previous_hash="11" * 32), ("genesis", None)),
    "the head": (lambda d: d["head"].update(hash="11" * 32), ("head", None)),
    "a chain made anew": (rewrite, ("signature", None)),
    "the title": (lambda d: d.update(title="Other"), ("signature", None)),
    "a participant": (lambda d: d["participants"].clear(), ("signature", None)),
    "who is shown": (
        lambda d: d["records"][0]["shown"].update(who=["Bilal"]),
        ("signature", None),
    ),
    "the signature": (
        lambda d: d["signature"].update(value=base64.b64encode(bytes(64)).decode()),
        ("signature", None),
    ),
    "another key": (other_key, ("key", None)),
    "no signature": (lambda d: d.update(signature=None), ("frame", None)),
    "something more": (lambda d: d.update(note="x"), ("signature", None)),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_change_is_found_and_named(way: str) -> None:
    document = chained()
    assert judged(document).outcome == "whole"
    change, expected = WAYS[way]
    change(document)
    assert named(judged(document)) == expected


def test_a_range_in_the_middle_hangs_on_the_hash_before_it() -> None:
    document = chained(2, 4)
    assert judged(document).outcome == "whole"
    document["previous_hash"] = GENESIS
    assert named(judged(document)) == ("first", 2)
    document = chained(2, 4)
    document["records"].pop(0)
    assert named(judged(document)) == ("missing", 2)


def test_an_erased_text_leaves_the_rest_whole() -> None:
    document = chained()
    document["records"][1].update(text=None, salt=None, withheld="erased")
    assert (
        judged(signed({k: v for k, v in document.items() if k != "signature"})).outcome == "whole"
    )


def test_a_key_that_is_not_known_is_said_to_be_unknown() -> None:
    assert verify(json.dumps(chained()).encode()).outcome == "unknown_key"
    assert judged(chained(), Key(b"\x01" * 32)).outcome == "unknown_key"


def test_a_forger_with_a_key_of_their_own_is_unknown_not_whole() -> None:
    document = chained()
    rewrite(document)
    forger = Ed25519PrivateKey.generate()
    own = Key(forger.public_key().public_bytes_raw())
    document["signature"] = {
        "algorithm": "Ed25519", "key": own.id, "public": own.public.hex(),
        "value": base64.b64encode(forger.sign(unsigned(document))).decode(),
    }  # fmt: skip
    assert judged(document).outcome == "unknown_key"
    document["signature"]["key"] = KEY.id  # and under the name of ours
    assert named(judged(document)) == ("key", None)


def test_a_page_that_shows_something_else_is_found() -> None:
    page = render_page(chained())
    assert verify(page.encode(), [KEY]).outcome == "whole"
    assert verify(page.replace("\n", "\r\n").encode(), [KEY]).outcome == "whole"
    assert "<script>alert" not in page
    for old, new, expected in [
        (">Good morning</p>", ">Good evening</p>", ("page", 2)),
        (">صباح الخير</p>", "></p>", ("page", 3)),
        ('<li id="r4">', '<li id="r4" hidden>', ("page", 4)),
        ("<bdi>Amal</bdi> · ", "<bdi>Bilal</bdi> · ", ("page_frame", None)),
        ("body{", "ol{display:none}body{", ("page_frame", None)),
        ("</body>", "<p>more</p></body>", ("page_frame", None)),
    ]:
        assert page.count(old) >= 1
        assert named(verify(page.replace(old, new, 1).encode(), [KEY])) == expected
    assert named(verify((page + "more").encode(), [KEY])) == ("page_frame", None)


def pdf(document: dict[str, Any]) -> bytes:
    """Enough of a PDF: something of pages, and the attachment."""
    body = b"%PDF-1.7\npages\nstream\n" + json.dumps(document).encode() + b"\nendstream\n%%EOF"
    seal = base64.b64encode(PRIVATE.sign(seal_of(body))).decode()
    return body + SEAL + json.dumps({"key": KEY.id, "value": seal}).encode() + b"\n"


def test_a_pdf_of_which_one_byte_was_changed_is_found() -> None:
    whole = pdf(chained())
    assert verify(whole, [KEY]).outcome == "whole"
    assert named(verify(whole.replace(b"pages", b"paged"), [KEY])) == ("pages", None)
    assert named(verify(whole[: whole.rindex(SEAL)], [KEY])) == ("pages", None)
    assert named(verify(whole.replace(SEAL, b"\nmore" + SEAL), [KEY])) == ("pages", None)
    assert named(verify(whole.replace(b"morning", b"evening"), [KEY])) == ("text", 2)


def test_two_documents_in_one_file_are_none() -> None:
    page = render_page(chained())
    assert verify((page + page).encode(), [KEY]).outcome == "unreadable"
    body = b"%PDF-1.7\n" + b"".join(
        b"stream\n" + json.dumps(chained()).encode() + b"\nendstream\n" for _ in range(2)
    )
    assert verify(body, [KEY]).outcome == "unreadable"


@pytest.mark.parametrize(
    "content",
    [
        b"", b"hello", b"{}", b"[]", b"%PDF-1.7", b"\xff\xfe", b"{" * 100_000, b'{"a":' * 50_000,
        b'{"format":"majlis-transcript/2"}', b'{"format":"majlis-transcript/1","a":NaN}',
        b'{"format":"majlis-transcript/1","format":"majlis-transcript/1"}',
        b'{"format":"majlis-transcript/1","a":"\\ud800"}', b"1" * 10_000,
    ],
)  # fmt: skip
def test_what_is_no_transcript_is_unreadable(content: bytes) -> None:
    assert verify(content, [KEY]).outcome == "unreadable"


def test_a_document_without_its_parts_is_damaged() -> None:
    assert named(judged({"format": "majlis-transcript/1"})) == ("frame", None)


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [p for k, v in value.items() for p in leaves(v, (*path, k))]
    if isinstance(value, list):
        return [p for k, v in enumerate(value) for p in leaves(v, (*path, k))]
    return [path]


WHOLE = chained()
LEAVES = [path for path in leaves(WHOLE) if path != ("format",)]
OTHER = st.none() | st.booleans() | st.integers() | st.text(max_size=70) | st.just([]) | st.just({})


@given(path=st.sampled_from(LEAVES), value=OTHER)
def test_any_single_change_is_found(path: tuple[Any, ...], value: Any) -> None:
    document = copy.deepcopy(WHOLE)
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    if json.dumps(place[path[-1]]) == json.dumps(value):
        return
    place[path[-1]] = value
    assert judged(document).outcome in ("altered", "unknown_key", "unreadable")
    if path[:1] != ("signature",):
        assert judged(document).outcome != "unknown_key"


@given(at=st.integers(min_value=0), flip=st.integers(min_value=1, max_value=255))
def test_no_changed_byte_of_a_page_or_a_pdf_is_whole(at: int, flip: int) -> None:
    for content in (PAGE, FILE):
        changed = bytearray(content)
        changed[at % len(changed)] ^= flip
        assert verify(bytes(changed), [KEY]).outcome != "whole"


PAGE, FILE = render_page(WHOLE).encode(), pdf(WHOLE)


def test_keys_are_read_from_a_list_or_as_they_are() -> None:
    listed = json.dumps({"keys": [{"public": KEY.public.hex(), "from": None, "to": "2026-01-01"}]})
    assert read_keys(listed) == [Key(KEY.public, "", "2026-01-01")]
    assert read_keys(KEY.public.hex()) == read_keys(base64.b64encode(KEY.public).decode()) == [KEY]
    for wrong in ("", "abc", "{}", '{"keys":[{}]}', "00" * 31):
        with pytest.raises(ValueError):
            read_keys(wrong)
