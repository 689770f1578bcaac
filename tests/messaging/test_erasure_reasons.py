"""Reasons that people gave, erased for law's sake: in the record, and in reports beside it."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection
from django.http import Http404
from procrastinate.contrib.django.models import ProcrastinateJob

from members.models import User
from messaging import tasks_moderation
from messaging.actions import (
    AnsweredOtherwise,
    OwnRequest,
    RoomHeld,
    TextGone,
    approve_erasure,
    ask_for_reason_erasure,
    ask_for_report_erasure,
    ask_for_transcript,
    delete_message,
    make_transcript,
    mute_person,
    place_hold,
    refuse_erasure,
    remove_participant,
    report_message,
    settle_report,
)
from messaging.enums import ErasureState, RecordKind, TranscriptState
from messaging.models import Erasure, Message, Mute, Participant, Record, Report, Room, Transcript
from messaging.transcripts.document import build_document
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast
from tests.messaging.conftest import say
from tests.messaging.test_erasure import SECRET, emad, erased, everything, signed_in

__all__ = ["emad"]  # a fixture
GIVEN: dict[str, Any] = {"ground": "person", "explanation": "She asked for it."}


@pytest.fixture
def muted(cast: Cast, room: Room) -> Record:
    mute_person(room=room, user=cast.bilal, length="hour", reason=SECRET, actor=cast.dina)
    return Record.objects.get(kind=RecordKind.PARTICIPANT_MUTED)


@pytest.fixture
def report(cast: Cast, room: Room) -> Report:
    said = say(room, cast.amal, cast.amal_mandate, "Nonsense!")
    return report_message(
        room=room, seq=said.seq, reason="personal", words=SECRET, actor=cast.bilal
    )


def ask(record: Record, actor: User) -> Erasure:
    return ask_for_reason_erasure(room=record.room, seq=record.seq, actor=actor, **GIVEN)


def transcribed(cast: Cast, room: Room) -> Transcript:
    transcript = ask_for_transcript(
        room=room, language="en", first=1, last=room_head(room), actor=cast.dina
    )
    make_transcript(transcript_id=transcript.pk)
    transcript.refresh_from_db()
    return transcript


def room_head(room: Room) -> int:
    return Room.objects.get(pk=room.pk).head_seq


def test_the_reason_of_a_mute_goes_and_the_mute_stays(
    cast: Cast, room: Room, muted: Record, emad: User
) -> None:
    erasure = approve_erasure(erasure=ask(muted, cast.dina), actor=emad)
    assert erasure.state == ErasureState.DONE
    muted.refresh_from_db()
    assert (muted.text, muted.text_salt) == (None, None)
    told = Record.objects.get(kind=RecordKind.REASON_ERASED)
    assert (told.detail, told.message_id, told.participant_id, told.actor, told.text) == (
        {"ground": "law", "erased": [muted.seq]}, None, None, emad, "",
    )  # fmt: skip
    assert Mute.objects.get().user == cast.bilal
    assert verify_rooms() is None
    assert SECRET not in everything()
    acts = AuditEntry.objects.order_by("number").values_list("act", "actor_id", "after__number")
    assert list(acts)[-2:] == [
        ("erasure.asked", cast.dina.pk, muted.seq), ("erasure.done", emad.pk, muted.seq),
    ]  # fmt: skip


def test_the_reason_of_a_removal_and_of_a_deletion(cast: Cast, room: Room, emad: User) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate, "It stays in the record")
    delete_message(room=room, seq=said.seq, reason=SECRET, actor=cast.dina)
    remove_participant(
        participant=Participant.objects.get(room=room, institution=cast.ng),
        reason=SECRET,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    for kind in (RecordKind.MESSAGE_DELETED, RecordKind.PARTICIPANT_REMOVED):
        approve_erasure(erasure=ask(Record.objects.get(kind=kind), cast.dina), actor=emad)
    assert SECRET not in everything()
    assert Record.objects.posted(said).text == "It stays in the record"
    assert Message.objects.get().erased_at is None
    assert verify_rooms() is None
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/").content.decode()
    assert page.count("The reason was erased for legal reasons.") == 3  # and what a script needs
    erased(said, emad, cast.dina)  # what is left of the message
    assert Record.objects.filter(kind=RecordKind.TEXT_ERASED).get().detail["erased"] == [said.seq]
    assert verify_rooms() is None


def test_a_reason_that_went_with_its_message_is_gone(cast: Cast, room: Room, emad: User) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate, "A")
    delete_message(room=room, seq=said.seq, reason=SECRET, actor=cast.dina)
    record = Record.objects.get(kind=RecordKind.MESSAGE_DELETED)
    waiting = ask(record, cast.dina)
    erased(said, cast.dina, emad)
    assert approve_erasure(erasure=waiting, actor=emad).state == ErasureState.DONE
    assert Record.objects.filter(kind=RecordKind.REASON_ERASED).count() == 0
    with pytest.raises(TextGone):
        ask(record, emad)
    assert verify_rooms() is None


def test_it_takes_two_of_the_office(cast: Cast, muted: Record, emad: User) -> None:
    erasure = ask(muted, cast.dina)
    assert ask(muted, emad) == erasure
    with pytest.raises(OwnRequest):
        approve_erasure(erasure=erasure, actor=cast.dina)
    for other, refusal in ((cast.amal, PermissionDenied), (cast.chloe, Http404)):
        for act in (
            lambda who: ask(muted, who),
            lambda who: approve_erasure(erasure=erasure, actor=who),
            lambda who: refuse_erasure(erasure=erasure, note="No", actor=who),
        ):
            with pytest.raises(refusal):
                act(other)
    assert SECRET in everything()
    for _ in range(2):
        assert approve_erasure(erasure=erasure, actor=emad).state == ErasureState.DONE
    assert Record.objects.filter(kind=RecordKind.REASON_ERASED).count() == 1
    with pytest.raises(TextGone):
        ask(muted, cast.dina)


def test_refused_it_stands_and_what_has_no_reason_is_not_found(
    cast: Cast, room: Room, muted: Record, emad: User
) -> None:
    erasure = ask(muted, cast.dina)
    assert refuse_erasure(erasure=erasure, note="No ground", actor=emad).state == "refused"
    with pytest.raises(AnsweredOtherwise):
        approve_erasure(erasure=erasure, actor=emad)
    muted.refresh_from_db()
    assert muted.text == SECRET
    said = say(room, cast.amal, cast.amal_mandate, "A message is no reason")
    silent = delete_message(room=room, seq=said.seq, reason="", actor=cast.amal).deletion
    assert silent is not None
    for seq in (said.seq, silent.seq, 10_000, 2**63):
        with pytest.raises(Http404):
            ask_for_reason_erasure(room=room, seq=seq, actor=cast.dina, **GIVEN)


def test_a_hold_keeps_reasons_and_reports_too(
    cast: Cast, room: Room, muted: Record, report: Report, emad: User
) -> None:
    erasure = ask(muted, cast.dina)
    place_hold(room=room, reason="Court", actor=cast.dina)
    with pytest.raises(RoomHeld):
        approve_erasure(erasure=erasure, actor=emad)
    with pytest.raises(RoomHeld):
        ask_for_report_erasure(report=report, actor=cast.dina, **GIVEN)
    assert SECRET in everything()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_record SET text='', text_salt='' WHERE text IS NULL",
        "UPDATE messaging_record SET detail='{}' WHERE kind='reason.erased'",
        "UPDATE messaging_record SET text=NULL, text_salt=NULL WHERE kind='room.opened'",
    ],
)
def test_one_altered_by_sql_is_found(cast: Cast, muted: Record, emad: User, statement: str) -> None:
    approve_erasure(erasure=ask(muted, cast.dina), actor=emad)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_rooms() is not None


def test_the_database_wants_one_text_of_each_request(
    cast: Cast, muted: Record, report: Report
) -> None:
    by = {**GIVEN, "asked_by": cast.dina, "mandate": cast.dina_mandate}
    with pytest.raises(IntegrityError):
        Erasure.objects.create(record=muted, report=report, **by)


def test_transcripts_say_that_it_is_erased(
    cast: Cast, room: Room, muted: Record, emad: User
) -> None:
    before = transcribed(cast, room)
    assert before.state == TranscriptState.READY
    page = signed_in(cast.dina).get(f"/en/rooms/{room.pk}/reasons/{muted.seq}/erasure/")
    assert "Transcripts that hold the text" in page.content.decode()
    approve_erasure(erasure=ask(muted, cast.dina), actor=emad)
    before.refresh_from_db()
    assert (before.state, before.files) == (TranscriptState.WITHDRAWN, [])
    after = transcribed(cast, room)
    assert after.state == TranscriptState.READY
    entries = {e["content"]["seq"]: e for e in build_document(after)["records"]}
    said = entries[muted.seq]
    assert (said["text"], said["salt"], said["withheld"]) == (None, None, "erased")
    assert said["shown"]["withheld"] == "The text was erased. Its digest:"
    assert entries[room_head(room)]["shown"]["line"] == (
        f"The reason that record {muted.seq} gave was erased for legal reasons."
    )


def test_a_page_hears_of_it_and_what_follows_is_whole(
    cast: Cast, room: Room, muted: Record, emad: User
) -> None:
    approve_erasure(erasure=ask(muted, cast.dina), actor=emad)
    heard = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/sync?after={muted.seq - 1}").json()
    first, last = heard["records"]
    assert SECRET not in first["html"]
    assert "The reason was erased for legal reasons." in first["html"]
    assert (last["kind"], last["message"]) == ("reason.erased", None)
    assert f'data-erases="{muted.seq}"' in last["html"]


def test_the_pages_lead_through_it(cast: Cast, room: Room, muted: Record, emad: User) -> None:
    at = f"/en/rooms/{room.pk}/reasons/"
    here = f"{at}{muted.seq}/erasure/"
    dina, second = signed_in(cast.dina), signed_in(emad)
    assert f'href="{here}"' in dina.get(at).content.decode()
    assert f'href="{at}"' in dina.get(f"/en/rooms/{room.pk}/keeping/").content.decode()
    assert SECRET in dina.get(here).content.decode()
    assert dina.post(f"{here}answer/", {"do": "approve"}).status_code == 404
    assert dina.post(here, {"ground": "person", "explanation": " "}).status_code == 422
    assert dina.post(here, GIVEN)["Location"] == here
    listed = second.get("/en/rooms/reports/").content.decode()
    assert f'<a href="{here}">Reason in record {muted.seq}' in listed
    assert second.post(f"{here}answer/", {"do": "approve"})["Location"] == here
    assert "The text is erased already." in second.get(here).content.decode()
    assert SECRET not in second.get(at).content.decode()
    for other, status in ((cast.amal, 403), (cast.chloe, 404)):
        for address in (at, here):
            assert signed_in(other).get(address).status_code == status


def test_the_list_of_reasons_goes_on_and_costs_the_same(
    cast: Cast, room: Room, muted: Record, monkeypatch: Any
) -> None:
    dina = signed_in(cast.dina)
    page = f"/en/rooms/{room.pk}/reasons/"
    dina.get(page)

    def more() -> None:
        said = say(room, cast.bilal, cast.bilal_mandate, "A")
        delete_message(room=room, seq=said.seq, reason="B", actor=cast.dina)

    Mute.objects.all().delete()
    Room.objects.update(has_mutes=False)
    more()
    with connection.execute_wrapper(counted := Counted()):
        dina.get(page)
    one = counted.number
    more()
    more()
    with connection.execute_wrapper(counted := Counted()):
        dina.get(page)
    assert counted.number == one
    monkeypatch.setattr("messaging.views.erasure.LISTED", 2)
    first = dina.get(page).content.decode()
    last = Record.objects.reasons(room)[1].seq
    assert f'href="?before={last}"' in first
    assert SECRET not in first
    assert SECRET in dina.get(f"{page}?before={last}").content.decode()


class Counted:
    number = 0

    def __call__(self, execute: Any, *args: Any) -> Any:
        self.number += 1
        return execute(*args)


def test_the_words_of_a_report_go_and_the_report_stays(
    cast: Cast, room: Room, report: Report, emad: User
) -> None:
    settle_report(report=report, outcome="nothing", note=f"Not {SECRET}", actor=cast.dina)
    erasure = ask_for_report_erasure(report=report, actor=cast.dina, **GIVEN)
    head = room_head(room)
    with pytest.raises(OwnRequest):
        approve_erasure(erasure=erasure, actor=cast.dina)
    for _ in range(2):
        assert approve_erasure(erasure=erasure, actor=emad).state == ErasureState.DONE
    report.refresh_from_db()
    assert (report.words, report.note, report.outcome) == ("", "", "nothing")
    assert report.erased_at is not None
    assert room_head(room) == head  # reports are in no record
    assert SECRET not in everything()
    assert verify_rooms() is None
    with pytest.raises(TextGone):
        ask_for_report_erasure(report=report, actor=cast.dina, **GIVEN)
    own = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/messages/{report.message.seq}/report/")
    assert "The text was erased." in own.content.decode()


def test_the_pages_lead_through_the_words_of_a_report(
    cast: Cast, room: Room, report: Report, emad: User
) -> None:
    here = f"/en/rooms/{room.pk}/reports/{report.pk}/erasure/"
    dina, second = signed_in(cast.dina), signed_in(emad)
    for listed in ("/en/rooms/reports/", f"/en/rooms/{room.pk}/reports/"):
        assert f'href="{here}"' in dina.get(listed).content.decode()
    assert dina.post(here, GIVEN)["Location"] == here
    assert "You cannot carry out what you asked for." in dina.get(here).content.decode()
    waiting = second.get("/en/rooms/reports/").content.decode()
    assert f'<a href="{here}">Report of message {report.message.seq}' in waiting
    assert second.post(f"{here}answer/", {"do": "approve"})["Location"] == here
    assert "The text is erased already." in second.get(here).content.decode()
    for other, status in ((cast.amal, 403), (cast.chloe, 404)):
        assert signed_in(other).get(here).status_code == status


def test_what_was_reported_of_oneself_one_neither_sees_nor_erases(
    cast: Cast, room: Room, emad: User
) -> None:
    mandate = emad.mandates.get()
    said = say(room, emad, mandate, "Mine")
    own = report_message(room=room, seq=said.seq, reason="other", words=SECRET, actor=cast.amal)
    erasure = ask_for_report_erasure(report=own, actor=cast.dina, **GIVEN)
    with pytest.raises(Http404):
        approve_erasure(erasure=erasure, actor=emad)
    page = signed_in(emad).get("/en/rooms/reports/").content.decode()
    assert "Texts to be erased" not in page
    assert Erasure.objects.for_second(emad).count() == 0
    jobs = ProcrastinateJob.objects.filter(args__letter="erasure")
    assert jobs.count() == 0


def test_a_report_without_words_has_nothing_to_erase(cast: Cast, room: Room) -> None:
    said = say(room, cast.bilal, cast.bilal_mandate, "A")
    bare = report_message(room=room, seq=said.seq, reason="other", words="", actor=cast.amal)
    with pytest.raises(Http404):
        ask_for_report_erasure(report=bare, actor=cast.dina, **GIVEN)


def test_the_second_is_told_where_to_look(
    cast: Cast, room: Room, muted: Record, report: Report, emad: User
) -> None:
    ask(muted, cast.dina)
    ask_for_report_erasure(report=report, actor=cast.dina, **GIVEN)
    for job in ProcrastinateJob.objects.filter(args__letter="erasure").order_by("id"):
        tasks_moderation.send_moderation_letter(**job.args)
    pages = [f"/reasons/{muted.seq}/erasure/", f"/reports/{report.pk}/erasure/"]
    for letter, page in zip(mail.outbox, pages, strict=True):
        assert letter.to == [emad.email]
        assert f"/en/rooms/{room.pk}{page}" in letter.body
        assert SECRET not in letter.body
