"""A person's own data as a file: theirs, whole, and nothing of others."""

import io
import json
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.group_files import change_file, remove_file
from members.actions.invitations import invite_to_delegation
from members.actions.mandates import suspend_mandate
from members.actions.persons import change_person_profile, change_photo
from members.enums import Capacity
from members.models import Declaration, KnownBrowser, User
from messaging.actions import (
    delete_message,
    edit_message,
    mark_read,
    mute_person,
    post_message,
    report_message,
)
from messaging.models import Room
from portal import tasks
from portal.actions import exports
from portal.actions.exports import ask_for_export, delete_old_exports, make_export
from portal.data_export.contents import PARTS
from portal.enums import ExportState
from portal.models import DataExport
from records.actions import store_file
from records.models import AuditEntry, StoredFile
from records.storage import path_of
from tests.assembly.conftest import make_application
from tests.factories import PASSWORD, Cast
from tests.files import PDF, image, upload
from tests.members.group_space import make_file
from tests.members.groups import by, make_group
from tests.members.reviews import Review
from tests.messaging.conftest import make_room, say


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


def made(user: User, language: str = "en") -> DataExport:
    export = ask_for_export(user=user, language=language)
    make_export(export_id=export.pk)
    return DataExport.objects.select_related("file").get(pk=export.pk)


def archive(export: DataExport) -> zipfile.ZipFile:
    assert export.file is not None
    return zipfile.ZipFile(io.BytesIO(path_of(export.file.sha256).read_bytes()))


def data(export: DataExport) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(archive(export).read("data.json"))
    return found


def signed_in(user: User) -> Client:
    """Just now, with their password given again."""
    EmailAddress.objects.get_or_create(
        user=user, email=user.email, defaults={"verified": True, "primary": True}
    )
    client = Client()
    sent = {"login": user.email, "password": PASSWORD}
    assert client.post("/en/accounts/login/", sent).status_code == 302
    again = client.post("/en/accounts/reauthenticate/", {"password": PASSWORD})
    assert again.status_code == 302
    return client


def test_it_holds_ones_own_and_nothing_of_others(cast: Cast, room: Room) -> None:
    said = say(room, cast.amal, cast.amal_mandate, "My first words")
    theirs = say(room, cast.bilal, cast.bilal_mandate, "Bilal’s secret")
    answer = post_message(
        room=room,
        author=cast.amal,
        mandate=cast.amal_mandate,
        body="An answer",
        client_id=uuid4(),
        reply_to=theirs.seq,
    )
    edit_message(
        room=room, seq=said.seq, version=1, body="My words", client_id=uuid4(), actor=cast.amal
    )
    gone = say(room, cast.amal, cast.amal_mandate, "Taken back")
    delete_message(room=room, seq=gone.seq, reason="Wrong", actor=cast.amal)
    report_message(room=room, seq=theirs.seq, reason="other", words="Look at this", actor=cast.amal)
    report_message(room=room, seq=said.seq, reason="other", words="Of Amal!", actor=cast.bilal)
    mark_read(room=room, user=cast.amal, seq=theirs.seq)
    mute_person(room=room, user=cast.amal, length="hour", reason="Calm", actor=cast.dina)
    invite_to_delegation(
        institution=cast.kr,
        email="new@example.org",
        name="Newcomer",
        language="en",
        capacity=Capacity.ADVISER,
        actor=cast.amal,
    )
    found = data(made(cast.amal))
    assert [(m["number"], m["version"], m["text"]) for m in found["messages"]] == [
        (said.seq, 1, "My first words"),
        (said.seq, 2, "My words"),
        (answer.seq, 1, "An answer"),
        (gone.seq, None, None),
    ]
    assert found["messages"][3]["deleted"] is not None
    assert {m["room"] for m in found["messages"]} == {"Working group"}
    assert found["account"][0]["email"] == "amal@example.org"
    assert [m["institution"] for m in found["mandates"]] == ["Institution KR"]
    assert found["read_marks"] == [{"room": "Working group", "number": theirs.seq}]
    assert [r["text"] for r in found["reports"]] == ["Look at this"]
    assert len(found["mutes"]) == 1
    assert found["audit"][-1]["act"] == "copy of one’s own data asked for"
    assert set(found) == {"format", "made_at", "origin", *(part.key for part in PARTS)}
    whole = b"".join(archive(made(cast.amal)).read(n) for n in ("data.json", "index.html")).decode()
    for other in ("secret", "Taken back", "Of Amal!", "bilal@", "Bilal", "new@example.org", "Newc"):
        assert other not in whole


def test_what_was_given_signed_and_suspended_is_in_it(cast: Cast) -> None:
    review = Review(cast)
    review.give(cast.amal)
    KnownBrowser.objects.create(user=cast.amal, digest="d" * 64, browser="Firefox")
    suspend_mandate(suspending=cast.amal_mandate, reason="On leave.", actor=cast.dina)
    found = data(made(cast.amal))
    assert found["reviews"][-1]["scores"].startswith("How far its mission is that of the network: ")
    assert [row["device"] for row in found["browsers"]] == ["Firefox"]
    assert [(row["act"], row["text"]) for row in found["suspensions"]] == [
        ("mandate suspended", "On leave.")
    ]
    Declaration.objects.filter(application=review.application).delete()
    Declaration.objects.create(
        application=review.application,
        user=review.contact,
        name="Contact",
        capacity="Director",
        words="I declare.",
        language="en",
    )
    signed = data(made(review.contact))["declarations"]
    assert [(row["capacity"], row["text"]) for row in signed] == [("Director", "I declare.")]
    assert data(made(cast.bilal))["declarations"] == []


def test_it_opens_nothing(cast: Cast) -> None:
    client = signed_in(cast.amal)
    export = made(cast.amal)
    cast.amal.refresh_from_db()
    whole = "".join(archive(export).read(n).decode() for n in ("data.json", "index.html"))
    assert str(client.session.session_key) not in whole
    assert cast.amal.password not in whole
    assert len(data(export)["devices"]) == 1


def test_the_page_in_it_is_in_the_persons_language(cast: Cast, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate, "<b>نص</b>")
    page = archive(made(cast.amal, "ar")).read("index.html").decode()
    assert '<html lang="ar" dir="rtl">' in page
    assert 'dir="auto">&lt;b&gt;نص&lt;/b&gt;</td>' in page


def test_ones_files_are_in_it(cast: Cast) -> None:
    application = make_application(cast.amal)
    for name in ("letter.pdf", "../../letter.pdf"):
        stored = store_file(upload=upload(PDF, "a.pdf"), content_type="application/pdf")
        application.documents.create(
            file=stored, kind="credentials", name=name, uploaded_by=cast.amal
        )
    names = sorted(archive(made(cast.amal)).namelist())
    assert names[:3] == ["data.json", names[1], names[2]]
    assert all(n.count("/") == 1 and n.startswith("files/") for n in names[1:3])
    assert archive(made(cast.amal)).read(names[1]) == PDF


def test_what_one_put_in_for_groups_is_in_it_and_what_others_did_is_not(cast: Cast) -> None:
    group, mine, theirs = make_group(cast), PDF + b"mine", PDF + b"theirs"
    amal, bilal = by(cast.amal, cast.amal_mandate), by(cast.bilal, cast.bilal_mandate)
    document = make_file(group, amal, "Plan", mine)
    change = {"document": document, "language": "en", "content_type": "application/pdf"}
    change_file(**change, version=1, title="Plan", upload=upload(theirs, "b.pdf"), **bilal)
    change_file(**change, version=2, title="Plan of the year", upload=None, **amal)
    make_file(group, bilal, "Not Amal’s", theirs)
    remove_file(document=document, **amal)
    export = made(cast.amal)
    rows = data(export)["group_files"]
    said = [(row["group"], row["title"], row["version"], bool(row["removed"])) for row in rows]
    assert said == [("Culture", "Plan", 1, True), ("Culture", "Plan of the year", 3, True)]
    whole = archive(export)
    [name] = [each for each in whole.namelist() if each.startswith("files/")]
    assert [row["file"] for row in rows] == [name, ""]
    assert (name.split("-", 1)[1], whole.read(name)) == ("terms.pdf", mine)


def test_one_at_a_time_and_a_new_one_replaces_the_old(cast: Cast) -> None:
    first = ask_for_export(user=cast.amal, language="en")
    assert ask_for_export(user=cast.amal, language="en") == first
    assert ProcrastinateJob.objects.filter(task_name="portal.make_data_export").count() == 1
    make_export(export_id=first.pk)
    make_export(export_id=first.pk)
    made(cast.amal)
    assert not DataExport.objects.filter(pk=first.pk).exists()
    assert (DataExport.objects.count(), StoredFile.objects.count()) == (1, 1)
    make_export(export_id=first.pk)  # its job comes late


def test_what_fails_is_shown_and_asked_for_again(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise OSError

    monkeypatch.setattr(exports, "write_archive", broken)
    assert made(cast.amal).state == ExportState.FAILED
    client = signed_in(cast.amal)
    page = client.get("/en/settings/data/").content.decode()
    assert "The copy could not be made." in page
    monkeypatch.undo()
    assert client.post("/en/settings/data/").status_code == 302
    assert DataExport.objects.get().state == ExportState.WAITING
    assert "Your copy is being made." in client.get("/en/settings/data/").content.decode()


def test_only_its_person_downloads_it_with_the_password_given_just_now(cast: Cast) -> None:
    export = made(cast.amal)
    amal, bilal = signed_in(cast.amal), signed_in(cast.bilal)
    at = f"/en/settings/data/{export.pk}/"
    assert at in amal.get("/en/settings/data/").content.decode()
    assert at not in bilal.get("/en/settings/data/").content.decode()
    assert bilal.get(at).status_code == 404
    assert Client().get(at).status_code == 302
    answer = amal.get(at)
    assert answer["Content-Type"] == "application/zip"
    assert AuditEntry.objects.filter(act="data_export.downloaded").count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=2), tick=True):
        later = amal.get(at)
    assert later.status_code == 302
    assert "/reauthenticate/" in later["Location"]


def test_the_person_is_told_in_their_language(cast: Cast) -> None:
    cast.amal.language = "fr"
    cast.amal.save()
    export = made(cast.amal)
    tasks.send_export_letter(export_id=export.pk)
    [letter] = mail.outbox
    assert letter.to == ["amal@example.org"]
    assert "/fr/settings/data/" in letter.body


def test_after_seven_days_it_goes(cast: Cast, django_capture_on_commit_callbacks: Any) -> None:
    export = made(cast.amal)
    assert export.file is not None
    path = path_of(export.file.sha256)
    with time_machine.travel(timezone.now() + timedelta(days=6), tick=True):
        assert delete_old_exports() == 0
    with (
        time_machine.travel(timezone.now() + timedelta(days=8), tick=True),
        django_capture_on_commit_callbacks(execute=True),
    ):
        assert delete_old_exports() == 1
    assert not path.exists()
    assert not DataExport.objects.exists()


def test_it_has_the_profile_with_what_is_hidden_from_others_and_the_photo(cast: Cast) -> None:
    said = {
        "name_arabic": "أمل",
        "positions": {"en": "President"},
        "visibility": {"position": "nobody"},
    }
    change_person_profile(actor=cast.amal, said=said)
    change_photo(actor=cast.amal, upload=upload(image(), "a.png"))
    export = made(cast.amal)
    found = data(export)
    assert (found["account"][0]["name_latin"], found["account"][0]["name_arabic"]) == (
        "Amal",
        "أمل",
    )
    assert {"kind": "Position", "text": "President", "shown_to": "nobody else"} in found["profile"]
    photo = f"files/photo-{cast.amal.pk}.webp"
    assert {"kind": "Photo", "text": photo, "shown_to": "all delegations of the network"} in found[
        "profile"
    ]
    assert photo in archive(export).namelist()
