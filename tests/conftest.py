"""What all tests share. The cast is in `tests.factories`."""

from typing import Any

import pytest

from tests.factories import Cast


@pytest.fixture(autouse=True)
def plain_settings(settings: Any, request: pytest.FixtureRequest) -> None:
    """No manifest (nothing was collected), a fast hasher, mail in memory, a cache of one's own."""
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    worker = (
        request.config.workerinput["workerid"] if hasattr(request.config, "workerinput") else ""
    )
    settings.CACHES = {"default": {**settings.CACHES["default"], "KEY_PREFIX": f"test{worker}"}}
    settings.MEDIA_ROOT = settings.VAR_DIR / f"files{worker}"


@pytest.fixture
def cast(db: None) -> Cast:
    return Cast()
