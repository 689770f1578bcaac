"""Who may open rooms, and who binds a delegation in bilateral ones."""

from django.http import Http404

from members.enums import Capacity, GroupRole, MembershipClass
from members.models import Group, Institution, Mandate, Membership, User
from members.permissions import running_mandates, secretariat_mandate
from messaging.models import BilateralInvitation


def opening_mandate(user: User, group: Group | None) -> Mandate | None:
    """The mandate by which the person may open rooms: of the secretariat, or, within `group`, of
    the delegation that chairs it.
    """
    if office := secretariat_mandate(user):
        return office
    if group is None:
        return None
    chairs = {m.institution_id for m in group.members.for_rooms() if m.role == GroupRole.CHAIR}
    return next((m for m in _speaking(user) if m.institution_id in chairs), None)


def groups_to_open(user: User) -> list[Group]:
    """The groups, of those at work, within which the person may open rooms."""
    if secretariat_mandate(user):
        return list(Group.objects.open().order_by("pk"))
    own = {mandate.institution_id for mandate in _speaking(user)}
    return list(Group.objects.open().chaired_by(own).order_by("pk")) if own else []


LEADING = (Capacity.HEAD, Capacity.ALTERNATE)  # they bind a delegation in bilateral matters


def leading_mandates(user: User) -> list[Mandate]:
    """By which the person may invite another delegation, or answer for their own."""
    found = [m for m in running_mandates(user) if m.capacity in LEADING]
    quiet = Membership.objects.observing() if found else ()
    return [m for m in found if m.institution_id not in quiet]


def leaders_of(institution: Institution) -> list[User]:
    mandates = Mandate.objects.running().of_institution(institution).for_display()
    return list(dict.fromkeys(m.user for m in mandates if m.capacity in LEADING))


def can_be_invited(own: Institution, other: Institution) -> bool:
    """`other` as `in_directory()` or from the database: an active member that is no observer."""
    standing = other.membership
    return (
        own != other
        and other.is_active
        and standing is not None
        and standing.membership_class != MembershipClass.OBSERVER
    )


def access_bilateral(user: User, pk: int) -> tuple[BilateralInvitation, Mandate]:
    """The invitation, and the mandate by which it concerns the person. Raises Http404."""
    invitation = BilateralInvitation.objects.find(pk)
    if invitation is None:
        raise Http404
    sides = (invitation.to_id, invitation.by_id)
    mandates = [m for m in leading_mandates(user) if m.institution_id in sides]
    if not mandates:
        raise Http404
    return invitation, min(mandates, key=lambda m: sides.index(m.institution_id))


def can_open_rooms(user: User) -> bool:
    return bool(secretariat_mandate(user) or groups_to_open(user))


def _speaking(user: User) -> list[Mandate]:
    found = [m for m in running_mandates(user) if m.capacity != Capacity.OBSERVER]
    quiet = Membership.objects.observing() if found else ()
    return [m for m in found if m.institution_id not in quiet]
