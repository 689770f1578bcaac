"""Polls of opinion: what the delegations think, without any legal force.

Its question and options are the text of its message, as the record has it: they are proved, found,
deleted and erased with it. See `messaging.opinions` for how the text is read.
"""

from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.models import Institution, Mandate, User

if TYPE_CHECKING:
    from messaging.models.messages import Message


class OpinionPoll(models.Model):
    message: "Message"  # from the other side, so that a plain message costs no look here

    options = models.PositiveSmallIntegerField()  # how many
    is_multiple = models.BooleanField(default=False)  # several options may be chosen
    by_delegation = models.BooleanField(default=False)  # one answer a delegation, not a person
    is_shown_at_once = models.BooleanField(default=True)  # else the counts come with the end
    closes_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_open(self) -> bool:
        if self.closed_at:
            return False
        return self.closes_at is None or timezone.now() < self.closes_at

    @property
    def is_shown(self) -> bool:
        return self.is_shown_at_once or not self.is_open

    def terms(self) -> dict[str, Any]:
        """What the record says of it when it is asked."""
        return {
            "options": self.options,
            "is_multiple": self.is_multiple,
            "by_delegation": self.by_delegation,
            "is_shown_at_once": self.is_shown_at_once,
            "closes_at": self.closes_at.isoformat() if self.closes_at else None,
        }


class OpinionAnswerQuerySet(models.QuerySet["OpinionAnswer"]):
    def for_display(self) -> Self:
        return self.select_related("user", "mandate__institution").order_by("pk")

    def of(self, poll: OpinionPoll, mandate: Mandate) -> "OpinionAnswer | None":
        """What was answered by the person of `mandate`, or for their delegation."""
        whose = (
            Q(delegation=mandate.institution_id)
            if poll.by_delegation
            else Q(delegation=None, user=mandate.user_id)
        )
        return self.filter(whose, poll=poll).first()

    def of_person(self, user: User) -> Self:
        """Those that they gave last, in every room, with the messages and the rooms."""
        found = self.filter(user=user).select_related("poll__message__room", "delegation")
        return found.order_by("pk")

    def in_room(self, room: int) -> list["OpinionAnswer"]:
        return list(self.filter(poll__message__room=room))


class OpinionAnswer(models.Model):
    """As it stands now; each of its changes is a record. It is open, never secret."""

    poll = models.ForeignKey(OpinionPoll, on_delete=models.PROTECT, related_name="answers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    delegation = models.ForeignKey(  # where there is one answer a delegation
        Institution, null=True, on_delete=models.PROTECT, related_name="+", db_index=False
    )
    choices = models.JSONField()  # the numbers of the options, in order

    objects = OpinionAnswerQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["poll", "user"],
                condition=Q(delegation=None),
                name="opinion_of_a_person_once",
            ),
            models.UniqueConstraint(fields=["poll", "delegation"], name="opinion_of_one_once"),
        ]

    def __str__(self) -> str:
        return f"{self.poll_id} {self.delegation_id or self.user_id}"
