"""What goes with a decision on an application."""

from collections.abc import Iterable
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.enums import ApplicationState
from members.models.applications import Application
from records.folding import fold


class DecisionTermsQuerySet(models.QuerySet["DecisionTerms"]):
    def of(self, application_id: int) -> "DecisionTerms | None":
        return self.filter(application_id=application_id).first()

    def prepared(self, application_ids: Iterable[int | None]) -> "dict[int, DecisionTerms]":
        """By application, in one query."""
        found = self.filter(application_id__in=application_ids)
        return {terms.application_id: terms for terms in found}

    def in_force(self) -> Self:
        """Of applications that were declined, and may not come back yet."""
        return self.filter(
            application__state=ApplicationState.DECLINED,
            not_before__gt=timezone.now().date(),
        ).select_related("application")

    def barring(self, application: Application) -> "DecisionTerms | None":
        """Those by which this application comes too early: of the same contact, or of the same
        country and a same official name. The latest day counts.
        """
        names = {fold(name) for name in application.institution_names.values()}
        return max(
            (
                terms
                for terms in self.in_force().exclude(application=application)
                if terms.application.contact_id == application.contact_id
                or (
                    terms.application.country == application.country
                    and names & {fold(n) for n in terms.application.institution_names.values()}
                )
            ),
            key=lambda terms: str(terms.not_before),
            default=None,
        )


class DecisionTerms(models.Model):
    """What the secretariat prepares for the applicant, whichever way the assembly decides."""

    application = models.OneToOneField(Application, on_delete=models.CASCADE, related_name="terms")
    version = models.PositiveIntegerField(default=0)
    conditions = models.TextField(blank=True)  # told where it is deferred
    reasons = models.TextField(blank=True)  # told where it is declined
    not_before = models.DateField(null=True, blank=True)  # the earliest day to try again
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    objects = DecisionTermsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.application_id} {self.version}"

    def told(self, state: str) -> str:
        """What the applicant is told in this state."""
        if state == ApplicationState.DEFERRED:
            return self.conditions
        return self.reasons if state == ApplicationState.DECLINED else ""
