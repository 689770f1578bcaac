"""Who was there."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Self

from django.db import models

from members.models import Institution
from members.models.institutions import official_place

if TYPE_CHECKING:
    from assembly.models.meetings import Meeting


class MeetingDelegationQuerySet(models.QuerySet["MeetingDelegation"]):
    def of_meeting(self, meeting: "Meeting") -> Self:
        return self.filter(meeting=meeting)

    def in_official_order(self) -> Self:
        return self.select_related("institution").order_by(official_place("country"), "pk")

    def institutions_by_meeting(self, meetings: "Iterable[Meeting]") -> dict[int, set[int]]:
        """By meeting, the institutions whose delegations were recorded. One query."""
        found: dict[int, set[int]] = {}
        rows = self.filter(meeting__in=[m.pk for m in meetings]).exclude(institution=None)
        for meeting, institution in rows.values_list("meeting", "institution"):
            found.setdefault(meeting, set()).add(institution or 0)
        return found


class MeetingDelegation(models.Model):
    """A country's delegation recorded as present at a past meeting (member or guest)."""

    meeting = models.ForeignKey(
        "assembly.Meeting", on_delete=models.CASCADE, related_name="delegations"
    )
    country = models.CharField(max_length=2)
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT)

    objects = MeetingDelegationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "country"], name="delegation_once")
        ]

    def __str__(self) -> str:
        return f"{self.meeting_id} {self.country}"
