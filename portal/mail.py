"""What the portal wrote instead of sending: Django's file-based outgoing mail, read back."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path

from django.utils.text import slugify

LIMIT = 200  # the newest files that are read
_SEPARATOR = re.compile(rb"^-{79}\n", re.MULTILINE)  # the backend's, between letters of a file


@dataclass(frozen=True)
class Letter:
    """One letter. `key` names it in the address: the file's stem and the letter's place in it."""

    key: str
    sent_at: datetime | None
    recipients: str
    subject: str
    text: str
    attachments: tuple[str, ...] = ()


def read_letters(directory: Path) -> list[Letter]:
    """All letters under `directory`, newest first; none where it does not exist."""
    files = sorted(directory.glob("*.log"), key=lambda path: path.stat().st_mtime, reverse=True)
    letters = []
    for path in files[:LIMIT]:
        parts = [part for part in _SEPARATOR.split(path.read_bytes()) if part.strip()]
        for place, part in reversed(list(enumerate(parts))):
            letters.append(_letter(f"{slugify(path.stem)}-{place}", part))
    return sorted(letters, key=_moment, reverse=True)


def find_letter(directory: Path, key: str) -> Letter | None:
    """The letter of that key. The key is compared, and never becomes a path."""
    return next((letter for letter in read_letters(directory) if letter.key == key), None)


def _letter(key: str, raw: bytes) -> Letter:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101  what this policy makes
    body = message.get_body(preferencelist=("plain",))
    try:
        text = str(body.get_content()) if body else ""
        attachments = tuple(part.get_filename() or "" for part in message.iter_attachments())
    except (LookupError, UnicodeError, AttributeError, TypeError):  # a broken letter is shown raw
        text, attachments = raw.decode("utf-8", "replace"), ()
    try:
        sent_at = parsedate_to_datetime(str(message["Date"]))
        if sent_at.tzinfo is None:  # "-0000" (RFC 5322, 3.3): UTC, nothing said of the place
            sent_at = sent_at.replace(tzinfo=UTC)
    except ValueError:
        sent_at = None
    return Letter(
        key=key,
        sent_at=sent_at,
        recipients=str(message["To"] or ""),
        subject=str(message["Subject"] or ""),
        text=text.strip(),
        attachments=attachments,
    )


def _moment(letter: Letter) -> float:
    return letter.sent_at.timestamp() if letter.sent_at else 0.0
