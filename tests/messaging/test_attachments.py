"""Files of messages: bound once, by their author, recorded, and seen by who reads the room."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django import app
from pytest_django import DjangoAssertNumQueries

from members.models import Mandate, User
from messaging import tasks, throttle
from messaging.actions import (
    ClientIdReused,
    Draft,
    FilesMissing,
    NoSpace,
    RoomShut,
    archive_room,
    attach_file,
    delete_message,
    edit_message,
    lock_to_chairs,
    post_message,
    post_messages,
    remove_attachment,
    remove_forgotten,
)
from messaging.forms_files import UploadForm
from messaging.models import Attachment, Message, Record, Room
from messaging.permissions import access_attachment
from messaging.verification import verify_rooms
from records.models import StoredFile
from records.storage import path_of
from tests.factories import Cast
from tests.files import PDF, image, upload
from tests.messaging.conftest import make_room, say


@pytest.fixture(autouse=True)
def unhurried() -> None:
    throttle._buckets.clear()


def attach(room: Room, user: User, content: bytes = PDF, name: str = "letter.pdf") -> Attachment:
    form = UploadForm(files={"file": upload(content, name)})
    assert form.is_valid(), form.errors
    checked = form.cleaned_data["file"]
    return attach_file(room=room, actor=user, upload=checked, content_type=checked.checked_type)


def send(room: Room, author: User, mandate: Mandate, *files: Attachment, **more: Any) -> Message:
    values = {"body": "Enclosed.", "client_id": uuid4(), **more}
    return post_message(
        room=room, author=author, mandate=mandate, files=[each.pk for each in files], **values
    )


@pytest.fixture
def amal_sends(cast: Cast, room: Room) -> Callable[..., Message]:
    return lambda *files, **more: send(room, cast.amal, cast.amal_mandate, *files, **more)


Sends = Callable[..., Message]


def test_a_message_binds_its_files_and_the_record_proves_them(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    letter, picture = attach(room, cast.amal), attach(room, cast.amal, image(), "view.png")
    message = amal_sends(picture, letter, body="")
    assert message.file_count == 2
    assert [each.name for each in message.files.all()] == ["view.png", "letter.pdf"]
    record = message.records.get()
    assert record.detail == {"files": [picture.recorded(), letter.recorded()]}
    assert record.detail["files"][1]["sha256"] == letter.file.sha256
    assert "letter" not in str(record.detail)
    assert verify_rooms() is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE messaging_attachment SET name = 'other.pdf'",
        "UPDATE messaging_attachment SET message_id = NULL",
        "UPDATE records_storedfile SET sha256 = repeat('0', 64)",
        "UPDATE records_storedfile SET size = 1",
        "UPDATE messaging_message SET file_count = 0",
    ],
)
def test_what_is_changed_beside_the_record_is_found(
    cast: Cast, room: Room, amal_sends: Sends, change: str
) -> None:
    amal_sends(attach(room, cast.amal))
    with connection.cursor() as cursor:
        cursor.execute(change)
    assert verify_rooms() is not None


def test_a_file_that_no_record_names_is_found(cast: Cast, room: Room) -> None:
    message = say(room, cast.amal, cast.amal_mandate)
    attached = attach(room, cast.amal)
    Attachment.objects.filter(pk=attached.pk).update(message=message)
    assert verify_rooms() is not None


def test_the_same_again_is_acknowledged_alike_and_other_files_are_refused(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    one, two, other = (attach(room, cast.amal) for _ in range(3))
    key = uuid4()
    message = amal_sends(one, two, client_id=key)
    assert amal_sends(one, two, client_id=key) == message
    for files in ((), (one,), (two, one), (one, two, other)):
        with pytest.raises(ClientIdReused):
            amal_sends(*files, client_id=key)
    delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert amal_sends(one, two, client_id=key) == message
    assert Message.objects.count() == 1


def test_in_one_commit_a_file_goes_with_the_first_that_has_it(cast: Cast, room: Room) -> None:
    one, two = attach(room, cast.amal), attach(room, cast.amal)
    twice = uuid4()

    def draft(key: UUID, *files: Attachment) -> Draft:
        ids = tuple(each.pk for each in files)
        return Draft(cast.amal, cast.amal_mandate, "", key, files=ids)

    first, again, greedy, last, reused = post_messages(
        room_id=room.pk,
        drafts=[
            draft(twice, one),
            draft(twice, one),
            draft(uuid4(), one, two),
            draft(uuid4(), two),
            draft(twice, two),
        ],
    )
    assert isinstance(first, Message)
    assert again is first
    assert isinstance(greedy, FilesMissing)
    assert greedy.ids == (one.pk,)
    assert isinstance(last, Message)
    assert isinstance(reused, ClientIdReused)
    assert [m.files.get().pk for m in Message.objects.all()] == [one.pk, two.pk]
    assert verify_rooms() is None


def test_others_files_those_of_other_rooms_and_bound_ones_do_not_go_with_a_message(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    elsewhere = make_room(cast)
    bound = attach(room, cast.amal)
    amal_sends(bound)
    for wrong in (attach(room, cast.bilal), attach(elsewhere, cast.amal), bound):
        with pytest.raises(FilesMissing) as refused:
            amal_sends(wrong, attach(room, cast.amal))
        assert refused.value.ids == (wrong.pk,)
    with pytest.raises(FilesMissing):
        post_message(
            room=room, author=cast.amal, mandate=cast.amal_mandate, body="", client_id=uuid4(),
            files=[2**52],
        )  # fmt: skip
    assert Message.objects.count() == 1


def test_a_message_has_no_more_bytes_than_it_may(
    cast: Cast, room: Room, amal_sends: Sends, settings: Any
) -> None:
    settings.MESSAGE_FILES_SIZE = 2 * len(PDF) - 1
    one, two = attach(room, cast.amal), attach(room, cast.amal)
    with pytest.raises(FilesMissing) as refused:
        amal_sends(one, two)
    assert refused.value.too_much
    assert amal_sends(one).file_count == 1


def test_a_room_and_who_sends_nothing_take_no_more_than_they_may(
    cast: Cast, room: Room, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("messaging.actions.attachments.MOST_WAITING", 2)
    attach(room, cast.amal)
    attach(room, cast.amal)
    with pytest.raises(NoSpace):
        attach(room, cast.amal)
    attach(room, cast.bilal)
    settings.ROOM_FILES_SIZE = 4 * len(PDF) - 1
    with pytest.raises(NoSpace):
        attach(room, cast.bilal)
    attach(make_room(cast), cast.bilal)


def test_only_who_may_write_now_attaches(cast: Cast, room: Room, amal_sends: Sends) -> None:
    with pytest.raises(Http404):
        attach(room, cast.chloe)
    observing = cast.bilal_mandate
    Mandate.objects.filter(pk=observing.pk).update(capacity="observer")
    with pytest.raises(PermissionDenied):
        attach(room, cast.bilal)
    kept = attach(room, cast.amal)
    lock_to_chairs(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    for sent in (lambda: attach(room, cast.amal), lambda: amal_sends(kept)):
        with pytest.raises(RoomShut) as shut:
            sent()
        assert shut.value.code == "locked"
    attach(room, cast.dina)
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    for user in (cast.amal, cast.dina):
        with pytest.raises(RoomShut) as shut:
            attach(room, user)
        assert shut.value.code == "archived"


def test_a_waiting_file_is_its_uploaders_a_sent_one_is_of_who_reads_the_room(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    letter = attach(room, cast.amal)

    def sees(user: User) -> bool:
        try:
            return access_attachment(user, room.pk, letter.pk) == letter
        except Http404:
            return False

    assert [sees(u) for u in (cast.amal, cast.bilal, cast.dina, cast.chloe)] == [
        True, False, False, False,
    ]  # fmt: skip
    message = amal_sends(letter)
    assert [sees(u) for u in (cast.amal, cast.bilal, cast.dina, cast.chloe)] == [
        True, True, True, False,
    ]  # fmt: skip
    for where, pk in ((make_room(cast).pk, letter.pk), (room.pk, 2**63), (room.pk, 2**70)):
        with pytest.raises(Http404):
            access_attachment(cast.amal, where, pk)
    Mandate.objects.filter(pk=cast.bilal_mandate.pk).update(ends_at=timezone.now())
    assert not sees(cast.bilal)
    delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert not any(sees(u) for u in (cast.amal, cast.bilal, cast.dina))
    assert message.records.get(kind="message.posted").detail == {"files": [letter.recorded()]}
    assert path_of(letter.file.sha256).exists()
    assert verify_rooms() is None


def test_an_edit_keeps_the_files_and_finds_them_by_name(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    message = amal_sends(attach(room, cast.amal, name="ميزانية ٢٠٢٦.pdf"))
    edited = edit_message(
        room=room, seq=message.seq, version=1, body="Second", client_id=uuid4(), actor=cast.amal
    )
    assert edited.file_count == 1
    assert Message.objects.get().search_text == "second ميزانيه 2026.pdf"
    assert verify_rooms() is None
    delete_message(room=room, seq=message.seq, reason="", actor=cast.amal)
    assert Message.objects.get().search_text == ""


def test_what_waits_is_taken_back_with_its_content_by_its_uploader(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    picture = attach(room, cast.amal, image(), "view.png")
    places = [path_of(file.sha256) for file in (picture.file, picture.preview) if file]
    assert [place.exists() for place in places] == [True, True]
    with pytest.raises(Http404):
        remove_attachment(room=room, pk=picture.pk, actor=cast.bilal)
    remove_attachment(room=room, pk=picture.pk, actor=cast.amal)
    assert [place.exists() for place in places] == [False, False]
    assert not Attachment.objects.exists()
    assert not StoredFile.objects.exists()
    with pytest.raises(Http404):
        remove_attachment(room=room, pk=picture.pk, actor=cast.amal)
    again = attach(room, cast.amal, image(), "view.png")
    assert places[0].exists()
    amal_sends(again)
    with pytest.raises(Http404):
        remove_attachment(room=room, pk=again.pk, actor=cast.amal)


def test_what_was_forgotten_goes_after_a_day_and_what_others_have_stays(
    cast: Cast, room: Room, amal_sends: Sends
) -> None:
    other = PDF.replace(b"Catalog", b"Cat")
    sent, shared, alone = attach(room, cast.amal), attach(room, cast.amal), attach(
        room, cast.amal, other
    )  # fmt: skip
    amal_sends(sent)
    assert remove_forgotten() == 0
    assert remove_forgotten(timezone.now() + timedelta(hours=23)) == 0
    assert remove_forgotten(timezone.now() + timedelta(hours=25)) == 2
    assert list(Attachment.objects.all()) == [sent]
    assert list(StoredFile.objects.all()) == [sent.file] == [shared.file]
    assert path_of(sent.file.sha256).exists()
    assert not path_of(alone.file.sha256).exists()
    with pytest.raises(FilesMissing):
        amal_sends(alone)


def test_the_worker_removes_what_was_forgotten(cast: Cast, room: Room) -> None:
    forgotten = attach(room, cast.amal)
    Attachment.objects.update(created_at=timezone.now() - timedelta(hours=25))
    kept = attach(room, cast.amal)
    tasks.remove_forgotten_files(timestamp=0)
    assert list(Attachment.objects.all()) == [kept]
    assert path_of(forgotten.file.sha256).exists()  # the same letter
    periodic = app.periodic_registry.periodic_tasks.values()
    assert "messaging.remove_forgotten_files" in {each.task.name for each in periodic}


def test_a_plain_message_costs_no_query_more_and_files_the_same_for_one_and_three(
    cast: Cast, room: Room, amal_sends: Sends, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    amal_sends()
    with CaptureQueriesContext(connection) as plain:
        amal_sends()
    assert not [q for q in plain.captured_queries if "messaging_attachment" in str(q["sql"])]
    with CaptureQueriesContext(connection) as shown:
        Record.objects.before(room.pk, None, 50)
    assert not [q for q in shown.captured_queries if "messaging_attachment" in str(q["sql"])]

    amal_sends(attach(room, cast.amal, image(), "view.png"))

    def read() -> None:
        for records in (
            Record.objects.before(room.pk, None, 50),
            Record.objects.after(room.pk, 0, 50),
            Record.objects.following(room.pk, 0, 50),
        ):
            found = [each for r in records if r.message for each in r.message.shown_files]
            assert all(each.file.size and each.is_viewable for each in found)

    with CaptureQueriesContext(connection) as one:
        read()
    three = [attach(room, cast.amal, image(), f"{n}.png") for n in range(3)]
    with CaptureQueriesContext(connection) as posted_three:
        amal_sends(*three)
    another = attach(room, cast.amal)
    with django_assert_num_queries(len(posted_three)):
        amal_sends(another)
    with django_assert_num_queries(len(one)):
        read()
