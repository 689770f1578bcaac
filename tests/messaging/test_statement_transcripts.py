"""Transcripts say clearly what is a statement, what a corrigendum, and who released it."""

import json
from typing import Any
from uuid import uuid4

import pytest

from majlis_verify import verify
from members.enums import Capacity
from members.models import Mandate
from messaging.actions import (
    ask_for_transcript,
    issue_statement,
    make_transcript,
    release_statement,
)
from messaging.models import Message, Room, StatementDraft, Transcript
from messaging.transcripts.signing import known_keys
from records.storage import path_of
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say


def issue(room: Room, mandate: Mandate, body: str, **more: Any) -> Message | StatementDraft:
    return issue_statement(
        room=room, author=mandate.user, mandate=mandate, body=body, client_id=uuid4(), **more
    )


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_statements_stand_out_in_all_three_files(cast: Cast, room: Room, language: str) -> None:
    first = issue(room, cast.bilal_mandate, "Nigeria asks.")
    assert isinstance(first, Message)
    cast.kr.statements_need_release = True
    cast.kr.save()
    sara = make_mandate(make_user("sara"), cast.kr, Capacity.ALTERNATE)
    draft = issue(room, cast.amal_mandate, "Korea replies.", reply_to=first.seq)
    assert isinstance(draft, StatementDraft)
    release_statement(draft=draft, actor=sara.user)
    issue(room, cast.bilal_mandate, "Read “requests”.", corrects=first.seq)
    say(room, cast.amal, cast.amal_mandate)
    room.refresh_from_db()
    asked = ask_for_transcript(
        room=room, actor=cast.amal, language=language, first=first.seq, last=room.head_seq
    )
    make_transcript(transcript_id=asked.pk)
    made = Transcript.objects.select_related("pdf", "html", "json").get(pk=asked.pk)
    files = {kind: path_of(file.sha256).read_bytes() for kind, file in made.files}
    for content in files.values():
        assert verify(content, known_keys()).outcome == "whole"
    records = json.loads(files["json"])["records"]
    lines = [record["shown"]["line"] for record in records]
    assert [record["content"]["kind"] for record in records] == [
        "statement.issued",
        "statement.issued",
        "corrigendum.issued",
        "message.posted",
    ]
    assert records[1]["content"]["detail"] == {"reply_to": first.seq, "released_by": sara.pk}
    assert records[2]["content"]["detail"] == {"corrects": first.seq}
    assert lines[3] == ""
    if language == "en":
        assert lines[:3] == [
            "Statement of Institution NG.",
            "Statement of Institution KR, in exercise of the right of reply to the statement of "
            f"Institution NG, message {first.seq}. Released by Sara (alternate).",
            f"Corrigendum of Institution NG to its statement, message {first.seq}.",
        ]
    else:
        assert "Institution NG" in lines[0]
        assert "Sara" in lines[1]
        assert str(first.seq) in lines[2]
    assert lines[1] in files["html"].decode()
