"""A handover for the tests: scheduled, looked at from its moment, and what was written of it."""

from datetime import datetime, timedelta
from typing import Any

import time_machine
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.handovers import schedule_handover
from members.models import Handover, Presidency
from records.models import AuditEntry
from tests.factories import Cast


def schedule(cast: Cast, **given: Any) -> Handover:
    told: dict[str, Any] = {
        "institution": cast.kr,
        "takes_effect_at": timezone.now() + timedelta(days=3),
        "ending": [],
        "beginning": [cast.amal],
        "actor": cast.dina,
        "mandate": cast.dina_mandate,
        **given,
    }
    return schedule_handover(**told)


def at(moment: datetime) -> Any:
    return time_machine.travel(moment, tick=False)


def acts() -> list[str]:
    entries = AuditEntry.objects.filter(act__startswith="handover.").order_by("number")
    return [entry.act for entry in entries]


def jobs(task: str) -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name=f"members.{task}").order_by("pk")
    return [job.args for job in found]


def terms() -> list[tuple[int, datetime, datetime | None]]:
    return list(Presidency.objects.values_list("institution", "starts_at", "ends_at"))
