"""The secretariat's release of profiles: the rule itself, and what becomes of what waits."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.actions.profiles import fields_to_have, keep_profile, locked_fields
from members.actions.proposals import StaleProfileError, lock_release_rule
from members.emails_profiles import defer_letters
from members.enums_standing import ProposalState
from members.models import Institution, Mandate, ProfileProposal, ReleaseRule, User
from members.permissions.releases import can_release_profiles
from records.actions import append_audit_entry


class ProposalSettledError(ValidationError):
    """The proposal was released, returned or replaced before."""

    def __init__(self, proposal: ProfileProposal) -> None:
        super().__init__(
            _("This cannot be done any more. These changes are: %(state)s."),
            code="settled",
            params={"state": proposal.standing.label},
        )


@transaction.atomic
def settle_release_rule(*, is_on: bool, actor: User, mandate: Mandate | None) -> ReleaseRule:
    """Let changes to profiles wait for the release, or not any more. What waits now waits on: it is
    released or returned, or replaced by what its institution saves next.

    Safe to repeat. Raises PermissionDenied.
    """
    _check_right(actor)
    rule = lock_release_rule()
    if rule.is_on == is_on:
        return rule
    rule.is_on = is_on
    rule.save(update_fields=["is_on"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="profile.release_settled",
        thing=rule,
        before={"waits_for_release": not is_on},
        after={"waits_for_release": is_on},
    )
    return rule


@transaction.atomic
def release_profile(
    *, proposal: ProfileProposal, version: int, actor: User, mandate: Mandate | None
) -> ProfileProposal:
    """Publish what was proposed, as a version by who proposed it; they and the focal points are
    told.

    `version`: of the profile beside which the actor has seen it. Safe to repeat by the same person.
    Raises PermissionDenied, ProposalSettledError, and StaleProfileError where the profile is
    another by now.
    """
    _check_right(actor)
    fields = locked_fields(proposal.profile["fields"])
    institution, kept = _locked(proposal)
    if kept.state == ProposalState.RELEASED and kept.decided_by_id == actor.pk:
        return kept
    if not kept.is_waiting:
        raise ProposalSettledError(kept)
    if version != institution.profile_version:
        raise StaleProfileError(institution.profile_version)
    keep_profile(
        institution,
        {**kept.profile, "fields": fields_to_have(institution, fields)},
        kept.logo if kept.changes_logo else institution.logo,
        version=None,
        act="profile.released",
        actor=actor,
        mandate=mandate,
        author=(kept.actor, kept.mandate),
    )
    return _settled(kept, ProposalState.RELEASED, actor)


@transaction.atomic
def return_profile(
    *, proposal: ProfileProposal, reasons: str, actor: User, mandate: Mandate | None
) -> ProfileProposal:
    """Give it back with `reasons`: its people go on from there, and are told.

    Safe to repeat. Raises PermissionDenied and ProposalSettledError.
    """
    _check_right(actor)
    institution, kept = _locked(proposal)
    same = (kept.state, kept.decided_by_id, kept.reasons)
    if same == (ProposalState.RETURNED, actor.pk, reasons):
        return kept
    if not kept.is_waiting:
        raise ProposalSettledError(kept)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="profile.returned",
        thing=institution,
        after={"institution": institution.pk, "proposal": kept.number},
    )
    kept.reasons = reasons
    return _settled(kept, ProposalState.RETURNED, actor)


def _check_right(actor: User) -> None:
    if not can_release_profiles(actor):
        raise PermissionDenied


def _locked(proposal: ProfileProposal) -> tuple[Institution, ProfileProposal]:
    """Whoever changes a proposal holds its institution."""
    institutions = Institution.objects.select_for_update(no_key=True)
    institution = institutions.get(pk=proposal.institution_id)
    kept = ProfileProposal.objects.select_related("actor", "mandate", "logo").get(pk=proposal.pk)
    return institution, kept


def _settled(kept: ProfileProposal, state: ProposalState, actor: User) -> ProfileProposal:
    kept.state, kept.is_open = state, state == ProposalState.RETURNED
    kept.decided_at, kept.decided_by = timezone.now(), actor
    kept.save(update_fields=["state", "is_open", "decided_at", "decided_by", "reasons"])
    defer_letters(kept)
    return kept
