import json
import os
import stat
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from majlis_verify import verify
from members.enums import Capacity
from members.models import User
from messaging import actions
from messaging.actions import delete_message, edit_message
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import ParticipantRole, RoomKind, TranscriptState
from messaging.models import Record, Room, Transcript
from messaging.transcripts import heads
from messaging.transcripts.signing import NoSigningKey, known_keys
from portal.checks import check_signing_key_is_set, check_signing_keys
from records.models import AuditEntry
from records.storage import path_of
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

ARABIC = "صباح الخير، GPDN 2026."


@pytest.fixture
def spoken(cast: Cast, room: Room) -> Room:
    say(room, cast.amal, cast.amal_mandate, "Good morning <b>&amp;</b>\n\nSecond line")
    say(room, cast.bilal, cast.bilal_mandate, ARABIC)
    say(room, cast.amal, cast.amal_mandate, "Third")
    room.refresh_from_db()
    return room


def ask(room: Room, actor: User, **given: Any) -> Transcript:
    values = {"language": "en", "first": 1, "last": room.head_seq, **given}
    return actions.ask_for_transcript(room=room, actor=actor, **values)


def made(room: Room, actor: User, **given: Any) -> Transcript:
    transcript = ask(room, actor, **given)
    actions.make_transcript(transcript_id=transcript.pk)
    return Transcript.objects.select_related("pdf", "html", "json").get(pk=transcript.pk)


def contents(transcript: Transcript) -> dict[str, bytes]:
    return {kind: path_of(file.sha256).read_bytes() for kind, file in transcript.files}


def page(room: Room) -> str:
    return reverse("messaging:transcripts", args=[room.pk])


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_all_three_files_are_whole_and_true(spoken: Room, cast: Cast, language: str) -> None:
    files = contents(made(spoken, cast.amal, language=language))
    assert sorted(files) == ["html", "json", "pdf"]
    for kind, content in files.items():
        verdict = verify(content, known_keys())
        assert (verdict.outcome, verdict.kind, verdict.fault) == ("whole", kind, None)


def test_a_range_in_the_middle_proves_itself(spoken: Room, cast: Cast) -> None:
    files = contents(made(spoken, cast.amal, first=5, last=6))
    document = json.loads(files["json"])
    assert [r["content"]["seq"] for r in document["records"]] == [5, 6]
    assert document["previous_hash"] == bytes(Record.objects.get(room=spoken, seq=4).hash).hex()
    assert verify(files["json"], known_keys()).outcome == "whole"


def test_the_document_says_who_took_part(spoken: Room, cast: Cast) -> None:
    document = json.loads(contents(made(spoken, cast.amal))["json"])
    assert document["participants"] == [
        {"name": "Secretariat", "role": "chair", "people": []},
        {
            "name": "Institution KR",
            "role": "",
            "people": [{"name": "Amal", "capacity": "head of delegation"}],
        },
        {
            "name": "Institution NG",
            "role": "",
            "people": [{"name": "Bilal", "capacity": "head of delegation"}],
        },
    ]


def test_every_file_shows_what_was_said(spoken: Room, cast: Cast) -> None:
    html = contents(made(spoken, cast.amal))["html"].decode()
    assert '<p class="b" dir="auto">Good morning &lt;b&gt;&amp;amp;&lt;/b&gt;</p>' in html
    assert f'<p class="b" dir="auto">{ARABIC}</p>' in html


def test_an_erased_text_is_not_in_it_and_it_is_whole(spoken: Room, cast: Cast) -> None:
    Record.objects.filter(room=spoken, seq=6).update(text=None, text_salt=None)
    files = contents(made(spoken, cast.amal))
    for content in files.values():
        assert verify(content, known_keys()).outcome == "whole"
    entry = json.loads(files["json"])["records"][5]
    assert (entry["text"], entry["salt"], entry["withheld"]) == (None, None, "erased")


def test_a_deleted_text_is_not_printed_even_where_the_deletion_is_after_the_range(
    spoken: Room, cast: Cast
) -> None:
    message = Record.objects.get(room=spoken, seq=6).message
    assert message is not None
    edit_message(
        room=spoken, seq=6, version=1, body="Said anew", client_id=uuid4(), actor=message.author
    )
    spoken.refresh_from_db()
    edited = contents(made(spoken, cast.amal))
    assert ARABIC in edited["html"].decode()
    shown = json.loads(edited["json"])["records"][-1]
    assert (shown["shown"]["line"], shown["text"]) == ("New version of message 6:", "Said anew")
    delete_message(room=spoken, seq=6, reason="an error", actor=message.author)
    spoken.refresh_from_db()
    cut = contents(made(spoken, cast.amal, last=6))
    whole = contents(made(spoken, cast.amal))
    for files in (cut, whole):
        shown = files["html"].decode() + files["json"].decode()
        assert ARABIC not in shown
        assert "Said anew" not in shown
        for content in files.values():
            assert verify(content, known_keys()).outcome == "whole"
    last = json.loads(whole["json"])["records"][-1]
    assert (last["shown"]["line"], last["text"]) == ("Message 6 was deleted.", "an error")


def test_a_kind_that_is_not_known_is_shown_by_its_name(spoken: Room, cast: Cast) -> None:
    locked = lock_room(spoken.pk)
    save_records(
        room=locked,
        records=[
            next_record(room=locked, kind="room.painted", actor=cast.dina, mandate=None, text="x")
        ],
    )
    spoken.refresh_from_db()
    entry = json.loads(contents(made(spoken, cast.amal))["json"])["records"][-1]
    assert (entry["shown"]["line"], entry["text"]) == ("room.painted", "x")


# --- Who may ----------------------------------------------------------------------------------


def test_heads_and_the_secretariat_may_and_others_may_not(spoken: Room, cast: Cast) -> None:
    for allowed in (cast.amal, cast.bilal, cast.dina):
        assert ask(spoken, allowed).state == TranscriptState.WAITING
    delegate, observer = make_user("delegate"), make_user("observer")
    make_mandate(delegate, cast.kr, Capacity.DELEGATE)
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    for refused in (delegate, observer):
        with pytest.raises(PermissionDenied):
            ask(spoken, refused)
    with pytest.raises(Http404):
        ask(spoken, cast.chloe)


def test_a_delegate_of_a_delegation_that_chairs_may(cast: Cast) -> None:
    room = open_chaired(cast)
    assert ask(room, cast.chloe).mandate == cast.chloe_mandate


def open_chaired(cast: Cast) -> Room:
    room = actions.open_room(
        kind=RoomKind.GROUP, titles={"en": "C"}, delegations={cast.pl: ParticipantRole.CHAIR}
    )
    room.refresh_from_db()
    return room


def test_asking_again_while_one_is_under_way_gives_the_same(spoken: Room, cast: Cast) -> None:
    assert ask(spoken, cast.amal) == ask(spoken, cast.amal)
    assert ask(spoken, cast.bilal) != ask(spoken, cast.amal)
    assert ProcrastinateJob.objects.filter(task_name="messaging.make_transcript").count() == 2


@pytest.mark.parametrize(("first", "last"), [(0, 1), (3, 2), (1, 999), (1, 2001)])
def test_a_range_that_the_room_does_not_have_is_refused(
    spoken: Room, cast: Cast, first: int, last: int
) -> None:
    with pytest.raises(ValueError):
        ask(spoken, cast.amal, first=first, last=last)


def test_without_a_key_none_is_made(
    spoken: Room, cast: Cast, settings: Any, client: Client
) -> None:
    settings.SIGNING_KEY = ""
    with pytest.raises(NoSigningKey):
        ask(spoken, cast.amal)
    client.force_login(cast.amal)
    assert b"has not set a signing key" in client.get(page(spoken)).content


# --- The job ----------------------------------------------------------------------------------


def test_the_job_says_how_far_it_is_and_writes_it_down(spoken: Room, cast: Cast) -> None:
    transcript = made(spoken, cast.amal)
    assert (transcript.state, transcript.progress) == (TranscriptState.READY, 100)
    assert transcript.head_hash == bytes(spoken.head_hash).hex()
    entry = AuditEntry.objects.get(act="transcript.made")
    assert (entry.actor_id, entry.object_id) == (cast.amal.pk, transcript.pk)
    actions.make_transcript(transcript_id=transcript.pk)  # repeated: nothing
    assert AuditEntry.objects.filter(act="transcript.made").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_worker_makes_it(spoken: Room, cast: Cast) -> None:
    transcript = ask(spoken, cast.amal)
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(wait=False, install_signal_handlers=False, listen_notify=False)
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.READY


def test_what_fails_says_so_and_can_be_tried_again(
    spoken: Room, cast: Cast, settings: Any, client: Client
) -> None:
    key, transcript = settings.SIGNING_KEY, ask(spoken, cast.amal)
    settings.SIGNING_KEY = "no key"
    actions.make_transcript(transcript_id=transcript.pk)
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.FAILED
    settings.SIGNING_KEY = key
    client.force_login(cast.amal)
    assert b"Try again" in client.get(page(spoken)).content
    again = reverse("messaging:transcript_again", args=[spoken.pk, transcript.pk])
    assert client.post(again).status_code == 302
    transcript.refresh_from_db()
    assert transcript.state == TranscriptState.WAITING
    client.post(again)  # repeated: it is under way, nothing happens
    assert ProcrastinateJob.objects.filter(task_name="messaging.make_transcript").count() == 2


def test_one_whose_worker_died_can_be_tried_again(spoken: Room, cast: Cast) -> None:
    transcript = ask(spoken, cast.amal)
    assert not transcript.may_be_tried_again
    transcript.changed_at = timezone.now() - timedelta(minutes=16)
    assert transcript.may_be_tried_again


def test_what_is_too_large_says_so(spoken: Room, cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr("messaging.actions.transcripts.LARGEST", 100)
    transcript = made(spoken, cast.amal)
    assert (transcript.state, transcript.too_large) == (TranscriptState.FAILED, True)
    assert not transcript.may_be_tried_again


# --- The page ---------------------------------------------------------------------------------


def test_the_form_takes_numbers_days_or_nothing(spoken: Room, cast: Cast, client: Client) -> None:
    client.force_login(cast.amal)
    today = timezone.now().date().isoformat()
    for given, expected in [
        ({}, (1, spoken.head_seq)),
        ({"first": "2", "last": "99"}, (2, spoken.head_seq)),
        ({"since": today, "until": today}, (1, spoken.head_seq)),
    ]:
        assert client.post(page(spoken), {**given, "language": "fr"}).status_code == 302
        transcript = Transcript.objects.latest("pk")
        assert (transcript.first_seq, transcript.last_seq) == expected
        assert transcript.language == "fr"
        transcript.delete()


@pytest.mark.parametrize(
    "given",
    [
        {"first": "5", "last": "2"},
        {"first": "0"},
        {"since": "2001-01-01", "until": "2001-01-02"},
        {"until": "9999-12-31", "first": "1"},
        {"until": "9999-12-31"},
        {"language": "xx"},
    ],
)
def test_a_wrong_range_loses_nothing_typed(
    spoken: Room, cast: Cast, client: Client, given: dict[str, str]
) -> None:
    client.force_login(cast.amal)
    answer = client.post(page(spoken), {"language": "en", **given})
    assert answer.status_code == 422
    assert all(
        f'value="{value}"' in answer.text for key, value in given.items() if key != "language"
    )
    assert not Transcript.objects.exists()


def test_a_range_that_is_too_long_is_refused_in_words(
    spoken: Room, cast: Cast, client: Client
) -> None:
    Room.objects.filter(pk=spoken.pk).update(head_seq=5000)
    client.force_login(cast.amal)
    answer = client.post(page(spoken), {"language": "en", "first": "1", "last": "2001"})
    assert answer.status_code == 422
    assert "at most 2000 records" in answer.text


def test_a_download_is_checked_and_written_down(spoken: Room, cast: Cast, client: Client) -> None:
    transcript = made(spoken, cast.amal)
    address = reverse("messaging:transcript", args=[spoken.pk, transcript.pk, "pdf"])
    client.force_login(cast.chloe)
    assert client.get(address).status_code == 404
    client.force_login(cast.bilal)
    answer = client.get(address)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment")
    entry = AuditEntry.objects.get(act="transcript.downloaded")
    assert (entry.actor_id, entry.after["format"]) == (cast.bilal.pk, "pdf")
    assert client.get(address.replace(".pdf", ".exe")).status_code == 404
    other = reverse("messaging:transcript", args=[open_chaired(cast).pk, transcript.pk, "pdf"])
    client.force_login(cast.dina)
    assert client.get(other).status_code == 404


def test_three_transcripts_cost_as_many_queries_as_one(
    spoken: Room, cast: Cast, client: Client
) -> None:
    client.force_login(cast.amal)
    counts = []
    for _ in range(3):
        made(spoken, cast.amal)
        client.get(page(spoken))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(page(spoken))
        counts.append(len(queries))
    assert counts[0] == counts[2]


# --- Keys, heads, the command -----------------------------------------------------------------


def test_keys_are_published_old_ones_with_their_time(client: Client, settings: Any) -> None:
    settings.OLD_SIGNING_KEYS = [f"{'22' * 32}/2025-01-01/2026-01-01"]
    listed = client.get("/.well-known/majlis-keys.json").json()["keys"]
    assert [(key["from"], key["to"]) for key in listed] == [
        (None, None),
        ("2025-01-01", "2026-01-01"),
    ]
    assert listed[1]["public"] == "22" * 32
    assert settings.SIGNING_KEY not in json.dumps(listed)


def test_a_key_that_was_replaced_is_still_known(spoken: Room, cast: Cast, settings: Any) -> None:
    files = contents(made(spoken, cast.amal))
    [old] = known_keys()
    settings.SIGNING_KEY = "33" * 32
    assert verify(files["json"], known_keys()).outcome == "unknown_key"
    settings.OLD_SIGNING_KEYS = [f"{old.public.hex()}/2020-01-01/2999-01-01"]
    assert verify(files["json"], known_keys()).outcome == "whole"
    settings.OLD_SIGNING_KEYS = [f"{old.public.hex()}/2020-01-01/2021-01-01"]
    verdict = verify(files["json"], known_keys())
    assert (verdict.outcome, verdict.fault and verdict.fault.what) == ("altered", "period")


def test_heads_are_signed_and_say_no_titles(
    spoken: Room, client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.VAR_DIR = tmp_path
    assert client.get("/.well-known/majlis-heads.json").status_code == 404
    assert heads.write_heads()
    answer = client.get("/.well-known/majlis-heads.json")
    assert {"room": spoken.pk, "hash": bytes(spoken.head_hash).hex()} in answer.json()["rooms"]
    assert "Working group" not in answer.text
    assert verify(answer.content, known_keys()).outcome == "whole"
    altered = answer.content.replace(bytes(spoken.head_hash).hex().encode(), b"00" * 32)
    assert verify(altered, known_keys()).outcome == "altered"
    settings.SIGNING_KEY = ""
    assert heads.write_heads() is None


def test_a_key_is_made_for_its_owner_and_never_over_another(
    tmp_path: Path, settings: Any, capsys: Any
) -> None:
    path = tmp_path / "key"
    call_command("make_signing_key", str(path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    settings.SIGNING_KEY = str(path)
    [key] = known_keys()
    assert key.public.hex() in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("make_signing_key", str(path))


def test_a_key_that_cannot_be_read_is_an_error_of_the_settings(settings: Any) -> None:
    assert check_signing_keys() == []
    settings.SIGNING_KEY = "short"
    assert [found.id for found in check_signing_keys()] == ["portal.E010"]
    settings.SIGNING_KEY = ""
    assert [found.id for found in check_signing_key_is_set()] == ["portal.W011"]


def test_the_command_needs_neither_settings_nor_a_database(
    spoken: Room, cast: Cast, tmp_path: Path
) -> None:
    files = contents(made(spoken, cast.amal))
    [key] = known_keys()

    def run(content: bytes, *given: str) -> tuple[int, str]:
        path = tmp_path / "file"
        path.write_bytes(content)
        done = subprocess.run(
            [sys.executable, "-m", "majlis_verify", str(path), *given],
            capture_output=True, text=True, check=False, cwd=settings.BASE_DIR,
            env={"PATH": os.environ["PATH"]},
        )  # fmt: skip
        return done.returncode, done.stdout

    for content in files.values():
        code, said = run(content, "--key", key.public.hex())
        assert (code, said.splitlines()[0]) == (0, "Whole and true.")
    code, said = run(files["json"])
    assert (code, said[:5]) == (2, "Whole")
    code, said = run(files["json"].replace(b"Third", b"Fourth"), "--key", key.public.hex())
    assert (code, said.splitlines()[0]) == (
        1,
        "ALTERED. Record 7 has another text than was recorded.",
    )
    assert run(b"hello")[0] == 2


def test_the_verifier_imports_nothing_of_the_portal() -> None:
    code = (
        "import sys, majlis_verify.__main__;"
        "print([m for m in ('django', 'portal', 'records', 'messaging') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        cwd=settings.BASE_DIR,
    )  # fmt: skip
    assert done.stdout == "[]\n"
