"""What goes with a decision on an application."""

from collections.abc import Iterable
from datetime import date
from typing import Self

from django.conf import settings
from django.db import models

from members.enums import ApplicationState
from members.hosts import host_of
from members.models.applications import Application
from members.models.presidencies import network_today
from records.folding import fold


class DecisionTermsQuerySet(models.QuerySet["DecisionTerms"]):
    def of(self, application_id: int) -> "DecisionTerms | None":
        """Those in preparation for the next decision."""
        return self.filter(application_id=application_id, told_at=None).first()

    def told(self, application_id: int) -> Self:
        """Those of the decisions that were made, the latest first."""
        return self.filter(application_id=application_id).exclude(told_at=None).order_by("-pk")

    def prepared(self, application_ids: Iterable[int | None]) -> "dict[int, DecisionTerms]":
        """In preparation, by application, in one query."""
        found = self.filter(application_id__in=application_ids, told_at=None)
        return {terms.application_id: terms for terms in found}

    def in_force(self) -> Self:
        """Of applications that were declined, and may not come back yet."""
        return self.filter(
            application__state=ApplicationState.DECLINED,
            state=ApplicationState.DECLINED,
            not_before__gt=network_today(),
        ).select_related("application")

    def barring(self, application: Application) -> "DecisionTerms | None":
        """Those by which this application comes too early: of the same country, and with a same
        official name or the same web host. The latest day counts. A person who was the contact of
        one may apply for another institution.
        """
        host = host_of(application.website)
        names = {fold(name) for name in application.institution_names.values()}
        return max(
            (
                terms
                for terms in self.in_force().exclude(application=application)
                if terms.application.country == application.country
                and (
                    names & {fold(n) for n in terms.application.institution_names.values()}
                    or (host and host == host_of(terms.application.website))
                )
            ),
            key=lambda terms: str(terms.not_before),
            default=None,
        )


class DecisionTerms(models.Model):
    """What the secretariat prepares for the applicant, whichever way the assembly decides; a row
    for each decision, which never changes once it was told.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="terms")
    state = models.CharField(max_length=30, choices=ApplicationState, blank=True)  # as decided
    explanation = models.JSONField(default=dict)  # the decision in words, per language
    told_at = models.DateTimeField(null=True, blank=True)  # None: in preparation
    version = models.PositiveIntegerField(default=0)
    conditions = models.TextField(blank=True)  # told where it is deferred
    reasons = models.TextField(blank=True)  # told where it is declined
    not_before = models.DateField(null=True, blank=True)  # the earliest day to try again
    by = models.ForeignKey(  # None: nothing was prepared
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    at = models.DateTimeField(auto_now=True)

    objects = DecisionTermsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=models.Q(told_at=None),
                name="one_decision_in_preparation",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.version}"

    @property
    def words(self) -> str:
        """What of them the applicant was told."""
        if self.state == ApplicationState.DEFERRED:
            return self.conditions
        return self.reasons if self.state == ApplicationState.DECLINED else ""

    @property
    def again_from(self) -> date | None:
        return self.not_before if self.state == ApplicationState.DECLINED else None
