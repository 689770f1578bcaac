"""Invitations: how a person comes in."""

from collections.abc import Sequence
from datetime import date

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone
from procrastinate.types import JSONDict

from members.actions.application_places import take_place
from members.actions.people import (
    AccountClosedError,
    create_person,
    lock_account,
    start_mandate,
)
from members.actions.succession import lock_groups_of, succeed
from members.emails_people import send_invitation
from members.enums import Capacity, Fate, WhyClosed
from members.enums_applying import ApplicationPlace
from members.invitees import Invitee, Outcome, outcomes_of
from members.models import Application, Institution, Invitation, Mandate, User
from members.permissions import can_hand_over, can_invite, capacities_to_invite
from members.permissions.invitations import standing_among, why_closed
from records.actions import append_audit_entry


class InvitationClosedError(Exception):
    """The link is used, revoked, expired, or meant for somebody else."""


class PeriodOverError(InvitationClosedError):
    """The mandate would have ended before it could begin."""


class HandedOverError(InvitationClosedError):
    """The mandate that it was to hand over has ended, or passed to somebody else."""


@transaction.atomic
def invite_to_delegation(
    *,
    institution: Institution,
    email: str,
    name: str,
    language: str,
    capacity: Capacity,
    starts_on: date | None = None,
    ends_on: date | None = None,
    succeeds: Mandate | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Invitation:
    """Invite an address to a delegation; the letter goes out when the transaction stands.

    `starts_on` and `ends_on` are the first and the last day of the mandate, in the actor's zone;
    without them it begins with the acceptance, and has no end yet. `succeeds`: the mandate that is
    handed over by the acceptance, and ends with it. Safe to repeat: an invitation of the same
    address to the same place that can be accepted is returned as it is. `actor` None is the
    portal itself. Raises PermissionDenied when the actor may not give this capacity.
    """
    if actor is not None and not can_invite(actor, institution, capacity):
        raise PermissionDenied
    if actor is not None and succeeds is not None and not can_hand_over(actor, succeeds):
        raise PermissionDenied
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    email = email.strip().lower()
    sent = Invitation.objects.open().inviting(email, institution, capacity)
    if open_already := standing_among(sent):
        return open_already[0]
    return _invite(
        Invitation(
            email=email,
            name=name,
            language=language,
            institution=institution,
            capacity=capacity,
            starts_on=starts_on,
            ends_on=ends_on,
            succeeds=succeeds,
            invited_by=actor,
        ),
        mandate,
    )


@transaction.atomic
def invite_several(
    *,
    institution: Institution,
    invitees: Sequence[Invitee],
    actor: User,
    mandate: Mandate | None = None,
) -> list[Outcome]:
    """Invite everybody who can be, and say of each what became of them, in their order.

    Each is looked at again here: who was invited or appointed since, by whomever, gets no second
    letter, so that it is safe to repeat. Raises PermissionDenied when the actor may invite nobody.
    """
    capacities = capacities_to_invite(actor, institution)
    if not capacities:
        raise PermissionDenied
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    outcomes = outcomes_of(institution, invitees, capacities)
    _send(
        [
            Invitation(
                email=invitee.email,
                name=invitee.name,
                language=invitee.language,
                institution=institution,
                capacity=invitee.capacity,
                invited_by=actor,
            )
            for invitee, fate, _double in outcomes
            if fate == Fate.READY
        ],
        mandate,
    )
    return [Outcome(o.invitee, Fate.SENT) if o.fate == Fate.READY else o for o in outcomes]


@transaction.atomic
def invite_to_apply(
    *,
    application: Application,
    email: str,
    name: str,
    language: str,
    place: ApplicationPlace | str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Invitation:
    """Send the link by which somebody comes to an application: its contact, or, as `place` has
    it, who is to write it too or to be its contact from then on.

    Asks no right: the caller has made the application, or asked. Safe to repeat while it is open.
    """
    email = email.strip().lower()
    sent = Invitation.objects.open().inviting_to_apply(email, application)
    if open_already := standing_among(sent.filter(application_place=place)):
        return open_already[0]
    return _invite(
        Invitation(
            email=email,
            name=name,
            language=language,
            application=application,
            application_place=place,
            invited_by=actor,
        ),
        mandate,
    )


def _invite(invitation: Invitation, mandate: Mandate | None) -> Invitation:
    _send([invitation], mandate)
    return invitation


def _send(invitations: list[Invitation], mandate: Mandate | None) -> None:
    for invitation in invitations:
        invitation.renew()
    Invitation.objects.bulk_create(invitations)
    jobs: list[JSONDict] = [{"invitation_id": invitation.pk} for invitation in invitations]
    if jobs:
        send_invitation.batch_defer(*jobs)
    for invitation in invitations:  # one by one: an entry's hash covers the one before it
        append_audit_entry(
            actor=invitation.invited_by,
            mandate=mandate,
            act="invitation.sent",
            thing=invitation,
            after=_said(invitation),
        )


@transaction.atomic
def resend_invitation(
    *, invitation: Invitation, actor: User, mandate: Mandate | None = None
) -> Invitation:
    """Send a new link, valid from now; the old one is dead. Works for expired ones too, and for
    those whose sender may not invite any more: from now on the actor stands for it.

    Raises PermissionDenied, InvitationClosedError when it was accepted or revoked, HandedOverError
    when there is nothing to hand over any more, and PeriodOverError when the mandate's last day is
    over.
    """
    invitation = _locked(invitation)
    _check(invitation, actor)
    if invitation.accepted_at or invitation.revoked_at:
        raise InvitationClosedError
    if why_closed(invitation) == WhyClosed.MANDATE_OVER:
        raise HandedOverError
    invitation.renew()
    if invitation.is_expired:
        raise PeriodOverError
    invitation.sent_again_by = actor
    invitation.save(update_fields=["nonce", "token_digest", "expires_at", "sent_again_by"])
    send_invitation.defer(invitation_id=invitation.pk)
    append_audit_entry(actor=actor, mandate=mandate, act="invitation.resent", thing=invitation)
    return invitation


@transaction.atomic
def revoke_invitation(
    *, invitation: Invitation, actor: User, mandate: Mandate | None = None
) -> Invitation:
    """Kill the link. Safe to repeat.

    Raises PermissionDenied, and InvitationClosedError when it was accepted.
    """
    invitation = _locked(invitation)
    _check(invitation, actor)
    if invitation.accepted_at:
        raise InvitationClosedError
    if invitation.revoked_at:
        return invitation
    invitation.revoked_at = timezone.now()
    invitation.save(update_fields=["revoked_at"])
    append_audit_entry(actor=actor, mandate=mandate, act="invitation.revoked", thing=invitation)
    return invitation


@transaction.atomic
def accept_invitation_as_new(
    *, invitation: Invitation, token: str, name: str, password: str | None, language: str
) -> User:
    """Make the account and what the invitation is for. Two tabs: the second is refused.

    Without a password where the institution's provider has said whose the address is. Raises
    InvitationClosedError, also when the address got an account in the meantime.
    """
    invitation = _open(invitation, token)
    try:
        with transaction.atomic():
            user = create_person(
                email=invitation.email, name=name, password=password, language=language
            )
    except IntegrityError as error:
        raise InvitationClosedError from error
    _accept(invitation, user)
    return user


@transaction.atomic
def accept_invitation(*, invitation: Invitation, token: str, actor: User) -> None:
    """Accept with the account that has the invited address.

    Raises InvitationClosedError, also for anybody else's account, and for a closed one.
    """
    invitation = _open(invitation, token)
    if actor.email != invitation.email:
        raise InvitationClosedError
    try:
        lock_account(actor)
    except AccountClosedError as error:
        raise InvitationClosedError from error
    _accept(invitation, actor)


def _accept(invitation: Invitation, user: User) -> None:
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    if invitation.institution and invitation.succeeds:
        succeed(before=invitation.succeeds, user=user)
    elif invitation.institution:
        starts_at = invitation.mandate_starts_at
        start_mandate(
            user=user,
            institution=invitation.institution,
            capacity=Capacity(invitation.capacity),
            starts_at=starts_at if starts_at and starts_at > invitation.accepted_at else None,
            ends_at=invitation.mandate_ends_at,
        )
    if invitation.application:
        try:
            take_place(invitation, invitation.application, user)
        except PermissionDenied as error:
            raise InvitationClosedError from error
    append_audit_entry(
        actor=user, act="invitation.accepted", thing=invitation, after=_said(invitation)
    )


def _locked(invitation: Invitation) -> Invitation:
    return Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)


def _open(invitation: Invitation, token: str) -> Invitation:
    """The locked row, if the token still opens it: it may have been sent anew meanwhile.

    What it is for is locked too, before the log's head is: others lock in this order.
    """
    invitation = _locked(invitation)
    if invitation.closed_because or invitation.token != token:
        raise InvitationClosedError
    if invitation.institution_id:
        invitation.institution = Institution.objects.select_for_update(no_key=True).get(
            pk=invitation.institution_id
        )
    if invitation.succeeds_id:
        invitation.succeeds = Mandate.objects.get(pk=invitation.succeeds_id)
        lock_groups_of(invitation.succeeds)
    if invitation.application_id:
        invitation.application = Application.objects.select_for_update(no_key=True).get(
            pk=invitation.application_id
        )
    if why_closed(invitation):
        raise InvitationClosedError
    return invitation


def _check(invitation: Invitation, actor: User) -> None:
    """Who may invite to this place may call the invitation back."""
    if invitation.institution is None or not can_invite(
        actor, invitation.institution, invitation.capacity
    ):
        raise PermissionDenied


def _said(invitation: Invitation) -> dict[str, str | int | None]:
    """For the log: no address in it, the invitation has that."""
    return {
        "institution": invitation.institution_id,
        "capacity": invitation.capacity,
        "application": invitation.application_id,
        **({"succeeds": invitation.succeeds_id} if invitation.succeeds_id else {}),
        **({"place": invitation.application_place} if invitation.application_place else {}),
        **{
            key: day.isoformat()
            for key in ("starts_on", "ends_on")
            if (day := getattr(invitation, key))
        },
    }
