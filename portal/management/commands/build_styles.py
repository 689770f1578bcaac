"""Joins the sheets that every page needs into one: a page waits for one answer, not for ten."""

import re
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

# In the order of the layers; areas of the portal link their own sheets beside it.
SHEETS = [
    "tokens",
    "fonts",
    "base",
    "layout",
    "navigation",
    "components",
    "states",
    "tables",
    "forms",
    "overlays",
    "utilities",
    "public",  # its head and foot stand on every page of the signed out
]
SOURCES = settings.BASE_DIR / "portal" / "static" / "portal" / "css"


class Command(BaseCommand):
    help = "Makes portal/css/portal.css under VAR_DIR/build; leaves it alone where nothing changed."

    def handle(self, *args: Any, **options: Any) -> None:
        target = settings.VAR_DIR / "build" / "portal" / "css" / "portal.css"
        css = "".join(bare((SOURCES / f"{name}.css").read_text()) for name in SHEETS)
        if target.exists() and target.read_text() == css:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_suffix(".part")
        part.write_text(css)
        part.replace(target)
        self.stdout.write(f"{target.name}: {len(css) // 1024} KiB")


def bare(css: str) -> str:
    """Without comments and the blanks that lines begin with."""
    return re.sub(r"\s*\n\s*", "\n", re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)).lstrip()
