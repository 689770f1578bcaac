from typing import Any

from django.core.management.base import BaseCommand, CommandError

from messaging.models import Record, Room
from messaging.verification import verify_rooms
from records.models import AuditEntry
from records.verification import verify_audit_log


class Command(BaseCommand):
    help = "Prove the rooms' records and the audit log whole; exit 1, naming the first bad row."

    def handle(self, *args: Any, **options: Any) -> None:
        fault = verify_rooms() or verify_audit_log()
        if fault is not None:
            raise CommandError(f"{fault.row}: {fault.reason}", returncode=1)
        self.stdout.write(
            f"Whole: {Room.objects.count()} rooms, {Record.objects.count()} records, "
            f"{AuditEntry.objects.count()} audit entries."
        )
