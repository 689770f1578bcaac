"""Where the bytes of stored files lie: `MEDIA_ROOT/ab/cd/<sha256>`."""

from pathlib import Path

from django.conf import settings


def path_of(sha256: str) -> Path:
    """The file's place, whether it is there yet or not."""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:4] / sha256
