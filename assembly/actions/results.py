"""What a meeting has decided, at once or held until the president releases it together."""

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assembly.enums import Outcome
from assembly.models import AgendaItem, Meeting
from assembly.permissions import can_handle, can_run_meetings
from assembly.releasing import Release, isolated, release_of
from assembly.rules import explain
from assembly.tasks import tell_releasers
from members.actions.applications import decide_application, lock_application
from members.actions.decisions import save_terms
from members.enums import ApplicationState
from members.models import Application, Mandate, User
from records.actions import append_audit_entry

_DECISIONS = {
    Outcome.ADOPTED.value: ApplicationState.ADMITTED,
    Outcome.NOT_ADOPTED.value: ApplicationState.DECLINED,
    Outcome.NO_QUORUM.value: ApplicationState.DEFERRED,  # back to a later assembly
}


@transaction.atomic
def hold_results(*, meeting: Meeting, holds: bool, actor: User, mandate: Mandate | None) -> Meeting:
    """Have the decisions of a meeting wait for the president, or not. Safe to repeat.

    Raises PermissionDenied; ValidationError("decided") once something was decided there.
    """
    if not can_run_meetings(actor):
        raise PermissionDenied
    meeting = _locked(meeting)
    if meeting.holds_results == holds:
        return meeting
    if any(item.is_decided for item in meeting.agenda_items.select_related("poll")):
        raise ValidationError(
            _("Something was decided here already. How results are told stays as it is."),
            code="decided",
        )
    meeting.holds_results = holds
    meeting.save(update_fields=["holds_results"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="meeting.results_held" if holds else "meeting.results_told_at_once",
        thing=meeting,
        before={"holds_results": not holds},
        after={"holds_results": holds},
    )
    return meeting


@transaction.atomic
def defer_question(
    *,
    agenda_item: AgendaItem,
    conditions: str,
    reasons: str = "",
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> AgendaItem:
    """The meeting puts the question off without a vote, on conditions that the applicant is told.

    Raises PermissionDenied; WrongStateError, StaleError (of the terms); ValidationError with code
    "no_question" (none stands there) or "opened_already" (it is being voted on).
    """
    _locked(agenda_item.meeting)
    item = (
        AgendaItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting", "application", "poll")
        .get(pk=agenda_item.pk)
    )
    if item.application is None or item.deferred_at:
        raise ValidationError(
            _("There is no application before the meeting under this item."), code="no_question"
        )
    application = lock_application(item.application)
    if not can_handle(actor, application):
        raise PermissionDenied
    if item.vote is not None:
        raise ValidationError(
            _("The roll-call on this question was opened before."), code="opened_already"
        )
    terms = application.terms if hasattr(application, "terms") else None
    save_terms(
        application=application,
        conditions=conditions,
        reasons=reasons,
        not_before=terms.not_before if terms else None,
        seen=seen,
        actor=actor,
        mandate=mandate,
    )
    item.deferred_at = timezone.now()
    item.save(update_fields=["deferred_at"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="agenda_item.deferred",
        thing=item,
        after={"application": application.pk},
    )
    settle(item, application, actor, mandate)
    return item


def settle(
    item: AgendaItem, application: Application, actor: User, mandate: Mandate | None
) -> None:
    """Decide the application now, unless the meeting holds its results. For actions that hold the
    locks of both, and have written down what was decided.
    """
    meeting = _locked(item.meeting)
    if meeting.holds_results:
        _tell_that_it_waits(meeting)
        return
    item.released_at = timezone.now()
    item.save(update_fields=["released_at"])
    _decide(item, application, actor, mandate)


@transaction.atomic
def release_results(*, meeting: Meeting, actor: User, mandate: Mandate | None) -> list[Application]:
    """The president makes known all that the meeting has decided and held back, together.

    Returns the applications that were decided; one that was withdrawn meanwhile is none of them.
    Raises PermissionDenied; ValidationError("nothing_held"), also where it is repeated, or
    ("hindered") where one of them concerns the actor (see `assembly.releasing`). All or nothing.
    """
    meeting = _locked(meeting)
    _require_release(actor, release_of(meeting))
    items = list(
        AgendaItem.objects.held()
        .filter(meeting=meeting)
        .select_for_update(of=("self",), no_key=True)
    )
    if not items:
        raise ValidationError(_("Nothing waits to be released."), code="nothing_held")
    # All rows before the log's head; and in one order.
    asked = sorted((i.application for i in items if i.application), key=lambda a: a.pk)
    locked = {each.pk: lock_application(each) for each in asked}
    _require_release(actor, release_of(meeting))  # nobody begins to write one of them now
    now, decided = timezone.now(), []
    for item in items:
        item.released_at = now
        item.save(update_fields=["released_at"])
    for item in items:
        application = locked.get(item.application_id or 0)
        if application is None or application.state != ApplicationState.ON_AGENDA:
            continue
        decided.append(_decide(item, application, actor, mandate))
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="meeting.results_released",
        thing=meeting,
        after={"applications": [each.pk for each in decided]},
    )
    return decided


def _tell_that_it_waits(meeting: Meeting) -> None:
    """With the first decision that is held, and again when none is to be taken any more."""
    held = AgendaItem.objects.held_in(meeting).count()
    if held == 1 or not AgendaItem.objects.still_to_decide(meeting).exists():
        tell_releasers(meeting)


def _require_release(actor: User, release: Release) -> None:
    """Raises PermissionDenied; ValidationError("hindered") for who would release it but for an
    application that concerns them.
    """
    if release.is_for(actor):
        return
    hindering = release.hinders(actor)
    if not hindering:
        raise PermissionDenied
    raise ValidationError(
        _("You cannot release these results, for you are bound to: %(names)s."),
        code="hindered",
        params={"names": pgettext("between things", ", ").join(isolated(a) for a in hindering)},
    )


def _decide(
    item: AgendaItem, application: Application, actor: User, mandate: Mandate | None
) -> Application:
    to, said = ApplicationState.DEFERRED, _deferral()
    if item.deferred_at is None:
        poll = item.poll
        result = poll.result
        if result is None:
            raise ValueError("a vote that is not certified decides nothing")
        to = _DECISIONS[result.outcome]
        said = {code: explain(result, poll.rules, code) for code, _name in settings.LANGUAGES}
    return decide_application(
        application=application,
        to=to,
        actor=actor,
        mandate=mandate,
        explanation=said,
        membership_class=item.membership_class,
    )


def _deferral() -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = _("The meeting has put the question off, on conditions.")
    return said


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
