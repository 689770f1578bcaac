"""A tab of a browser, as far as the server can tell: a session cookie, an origin, a socket."""

import asyncio
import json
from typing import Any
from uuid import uuid4

from asgiref.sync import sync_to_async
from asgiref.testing import ApplicationCommunicator
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from members.models import User
from portal.asgi import application

ORIGIN = "http://testserver"


class Communicator(WebsocketCommunicator):
    """Channels' own keeps the threads' connections from going back to the pool."""

    send_input = ApplicationCommunicator.send_input
    receive_output = ApplicationCommunicator.receive_output


class Tab:
    """`await Tab.open(user)`; frames that are not waited for stay queued, in order."""

    def __init__(self, cookie: str, language: str = "en", origin: str = ORIGIN) -> None:
        headers = [(b"origin", origin.encode())]
        if cookie:
            headers.append((b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode()))
        self.session = cookie
        self.communicator = Communicator(application, f"/ws/?language={language}", headers=headers)

    @classmethod
    async def open(cls, user: User, language: str = "en") -> "Tab":
        client = Client()
        await sync_to_async(client.force_login)(user)
        tab = cls(client.session.session_key or "", language)
        assert await tab.communicator.connect(timeout=5) == (True, None)
        assert await tab.hear() == {"type": "welcome", "protocol": 1, "user": user.pk}
        return tab

    async def enter(self, room: int) -> dict[str, Any]:
        await self.send({"type": "room.enter", "room": room})
        return await self.hear("room.entered", "error")

    async def post(self, room: int, mandate: int, body: str, key: str = "") -> dict[str, Any]:
        await self.send(
            {
                "type": "message.post",
                "room": room,
                "mandate": mandate,
                "body": body,
                "client_id": key or str(uuid4()),
            }
        )
        return await self.hear("message.saved", "message.refused")

    async def send(self, frame: dict[str, Any]) -> None:
        await self.communicator.send_to(text_data=json.dumps(frame))

    async def hear(self, *types: str, timeout: float = 5) -> dict[str, Any]:
        """The next frame (of `types`). A frame on the way that is not of them is dropped."""
        async with asyncio.timeout(timeout):
            while True:
                frame: dict[str, Any] = json.loads(await self.communicator.receive_from(timeout))
                if not types or frame["type"] in types:
                    return frame

    async def silence(self, seconds: float = 0.4) -> None:
        """Assert that nothing comes."""
        await asyncio.sleep(seconds)
        assert self.communicator.output_queue.empty(), self.communicator.output_queue.get_nowait()

    async def closed(self, timeout: float = 5) -> int:
        """The code with which the server closes; frames before it are dropped."""
        async with asyncio.timeout(timeout):
            while True:
                event = await self.communicator.receive_output(timeout)
                if event["type"] == "websocket.close":
                    return int(event["code"])

    async def leave(self) -> None:
        await self.communicator.disconnect()
