from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django_countries.fields import CountryField

from members.enums import ApplicationState, DocumentKind, InstitutionKind, MembershipClass
from members.models.institutions import Institution
from records.languages import Shown, in_language
from records.models import StoredFile


class ApplicationQuerySet(models.QuerySet["Application"]):
    def of_contact(self, user_id: int) -> Self:
        return self.filter(contact_id=user_id)

    def in_queue(self) -> Self:
        """What the secretariat sees: everything submitted, the longest waiting first."""
        return (
            self.exclude(submitted_at=None).select_related("contact").order_by("state_since", "pk")
        )

    def for_dossier(self) -> Self:
        return self.select_related("contact", "institution").prefetch_related(
            "documents__file", "information_requests"
        )


class Application(models.Model):
    """An institution's request to join.

    `state` is changed by `members.actions.applications.change_state` only.
    """

    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,  # until the person who asked to apply has accepted the link sent to them
        blank=True,
        on_delete=models.PROTECT,
        related_name="applications",
    )
    state = models.CharField(
        max_length=30, choices=ApplicationState, default=ApplicationState.DRAFT
    )
    state_since = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)

    institution_names = models.JSONField(default=dict)
    acronym = models.CharField(max_length=40, blank=True)
    country = CountryField(blank=True)
    kind = models.CharField(max_length=40, choices=InstitutionKind, blank=True)
    membership_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    aims = models.TextField(blank=True)
    website = models.URLField(blank=True)
    contact_phone = models.CharField(max_length=40, blank=True)
    contact_position = models.CharField(max_length=150, blank=True)
    letter_text = models.TextField(blank=True)

    recommendation = models.TextField(blank=True)
    institution = models.OneToOneField(  # made on admission
        Institution, null=True, blank=True, on_delete=models.PROTECT, related_name="application"
    )

    objects = ApplicationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(
                    state__in=["admitted", "declined", "charter_signed", "active"], decided_at=None
                ),
                name="decided_application_has_date",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(submitted_at__isnull=False),
                name="submitted_application_has_date",
            ),
        ]

    def __str__(self) -> str:
        return self.name.text or f"#{self.pk}"

    @property
    def name(self) -> Shown:
        return in_language(self.institution_names)


class ApplicationDocument(models.Model):
    """A file of an application, with the name its owner gave it."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=DocumentKind)
    name = models.CharField(max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["kind", "created_at", "pk"]

    def __str__(self) -> str:
        return self.name


class InformationRequest(models.Model):
    """What the secretariat asked of the applicant, and the answer."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="information_requests"
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    question = models.TextField()
    answer = models.TextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"],
                condition=Q(answered_at=None),
                name="one_open_information_request",
            )
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.asked_at}"
