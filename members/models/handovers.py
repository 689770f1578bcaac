"""The passing of the presidency, and with it of the secretariat, to another institution."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from members.enums import HandoverState, MandateFate
from members.models.institutions import Institution
from members.models.people import Mandate
from members.models.presidencies import Presidency
from members.names import by_name


class HandoverQuerySet(models.QuerySet["Handover"]):
    def scheduled(self) -> Self:
        """The one that is to come, or whose coming has not been written down yet."""
        return self.filter(state=HandoverState.SCHEDULED)

    def due(self, at: datetime | None = None) -> Self:
        """In effect, and nobody has written it down yet."""
        return self.scheduled().filter(takes_effect_at__lte=at or timezone.now())

    def pending(self, at: datetime | None = None) -> Self:
        """Scheduled, and still to be taken back."""
        return self.scheduled().filter(takes_effect_at__gt=at or timezone.now())

    def for_display(self) -> Self:
        """With both institutions and all mandates, the latest first."""
        people = HandoverMandate.objects.for_display()
        return (
            self.select_related(
                "outgoing__institution", "institution", "scheduled_by", "cancelled_by"
            )
            .prefetch_related(models.Prefetch("mandates", people))
            .order_by("-takes_effect_at", "-pk")
        )

    def concerning(self, institutions: list[int]) -> Self:
        """Those by which one of these institutions (ids) gives or receives."""
        return self.filter(
            Q(outgoing__institution__in=institutions) | Q(institution__in=institutions)
        )

    def find(self, pk: int) -> "Handover | None":
        return self.filter(pk=pk).first()


class Handover(models.Model):
    """What was settled of a handover. What it does is in the dates of the two terms and of the
    mandates: at its moment rights pass without anybody's doing.
    """

    outgoing = models.ForeignKey(Presidency, on_delete=models.PROTECT, related_name="handed_over")
    # null: it was cancelled, and the term never was
    incoming = models.OneToOneField(
        Presidency, null=True, blank=True, on_delete=models.PROTECT, related_name="received_by"
    )
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    takes_effect_at = models.DateTimeField()
    # When the outgoing term would have ended by itself; null: it was without an end.
    ended_before = models.DateTimeField(null=True, blank=True)
    state = models.CharField(max_length=20, choices=HandoverState, default=HandoverState.SCHEDULED)
    version = models.PositiveIntegerField(default=1)  # of its moment
    scheduled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    scheduled_at = models.DateTimeField(auto_now_add=True)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    cancelled_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # of the cancellation

    objects = HandoverQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"],
                condition=Q(state=HandoverState.SCHEDULED),
                name="one_scheduled_handover",
            ),
            models.CheckConstraint(
                condition=Q(
                    state=HandoverState.CANCELLED, incoming=None, cancelled_at__isnull=False
                )
                | ~Q(state=HandoverState.CANCELLED) & Q(incoming__isnull=False, cancelled_at=None),
                name="handover_has_a_term_unless_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @property
    def is_in_effect(self) -> bool:
        return self.state != HandoverState.CANCELLED and self.takes_effect_at <= timezone.now()

    @property
    def is_pending(self) -> bool:
        """Whether it can still be taken back."""
        return self.state == HandoverState.SCHEDULED and self.takes_effect_at > timezone.now()

    def of_fate(self, *fates: str) -> "list[HandoverMandate]":
        return [each for each in self.mandates.all() if each.fate in fates]

    @property
    def ending(self) -> "list[HandoverMandate]":
        return self.of_fate(MandateFate.ENDS)

    @property
    def staying(self) -> "list[HandoverMandate]":
        return self.of_fate(MandateFate.STAYS)

    @property
    def beginning(self) -> "list[HandoverMandate]":
        return self.of_fate(MandateFate.BEGINS, MandateFate.RETURNS)


class HandoverMandateQuerySet(models.QuerySet["HandoverMandate"]):
    def for_display(self) -> Self:
        return self.select_related("mandate__user", "mandate__institution").order_by(
            by_name("mandate__user__"), "pk"
        )


class HandoverMandate(models.Model):
    """What becomes of one mandate of the secretariat by a handover."""

    handover = models.ForeignKey(Handover, on_delete=models.CASCADE, related_name="mandates")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="handovers")
    fate = models.CharField(max_length=10, choices=MandateFate)
    # When a mandate that ends by it would have ended by itself; null: it was without an end.
    ended_before = models.DateTimeField(null=True, blank=True)

    objects = HandoverMandateQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handover", "mandate"], name="one_fate_a_mandate_in_a_handover"
            )
        ]

    def __str__(self) -> str:
        return f"{self.mandate_id} {self.fate}"
