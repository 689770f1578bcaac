"""Institutions and applications that may be the same as one that applies, or that the secretariat
enters. For the secretariat.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.hosts import host_of
from members.models import Application, Institution
from members.models.applications import ApplicationQuerySet
from records.folding import fold
from records.languages import in_language

_ANOTHER = _("not the same, but another institution of this country")


class Duplicate(NamedTuple):
    """What may be the same, and why; one of the two is None."""

    application: Application | None
    institution: Institution | None
    reasons: list[str]
    is_weak: bool  # of the same country, and nothing more

    @property
    def mark(self) -> str:
        """Which of all it is, as a page remembers that it was shown."""
        if self.application is not None:
            return f"application-{self.application.pk}"
        return f"institution-{self.institution.pk}" if self.institution else ""

    @property
    def names(self) -> dict[str, str]:
        if self.application is not None:
            return dict(self.application.institution_names)
        return dict(self.institution.names) if self.institution else {}


class _Marks(NamedTuple):
    """What is compared."""

    names: set[str]
    acronym: tuple[str, str]  # with the country
    host: str
    country: str


def duplicates_of(application: Application) -> list[Duplicate]:
    """Every institution of the network and every submitted application with the same name in any
    language, the same acronym in the same country, or the same web host; after them those that are
    only of the same country. Two queries, which find those that hold one of them anywhere; what is
    the same is seen here.
    """
    own = _marks(application.institution_names, application)
    others = Application.objects.handed_in_but(application)
    return _found(own, others, but=application.institution_id)


def duplicates_like(institution: Institution) -> list[Duplicate]:
    """The same for an institution that is not made yet."""
    return _found(_marks(institution.names, institution), Application.objects.handed_in())


def _found(
    own: "_Marks", others: ApplicationQuerySet, *, but: int | None = None
) -> list[Duplicate]:
    sought = (sorted(own.names), own.host, own.country)
    found = [
        *(
            _compared(own, _marks(each.names, each), institution=each)
            for each in Institution.objects.perhaps_same(*sought)
            if each.pk != but
        ),
        *(
            _compared(own, _marks(each.institution_names, each), application=each)
            for each in others.perhaps_same(*sought)
        ),
    ]
    same = [each for each in found if each.reasons]
    return sorted(same, key=lambda each: each.is_weak)


def _compared(
    own: _Marks,
    other: _Marks,
    *,
    application: Application | None = None,
    institution: Institution | None = None,
) -> Duplicate:
    if reasons := list(_reasons(own, other)):
        return Duplicate(application, institution, reasons, is_weak=False)
    over = application is not None and application.is_closed  # nothing that stands
    if over or not own.country or own.country != other.country:
        return Duplicate(application, institution, [], is_weak=False)
    return Duplicate(application, institution, [str(_ANOTHER)], is_weak=True)


def _marks(names: dict[str, str], of: Any) -> _Marks:
    country = str(of.country.code or "") if of.country else ""
    acronym = fold(of.acronym)
    return _Marks(
        names={folded for name in names.values() if (folded := fold(name).strip())},
        acronym=(country, acronym) if country and acronym else ("", ""),
        host=host_of(of.website),
        country=country,
    )


def _reasons(one: _Marks, other: _Marks) -> Iterator[str]:
    if one.names & other.names:
        yield str(_("the same name"))
    if one.acronym[1] and one.acronym == other.acronym:
        yield str(_("the same acronym in the same country"))
    if one.host and one.host == other.host:
        yield str(_("the same web address"))


def duplicates_text(application: Application) -> str:
    """The same as text, in the reader's language; "" where there is none."""
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    found = duplicates_of(application)
    lines = [
        pattern % {"name": in_language(each.names).text, "value": " · ".join(each.reasons)}
        for each in found
    ]
    return "\n".join([str(_("Perhaps known already")), *lines]) if found else ""
