"""Who may see and do what in the assembly. `access_x` is lookup and permission in one."""

from django.http import Http404

from assembly.models import AgendaItem, Meeting
from members.models import Application, Institution, User
from members.permissions import is_secretariat, running_mandates
from members.permissions.applications import has_conflict, is_applicant
from members.permissions.people import Someone
from messaging.permissions import RoomAccess, access_room


def can_see_meetings(user: Someone) -> bool:
    """Whoever holds a running mandate. An applicant's contact does not."""
    return bool(running_mandates(user))


def can_run_meetings(user: Someone) -> bool:
    """Convene, set the agenda, record votes: the secretariat."""
    return is_secretariat(user)


def can_handle(user: Someone, application: Application | None) -> bool:
    """The secretariat, except for an application that this very person writes, or in which they
    declared a conflict of interest.
    """
    if application is not None and (
        is_applicant(user, application) or has_conflict(user, application)
    ):
        return False
    return can_run_meetings(user)


def access_meeting(user: Someone, pk: int) -> Meeting:
    """A meeting with all that its page shows. Raises Http404."""
    meeting = Meeting.objects.for_page().find(pk) if can_see_meetings(user) else None
    if meeting is None:
        raise Http404
    return meeting


def access_begun_meeting(user: Someone, pk: int) -> Meeting:
    """A meeting at which the person may note who is or was there. Raises Http404."""
    meeting = access_meeting(user, pk)
    if not (can_run_meetings(user) and meeting.has_begun):
        raise Http404
    return meeting


def members_expected_at(meeting: Meeting) -> list[Institution]:
    """Who was a member on its first day, in the official order. Those without a country are in no
    list of delegations.
    """
    expected = Institution.objects.members_on(meeting.starts_on).of_a_country()
    return list(expected.in_official_order())


def room_of_meeting(user: User, meeting: Meeting) -> RoomAccess | None:
    """The meeting's room, where there is one and the person may read it."""
    if not meeting.room_id:
        return None
    try:
        return access_room(user, meeting.room_id)
    except Http404:
        return None


def access_public_meeting(pk: int) -> Meeting:
    """A meeting that everyone may know of, with its programme. Raises Http404."""
    meeting = Meeting.objects.public().with_programme().with_revision().find(pk)
    if meeting is None:
        raise Http404
    return meeting


def access_agenda_item(user: Someone, meeting_id: int, position: int) -> AgendaItem:
    """An agenda item with its vote. Raises Http404."""
    items = AgendaItem.objects.for_vote()
    item = items.find(meeting_id, position) if can_see_meetings(user) else None
    if item is None:
        raise Http404
    return item
