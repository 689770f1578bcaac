from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from members.models import Mandate, User
from members.permissions import is_secretariat
from portal.letters import TASKS
from records.actions import append_audit_entry


class NotFailedError(Exception):
    """No letter of this number has failed: it waits, was sent, or never was."""


@transaction.atomic
def send_letter_again(*, job_id: int, actor: User, mandate: Mandate | None = None) -> None:
    """Put a letter that has failed back into the queue, to be sent at once.

    Raises PermissionDenied, and NotFailedError, which a repeat meets too.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    failed = ProcrastinateJob.objects.filter(status="failed", task_name__in=TASKS)
    job = failed.select_for_update().filter(pk=job_id).first()
    if job is None:
        raise NotFailedError
    app.job_manager.retry_job_by_id(job_id=job.pk, retry_at=timezone.now())
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="letter.sent_again",
        thing=job,
        after={"task": job.task_name, "attempts": job.attempts},
    )
