"""Links by which people come in."""

import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.enums import Capacity
from members.enums_applying import ApplicationPlace
from members.models.applications import Application
from members.models.institutions import Institution
from members.models.people import Mandate, User, beginning_of, end_of


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime | None = None) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at or timezone.now())

    def languages_open(self) -> set[str]:
        """Codes of the languages of those that are open. One query."""
        return set(self.open().order_by().values_list("language", flat=True).distinct())

    def by_token(self, token: str) -> "Invitation | None":
        return self.by_digest(token_digest(token))

    def by_digest(self, digest: str) -> "Invitation | None":
        return self.filter(token_digest=digest).select_related("institution", "application").first()

    def to_delegations(self) -> Self:
        return self.exclude(institution=None).select_related("institution", "invited_by")

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def addressed(self, email: str) -> Self:
        return self.filter(email=email)

    def received_at(self, email: str) -> Self:
        """All that ever went to this address, with the institutions, the first first."""
        found = self.addressed(email).select_related("institution")
        return found.order_by("created_at", "pk")

    def to_application(self, application_id: int) -> Self:
        """Neither accepted nor revoked, with who invited, the first first."""
        found = self.filter(application=application_id, accepted_at=None, revoked_at=None)
        return found.select_related("invited_by", "application").order_by("created_at", "pk")

    def for_letter(self) -> Self:
        return self.select_related("institution", "invited_by", "application")

    def inviting(self, email: str, institution: Institution, capacity: str) -> Self:
        return self.filter(email=email, institution=institution, capacity=capacity)

    def inviting_to(self, institution: Institution, emails: Iterable[str]) -> Self:
        """Of these addresses, to this institution."""
        return self.filter(institution=institution, email__in=set(emails))

    def inviting_to_apply(self, email: str, application: Application) -> Self:
        return self.filter(email=email, application=application)

    def unanswered(self) -> Self:
        """Neither accepted nor revoked: open or expired, the latest first."""
        return (
            self.filter(accepted_at=None, revoked_at=None)
            .select_related("invited_by")
            .order_by("-created_at", "-pk")
        )

    def find(self, pk: int) -> "Invitation | None":
        return self.filter(pk=pk).first()


class Invitation(models.Model):
    """A link, sent to one address, that makes an account: for a mandate or an application.

    The token is kept nowhere: it is what SECRET_KEY makes of `nonce` (random, new whenever the
    link is sent anew), so that neither the database nor the queued e-mail job gives the link
    away. `token_digest` is its SHA-256, by which it is found.
    """

    email = models.EmailField()
    name = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10)  # a code of settings.LANGUAGES
    nonce = models.CharField(max_length=43)
    token_digest = models.CharField(max_length=64, unique=True)
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.CASCADE)
    capacity = models.CharField(max_length=20, choices=Capacity, blank=True)
    application = models.ForeignKey(Application, null=True, blank=True, on_delete=models.CASCADE)
    # As what they come to the application; "": it is theirs, they asked to apply.
    application_place = models.CharField(max_length=20, choices=ApplicationPlace, blank=True)
    succeeds = models.ForeignKey(  # the mandate that it hands over
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    # Who sent it again since: they stand for it. `invited_by` stays, in whose zone the days are.
    sent_again_by = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    starts_on = models.DateField(null=True, blank=True)  # the mandate's first day; null: at once
    ends_on = models.DateField(null=True, blank=True)  # its last day; both in the inviter's zone
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()
    closed: str  # set by `permissions.invitations.with_reasons`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(institution__isnull=False, application=None) & ~Q(capacity="")
                    | Q(institution=None, application__isnull=False, capacity="")
                )
                & (Q(institution=None) | Q(application_place="")),
                name="invitation_for_mandate_or_application",
            ),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="invitation_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def token(self) -> str:
        made = salted_hmac("members.invitation", self.nonce, algorithm="sha256").digest()
        return urlsafe_b64encode(made).rstrip(b"=").decode()

    @property
    def mandate_starts_at(self) -> datetime | None:
        return beginning_of(self.starts_on, self._zone) if self.starts_on else None

    @property
    def mandate_ends_at(self) -> datetime | None:
        return end_of(self.ends_on, self._zone) if self.ends_on else None

    @property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.invited_by.time_zone if self.invited_by else "UTC")

    @property
    def stands_by_id(self) -> int | None:
        """Who must be one who may invite, for it to be accepted; None: it is the portal's own."""
        return self.sent_again_by_id or self.invited_by_id

    @property
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def days_open(self) -> int:
        """How many days ago it was made."""
        return (timezone.now() - self.created_at).days

    @property
    def closed_because(self) -> str:
        """A WhyClosed, as far as the row itself tells; else "". What has become of its mandate, its
        place or its sender, `permissions.invitations.why_closed` knows.
        """
        if self.accepted_at:
            return "accepted"
        if self.revoked_at:
            return "revoked"
        if self.application and self.application.is_closed:
            return "revoked"
        over = self.mandate_ends_at
        return "expired" if self.is_expired or (over and over <= timezone.now()) else ""

    def renew(self) -> None:
        """A new token, valid from now; the old one is dead. Does not save."""
        self.nonce = secrets.token_urlsafe(32)
        self.token_digest = token_digest(self.token)
        expires_at = timezone.now() + timedelta(days=settings.INVITATION_DAYS)
        self.expires_at = min(expires_at, self.mandate_ends_at or expires_at)
