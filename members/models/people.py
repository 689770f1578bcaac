from collections.abc import Iterable
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Lower
from django.utils import timezone

from members.enums import (
    NEED_SECOND_FACTOR,
    Capacity,
    Digits,
    HandoverState,
    MandateFate,
    MembershipState,
    Theme,
)
from members.models.institutions import Institution
from members.models.presidencies import Presidency
from members.models.register import (
    MANDATE_INDEXES,
    PERSON_INDEXES,
    SECOND_FACTORS,
    RegisterQuerySet,
    UnseatedManager,
)
from members.names import SCRIPTS, by_name, name_read, script_of
from records.folding import fold

ISSUING = (Capacity.HEAD, Capacity.ALTERNATE)  # they issue statements by their capacity
MAY_BE_GIVEN_STATEMENTS = (Capacity.DELEGATE, Capacity.ADVISER)
SOON_DAYS = 60  # a mandate that ends within them is to be thought of


class UserManager(UnseatedManager, BaseUserManager["User"]):
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
        found = self.filter(pk__in=set(ids)).values("pk", *SCRIPTS)
        return {each["pk"]: name_read(each) for each in found}

    def languages_read(self) -> set[str]:
        """Codes of the languages that active people have chosen. One query."""
        chosen = self.filter(is_active=True).exclude(language="")
        return set(chosen.order_by().values_list("language", flat=True).distinct())

    def owing_second_factor(
        self, ids: list[int], at: datetime
    ) -> "models.QuerySet[User, tuple[int]]":
        """Those of `ids` whose running mandates ask for a second factor, or who are technical
        staff, and who have none.

        Recovery codes are none: they stand in for one.
        """
        asks = Mandate.objects.running(at).filter(
            user=OuterRef("pk"), capacity__in=NEED_SECOND_FACTOR
        )
        found = self.filter(Exists(asks) | Q(is_staff=True), pk__in=ids)
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
        return found.prefetch_related(held).order_by(by_name(), "pk")


class User(AbstractBaseUser):
    """A person. What they may do comes from mandates, never from the account."""

    email = models.EmailField(unique=True)
    name_latin = models.CharField(max_length=150, blank=True)
    name_arabic = models.CharField(max_length=150, blank=True)
    language = models.CharField(max_length=10, blank=True)  # a code of settings.LANGUAGES
    time_zone = models.CharField(max_length=60, default="UTC")
    theme = models.CharField(max_length=10, choices=Theme, blank=True)  # "": as the system
    digits = models.CharField(max_length=20, choices=Digits, blank=True)  # "": as the language
    shows_hijri = models.BooleanField(default=False)  # in Arabic, beside the Gregorian date
    search_text = models.TextField(blank=True, editable=False)  # both names, folded
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)  # technical: see `permissions.staff`
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name_latin"]

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_any_case"),
            models.CheckConstraint(
                condition=~Q(name_latin="", name_arabic=""), name="user_has_a_name"
            ),
        ]
        indexes = PERSON_INDEXES

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the script of the reader's language; the other where there is none."""
        return name_read({script: getattr(self, script) for script in SCRIPTS})

    @name.setter
    def name(self, name: str) -> None:
        """Kept as the name of its script; the other one stays."""
        setattr(self, script_of(name), name)

    @property
    def names(self) -> list[str]:
        """As it is written in each script, without what is missing."""
        return [name for script in SCRIPTS if (name := getattr(self, script))]

    def get_short_name(self) -> str:
        return self.name

    def searchable(self) -> str:
        """What `search_text` must hold: the name in both scripts, folded."""
        return fold(" ".join(self.names))


class MandateQuerySet(RegisterQuerySet):
    def running(self, at: datetime | None = None) -> Self:
        """Mandates that carry rights now: begun, neither ended nor suspended, of an active member
        institution.
        """
        now = at or timezone.now()
        return self.filter(
            Q(ends_at=None) | Q(ends_at__gt=now),
            starts_at__lte=now,
            suspended_at=None,
            user__is_active=True,
            institution__memberships__until=None,
            institution__memberships__state=MembershipState.ACTIVE,
        )

    def of_secretariat(self, at: datetime | None = None) -> Self:
        """Running secretariat mandates at the institution that presides."""
        return self.running(at).filter(
            capacity=Capacity.SECRETARIAT,
            institution__in=Presidency.objects.running(at).values("institution"),
        )

    def of_person(self, user_id: int) -> Self:
        return self.filter(user_id=user_id)

    def of_presidents(self) -> Self:
        """Of who heads, or stands in for the head of, the delegation that presides now."""
        presides = Presidency.objects.running().filter(institution=OuterRef("institution"))
        leading = (Capacity.HEAD, Capacity.ALTERNATE)
        return self.running().filter(Exists(presides), capacity__in=leading)

    def for_speaking(self, at: datetime | None = None) -> Self:
        """With institution, the oldest first; `.holds_presidency` says if it does, and
        `.presided_until` when its last term that is over ended.
        """
        presided = Presidency.objects.filter(institution=OuterRef("institution"))
        last = presided.over(at).order_by("-ends_at").values("ends_at")[:1]
        return (
            self.select_related("institution")
            .annotate(holds_presidency=Exists(presided.running(at)), presided_until=Subquery(last))
            .order_by("starts_at", "pk")
        )

    def of_institution(self, institution: Institution) -> Self:
        return self.filter(institution=institution)

    def unended(self, at: datetime | None = None) -> Self:
        """Running, waiting to begin, or idle because the institution is not active. What was taken
        back before it began never was.
        """
        lasts = Q(ends_at__gt=at or timezone.now()) & Q(ends_at__gt=F("starts_at"))
        return self.filter(Q(ends_at=None) | lasts)

    def of_office(self) -> Self:
        """In the capacity of the secretariat, wherever the presidency is."""
        return self.filter(capacity=Capacity.SECRETARIAT)

    def of_office_before(self, term: Presidency) -> Self:
        """Mandates of the secretariat at the institution of `term` that began before its end."""
        held = self.of_office().unended().of_institution(term.institution)
        return held.filter(starts_at__lt=term.ends_at)

    def institutions(self) -> "models.QuerySet[Institution]":
        """Those that these mandates are of, in the official order."""
        return Institution.objects.filter(pk__in=self.values("institution")).in_official_order()

    def in_office(self, at: datetime | None = None) -> Self:
        """Begun, neither ended nor suspended, whether or not the institution's standing lets them
        carry rights.
        """
        now = at or timezone.now()
        found = self.unended(now).filter(starts_at__lte=now, user__is_active=True)
        return found.filter(suspended_at=None)

    def of_office_then(self, people: Iterable[int]) -> Self:
        """Mandates of the secretariat of these people, of whichever presidency, that are in office
        still or ended when it passed on, and not before.
        """
        held = self.of_office().filter(user__in=set(people), user__is_active=True)
        passed = Mandate.objects.filter(
            ~Q(handovers__handover__state=HandoverState.CANCELLED),
            handovers__fate=MandateFate.ENDS,
            handovers__handover__takes_effect_at=F("ends_at"),
        )
        in_office = Mandate.objects.in_office()
        return held.filter(
            Q(pk__in=in_office.values("pk")) | Q(pk__in=passed.values("pk")), suspended_at=None
        )

    def succeeding(self, people: Iterable[int]) -> Self:
        """The mandates that were handed on by these people, each with the one before."""
        return self.filter(succeeds__user__in=set(people)).select_related("succeeds")

    def running_out(self, at: datetime | None = None) -> Self:
        """Those in office that end by their own date within SOON_DAYS, the next one first."""
        now = at or timezone.now()
        return (
            self.in_office(now)
            .filter(ends_at__lte=now + timedelta(SOON_DAYS))
            .order_by("ends_at", "pk")
        )

    def begun(self) -> Self:
        """All that ever carried rights, or would have."""
        return self.filter(starts_at__lte=timezone.now())

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
        return self.select_related("user", "institution").order_by(rank, by_name("user__"), "pk")

    def with_rights(self) -> Self:
        """Each says in `.carries_rights` whether it runs."""
        return self.annotate(
            carries_rights=Exists(Mandate.objects.running().filter(pk=OuterRef("pk")))
        )

    def with_profiles(self) -> Self:
        return self.select_related("user__profile")

    def for_display_of_person(self) -> Self:
        return self.select_related("institution")

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
    suspended_at = models.DateTimeField(null=True, blank=True)  # since then it carries no rights
    suspension_reason = models.TextField(blank=True)
    succeeds = models.ForeignKey(  # the mandate that was handed over
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="successors"
    )

    objects = MandateQuerySet.as_manager()
    holds_presidency: bool  # set by `for_speaking()`
    presided_until: datetime | None  # it too
    carries_rights: bool  # set by `with_facts()` and `with_rights()`
    has_second_factor: bool

    class Meta:
        indexes = MANDATE_INDEXES
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at=None) | Q(ends_at__gte=models.F("starts_at")),
                name="mandate_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(suspended_at=None, suspension_reason="")
                | (Q(suspended_at__isnull=False) & ~Q(suspension_reason="")),
                name="mandate_is_suspended_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user_id} {self.capacity} {self.institution_id}"

    @property
    def is_of_secretariat(self) -> bool:
        """For a running mandate read through `for_speaking()`."""
        return self.capacity == Capacity.SECRETARIAT and self.holds_presidency

    @property
    def is_of_past_office(self) -> bool:
        """For a running mandate read through `for_speaking()`: whether it was of the secretariat
        until the presidency passed on. It carries no right to write there any more.
        """
        return (
            self.capacity == Capacity.SECRETARIAT
            and not self.holds_presidency
            and self.presided_until is not None
            and self.starts_at < self.presided_until
        )

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
    def is_ended(self) -> bool:
        """Or was taken back before it began."""
        return self.ends_at is not None and self.ends_at <= max(timezone.now(), self.starts_at)

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
            coming = Presidency.objects.coming(at).of_institution(self.institution).first()
            # Who is to take the office over is counted at the moment at which they do.
            kind = Mandate.objects.of_secretariat(coming.starts_at if coming else at)
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
