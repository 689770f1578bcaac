"""How long a room keeps its texts, and the legal hold that keeps them longer."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.utils import timezone

from members.models import User
from messaging import tasks_moderation
from messaging.actions import (
    CountChanged,
    change_retention,
    delete_message,
    lift_hold,
    place_hold,
    retention,
)
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.retention import erase_old_texts, months_before
from messaging.enums import RecordKind
from messaging.models import Hold, Message, Record, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast
from tests.messaging.conftest import say


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def old(cast: Cast, room: Room) -> list[Message]:
    """Three messages of seven months ago, the last of them deleted; and one of today."""
    with time_machine.travel(timezone.now() - timedelta(days=213), tick=True):
        cast.amal_mandate.starts_at = timezone.now() - timedelta(days=1)
        cast.amal_mandate.save()
        said = [say(room, cast.amal, cast.amal_mandate, f"Old {n}") for n in range(3)]
        delete_message(room=room, seq=said[2].seq, reason="Wrong", actor=cast.amal)
    say(room, cast.amal, cast.amal_mandate, "New")
    return said


def bodies(room: Room) -> list[str]:
    return list(Message.objects.filter(room=room).values_list("body", flat=True))


def as_statement(message: Message) -> None:
    """Let the record say that a statement was issued, as if by its own action."""
    room = lock_room(message.room_id)
    record = next_record(
        room=room,
        kind=RecordKind.STATEMENT_ISSUED,
        actor=message.author,
        mandate=message.mandate,
        text="Old 0",
        message=message,
    )
    save_records(room=room, records=[record])


@pytest.mark.parametrize(
    ("moment", "months", "expected"),
    [
        ((2026, 3, 31), 1, (2026, 2, 28)),
        ((2024, 3, 31), 1, (2024, 2, 29)),
        ((2026, 1, 15), 1, (2025, 12, 15)),
        ((2026, 12, 31), 12, (2025, 12, 31)),
        ((2026, 5, 31), 14, (2025, 3, 31)),
    ],
)
def test_months_are_of_the_calendar(
    moment: tuple[int, int, int], months: int, expected: tuple[int, int, int]
) -> None:
    assert months_before(datetime(*moment, tzinfo=UTC), months) == datetime(*expected, tzinfo=UTC)


def test_what_is_older_is_erased_at_night_with_a_record_each(
    cast: Cast, room: Room, old: list[Message]
) -> None:
    change_retention(room=room, months=6, expected=3, actor=cast.dina)
    assert bodies(room) == ["Old 0", "Old 1", "", "New"]
    tasks_moderation.erase_old_texts(timestamp=0)
    assert bodies(room) == ["", "", "", "New"]
    records = Record.objects.filter(kind=RecordKind.TEXT_ERASED)
    assert [(r.message_id, r.actor_id, r.detail["ground"]) for r in records] == [
        (message.pk, None, "retention") for message in old
    ]
    assert Record.objects.filter(text=None).count() == 4  # and the reason of the deletion
    assert verify_rooms() is None
    assert erase_old_texts() == 0
    entry = AuditEntry.objects.order_by("-number")[0]
    assert (entry.act, entry.actor_id, entry.after) == ("retention.applied", None, {"messages": 3})
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/?latest=1").content.decode()
    assert page.count("The text was erased: the room keeps texts no longer.") == 3


def test_batches_are_transactions_of_their_own(
    cast: Cast, room: Room, old: list[Message], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retention, "BATCH", 2)
    change_retention(room=room, months=6, expected=3, actor=cast.dina)
    assert erase_old_texts() == 3
    assert verify_rooms() is None


def test_kept_for_ever_nothing_is_erased(room: Room, old: list[Message]) -> None:
    assert room.retention_months is None
    assert erase_old_texts() == 0


def test_statements_are_never_erased(cast: Cast, room: Room, old: list[Message]) -> None:
    as_statement(old[0])
    change_retention(room=room, months=6, expected=2, actor=cast.dina)
    assert erase_old_texts() == 2
    assert bodies(room)[0] == "Old 0"


def test_a_hold_stops_it_and_lifted_it_goes_on(cast: Cast, room: Room, old: list[Message]) -> None:
    change_retention(room=room, months=6, expected=3, actor=cast.dina)
    for _ in range(2):
        place_hold(room=room, reason="Court of Doha", actor=cast.dina)
    assert erase_old_texts() == 0
    assert verify_rooms() is None
    for _ in range(2):
        lift_hold(room=room, reason="Settled", actor=cast.dina)
    assert erase_old_texts() == 3
    kinds = [r.kind for r in Record.objects.filter(room=room, kind__startswith="hold.")]
    assert kinds == ["hold.placed", "hold.lifted"]
    assert [(h.reason, h.lifting_reason) for h in Hold.objects.all()] == [
        ("Court of Doha", "Settled")
    ]
    acts = AuditEntry.objects.filter(act__startswith="hold.").values_list("act", "actor_id")
    assert sorted(acts) == [("hold.lifted", cast.dina.pk), ("hold.placed", cast.dina.pk)]
    assert verify_rooms() is None


def test_the_reason_of_a_hold_is_for_who_runs_the_room(cast: Cast, room: Room) -> None:
    place_hold(room=room, reason="Court of Doha", actor=cast.dina)
    amal, dina = signed_in(cast.amal), signed_in(cast.dina)
    line = amal.get(f"/en/rooms/{room.pk}/").content.decode()
    assert "A legal hold was placed on the room by the secretariat" in line
    assert "Court of Doha" not in line
    assert "Court of Doha" not in str(Record.objects.filter(room=room).values("text", "detail"))
    assert amal.get(f"/en/rooms/{room.pk}/keeping/").status_code == 403
    assert "Court of Doha" in dina.get(f"/en/rooms/{room.pk}/keeping/").content.decode()


def test_the_office_alone_decides(cast: Cast, room: Room) -> None:
    for other, refusal in ((cast.amal, PermissionDenied), (cast.chloe, Http404)):
        with pytest.raises(refusal):
            change_retention(room=room, months=6, expected=0, actor=other)
        with pytest.raises(refusal):
            place_hold(room=room, reason="No", actor=other)
        with pytest.raises(refusal):
            lift_hold(room=room, reason="No", actor=other)


def test_who_chairs_reads_what_the_office_decides(cast: Cast, room: Room) -> None:
    room.participants.filter(institution=cast.kr).update(role="chair")
    place_hold(room=room, reason="Court of Doha", actor=cast.dina)
    page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/keeping/").content.decode()
    assert "Court of Doha" in page
    assert "The secretariat alone changes this." in page
    assert "<form" not in page.split("<main")[1].split("</main")[0]
    with pytest.raises(PermissionDenied):
        lift_hold(room=room, reason="No", actor=cast.amal)


def test_it_is_confirmed_with_the_number_that_it_touches(
    cast: Cast, room: Room, old: list[Message]
) -> None:
    at, dina = f"/en/rooms/{room.pk}/", signed_in(cast.dina)
    page = dina.get(f"{at}keeping/?months=6").content.decode()
    assert "<strong>3</strong> messages would lose their text now" in page
    assert dina.get(f"{at}keeping/?months=0").status_code == 422
    for sent in ("", "2", "three"):
        answer = dina.post(f"{at}retention/", {"months": "6", "confirmed": sent})
        assert answer.status_code == 422
    room.refresh_from_db()
    assert room.retention_months is None
    assert dina.post(f"{at}retention/", {"months": "6", "confirmed": "٣"}).status_code == 302
    room.refresh_from_db()
    assert room.retention_months == 6
    record = Record.objects.get(kind=RecordKind.RETENTION_CHANGED)
    assert (record.detail, record.text) == ({"months": 6}, "")
    assert dina.post(f"{at}retention/", {"months": "", "confirmed": "0"}).status_code == 302
    room.refresh_from_db()
    assert room.retention_months is None
    page = dina.get(at).content.decode()
    assert "From now on the texts of the room are erased after 6 months" in page
    assert "From now on the texts of the room are kept for ever" in page


def test_a_number_that_has_changed_meanwhile_is_refused_and_repeated_it_does_nothing(
    cast: Cast, room: Room, old: list[Message]
) -> None:
    with pytest.raises(CountChanged):
        change_retention(room=room, months=6, expected=2, actor=cast.dina)
    for expected in (3, 99):
        change_retention(room=room, months=6, expected=expected, actor=cast.dina)
    assert Record.objects.filter(kind=RecordKind.RETENTION_CHANGED).count() == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_room SET retention_months=1",
        "UPDATE messaging_hold SET lifted_at=now()",
        "DELETE FROM messaging_hold",
    ],
)
def test_what_sql_changes_is_found(cast: Cast, room: Room, statement: str) -> None:
    place_hold(room=room, reason="Court", actor=cast.dina)
    assert verify_rooms() is None
    with connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify_rooms() is not None
