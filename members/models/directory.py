"""The directory of members, however many there are: narrowed, ordered and counted by PostgreSQL."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.db import models
from django.db.models import Count, F, Func, Q, Value

from members.countries import codes_in_order, country_choices
from members.enums import DirectoryOrder, MembershipClass
from members.models.sorting import alphabetically

if TYPE_CHECKING:
    from members.models.institutions import Institution

FEW = 4  # institutions of one country that the map's list names one by one
INTERNATIONAL = "none"  # the country of a body that has none
UNKNOWN = "unknown"  # the year that no source says


def place_in(codes: Iterable[str], path: str) -> Func:
    """For `order_by`: the place of the code at `path` in a list that PostgreSQL does not know; null
    where it is not there. A lookup, where to search a list costs a row more than all the rest.
    """
    places = {code: place for place, code in enumerate(codes)}
    return Func(
        Value(places, output_field=models.JSONField()),
        F(path),
        template="(%(expressions)s)::int",
        arg_joiner=" -> ",
        output_field=models.IntegerField(null=True),
    )


class Share(NamedTuple):
    """How many there are of one class in one country ("" for a body that has none)."""

    country: str
    membership_class: str
    number: int


class InCountry(NamedTuple):
    """The members of one country, named where they are FEW."""

    number: int
    institutions: "list[Institution]"


class DirectoryQuerySet(models.QuerySet["Institution"]):
    """Of `InstitutionQuerySet.listed()`, whose `joined_on` and `current_class` these use."""

    def shares(self) -> list[Share]:
        """How many of each class in each country, in one query."""
        by = "country", "current_class"  # an annotation, which the types do not know
        rows = self.order_by().values_list(*by)
        return [Share(*row) for row in rows.annotate(number=Count("pk"))]

    def no_observers(self) -> Self:
        return self.exclude(current_class=MembershipClass.OBSERVER)

    def narrowed(
        self,
        *,
        words: str = "",
        country: str = "",
        membership_class: str = "",
        field: str = "",
        joined: str = "",
    ) -> Self:
        """Those that fit all that is said: folded words, a code or INTERNATIONAL, a class, a
        field's number, a year or UNKNOWN.
        """
        found = self
        for word in words.split():
            found = found.filter(search_text__contains=word)
        if country:
            found = found.filter(country="" if country == INTERNATIONAL else country)
        if membership_class:
            found = found.filter(current_class=membership_class)
        if field:
            found = found.filter(fields_of_work=field)
        if joined == UNKNOWN:
            found = found.filter(joined_on=None)
        elif joined:
            found = found.filter(joined_on__year=joined)
        return found

    def arranged(self, order: DirectoryOrder) -> Self:
        """Class after class, within each as asked for."""
        classes = place_in(MembershipClass.values, "current_class")
        return self.order_by(classes, *_within_a_class(order))

    def in_shares(self, shares: Sequence[Share], order: DirectoryOrder) -> Self:
        """`arranged(order)`, of these shares alone; where they are of one class, an index may have
        them in this order.
        """
        classes = {share.membership_class for share in shares}
        wanted = Q(current_class__in=classes)
        if order in _COUNTRIES:
            wanted = Q(pk__in=[])
            for each in classes:
                there = {share.country for share in shares if share.membership_class == each}
                wanted |= Q(current_class=each, country__in=there)
        found = self.filter(wanted)
        return (
            found.order_by(*_within_a_class(order)) if len(classes) == 1 else found.arranged(order)
        )

    def by_country(self, shares: Sequence[Share]) -> dict[str, InCountry]:
        """Code to members of these, whose `shares()` were counted; in one query."""
        numbers: dict[str, int] = defaultdict(int)
        for share in shares:
            numbers[share.country] += share.number
        numbers.pop("", None)
        few = [country for country, number in numbers.items() if number <= FEW]
        named: dict[str, list[Institution]] = defaultdict(list)
        for institution in self.filter(country__in=few).order_by("pk") if few else ():
            named[str(institution.country.code)].append(institution)
        return {
            country: InCountry(number, named.get(country, []))
            for country, number in numbers.items()
        }


def _codes_in_alphabet() -> list[str]:
    return [code for code, _name in country_choices()]


_COUNTRIES: dict[DirectoryOrder, Callable[[], list[str]]] = {  # orders of countries, and which
    DirectoryOrder.OFFICIAL: codes_in_order,
    DirectoryOrder.COUNTRY: _codes_in_alphabet,
}


def _within_a_class(order: DirectoryOrder) -> list[Any]:
    official = place_in(codes_in_order(), "country")
    match order:
        case DirectoryOrder.COUNTRY:
            return [place_in(_codes_in_alphabet(), "country"), "pk"]
        case DirectoryOrder.NAME:
            return [alphabetically(), official, "pk"]
        case DirectoryOrder.JOINED:
            return [F("joined_on").asc(nulls_last=True), official, "pk"]
    return [official, "pk"]


@dataclass(frozen=True)
class Arranged:
    """`found.arranged(order)` for a paginator: `shares`, which are `found.shares()`, tell in which
    classes (and countries, where they make the order) a page lies, and only these are looked at.
    """

    found: DirectoryQuerySet
    order: DirectoryOrder
    shares: Sequence[Share]

    def __len__(self) -> int:
        return sum(share.number for share in self.shares)

    def __iter__(self) -> "Iterator[Institution]":
        return iter(self.found.arranged(self.order))

    def __getitem__(self, part: Any) -> Any:
        """The institutions of a slice with a start and a stop, in one query."""
        begun = skipped = 0
        there: list[Share] = []
        for together in self._in_order():
            ended = begun + sum(share.number for share in together)
            if ended <= part.start:
                skipped = ended
            elif begun < part.stop:
                there += together
            begun = ended
        found = self.found.in_shares(there, self.order)
        return found[part.start - skipped : part.stop - skipped]

    def _in_order(self) -> list[list[Share]]:
        """The shares as the order has them; together: those that it mingles."""
        classes = list(MembershipClass.values)
        by_country = self.order in _COUNTRIES
        codes = _COUNTRIES[self.order]() if by_country else []
        places = {code: place for place, code in enumerate(codes)}
        mingled: dict[tuple[int, int], list[Share]] = defaultdict(list)
        for share in self.shares:
            place = places.get(share.country, len(places))
            mingled[classes.index(share.membership_class), place].append(share)
        return [mingled[key] for key in sorted(mingled)]
