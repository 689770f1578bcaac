"""A bilateral room: one delegation invites another, whose head or alternate answers."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.models import Institution, Mandate, User
from messaging import tasks
from messaging.actions.rooms import open_room
from messaging.enums import InvitationState, ParticipantRole, RoomKind
from messaging.models import BilateralInvitation, Room, pair_of
from messaging.permissions_opening import can_be_invited, leading_mandates
from records.actions import append_audit_entry
from records.languages import in_language


class PairTaken(Exception):
    """The two delegations have an open room, or an invitation that waits. Nothing was changed."""


class AlreadyAnswered(Exception):
    """The invitation was accepted, declined or withdrawn meanwhile. Nothing was changed."""


def invite_delegation(
    *,
    to: Institution,
    note: str,
    language: str,
    with_office: bool,
    actor: User,
    mandate: Mandate,
) -> BilateralInvitation:
    """Ask another delegation to talk in a room of the two. Raises PermissionDenied unless
    `mandate` leads the actor's delegation and the other may be invited; PairTaken.
    """
    if mandate not in leading_mandates(actor) or not can_be_invited(mandate.institution, to):
        raise PermissionDenied
    pair = pair_of(mandate.institution, to)
    try:
        with transaction.atomic():
            if Room.objects.open_pair(RoomKind.BILATERAL, pair):
                raise PairTaken
            invitation = BilateralInvitation.objects.create(
                by=mandate.institution,
                to=to,
                pair=pair,
                note=note,
                language=language,
                with_office=with_office,
                invited_by=mandate,
            )
            tasks.tell_leaders(invitation, "invited", to)
            _audit(invitation, "bilateral.invited", actor, mandate)
    except IntegrityError as error:
        raise PairTaken from error
    return invitation


@transaction.atomic
def accept_invitation(
    *, invitation: BilateralInvitation, actor: User, mandate: Mandate
) -> BilateralInvitation:
    """Open the room: both delegations chair it, the secretariat is in it only if it was asked.

    Repeated, it returns the invitation with its room.
    """
    invitation = _locked(invitation)
    _check(invitation.to, actor, mandate)
    if invitation.state == InvitationState.ACCEPTED:
        return invitation
    _check_pending(invitation)
    if Room.objects.open_pair(RoomKind.BILATERAL, invitation.pair):
        raise PairTaken
    both = (invitation.by, invitation.to)
    invitation.room = open_room(
        kind=RoomKind.BILATERAL,
        titles=_titles(*both),
        purposes={invitation.language: invitation.note},
        pair=invitation.pair,
        delegations=dict.fromkeys(both, ParticipantRole.CHAIR),
        with_office=invitation.with_office,
        actor=actor,
        mandate=mandate,
    )
    return _answer(invitation, InvitationState.ACCEPTED, actor, mandate, tell=invitation.by)


@transaction.atomic
def decline_invitation(
    *, invitation: BilateralInvitation, reason: str, actor: User, mandate: Mandate
) -> BilateralInvitation:
    """Say no, and why. Repeated, it does nothing."""
    invitation = _locked(invitation)
    _check(invitation.to, actor, mandate)
    if invitation.state == InvitationState.DECLINED:
        return invitation
    _check_pending(invitation)
    invitation.reason = reason
    return _answer(invitation, InvitationState.DECLINED, actor, mandate, tell=invitation.by)


@transaction.atomic
def withdraw_invitation(
    *, invitation: BilateralInvitation, actor: User, mandate: Mandate
) -> BilateralInvitation:
    """Take the invitation back before it is answered. Repeated, it does nothing."""
    invitation = _locked(invitation)
    _check(invitation.by, actor, mandate)
    if invitation.state == InvitationState.WITHDRAWN:
        return invitation
    _check_pending(invitation)
    return _answer(invitation, InvitationState.WITHDRAWN, actor, mandate, tell=None)


def _locked(invitation: BilateralInvitation) -> BilateralInvitation:
    found: BilateralInvitation = (
        BilateralInvitation.objects.select_for_update(no_key=True, of=("self",))
        .select_related("by", "to")
        .get(pk=invitation.pk)
    )
    return found


def _check(side: Institution, actor: User, mandate: Mandate) -> None:
    if mandate not in leading_mandates(actor) or mandate.institution_id != side.pk:
        raise PermissionDenied


def _check_pending(invitation: BilateralInvitation) -> None:
    if not invitation.is_pending:
        raise AlreadyAnswered


def _answer(
    invitation: BilateralInvitation,
    state: InvitationState,
    actor: User,
    mandate: Mandate,
    *,
    tell: Institution | None,
) -> BilateralInvitation:
    invitation.state = state
    invitation.answered_by = mandate
    invitation.answered_at = timezone.now()
    invitation.save(update_fields=["state", "reason", "answered_by", "answered_at", "room"])
    if tell:
        tasks.tell_leaders(invitation, state, tell)
    _audit(invitation, f"bilateral.{state}", actor, mandate)
    return invitation


def _audit(invitation: BilateralInvitation, act: str, actor: User, mandate: Mandate) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=invitation,
        after={"institution": invitation.by_id, "to_institution": invitation.to_id},
    )


def _titles(one: Institution, other: Institution) -> dict[str, str]:
    """Both names, in every language in which one of them has a name."""

    def name(institution: Institution, code: str) -> str:
        return in_language(institution.names, code).text

    codes = [*dict.fromkeys([*one.names, *other.names])]
    return {code: f"{name(one, code)} – {name(other, code)}" for code in codes}
