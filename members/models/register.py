"""What the secretariat's list of people asks of the database: narrowed, ordered and counted there,
however many there are.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Left
from django.utils import timezone

from members.enums import Capacity
from members.enums_lists import MandateStanding, PeopleOrder
from members.models.sorting import alphabetically
from members.names import NAMELESS

if TYPE_CHECKING:
    from members.models.people import Mandate, User

SECOND_FACTORS = ("totp", "webauthn")  # as allauth calls them
SORTED_LETTERS = 200  # of a folded name: an index takes no longer row

PERSON_INDEXES = [
    models.Index(Left("search_text", SORTED_LETTERS), "id", name="person_by_name"),
    models.Index(F("last_login").desc(nulls_last=True), "id", name="person_by_last_login"),
    models.Index(fields=["id"], condition=Q(is_active=False), name="person_inactive"),
    GinIndex(
        fields=["search_text", "email"],
        opclasses=["gin_trgm_ops", "gin_trgm_ops"],
        name="person_search",
    ),
]
MANDATE_INDEXES = [
    models.Index(fields=["starts_at", "id"], name="mandate_by_start"),
    models.Index(fields=["id"], condition=Q(suspended_at__isnull=False), name="mandate_suspended"),
]


def with_second_factor(people: Iterable[int]) -> set[int]:
    """Of these people, who has one."""
    found = Authenticator.objects.filter(type__in=SECOND_FACTORS, user_id__in=set(people))
    return set(found.values_list("user_id", flat=True))


def second_factor_of(person: str) -> Exists:
    factors = Authenticator.objects.filter(type__in=SECOND_FACTORS)
    return Exists(factors.filter(user=OuterRef(person)))


def _by_person(order: str, path: str) -> list[Any]:
    if order == PeopleOrder.SEEN:
        return [F(f"{path}last_login").desc(nulls_last=True), f"{path}pk", "pk"]
    return [Left(f"{path}search_text", SORTED_LETTERS), "pk"]


def _named(folded: str, path: str) -> Q:
    wanted = Q()
    for word in folded.split():
        wanted &= Q(**{f"{path}search_text__contains": word}) | Q(
            **{f"{path}email__contains": word}
        )
    return wanted


class RegisterQuerySet(models.QuerySet["Mandate"]):
    """Mandates as the list has them: one row each."""

    def naming(self, folded: str) -> Self:
        """Whose name or address holds every word of `folded`."""
        return self.filter(_named(folded, "user__"))

    def at_institutions(self, folded: str) -> Self:
        """Of institutions that have every word of `folded`."""
        wanted = Q()
        for word in folded.split():
            wanted &= Q(institution__search_text__contains=word)
        return self.filter(wanted)

    def in_country(self, code: str) -> Self:
        """ "" for bodies without a country."""
        return self.filter(institution__country=code)

    def in_capacity(self, capacity: str) -> Self:
        return self.filter(capacity=capacity)

    def standing(self, standing: str, at: datetime | None = None) -> Self:
        now = at or timezone.now()
        never_was = Q(ends_at__lte=F("starts_at"))  # taken back before it began
        unended = Q(ends_at=None) | Q(ends_at__gt=now) & ~never_was
        match standing:
            case MandateStanding.RUNNING:
                found: Self = self.running(now)  # type: ignore[attr-defined]  # of who inherits
                return found
            case MandateStanding.AT_REST:
                return self.filter(unended, starts_at__lte=now, pk__in=_held_up())
            case MandateStanding.TO_COME:
                return self.filter(unended, starts_at__gt=now)
            case MandateStanding.ENDED:
                return self.filter(Q(ends_at__lte=now) | never_was)
        return self

    def without_second_factor(self) -> Self:
        return self.filter(~second_factor_of("user_id"))

    def never_signed_in(self) -> Self:
        return self.filter(user__last_login=None)

    def in_order_of(self, order: str, language: str) -> Self:
        match order:
            case PeopleOrder.INSTITUTION:
                return self.order_by(alphabetically("institution__", language), "pk")
            case PeopleOrder.SINCE:
                return self.order_by("-starts_at", "-pk")
        return self.order_by(*_by_person(order, "user__"))

    def for_register(self) -> Self:
        """With person and institution. People come by a query of their own: joined, all of them
        would be read before the list is cut into pages.
        """
        return self.select_related("institution").prefetch_related("user")

    def with_facts(self, at: datetime | None = None) -> "list[Mandate]":
        """The rows, each with `.carries_rights` and `.has_second_factor`.

        Asked for these rows alone: within the list's own query PostgreSQL would answer for all.
        """
        found = list(self)
        running = set(
            _running(at or timezone.now())
            .filter(pk__in=[each.pk for each in found])
            .values_list("pk", flat=True)
        )
        holding = with_second_factor({each.user_id for each in found})
        for each in found:
            each.carries_rights = each.pk in running
            each.has_second_factor = each.user_id in holding
        return found

    def focal_points(self, institutions: Iterable[int]) -> list[tuple[int, int]]:
        """The running ones of these institutions, each with the institution's number."""
        found = _running(timezone.now()).filter(institution_id__in=set(institutions))
        found = found.filter(capacity=Capacity.FOCAL_POINT)
        return list(found.values_list("pk", "institution_id"))

    def chosen(self, ids: list[int]) -> Self:
        """Those of these numbers, in the order in which they are locked one after the other."""
        return self.filter(pk__in=ids).order_by("institution_id", "pk")


class UnseatedManager(models.Manager["User"]):
    """People who hold no mandate, running or to come."""

    def unseated(
        self,
        folded: str = "",
        *,
        without_second_factor: bool = False,
        never_signed_in: bool = False,
        order: str = "",
    ) -> "models.QuerySet[User]":
        held = apps.get_model("members", "Mandate").objects.unended()
        found = self.filter(_named(folded, ""), ~Exists(held.filter(user=OuterRef("pk"))))
        found = found.exclude(name_latin=NAMELESS)  # their account is erased
        if without_second_factor:
            found = found.filter(~second_factor_of("pk"))
        if never_signed_in:
            found = found.filter(last_login=None)
        return found.order_by(*_by_person(order, ""))


def _held_up() -> "models.QuerySet[Mandate, tuple[int]]":
    """Numbers of the mandates that carry no rights on any day: suspended, of a person whose account
    is off, of an institution that is not active. These are few, where to ask each mandate whether
    it runs would read them all.
    """
    held: models.QuerySet[Mandate, tuple[int]]
    held = apps.get_model("members", "Mandate").objects.values_list("pk")
    active = apps.get_model("members", "Membership").objects.active().values("institution")
    idle = apps.get_model("members", "Institution").objects.exclude(pk__in=active).values("pk")
    off = apps.get_model("members", "User").objects.filter(is_active=False).values("pk")
    suspended = held.filter(suspended_at__isnull=False)
    return suspended.union(held.filter(user__in=off), held.filter(institution__in=idle))


def _running(now: datetime) -> "models.QuerySet[Mandate]":
    found: models.QuerySet[Mandate] = apps.get_model("members", "Mandate").objects.running(now)
    return found
