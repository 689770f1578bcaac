from typing import Any

from django.conf import settings
from django.http import HttpRequest

from members.http import mandate_of, mandates_of


def portal(request: HttpRequest) -> dict[str, Any]:
    """What every page's frame shows. One query for a signed-in person, none for strangers."""
    mandates = mandates_of(request) if hasattr(request, "user") else []
    return {
        "demo": settings.DEMO,
        "mandates": mandates,
        "mandate": mandate_of(request) if mandates else None,
        "theme": getattr(getattr(request, "user", None), "theme", ""),
        "is_secretariat": any(m.is_of_secretariat for m in mandates),
    }
