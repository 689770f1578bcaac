"""What each role finds on its desk: the home page of whoever is signed in.

`desk_of` asks for as much as the chosen mandate is concerned with, and always with the same number
of queries; two more where a statement waits, one to four where an invitation does. The page leads
with `waiting`: what asks something of the reader now.
"""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from assembly.models import AgendaItem, Meeting
from assembly.releasing import release_of
from members.application_parts import missing_parts
from members.audit import act_name
from members.enums import (
    APPLICATION_STAGES,
    APPLICATION_STEPS,
    ApplicationStage,
    ApplicationState,
    Capacity,
    WhyClosed,
)
from members.forms.people import InviteForm
from members.models import (
    Application,
    Handover,
    Invitation,
    Mandate,
    Presidency,
    ProfileProposal,
    Reviewer,
    User,
)
from members.network import offered_or_first
from members.permissions import capacities_to_invite
from members.permissions.applications import PRESIDING
from members.permissions.groups import requests_to_answer
from members.permissions.invitations import with_reasons
from members.permissions.people import MANAGING
from members.permissions.presidencies import can_see_handover
from messaging.mark_permissions import answers
from messaging.models import BilateralInvitation, MessageMarks, Room
from messaging.permissions_opening import LEADING
from messaging.permissions_statements import drafts_asking
from portal.desk_office import Task, office, order, tasks_of_office, terms_to_write
from portal.models import NewsItem
from records.languages import Shown, in_language
from records.models import AuditEntry

ROOMS = 6
MEETINGS = 3
ACKNOWLEDGEMENTS = STATEMENTS = REQUESTS = 6
NEWS = 3


_URGENCY = {"danger": 0, "warning": 1, "info": 2}


def desk_of(user: User, mandate: Mandate | None) -> dict[str, Any]:
    """The context of the home page for the mandate that speaks, or for none."""
    if mandate is None:
        return _without_mandate(user)
    rooms = list(Room.objects.for_list(user))
    desk: dict[str, Any] = {
        "rooms": [room for room in rooms if room.unread][:ROOMS],
        "quiet_rooms": [room for room in rooms if not room.unread][:ROOMS],
        "observes": mandate.capacity == Capacity.OBSERVER,
        "news": list(NewsItem.objects.published().in_order()[:NEWS]),
    }
    upcoming = list(Meeting.objects.upcoming().for_list())
    desk["meetings"] = upcoming[:MEETINGS]
    tasks: list[Task] = []
    if mandate.is_of_secretariat:
        desk |= office(upcoming)
        tasks += tasks_of_office(desk)
        tasks += terms_to_write(user)
        tasks += order(user)
    elif mandate.capacity != Capacity.OBSERVER:
        tasks += _votes(mandate)
    if mandate.is_of_secretariat or (mandate.holds_presidency and mandate.capacity in PRESIDING):
        tasks += _releases(user)
    tasks += _bilateral(mandate)
    tasks += _acknowledgements(mandate)
    tasks += _statements(mandate)
    tasks += _join_requests(user, mandate)
    tasks += _handover(user, mandate)
    tasks += _reviews(user)
    if mandate.capacity in MANAGING:
        people = _people(mandate)
        tasks += _tasks_of_manager(mandate, people)
        tasks += _returned_profile(mandate)
        if mandate.capacity == Capacity.FOCAL_POINT:
            desk |= people | {"invite_form": _invite_form(user, mandate)}
    desk["waiting"] = sorted(tasks, key=lambda task: _URGENCY[task.tone])
    return desk


# --- A delegation ---------------------------------------------------------------------------------
def _votes(mandate: Mandate) -> Iterator[Task]:
    """Two queries: votes in which the delegation is still to be called, and those to come."""
    for item in AgendaItem.objects.waiting_for(mandate.institution_id):
        yield Task(
            title=item.title,
            note=_("The vote is open. Your institution has not been called yet."),
            url=reverse("assembly:agenda_item", args=[item.meeting_id, item.position]),
            icon="vote",
            tone="warning",
        )
    for item in AgendaItem.objects.to_be_voted_by(mandate.institution_id):
        yield Task(
            title=item.title,
            note=_("Your institution will be asked to vote on this."),
            url=reverse("assembly:agenda_item", args=[item.meeting_id, item.position]),
            icon="vote",
            when=item.meeting.starts_on,
        )


def _releases(user: User) -> Iterator[Task]:
    """One query, and some for each meeting that holds results: what the reader can release, or
    cannot because of what concerns them.
    """
    for meeting in Meeting.objects.with_held_results():
        release = release_of(meeting)
        if release.is_for(user):
            note = ngettext(
                "%(number)s decision waits for you to release it.",
                "%(number)s decisions wait for you to release them together.",
                len(release.held),
            ) % {"number": len(release.held)}
        elif release.hinders(user):
            note = _("Its results wait, and one of them concerns you: somebody else releases them.")
        else:
            continue
        yield Task(
            title=meeting.name,
            note=note,
            url=reverse("assembly:meeting", args=[meeting.pk]),
            icon="stamp",
            tone="warning",
        )


def _bilateral(mandate: Mandate) -> Iterator[Task]:
    """Invitations to a bilateral room that wait for the delegation."""
    if mandate.capacity not in LEADING:
        return
    own = {mandate.institution_id}
    for each in BilateralInvitation.objects.pending().to_institutions(own).for_display():
        yield Task(
            title=each.by.name,
            note=_("This delegation invites yours to a bilateral room."),
            url=reverse("messaging:bilateral", args=[each.pk]),
            icon="messages-square",
            tone="warning",
        )


def _acknowledgements(mandate: Mandate) -> Iterator[Task]:
    """One query: messages whose acknowledgement by the delegation is asked for."""
    if not answers(mandate):
        return
    for marks in MessageMarks.objects.waiting_for([mandate.institution_id])[:ACKNOWLEDGEMENTS]:
        message = marks.message
        yield Task(
            title=message.room.title,
            note=_("Your delegation is asked to acknowledge message %(number)s.")
            % {"number": message.seq},
            url=reverse("messaging:message", args=[message.room_id, message.seq]),
            icon="clipboard-check",
            tone="warning",
            when=marks.until,
            when_is="until",
        )


def _statements(mandate: Mandate) -> Iterator[Task]:
    """Statements of the delegation that wait for the reader, and own ones that were returned."""
    for draft in drafts_asking(mandate)[:STATEMENTS]:
        note = _("A statement of your delegation waits for your release.")
        if not draft.is_waiting:
            note = _("Your text was returned to you. The reason stands beside it.")
            if draft.passed_to_id:
                note = _("This statement passed to you with the mandate. Take it up or let it be.")
        elif draft.corrects_id:
            note = _("A corrigendum of your delegation waits for your release.")
        yield Task(
            title=draft.room.title,
            note=note,
            url=reverse("messaging:statement_draft", args=[draft.room_id, draft.pk]),
            icon="stamp",
            tone="warning",
        )


def _join_requests(user: User, mandate: Mandate) -> Iterator[Task]:
    """One query at the most: requests to join a group that wait for the reader's answer."""
    for asked in requests_to_answer(user, mandate)[:REQUESTS]:
        yield Task(
            title=asked.institution.name,
            note=_("This institution asks to join “%(group)s”.")
            % {"group": f"\u2068{asked.group.name.text}\u2069"},
            url=reverse("members:join_request", args=[asked.pk]),
            icon="user-plus",
            tone="warning",
        )


def _handover(user: User, mandate: Mandate) -> Iterator[Task]:
    """A handover of the presidency that is scheduled, to both offices. One query, or three."""
    for each in Handover.objects.pending().concerning([mandate.institution_id]).for_display():
        if can_see_handover(user, each):
            yield Task(
                title=_("The presidency is to pass to another institution"),
                note=_("It passes to %(institution)s. Until then it can be moved or taken back.")
                % {"institution": f"\u2068{each.institution.name.text}\u2069"},
                url=reverse("members:handover", args=[each.pk]),
                icon="arrow-right-left",
                tone="warning",
                when=timezone.localtime(each.takes_effect_at),
            )


def _reviews(user: User) -> Iterator[Task]:
    """One query: applications that the reader was asked to review, while the review goes on."""
    for review in Reviewer.objects.at_work(user.pk):
        yield Task(
            title=review.application.name,
            note=_("You have given your recommendation. The review goes on.")
            if review.has_given
            else _("You are asked to review this application."),
            url=reverse("members:assessment", args=[review.application_id]),
            icon="scale",
            tone="info" if review.has_given else "warning",
            when=None if review.has_given else review.due_on,
            when_is="until",
        )


def _people(mandate: Mandate) -> dict[str, Any]:
    """Two queries: who is in the delegation, and who was asked to come in; one or two more to look
    which of these invitations still open.
    """
    institution = mandate.institution
    return {
        "people": list(Mandate.objects.of_institution(institution).unended().for_display()),
        "invitations": with_reasons(Invitation.objects.of_institution(institution).unanswered()),
    }


def _returned_profile(mandate: Mandate) -> Iterator[Task]:
    """One query: what the institution proposed for its profile, and the secretariat returned."""
    for each in ProfileProposal.objects.returned_to(mandate.institution):
        yield Task(
            title=_("The changes to your profile were returned"),
            note=_("The reasons stand with it. You go on from what was proposed."),
            url=reverse("members:profile", args=[each.institution_id]),
            icon="undo-2",
            tone="warning",
        )


def _tasks_of_manager(mandate: Mandate, people: dict[str, Any]) -> Iterator[Task]:
    url = reverse("members:delegation", args=[mandate.institution_id])
    for each in people["people"]:
        if each.ends_soon:
            yield Task(
                title=Shown(each.user.name, ""),
                note=_("This mandate runs out: appoint a successor, or extend it, in time."),
                url=reverse("members:change_last_day", args=[each.pk])
                if each.capacity != Capacity.SECRETARIAT
                else url,
                icon="calendar-x",
                tone="warning",
                when=each.last_moment,
                when_is="until",
            )
    for invitation in people["invitations"]:
        expired = invitation.is_expired
        note = _("The invitation has not been answered yet.")
        if invitation.closed == WhyClosed.EXPIRED:
            note = _("The invitation has expired unanswered. Send it again or revoke it.")
        elif invitation.closed:
            why = WhyClosed(invitation.closed).label
            note = _("The invitation does not open any more: %(why)s.") % {"why": why}
        yield Task(
            title=Shown(invitation.name or invitation.email, ""),
            note=note,
            url=url,
            icon="mail-question-mark",
            tone="warning" if invitation.closed else "info",
            when=invitation.expires_at,
            when_is="expired" if expired else "until",
        )


def _invite_form(user: User, mandate: Mandate) -> InviteForm:
    institution = mandate.institution
    return InviteForm(
        institution=institution,
        capacities=capacities_to_invite(user, institution),
        initial={"language": offered_or_first(get_language())},
        auto_id="invite_%s",
    )


# --- Without a mandate ----------------------------------------------------------------------------
def _without_mandate(user: User) -> dict[str, Any]:
    """An applicant's applications, the first with its whole way; else why there is nothing."""
    applications = list(Application.objects.of_applicant(user.pk).for_dossier()[:5])
    if applications:
        return {"applications": applications, "way": _way(applications[0])}
    presiding = Presidency.objects.running().select_related("institution").first()
    return {
        "ended": list(Mandate.objects.of_person(user.pk).of_its_holder()[:5]),
        "presiding": presiding.institution if presiding else None,
        "now": timezone.now(),
    }


def _way(application: Application) -> dict[str, Any]:
    """Where an application stands. Two queries."""
    stage = APPLICATION_STAGES.get(application.state)
    draft = application.state == ApplicationState.DRAFT
    steps = [
        {"label": _("Draft"), "current": draft},
        *({"label": each.label, "current": each == stage} for each in ApplicationStage),
    ]
    item = AgendaItem.objects.of_application(application.pk).first()
    on_agenda = application.state == ApplicationState.ON_AGENDA and item
    return {
        "steps": steps if draft or stage else [],
        "missing": [part.label for part in missing_parts(application)] if draft else [],
        "question": application.open_request,
        "meeting": item.meeting if on_agenda and item else None,
        "decision": in_language(application.decision) if application.decision else None,
        "timeline": [
            {"at": entry.at, "label": act_name(entry.act)}
            for entry in AuditEntry.objects.about(application)
            if entry.act in APPLICATION_STEPS
        ],
    }
