"""Files of messages that are sent later: held until then, their author's alone, bound when sent."""

import io
import json
import re
import zipfile
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from messaging import actions
from messaging.actions.scheduling import send_due
from messaging.models import Attachment, Message, MessageDraft, Room, ScheduledMessage
from messaging.permissions import access_attachment
from messaging.tasks import send_scheduled_letter
from messaging.verification import verify_rooms
from records.models import StoredFile
from records.storage import path_of
from tests.factories import Cast
from tests.files import PDF, image, upload
from tests.messaging.conftest import make_room
from tests.messaging.test_attachments import attach, send
from tests.messaging.test_scheduled import come_due, later, outcome, signed_in
from tests.portal.test_data_export import made


def held(room: Room, cast: Cast, *files: Attachment, **more: Any) -> ScheduledMessage:
    return later(room, cast, files=[each.pk for each in files], **more)


def names(message: Message | None) -> list[str]:
    assert message is not None
    return [each.name for each in message.files.order_by("position")]


def in_an_hour() -> str:
    return (timezone.now() + timedelta(hours=2)).strftime("%Y-%m-%dT%H:%M")


def test_it_goes_with_its_files_in_their_order(cast: Cast, room: Room) -> None:
    letter, view = attach(room, cast.amal), attach(room, cast.amal, image(), "view.png")
    scheduled = held(room, cast, view, letter, body="")
    sent = come_due(scheduled)
    assert outcome(sent) == ("sent", "")
    assert names(sent.message) == ["view.png", "letter.pdf"]
    assert sent.message is not None
    assert sent.message.file_count == 2
    assert sent.message.records.get().detail["files"] == [view.recorded(), letter.recorded()]
    assert Attachment.objects.filter(scheduled__isnull=False).count() == 0
    assert verify_rooms() is None
    send_due(scheduled_id=scheduled.pk)
    assert Message.objects.count() == 1


def test_what_it_holds_is_not_forgotten_not_removed_and_not_sent_otherwise(
    cast: Cast, room: Room
) -> None:
    letter = attach(room, cast.amal)
    scheduled = held(room, cast, letter, due_at=timezone.now() + timedelta(days=30))
    assert actions.remove_forgotten(timezone.now() + timedelta(days=29)) == 0
    with pytest.raises(Http404):
        actions.remove_attachment(room=room, pk=letter.pk, actor=cast.amal)
    with pytest.raises(actions.FilesMissing):
        send(room, cast.amal, cast.amal_mandate, letter)
    with pytest.raises(actions.FilesMissing):
        held(room, cast, letter)
    assert ScheduledMessage.objects.count() == 1
    assert names(come_due(scheduled).message) == ["letter.pdf"]


def test_until_it_is_sent_its_author_alone_has_them(cast: Cast, room: Room) -> None:
    letter = attach(room, cast.amal)
    scheduled = held(room, cast, letter)
    assert access_attachment(cast.amal, room.pk, letter.pk) == letter
    address = f"/en/rooms/{room.pk}/files/{letter.pk}/"
    for other in (cast.bilal, cast.dina, cast.chloe):
        with pytest.raises(Http404):
            access_attachment(other, room.pk, letter.pk)
        assert signed_in(other).get(address).status_code == 404
    come_due(scheduled)
    assert access_attachment(cast.bilal, room.pk, letter.pk) == letter


def test_only_what_waits_for_ones_own_message_here_is_held(cast: Cast, room: Room) -> None:
    theirs = attach(room, cast.bilal)
    elsewhere = attach(make_room(cast), cast.amal)
    for wrong in ([theirs.pk], [elsewhere.pk], [10**9]):
        with pytest.raises(actions.FilesMissing):
            later(room, cast, files=wrong)
    assert ScheduledMessage.objects.count() == 0


def test_asked_for_twice_with_one_id_it_is_one(cast: Cast, room: Room) -> None:
    letter, key = attach(room, cast.amal), uuid4()
    first = held(room, cast, letter, client_id=key)
    assert held(room, cast, letter, client_id=key) == first
    assert list(Attachment.objects.held_by(first)) == [letter]


def test_too_much_together_is_refused_now_and_then(cast: Cast, room: Room, settings: Any) -> None:
    letter, other = attach(room, cast.amal), attach(room, cast.amal, PDF + b" ", "b.pdf")
    settings.MESSAGE_FILES_SIZE = len(PDF)
    with pytest.raises(actions.FilesMissing):
        held(room, cast, letter, other)
    settings.MESSAGE_FILES_SIZE = 10**6
    scheduled = held(room, cast, letter, other)
    settings.MESSAGE_FILES_SIZE = len(PDF)
    assert outcome(come_due(scheduled)) == ("failed", "files")
    settings.MESSAGE_FILES_SIZE, settings.MESSAGE_FILES = 10**6, 1
    again = held(room, cast, attach(room, cast.amal), attach(room, cast.amal))
    assert outcome(come_due(again)) == ("failed", "files")
    assert Message.objects.count() == 0
    for each in (scheduled, again):
        assert Attachment.objects.held_by(each).count() == 2


def test_refused_it_keeps_them_and_its_author_is_told(cast: Cast, room: Room) -> None:
    letter = attach(room, cast.amal)
    scheduled = held(room, cast, letter)
    actions.archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    assert outcome(come_due(scheduled)) == ("failed", "archived")
    assert list(Attachment.objects.held_by(scheduled)) == [letter]
    assert actions.remove_forgotten(timezone.now() + timedelta(days=90)) == 0
    job = ProcrastinateJob.objects.get(task_name="messaging.send_scheduled_letter")
    send_scheduled_letter(**job.args)
    [told] = mail.outbox
    assert "the message is kept for you on this page" in told.body
    assert "letter.pdf" not in told.body
    page = signed_in(cast.amal).get("/en/rooms/scheduled/").content.decode()
    assert "letter.pdf" in page.split("Not sent")[1]


def test_withdrawn_they_are_gone(
    cast: Cast, room: Room, django_capture_on_commit_callbacks: Any
) -> None:
    letter = attach(room, cast.amal, image(), "view.png")
    assert letter.preview is not None
    places = [path_of(letter.file.sha256), path_of(letter.preview.sha256)]
    scheduled = held(room, cast, letter)
    for _ in range(2):
        with django_capture_on_commit_callbacks(execute=True):
            actions.withdraw_scheduled(scheduled=scheduled, actor=cast.amal)
    assert (Attachment.objects.count(), StoredFile.objects.count()) == (0, 0)
    assert [place.exists() for place in places] == [False, False]
    with pytest.raises(actions.NotWaiting):
        actions.send_now(scheduled=scheduled, actor=cast.amal)


def test_written_again_they_wait_in_the_composer(cast: Cast, room: Room) -> None:
    letter = attach(room, cast.amal)
    Attachment.objects.update(created_at=timezone.now() - timedelta(days=3))
    scheduled = held(room, cast, letter, body="For Monday")
    actions.archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    come_due(scheduled)
    actions.reopen_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    amal = signed_in(cast.amal)
    page = amal.post(f"/en/rooms/scheduled/{scheduled.pk}/again/", follow=True)
    assert f"files={letter.pk}" in page.redirect_chain[-1][0]
    assert f'name="files" value="{letter.pk}" checked' in page.content.decode()
    draft = MessageDraft.objects.of(cast.amal, room)
    assert draft is not None
    assert draft.body == "For Monday"
    assert actions.remove_forgotten() == 0
    assert send(room, cast.amal, cast.amal_mandate, letter).file_count == 1
    again = amal.get(f"/en/rooms/{room.pk}/?files={letter.pk}").content.decode()
    assert 'name="files"' not in again


@pytest.mark.parametrize("asked", ["x", "0", "999999", "9" * 40, "1,1"])
def test_an_address_names_no_files_of_others(cast: Cast, room: Room, asked: str) -> None:
    theirs = attach(room, cast.bilal)
    for each in (asked, str(theirs.pk)):
        page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/?files={each}")
        assert page.status_code == 200
        assert 'name="files"' not in page.content.decode()


def test_the_composer_sends_files_later_without_a_script(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    waits = attach(room, cast.amal)
    key = uuid4()
    data: dict[str, Any] = {
        "body": "",
        "client_id": key,
        "mandate": cast.amal_mandate.pk,
        "files": [waits.pk],
        "uploads": upload(image(), "view.png"),
    }
    at = f"/en/rooms/{room.pk}/scheduled/"
    refused = amal.post(at, {**data, "due_at": "yesterday"})
    assert refused.status_code == 422
    kept = re.findall(r'name="files" value="(\d+)" checked', refused.content.decode())
    assert len(kept) == 2  # the one that came is not to come again
    data.pop("uploads")
    assert amal.post(at, {**data, "files": kept, "due_at": in_an_hour()}).status_code == 302
    scheduled = ScheduledMessage.objects.get()
    assert [each.name for each in Attachment.objects.held_by(scheduled)] == [
        "letter.pdf", "view.png",
    ]  # fmt: skip
    page = amal.get("/en/rooms/scheduled/").content.decode()
    assert "letter.pdf" in page
    assert "view.png" in page
    change = f"/en/rooms/scheduled/{scheduled.pk}/"
    assert "view.png" in amal.get(change).content.decode()
    assert amal.post(change, {"body": "", "due_at": in_an_hour()}).status_code == 302
    theirs = attach(room, cast.bilal)
    taken = {**data, "files": [theirs.pk], "due_at": in_an_hour(), "client_id": uuid4()}
    answer = amal.post(at, taken)
    assert answer.status_code == 422
    assert "A file of this message is no longer kept" in answer.content.decode()
    bad = {**taken, "files": [], "body": "A", "uploads": upload(b"MZ", "virus.exe")}
    answer = amal.post(at, bad)
    assert answer.status_code == 422
    assert "virus.exe" in answer.content.decode()
    assert ScheduledMessage.objects.count() == 1


def test_the_list_costs_the_same_for_one_and_three(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            amal.get("/en/rooms/scheduled/")
        return len(captured)

    held(room, cast, attach(room, cast.amal))
    cost()
    one = cost()
    for _ in range(2):
        held(room, cast, attach(room, cast.amal), attach(room, cast.amal, PDF, "b.pdf"))
    assert cost() == one


def test_own_data_has_what_waits_with_its_files(cast: Cast, room: Room) -> None:
    held(room, cast, attach(room, cast.amal), body="For Monday")
    theirs = attach(room, cast.bilal, image(), "theirs.png")
    later(room, cast, author=cast.bilal, mandate=cast.bilal_mandate, body="No", files=[theirs.pk])
    export = made(cast.amal)
    assert export.file is not None
    found = zipfile.ZipFile(io.BytesIO(path_of(export.file.sha256).read_bytes()))
    [row] = json.loads(found.read("data.json"))["scheduled"]
    assert (row["text"], row["state"]) == ("For Monday", "waits")
    assert found.read(row["files"]) == PDF
    assert not any("theirs" in name for name in found.namelist())


def test_a_file_is_of_one_message_alone(cast: Cast, room: Room) -> None:
    scheduled = held(room, cast, attach(room, cast.amal))
    message = come_due(later(room, cast)).message
    with pytest.raises(IntegrityError), transaction.atomic():
        Attachment.objects.filter(scheduled=scheduled).update(message=message)
