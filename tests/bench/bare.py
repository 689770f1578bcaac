"""Baseline B, the least that can be called a chat: `python -m tests.bench.bare PORT FILE`.

The `websockets` library, one row and one commit per message in SQLite, then the same text to
everyone. It asks nobody who they are, checks no right, keeps no record and speaks no language. It
understands the portal's frames, so that one client measures all three servers.
"""

import asyncio
import json
import signal
import sqlite3
import sys
from contextlib import suppress
from typing import Any

from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed


async def main(port: int, file: str) -> None:
    database = sqlite3.connect(file, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = NORMAL")  # no wait for the disk at a commit
    database.execute("CREATE TABLE bare (id INTEGER PRIMARY KEY, client_id TEXT, body TEXT)")
    sockets: set[ServerConnection] = set()

    async def talk(socket: ServerConnection) -> None:
        with suppress(ConnectionClosed):
            await socket.send(json.dumps({"type": "welcome"}))
            async for text in socket:
                await take(socket, json.loads(text))
        sockets.discard(socket)

    async def take(socket: ServerConnection, frame: dict[str, Any]) -> None:
        match frame["type"]:
            case "room.enter":
                sockets.add(socket)
                await socket.send(json.dumps({"type": "room.entered"}))
            case "message.post":
                key, body = frame["client_id"], frame["body"]
                row = database.execute(
                    "INSERT INTO bare (client_id, body) VALUES (?, ?)", [key, body]
                ).lastrowid
                saved = {"type": "message.saved", "client_id": key, "seq": row}
                await socket.send(json.dumps(saved))
                record = {"seq": row, "client_id": key, "html": body}
                broadcast(sockets, json.dumps({"type": "room.records", "records": [record]}))

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serve(talk, "127.0.0.1", port, compression=None, backlog=4096):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
