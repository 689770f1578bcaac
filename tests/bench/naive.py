"""Baseline N, the portal as textbooks write it: `python -m tests.bench.naive PORT`.

Channels' tutorial with a database: a consumer behind AuthMiddlewareStack, one ORM insert per
message in PostgreSQL, `group_send`, and a handler that encodes the message for its own socket;
served by Daphne. Its database settings are Django's defaults (NAIVE_POOL=1 gives it the portal's
pool); it is given time to connect, since with Daphne's default it refuses a storm. It looks at no
right and keeps no record.
"""

import json
import os
import sys
from typing import Any

import daphne.server  # isort:skip  first: it chooses Twisted's reactor
import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    from django.conf import settings

    if not os.environ.get("NAIVE_POOL"):
        del settings.DATABASES["default"]["OPTIONS"]["pool"]
    django.setup()

    from channels.auth import AuthMiddlewareStack
    from channels.db import database_sync_to_async
    from channels.generic.websocket import AsyncWebsocketConsumer
    from channels.routing import URLRouter
    from django.db import connection, models
    from django.urls import path

    settings.CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "tests.bench.pubsub.PubSubLayer",
            "CONFIG": {"url": settings.REDIS_URL},
        }
    }

    class Line(models.Model):
        author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
        client_id = models.TextField()
        body = models.TextField()
        posted_at = models.DateTimeField(auto_now_add=True)

        class Meta:
            app_label = "bench"

        def __str__(self) -> str:
            return self.body

    class ChatConsumer(AsyncWebsocketConsumer):
        async def connect(self) -> None:
            if not self.scope["user"].is_authenticated:
                await self.close()
                return
            await self.accept()
            await self.send(json.dumps({"type": "welcome"}))

        async def disconnect(self, code: int) -> None:
            await self.channel_layer.group_discard("chat", self.channel_name)

        async def receive(
            self, text_data: str | None = None, bytes_data: bytes | None = None
        ) -> None:
            frame = json.loads(text_data or "")
            match frame["type"]:
                case "room.enter":
                    await self.channel_layer.group_add("chat", self.channel_name)
                    await self.send(json.dumps({"type": "room.entered"}))
                case "message.post":
                    line = await self.save(frame)
                    said = {"seq": line.pk, "client_id": line.client_id, "html": line.body}
                    await self.send(json.dumps({"type": "message.saved", **said, "html": ""}))
                    await self.channel_layer.group_send(
                        "chat", {"type": "chat.message", "message": said}
                    )

        async def chat_message(self, event: dict[str, Any]) -> None:
            await self.send(json.dumps({"type": "room.records", "records": [event["message"]]}))

        @database_sync_to_async
        def save(self, frame: dict[str, Any]) -> Line:
            return Line.objects.create(
                author=self.scope["user"], client_id=frame["client_id"], body=frame["body"]
            )

    with connection.schema_editor() as editor:
        editor.create_model(Line)
    connection.close()
    daphne.server.Server(
        AuthMiddlewareStack(URLRouter([path("ws/", ChatConsumer.as_asgi())])),
        endpoints=[f"tcp:port={sys.argv[1]}:interface=127.0.0.1"],
        websocket_connect_timeout=60,
        websocket_handshake_timeout=60,
        verbosity=0,
    ).run()
