"""Letters that could not be sent: the jobs of the queue that have given up."""

from typing import Any, NamedTuple

from django.db.models import Max, Q, QuerySet
from django.http import Http404
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django.models import ProcrastinateJob

from members.emails import LETTERS
from members.emails_applying import LETTERS as APPLYING

# What the tasks that send letters are called. Jobs of other tasks are not letters.
TASKS: dict[str, Any] = {
    "members.send_application_letter": _("Letter about an application"),
    "members.send_applying_letter": _("Letter about who writes an application"),
    "members.send_membership_letter": _("Letter about the standing of an institution"),
    "members.send_mandate_letter": _("Letter about a mandate"),
    "members.send_notice_letter": _("Notice about the standing of an institution"),
    "members.send_profile_letter": _("Letter about changes to a profile"),
    "members.send_handover_letter": _("Letter about the handover of the presidency"),
    "members.send_second_factor_letter": _("Reminder of the second factor"),
    "members.send_sign_in_letter": _("Notice of a sign-in from a new browser"),
    "members.send_code_letter": _("Notice of a password that somebody else knows"),
    "members.send_group_letter": _("Letter about a group"),
    "members.send_date_letter": _("Letter about a date of a group"),
    "members.send_charter_letter": _("Letter with the charter"),
    "members.send_welcome_letter": _("Letter of welcome"),
    "members.send_review_letter": _("Letter about the review of an application"),
    "members.send_all_given_letter": _("Letter about the review of an application"),
    "assembly.send_release_letter": _("Letter about results that wait for their release"),
    "members.send_start_letter": _("Letter to somebody who wants to apply"),
    "members.send_invitation": _("Invitation"),
    "messaging.send_bilateral_letter": _("Letter about a bilateral room"),
    "messaging.send_statement_letter": _("Letter about a statement"),
    "messaging.send_scheduled_letter": _("Letter about a message that was not sent"),
    "messaging.send_moderation_letter": _("Letter about a report or an erasure"),
    "portal.send_export_letter": _("Letter about a copy of one’s own data"),
    "messaging.send_news_letter": _("E-mail about what is new in the rooms"),
    "portal.send_contact_letter": _("Message from the contact page"),
}


class FailedLetter(NamedTuple):
    """A job that has given up, as far as it may be shown: a job knows numbers, no addresses."""

    pk: int
    name: str
    subject: str
    application_id: int | None
    failed_at: Any
    attempts: int


def failed_jobs() -> "QuerySet[ProcrastinateJob]":
    """The latest first, each with `.failed_at`."""
    failure = Max("procrastinateevent__at", filter=Q(procrastinateevent__type="failed"))
    found: QuerySet[ProcrastinateJob] = ProcrastinateJob.objects.filter(
        status="failed", task_name__in=TASKS
    )
    return found.annotate(failed_at=failure).order_by("-failed_at", "-pk")


def access_letter(pk: int) -> int:
    """The number of a letter's job, whatever became of it. Raises Http404."""
    if not ProcrastinateJob.objects.filter(pk=pk, task_name__in=TASKS).exists():
        raise Http404
    return pk


def described(job: Any) -> FailedLetter:
    """`job` is of `failed_jobs()`."""
    letter = job.args.get("letter", "")
    words = LETTERS.get(letter) or APPLYING.get(letter)
    return FailedLetter(
        pk=job.pk,
        name=str(TASKS[job.task_name]),
        subject=str(words.subject) if words else "",
        application_id=job.args.get("application_id"),
        failed_at=job.failed_at,
        attempts=job.attempts,
    )
