"""The one socket. What it says and means is in docs/realtime.md."""

import json
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs

from channels.exceptions import StopConsumer
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings
from django.utils import translation

from members.models import User
from messaging import commands, mark_commands, message_commands
from messaging.hub import SESSION_OVER, WIRE, Connection, Hub, text_event
from messaging.together import in_thread

logger = logging.getLogger(__name__)

MAX_FRAME = 32 * 1024  # characters of one frame from a client
MAX_ROOMS = 50  # rooms that one socket may hear
MAX_SOCKETS = 30  # of one person in one process: tabs and devices, not a flood
FRAMES_PER_SECOND = 50  # that one socket may send, with a burst of ten seconds' worth
NONSENSE = 4400
TOO_MANY = 4429
PROTOCOL = 1


class NonsenseError(Exception):
    """A frame that is not of the protocol. Anything else that fails is the server's own fault."""


class PortalConsumer(AsyncWebsocketConsumer):
    """command -> form -> one action -> reply. It has no channel of its own: see the hub."""

    connection: Connection | None = None
    user: User
    write: Callable[[bytes], bool] | None = None  # see `WIRE`
    budget = 10.0  # seconds of frames
    heard_at = 0.0

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """As the base does, without a task for each event: there is one source of them."""
        self.scope, self.base_send = scope, send
        self.write = scope.get("extensions", {}).get(WIRE)
        with suppress(StopConsumer):
            while True:
                await self.dispatch(await receive())

    async def dispatch(self, message: dict[str, Any]) -> None:
        """As the base does, without its thread hop per event (it only cleans up connections).

        An exception that left this method would skip `disconnect()` and close with 1011.
        """
        handler = getattr(self, message["type"].replace(".", "_"))
        try:
            await handler(message)
        except StopConsumer:
            raise
        except NonsenseError:
            await self.close(NONSENSE)
        except Exception:
            logger.exception("A socket's %s failed", message["type"])
            if self.connection is None:  # it could not be looked who this is: come back later
                await self.close()
            else:
                await self.reply({"type": "error", "status": 500, "code": "failed", "reason": ""})

    async def connect(self) -> None:
        key = self.scope["cookies"].get(settings.SESSION_COOKIE_NAME, "")
        user = await Hub.current().sessions(None, key) if key else None
        await self.accept()
        if user is None:  # told after accept: a refused handshake does not say why to a page
            await self.close(SESSION_OVER)
            return
        if Hub.current().sockets_of(user.pk) >= MAX_SOCKETS:
            await self.close(TOO_MANY)
            return
        asked = parse_qs(self.scope["query_string"].decode()).get("language", [""])[0]
        language = asked if asked in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        self.user = user
        self.connection = Connection(
            user_id=user.pk,
            session_key=key,
            language=language,
            send_event=self.send_event,
            write=self.write,
            close=self.close,
        )
        Hub.current().join(self.connection)
        await self.reply({"type": "welcome", "protocol": PROTOCOL, "user": user.pk})

    async def disconnect(self, code: int) -> None:
        if self.connection:
            Hub.current().part(self.connection)

    async def receive(self, text_data: str | None = None, bytes_data: bytes | None = None) -> None:
        if self.connection is None:
            return
        if text_data is None or len(text_data) > MAX_FRAME:
            raise NonsenseError
        now = time.monotonic()
        self.budget = min(10.0, self.budget + now - self.heard_at) - 1 / FRAMES_PER_SECOND
        self.heard_at = now
        if self.budget < 0:
            await self.close(TOO_MANY)
            return
        try:
            payload = json.loads(text_data)
        except (ValueError, RecursionError) as error:
            raise NonsenseError from error
        name = payload.get("type") if isinstance(payload, dict) else None
        command = COMMANDS.get(name) if isinstance(name, str) else None
        if command is None:
            raise NonsenseError
        await command(self, self.connection, payload)

    async def reply(self, frame: dict[str, Any]) -> None:
        await self.send_event(text_event(frame))

    async def send_event(self, event: dict[str, Any]) -> None:
        if not (self.write and self.write(event[WIRE])):
            await self.base_send(event)  # type: ignore[arg-type]  # WIRE is our own word

    # --- Commands -----------------------------------------------------------------------------

    async def ping(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self.reply({"type": "pong"})

    async def received(self, connection: Connection, payload: dict[str, Any]) -> None:
        connection.unconfirmed = max(0, connection.unconfirmed - _number(payload, "frames"))

    async def enter_room(self, connection: Connection, payload: dict[str, Any]) -> None:
        hub = Hub.current()
        room = commands.room_id(payload)
        doubts = connection.doubts
        held = await hub.seats(room, connection.user_id)
        if not held or len(connection.rooms) >= MAX_ROOMS:
            await self.reply(self._spoken(commands.not_found, payload))
            return
        head = await hub.enter(connection, room, held)
        if connection.doubts != doubts:  # the look was before what changed the rights
            hub.doubt([connection])
        await self.reply({"type": "room.entered", "room": room, "head": head})

    async def leave_room(self, connection: Connection, payload: dict[str, Any]) -> None:
        room = _number(payload, "room")
        Hub.current().leave(connection, room)
        await self.reply({"type": "room.left", "room": room})

    async def post_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        room = commands.room_id(payload)
        seats = connection.rooms.get(room, ())
        said = commands.Said(self.user, payload, connection.language, seats)
        await self.reply(await Hub.current().posts(room, said))

    async def edit_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(message_commands.edit, payload)

    async def delete_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(message_commands.delete, payload)

    async def follow_counts(self, connection: Connection, payload: dict[str, Any]) -> None:
        Hub.current().counts.follow(connection)

    async def follow_presence(self, connection: Connection, payload: dict[str, Any]) -> None:
        room = _number(payload, "room")
        if room in connection.rooms:
            Hub.current().presence.follow(connection, room)

    async def type_in_room(self, connection: Connection, payload: dict[str, Any]) -> None:
        await Hub.current().presence.typed(connection, _number(payload, "room"))

    async def react_to_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(mark_commands.react_to, payload)

    async def pin_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(mark_commands.pin, payload)

    async def ask_acknowledgement(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(mark_commands.ask, payload)

    async def acknowledge_message(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(mark_commands.acknowledge_for, payload)

    async def read_room(self, connection: Connection, payload: dict[str, Any]) -> None:
        await self._act(commands.read, payload)

    async def _act(
        self, act: Callable[[User, dict[str, Any]], dict[str, Any]], payload: dict[str, Any]
    ) -> None:
        await self.reply(await in_thread(self._spoken)(act, self.user, payload))

    def _spoken(self, act: Callable[..., dict[str, Any]], *args: Any) -> dict[str, Any]:
        """Run `act` in the language of the page behind the socket."""
        assert self.connection  # noqa: S101  commands come after connect
        with translation.override(self.connection.language):
            return act(*args)


def _number(payload: dict[str, Any], name: str) -> int:
    value = payload.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NonsenseError
    return value


COMMANDS: dict[str, Callable[[PortalConsumer, Connection, dict[str, Any]], Any]] = {
    "ping": PortalConsumer.ping,
    "received": PortalConsumer.received,
    "counts.follow": PortalConsumer.follow_counts,
    "presence.follow": PortalConsumer.follow_presence,
    "room.typing": PortalConsumer.type_in_room,
    "room.enter": PortalConsumer.enter_room,
    "room.leave": PortalConsumer.leave_room,
    "room.read": PortalConsumer.read_room,
    "message.post": PortalConsumer.post_message,
    "message.edit": PortalConsumer.edit_message,
    "message.delete": PortalConsumer.delete_message,
    "message.react": PortalConsumer.react_to_message,
    "message.pin": PortalConsumer.pin_message,
    "message.acknowledge": PortalConsumer.acknowledge_message,
    "acknowledgement.ask": PortalConsumer.ask_acknowledgement,
}
