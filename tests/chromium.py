"""Which browser plays the browser tests."""

import os
import shutil

NAMES = [
    "chromium-headless-shell",  # without what draws windows: a quarter cheaper
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
]


def find_chromium() -> str | None:
    """The path of a Chromium: `CHROMIUM` in the environment, else one that is installed."""
    named = os.environ.get("CHROMIUM")
    candidates = [named] if named else NAMES
    return next((path for name in candidates if (path := shutil.which(name))), None)
