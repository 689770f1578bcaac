"""Every field of every form that takes a file is sent every hostile one, by who may send there."""

import logging
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django import forms
from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from members.forms.invitees import SheetForm
from portal.forms.proofs import VerifyForm
from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS, BIDI_CONTROLS
from records.models import StoredFile
from tests.factories import signed_in
from tests.files import PDF, huge_png, image, located_photo, upload
from tests.portal.rights import TABLE
from tests.portal.test_rights import actor_of
from tests.portal.world import World

MIB = 1024 * 1024
APPS = ("records", "members", "messaging", "assembly", "programmes", "portal")
FIELDS = 15
LIST = b"E-mail,Name,Capacity\namal2@majlis.example,Amal,adviser\n"
READ_ONLY = {SheetForm, VerifyForm}  # what is sent there is read, and never kept
MORE = {  # what the table of rights sends no file to
    "members:application_section": ("contact", "document-file", {"document-kind": "credentials"}),
    "members:change_standing": ("dina", "documents", {}),
    "members:invite_several": ("amal", "sheet", {"step": "read"}),
}


def bomb() -> bytes:
    """A workbook of some kilobytes that unpacks to 200 MiB."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as sheet:
            for _megabyte in range(200):
                sheet.write(b" " * MIB)
    return buffer.getvalue()


SCRIPT = b"<html><script>alert(document.cookie)</script></html>"
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
REFUSED = {
    "HTML as PDF": (SCRIPT, "statutes.pdf"),
    "HTML before PDF": (SCRIPT + PDF, "statutes.pdf"),
    "SVG with a script": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.svg"),
    "SVG as PNG": (b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>', "a.png"),
    "zip bomb": (bomb(), "list.xlsx"),
    "pixel bomb": (huge_png(30_000), "scan.png"),
    "EICAR": (EICAR, "scan.com"),
    "EICAR as PDF": (EICAR, "scan.pdf"),
    "program": (b"MZ" + b"\0" * 300, "letter.pdf.exe"),
    "nothing": (b"", "letter.pdf"),
    "11 MiB": (b"%PDF-1.7\n" + b"\0" * (11 * MIB) + b"\n%%EOF", "letter.pdf"),
}
HARMLESS = {  # what may be taken, because of what is made of it
    "PDF and HTML": (PDF[:-6] + SCRIPT + PDF, "letter.pdf"),
    "PNG and HTML": (image() + SCRIPT, "letter.html"),
    "path": (PDF, "../../../../etc/cron.d/letter.pdf"),
    "NUL": (PDF, "letter.html\0.pdf"),
    "turned name": (PDF, "letter\u202efdp.html"),
    "header in a name": (PDF, 'a"\r\nSet-Cookie: sessionid=x.pdf'),
    "place in a photo": (located_photo(), "photo.jpg"),
}


def names_of(kept: QuerySet[StoredFile]) -> Iterator[str]:
    """What the rows that have these files call them."""
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        for field in model._meta.fields:
            if field.related_model is StoredFile and "name" in names:
                found = model._default_manager.filter(**{f"{field.name}__in": kept})
                yield from found.values_list("name", flat=True)


def is_clean(name: str) -> bool:
    return not BIDI_CONTROLS.search(name) and name.isprintable() and "/" not in name


@pytest.fixture
def world(db: None) -> Iterator[World]:
    logging.disable(logging.WARNING)
    with override("en"):
        yield World()
    logging.disable(logging.NOTSET)


def fields(world: World) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
    """The name of an address, who sends there, the field for the file, and what goes with it."""
    for name, row in TABLE.items():
        data = row.data(world)
        for field, value in data.items():
            if isinstance(value, UploadedFile):
                yield name, actor_of(row.post), field, data
    for name, (role, field, more) in MORE.items():
        yield name, role, field, {**TABLE[name].data(world), **more}


def test_every_form_that_takes_a_file_checks_it(world: World) -> None:
    """And is played below: the forms of one field each, by the addresses that have them."""
    unchecked, todo = set(), [*forms.BaseForm.__subclasses__()]
    while todo:
        form = todo.pop()
        todo += form.__subclasses__()
        for field in getattr(form, "base_fields", {}).values():
            if isinstance(field, forms.FileField) and not isinstance(field, StoredFileField):
                unchecked.add(form)
    assert {form for form in unchecked if form.__module__.split(".")[0] in APPS} == READ_ONLY
    assert len([*fields(world)]) == FIELDS


def test_hostile_files_are_refused_or_harmless_wherever_one_can_be_sent(world: World) -> None:
    for name, role, field, data in fields(world):
        args = (world.apps["draft"].pk, "documents") if "section" in name else None
        address = reverse(name, args=args or TABLE[name].args(world))
        client = Client() if role == "out" else signed_in(world.users[role])
        good = data.get(field) or (upload(LIST, "people.csv") if field == "sheet" else upload())
        with transaction.atomic():  # what is refused below would else be taken
            assert client.post(address, {**data, field: good}).status_code in (200, 302), name
            transaction.set_rollback(True)
        for title, (content, file_name) in {**REFUSED, **HARMLESS}.items():
            cache.clear()  # limits are not the question here
            seen = (name, field, title)
            before = set(StoredFile.objects.values_list("pk", flat=True))
            with transaction.atomic():
                sent = {**data, field: upload(content, file_name)}
                response = client.post(address, sent)
                kept = StoredFile.objects.exclude(pk__in=before)
                assert {*kept.values_list("content_type", flat=True)} <= {*ALL_EXTENSIONS}, seen
                assert [file for file in names_of(kept) if not is_clean(file)] == [], seen
                if title in REFUSED:
                    assert response.status_code in (200, 422), seen  # the public check says 200
                    assert not kept, seen
                else:
                    assert response.status_code in (200, 302, 422), seen
                transaction.set_rollback(True)
