"""Settings that would harm, said in plain words before the portal starts (`manage.py check`)."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from messaging.transcripts.signing import known_keys

LOCAL = {"localhost", "127.0.0.1", "::1", "[::1]", "testserver"}


@register(Tags.security)
def check_origins(**_: Any) -> list[CheckMessage]:
    """ORIGINS are full origins, of hosts that the portal answers."""
    found: list[CheckMessage] = []
    if not settings.ORIGINS:
        found.append(Error("ORIGINS is empty: nobody could post a form.", id="portal.E001"))
    for origin in settings.ORIGINS:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or origin != f"{parts.scheme}://{parts.netloc}":
            found.append(
                Error(
                    f"ORIGINS: {origin!r} is not a full origin.",
                    hint="Write scheme, host and port, nothing after: https://portal.example.org",
                    id="portal.E002",
                )
            )
        elif not _is_answered(parts.hostname or ""):
            found.append(
                Error(
                    f"ORIGINS: {origin!r} is of a host that ALLOWED_HOSTS does not name.",
                    id="portal.E004",
                )
            )
    return found


@register(Tags.security, deploy=True)
def check_scheme(**_: Any) -> list[CheckMessage]:
    """With HTTPS on, cookies are for https only: over http nobody could sign in."""
    return [
        Error(f"ORIGINS: {origin!r} is not https, but HTTPS is on.", id="portal.E003")
        for origin in settings.ORIGINS
        if settings.HTTPS and origin.startswith("http://")
    ]


@register(Tags.security)
def check_hosts(**_: Any) -> list[CheckMessage]:
    """No host but the portal's own, and no demo network where strangers come by."""
    found: list[CheckMessage] = []
    if "*" in settings.ALLOWED_HOSTS:
        found.append(
            Error(
                "ALLOWED_HOSTS has a *: links in e-mails could be made to point anywhere.",
                id="portal.E005",
            )
        )
    public = [host for host in _hosts() if host.strip(".") not in LOCAL]
    if settings.DEMO and public:
        found.append(
            Warning(
                f"DEMO is on at {', '.join(public)}: its outgoing e-mail is on a page, and "
                "everybody in it has one password.",
                id="portal.W006",
            )
        )
    if public and not settings.HTTPS:
        found.append(
            Warning(
                f"HTTPS is off at {', '.join(public)}: passwords travel in the clear.",
                id="portal.W007",
            )
        )
    return found


@register(Tags.security)
def check_translation(**_: Any) -> list[CheckMessage]:
    """What delegations say goes to the translation service encrypted, or stays on this machine."""
    parts = urlsplit(settings.TRANSLATION_URL)
    is_local = parts.scheme == "http" and parts.hostname in LOCAL
    if not settings.TRANSLATION_URL or parts.scheme == "https" or is_local:
        return []
    return [
        Error(
            "TRANSLATION_URL is neither https nor on this machine: messages would travel in the "
            "clear.",
            id="portal.E012",
        )
    ]


@register(Tags.database)
def check_database(**_: Any) -> list[CheckMessage]:
    """PostgreSQL only: the rules of the record are kept by its locks and constraints."""
    if "postgresql" in settings.DATABASES["default"]["ENGINE"]:
        return []
    return [Error("DATABASE_URL is not of a PostgreSQL.", id="portal.E008")]


@register(Tags.security, deploy=True)
def check_mail(**_: Any) -> list[CheckMessage]:
    """Invitations are the only way in, and they go by e-mail."""
    if settings.EMAIL_URL:
        return []
    return [
        Warning(
            "EMAIL_URL is not set: e-mails are written to files, and nobody gets them.",
            id="portal.W009",
        )
    ]


def _hosts() -> list[str]:
    named = [urlsplit(origin).hostname or "" for origin in settings.ORIGINS]
    return sorted({*settings.ALLOWED_HOSTS, *named} - {"*", ""})


def _is_answered(host: str) -> bool:
    return any(
        pattern in ("*", host, f"[{host}]") or (pattern[:1] == "." and f".{host}".endswith(pattern))
        for pattern in settings.ALLOWED_HOSTS
    )


@register(Tags.security)
def check_signing_keys(**_: Any) -> list[CheckMessage]:
    """A key that cannot be read would be noticed only when somebody waits for a transcript."""
    try:
        known_keys()
    except (ValueError, OSError) as error:
        reason = f"SIGNING_KEY or OLD_SIGNING_KEYS cannot be read: {error}."
        return [Error(reason, id="portal.E010")]
    return []


@register(Tags.security, deploy=True)
def check_signing_key_is_set(**_: Any) -> list[CheckMessage]:
    if settings.SIGNING_KEY:
        return []
    return [Warning("SIGNING_KEY is not set: no transcript can be made.", id="portal.W011")]
