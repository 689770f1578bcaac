from datetime import date, datetime
from typing import Self

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from members.enums_standing import DuesState
from members.models.institutions import Institution
from members.models.presidencies import network_today

FIRST_YEAR, LAST_YEAR = 1990, 2100


class DuesQuerySet(models.QuerySet["Dues"]):
    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def known(self, at: datetime) -> Self:
        """Those that were on record then."""
        return self.filter(created_at__lte=at)

    def latest_first(self) -> Self:
        return self.order_by("-year", "institution")

    def find(self, year: int) -> "Dues | None":
        return self.filter(year=year).first()

    def of_year(self, year: int) -> Self:
        return self.filter(year=year)


class Dues(models.Model):
    """What an institution owes the network for a year, in as far as the network keeps it: the
    amount may be missing. Paid, or waived for a reason, or neither.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="dues")
    year = models.PositiveSmallIntegerField()
    amount = models.DecimalField(
        max_digits=12, decimal_places=2, null=True, blank=True, validators=[MinValueValidator(0)]
    )
    currency = models.CharField(max_length=3, blank=True)  # ISO 4217
    due_on = models.DateField(null=True, blank=True)
    paid_on = models.DateField(null=True, blank=True)
    waiver_reason = models.TextField(blank=True)  # "": it is not waived
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = DuesQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "dues"
        constraints = [
            models.UniqueConstraint(fields=["institution", "year"], name="dues_once_a_year"),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0) & ~Q(currency=""),
                name="dues_have_a_currency",
            ),
            models.CheckConstraint(
                condition=Q(paid_on=None) | Q(waiver_reason=""), name="dues_paid_or_waived"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.institution_id} {self.year}"

    def state_at(self, day: date) -> DuesState:
        if self.paid_on and self.paid_on <= day:
            return DuesState.PAID
        if self.waiver_reason:
            return DuesState.WAIVED
        return DuesState.OVERDUE if self.due_on and self.due_on < day else DuesState.OPEN

    @property
    def state(self) -> DuesState:
        return self.state_at(network_today())

    @property
    def is_waived(self) -> bool:
        return bool(self.waiver_reason)
