"""Reminders of what applicants were asked and have not answered."""

from datetime import date, timedelta

from django.db import transaction

from members.models import InformationRequest, network_day, network_today
from members.tasks_applying import tell_applicant, tell_office

DAYS_BEFORE = 3


def reminder_of(due_on: date, *, asked_on: date, reminded_on: date | None, today: date) -> str:
    """Which reminder is to go out: "due" once before the last day, not on the day of the asking,
    "overdue" once after it, "" for none.
    """
    if due_on < today:
        return "" if reminded_on and reminded_on > due_on else "overdue"
    if reminded_on or asked_on >= today or due_on > today + timedelta(days=DAYS_BEFORE):
        return ""
    return "due"


@transaction.atomic
def remind_applicants(*, today: date | None = None) -> int:
    """Remind of each request once before its last day and once after it; returns of how many.

    After it the secretariat is told too. Safe to repeat, and to run in two places at once.
    """
    today = today or network_today()
    reminded = 0
    waiting = InformationRequest.objects.filter(
        answered_at=None,
        due_on__lte=today + timedelta(days=DAYS_BEFORE),
        application__state="information_requested",
    )
    for request in waiting.select_for_update(of=("self",), no_key=True, skip_locked=True):
        assert request.due_on is not None  # noqa: S101  for the type checker
        reminder = reminder_of(
            request.due_on,
            asked_on=network_day(request.asked_at),
            reminded_on=request.reminded_on,
            today=today,
        )
        if not reminder:
            continue
        request.reminded_on = today
        request.save(update_fields=["reminded_on"])
        for user_id in request.application.applicant_ids():
            tell_applicant(f"information_{reminder}", request.application, user_id, request=request)
        if reminder == "overdue":
            tell_office("secretariat_information_overdue", request.application, request=request)
        reminded += 1
    return reminded
