"""Rights over an institution's standing: the secretariat changes it, its own people read why."""

from django.http import Http404

from members.enums import MEMBERSHIP_TRANSITIONS, MembershipAct, MembershipClass
from members.models import Institution, Membership, MembershipDocument, Presidency
from members.permissions.people import (
    Someone,
    access_institution,
    is_in_office,
    is_secretariat,
    running_mandates,
)

# They would leave the network without a secretariat that can act.
NOT_WHILE_PRESIDING = (MembershipAct.SUSPENSION, MembershipAct.WITHDRAWAL)


def can_change_standing(user: Someone) -> bool:
    """The secretariat alone."""
    return is_secretariat(user)


def can_enter_members(user: Someone) -> bool:
    """Those who joined before the portal: the secretariat alone."""
    return is_secretariat(user)


def first_without_day(institution: Institution) -> Membership | None:
    """Its first public standing, where nobody has said since when it is a member."""
    first = institution.memberships.public().order_by("pk").first()
    return first if first and first.since is None else None


def can_see_grounds(user: Someone, institution: Institution) -> bool:
    """Reasons, decisions and documents of its standing: the secretariat and the institution's own
    people, whose mandates need not carry rights: who is suspended reads why.
    """
    running = running_mandates(user)
    if any(m.is_of_secretariat or m.institution_id == institution.pk for m in running):
        return True
    return is_in_office(user, institution)


def presides(institution: Institution) -> bool:
    """Whether it holds the presidency, or will."""
    return Presidency.objects.unended().of_institution(institution).exists()


def acts_open(institution: Institution, standing: Membership | None) -> list[MembershipAct]:
    """What the secretariat may do to `standing`, the institution's current one."""
    if standing is None:
        return []
    holds = presides(institution)
    shut = list(NOT_WHILE_PRESIDING) if holds else []
    if not _classes_open(standing, holds=holds):
        shut.append(MembershipAct.CLASS_CHANGE)
    allowed = MEMBERSHIP_TRANSITIONS[standing.state]
    return [act for act in MembershipAct if act in allowed and act not in shut]


def classes_open(institution: Institution, standing: Membership) -> list[MembershipClass]:
    """Those that a change of class may lead to. Who presides, or will, is a full member
    (`may_preside`).
    """
    return _classes_open(standing, holds=presides(institution))


def _classes_open(standing: Membership, *, holds: bool) -> list[MembershipClass]:
    found = [MembershipClass.FULL] if holds else list(MembershipClass)
    return [each for each in found if each != standing.membership_class]


def access_standing(user: Someone, pk: int) -> Institution:
    """An institution whose standing the person may change. Raises Http404."""
    if not can_change_standing(user):
        raise Http404
    return access_institution(user, pk)


def access_first_day(user: Someone, pk: int) -> tuple[Institution, Membership]:
    """An institution whose first day as a member is not recorded, for who may record it. Raises
    Http404.
    """
    institution = access_standing(user, pk)
    first = first_without_day(institution)
    if first is None:
        raise Http404
    return institution, first


def access_membership_document(user: Someone, pk: int, document_id: int) -> MembershipDocument:
    """A document of the standing of an institution, if the person may see it. Raises Http404."""
    document = MembershipDocument.objects.find(document_id)
    if (
        document is None
        or document.membership.institution_id != pk
        or not can_see_grounds(user, document.membership.institution)
    ):
        raise Http404
    return document
