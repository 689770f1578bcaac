"""Translation by a machine: a LibreTranslate-compatible service that the operator names, or none.

https://docs.libretranslate.com/ : POST {url}/translate with q, source, target, format, api_key.
What it said is kept for a while, by message, version and language; never as what was said.
"""

import json
import logging
import time
import urllib.request
from http.client import HTTPException

from django.conf import settings
from django.core.cache import cache

from members.models import User
from messaging.models import Message, Room

logger = logging.getLogger(__name__)

PATIENCE = 10.0  # seconds to wait for the service
LARGEST = 1024 * 1024  # bytes of an answer
KEPT = 24 * 60 * 60  # seconds
PER_MINUTE = 20  # translations that one person may ask for


class Unavailable(Exception):
    """The service does not answer, or not as one of its kind does."""


def is_offered(room: Room) -> bool:
    """Whether there is a service, and what is said in the room may go there."""
    return bool(settings.TRANSLATION_URL) and not room.is_restricted


def may_ask(user: User) -> bool:
    """Whether the person has not asked for too many in this minute; counts this one."""
    key = f"translations:{user.pk}:{int(time.time() // 60)}"
    cache.add(key, 0, 60)
    try:
        return bool(cache.incr(key) <= PER_MINUTE)
    except ValueError:  # Valkey is away, or has just forgotten
        return True


def translate(message: Message, language: str) -> str:
    """The text of `message` in `language`, as the machine has it. Raises Unavailable."""
    key = _key(message, language)
    kept: str | None = cache.get(key)
    if kept is None:
        kept = _ask(message.body, message.language or "auto", language)
        cache.set(key, kept, KEPT)
    return kept


def forget(message: Message) -> None:
    """Keep nothing of what `message` says."""
    languages = [code for code, _ in settings.LANGUAGES]
    cache.delete_many([_key(message, code, v) for code in languages for v in _versions(message)])


def _versions(message: Message) -> range:
    return range(1, message.version + 1)


def _key(message: Message, language: str, version: int | None = None) -> str:
    return f"translation:{message.pk}:{version or message.version}:{language}"


def _ask(text: str, source: str, target: str) -> str:
    values = {"q": text, "source": source, "target": target, "format": "text"}
    if settings.TRANSLATION_KEY:
        values["api_key"] = settings.TRANSLATION_KEY
    request = urllib.request.Request(  # noqa: S310  the operator names it, see `portal.checks`
        f"{settings.TRANSLATION_URL.rstrip('/')}/translate",
        data=json.dumps(values).encode(),
        headers={"Content-Type": "application/json", "Accept": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as response:  # noqa: S310
            answer = json.loads(response.read(LARGEST))
        translated = answer["translatedText"]
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        logger.warning("The translation service failed (%s)", type(error).__name__)
        raise Unavailable from error
    if not isinstance(translated, str):
        raise Unavailable
    return translated
