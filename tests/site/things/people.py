"""People of the scenery, their mandates and invitations: arguments for an address."""

from collections.abc import Callable

from django.conf import settings

from members.models import (
    AppointmentLetter,
    Handover,
    Invitation,
    Mandate,
    PersonProfile,
    Presidency,
    SavedFilter,
    User,
)
from portal.mail import read_letters


def invitation(email: str) -> Callable[[], tuple[str]]:
    return lambda: (Invitation.objects.get(email=email).token,)


def invitation_number() -> tuple[int]:
    return (Invitation.objects.get(email="new.person@demo.example").pk,)


def saved_filter() -> tuple[int]:
    return (SavedFilter.objects.filter(is_shared=True)[0].pk,)


def mandate(name: str) -> Callable[[], tuple[int]]:
    return lambda: (Mandate.objects.get(user__email=f"{name}@demo.example").pk,)


def letter_of(name: str) -> Callable[[], tuple[int, int]]:
    def found() -> tuple[int, int]:
        kept = AppointmentLetter.objects.get(mandate__user__email=f"{name}@demo.example")
        return kept.mandate_id, kept.pk

    return found


def person_of(name: str) -> Callable[[], tuple[int]]:
    return lambda: (User.objects.get(email=f"{name}@demo.example").pk,)


def photo_of(name: str) -> Callable[[], tuple[int, str]]:
    def found() -> tuple[int, str]:
        profile = PersonProfile.objects.get(user__email=f"{name}@demo.example")
        assert profile.photo is not None
        return profile.pk, profile.photo.sha256

    return found


def letter() -> tuple[str]:
    return (read_letters(settings.VAR_DIR / "mail")[0].key,)


def earlier_term() -> tuple[int]:
    """One that was written down, and ended by no handover."""
    term = Presidency.objects.by_hand().for_timeline().first()
    assert term
    return (term.pk,)


def handover_number() -> tuple[int]:
    return (Handover.objects.get().pk,)
