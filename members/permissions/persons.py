"""Who is shown what of a person. Names and mandates are known to every delegate of the network."""

from django.http import Http404

from members.enums import PROFILE_VISIBILITY, Visibility
from members.models import Mandate, PersonProfile, User
from members.permissions.people import (
    Someone,
    can_manage_people,
    can_see_people,
    is_in_office,
    running_mandates,
)
from records.models import StoredFile

ALL_PARTS = frozenset(PROFILE_VISIBILITY)


def access_person(user: Someone, pk: int) -> User:
    """A person who holds or held a mandate, for delegates; oneself, always. Raises Http404."""
    found = User.objects.numbered(pk)
    if found is None:
        raise Http404
    if found == user:
        return found
    if not can_see_people(user) or not Mandate.objects.of_person(pk).begun().exists():
        raise Http404
    return found


def mandates_shown(user: Someone, person: User) -> list[Mandate]:
    """What the person holds, each with `.carries_rights`. What is suspended or at rest is shown to
    themselves, to the delegation and to the secretariat, as on the delegation's page.
    """
    held = Mandate.objects.of_person(person.pk).begun().unended().for_display().with_rights()
    running = running_mandates(user)
    inside = person == user or any(m.is_of_secretariat for m in running)
    own = {m.institution_id for m in running}
    return [m for m in held if m.carries_rights or inside or m.institution_id in own]


def parts_shown(user: Someone, profile: PersonProfile) -> frozenset[str]:
    """The parts of the profile (keys of PROFILE_VISIBILITY) that `user` is shown."""
    if profile.user == user:
        return ALL_PARTS
    running = running_mandates(user)
    if not running:
        return frozenset()
    circles = {Visibility.MEMBERS}
    if any(m.is_of_secretariat or is_in_office(profile.user, m.institution) for m in running):
        circles.add(Visibility.DELEGATION)
    return frozenset(part for part in PROFILE_VISIBILITY if profile.shown_to(part) in circles)


def manages_person(user: Someone, person: User) -> bool:
    """Whether they manage a delegation that the person is of."""
    held = Mandate.objects.of_person(person.pk).unended().select_related("institution")
    return any(can_manage_people(user, mandate.institution) for mandate in held)


def access_photo(user: Someone, pk: int, sha256: str) -> StoredFile:
    """The photo that the person shows today, to whom they show it. Raises Http404."""
    profile = PersonProfile.objects.with_photo(sha256).find(pk)
    if profile is None or profile.photo is None:
        raise Http404
    access_person(user, pk)
    if "photo" not in parts_shown(user, profile):
        raise Http404
    return profile.photo
