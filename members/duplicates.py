"""Institutions and applications that may be the same as one that applies, or that the secretariat
enters. For the secretariat.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.models import Application, Institution
from members.models.applications import ApplicationQuerySet
from records.folding import fold
from records.languages import in_language


class Duplicate(NamedTuple):
    """What may be the same, and why; one of the two is None."""

    application: Application | None
    institution: Institution | None
    reasons: list[str]

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


def duplicates_of(application: Application) -> list[Duplicate]:
    """Every institution of the network and every submitted application with the same name in any
    language, the same acronym in the same country, or the same web host. Two queries, which find
    those that hold one of them anywhere; what is the same is seen here.
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
    country, acronym = own.acronym
    sought = (sorted(own.names), own.host, acronym, country)
    return [
        *(
            Duplicate(None, institution, reasons)
            for institution in Institution.objects.perhaps_same(*sought)
            if institution.pk != but
            and (reasons := list(_reasons(own, _marks(institution.names, institution))))
        ),
        *(
            Duplicate(other, None, reasons)
            for other in others.perhaps_same(*sought)
            if (reasons := list(_reasons(own, _marks(other.institution_names, other))))
        ),
    ]


def _marks(names: dict[str, str], of: Any) -> _Marks:
    country = str(of.country.code or "") if of.country else ""
    acronym = fold(of.acronym)
    return _Marks(
        names={folded for name in names.values() if (folded := fold(name).strip())},
        acronym=(country, acronym) if country and acronym else ("", ""),
        host=_host(of.website),
    )


def _host(address: str) -> str:
    try:
        host = urlsplit(address).hostname or ""
    except ValueError:  # an address of long ago
        return ""
    return host.removeprefix("www.")


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
