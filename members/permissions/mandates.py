"""Who may do what with a mandate of others: letters, suspension, succession."""

from django.http import Http404

from members.models import AppointmentLetter, Mandate, User
from members.permissions.people import (
    Someone,
    can_end_mandate,
    can_invite,
    can_manage_people,
)


def can_suspend_mandate(user: Someone, mandate: Mandate) -> bool:
    """Who may end it; never one's own, which one could not take back."""
    return mandate.user != user and can_end_mandate(user, mandate)


def can_lay_down(user: Someone, mandate: Mandate) -> bool:
    """Everybody their own."""
    return mandate.user == user


def access_own_mandate(user: Someone, pk: int) -> Mandate:
    """A mandate of one's own, one that has ended too. Raises Http404."""
    mandate = Mandate.objects.for_display().find(pk)
    if mandate is None or not can_lay_down(user, mandate):
        raise Http404
    return mandate


def can_hand_over(user: Someone, mandate: Mandate) -> bool:
    """Who may end the mandate and appoint in its capacity; one's own too."""
    return can_end_mandate(user, mandate) and can_invite(
        user, mandate.institution, mandate.capacity
    )


def can_record_letters(user: Someone, mandate: Mandate) -> bool:
    """Who manages the delegation's people; of secretariat mandates, the secretariat."""
    return can_end_mandate(user, mandate)


def can_see_letters(user: Someone, mandate: Mandate) -> bool:
    """Who manages the delegation, the secretariat, and whom they appoint."""
    return mandate.user == user or can_manage_people(user, mandate.institution)


def access_managed_mandate(user: Someone, pk: int) -> Mandate:
    """A mandate, for who may see its letters. Raises Http404."""
    mandate = Mandate.objects.for_display().find(pk)
    if mandate is None or not can_see_letters(user, mandate):
        raise Http404
    return mandate


def access_letter(user: Someone, pk: int, letter_id: int) -> AppointmentLetter:
    """A letter of appointment, with its mandate as `access_managed_mandate`. Raises Http404."""
    mandate = access_managed_mandate(user, pk)
    letter = AppointmentLetter.objects.of_mandate(mandate).find(letter_id)
    if letter is None:
        raise Http404
    return letter


def possible_successors(mandate: Mandate) -> list[User]:
    """People of the delegation to whom the mandate can be handed: those who hold another there, and
    not one of this capacity.
    """
    held = list(Mandate.objects.of_institution(mandate.institution).unended().for_display())
    holders = {m.user_id for m in held if m.capacity == mandate.capacity}
    found = {m.user_id: m.user for m in held if m.user_id not in holders and m.user.is_active}
    return list(found.values())
