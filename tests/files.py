"""Files that people send, good and hostile."""

import io
import struct
import zipfile
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

PDF = b"%PDF-1.7\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def image(kind: str = "PNG", size: tuple[int, int] = (40, 30)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, "navy").save(buffer, kind)
    return buffer.getvalue()


def huge_png(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` × `side` pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    header = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + chunk(b"IEND", b"")
    )


def upload(
    content: bytes = PDF, name: str = "letter.pdf", content_type: str = "application/pdf"
) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type)


def office(
    main: str = "word/document.xml", *more: str, first: str = "[Content_Types].xml"
) -> bytes:
    """A document of Office, as far as its list of parts says."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in (first, main, *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def open_document(kind: str = "text", *more: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", f"application/vnd.oasis.opendocument.{kind}")
        for name in ("content.xml", *more):
            archive.writestr(name, "<x/>")
    return buffer.getvalue()


def located_photo() -> bytes:
    """A JPEG that says where it was taken."""
    buffer = io.BytesIO()
    exif = Image.Exif()
    exif.get_ifd(0x8825)[1] = "N"  # GPSLatitudeRef
    exif[0x010F] = "Secret camera"
    Image.new("RGB", (900, 600), "olive").save(buffer, "JPEG", exif=exif)
    return buffer.getvalue()


def drawn_pdf(
    content: bytes = b"0 0 1 rg 50 50 300 300 re f", box: str = "0 0 595 842", form: bytes = b""
) -> bytes:
    """A PDF of one page with `content`, compressed, which can draw `form` as /F."""
    packed = zlib.compress(content, 9)
    resources = b"<</XObject<</F 5 0 R>>>>" if form else b"<<>>"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[" + box.encode() + b"]/Contents 4 0 R/Resources "
        + resources + b">>",
        b"<</Length %d/Filter/FlateDecode>>stream\n%b\nendstream" % (len(packed), packed),
        b"<</Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources %b/Length %d>>stream\n%b\nendstream"
        % (resources, len(form), form),
    ]  # fmt: skip
    whole, places = b"%PDF-1.7\n", []
    for number, each in enumerate(objects, start=1):
        places.append(b"%010d 00000 n \n" % len(whole))
        whole += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    table = b"xref\n0 6\n0000000000 65535 f \n" + b"".join(places)
    end = b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % len(whole)
    return whole + table + end
