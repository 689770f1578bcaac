"""What an uploaded file is, by its content; never by its name or what the browser said."""

import re
import unicodedata
from collections.abc import Mapping
from typing import NamedTuple

import filetype  # type: ignore[import-untyped]
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from PIL import Image

from records import office
from records.text import neutral

HEAD = 1024
MAX_PIXELS = 40_000_000  # an image of 10 MiB can otherwise unpack to gigabytes
MAX_SCANS = 32  # of a JPEG: each is decoded over the whole image, and sixty bytes make one
MAX_NAME = 150
EXTENSIONS = {
    "application/pdf": ("pdf",),
    "image/png": ("png",),
    "image/jpeg": ("jpg", "jpeg"),
    "image/webp": ("webp",),
}
Kinds = Mapping[str, tuple[str, ...]]  # content type -> the endings of its names
ALL_EXTENSIONS: Kinds = {**EXTENSIONS, **office.EXTENSIONS}
# A marker that says something; not the bytes that stuff, restart, or begin an image.
JPEG_MARKER = re.compile(rb"\xff([\x02-\xcf\xd9-\xfe])")
JPEG_END, JPEG_SCAN = 0xD9, 0xDA  # ISO/IEC 10918-1, table B.1
PILLOW_FORMATS = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}
# The marks that turn the direction of a name ("gpj.exe"), and nothing else of Unicode's formats:
# joiners belong to Persian and Urdu words.
BIDI_CONTROLS = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Checked(NamedTuple):
    """A file that may be kept: its true type, and a name that can be shown and saved."""

    content_type: str
    name: str


def check_upload(upload: UploadedFile, kinds: Kinds = EXTENSIONS) -> Checked:
    """The type and name of `upload`; ValidationError with the reason when it may not be kept.

    `kinds` are those that may: EXTENSIONS, or ALL_EXTENSIONS.
    """
    size = upload.size or 0
    if size == 0:
        raise ValidationError(_("This file is empty."), code="empty")
    if size > settings.MAX_FILE_SIZE:
        raise ValidationError(
            _("This file has %(size)s; at most %(limit)s can be kept."),
            code="too_large",
            params={
                "size": filesizeformat(size),
                "limit": filesizeformat(settings.MAX_FILE_SIZE),
            },
        )
    content_type = _type_of(upload, kinds)
    if content_type == "application/pdf":
        _check_pdf(upload, size)
    elif content_type in PILLOW_FORMATS:
        _check_image(upload, content_type)
    upload.seek(0)
    return Checked(content_type, clean_file_name(upload.name or "", content_type))


def _type_of(upload: UploadedFile, kinds: Kinds) -> str:
    upload.seek(0)
    head = upload.read(HEAD)
    found = filetype.guess_mime(head)
    if found in EXTENSIONS:
        return str(found)
    claimed = (upload.name or "").rpartition(".")[2].lower()
    if head.startswith(office.START) and not kinds.keys().isdisjoint(office.EXTENSIONS):
        try:
            return office.type_of(upload)
        except office.HasMacros as error:
            raise ValidationError(
                _("This document holds macros. Save it without them and send it again."),
                code="macros",
            ) from error
        except office.NoDocument:
            pass
    if any(claimed in extensions for extensions in kinds.values()):
        raise ValidationError(
            _("This file is named %(extension)s, but its content is something else."),
            code="pretender",
            params={"extension": claimed.upper()},
        )
    if kinds is EXTENSIONS:
        reason = _("This kind of file cannot be kept: send PDF, PNG, JPEG or WebP.")
    else:
        reason = _(
            "This kind of file cannot be kept: send PDF, PNG, JPEG, WebP, or a document of Word, "
            "Excel, PowerPoint or OpenDocument."
        )
    raise ValidationError(reason, code="unknown_type")


def _check_pdf(upload: UploadedFile, size: int) -> None:
    """`%PDF-` stood at the beginning; the end must be there too (ISO 32000-1, 7.5.5)."""
    upload.seek(max(0, size - HEAD))
    if b"%%EOF" not in upload.read(HEAD):
        raise ValidationError(
            _("This PDF is damaged: its end is missing. Export it again."), code="damaged"
        )


def _check_image(upload: UploadedFile, content_type: str) -> None:
    upload.seek(0)
    try:
        with Image.open(upload, formats=[PILLOW_FORMATS[content_type]]) as image:
            width, height = image.size
            if width * height <= MAX_PIXELS:
                if content_type == "image/jpeg":
                    _check_scans(upload)
                    image.draft("L", (64, 64))  # an eighth of the size: enough to see it whole
                    image.load()
                else:
                    image.verify()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        width = height = MAX_PIXELS
    except Exception as error:  # Pillow's readers raise whatever a broken file makes them raise
        raise ValidationError(
            _("This image is damaged and cannot be read."), code="damaged"
        ) from error
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _("This image has more than %(millions)s million pixels; make it smaller."),
            code="too_many_pixels",
            params={"millions": MAX_PIXELS // 1_000_000},
        )


def _check_scans(upload: UploadedFile) -> None:
    """Raises ValueError for a JPEG of very many scans: 10 MiB of them take an hour to decode."""
    upload.seek(0)
    content = upload.read()
    upload.seek(0)
    place = scans = 0
    while found := JPEG_MARKER.search(content, place):
        marker, place = found[1][0], found.end()
        if marker == JPEG_END:
            return
        scans += marker == JPEG_SCAN
        if scans > MAX_SCANS:
            raise ValueError("too many scans")
        place += max(2, int.from_bytes(content[place : place + 2]))


def clean_file_name(name: str, content_type: str) -> str:
    """`name` without path, control characters and turned directions, ending as its type does.

    Arabic and every other script stay. Never empty.
    """
    name = name.replace("\\", "/").rpartition("/")[2][-4 * MAX_NAME :]
    name = unicodedata.normalize("NFC", neutral(BIDI_CONTROLS.sub("", name)))
    name = "".join(" " if c in "\u2028\u2029" else c for c in name if _may_stand_in_name(c))
    name = " ".join(name.split()).strip(". ")
    stem, dot, extension = name.rpartition(".")
    allowed = ALL_EXTENSIONS.get(content_type, ())
    if not dot or (allowed and extension.lower() not in allowed):
        stem, extension = name, allowed[0] if allowed else ""
    stem = stem[: MAX_NAME - len(extension) - 1].strip(". ") or "file"
    return f"{stem}.{extension}" if extension else stem


def _may_stand_in_name(character: str) -> bool:
    return unicodedata.category(character) not in {"Cc", "Cs", "Cn"}
