"""Changes to a profile that wait for the secretariat's release.

The callers have checked the right and hold the institution's row; the rule is locked before it.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.enums_standing import ProposalState
from members.models import Institution, Mandate, ProfileProposal, ReleaseRule, User
from members.permissions import is_secretariat
from records.actions import append_audit_entry
from records.models import StoredFile


class StaleProfileError(ValidationError):
    """Somebody else changed the profile, or what is to be released, after the form was opened."""

    def __init__(self, version: int, proposal: ProfileProposal | None = None) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version  # as it stands now
        self.proposal = proposal  # which the actor has not seen


def waits_for_release(actor: User) -> bool:
    """Whether what the actor says of an institution is not published at once.

    The rule stays as it is to the end of the transaction.
    """
    return lock_release_rule().is_on and not is_secretariat(actor)


def lock_release_rule() -> ReleaseRule:
    """The rule, which nobody changes before the transaction is over. Off where it was never
    settled: then the row is made, for there must be one to lock.
    """
    ReleaseRule.objects.get_or_create(is_only=True)
    return ReleaseRule.objects.select_for_update(no_key=True).get()


def check_proposal_seen(kept: Institution, said: dict[str, Any], seen: int | None) -> None:
    """`seen`: the id of the open proposal that the actor saw, 0 for none. Raises
    StaleProfileError where another is open that says something else; pictures apart, where none
    are said.
    """
    found = kept.profile_proposals.open().for_display().first()
    if seen is None or found is None or found.pk == seen:
        return
    opened = kept.profile_proposals.by_id(seen)
    before = opened.profile if opened else kept.profile()
    if "pictures" not in said and text_of(found.profile) == text_of(before):
        return
    if any(found.profile[key] != value for key, value in said.items()):
        raise StaleProfileError(kept.profile_version, found)


def text_of(profile: dict[str, Any]) -> dict[str, Any]:
    """All of it but the pictures, which the form of the profile neither shows nor says."""
    return {key: value for key, value in profile.items() if key != "pictures"}


def close_open(kept: Institution) -> ProfileProposal | None:
    """What is open no longer is, because something newer takes its place."""
    found = kept.profile_proposals.open().first()
    if found is not None:
        _close(found, ProposalState.REPLACED)
    return found


def keep_proposal(
    kept: Institution,
    said: dict[str, Any],
    *,
    logos: list[StoredFile | None] | None = None,
    actor: User,
    mandate: Mandate | None,
) -> ProfileProposal | None:
    """Let the profile with what is `said` wait, in the place of what waits now; so the logo, where
    `logos` holds one, or None for no logo any more.

    Safe to repeat. None where it is as it stands: then nothing waits any more.
    """
    stands = kept.profile()
    earlier = kept.profile_proposals.open().for_display().first()
    profile = {**(earlier.profile if earlier else stands), **said}
    if logos is None:
        logos = [earlier.logo_to_stand if earlier else kept.logo]
    [logo] = logos
    changes_logo = logo != kept.logo
    before = (earlier.profile, earlier.logo_to_stand) if earlier else None
    if earlier and before == (profile, logo) and earlier.is_waiting:
        return earlier
    changed = profile != stands or changes_logo
    if earlier:
        _close(earlier, ProposalState.REPLACED if changed else ProposalState.WITHDRAWN)
    if not changed:
        if earlier:
            _note("profile.taken_back", kept, {"proposal": earlier.number}, actor, mandate)
        return None
    proposal = kept.profile_proposals.create(
        number=kept.profile_proposals.count() + 1,
        at=timezone.now(),
        actor=actor,
        mandate=mandate,
        profile=profile,
        changes_logo=changes_logo,
        logo=logo if changes_logo else None,
        seen_version=kept.profile_version,
    )
    _note(
        "profile.proposed",
        kept,
        {"proposal": proposal.number},
        actor,
        mandate,
        before={"proposal": earlier.number} if earlier else None,
    )
    return proposal


def let_logo_go(kept: Institution) -> None:
    """What is open says nothing of the logo any more, because a newer one is published."""
    found = kept.profile_proposals.open().first()
    if found is None or not found.changes_logo:
        return
    if found.profile == kept.profile():
        _close(found, ProposalState.REPLACED)
        return
    found.changes_logo, found.logo = False, None
    found.save(update_fields=["changes_logo", "logo"])


def _close(proposal: ProfileProposal, state: str) -> None:
    """A returned one stays so in the history."""
    proposal.is_open = False
    if proposal.is_waiting:
        proposal.state = state
    proposal.save(update_fields=["is_open", "state"])


def _note(
    act: str,
    kept: Institution,
    after: dict[str, Any],
    actor: User,
    mandate: Mandate | None,
    before: dict[str, Any] | None = None,
) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=kept,
        before=before or {},
        after={"institution": kept.pk, **after},
    )
