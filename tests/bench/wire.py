"""A socket as cheap as Python can have it, so that the servers are measured and not their client.

It knows no more of RFC 6455 than the two servers use: whole text frames, pings, closing.
"""

import asyncio
import base64
import json
import os
import re
import struct
import time
from collections.abc import Callable
from typing import Any

CONFIRM_EVERY = 32  # frames, as the page's own module does
MARK = "~#"  # before the number of a message, in its body
_marks = re.compile(rb"~#(\d+)")


class Wire(asyncio.Protocol):
    """`heard(numbers, moment)` is called with the messages of each frame that delivers some."""

    def __init__(self, port: int, cookie: str, heard: Callable[[list[bytes], float], None]) -> None:
        self.port = port
        self.cookie = cookie
        self.heard = heard
        self.frames: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.saved: dict[str, asyncio.Future[dict[str, Any]]] = {}  # client id -> its answer
        self.closed: str = ""  # why, once it is
        self._buffer = bytearray()
        self._shaken = False
        self._unconfirmed = 0
        self._transport: asyncio.Transport | None = None

    async def open(self) -> "Wire":
        loop = asyncio.get_running_loop()
        await loop.create_connection(lambda: self, "127.0.0.1", self.port)
        return self

    def close(self) -> None:
        if self._transport:
            self._transport.abort()

    def send(self, frame: dict[str, Any]) -> None:
        self._send(1, json.dumps(frame).encode())

    async def hear(self, kind: str) -> dict[str, Any]:
        """The next frame that is no delivery and no answer to a post; it must be of `kind`."""
        frame = await self.frames.get()
        if frame["type"] != kind:
            raise RuntimeError(f"{kind} was expected, and came: {frame}")
        return frame

    # --- What the loop calls --------------------------------------------------------------------

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        key = base64.b64encode(os.urandom(16)).decode()
        transport.write(
            (
                f"GET /ws/?language=en HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
                f"Origin: http://127.0.0.1:{self.port}\r\nCookie: sessionid={self.cookie}\r\n"
                "Upgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )

    def connection_lost(self, error: Exception | None) -> None:
        self._end(str(error or "closed"))

    def data_received(self, data: bytes) -> None:
        moment = time.perf_counter()
        buffer = self._buffer
        buffer += data
        if not self._shaken:
            end = buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            if not buffer.startswith(b"HTTP/1.1 101"):
                self._end(buffer[:end].decode(errors="replace"))
                return
            del buffer[: end + 4]
            self._shaken = True
        while len(buffer) >= 2:
            size, start = buffer[1], 2
            if size == 126:
                start = 4
                if len(buffer) < start:
                    return
                size = buffer[2] << 8 | buffer[3]
            elif size == 127:
                start = 10
                if len(buffer) < start:
                    return
                size = int.from_bytes(buffer[2:10], "big")
            if len(buffer) < start + size:
                return
            payload = bytes(buffer[start : start + size])
            kind = buffer[0] & 15
            del buffer[: start + size]
            self._take(kind, payload, moment)

    # --- Frames ---------------------------------------------------------------------------------

    def _take(self, kind: int, payload: bytes, moment: float) -> None:
        if kind == 9:
            self._send(10, payload)
            return
        if kind == 8:
            self._end(f"closed with {int.from_bytes(payload[:2], 'big')}")
            return
        if payload.find(b'"room.records"', 0, 40) > 0:
            self.heard(_marks.findall(payload), moment)
        else:
            frame = json.loads(payload)
            answered = self.saved.pop(frame.get("client_id", ""), None)
            if answered is None:
                self.frames.put_nowait(frame)
            elif not answered.done():
                answered.set_result(frame)
        self._unconfirmed += 1
        if self._unconfirmed == CONFIRM_EVERY:
            self._unconfirmed = 0
            self.send({"type": "received", "frames": CONFIRM_EVERY})

    def _send(self, kind: int, payload: bytes) -> None:
        assert self._transport
        size = len(payload)
        length = bytes([0x80 | size]) if size < 126 else struct.pack("!BH", 0x80 | 126, size)
        # The mask is four zeros: it protects old proxies, of which there are none here.
        self._transport.write(bytes([0x80 | kind]) + length + bytes(4) + payload)

    def _end(self, reason: str) -> None:
        self.closed = self.closed or reason
        self.frames.put_nowait({"type": "closed", "reason": self.closed})
        for answered in self.saved.values():
            if not answered.done():
                answered.set_exception(ConnectionError(self.closed))
        self.saved.clear()
