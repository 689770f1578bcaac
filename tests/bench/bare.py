"""What the portal is compared with: `python -m tests.bench.bare PORT DATABASE_URL`.

The least that can be called a chat: the `websockets` library, one row and one commit per message
in the same PostgreSQL, then the same text to everyone. It asks nobody who they are, checks no
right, keeps no record and speaks no language. It understands the portal's frames, so that one
client measures both.
"""

import asyncio
import json
import signal
import sys
from contextlib import suppress
from typing import Any

import psycopg
from websockets.asyncio.server import ServerConnection, broadcast, serve
from websockets.exceptions import ConnectionClosed

TABLE = "CREATE TABLE IF NOT EXISTS bare (id bigserial PRIMARY KEY, client_id text, body text)"
INSERT = "INSERT INTO bare (client_id, body) VALUES (%s, %s) RETURNING id"


async def main(port: int, database_url: str) -> None:
    database = await psycopg.AsyncConnection.connect(database_url, autocommit=True)
    await database.execute(TABLE)
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
                row = await (await database.execute(INSERT, [key, body])).fetchone()
                assert row
                saved = {"type": "message.saved", "client_id": key, "seq": row[0]}
                await socket.send(json.dumps(saved))
                record = {"seq": row[0], "client_id": key, "html": body}
                broadcast(sockets, json.dumps({"type": "room.records", "records": [record]}))

    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with serve(talk, "127.0.0.1", port, compression=None, backlog=4096):
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), sys.argv[2]))
