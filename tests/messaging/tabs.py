"""A browser's tab in Python, against a real server: reconnects, resends, catches up.

It does what the page's modules do, in as few lines: the protocol's second implementation.
"""

import asyncio
import json
import random
import urllib.request
from contextlib import suppress
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import WebSocketException

RESEND = 5.0  # seconds without an acknowledgement before a message goes out again


class Tab:
    """`record` is the room as this tab has it: number -> client id (None for other acts)."""

    def __init__(self, url: str, stage: dict[str, Any], writer: int) -> None:
        self.url = url
        self.room = stage["room"]
        self.user = stage["writers"][writer]
        self.cookie = f"sessionid={self.user['session']}"
        self.record: dict[int, str | None] = {}
        self.pending: dict[str, str] = {}  # client id -> body, in the order of writing
        self.acknowledged: dict[str, int] = {}  # client id -> number
        self.refused: list[dict[str, Any]] = []
        self.connections = 0
        self.live = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None
        self._sync_lock = asyncio.Lock()

    @property
    def last(self) -> int:
        return len(self.record)

    def start(self) -> "Tab":
        self.task = asyncio.create_task(self._stay_connected())
        return self

    async def stop(self) -> None:
        assert self.task
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    async def write(self, body: str) -> str:
        """Put a message into the outbox and on the wire; returns its client id."""
        key = str(uuid4())
        self.pending[key] = body
        await self._post(key)
        return key

    async def sync(self) -> None:
        """Ask for what is missing, until nothing is. Raises OSError where nobody answers."""
        async with self._sync_lock:
            while True:
                page = await asyncio.to_thread(self._get, f"sync?after={self.last}")
                self._take(page["records"])
                if not page["limited"]:
                    return

    def _get(self, path: str) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  loopback
            f"{self.url}/en/rooms/{self.room}/{path}", headers={"Cookie": self.cookie}
        )
        with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
            answer: dict[str, Any] = json.load(response)
        return answer

    def _take(self, records: list[dict[str, Any]]) -> None:
        for record in records:
            if record["seq"] <= self.last:
                continue
            assert record["seq"] == self.last + 1, "a page of the record has a gap"
            self.record[record["seq"]] = record["client_id"]
            self.pending.pop(record["client_id"], None)

    async def _post(self, key: str) -> None:
        if self._socket and self.live.is_set():
            with suppress(WebSocketException, OSError):
                await self._socket.send(
                    json.dumps(
                        {
                            "type": "message.post",
                            "room": self.room,
                            "mandate": self.user["mandate"],
                            "client_id": key,
                            "body": self.pending[key],
                        }
                    )
                )

    async def _stay_connected(self) -> None:
        while True:
            with suppress(WebSocketException, OSError):
                await self._connected()
            self.live.clear()
            await asyncio.sleep(random.uniform(0.05, 0.2))  # noqa: S311

    async def _connected(self) -> None:
        address = self.url.replace("http", "ws", 1) + "/ws/?language=en"
        headers = {"Cookie": self.cookie}
        async with connect(address, origin=self.url, additional_headers=headers) as socket:  # type: ignore[arg-type]
            self._socket = socket
            assert json.loads(await socket.recv())["type"] == "welcome"
            self.connections += 1
            await socket.send(json.dumps({"type": "room.enter", "room": self.room}))
            self.live.set()
            resender = asyncio.create_task(self._resend())
            try:
                async for text in socket:
                    await self._hear(json.loads(text))
                    await socket.send(json.dumps({"type": "received", "frames": 1}))
            finally:
                resender.cancel()

    async def _resend(self) -> None:
        while True:
            for key in tuple(self.pending):
                if key in self.pending:
                    await self._post(key)
            await asyncio.sleep(RESEND)

    async def _hear(self, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "room.records" if frame["after"] <= self.last:
                self._take(frame["records"])
            case "room.records" | "room.entered" | "room.head":
                if frame["head"] > self.last:
                    await self.sync()
            case "message.saved":
                self.acknowledged[frame["client_id"]] = frame["seq"]
                self.pending.pop(frame["client_id"], None)
            case "message.refused":
                self.refused.append(frame)
