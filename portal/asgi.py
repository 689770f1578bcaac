"""The one application: HTTP through Django, the socket through messaging."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
django_application = get_asgi_application()

from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402
from channels.security.websocket import OriginValidator  # noqa: E402
from channels.sessions import CookieMiddleware  # noqa: E402
from django.conf import settings  # noqa: E402
from django.urls import path  # noqa: E402

from messaging.consumers import PortalConsumer  # noqa: E402

application = ProtocolTypeRouter(
    {
        "http": django_application,
        "websocket": OriginValidator(
            CookieMiddleware(
                URLRouter([path("ws/", PortalConsumer.as_asgi())])  # type: ignore[list-item, arg-type]
            ),
            settings.ORIGINS,
        ),
    }
)
