"""Where they decide: meetings, their rules, agendas and votes.

`assembly.actions` holds the only writes. Nothing that was decided is deleted.
"""

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from assembly.enums import Choice, MeetingKind, Outcome, PollState
from members.models import Application, Institution
from records.languages import Shown, in_language


class RuleSet(models.Model):
    """The rules of a meeting, as data with a version. A meeting keeps the version it began with.

    Quorum: more than `quorum_numerator`/`quorum_denominator` of all entitled members present.
    Majority: at least `majority_numerator`/`majority_denominator` of members present and voting;
    abstentions do not count as voting.
    """

    version = models.CharField(max_length=20, unique=True)
    names = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    quorum_rule = models.CharField(max_length=20)  # the rule's number, shown with the result
    quorum_numerator = models.PositiveSmallIntegerField(default=1)
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    majority_rule = models.CharField(max_length=20)
    majority_numerator = models.PositiveSmallIntegerField(default=2)
    majority_denominator = models.PositiveSmallIntegerField(default=3)

    def __str__(self) -> str:
        return self.version


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self) -> Self:
        return self.filter(
            Q(ends_on=None, starts_on__gte=timezone.now().date())
            | Q(ends_on__gte=timezone.now().date())
        )

    def newest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")


class Meeting(models.Model):
    """A dated gathering. Never called a session: that word belongs to the web."""

    kind = models.CharField(max_length=20, choices=MeetingKind)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    cities = models.JSONField(default=dict)
    country = models.CharField(max_length=2, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # null: the source gives no last day
    note = models.TextField(blank=True)
    rules = models.ForeignKey(RuleSet, null=True, blank=True, on_delete=models.PROTECT)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="meeting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.number or ''}".strip()

    @property
    def city(self) -> Shown:
        return in_language(self.cities)


class MeetingDelegation(models.Model):
    """A country's delegation recorded as present at a past meeting (member or guest)."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="delegations")
    country = models.CharField(max_length=2)
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "country"], name="delegation_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.country}"


class AgendaItem(models.Model):
    """A point of a meeting's agenda; with an application, the question of its admission."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField(default=dict)
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.UniqueConstraint(
                fields=["meeting", "application"], name="application_once_on_agenda"
            ),
        ]

    def __str__(self) -> str:
        return self.title.text

    @property
    def title(self) -> Shown:
        return in_language(self.titles)


class Poll(models.Model):
    """A question put to the vote by roll-call. Its roll is frozen when it opens."""

    agenda_item = models.OneToOneField(AgendaItem, on_delete=models.PROTECT, related_name="poll")
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
    tally = models.JSONField(default=dict)  # `assembly.rules.Result` as it was certified

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


class RollEntry(models.Model):
    """An entitled institution on a poll's roll, in official order, and its answer."""

    poll = models.ForeignKey(Poll, on_delete=models.PROTECT, related_name="roll")
    position = models.PositiveSmallIntegerField()
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    choice = models.CharField(max_length=20, choices=Choice, blank=True)

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
