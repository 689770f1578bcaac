"""Rights over people and institutions. Each predicate reads the mandates afresh: rights that
ended a second ago are gone.
"""

from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from members.enums import Capacity
from members.models import Institution, Invitation, Mandate, User
from records.prepared import Prepared

Someone = User | AnonymousUser
MANAGING = (Capacity.HEAD, Capacity.FOCAL_POINT)
_owing: Prepared[Any] = Prepared(User.objects.owing_second_factor)  # every page and socket asks
_running = Prepared(  # every page asks, some several times
    lambda user, now: Mandate.objects.running(now).of_person(user).for_speaking(now)
)


def running_mandates(user: Someone) -> list[Mandate]:
    """The person's mandates that carry rights now, with institution, the oldest first.

    Each says in `.is_of_secretariat` whether it is of the secretariat. One query, none for
    a stranger.
    """
    if not isinstance(user, User):
        return []
    return _running(user=user.pk, now=timezone.now())


def secretariat_mandate(user: Someone) -> Mandate | None:
    """The running mandate by which this person is of the secretariat."""
    return next((m for m in running_mandates(user) if m.is_of_secretariat), None)


def is_secretariat(user: Someone) -> bool:
    return secretariat_mandate(user) is not None


def is_focal_point(user: Someone, institution: Institution) -> bool:
    return any(
        m.institution_id == institution.pk and m.capacity == Capacity.FOCAL_POINT
        for m in running_mandates(user)
    )


def owing_second_factor(ids: Iterable[int]) -> set[int]:
    """Those of these people to whom nothing is open before they have a second factor."""
    if not settings.SECOND_FACTOR_REQUIRED:
        return set()
    return {pk for (pk,) in _owing(ids=[*ids], at=timezone.now())}


def owes_second_factor(user: Someone) -> bool:
    return isinstance(user, User) and bool(owing_second_factor([user.pk]))


def is_in_office(user: Someone, institution: Institution) -> bool:
    """Whether the person has a mandate there, one at rest as well as one that carries rights."""
    if not isinstance(user, User):
        return False
    held = Mandate.objects.in_office().of_institution(institution).of_person(user.pk)
    return held.exists()


def can_see_people(user: Someone) -> bool:
    """Who sits in which delegation: shown to every delegate of the network, never outside."""
    return bool(running_mandates(user))


def sees_arrival(user: Someone, institution: Institution) -> bool:
    """What is still to be done until a new member has arrived: its own head and focal point."""
    return any(
        mandate.institution_id == institution.pk and mandate.capacity in MANAGING
        for mandate in running_mandates(user)
    )


def can_manage_people(user: Someone, institution: Institution) -> bool:
    """Head and focal point for their own delegation; the secretariat for all."""
    return any(
        m.is_of_secretariat or (m.institution_id == institution.pk and m.capacity in MANAGING)
        for m in running_mandates(user)
    )


def capacities_to_invite(user: Someone, institution: Institution) -> list[Capacity]:
    """In which capacities this person may invite others to the institution's delegation."""
    return capacities_given_by(running_mandates(user), institution.pk)


def capacities_given_by(mandates: list[Mandate], institution_id: int) -> list[Capacity]:
    """Which capacities there these mandates, running and read through `for_speaking()`, let give.

    The capacity `secretariat` is given by the secretariat alone, and where the presidency is.
    """
    secretariat = [m for m in mandates if m.is_of_secretariat]
    if not secretariat and not any(
        m.institution_id == institution_id and m.capacity in MANAGING for m in mandates
    ):
        return []
    presides = any(m.institution_id == institution_id for m in secretariat)
    return [c for c in Capacity if c != Capacity.SECRETARIAT or presides]


def can_invite(user: Someone, institution: Institution, capacity: str) -> bool:
    return capacity in capacities_to_invite(user, institution)


def can_end_mandate(user: Someone, mandate: Mandate) -> bool:
    """Who manages the delegation; of secretariat mandates, only the secretariat."""
    if mandate.capacity == Capacity.SECRETARIAT:
        return is_secretariat(user)
    return can_manage_people(user, mandate.institution)


def can_change_last_day(user: Someone, mandate: Mandate) -> bool:
    """Who may end it, while it goes on. Not of the secretariat's: a date passes unseen, and the one
    that a handover of the presidency has settled is the handover's.
    """
    return (
        mandate.capacity != Capacity.SECRETARIAT
        and not mandate.is_ended
        and can_end_mandate(user, mandate)
    )


def can_settle_countries(user: Someone) -> bool:
    """What countries are called, and which stand on the map, is the network's: its secretariat."""
    return is_secretariat(user)


def can_change_profile(user: Someone, institution: Institution) -> bool:
    """What an institution says of itself: those who manage its people, and the secretariat."""
    return can_manage_people(user, institution)


def access_institution(user: Someone, pk: int) -> Institution:
    """An institution, read for its page: public if it is or was a member, else for delegates and
    its own people. Raises Http404.
    """
    institution = Institution.objects.for_page().find(pk)
    if institution is None or not (
        institution.history or can_see_people(user) or is_in_office(user, institution)
    ):
        raise Http404
    return institution


def access_delegation(user: Someone, pk: int) -> Institution:
    """The delegation's own page: for its delegates and the secretariat. Raises Http404."""
    mandates = running_mandates(user)
    institution = Institution.objects.with_membership().find(pk)
    if institution is None or not any(
        m.is_of_secretariat or m.institution_id == institution.pk for m in mandates
    ):
        raise Http404
    return institution


def access_mandate(user: Someone, pk: int) -> Mandate:
    """A mandate of a delegation that the person may open. Raises Http404."""
    mandate = Mandate.objects.for_display().find(pk)
    if mandate is None:
        raise Http404
    access_delegation(user, mandate.institution_id)
    return mandate


def access_invitation(user: Someone, pk: int) -> Invitation:
    """An invitation to a delegation that the person may open. Raises Http404."""
    invitation = Invitation.objects.to_delegations().find(pk)
    if invitation is None or invitation.institution is None:
        raise Http404
    access_delegation(user, invitation.institution.pk)
    return invitation


def access_session(user: Someone, pk: int) -> UserSession:
    """A web session of one's own, else 404."""
    return get_object_or_404(UserSession, pk=pk, user=user)
