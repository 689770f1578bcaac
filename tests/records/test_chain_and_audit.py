import threading
import time
from typing import Any

import pytest
from django.db import connection, transaction

from records.actions import append_audit_entry
from records.chain import GENESIS, link
from records.models import AuditEntry, AuditHead
from records.verification import verify_audit_log
from tests.factories import Cast


def append(cast: Cast, number: int = 1) -> None:
    for i in range(number):
        with transaction.atomic():
            append_audit_entry(
                actor=cast.dina,
                mandate=cast.dina_mandate,
                act="institution.changed",
                thing=cast.kr,
                before={"names": {"ar": "قديم"}},
                after={"names": {"ar": f"جديد {i}"}, "order": [i, None, True]},
            )


def test_empty_log_is_whole(db: None) -> None:
    assert verify_audit_log() is None


def test_entries_are_numbered_without_gap_and_chained(cast: Cast) -> None:
    append(cast, 3)
    entries = list(AuditEntry.objects.order_by("number"))
    assert [e.number for e in entries] == [1, 2, 3]
    assert bytes(entries[0].previous_hash) == GENESIS
    assert bytes(entries[2].previous_hash) == bytes(entries[1].hash)
    assert entries[0].object_type == "members.institution"
    assert verify_audit_log() is None


def test_rolled_back_act_leaves_no_entry_and_no_gap(cast: Cast) -> None:
    append(cast)
    with transaction.atomic():
        append_audit_entry(actor=cast.dina, act="institution.changed", thing=cast.kr)
        transaction.set_rollback(True)
    append(cast)
    assert list(AuditEntry.objects.values_list("number", flat=True)) == [2, 1]
    assert verify_audit_log() is None


@pytest.mark.parametrize("value", [1.5, object(), b"bytes", {"deep": [0.1]}])
def test_values_that_do_not_come_back_as_they_went_are_refused(cast: Cast, value: Any) -> None:
    with pytest.raises(TypeError), transaction.atomic():
        append_audit_entry(actor=None, act="x.y", thing=cast.kr, after={"value": value})


@pytest.mark.parametrize(
    ("sql", "row", "reason"),
    [
        ("UPDATE records_auditentry SET actor_id = 99 WHERE number = 3", "3", "changed"),
        ("""UPDATE records_auditentry SET after = '{}' WHERE number = 2""", "2", "changed"),
        ("DELETE FROM records_auditentry WHERE number = 2", "2", "missing"),
        ("DELETE FROM records_auditentry WHERE number = 5", "5", "cut off"),
        ("DELETE FROM records_auditentry", "1", "cut off"),
        ("UPDATE records_audithead SET last_number = 4", "4", "head"),
        ("DELETE FROM records_audithead", "1", "does not know"),
        (
            "UPDATE records_auditentry SET number = CASE number WHEN 2 THEN 103 ELSE 102 END"
            " WHERE number IN (2, 3);"
            "UPDATE records_auditentry SET number = number - 100 WHERE number > 100",
            "2",
            "does not follow",
        ),
    ],
)
def test_tampering_is_found_and_named(cast: Cast, sql: str, row: str, reason: str) -> None:
    append(cast, 5)
    with connection.cursor() as cursor:
        cursor.execute(sql)
    fault = verify_audit_log()
    assert fault is not None
    assert fault.row == f"audit entry {row}"
    assert reason in fault.reason


def test_rewritten_end_is_found_by_the_head(cast: Cast) -> None:
    """Whoever forges the last entry with a right hash still has the head against them."""
    append(cast, 2)
    last = AuditEntry.objects.get(number=2)
    last.act = "institution.forged"
    last.hash = link(bytes(last.previous_hash), last.content())
    last.save()
    fault = verify_audit_log()
    assert fault is not None
    assert "head" in fault.reason


@pytest.mark.django_db(transaction=True)
def test_parallel_entries_wait_for_each_other(transactional_db: None) -> None:
    cast = Cast()

    def work() -> None:
        try:
            append(cast, 5)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(AuditEntry.objects.values_list("number", flat=True)) == list(range(1, 21))
    assert verify_audit_log() is None


def test_a_long_log_costs_little_more_than_its_hashes(cast: Cast) -> None:
    append(cast)
    number, previous = 1, bytes(AuditHead.objects.get().last_hash)
    at = AuditEntry.objects.get().at
    batch = []
    began = time.process_time()
    for number in range(2, 10_001):
        entry = AuditEntry(
            number=number,
            at=at,
            actor_id=1,
            act="message.posted",
            object_type="messaging.message",
            object_id=number,
            after={"state": "saved", "body": "x" * 40},
            previous_hash=previous,
        )
        entry.hash = previous = link(previous, entry.content())
        batch.append(entry)
    making = time.process_time() - began
    AuditEntry.objects.bulk_create(batch, batch_size=2000)
    AuditHead.objects.update(last_number=number, last_hash=previous)
    began = time.process_time()
    assert verify_audit_log() is None
    assert time.process_time() - began < 3 * making
