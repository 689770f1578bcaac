"""The measurements, the same for the portal and for the baselines. Each is bounded in time and
in messages, ends only when every message has reached every socket, and says so when one has not.
"""

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import psutil

from tests.bench.wire import MARK, Wire

TEXT = " The delegations agree to meet again." * 5
PATIENCE = 30.0  # seconds for what must come
MOST = 400  # messages of one socket in one measurement: the portal allows a burst of 500 frames


@dataclass
class Size:
    """How much is measured. The sums of a whole run are in docs/performance.md."""

    few: int = 200  # sockets in the room
    many: int = 500
    rounds: int = 3
    latency_seconds: float = 4.0
    loop_seconds: float = 2.0
    writers: int = 16  # sockets of the acknowledgement test
    messages: int = 1_000_000  # in the room with a past
    messages_few: int = 1_000  # in the room beside it
    rooms: int = 200  # of one person
    openings: int = 21  # of each page in a round, three at the least
    listed: tuple[int, int, int] = (10_000, 100_000, 10_000)  # institutions, people, applications
    listed_few: int = 100  # of each, in the portal beside it


@dataclass
class Target:
    """A server that runs, and who may enter its room."""

    name: str
    port: int
    process: int
    room: int
    people: list[dict[str, Any]]  # mandate and session of each
    deliveries: int = 0  # since the last message was numbered 0
    frames: int = 0  # in which they came
    delays: list[float] = field(default_factory=list)
    _sent: list[float] = field(default_factory=list)
    _last: float = 0.0

    async def join(self, people: Iterator[dict[str, Any]], number: int) -> list["Speaker"]:
        """Open `number` sockets at once and enter the room with each. None may fail."""

        async def one(person: dict[str, Any]) -> Speaker:
            wire = await Wire(self.port, person["session"], self._heard).open()
            await wire.hear("welcome")
            wire.send({"type": "room.enter", "room": self.room})
            await wire.hear("room.entered")
            return Speaker(self, wire, person["mandate"])

        async with asyncio.timeout(PATIENCE):
            return list(await asyncio.gather(*(one(next(people)) for _ in range(number))))

    def begin(self) -> None:
        self.deliveries, self.frames, self.delays, self._sent = 0, 0, [], []

    def number(self) -> int:
        """The number of the message that is sent now."""
        self._sent.append(time.perf_counter())
        return len(self._sent) - 1

    @property
    def said(self) -> int:
        return len(self._sent)

    async def delivered(self, listeners: list["Speaker"]) -> float:
        """Wait until everyone has heard everything; the seconds since the first was sent."""
        wanted = len(self._sent) * len(listeners)
        end = time.perf_counter() + PATIENCE
        while self.deliveries < wanted and time.perf_counter() < end:
            await asyncio.sleep(0.005)
        if self.deliveries != wanted:
            closed = sorted({s.wire.closed for s in listeners if s.wire.closed})
            raise RuntimeError(f"{self.name}: {self.deliveries} of {wanted} arrived {closed}")
        return self._last - self._sent[0]

    def cpu(self) -> float:
        """Seconds of processor that the server process has taken."""
        return sum(psutil.Process(self.process).cpu_times()[:2])

    def memory(self) -> int:
        """Resident bytes of the server process."""
        return int(psutil.Process(self.process).memory_info().rss)

    def _heard(self, numbers: list[bytes], moment: float) -> None:
        self.frames += 1
        self.deliveries += len(numbers)
        self.delays += [moment - self._sent[int(number)] for number in numbers]
        self._last = moment


@dataclass
class Speaker:
    """A socket in the room."""

    target: Target
    wire: Wire
    mandate: int

    async def say(self) -> None:
        """Post a message and wait until it is acknowledged."""
        key = str(uuid4())
        answered = self.wire.saved[key] = asyncio.get_running_loop().create_future()
        self.wire.send(
            {
                "type": "message.post",
                "room": self.target.room,
                "mandate": self.mandate,
                "client_id": key,
                "body": f"{MARK}{self.target.number()}.{TEXT}",
            }
        )
        frame = await asyncio.wait_for(answered, PATIENCE)
        if frame["type"] != "message.saved":
            raise RuntimeError(f"{self.target.name} refused a message: {frame}")

    async def say_until(self, end: float, most: int = MOST) -> int:
        """Say one thing after another; returns how many were acknowledged."""
        said = 0
        while time.perf_counter() < end and said < most:
            await self.say()
            said += 1
        return said


async def measure(target: Target, size: Size, wanted: set[str]) -> dict[str, float]:
    """One round of one server, of the figures `wanted`. Returns what was measured, by key."""
    people = iter(target.people)
    speakers = await target.join(people, size.writers)
    await asyncio.gather(*(speaker.say() for speaker in speakers for _ in range(3)))  # warm now
    await target.delivered(speakers)
    found: dict[str, float] = {}
    if "posts" in wanted:
        for key, flying in (("one", 1), ("many", size.writers)):
            before = target.cpu()
            found[f"posts_{key}"] = await acknowledged(target, speakers, flying, size.loop_seconds)
            found[f"cpu_ms_post_{key}"] = (target.cpu() - before) / target.said * 1000
    for speaker in speakers:
        speaker.wire.close()
    await asyncio.sleep(0.3)
    crowded = wanted & {"join", "memory", "latency"}
    if crowded:
        memory, began = target.memory(), time.perf_counter()
        speakers = await target.join(iter(target.people), size.many)
        found["join"] = time.perf_counter() - began
        await asyncio.sleep(0.5)
        found["memory"] = (target.memory() - memory) / 1024 / size.many
        if "latency" in wanted:
            found |= percentiles("many", await latency(target, speakers, size.latency_seconds))
        for speaker in speakers[size.few :]:
            speaker.wire.close()
        speakers = speakers[: size.few]
        await asyncio.sleep(0.3)
    elif "fanout" in wanted or "cpu" in wanted:
        speakers = await target.join(iter(target.people), size.few)
    if "latency" in wanted:
        found |= percentiles("few", await latency(target, speakers, size.latency_seconds))
    if "fanout" in wanted or "cpu" in wanted:
        before = target.cpu()
        found["fanout"] = await closed_loop(target, speakers, size.loop_seconds)
        found["cpu"] = (target.cpu() - before) / target.deliveries * 100_000
        found["frames_per_100_deliveries"] = 100 * target.frames / target.deliveries
    for speaker in speakers:
        speaker.wire.close()
    await asyncio.sleep(0.1)  # a closed socket goes in the loop's next turn
    return found


def percentiles(key: str, delays: list[float]) -> dict[str, float]:
    return {
        f"p50_{key}": statistics.median(delays) * 1000,
        f"p99_{key}": statistics.quantiles(delays, n=100)[98] * 1000,
    }


async def latency(target: Target, speakers: list[Speaker], seconds: float) -> list[float]:
    """Seconds from sending to hearing, of every delivery, at ten messages a second."""
    target.begin()
    began = time.perf_counter()
    said = []
    for number in range(int(seconds * 10)):
        await asyncio.sleep(max(0.0, began + number / 10 - time.perf_counter()))
        said.append(asyncio.create_task(speakers[number % len(speakers)].say()))
    await asyncio.gather(*said)
    await target.delivered(speakers)
    return target.delays


async def closed_loop(target: Target, speakers: list[Speaker], seconds: float) -> float:
    """Deliveries a second: four people write, each with two messages on the way."""
    target.begin()
    end = time.perf_counter() + seconds
    await asyncio.gather(*(s.say_until(end, MOST // 2) for s in speakers[:4] for _ in range(2)))
    took = await target.delivered(speakers)
    return target.deliveries / took


async def acknowledged(
    target: Target, speakers: list[Speaker], flying: int, seconds: float
) -> float:
    """Posts acknowledged a second, by so many people with one message on the way each."""
    target.begin()
    began = time.perf_counter()
    said = await asyncio.gather(
        *(s.say_until(began + seconds) for s in speakers[-flying:])  # the first speak later on
    )
    took = time.perf_counter() - began
    await target.delivered(speakers)
    return sum(said) / took
