"""What makes the portal installable, and what answers without a network."""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from members.network import first_language, name_of_network, offered_languages
from portal.theme import colour

# What the offline page is made of. The fonts are left to the cache as they come: large, and not
# needed to read.
OFFLINE_FILES = (
    "portal/css/portal.css",
    "portal/css/offline.css",
    "portal/js/app.js",
    "portal/js/drafts.js",
    "portal/js/kept.js",
    "portal/js/offline.js",
    "portal/img/mark.svg",
)


@require_GET
@cache_control(public=True, max_age=3600)
def manifest(request: HttpRequest) -> JsonResponse:
    """The web app manifest, in one language. The app is one whatever its language: see `id`."""
    network = name_of_network().text
    icons = [
        {
            "src": staticfiles_storage.url(f"portal/icons/icon-{mask}{size}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": "maskable" if mask else "any",
        }
        for mask in ("", "maskable-")
        for size in (192, 512)
    ]
    return JsonResponse(
        {
            "id": "/",
            "name": f"{_('Majlis')} · {network}",
            "short_name": _("Majlis"),
            "description": pgettext(
                "of the installed portal", "The members' portal of the network."
            ),
            "lang": translation.get_language(),
            "dir": "rtl" if translation.get_language_bidi() else "ltr",
            "start_url": reverse("portal:home"),
            "scope": "/",  # all languages
            "display": "standalone",
            "theme_color": colour("frame"),
            "background_color": colour("paper"),
            "icons": icons,
        },
        content_type="application/manifest+json",
    )


@require_GET
def offline(request: HttpRequest) -> HttpResponse:
    """What the browser keeps for the time without a network: the same to everybody."""
    return render(request, "portal/offline.html")


@cache
def _kept(offered: tuple[str, ...], first: str) -> dict[str, Any]:
    """What the worker keeps. Browsers look for a new worker at every page: asked once a process for
    the languages that are `offered`. People keep one that no longer is.
    """
    pages = {}
    digest = hashlib.sha256()
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            pages[language] = reverse("portal:offline")
            digest.update(render_to_string("portal/offline.html").encode())
    kept: dict[str, Any] = {
        "pages": pages,
        "files": [staticfiles_storage.url(name) for name in OFFLINE_FILES],
        "otherwise": first,
        "statics": settings.STATIC_URL,
        "icon": staticfiles_storage.url("portal/icons/icon-192.png"),
    }
    digest.update(repr(kept).encode())
    return {**kept, "version": digest.hexdigest()[:12]}


@require_GET
@cache_control(no_cache=True)
def service_worker(request: HttpRequest) -> HttpResponse:
    """The worker, with the list of what it keeps. It changes when the list or a page of it does."""
    offered = tuple(code for code, _name in offered_languages())
    kept = _kept(offered, first_language())
    response = render(
        request,
        "portal/sw.js",
        {"kept": kept},
        content_type="text/javascript; charset=utf-8",
    )
    response["Service-Worker-Allowed"] = "/"
    return response


@require_GET
@cache_control(public=True, max_age=86400)
def favicon(request: HttpRequest) -> HttpResponse:
    """Where browsers look when no page has told them, as beside a download."""
    return redirect(staticfiles_storage.url("portal/icons/favicon.ico"))
