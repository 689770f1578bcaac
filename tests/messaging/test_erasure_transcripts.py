"""Transcripts and the texts that are erased or deleted after they were made."""

from typing import Any

import pytest

from majlis_verify import verify
from members.enums import Capacity
from members.models import User
from messaging import actions
from messaging.actions import delete_message
from messaging.enums import TranscriptState
from messaging.models import Message, Room, Transcript
from messaging.transcripts.signing import known_keys
from records.models import StoredFile
from records.storage import path_of
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say
from tests.messaging.test_erasure import SECRET, erased, signed_in


@pytest.fixture
def said(cast: Cast, room: Room) -> Message:
    return say(room, cast.amal, cast.amal_mandate, SECRET)


@pytest.fixture
def emad(cast: Cast) -> User:
    user = make_user("emad")
    make_mandate(user, cast.qa, Capacity.SECRETARIAT)
    return user


def test_transcripts_that_hold_it_lose_their_files_and_new_ones_are_whole(
    cast: Cast, room: Room, said: Message, emad: User
) -> None:
    later = say(room, cast.bilal, cast.bilal_mandate, "Later")

    def made(first: int, last: int) -> Transcript:
        asked = actions.ask_for_transcript(
            room=room, actor=cast.amal, language="en", first=first, last=last
        )
        actions.make_transcript(transcript_id=asked.pk)
        return Transcript.objects.select_related("pdf", "html", "json").get(pk=asked.pk)

    whole, other = made(1, later.seq), made(later.seq, later.seq)
    paths = [path_of(file.sha256) for _, file in whole.files]
    assert all(path.exists() for path in paths)
    listed = signed_in(emad).get(f"/en/rooms/{room.pk}/messages/{said.seq}/erasure/")
    assert [(t.pk, n) for t, n in listed.context["transcripts"]] == [(whole.pk, 0)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.db.transaction.on_commit", lambda act, **_: act())
        erased(said, cast.dina, emad)
    whole.refresh_from_db()
    other.refresh_from_db()
    assert (whole.state, whole.files) == (TranscriptState.WITHDRAWN, [])
    assert other.state == TranscriptState.READY
    assert not any(path.exists() for path in paths)
    assert StoredFile.objects.count() == 3
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/transcripts/").content.decode()
    assert "Withdrawn, because a text in it was erased." in page
    again = made(1, later.seq)
    for _, file in again.files:
        content = path_of(file.sha256).read_bytes()
        assert SECRET.encode() not in content
        assert verify(content, known_keys()).outcome == "whole"


def test_a_transcript_made_while_the_text_is_erased_is_not_kept(
    cast: Cast, room: Room, said: Message, emad: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = actions.ask_for_transcript(
        room=room, actor=cast.amal, language="en", first=1, last=said.seq
    )
    make_pdf = actions.transcripts.make_pdf

    def overtaken(document: Any) -> bytes:
        erased(said, cast.dina, emad)
        return bytes(make_pdf(document))

    monkeypatch.setattr(actions.transcripts, "make_pdf", overtaken)
    actions.make_transcript(transcript_id=asked.pk)
    asked.refresh_from_db()
    assert (asked.state, asked.files) == (TranscriptState.FAILED, [])
    assert asked.may_be_tried_again
    assert not StoredFile.objects.exists()


def test_a_transcript_made_before_a_deletion_says_so(cast: Cast, room: Room, said: Message) -> None:
    asked = actions.ask_for_transcript(
        room=room, actor=cast.amal, language="en", first=1, last=said.seq
    )
    actions.make_transcript(transcript_id=asked.pk)
    amal = signed_in(cast.amal)
    warning = "1 text that it holds was deleted in the room since."
    assert warning not in amal.get(f"/en/rooms/{room.pk}/transcripts/").content.decode()
    delete_message(room=room, seq=said.seq, reason="", actor=cast.amal)
    assert warning in amal.get(f"/en/rooms/{room.pk}/transcripts/").content.decode()
