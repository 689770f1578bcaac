"""Who runs a group, and who speaks for an institution in it.

The secretariat makes, changes and closes groups, and says who chairs. A chair (the head or the
alternate of an institution that chairs, and the person named as who does) lets members and
observers in and takes them out. Head and focal point of an institution ask for a place in its name,
leave, and name its representative.
"""

from dataclasses import dataclass

from django.http import Http404

from members.enums import Capacity, GroupRole
from members.models import (
    Group,
    GroupMember,
    GroupVersion,
    Institution,
    JoinRequest,
    Mandate,
    User,
)
from members.models.groups import JoinRequestQuerySet
from members.permissions.people import (
    MANAGING,
    Someone,
    can_see_people,
    is_secretariat,
    running_mandates,
)

LEADING = (Capacity.HEAD, Capacity.ALTERNATE)


def can_make_groups(user: Someone) -> bool:
    """Make, change, close and reopen them; say who chairs."""
    return is_secretariat(user)


def can_run_group(user: Someone, group: Group) -> bool:
    """Let members in and take them out, answer requests: the secretariat, and who chairs."""
    mandates = running_mandates(user)
    return any(m.is_of_secretariat for m in mandates) or _chairs(mandates, group)


def runs_group(mandate: Mandate, group: Group) -> bool:
    """Whether it is by this (running) mandate that a person may do so."""
    return mandate.is_of_secretariat or _chairs([mandate], group)


def can_set_role(user: Someone, group: Group, before: str, after: str) -> bool:
    """Give the role `after` to who has `before` ("" for no place). A chair makes no chair, and
    unmakes none.
    """
    if GroupRole.CHAIR in (before, after):
        return can_make_groups(user)
    return can_run_group(user, group)


def can_remove(user: Someone, group: Group, place: GroupMember) -> bool:
    """Those who may give the place, and the institution itself, which leaves."""
    return can_speak_for(user, place.institution_id) or can_set_role(user, group, place.role, "")


def can_name(user: Someone, place: GroupMember) -> bool:
    """Say who represents the institution: its own affair, and the secretariat's."""
    return can_speak_for(user, place.institution_id) or is_secretariat(user)


def can_speak_for(user: Someone, institution_id: int) -> bool:
    """Ask for a place in the institution's name, take that back, leave."""
    return any(
        m.institution_id == institution_id and m.capacity in MANAGING
        for m in running_mandates(user)
    )


def asking_mandates(user: Someone, group: Group) -> list[Mandate]:
    """By which the person may ask for a place in the open group: one an institution that has none,
    and has not asked yet.
    """
    if group.is_closed:
        return []
    seated = {p.institution_id for p in GroupMember.objects.current().filter(group=group)}
    asked = {r.institution_id for r in JoinRequest.objects.pending().of_group(group)}
    found: dict[int, Mandate] = {}
    for mandate in running_mandates(user):
        if mandate.capacity in MANAGING and mandate.institution_id not in seated | asked:
            found.setdefault(mandate.institution_id, mandate)
    return list(found.values())


def can_answer(user: Someone, request: JoinRequest) -> bool:
    """Who runs the group; never who asked."""
    return request.asked_by.user_id != user.pk and can_run_group(user, request.group)


def deciders_of(request: JoinRequest) -> list[User]:
    """Who is told of a request, and may answer it."""
    chairs = GroupMember.objects.current().filter(group=request.group, role=GroupRole.CHAIR)
    named = {place.representative_id for place in chairs}
    leading = Mandate.objects.running().filter(
        institution__in=[place.institution_id for place in chairs]
    )
    mandates = [
        *Mandate.objects.of_secretariat().for_display(),
        *(m for m in leading.for_display() if m.capacity in LEADING or m.pk in named),
    ]
    users = dict.fromkeys(m.user for m in mandates)
    return [user for user in users if user.pk != request.asked_by.user_id]


def speakers_of(institution: Institution) -> list[User]:
    """Who is told of what concerns an institution's place: its heads and focal points."""
    mandates = Mandate.objects.running().of_institution(institution).for_display()
    return list(dict.fromkeys(m.user for m in mandates if m.capacity in MANAGING))


def members_told(group: Group) -> dict[User, Institution]:
    """Who is told of what concerns the whole group, and in which institution's name: heads, focal
    points and representatives of those that have a place.
    """
    places = list(GroupMember.objects.current().of_group(group))
    named = {place.representative_id for place in places}
    held = Mandate.objects.running().filter(institution__in=[p.institution_id for p in places])
    found: dict[User, Institution] = {}
    for mandate in held.for_display():
        if mandate.capacity in MANAGING or mandate.pk in named:
            found.setdefault(mandate.user, mandate.institution)
    return found


def representatives_of(group: Group, institution: Institution) -> list[User]:
    """Who represents it in the group (read with its places), if their mandate runs."""
    place = group.place_of(institution.pk)
    named = place.representative if place and place.is_represented else None
    return [named.user] if named else []


def may_represent(institution: Institution) -> list[Mandate]:
    """Who of its delegation can be named: everybody but those who only observe."""
    mandates = Mandate.objects.running().of_institution(institution).for_display()
    return [m for m in mandates if m.capacity != Capacity.OBSERVER]


@dataclass(frozen=True)
class Place:
    """A place as the group's page shows it to one reader, with what they may do with it."""

    member: GroupMember
    may_change: bool
    may_remove: bool
    is_own: bool


def places_of(user: Someone, group: Group) -> list[Place]:
    """The places of `group` (read with them), for this reader. Asks for their mandates once."""
    mandates = running_mandates(user)
    office = any(m.is_of_secretariat for m in mandates)
    runs = office or _chairs(mandates, group)
    managed = {m.institution_id for m in mandates if m.capacity in MANAGING}
    found = []
    for place in group.places:
        own = place.institution_id in managed
        sets = office or (runs and not place.is_chair)
        found.append(
            Place(
                member=place,
                may_change=(sets or (own and group.has_representative(place.role)))
                and not group.is_closed,
                may_remove=(sets or own) and not group.is_closed,
                is_own=own,
            )
        )
    return found


def access_group(user: Someone, pk: int) -> Group:
    """A group with its places: shown to every delegate. Raises Http404."""
    group = Group.objects.find(pk) if can_see_people(user) else None
    if group is None:
        raise Http404
    return group


def access_group_version(user: Someone, pk: int, number: int) -> tuple[Group, GroupVersion]:
    """A group, and what was said of it once. Raises Http404."""
    group = access_group(user, pk)
    version = GroupVersion.objects.find(group, number)
    if version is None:
        raise Http404
    return group, version


def access_place(user: Someone, pk: int, institution_id: int) -> tuple[Group, GroupMember]:
    """A group, and the place that an institution has in it today. Raises Http404."""
    group = access_group(user, pk)
    place = group.place_of(institution_id)
    if place is None:
        raise Http404
    return group, place


def access_request(user: Someone, pk: int) -> JoinRequest:
    """A request, for who runs the group and who speaks for the institution. Raises Http404."""
    request = JoinRequest.objects.find(pk)
    if request is None or not (
        can_speak_for(user, request.institution_id) or can_run_group(user, request.group)
    ):
        raise Http404
    return request


def requests_of(user: Someone, group: Group) -> list[JoinRequest]:
    """Those of the group that wait and that the person may open."""
    waiting = JoinRequest.objects.pending().of_group(group).for_display()
    if can_run_group(user, group):
        return list(waiting)
    own = {m.institution_id for m in running_mandates(user) if m.capacity in MANAGING}
    return [r for r in waiting if r.institution_id in own]


def requests_to_answer(user: User, mandate: Mandate) -> JoinRequestQuerySet:
    """What waits for the person's answer by the mandate that speaks (see `running_mandates`)."""
    pending = JoinRequest.objects.pending().not_asked_by(user).for_display()
    if mandate.is_of_secretariat:
        return pending
    leads = mandate.capacity in LEADING
    return pending.in_groups_chaired(
        by={mandate.institution_id} if leads else set(), mandates={mandate.pk}
    )


def _chairs(mandates: list[Mandate], group: Group) -> bool:
    places = getattr(group, "places", None) or GroupMember.objects.current().filter(group=group)
    chairs = {p.institution_id: p.representative_id for p in places if p.is_chair}
    return any(
        m.institution_id in chairs
        and m.capacity != Capacity.OBSERVER
        and (m.capacity in LEADING or m.pk == chairs[m.institution_id])
        for m in mandates
    )
