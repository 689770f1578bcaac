"""A client in Python that was written from docs/realtime.md and uses nothing else of the portal.

It does what the page's modules do, in as few lines: reconnects, resends, catches up. It is the
protocol's second implementation, and what the tests hold against real servers.
"""

import asyncio
import json
import random
import secrets
import urllib.error
import urllib.request
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException

RESEND = 5.0  # seconds without an acknowledgement before a message goes out again
AT_FAULT = (4400, 1002, 1007, 1009)
SIGNED_OUT = 4401

Frame = dict[str, Any]


class Client:
    """`record` is the room as this client has it: number -> client id (None for other acts).

    `session` is the web session's key, `mandate` the number of the one to speak by. What was heard
    is in `frames`, in order; `over` says why it stays away, "" while it does not.
    """

    def __init__(self, url: str, room: int, *, session: str, mandate: int, name: str = "") -> None:
        self.url, self.room, self.mandate, self.name = url, room, mandate, name
        self.csrf = secrets.token_hex(16)
        self.cookie = f"sessionid={session}; csrftoken={self.csrf}"
        self.user = 0
        self.record: dict[int, str | None] = {}
        self.pending: dict[str, Frame] = {}  # client id -> the command, in the order of writing
        self.acknowledged: dict[str, int] = {}  # client id -> number
        self.refused: list[Frame] = []
        self.frames: list[Frame] = []
        self.connections = 0
        self.over = ""
        self.live = asyncio.Event()
        self.task: asyncio.Task[None] | None = None
        self._socket: ClientConnection | None = None
        self._waiting: set[asyncio.Task[None]] = set()
        self._sync_lock = asyncio.Lock()
        self._asked: list[tuple[set[str], str | None, asyncio.Future[Frame]]] = []

    @property
    def last(self) -> int:
        return len(self.record)

    def start(self) -> "Client":
        self.task = asyncio.create_task(self._stay_connected())
        return self

    async def stop(self) -> None:
        assert self.task
        self.task.cancel()
        with suppress(asyncio.CancelledError):
            await self.task

    # --- What a person does ---------------------------------------------------------------------

    async def write(self, body: str, **more: Any) -> str:
        """Put a message into the outbox and on the wire; returns its client id."""
        key = str(uuid4())
        self.pending[key] = {
            "type": "message.post",
            "room": self.room,
            "mandate": self.mandate,
            "client_id": key,
            "body": body,
            **more,
        }
        await self._post(key)
        return key

    async def ask(self, type: str, *answers: str, **values: Any) -> Frame:
        """Send a command; returns the first frame of `answers` (or `error`) that comes for it."""
        answer: asyncio.Future[Frame] = asyncio.get_running_loop().create_future()
        self._asked.append(({*answers, "error"}, values.get("client_id"), answer))
        assert self._socket
        await self._socket.send(json.dumps({"type": type, **values}))
        async with asyncio.timeout(10):
            return await answer

    async def get(self, path: str) -> tuple[int, Any]:
        """Status and JSON of an address below the room's; of other bodies None."""
        return await asyncio.to_thread(self._http, path, None)

    async def send(self, path: str, **values: Any) -> tuple[int, Any]:
        """The same of a form that is posted there."""
        return await asyncio.to_thread(self._http, path, values)

    async def sync(self) -> None:
        """Ask for what is missing, until nothing is. Raises OSError where nobody answers."""
        async with self._sync_lock:
            while True:
                status, page = await self.get(f"sync?after={self.last}")
                if status != 200:
                    raise OSError(status)
                self._take(page["records"])
                if not page["limited"]:
                    return

    # --- Inside ---------------------------------------------------------------------------------

    def _http(self, path: str, values: dict[str, Any] | None) -> tuple[int, Any]:
        headers = {"Cookie": self.cookie, "Accept": "application/json"}
        data = None
        if values is not None:
            data = urlencode(values).encode()
            headers |= {"X-CSRFToken": self.csrf, "Origin": self.url}
        request = urllib.request.Request(  # noqa: S310  loopback
            f"{self.url}/en/rooms/{self.room}/{path}", data=data, headers=headers
        )
        try:
            with urllib.request.urlopen(request, timeout=10) as response:  # noqa: S310
                return response.status, _json(response)
        except urllib.error.HTTPError as error:
            return error.code, _json(error)

    def _take(self, records: list[Frame]) -> None:
        for record in records:
            if record["seq"] <= self.last:
                continue
            assert record["seq"] == self.last + 1, "a page of the record has a gap"
            self.record[record["seq"]] = record["client_id"]
            self.pending.pop(record["client_id"], None)

    async def _post(self, key: str) -> None:
        if self._socket and self.live.is_set():
            with suppress(WebSocketException, OSError):
                await self._socket.send(json.dumps(self.pending[key]))

    async def _stay_connected(self) -> None:
        while not self.over:
            with suppress(WebSocketException, OSError):
                await self._connected()
            self.live.clear()
            await asyncio.sleep(random.uniform(0.05, 0.2))  # noqa: S311

    async def _connected(self) -> None:
        address = self.url.replace("http", "ws", 1) + "/ws/?language=en"
        headers = {"Cookie": self.cookie}
        async with connect(address, origin=self.url, additional_headers=headers) as socket:  # type: ignore[arg-type]
            self._socket = socket
            resender = None
            try:
                async for text in socket:
                    frame = json.loads(text)
                    if frame["type"] == "welcome":
                        resender = asyncio.create_task(self._resend())
                    await self._hear(frame)
            except ConnectionClosed:
                pass
            finally:
                if resender:
                    resender.cancel()
            if socket.close_code == SIGNED_OUT:
                self.over = "signed out"
            elif socket.close_code in AT_FAULT:
                self.over = "at fault"

    async def _resend(self) -> None:
        while True:
            for key in tuple(self.pending):
                if key in self.pending:
                    await self._post(key)
            await asyncio.sleep(RESEND)

    async def _again(self, key: str, seconds: float) -> None:
        await asyncio.sleep(seconds)
        if key in self.pending:
            await self._post(key)

    async def _hear(self, frame: Frame) -> None:
        assert self._socket
        self.frames.append(frame)
        match frame["type"]:
            case "welcome":
                self.connections += 1
                self.user = frame["user"]
                await self._socket.send(json.dumps({"type": "room.enter", "room": self.room}))
                self.live.set()
                return
            case "room.records" if frame["after"] <= self.last:
                self._take(frame["records"])
            case "room.records" | "room.entered" | "room.head":
                if frame["head"] > self.last:
                    await self.sync()
            case "message.saved":
                self.acknowledged[frame["client_id"]] = frame["seq"]
                self.pending.pop(frame["client_id"], None)
            case "message.refused" if frame["code"] == "too_fast":
                again = asyncio.create_task(self._again(frame["client_id"], frame["retry_after"]))
                self._waiting.add(again)
                again.add_done_callback(self._waiting.discard)
            case "message.refused" if frame["code"] != "failed":
                self.refused.append(frame)
                self.pending.pop(frame["client_id"], None)
        for asked in self._asked:
            types, key, answer = asked
            if frame["type"] in types and key in (None, frame.get("client_id")):
                self._asked.remove(asked)
                if not answer.done():
                    answer.set_result(frame)
                break
        with suppress(WebSocketException):
            await self._socket.send(json.dumps({"type": "received", "frames": 1}))


def _json(response: Any) -> Any:
    if not response.headers.get("Content-Type", "").startswith("application/json"):
        return None
    return json.load(response)
