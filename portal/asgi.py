"""The one application: HTTP through Django, the socket through messaging."""

import os

import django
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django.setup(set_prefix=False)

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from messaging.consumers import PortalConsumer  # noqa: E402


class Handler(ASGIHandler):
    """Django's, with a request answered in one thread from the first middleware to the last, as all
    of ours are made for.

    Django's own goes back to the loop between them, and makes the pages of refusal in a thread of
    the loop's pool: with a connection to the database that the request did not have, beside its
    own, and that nobody gives back. Some dozens of these, or of readers who go on before the page
    has come, and the portal's connections are gone.
    """

    def load_middleware(self, is_async: bool = False) -> None:
        super().load_middleware(is_async=False)
        self._middleware_chain = sync_to_async(self._middleware_chain)  # type: ignore[has-type]


application = ProtocolTypeRouter(
    {
        "http": Handler(),
        "websocket": OriginValidator(
            CookieMiddleware(
                URLRouter([path("ws/", PortalConsumer.as_asgi())])  # type: ignore[list-item, arg-type]
            ),
            settings.ORIGINS,
        ),
    }
)
