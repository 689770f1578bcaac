"""Proof that what was kept is what was written."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop as _

from records.chain import GENESIS, link
from records.models import AuditEntry, AuditHead


@dataclass(frozen=True)
class Fault:
    """The first row that does not hold, and why."""

    row: str
    reason: str
    number: int = 0  # of an entry of the audit log


def verify_audit_log() -> Fault | None:
    """Walk the whole audit log; None when it is whole, else the first fault.

    Finds a changed, removed, inserted or moved entry, and a cut tail (the head knows the last
    number). Takes no lock: entries appended meanwhile are looked at as far as they are seen.
    """
    head_before = AuditHead.objects.filter(pk=1).first()
    number, previous = 0, GENESIS
    for entry in AuditEntry.objects.order_by("number").iterator(chunk_size=2000):
        if entry.number != number + 1:
            return _fault(number + 1, _("it is missing"))
        if bytes(entry.previous_hash) != previous:
            return _fault(entry.number, _("it does not follow the entry before it"))
        if link(previous, entry.content()) != bytes(entry.hash):
            return _fault(entry.number, _("its content was changed"))
        if (
            head_before
            and number + 1 == head_before.last_number
            and (bytes(head_before.last_hash) != bytes(entry.hash))
        ):
            return _fault(entry.number, _("it is not the entry that the head of the log names"))
        number, previous = entry.number, bytes(entry.hash)
    if head_before and number < head_before.last_number:
        return _fault(number + 1, _("it is missing: the end of the log was cut off"))
    head_after = AuditHead.objects.filter(pk=1).first()
    if number > (head_after.last_number if head_after else 0):
        last = head_after.last_number if head_after else 0
        return _fault(last + 1, _("the head of the log does not know it"))
    return None


def _fault(number: int, reason: str) -> Fault:
    return Fault(f"audit entry {number}", reason, number)
