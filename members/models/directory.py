"""The directory of members, however many there are: narrowed, ordered and counted by PostgreSQL."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Func, Value
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce, Lower, NullIf
from django.utils.translation import get_language

from members.countries import codes_in_order, country_choices
from members.enums import DirectoryOrder, MembershipClass

if TYPE_CHECKING:
    from members.models.institutions import Institution

FEW = 4  # institutions of one country that the map's list names one by one
INTERNATIONAL = "none"  # the country of a body that has none
UNKNOWN = "unknown"  # the year that no source says
_ARABIC = "أإآٱىةؤئ", "اااايهوي"  # as `records.folding` has them; accents are `unaccent`'s


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


class Unaccented(Func):
    function = "unaccent"
    output_field = models.TextField()


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
        official = place_in(codes_in_order(), "country")
        match order:
            case DirectoryOrder.COUNTRY:
                by: list[Any] = [place_in([code for code, _name in country_choices()], "country")]
            case DirectoryOrder.NAME:
                by = [_name_folded(), official]
            case DirectoryOrder.JOINED:
                by = [F("joined_on").asc(nulls_last=True), official]
            case _:
                by = [official]
        return self.order_by(classes, *by, "pk")

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


def _name_folded() -> Func:
    """For `order_by`: the name in the reader's language as `in_language` has it, without what does
    not count in its alphabet (there is no collation to rely on that every PostgreSQL has).
    """
    languages = [language for language, _own_name in settings.LANGUAGES]
    wanted = dict.fromkeys([get_language() or "", settings.LANGUAGE_CODE, *languages])
    texts = [NullIf(KT(f"names__{language}"), Value("")) for language in wanted if language]
    return Func(
        Unaccented(Lower(Coalesce(*texts))),
        Value(_ARABIC[0]),
        Value(_ARABIC[1]),
        function="translate",
        output_field=models.TextField(),
    )
