"""Who may see and do what in the assembly. `access_x` is lookup and permission in one."""

from django.http import Http404

from assembly.enums import ItemStanding
from assembly.models import AgendaItem, Meeting
from members.enums import ApplicationState
from members.models import Application, ApplicationDocument, Institution, User
from members.permissions import is_secretariat, running_mandates
from members.permissions.applications import has_conflict, is_applicant, of_no_observer
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


def can_read_papers(user: Someone, item: AgendaItem) -> bool:
    """What the secretariat advises on a question, and the dossier while it is before the meeting:
    for delegations that take part, which observers do not. Whoever writes the application, or has
    declared a conflict of interest in it, reads neither.
    """
    if item.application is None or item.standing == ItemStanding.LAPSED:
        return False
    if item.application.state == ApplicationState.WITHDRAWN:  # after the vote, before the release
        return False
    if not (item.meeting.is_of_all or can_run_meetings(user)):
        return False
    return (
        bool(of_no_observer(running_mandates(user)))
        and not is_applicant(user, item.application)
        and not has_conflict(user, item.application)
    )


def access_papers(user: Someone, meeting_id: int, position: int) -> tuple[AgendaItem, Application]:
    """A question that is before its meeting, and the whole application. Raises Http404."""
    item = access_agenda_item(user, meeting_id, position)
    if not item.has_open_question or not can_read_papers(user, item):
        raise Http404
    application = Application.objects.for_dossier().find(item.application_id or 0)
    if application is None:
        raise Http404
    return item, application


def access_paper(
    user: Someone, meeting_id: int, position: int, document_id: int
) -> ApplicationDocument:
    """A document of it. Raises Http404."""
    _item, application = access_papers(user, meeting_id, position)
    found = next((each for each in application.papers if each.pk == document_id), None)
    if found is None:
        raise Http404
    return found


def access_agenda_item(user: Someone, meeting_id: int, position: int) -> AgendaItem:
    """An agenda item with its vote. Raises Http404."""
    items = AgendaItem.objects.for_vote()
    item = items.find(meeting_id, position) if can_see_meetings(user) else None
    if item is None:
        raise Http404
    return item
