import hashlib
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar, Self
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Value, When
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.enums import NEED_SECOND_FACTOR, Capacity, Digits, MembershipState, Theme
from members.enums_applying import ApplicationPlace
from members.models.applications import Application
from members.models.institutions import Institution, Presidency
from records.folding import fold

ISSUING = (Capacity.HEAD, Capacity.ALTERNATE)  # they issue statements by their capacity
MAY_BE_GIVEN_STATEMENTS = (Capacity.DELEGATE, Capacity.ADVISER)
SECOND_FACTORS = ("totp", "webauthn")  # as allauth calls them
SOON_DAYS = 60  # a mandate that ends within them is to be thought of


class UserManager(BaseUserManager["User"]):
    def create_user(self, *, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person who can sign in. The address is kept in lower case."""
        user = self.model(email=email.strip().lower(), **fields)
        user.search_text = user.searchable()
        user.set_password(password)
        user.save(using=self._db)
        return user

    def of_email(self, email: str) -> "User | None":
        return self.filter(email=email.strip().lower()).first()

    def numbered(self, pk: int) -> "User | None":
        """By a number that came from an address, however large."""
        return self.filter(pk=pk).first() if 0 < pk < 2**63 else None

    def names_of(self, ids: Iterable[int]) -> dict[int, str]:
        """Names by id, in one query."""
        return dict(self.filter(pk__in=set(ids)).values_list("pk", "name"))

    def owing_second_factor(
        self, ids: list[int], at: datetime
    ) -> "models.QuerySet[User, tuple[int]]":
        """Those of `ids` whose running mandates ask for a second factor, and who have none.

        Recovery codes are none: they stand in for one.
        """
        asks = Mandate.objects.running(at).filter(
            user=OuterRef("pk"), capacity__in=NEED_SECOND_FACTOR
        )
        found = self.filter(Exists(asks), pk__in=ids)
        return found.exclude(authenticator__type__in=SECOND_FACTORS).values_list("pk")

    def named(self, folded: str) -> "models.QuerySet[User]":
        """People whose folded name holds every word of `folded`, in no order."""
        found = self.all()
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found

    def delegates_matching(self, folded: str) -> "models.QuerySet[User]":
        """People with a running mandate whose folded name holds every word of `folded`, by name,
        each with what they hold in `.held`.
        """
        running = Mandate.objects.running()
        found = self.named(folded).filter(Exists(running.filter(user=OuterRef("pk"))))
        held = models.Prefetch("mandates", running.for_display(), to_attr="held")
        return found.prefetch_related(held).order_by("name", "pk")


class User(AbstractBaseUser):
    """A person. What they may do comes from mandates, never from the account."""

    email = models.EmailField(unique=True)
    name = models.CharField(max_length=150)
    language = models.CharField(max_length=10, blank=True)  # a code of settings.LANGUAGES
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, blank=True)  # "": as the system
    digits = models.CharField(max_length=20, choices=Digits, blank=True)  # "": as the language
    shows_hijri = models.BooleanField(default=False)  # in Arabic, beside the Gregorian date
    search_text = models.TextField(blank=True, editable=False)  # the name, folded
    is_active = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_any_case")]

    def __str__(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def searchable(self) -> str:
        """What `search_text` must hold: the name, folded."""
        return fold(self.name)


class MandateQuerySet(models.QuerySet["Mandate"]):
    def running(self, at: datetime | None = None) -> Self:
        """Mandates that carry rights now: begun, not ended, of an active member institution."""
        now = at or timezone.now()
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=now),
            starts_at__lte=now,
            user__is_active=True,
            institution__memberships__until=None,
            institution__memberships__state=MembershipState.ACTIVE,
        )

    def of_secretariat(self, at: datetime | None = None, on: date | None = None) -> Self:
        """Running secretariat mandates at the institution that presides."""
        return self.running(at).filter(
            capacity=Capacity.SECRETARIAT,
            institution__in=Presidency.objects.running(on).values("institution"),
        )

    def of_person(self, user_id: int) -> Self:
        return self.filter(user_id=user_id)

    def for_speaking(self, on: date | None = None) -> Self:
        """With institution, the oldest first; `.holds_presidency` says if it does."""
        presidency = Presidency.objects.running(on).filter(institution=OuterRef("institution"))
        return (
            self.select_related("institution")
            .annotate(holds_presidency=Exists(presidency))
            .order_by("starts_at", "pk")
        )

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def unended(self, at: datetime | None = None) -> Self:
        """Running, waiting to begin, or idle because the institution is not active."""
        return self.filter(Q(ends_at=None) | Q(ends_at__gt=at or timezone.now()))

    def institutions(self) -> "models.QuerySet[Institution]":
        """Those that these mandates are of, in the official order."""
        return Institution.objects.filter(pk__in=self.values("institution")).in_official_order()

    def in_office(self, at: datetime | None = None) -> Self:
        """Begun and not ended, whether or not the institution's standing lets them carry rights."""
        now = at or timezone.now()
        return self.unended(now).filter(starts_at__lte=now, user__is_active=True)

    def held(self, user: User, institution: Institution, capacity: str) -> Self:
        return self.filter(user=user, institution=institution, capacity=capacity)

    def held_at(self, institution: Institution, emails: Iterable[str]) -> set[tuple[str, str]]:
        """Of these addresses, which hold which capacity there."""
        found = self.filter(institution=institution, user__email__in=set(emails))
        return set(found.values_list("user__email", "capacity"))

    def past(self, at: datetime | None = None) -> Self:
        """Ended ones, the latest first."""
        return self.filter(ends_at__lte=at or timezone.now()).order_by("-ends_at", "-pk")

    def for_display(self) -> Self:
        """With person and institution, in the order of the capacities' rank."""
        rank = Case(*(When(capacity=c, then=Value(n)) for n, c in enumerate(Capacity)))
        return self.select_related("user", "institution").order_by(rank, "user__name", "pk")

    def by_id(self, ids: Iterable[int]) -> "dict[int, Mandate]":
        """With institution, in one query."""
        return {m.pk: m for m in self.filter(pk__in=set(ids)).select_related("institution")}

    def of_its_holder(self) -> Self:
        """With institution, the latest first: what somebody without rights is told of theirs."""
        return self.select_related("institution").order_by("-starts_at", "-pk")

    def find(self, pk: int) -> "Mandate | None":
        return self.filter(pk=pk).first()


class Mandate(models.Model):
    """A dated appointment of a person to act for an institution, in a capacity."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="mandates")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="mandates")
    capacity = models.CharField(max_length=20, choices=Capacity)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)
    may_issue_statements = models.BooleanField(default=False)  # given; see `issues_statements`

    objects = MandateQuerySet.as_manager()
    holds_presidency: bool  # set by `for_speaking()`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")),
                name="mandate_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.capacity} {self.institution_id}"

    @property
    def is_of_secretariat(self) -> bool:
        """For a running mandate read through `for_speaking()`."""
        return self.capacity == Capacity.SECRETARIAT and self.holds_presidency

    @property
    def issues_statements(self) -> bool:
        """Whether, running, it carries the right to issue statements of its delegation."""
        return self.capacity in ISSUING or (
            self.capacity in MAY_BE_GIVEN_STATEMENTS and self.may_issue_statements
        )

    @property
    def ends_soon(self) -> bool:
        """Whether it ends by its own date within SOON_DAYS."""
        return self.ends_at is not None and self.ends_at <= timezone.now() + timedelta(SOON_DAYS)

    @property
    def is_to_come(self) -> bool:
        return self.starts_at > timezone.now()

    @property
    def last_moment(self) -> datetime | None:
        """The last at which it runs: that of a day which ends at midnight is of that day."""
        return self.ends_at and self.ends_at - timedelta(microseconds=1)

    def is_last_of_its_kind(self, at: datetime | None = None) -> bool:
        """Whether its end would leave a delegation without focal point, or no secretariat."""
        if self.capacity == Capacity.SECRETARIAT:
            kind = Mandate.objects.of_secretariat(at)
        elif self.capacity == Capacity.FOCAL_POINT:
            kind = Mandate.objects.running(at).of_institution(self.institution)
            kind = kind.filter(capacity=self.capacity)
        else:
            return False
        return [m.pk for m in kind] == [self.pk]


def beginning_of(day: date, zone: tzinfo) -> datetime:
    return datetime.combine(day, time(), zone)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The moment at which the day is over there."""
    return beginning_of(day + timedelta(days=1), zone)


def token_digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, at: datetime | None = None) -> Self:
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=at or timezone.now())

    def by_token(self, token: str) -> "Invitation | None":
        digest = token_digest(token)
        return self.filter(token_digest=digest).select_related("institution", "application").first()

    def to_delegations(self) -> Self:
        return self.exclude(institution=None).select_related("institution", "invited_by")

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def to_application(self, application_id: int) -> Self:
        """Neither accepted nor revoked, with who invited, the first first."""
        found = self.filter(application=application_id, accepted_at=None, revoked_at=None)
        return found.select_related("invited_by", "application").order_by("created_at", "pk")

    def for_letter(self) -> Self:
        return self.select_related("institution", "invited_by", "application")

    def inviting(self, email: str, institution: Institution, capacity: str) -> Self:
        return self.filter(email=email, institution=institution, capacity=capacity)

    def inviting_to(self, institution: Institution, emails: Iterable[str]) -> set[tuple[str, str]]:
        """Of these addresses, which are invited there in which capacity."""
        found = self.filter(institution=institution, email__in=set(emails))
        return set(found.values_list("email", "capacity"))

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
    invited_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    created_at = models.DateTimeField(auto_now_add=True)
    starts_on = models.DateField(null=True, blank=True)  # the mandate's first day; null: at once
    ends_on = models.DateField(null=True, blank=True)  # its last day; both in the inviter's zone
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

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
    def is_expired(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def days_open(self) -> int:
        """How many days ago it was made."""
        return (timezone.now() - self.created_at).days

    @property
    def closed_because(self) -> str:
        """ "" while it can be accepted, else "accepted", "revoked" or "expired"."""
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
