"""What a meeting has decided, at once or held until the president releases it together."""

from datetime import date

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assembly.models import AgendaItem, Meeting
from assembly.owed_terms import DECISIONS, owed_terms
from assembly.permissions import can_handle, can_run_meetings
from assembly.releasing import Release, isolated, release_of
from assembly.rules import explain
from assembly.tasks import tell_releasers
from members.actions.applications import decide_application, lock_application
from members.actions.decisions import save_terms
from members.enums import ApplicationState
from members.models import Application, DecisionTerms, Mandate, User
from members.network import first_language
from records.actions import append_audit_entry
from records.reading import number


class TermsOwedError(ValidationError):
    """Something must be said with a decision before its applicant is told of it."""

    def __init__(self, items: list[AgendaItem]) -> None:
        super().__init__(
            ngettext(
                "%(number)s result cannot be told yet: say first what its applicant is told "
                "with it.",
                "%(number)s results cannot be told yet: say first what their applicants are told "
                "with them.",
                len(items),
            ),
            code="terms_owed",
            params={"number": number(len(items))},
        )


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
def prepare_terms(
    *,
    agenda_item: AgendaItem,
    conditions: str,
    reasons: str,
    not_before: date | None,
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> AgendaItem:
    """Keep what the applicant is told with the decision. Where that was all it waited for, it is
    told now. Raises as `save_terms`; ValidationError("no_question") where no application stands.
    """
    _locked(agenda_item.meeting)
    item, application = _locked_question(agenda_item)
    save_terms(
        application=application,
        conditions=conditions,
        reasons=reasons,
        not_before=not_before,
        seen=seen,
        actor=actor,
        mandate=mandate,
    )
    if item.is_held:
        settle(item, application, actor, mandate)
    return item


def _locked_question(agenda_item: AgendaItem) -> tuple[AgendaItem, Application]:
    """For actions that hold the meeting's lock. Raises ValidationError("no_question")."""
    item = (
        AgendaItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting", "application", "poll")
        .get(pk=agenda_item.pk)
    )
    if item.application is None:
        raise ValidationError(
            _("There is no application before the meeting under this item."), code="no_question"
        )
    return item, lock_application(item.application)


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
    item, application = _locked_question(agenda_item)
    if item.deferred_at:
        raise ValidationError(
            _("There is no application before the meeting under this item."), code="no_question"
        )
    if not can_handle(actor, application):
        raise PermissionDenied
    if item.vote is not None:
        raise ValidationError(
            _("The roll-call on this question was opened before."), code="opened_already"
        )
    terms = DecisionTerms.objects.of(application.pk)
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
    """Decide the application now, unless the meeting holds its results, or something must be said
    with it first. For actions that hold the locks of all three, and have written down what was
    decided.
    """
    item.application = application  # as it is locked
    meeting = _locked(item.meeting)
    if meeting.holds_results:
        _tell_that_it_waits(meeting)
        return
    if owed_terms([item]):
        return
    item.released_at = timezone.now()
    item.save(update_fields=["released_at"])
    _decide(item, application, actor, mandate)


@transaction.atomic
def release_results(*, meeting: Meeting, actor: User, mandate: Mandate | None) -> list[Application]:
    """The president makes known all that the meeting has decided and held back, together.

    Returns the applications that were decided; one that was withdrawn meanwhile is none of them.
    Raises PermissionDenied; ValidationError("nothing_held"), also where it is repeated, or
    ("hindered") where one of them concerns the actor (see `assembly.releasing`); TermsOwedError.
    All or nothing.
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
    for item in items:
        item.application = locked.get(item.application_id or 0)
    if owed := owed_terms(items):
        raise TermsOwedError([item for item, _missing in owed])
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
        to = DECISIONS[result.outcome]
        said = {code: explain(result, poll.rules, code) for code, _name in settings.LANGUAGES}
    return decide_application(
        application=application,
        to=to,
        actor=actor,
        mandate=mandate,
        explanation=said,
        decision=_reference(item),
        membership_class=item.membership_class,
    )


def _reference(item: AgendaItem) -> str:
    """The place of a decision, as the history of a membership keeps it: it is one text for all
    readers, so in the first language of the network.
    """
    with translation.override(first_language()):
        return _("%(meeting)s (%(day)s), agenda item %(number)s") % {
            "meeting": item.meeting.name,
            "day": date_format(item.meeting.starts_on),
            "number": item.position,
        }


def _deferral() -> dict[str, str]:
    said = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            said[code] = _("The meeting has put the question off, on conditions.")
    return said


def _locked(meeting: Meeting) -> Meeting:
    return Meeting.objects.select_for_update(of=("self",), no_key=True).get(pk=meeting.pk)
