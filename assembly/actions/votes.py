"""A vote by roll-call: opened, answered as read out, certified. Its result alone decides."""

from dataclasses import asdict

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assembly.actions.results import settle
from assembly.enums import Choice, PollState
from assembly.models import AgendaItem, Meeting, Poll, RollEntry
from assembly.permissions import can_handle
from assembly.rules import compute_result, fingerprint
from members.actions.applications import lock_application
from members.enums import ApplicationState
from members.models import Application, Institution, Mandate, Membership, User
from records.actions import append_audit_entry


@transaction.atomic
def open_roll_call(*, agenda_item: AgendaItem, actor: User, mandate: Mandate | None) -> Poll:
    """Open the vote and freeze its roll: every active full member of this moment, in order.

    Raises PermissionDenied; ValidationError with code "opened_already", "no_question" (the
    application is not before the meeting), "no_rules" or "no_members".
    """
    item = (
        AgendaItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("meeting__rules", "application")
        .get(pk=agenda_item.pk)
    )
    application = _lock_application(item)
    if not can_handle(actor, application):
        raise PermissionDenied
    if Poll.objects.filter(agenda_item=item).exists():
        raise ValidationError(
            _("The roll-call on this question was opened before."), code="opened_already"
        )
    if (
        application is None
        or application.state != ApplicationState.ON_AGENDA
        or item.deferred_at is not None
    ):
        raise ValidationError(
            _("There is no application before the meeting under this item."), code="no_question"
        )
    if item.meeting.rules is None:
        raise ValidationError(
            _("This meeting has no rules by which a vote could be counted."), code="no_rules"
        )
    members = list(
        Institution.objects.filter(
            memberships__in=Membership.objects.entitled_to_vote()
        ).in_official_order()
    )
    if not members:
        raise ValidationError(_("The network has no full member to vote."), code="no_members")
    poll = Poll.objects.create(
        agenda_item=item, rules=item.meeting.rules, opened_at=timezone.now(), opened_by=actor
    )
    RollEntry.objects.bulk_create(
        RollEntry(poll=poll, position=position, institution=institution)
        for position, institution in enumerate(members, 1)
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="roll_call.opened",
        thing=poll,
        after={
            "agenda_item": item.pk,
            "application": application.pk,
            "rules": item.meeting.rules.version,
            "roll": [institution.pk for institution in members],
        },
    )
    return poll


@transaction.atomic
def save_roll_call(
    *, poll: Poll, choices: dict[int, str], actor: User, mandate: Mandate | None
) -> Poll:
    """Write down answers while the vote is open: institution id → Choice, or "" to take it back.

    Institutions not named keep theirs. Raises PermissionDenied; ValidationError with code
    "certified_already", "not_on_roll" or "no_choice". Saving what stands already does nothing.
    """
    poll = _lock_poll(poll)
    _require_right(actor, poll)
    _require_open(poll)
    entries = {entry.institution_id: entry for entry in poll.roll.all()}
    if not choices.keys() <= entries.keys():
        raise ValidationError(
            _("An institution that is not on the roll cannot vote."), code="not_on_roll"
        )
    if not set(choices.values()) <= {"", *Choice.values}:
        raise ValidationError(_("This is no answer to a roll-call."), code="no_choice")
    changed = [key for key, choice in choices.items() if entries[key].choice != choice]
    if not changed:
        return poll
    before = {str(key): entries[key].choice for key in changed}
    for key in changed:
        entries[key].choice = choices[key]
    RollEntry.objects.bulk_update([entries[key] for key in changed], ["choice"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="roll_call.saved",
        thing=poll,
        before=before,
        after={str(key): choices[key] for key in changed},
    )
    return poll


@transaction.atomic
def certify_roll_call(
    *, poll: Poll, actor: User, mandate: Mandate | None, reviewed: str | None = None
) -> Poll:
    """Count, keep the result for good, and decide the application by it: at once, or when the
    president releases the results of a meeting that holds them.

    Adopted: admitted; not adopted: declined; no quorum: deferred. `reviewed` is the roll's
    `rules.fingerprint` as the certifier saw it; another roll is not certified. Raises
    PermissionDenied; ValidationError with code "certified_already", "incomplete", "changed" or
    "no_question" (withdrawn meanwhile). A refusal changes nothing.
    """
    # First the meeting, as whoever puts a question off or releases results does.
    Meeting.objects.select_for_update(of=("self",), no_key=True).get(agenda_items__poll=poll.pk)
    poll = _lock_poll(poll)
    _require_right(actor, poll)
    _require_open(poll)
    choices = poll.choices
    if reviewed is not None and reviewed != fingerprint(choices):
        raise ValidationError(
            _("The roll was changed after you reviewed it. Look at it again."), code="changed"
        )
    if not all(choices.values()):
        raise ValidationError(_("Not every member on the roll has been called."), code="incomplete")
    application = _lock_application(poll.agenda_item)
    if application is None or application.state != ApplicationState.ON_AGENDA:
        raise ValidationError(
            _("There is no application before the meeting under this item."), code="no_question"
        )
    result = compute_result(choices.values(), poll.rules)
    poll.state = PollState.CERTIFIED
    poll.certified_at, poll.certified_by = timezone.now(), actor
    poll.outcome, poll.tally = result.outcome, asdict(result)
    poll.save(update_fields=["state", "certified_at", "certified_by", "outcome", "tally"])
    settle(poll.agenda_item, application, actor, mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="roll_call.certified",
        thing=poll,
        before={"state": PollState.OPEN.value},
        after={
            "tally": poll.tally,
            "rules": poll.rules.version,
            "roll": {str(key): choice for key, choice in choices.items()},
        },
    )
    return poll


def _lock_poll(poll: Poll) -> Poll:
    """The vote as it stands now, its row held until the transaction ends."""
    return (
        Poll.objects.select_for_update(of=("self",), no_key=True)
        .select_related("rules", "agenda_item__application")
        .get(pk=poll.pk)
    )


def _lock_application(item: AgendaItem) -> Application | None:
    """Held, so that it cannot be withdrawn between the look and the decision."""
    return lock_application(item.application) if item.application else None


def _require_right(actor: User, poll: Poll) -> None:
    if not can_handle(actor, poll.agenda_item.application):
        raise PermissionDenied


def _require_open(poll: Poll) -> None:
    if poll.is_certified:
        raise ValidationError(
            _("This vote was certified and can no longer be changed."), code="certified_already"
        )
