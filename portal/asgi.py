"""The one application: HTTP through Django, the socket through messaging."""

import asyncio
import os
from typing import Any

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from messaging.consumers import PortalConsumer  # noqa: E402


class ToTheEnd:
    """HTTP whose answers are made to their end, whether or not somebody still waits for them.

    Django cancels an answer whose reader has gone, and Daphne does so later. What was cancelled
    between two threads keeps its connection to the database for good: some dozens of readers who
    go on before the page has come, and the pool is empty.
    """

    def __init__(self, http: Any) -> None:
        self._http = http
        self._under_way: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        whole = False

        async def hear() -> Any:
            nonlocal whole
            if whole:  # all that could come is that the reader has gone
                await asyncio.Event().wait()  # until Django, done, cancels it
            message = await receive()
            whole = message["type"] == "http.request" and not message.get("more_body")
            return message

        answer = asyncio.create_task(self._http(scope, hear, send))
        self._under_way.add(answer)
        answer.add_done_callback(self._under_way.discard)
        await asyncio.shield(answer)


application = ProtocolTypeRouter(
    {
        "http": ToTheEnd(django_application),
        "websocket": OriginValidator(
            CookieMiddleware(
                URLRouter([path("ws/", PortalConsumer.as_asgi())])  # type: ignore[list-item, arg-type]
            ),
            settings.ORIGINS,
        ),
    }
)
