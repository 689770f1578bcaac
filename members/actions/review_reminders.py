"""Reminders of recommendations that are asked for until a day, and not given."""

from datetime import date, timedelta

from django.db import transaction

from members.actions.information_reminders import DAYS_BEFORE, reminder_of
from members.models import Reviewer, network_day, network_today
from members.tasks_reviews import tell_reviewer


@transaction.atomic
def remind_reviewers(*, today: date | None = None) -> int:
    """Each once before the last day and once after it; returns how many are reminded now.

    Safe to repeat, and to run in two places at once.
    """
    today = today or network_today()
    reminded = 0
    waiting = Reviewer.objects.owing_until(today + timedelta(days=DAYS_BEFORE))
    for reviewer in waiting.select_for_update(of=("self",), no_key=True, skip_locked=True):
        assert reviewer.due_on is not None  # noqa: S101  for the type checker
        reminder = reminder_of(
            reviewer.due_on,
            asked_on=network_day(reviewer.assigned_at),
            reminded_on=reviewer.reminded_on,
            today=today,
        )
        if not reminder:
            continue
        reviewer.reminded_on = today
        reviewer.save(update_fields=["reminded_on"])
        tell_reviewer(reviewer, reminder)
        reminded += 1
    return reminded
