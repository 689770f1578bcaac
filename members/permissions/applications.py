"""Rights over applications. The contact and the editors see and fill their own; the secretariat,
what was submitted, and never acts on an application that this very person writes.
"""

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied
from django.http import Http404

from members.enums import ApplicationState as State
from members.enums import Capacity
from members.models import (
    Application,
    ApplicationDocument,
    ApplicationEditor,
    Invitation,
    Mandate,
    Membership,
    Presidency,
    Reviewer,
)
from members.past_dossiers import PastDossier
from members.permissions.people import Someone, is_secretariat, running_mandates
from members.permissions.presidencies import ended_at, past_term

PRESIDING = (Capacity.HEAD, Capacity.ALTERNATE)  # of the institution that presides
DECISIONS = frozenset({State.ADMITTED, State.DEFERRED, State.DECLINED})


def is_contact(user: Someone, application: Application) -> bool:
    return user.pk is not None and application.contact_id == user.pk


def is_editor(user: Someone, application: Application) -> bool:
    return user.pk is not None and any(
        editor.user_id == user.pk for editor in application.editors.all()
    )


def is_applicant(user: Someone, application: Application) -> bool:
    """Who writes it: its contact, or one of its editors."""
    return is_contact(user, application) or is_editor(user, application)


def can_see_application(user: Someone, application: Application) -> bool:
    if is_applicant(user, application):
        return True
    return application.submitted_at is not None and is_secretariat(user)


def was_read_by(term: Presidency, application: Application) -> bool:
    """Whether the office of a term that is over could read it."""
    return application.submitted_at is not None and application.submitted_at < ended_at(term)


def can_review(user: Someone, application: Application) -> bool:
    """The secretariat; not for one's own application, nor where a conflict of interest was
    declared.
    """
    return (
        application.submitted_at is not None
        and not is_applicant(user, application)
        and is_secretariat(user)
        and not has_conflict(user, application)
    )


def can_decide(user: Someone, application: Application) -> bool:
    """Write down what the assembly decided: the secretariat, and whoever releases results."""
    return can_review(user, application) or (
        can_release(user)
        and not is_applicant(user, application)
        and not has_conflict(user, application)
    )


def can_release(user: Someone) -> bool:
    """The president of the network: who heads the delegation that presides, or stands in."""
    return any(
        mandate.holds_presidency and mandate.capacity in PRESIDING
        for mandate in running_mandates(user)
    )


def bound_to(applications: Sequence[Application]) -> dict[int, set[int]]:
    """Of these (with their editors), by person: those that they write, or in which they declared a
    conflict of interest. Ids alone; one query.
    """
    found: dict[int, set[int]] = {}
    for user_id, application_id in Reviewer.objects.conflicts_in(a.pk for a in applications):
        found.setdefault(user_id, set()).add(application_id)
    for each in applications:
        for user_id in each.applicant_ids():
            found.setdefault(user_id, set()).add(each.pk)
    return found


def has_conflict(user: Someone, application: Application) -> bool:
    """Whether the person was asked to review it and declared a conflict of interest."""
    if user.pk is None:
        return False
    own = Reviewer.objects.find(application.pk, user.pk)
    return own is not None and own.has_conflict


def is_reading_reviewer(user: Someone, application: Application) -> bool:
    """Whether the person reads the dossier as a reviewer."""
    if user.pk is None or not of_no_observer(running_mandates(user)):
        return False
    return Reviewer.objects.sitting().find(application.pk, user.pk) is not None


def of_no_observer(mandates: list[Mandate]) -> list[Mandate]:
    """Those that neither are an observer's nor of an institution that observes."""
    found = [mandate for mandate in mandates if mandate.capacity != Capacity.OBSERVER]
    quiet = Membership.objects.observing() if found else set()
    return [mandate for mandate in found if mandate.institution_id not in quiet]


def can_change_application(user: Someone, application: Application) -> bool:
    """Fields and documents: who writes it, while it is a draft or information was asked for."""
    return is_applicant(user, application) and application.is_open_to_applicant


def can_invite_editors(user: Someone, application: Application) -> bool:
    """And take them out again: the contact, until all is over."""
    return is_contact(user, application) and not application.is_closed


def can_transfer_contact(user: Someone, application: Application) -> bool:
    """The contact; the secretariat too, for a contact who is gone."""
    if application.is_closed:
        return False
    return is_contact(user, application) or can_review(user, application)


def can_see_applicants(user: Someone, application: Application) -> bool:
    """Who writes it and who is invited to: themselves, and who reviews it."""
    return is_applicant(user, application) or can_review(user, application)


def can_move(user: Someone, application: Application, to: str) -> bool:
    """Whether this step is this person's; whether the state allows it is another question.

    The decision is nobody's step: it follows from a vote.
    """
    match to:
        case State.SUBMITTED | State.CHARTER_SIGNED | State.WITHDRAWN:
            return is_contact(user, application)
        case State.UNDER_REVIEW if is_applicant(user, application):
            return application.state in (State.INFORMATION_REQUESTED, State.UNDER_REVIEW)
        case State.ADMITTED | State.DEFERRED | State.DECLINED:
            return False
    return can_review(user, application)


def access_application(user: Someone, pk: int) -> Application:
    """An application with all that its pages show. Raises Http404."""
    application = Application.objects.for_dossier().find(pk)
    if application is None or not can_see_application(user, application):
        raise Http404
    return application


def access_past_application(user: Someone, pk: int) -> PastDossier:
    """What the office before reads of an application that was handed in during its time, as it
    then stood. Raises Http404.
    """
    term = past_term(user)
    application = Application.objects.for_dossier().find(pk)
    if term is None or application is None or not was_read_by(term, application):
        raise Http404
    return PastDossier.of(application, ended_at(term))


def access_own_application(user: Someone, pk: int) -> Application:
    """The same, to be changed by who writes it. Raises Http404; PermissionDenied for others who
    may see it.
    """
    application = access_application(user, pk)
    if not is_applicant(user, application):
        raise PermissionDenied
    return application


def access_contact_application(user: Someone, pk: int) -> Application:
    """The same, for what its contact alone does. Raises Http404 and PermissionDenied."""
    application = access_application(user, pk)
    if not is_contact(user, application):
        raise PermissionDenied
    return application


def access_applicants(user: Someone, pk: int) -> Application:
    """The same, for the page of who writes it. Raises Http404 and PermissionDenied."""
    application = access_application(user, pk)
    if not can_see_applicants(user, application):
        raise PermissionDenied
    return application


def access_editor(user: Someone, pk: int, editor_id: int) -> ApplicationEditor:
    """One who writes an application that the person may see. Raises Http404."""
    access_applicants(user, pk)
    editor = ApplicationEditor.objects.numbered(pk, editor_id)
    if editor is None:
        raise Http404
    return editor


def access_place_invitation(user: Someone, pk: int, invitation_id: int) -> Invitation:
    """An invitation to write an application that the person may see. Raises Http404."""
    access_applicants(user, pk)
    invitation = Invitation.objects.to_application(pk).find(invitation_id)
    if invitation is None:
        raise Http404
    return invitation


def access_dossier(user: Someone, pk: int) -> Application:
    """The same, to be reviewed. Raises Http404; PermissionDenied for others who may see it."""
    application = access_application(user, pk)
    if not can_review(user, application):
        raise PermissionDenied
    return application


def access_application_document(user: Someone, pk: int, document_id: int) -> ApplicationDocument:
    """A document of an application that the person may see. Raises Http404."""
    document = ApplicationDocument.objects.find(document_id)
    if document is None or document.application_id != pk:
        raise Http404
    read = document.application
    if not (can_see_application(user, read) or is_reading_reviewer(user, read)):
        term = past_term(user)
        if term is None or not was_read_by(term, read) or document.created_at >= ended_at(term):
            raise Http404
    return document
