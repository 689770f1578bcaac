"""A real server and a client that knows docs/realtime.md alone: each says what the other expects.

Every command of the document is given here, every frame that comes is held against its tables,
and every code of a refusal is met (but `failed`, which no healthy server says).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import pytest

from tests.clients import contract
from tests.clients.client import Client, Frame
from tests.messaging.test_endurance import client_of, eventually, set_stage
from tests.processes import OwnValkey, Portal

pytestmark = pytest.mark.processes

NOWHERE = 2**40  # a room that is not there
PROMISED = contract.read()


@dataclass
class Play:
    """Two delegates, an onlooker of the second's delegation, and a chair, all in one room."""

    stage: dict[str, Any]
    amal: Client
    bilal: Client
    chair: Client
    given: set[str] = field(default_factory=set)  # commands
    codes: set[str] = field(default_factory=set)

    @property
    def all(self) -> list[Client]:
        return [self.amal, self.bilal, self.chair]

    async def ask(self, client: Client, type: str, **values: Any) -> Frame:
        """The answer to a command; it must be one of those promised for it."""
        self.given.add(type)
        answers = PROMISED.commands[type]
        frame = await client.ask(type, *answers, **values)
        while frame.get("code") == "too_fast":  # whoever has just written much waits as it says
            await asyncio.sleep(frame["retry_after"])
            frame = await client.ask(type, *answers, **values)
        assert frame["type"] in answers, frame
        if "code" in frame:
            self.codes.add(frame["code"])
            assert frame["status"] == PROMISED.codes[frame["code"]]
            assert frame["reason"]
        return frame

    async def post(self, client: Client, body: str, **more: Any) -> Frame:
        values = {"room": client.room, "mandate": client.mandate, "client_id": str(uuid4())}
        return await self.ask(client, "message.post", **values | {"body": body} | more)

    async def everybody_has(self, seq: int) -> None:
        await eventually(lambda: all(c.last >= seq for c in self.all), 5, f"all have {seq}")


@pytest.fixture
async def play(
    portal_process: Callable[..., Portal], fresh_database: str, own_valkey: OwnValkey
) -> AsyncIterator[Play]:
    portal = portal_process(
        database_url=fresh_database,
        redis_url=own_valkey.url,
        MESSAGE_BURST="60",
        MESSAGES_PER_SECOND="10",  # less than the slowest machine saves
    )
    stage = await asyncio.to_thread(set_stage, portal, 2)
    await asyncio.to_thread(portal.start)
    chair = stage["chair"]
    clients = [
        client_of(portal.url, stage, 0),
        client_of(portal.url, stage, 1),
        Client(portal.url, stage["room"], session=chair["session"], mandate=chair["mandate"]),
    ]
    for client in clients:
        client.start()
    await eventually(lambda: all(c.live.is_set() for c in clients), 20, "all are there")
    yield Play(stage, *clients)
    for client in clients:
        await client.stop()


async def test_every_command_frame_and_code_of_the_document(play: Play) -> None:
    await _post_and_repeat(play)
    await _change(play)
    await _read(play)
    await _what_waits(play)
    await _leave_and_return(play)
    await _catch_up(play)
    await _write_too_fast(play)
    await _mark(play)
    await _issue(play)
    await _mute(play)
    await _lock_and_archive(play)
    await _listen_only(play)
    await _taken_out(play)

    assert PROMISED.commands.keys() - play.given == set()
    assert PROMISED.codes.keys() - play.codes == {"failed"}
    for client in play.all:
        for frame in client.frames:
            assert frame["type"] in PROMISED.frames, frame
            assert PROMISED.frames[frame["type"]].fault(frame) == ""
            for record in frame.get("records", ()):
                assert record.keys() == PROMISED.record
                assert record["kind"] in PROMISED.kinds
        numbers = [s for f in client.frames if f["type"] == "room.records" for s in _numbers(f)]
        assert numbers == sorted(set(numbers))


def _numbers(frame: Frame) -> list[int]:
    """Of the records in a frame, which says itself where it begins and ends."""
    numbers = [record["seq"] for record in frame["records"]]
    assert numbers == list(range(frame["after"] + 1, frame["head"] + 1))
    return numbers


async def _post_and_repeat(play: Play) -> None:
    assert await play.ask(play.amal, "ping") == {"type": "pong"}
    key = str(uuid4())
    saved = await play.post(play.amal, "Good morning", client_id=key)
    assert saved == {
        "type": "message.saved",
        "room": play.amal.room,
        "client_id": key,
        "seq": saved["seq"],
    }
    assert await play.post(play.amal, "Good morning", client_id=key) == saved
    await play.everybody_has(saved["seq"])
    other = await play.post(play.amal, "Good evening", client_id=key)
    assert (other["code"], other["client_id"]) == ("client_id_reused", key)
    reply = await play.post(play.bilal, "And to you", reply_to=saved["seq"])
    assert reply["seq"] == saved["seq"] + 1
    assert (await play.post(play.bilal, "  "))["code"] == "invalid"
    assert (await play.post(play.bilal, "To nothing", reply_to=NOWHERE))["code"] == "invalid"
    assert (await play.post(play.bilal, "Nowhere", room=NOWHERE))["code"] == "not_found"
    status, answer = await play.amal.send(
        "messages/", body="By form", mandate=play.amal.mandate, client_id=str(uuid4())
    )
    assert (status, answer["type"], answer["seq"]) == (200, "message.saved", reply["seq"] + 1)
    await play.everybody_has(answer["seq"])
    for client in play.all:
        assert client.record[saved["seq"]] == key


async def _change(play: Play) -> None:
    room = play.amal.room
    seq = (await play.post(play.amal, "A draft of a word"))["seq"]
    edit = {"room": room, "message": seq, "version": 1, "body": "A word"}
    edit |= {"client_id": str(uuid4())}
    done = await play.ask(play.amal, "message.edit", **edit)
    assert (done["type"], done["version"]) == ("message.edited", 2)
    assert await play.ask(play.amal, "message.edit", **edit) == done
    late = await play.ask(play.amal, "message.edit", **edit | {"client_id": str(uuid4())})
    assert (late["code"], late["version"], late["body"]) == ("changed", 2, "A word")
    theirs = await play.ask(play.bilal, "message.edit", **edit | {"version": 2})
    assert theirs["code"] == "not_yours"
    status, stands = await play.bilal.get(f"messages/{seq}/")
    assert (status, stands) == (200, {"message": seq, "version": 2, "body": "A word"})
    refused = await play.ask(play.bilal, "message.delete", room=room, message=seq, reason="No")
    assert refused["code"] == "not_yours"
    gone = await play.ask(play.chair, "message.delete", room=room, message=seq, reason="Wrong room")
    assert gone == {"type": "message.deleted", "room": room, "message": seq}
    edit |= {"version": 2, "client_id": str(uuid4())}
    assert (await play.ask(play.amal, "message.edit", **edit))["code"] == "deleted"
    await play.everybody_has(seq + 2)
    changes = [r for f in play.bilal.frames for r in f.get("records", ()) if r["message"]]
    assert [(r["kind"], r["message"]) for r in changes] == [
        ("message.edited", seq),
        ("message.deleted", seq),
    ]
    assert all(f'id="r{seq}"' in r["html"] for r in changes)


async def _read(play: Play) -> None:
    room, head = play.bilal.room, play.bilal.last
    read = {"type": "room.read", "room": room}
    for said, stands in ((2, 2), (1, 2), (head, head), (NOWHERE, head)):
        assert await play.ask(play.bilal, "room.read", room=room, seq=said) == read | {
            "seq": stands
        }
    assert (await play.ask(play.bilal, "room.read", room=NOWHERE, seq=1))["status"] == 404
    assert (await play.ask(play.bilal, "room.read", room=room, seq="x"))["status"] == 422
    assert await play.bilal.send("unread/", seq=3) == (200, read | {"seq": 2})
    assert await play.bilal.send("unread/", seq=head) == (200, read | {"seq": 2})


async def _what_waits(play: Play) -> None:
    room = play.amal.room
    for client in (play.bilal, play.chair):
        await play.ask(client, "counts.follow")
    here = await play.ask(play.chair, "presence.follow", room=room)
    assert (here["room"], len(here["institutions"])) == (room, 2)
    mention = await play.post(play.amal, f"@[delegate1](person:{play.bilal.user}), good morning")
    counts = await _counts(play.bilal, mentions=1)
    assert counts["rooms"][str(room)]["mentions"] == 1
    assert [each["seq"] for each in counts["notices"]] == [mention["seq"]]
    assert (await _counts(play.chair, mentions=0))["unread"] >= 1
    await play.ask(play.bilal, "room.read", room=room, seq=mention["seq"])
    assert (await _counts(play.bilal, mentions=0))["rooms"] == {}
    assert (await play.post(play.amal, "@[all]"))["code"] == "invalid"
    _, people = await play.amal.get("people")
    assert {"person", "delegation", "role"} == {each["kind"] for each in people["people"]}
    play.given.add("room.typing")
    assert play.amal._socket
    await play.amal._socket.send(json.dumps({"type": "room.typing", "room": room}))
    told = {"type": "room.typing", "room": room, "user": play.amal.user}
    await eventually(lambda: told in play.bilal.frames, 3, "the others see that one writes")
    assert told not in play.amal.frames


async def _counts(client: Client, mentions: int) -> Frame:
    """The last that were told, once they say so."""

    def last() -> Frame:
        return [frame for frame in client.frames if frame["type"] == "counts"][-1]

    await eventually(lambda: last()["mentions"] == mentions, 5, "what waits is told")
    return last()


async def _leave_and_return(play: Play) -> None:
    room = play.bilal.room
    assert (await play.ask(play.bilal, "room.enter", room=NOWHERE))["status"] == 404
    left = await play.ask(play.bilal, "room.leave", room=room)
    assert left == {"type": "room.left", "room": room}
    heard = len(play.bilal.frames)
    seq = (await play.post(play.amal, "Who hears this?"))["seq"]
    await eventually(lambda: play.chair.last >= seq, 5, "who is there hears it")
    await asyncio.sleep(0.3)
    assert not [f for f in play.bilal.frames[heard:] if f["type"] == "room.records"]
    entered = await play.ask(play.bilal, "room.enter", room=room)
    assert entered == {"type": "room.entered", "room": room, "head": seq}
    await play.everybody_has(seq)  # the client asked for what `head` told it was missing


async def _catch_up(play: Play) -> None:
    head = play.amal.last
    status, page = await play.amal.get("sync?after=0")
    assert (status, page["type"], page["head"], page["limited"]) == (200, "room.sync", head, False)
    assert page.keys() == {"type", "room", "head", "records", "limited"}
    assert [r["seq"] for r in page["records"]] == list(range(1, head + 1))
    _, before = await play.amal.get("sync?before=4")
    assert [r["seq"] for r in before["records"]] == [1, 2, 3]
    _, last = await play.amal.get("sync")
    assert last["records"][-1]["seq"] <= head
    assert all(r["message"] is None for r in last["records"])
    assert (await play.amal.get("sync?after=x"))[0] == 422
    assert (await play.amal.get(f"../{NOWHERE}/sync"))[0] == 404
    stranger = Client(play.amal.url, play.amal.room, session="none", mandate=0)
    assert (await stranger.get("sync"))[0] == 401
    stranger.start()
    await eventually(lambda: stranger.over == "signed out", 5, "the stranger is sent away")
    assert stranger.frames == []


async def _write_too_fast(play: Play) -> None:
    def held_back() -> bool:
        return any(f.get("code") == "too_fast" for f in play.amal.frames)

    said: list[str] = []
    while not held_back():  # however slowly the server saves, and its bucket fills meanwhile
        assert len(said) < 1000
        said += [await play.amal.write(f"{len(said) + n} of many") for n in range(20)]
        await asyncio.sleep(0.05)
    play.given.add("received")  # the client says it after every frame
    held = next(f for f in play.amal.frames if f.get("code") == "too_fast")
    assert held["retry_after"] > 0
    play.codes.add("too_fast")
    # Ten a second go through; how many were written depends on when the server said stop.
    await eventually(lambda: not play.amal.pending, 30 + len(said) / 5, "all were sent again")
    await eventually(
        lambda: all(play.amal.acknowledged.get(key) in play.amal.record for key in said),
        10,
        "and stand in the record where it was said",
    )
    await play.everybody_has(play.amal.last)


async def _mark(play: Play) -> None:
    room = play.amal.room
    seq = (await play.post(play.chair, "Please confirm"))["seq"]
    at = {"room": room, "message": seq}
    reacted = {"type": "message.reacted", **at, "kind": "agree", "on": True}
    for _ in range(2):
        assert await play.ask(play.amal, "message.react", **at, kind="agree", on=True) == reacted
    mandate = play.amal.mandate
    early = await play.ask(play.amal, "message.acknowledge", **at, mandate=mandate)
    assert (early["code"], early["command"]) == ("not_asked", "message.acknowledge")
    assert (await play.ask(play.bilal, "acknowledgement.ask", **at))["code"] == "not_yours"
    asked = {"type": "acknowledgement.asked", **at}
    assert await play.ask(play.chair, "acknowledgement.ask", **at) == asked
    given = await play.ask(play.amal, "message.acknowledge", **at, mandate=mandate)
    assert given["type"] == "message.acknowledged"
    for number in range(21):
        pinned = {"room": room, "message": seq - number, "on": True}
        answer = await play.ask(play.chair, "message.pin", **pinned)
        if number < 20:
            assert answer == {"type": "message.pinned", **pinned}
    assert answer["code"] == "too_many"


async def _issue(play: Play) -> None:
    room, key = play.amal.room, str(uuid4())
    said = {"body": "We declare.", "mandate": play.amal.mandate, "client_id": key}
    await play.amal.send("statements/new/", step="issue", **said)
    await eventually(lambda: key in play.amal.record.values(), 5, "the statement is there")
    [seq] = [number for number, id in play.amal.record.items() if id == key]
    edit = {
        "room": room,
        "message": seq,
        "version": 1,
        "body": "We ask.",
        "client_id": str(uuid4()),
    }
    assert (await play.ask(play.amal, "message.edit", **edit))["code"] == "issued"
    missing = await play.post(play.amal, "With a file", files=[NOWHERE])
    assert (missing["code"], missing["files"]) == ("files_missing", [NOWHERE])


async def _mute(play: Play) -> None:
    address = f"mutes/{play.amal.user}/"
    assert (await play.chair.send(address, length="hour", reason="To calm down"))[0] == 200
    assert (await play.post(play.amal, "But"))["code"] == "muted"
    assert (await play.chair.send(f"{address}end/"))[0] == 200
    assert (await play.post(play.amal, "Calm again"))["type"] == "message.saved"


async def _lock_and_archive(play: Play) -> None:
    for act, undo, code in (("lock", "unlock", "locked"), ("archive", "reopen", "archived")):
        assert (await play.chair.send("state/", act=act))[0] == 200
        assert (await play.post(play.bilal, "Too late"))["code"] == code
        _, standing = await play.bilal.get("standing")
        assert standing.keys() == {"type", "room", "writes", "code", "reason", "people"}
        assert (standing["type"], standing["writes"]) == ("room.standing", False)
        assert standing["code"] == code
        assert (await play.chair.send("state/", act=undo))[0] == 200
    assert (await play.post(play.bilal, "In time"))["type"] == "message.saved"


async def _listen_only(play: Play) -> None:
    participant = play.stage["participants"]["NG"]
    await play.chair.send(f"participants/{participant}/", role="observer")
    assert (await play.post(play.amal, "I only listen"))["code"] == "read_only"
    _, standing = await play.amal.get("standing")
    assert (standing["writes"], standing["code"]) == (False, "read_only")


async def _taken_out(play: Play) -> None:
    participant = play.stage["participants"]["NG"]
    seq = play.amal.last
    await play.chair.send(f"participants/{participant}/removal/", reason="As agreed")
    closed = {"type": "room.closed", "room": play.amal.room}
    await eventually(lambda: closed in play.amal.frames, 2, "the room is closed to them")
    after = await play.post(play.chair, "Among ourselves")
    other = play.stage["participants"]["KR"]
    await play.chair.send(f"participants/{other}/", role="observer")
    alone = {"room": play.chair.room, "message": after["seq"]}
    assert (await play.ask(play.chair, "acknowledgement.ask", **alone))["code"] == "nobody"
    await eventually(lambda: play.bilal.last >= after["seq"], 5, "the others hear")
    assert play.amal.last <= seq + 1
    assert (await play.amal.get("sync?after=0"))[0] == 404
    assert (await play.post(play.amal, "Once more"))["code"] == "not_found"


async def test_what_is_not_of_the_protocol_ends_the_connection(play: Play) -> None:
    assert play.amal._socket
    await play.amal._socket.send('{"type": "room.destroy"}')
    await eventually(lambda: play.amal.over == "at fault", 5, "who speaks nonsense stays away")
    assert play.amal.connections == 1
    assert play.bilal.over == play.chair.over == ""
