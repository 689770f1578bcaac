"""Documents of word processors, spreadsheets and slides, told by the list of their parts.

All are ZIP archives. Only that list is read, at its end, within limits: nothing is unpacked, so
that nothing can unpack to gigabytes.
"""

import struct

from django.core.files.uploadedfile import UploadedFile

EXTENSIONS = {
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ("docx",),
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ("xlsx",),
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ("pptx",),
    "application/vnd.oasis.opendocument.text": ("odt",),
    "application/vnd.oasis.opendocument.spreadsheet": ("ods",),
    "application/vnd.oasis.opendocument.presentation": ("odp",),
}
_MAIN_PARTS = {
    part: kind
    for part, kind in zip(
        (b"word/document.xml", b"xl/workbook.xml", b"ppt/presentation.xml"),
        list(EXTENSIONS)[:3],
        strict=True,
    )
}
_OPEN_DOCUMENTS = {each.encode(): each for each in list(EXTENSIONS)[3:]}
_MACROS = (b"vbaproject.bin", b"basic/", b"scripts/")  # Office's, and both of OpenDocument's
START = b"PK\x03\x04"
# APPNOTE.TXT 4.3.16 and 4.3.12: the end of the list of parts, and one line of it.
_END = struct.Struct("<4s4H2LH")
_PART = struct.Struct("<4s6H3L5H2L")
_LONGEST_COMMENT = 65_535
_MOST_PARTS, _LONGEST_LIST = 5_000, 1024 * 1024


class NoDocument(ValueError):
    """The archive is none of these documents, or a damaged one."""


class HasMacros(ValueError):
    """The document holds programs."""


def type_of(upload: UploadedFile) -> str:
    """Which of EXTENSIONS the archive is. Raises NoDocument, HasMacros."""
    names = _names(upload)
    lowered = [name.lower() for name in names]
    if any(name.endswith(_MACROS[0]) or name.startswith(_MACROS[1:]) for name in lowered):
        raise HasMacros
    if b"[Content_Types].xml" in names:
        found = [kind for part, kind in _MAIN_PARTS.items() if part in names]
        if len(found) == 1:
            return found[0]
    if names[:1] == [b"mimetype"]:
        upload.seek(0)
        head = upload.read(200)
        for mime, kind in _OPEN_DOCUMENTS.items():
            if head[38 : 38 + len(mime) + 2] == mime + b"PK":  # stored as it is, first of all
                return kind
    raise NoDocument


def _names(upload: UploadedFile) -> list[bytes]:
    """The parts of the archive, as its list has them."""
    size = upload.size or 0
    reach = min(size, _END.size + _LONGEST_COMMENT)
    upload.seek(size - reach)
    tail = upload.read(reach)
    place = tail.rfind(b"PK\x05\x06")
    if place < 0 or place + _END.size > len(tail):
        raise NoDocument
    _, disk, _, _, count, length, offset, _ = _END.unpack_from(tail, place)
    if disk or count > _MOST_PARTS or length > _LONGEST_LIST or offset + length > size:
        raise NoDocument
    upload.seek(offset)
    listed = upload.read(length)
    names, at = [], 0
    for _number in range(count):
        if at + _PART.size > len(listed) or listed[at : at + 4] != b"PK\x01\x02":
            raise NoDocument
        part = _PART.unpack_from(listed, at)
        name, extra, comment = part[10:13]
        at += _PART.size
        names.append(listed[at : at + name])
        at += name + extra + comment
    return names
