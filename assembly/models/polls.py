"""Votes by roll-call."""

from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language

from assembly.enums import Choice, Outcome, PollState
from assembly.models.rules import RuleSet
from assembly.rules import Result, compute_result, explain
from members.models import Institution

if TYPE_CHECKING:
    from assembly.models.meetings import Meeting


class Poll(models.Model):
    """A question put to the vote by roll-call. Its roll is frozen when it opens."""

    agenda_item = models.OneToOneField(
        "assembly.AgendaItem", on_delete=models.PROTECT, related_name="poll"
    )
    rules = models.ForeignKey(RuleSet, on_delete=models.PROTECT)
    state = models.CharField(max_length=20, choices=PollState, default=PollState.OPEN)
    opened_at = models.DateTimeField()
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    certified_at = models.DateTimeField(null=True, blank=True)
    certified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    tally = models.JSONField(default=dict)  # `assembly.Result` as it was certified

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", certified_at=None, outcome="")
                | Q(state="certified", certified_at__isnull=False, certified_by__isnull=False)
                & ~Q(outcome=""),
                name="certified_poll_is_whole",
            )
        ]

    def __str__(self) -> str:
        return f"{self.agenda_item_id} {self.state}"

    @property
    def is_certified(self) -> bool:
        return self.state == PollState.CERTIFIED

    @property
    def choices(self) -> dict[int, str]:
        """Institution id → answer, "" while it was not called."""
        return {entry.institution_id: entry.choice for entry in self.roll.all()}

    def count(self) -> dict[str, int]:
        """How many gave each answer, "" counting those not called yet."""
        given = Counter(self.choices.values())
        return {choice: given[choice] for choice in ("", *Choice.values)}

    @property
    def result(self) -> Result | None:
        """What was certified; before that, what the draft would amount to when it is whole."""
        if self.is_certified:
            return Result(**self.tally)
        choices = self.choices.values()
        return compute_result(choices, self.rules) if all(choices) else None

    def explanation(self, language: str | None = None) -> str:
        """The result in words, in `language` (default: the active one); "" while there is none."""
        result = self.result
        if result is None:
            return ""
        return explain(result, self.rules, language or get_language() or settings.LANGUAGE_CODE)


class RollEntryQuerySet(models.QuerySet["RollEntry"]):
    def answers_by_meeting(self, meetings: "Iterable[Meeting]") -> dict[int, dict[int, set[str]]]:
        """By meeting and institution, what it answered in certified votes. One query."""
        found: dict[int, dict[int, set[str]]] = {}
        rows = self.filter(
            poll__agenda_item__meeting__in=[m.pk for m in meetings],
            poll__state=PollState.CERTIFIED,
        ).order_by()
        for meeting, institution, choice in rows.values_list(
            "poll__agenda_item__meeting", "institution", "choice"
        ):
            found.setdefault(meeting, {}).setdefault(institution, set()).add(choice)
        return found


class RollEntry(models.Model):
    """An entitled institution on a poll's roll, in official order, and its answer."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll")
    position = models.PositiveSmallIntegerField()
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=20, choices=Choice, blank=True)

    objects = RollEntryQuerySet.as_manager()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "institution"], name="one_institution_one_vote"
            ),
            models.UniqueConstraint(fields=["poll", "position"], name="roll_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.institution_id} {self.choice}"
