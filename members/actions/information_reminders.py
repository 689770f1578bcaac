"""Reminders of what applicants were asked and have not answered."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from members.models import InformationRequest, network_today, network_zone
from members.tasks_applying import tell_applicant, tell_office

DAYS_BEFORE = 3


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
        over = request.due_on < today
        if over and request.reminded_on and request.reminded_on > request.due_on:
            continue
        if not over and (
            request.reminded_on or timezone.localdate(request.asked_at, network_zone()) >= today
        ):
            continue
        request.reminded_on = today
        request.save(update_fields=["reminded_on"])
        letter = "information_overdue" if over else "information_due"
        for user_id in request.application.applicant_ids():
            tell_applicant(letter, request.application, user_id, request=request)
        if over:
            tell_office("secretariat_information_overdue", request.application, request=request)
        reminded += 1
    return reminded
