"""The files of one message of the demo network, made here: a draft agreement and a poster."""

from typing import Any

import typst
from django.core.files.uploadedfile import SimpleUploadedFile

from members.models import Mandate
from messaging.actions import attach_file
from messaging.models import Room
from messaging.transcripts.pdf import fonts
from portal.demo.covers import cover
from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS

_AGREEMENT = """
#set page(paper: "a4", margin: 28mm)
#set text(font: ("IBM Plex Sans", "IBM Plex Sans Arabic"), size: 11pt)
#text(size: 18pt, weight: 600)[An exchange of young curators]

Draft of an agreement, for the demonstration of this portal.

+ Each side sends three curators a year, for six weeks.
+ The host bears lodging; the sender bears travel.
+ The first group meets in Seoul.

#set text(lang: "ar", dir: rtl)
#text(size: 18pt, weight: 600)[تبادل القيّمين الشباب على المعارض]

مسودة اتفاق، لغرض عرض هذه البوابة.
"""


def draft_agreement() -> Any:
    """The draft agreement, checked as a form checks an upload."""
    agreement: Any = typst.compile(  # type: ignore[misc]
        _AGREEMENT.encode(), font_paths=fonts(), ignore_system_fonts=True
    )
    return _checked("Exchange of curators, draft – مسودة.pdf", agreement)


def attach_draft(room: Room, mandate: Mandate) -> list[int]:
    """The numbers of the files, which wait for a message of `mandate` in `room`."""
    kept = []
    for checked in (draft_agreement(), _checked("Poster.png", cover("assembly").read())):
        attachment = attach_file(
            room=room, actor=mandate.user, upload=checked, content_type=checked.checked_type
        )
        kept.append(attachment.pk)
    return kept


def _checked(name: str, content: bytes) -> Any:
    return StoredFileField(kinds=ALL_EXTENSIONS).clean(SimpleUploadedFile(name, content))
