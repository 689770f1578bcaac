"""What the queue of applications asks of the database."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Self

from django.apps import apps
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, Max, Min, OuterRef, Q
from django.db.models.functions import ExtractYear
from django.utils import timezone

from members.countries import country_choices
from members.enums import DAYS_OF_STEP, ApplicationState, QueueTab
from members.enums_lists import QueueOrder
from members.models.directory import place_in
from members.models.sorting import alphabetically, name_indexes

if TYPE_CHECKING:
    from members.models.applications import Application  # noqa: F401

APPLICATION_INDEXES = [
    models.Index(fields=["state", "state_since", "id"], name="application_in_state"),
    models.Index(fields=["state_since", "id"], name="application_waiting"),
    models.Index(fields=["submitted_at", "id"], name="application_submitted"),
    GinIndex(fields=["search_text"], opclasses=["gin_trgm_ops"], name="application_search"),
    *name_indexes("application"),
]


def perhaps_same(names: Collection[str], host: str, country: str) -> Q:
    """Of what has `search_text`, `website` and `country`; of nothing where nothing is given."""
    found = Q(pk__in=[])
    for name in names:
        found |= Q(search_text__contains=name)
    if country:
        found |= Q(country=country)
    return found | Q(website__icontains=host) if host else found


def _owed_charter() -> Any:
    sent = apps.get_model("members", "CharterSending").objects.filter(application=OuterRef("pk"))
    return Q(state=ApplicationState.ADMITTED) & ~Exists(sent)


def _is_owed_charter() -> Any:
    return ExpressionWrapper(_owed_charter(), output_field=BooleanField())


class QueueQuerySet(models.QuerySet["Application"]):
    def owed_charter(self) -> Self:
        """Admitted, and not sent the charter yet."""
        return self.filter(_owed_charter())

    def with_owed_charter(self) -> Self:
        """Each with `.is_owed_charter`."""
        return self.annotate(is_owed_charter=_is_owed_charter())

    def in_tab(self, tab: QueueTab) -> Self:
        """Those that `QueueTab.of` puts there."""
        if tab == QueueTab.TO_DO:
            return self.filter(Q(state__in=tab.states) | _owed_charter())
        return self.filter(~_owed_charter(), state__in=tab.states)

    def counts_by_tab(self) -> dict[QueueTab, int]:
        """How many of these stand in each, in one query."""
        found = self.order_by().annotate(is_owed=_is_owed_charter()).values_list("state", "is_owed")
        counts = dict.fromkeys(QueueTab, 0)
        for state, is_owed, number in found.annotate(number=Count("pk")):
            counts[QueueTab.of(state, is_owed_charter=is_owed)] += number
        return counts

    def naming(self, folded: str) -> Self:
        """Whose names, acronym or country hold every word of `folded`."""
        wanted = Q()
        for word in folded.split():
            wanted &= Q(search_text__contains=word)
        return self.filter(wanted)

    def perhaps_same(self, names: Collection[str], host: str, country: str) -> Self:
        """Those that may have one of these names (folded) or this host, and those of this country:
        a few, to be looked at closely. "" for none.
        """
        return self.filter(perhaps_same(names, host, country)).order_by("pk")

    def of_kind(self, kind: str) -> Self:
        return self.filter(kind=kind)

    def for_class(self, membership_class: str) -> Self:
        return self.filter(membership_class=membership_class)

    def of_year(self, year: int) -> Self:
        """Submitted in it, as the reader's time zone has years."""
        return self.filter(submitted_at__year=year)

    def overdue(self, at: datetime | None = None) -> Self:
        """As `Application.is_overdue` has it."""
        now = at or timezone.now()
        late = Q()
        for state, days in DAYS_OF_STEP.items():
            late |= Q(state=state, state_since__lte=now - timedelta(days=days + 1))
        return self.filter(late)

    def reviewed_by(self, user_id: int | None) -> Self:
        """Those that this person is asked to review, a conflict declared or not; None: nobody."""
        reviewers = apps.get_model("members", "Reviewer").objects.current()
        asked = reviewers.filter(application=OuterRef("pk"))
        if user_id is None:
            return self.filter(~Exists(asked))
        return self.filter(Exists(asked.filter(user=user_id)))

    def years(self) -> list[int]:
        """From the year of the last submission back to that of the first."""
        ends = self.order_by().aggregate(first=Min("submitted_at"), last=Max("submitted_at"))
        if ends["first"] is None:
            return []
        first, last = (timezone.localtime(ends[end]).year for end in ("first", "last"))
        return [*range(last, first - 1, -1)]

    def counts_by_year(self) -> list[tuple[int, str, int]]:
        """Year of submission, state now, and how many."""
        year = ExtractYear("submitted_at")
        found = self.order_by().values_list(year, "state").annotate(number=Count("pk"))
        return [(year, state, number) for year, state, number in found if year]

    def country_codes(self) -> set[str]:
        """Codes of the countries that they are of; "" if any has none."""
        return {
            str(code or "") for code in self.order_by().values_list("country", flat=True).distinct()
        }

    def in_order_of(self, order: str, language: str) -> Self:
        match order:
            case QueueOrder.NEWEST:
                return self.order_by("-submitted_at", "-pk")
            case QueueOrder.COUNTRY:
                place = place_in((code for code, _name in country_choices()), "country")
                # Joined, all their contacts would be read before the list is cut into pages.
                found = self.select_related(None).prefetch_related("contact")
                return found.order_by(place, "state_since", "pk")
            case QueueOrder.NAME:
                return self.order_by(alphabetically(language=language), "pk")
        return self.order_by("state_since", "pk")

    def chosen(self, ids: list[int]) -> Self:
        """Those of these numbers, in the order in which they are locked one after the other."""
        return self.filter(pk__in=ids).order_by("pk")
