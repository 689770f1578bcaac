"""A WebSocket of bare bytes, for frames that no library would send."""

import asyncio
import base64
import json
import os
import socket
import struct
from typing import Any

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
GONE = 1006  # the connection ended without a word


def frame(kind: int, payload: bytes, *, last: bool = True, masked: bool = True) -> bytes:
    """One frame of a client, as RFC 6455 has it, its mask four zeros."""
    size = len(payload)
    bit = 0x80 if masked else 0
    head = bytes([(0x80 if last else 0) | kind])
    if size < 126:
        head += bytes([bit | size])
    elif size < 2**16:
        head += struct.pack("!BH", bit | 126, size)
    else:
        head += struct.pack("!BQ", bit | 127, size)
    return head + (bytes(4) if masked else b"") + payload


class Raw:
    """`await Raw.open(portal.url, session)`; `small` is a window of few bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def open(cls, url: str, session: str, *, small: bool = False) -> "Raw":
        port = int(url.rpartition(":")[2])
        own = socket.socket()
        if small:
            own.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        own.setblocking(False)
        await asyncio.get_running_loop().sock_connect(own, ("127.0.0.1", port))
        reader, writer = await asyncio.open_connection(sock=own, limit=4096 if small else 2**16)
        key = base64.b64encode(os.urandom(16)).decode()
        writer.write(
            (
                f"GET /ws/?language=en HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nOrigin: {url}\r\n"
                f"Cookie: sessionid={session}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 101"), answer
        self = cls(reader, writer)
        assert (await self.hear())["type"] == "welcome"
        return self

    def say(self, **payload: Any) -> None:
        self.writer.write(frame(TEXT, json.dumps(payload).encode()))

    async def next(self) -> tuple[int, bytes]:
        """Kind and payload of the next frame; (CLOSE, 1006) where the connection ends."""
        try:
            head = await self.reader.readexactly(2)
            size = head[1] & 127
            if size == 126:
                [size] = struct.unpack("!H", await self.reader.readexactly(2))
            elif size == 127:
                [size] = struct.unpack("!Q", await self.reader.readexactly(8))
            return head[0] & 15, await self.reader.readexactly(size)
        except (asyncio.IncompleteReadError, ConnectionError):
            return CLOSE, struct.pack("!H", GONE)

    async def hear(self, *types: str) -> dict[str, Any]:
        """The next text frame (of `types`); {"type": "closed", "code": …} where it closes."""
        while True:
            kind, payload = await self.next()
            if kind == CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                return {"type": "closed", "code": code}
            if kind == TEXT:
                told: dict[str, Any] = json.loads(payload)
                if not types or told["type"] in types:
                    return told

    def close(self) -> None:
        self.writer.transport.abort()
