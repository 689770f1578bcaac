"""Two at once: a file goes with one message, or away, and its content is there while it counts."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.http import Http404
from django.utils import timezone

from messaging.actions import FilesMissing, remove_attachment, remove_forgotten
from messaging.models import Attachment, Message
from messaging.verification import verify_rooms
from records.actions import discard_file, store_file
from records.storage import path_of
from tests import races
from tests.factories import Cast
from tests.files import PDF, upload
from tests.messaging.conftest import make_room
from tests.messaging.test_attachments import attach, send

pytestmark = pytest.mark.django_db(transaction=True)


at_once = partial(races.at_once, refusals=(FilesMissing, Http404))


def test_two_messages_that_want_one_file() -> None:
    cast = Cast()
    room = make_room(cast)
    for _ in range(4):
        file = attach(room, cast.amal)
        sent = [lambda f=file: send(room, cast.amal, cast.amal_mandate, f) for _ in range(2)]
        assert at_once(*sent) == ["FilesMissing", "done"]
    assert Message.objects.count() == Attachment.objects.exclude(message=None).count() == 4
    assert verify_rooms() is None


def test_a_message_and_the_removal_of_its_file() -> None:
    cast = Cast()
    room = make_room(cast)
    late = timezone.now() + timedelta(days=2)
    for number in range(6):
        file = attach(room, cast.amal, PDF + b"%%EOF" + bytes([65 + number]))
        removal: Callable[[], Any] = (
            (lambda: remove_forgotten(late))
            if number % 2
            else (lambda f=file: remove_attachment(room=room, pk=f.pk, actor=cast.amal))
        )
        at_once(lambda f=file: send(room, cast.amal, cast.amal_mandate, f), removal)
        is_there = Attachment.objects.filter(pk=file.pk).exclude(message=None).exists()
        assert Attachment.objects.filter(pk=file.pk).exists() == is_there
        assert path_of(file.file.sha256).exists() == is_there
    assert verify_rooms() is None


def test_content_that_is_stored_while_it_is_discarded() -> None:
    cast = Cast()
    room = make_room(cast)
    for number in range(8):
        content = PDF + b"%%EOF" + bytes([65 + number])
        stored = store_file(upload=upload(content), content_type="application/pdf")
        at_once(lambda c=content: attach(room, cast.amal, c), lambda s=stored: discard_file(s))
        kept = Attachment.objects.latest("pk")
        assert path_of(kept.file.sha256).read_bytes() == content
