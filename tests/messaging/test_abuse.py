"""What strangers, broken clients and bad lines do to a real server process."""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest

from portal.templatetags.portal import paragraphs
from tests.growth import LINEAR, growth
from tests.messaging.raw import BINARY, CLOSE, GONE, PING, PONG, TEXT, Raw, frame
from tests.messaging.test_endurance import (
    assert_whole,
    client_of,
    eventually,
    keep_writing,
    set_stage,
)
from tests.processes import OwnValkey, Portal, free_port

pytestmark = pytest.mark.processes

Make = Callable[..., Portal]
FROZEN = float(os.environ.get("FROZEN", "0"))  # seconds without reading; 300 show no more


def post(stage: dict[str, Any], writer: int, body: str = "Good morning") -> dict[str, Any]:
    return {
        "type": "message.post",
        "room": stage["room"],
        "mandate": stage["writers"][writer]["mandate"],
        "client_id": str(uuid4()),
        "body": body,
    }


async def begun(portal: Portal, writers: int) -> dict[str, Any]:
    stage = await asyncio.to_thread(set_stage, portal, writers)
    await asyncio.to_thread(portal.start)
    return stage


async def test_300_messages_at_once_are_held_and_another_is_heard_within_a_second(
    portal_process: Make, fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(database_url=fresh_database, redis_url=own_valkey.url)
    stage = await begun(portal, 3)
    flooding, other, reader = [
        await Raw.open(portal.url, person["session"]) for person in stage["writers"]
    ]
    for socket in (other, reader):
        socket.say(type="room.enter", room=stage["room"])
        await socket.hear("room.entered")
    began = time.monotonic()
    for _ in range(300):
        flooding.say(**post(stage, 0))
    await asyncio.sleep(0.05)
    said = post(stage, 1)
    sent = time.monotonic()
    other.say(**said)
    keys: set[str] = set()
    async with asyncio.timeout(5):
        while said["client_id"] not in keys:
            records = (await reader.hear("room.records"))["records"]
            keys |= {record["client_id"] for record in records}
    assert time.monotonic() - sent <= 1
    answers = [await flooding.hear("message.saved", "message.refused") for _ in range(300)]
    saved = sum(answer["type"] == "message.saved" for answer in answers)
    assert 40 <= saved <= 40 + 5 * (time.monotonic() - began) + 1
    refused = [answer for answer in answers if answer["type"] == "message.refused"]
    assert {(each["status"], each["code"]) for each in refused} == {(429, "too_fast")}
    assert all(each["retry_after"] > 0 for each in refused)
    # The one after the last refusal may have been let through again, and its turn be longer.
    await asyncio.sleep(max(each["retry_after"] for each in refused))
    flooding.say(**post(stage, 0))  # `retry_after` was right
    assert (await flooding.hear("message.saved", "message.refused"))["type"] == "message.saved"
    for socket in (flooding, other, reader):
        socket.close()


DEEP = b'{"type":"ping","x":' + b"[" * 30_000
MALFORMED: dict[str, bytes] = {
    "no JSON": frame(TEXT, b"{"),
    "nothing": frame(TEXT, b""),
    "a number": frame(TEXT, b"1e999"),
    "not a number": frame(TEXT, b'{"type":"room.read","room":NaN,"seq":NaN}'),
    "a list": frame(TEXT, b"[]"),
    "deep": frame(TEXT, DEEP),
    "deep and closed": frame(TEXT, b'{"type":"ping","x":' + b"[" * 9_000 + b"]" * 9_000 + b"}"),
    "a long number": frame(TEXT, b'{"type":"room.enter","room":' + b"9" * 30_000 + b"}"),
    "too long": frame(TEXT, b'{"type":"ping","x":"' + b"x" * 40_000 + b'"}'),
    "far too long": frame(TEXT, b"x" * 200_000),
    "too long in parts": frame(TEXT, b"x" * 60_000, last=False)
    + frame(0, b"x" * 60_000, last=False)
    + frame(0, b"x" * 60_000),
    "a length of 2^62": bytes([0x81, 0xFF]) + (2**62).to_bytes(8, "big") + bytes(4),
    "a length of 2^63": bytes([0x81, 0xFF]) + (2**63).to_bytes(8, "big") + bytes(4),
    "NUL": frame(TEXT, b'{"type":"pi\x00ng"}'),
    "an escaped NUL": frame(TEXT, b'{"type":"room.enter","room":"\\u0000"}'),
    "a lone surrogate": frame(TEXT, b'{"type":"\\ud800"}'),
    "a surrogate as UTF-8": frame(TEXT, b'{"type":"\xed\xa0\x80"}'),
    "no UTF-8": frame(TEXT, b"\xff\xfe{}"),
    "binary": frame(BINARY, b'{"type":"ping"}'),
    "empty binary": frame(BINARY, b""),
    "an unknown opcode": frame(3, b"x"),
    "an unknown control": frame(11, b"x"),
    "a part of nothing": frame(0, b"x"),
    "a part within parts": frame(TEXT, b"{", last=False) + frame(TEXT, b"{"),
    "a ping in parts": frame(PING, b"x", last=False),
    "a long ping": frame(PING, b"x" * 126),
    "unmasked": frame(TEXT, b'{"type":"ping"}', masked=False),
    "reserved bits": bytes([0xF1, 0x80]) + bytes(4),
    "a close of one byte": frame(CLOSE, b"x"),
    "a close of 1011": frame(CLOSE, (1011).to_bytes(2, "big")),
    "a close of 9999": frame(CLOSE, (9999).to_bytes(2, "big")),
    "a close with no UTF-8": frame(CLOSE, (1000).to_bytes(2, "big") + b"\xff"),
    "no type": frame(TEXT, b'{"room":1}'),
    "a list for a type": frame(TEXT, b'{"type":["ping"]}'),
    "an unknown type": frame(TEXT, b'{"type":"no.such"}'),
    "twice a key": frame(TEXT, b'{"type":"ping","type":"no.such"}'),
    "an object for a room": frame(TEXT, b'{"type":"room.enter","room":{}}'),
    "true for a room": frame(TEXT, b'{"type":"room.enter","room":true}'),
    "a room of 2^63": frame(TEXT, b'{"type":"room.enter","room":9223372036854775808}'),
    "a mark of 2^63": frame(TEXT, b'{"type":"room.read","room":ROOM,"seq":9223372036854775808}'),
    "a mark with NUL": frame(TEXT, b'{"type":"room.read","room":ROOM,"seq":"\\u0000"}'),
    "half a frame": b"\x81",
}
NONSENSE: list[Any] = [None, True, 1.5, -1, 2**70, "", "\0", "\ud800", [], {}, [[]], "x" * 10_001]
ALLOWED = {1000, 1002, 1007, 1009, 4400}  # a clean close, by the protocol's own fault or ours


async def test_every_malformed_frame_is_answered_or_closed_cleanly(
    portal_process: Make, fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=fresh_database, redis_url=own_valkey.url, MESSAGE_BURST="1000"
    )
    stage = await begun(portal, 1)
    [person] = stage["writers"]
    told = {}
    for name, data in MALFORMED.items():
        socket = await Raw.open(portal.url, person["session"])
        room = str(stage["room"]).encode()
        socket.writer.write(
            frame(TEXT, data[6:].replace(b"ROOM", room)) if b"ROOM" in data else data
        )
        if name == "half a frame":
            socket.writer.write_eof()
            answer = {"type": "closed", "code": 1000}
        else:
            async with asyncio.timeout(5):
                answer = await socket.hear()
        if answer["type"] == "closed":
            ended = {GONE} if name.startswith("a close") else set()  # it has said goodbye itself
            assert answer["code"] in ALLOWED | ended, (name, answer)
        else:
            assert answer["type"] in {"error", "pong"}, (name, answer)
            socket.say(type="ping")
            assert (await socket.hear())["type"] == "pong", name
        told[name] = answer
        socket.close()
    assert told["binary"] == told["deep"] == {"type": "closed", "code": 4400}
    assert told["a room of 2^63"]["code"] == "not_found"

    socket = await Raw.open(portal.url, person["session"])
    fields = ("room", "mandate", "client_id", "body")
    wrong = [{**post(stage, 0), field: value} for field in fields for value in NONSENSE]
    wrong += [{k: v for k, v in post(stage, 0).items() if k != field} for field in fields]
    good = 0
    for payload in wrong:
        socket.say(**payload)
        answer = await socket.hear()
        good += answer["type"] == "message.saved"
        assert answer["type"] in {"message.saved", "message.refused"}, (payload, answer)
        assert answer.get("status") in {None, 404, 422}, (payload, answer)
    assert good <= len(NONSENSE)  # a number for a text is a text
    for part in (b'{"type"', b":", b'"ping"}'):  # what is in parts, with a ping between
        socket.writer.write(
            frame(TEXT if part[0] == 123 else 0, part, last=part[-1] == 125) + frame(PING, b"!")
        )
    kinds = [(await socket.next())[0] for _ in range(4)]
    assert (kinds.count(PONG), kinds.count(TEXT)) == (3, 1)
    socket.close()
    log = portal.log.read_text()
    assert "Traceback" not in log
    assert "ERROR" not in log
    assert portal.answers()


async def test_floods_end_the_socket_and_leave_the_server_its_memory(
    portal_process: Make, fresh_database: str, own_valkey: OwnValkey
) -> None:
    import psutil  # noqa: PLC0415

    portal = portal_process(database_url=fresh_database, redis_url=own_valkey.url)
    stage = await begun(portal, 2)
    assert portal.process
    server = psutil.Process(portal.process.pid)
    session = stage["writers"][0]["session"]

    async def flood(data: bytes, megabytes: int) -> bool:
        """Send without reading; whether the server had enough before so much was sent."""
        socket = await Raw.open(portal.url, session, small=True)
        with_many = data * (2**16 // len(data))
        try:
            async with asyncio.timeout(15):
                for _ in range(megabytes * 16):
                    socket.writer.write(with_many)
                    await socket.writer.drain()
        except ConnectionError:
            return True
        except TimeoutError:
            pass
        finally:
            socket.close()
        return False

    before = server.memory_info().rss
    assert await flood(frame(PING, b"x" * 125), 40)
    assert server.memory_info().rss - before < 20 * 2**20
    await flood(frame(TEXT, b'{"type":"ping"}'), 2)
    other = await Raw.open(portal.url, stage["writers"][1]["session"])
    other.say(type="ping")
    async with asyncio.timeout(1):
        assert await other.hear() == {"type": "pong"}
    assert server.memory_info().rss - before < 60 * 2**20
    other.close()
    log = portal.log.read_text()
    assert "Traceback" not in log
    assert "ERROR" not in log


async def test_who_does_not_read_is_cut_off_and_has_all_500_after_waking(
    portal_process: Make, fresh_database: str, own_valkey: OwnValkey
) -> None:
    portal = portal_process(
        database_url=fresh_database, redis_url=own_valkey.url, MESSAGE_BURST="10000"
    )
    stage = await begun(portal, 2)
    frozen = await Raw.open(portal.url, stage["writers"][1]["session"], small=True)
    frozen.say(type="room.enter", room=stage["room"])
    await frozen.hear("room.entered")
    frozen.reader._transport.pause_reading()  # type: ignore[attr-defined]

    written = []
    for _ in range(5):
        # Another each time: while it waits for the sleeper it answers no ping.
        writing = await Raw.open(portal.url, stage["writers"][0]["session"])
        batch = [post(stage, 0, "x" * 9_000) for _ in range(100)]
        for said in batch:
            writing.say(**said)
        for said in batch:
            async with asyncio.timeout(5):
                assert (await writing.hear("message.saved"))["client_id"] == said["client_id"]
        writing.close()
        written += [said["client_id"] for said in batch]
        await asyncio.sleep(FROZEN / 5)

    frozen.reader._transport.resume_reading()  # type: ignore[attr-defined]
    heard: list[str] = []
    async with asyncio.timeout(10):
        while (answer := await frozen.hear())["type"] != "closed":
            heard += [record["client_id"] for record in answer["records"]]
    assert len(heard) < 400  # what had not left when the server had enough
    assert heard == written[: len(heard)]
    tab = client_of(portal.url, stage, 1).start()
    await eventually(lambda: len([k for k in tab.record.values() if k]) == 500, 10, "all came")
    assert [key for key in tab.record.values() if key] == written
    await tab.stop()
    frozen.close()


class Proxy:
    """A line between tabs and a server that breaks again and again."""

    def __init__(self, port: int, to: int) -> None:
        self.port, self.to = port, to
        self.lines: set[asyncio.StreamWriter] = set()
        self.cuts = 0

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self.port)

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self.to)
        ends = {writer, back}
        self.lines |= ends
        await asyncio.gather(
            self._pour(reader, back), self._pour(there, writer), return_exceptions=True
        )
        for end in ends:
            end.transport.abort()
        self.lines -= ends

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        while data := await source.read(2**16):
            into.write(data)
            await into.drain()
        into.transport.abort()

    def cut(self) -> None:
        self.cuts += 1
        for end in tuple(self.lines):
            end.transport.abort()

    def stop(self) -> None:
        self._server.close()
        self.cut()


async def test_a_proxy_that_cuts_the_line_again_and_again_loses_nothing(
    portal_process: Make, fresh_database: str, own_valkey: OwnValkey
) -> None:
    port = free_port()
    portal = portal_process(
        database_url=fresh_database,
        redis_url=own_valkey.url,
        MESSAGE_BURST="10000",
        ORIGINS=f"http://127.0.0.1:{port}",
    )
    stage = await begun(portal, 3)
    proxy = Proxy(port, portal.port)
    await proxy.start()
    tabs = [client_of(f"http://127.0.0.1:{port}", stage, n).start() for n in range(3)]
    await eventually(lambda: all(t.live.is_set() for t in tabs), 20, "all are there")
    enough = asyncio.Event()
    writing = [asyncio.create_task(keep_writing(tab, 0.02, enough)) for tab in tabs]
    for _ in range(6):
        await asyncio.sleep(0.5)
        proxy.cut()
    enough.set()
    written = [key for keys in await asyncio.gather(*writing) for key in keys]
    await eventually(lambda: not any(t.pending for t in tabs), 20, "all pending were sent")
    await asyncio.gather(*(tab.sync() for tab in tabs))
    for tab in tabs:
        await tab.stop()
        assert tab.connections >= 4
    assert len(written) > 30
    assert_whole(tabs, written)
    assert "Traceback" not in portal.log.read_text()
    proxy.stop()


def test_a_word_of_ten_thousand_letters_is_written_out_at_once() -> None:
    word = "x" * 10_000
    assert word in paragraphs(word)
    assert growth(lambda number: paragraphs("x" * number), 1000) < LINEAR
