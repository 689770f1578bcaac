"""Handing out stored files. The caller has checked who may have them."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from django.http import StreamingHttpResponse
from django.utils.http import content_disposition_header

from records.models import StoredFile
from records.storage import path_of

CHUNK = 256 * 1024
PICTURES = ("image/png", "image/jpeg", "image/webp")
PDF_POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'"
PICTURE_SECONDS = 60 * 60 * 24 * 30


def file_response(stored: StoredFile, name: str) -> StreamingHttpResponse:
    """`stored` as a download called `name`, streamed: never whole in memory, never shown inline.

    Raises FileNotFoundError when the disk has lost it: an error to be seen, not a 404.
    """
    path = path_of(stored.sha256)
    size = path.stat().st_size
    response = StreamingHttpResponse(_chunks(path), content_type=stored.content_type)
    response["Content-Length"] = str(size)
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response


def picture_response(stored: StoredFile, *, public: bool) -> StreamingHttpResponse:
    """`stored`, a picture of ours, to be shown in a page: the one kind of file that is.

    Its address holds its digest, so that what is public may be kept for long. Raises ValueError
    for anything that a browser could run, FileNotFoundError as above.
    """
    if stored.content_type not in PICTURES:
        raise ValueError(f"{stored.content_type} is never shown inline")
    response = file_response(stored, stored.sha256)
    response["Content-Disposition"] = "inline"
    if public:
        response["Cache-Control"] = f"public, max-age={PICTURE_SECONDS}, immutable"
    return response


def opened_response(stored: StoredFile, name: str) -> StreamingHttpResponse:
    """`stored`, called `name`, to be looked at where it is a picture or a PDF; else a download.

    A PDF goes without the sandbox, in which browsers show none: their reader keeps its scripts
    from the page's origin, and `nosniff` has it read as nothing else.
    """
    response = file_response(stored, name)
    if stored.content_type in (*PICTURES, "application/pdf"):
        response["Content-Disposition"] = content_disposition_header(False, name) or "inline"
    if stored.content_type == "application/pdf":
        response["Content-Security-Policy"] = PDF_POLICY
    return response


async def _chunks(path: Path) -> AsyncIterator[bytes]:
    """Read in a thread: Django's FileResponse would take the whole file into memory under ASGI."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk
