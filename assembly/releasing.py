"""Who can release what a meeting holds back, and who is hindered, and by what.

All of it is released together, so by somebody whom none of it concerns: the president, else whoever
else heads or stands in for the presiding delegation, else, where it concerns all of these, the
secretariat, which has certified it.
"""

from collections.abc import Iterable
from typing import NamedTuple

from assembly.models import AgendaItem, Meeting
from members.enums import ApplicationState
from members.models import Application, Mandate, User
from members.permissions.applications import bound_to


class Release(NamedTuple):
    held: list[AgendaItem]
    by: list[User]  # any of them can release it
    by_office: bool  # whether these are the secretariat
    hindering: dict[int, list[Application]]  # by person who would have to release

    def is_for(self, user: User) -> bool:
        return any(each.pk == user.pk for each in self.by)

    def hinders(self, user: User) -> list[Application]:
        return self.hindering.get(user.pk, [])


def release_of(meeting: Meeting) -> Release:
    """As it stands now, in five queries, or six."""
    held = list(AgendaItem.objects.held_in(meeting))
    open_still = ApplicationState.ON_AGENDA  # what was withdrawn meanwhile hinders nobody
    asked = [i.application for i in held if i.application and i.application.state == open_still]
    bound = bound_to(asked)

    def free(people: list[User]) -> list[User]:
        return [each for each in people if not bound.get(each.pk)]

    presidents = _people(Mandate.objects.of_presidents().for_display())
    by, by_office, would = free(presidents), False, presidents
    if presidents and not by:
        office = _people(Mandate.objects.of_secretariat().for_display())
        by, by_office, would = free(office), True, [*presidents, *office]
    hindering = {
        each.pk: [a for a in asked if a.pk in bound[each.pk]]
        for each in would
        if bound.get(each.pk)
    }
    return Release(held, by, by_office, hindering)


def isolated(application: Application) -> str:
    """Its name, in a sentence of either direction."""
    return f"\u2068{application.name.text}\u2069"


def _people(mandates: Iterable[Mandate]) -> list[User]:
    return list(dict.fromkeys(mandate.user for mandate in mandates))
