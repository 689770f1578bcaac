"""An institution asks to join a group: asked, answered, taken back."""

from django.core.exceptions import PermissionDenied
from django.db import transaction

from members import tasks_groups
from members.actions.groups import (
    GroupClosedError,
    add_group_member,
    answer_request,
    lock_group,
    lock_institutions,
    log_request,
)
from members.enums import GroupRole, JoinState
from members.models import Group, GroupMember, JoinRequest, Mandate, User
from members.permissions import running_mandates
from members.permissions.groups import can_answer, can_speak_for
from members.permissions.people import MANAGING


class AlreadyAskedError(Exception):
    """The institution has a place in the group, or a request that waits. Nothing was changed."""


class AlreadyAnsweredError(Exception):
    """Somebody has answered the request, or it was withdrawn. Nothing was changed."""


@transaction.atomic
def ask_to_join(
    *, group: Group, role: GroupRole, words: str, actor: User, mandate: Mandate
) -> JoinRequest:
    """Ask for a place in the group, for the institution of `mandate`, which is the actor's as its
    head or focal point. Who may answer is told.

    Raises PermissionDenied, GroupClosedError, AlreadyAskedError.
    """
    lock_institutions([mandate.institution])
    if (
        mandate not in running_mandates(actor)
        or mandate.capacity not in MANAGING
        or role == GroupRole.CHAIR
    ):
        raise PermissionDenied
    kept = lock_group(group)
    if kept.is_closed:
        raise GroupClosedError
    own = [mandate.institution_id]
    if (
        GroupMember.objects.place(kept, mandate.institution)
        or JoinRequest.objects.pending().of_group(kept).of_institutions(own).exists()
    ):
        raise AlreadyAskedError
    request = JoinRequest.objects.create(
        group=kept,
        institution=mandate.institution,
        role=role,
        words=words,
        asked_by=mandate,
    )
    tasks_groups.tell_deciders("asked", request)
    log_request(request, "group.join_asked", actor, mandate)
    return request


@transaction.atomic
def accept_request(*, request: JoinRequest, actor: User, mandate: Mandate) -> JoinRequest:
    """Give the place that was asked for. Repeated by the same person, it does nothing.

    Raises PermissionDenied, GroupClosedError, AlreadyAnsweredError.
    """
    lock_institutions([request.institution])
    kept = _locked(request)
    if not can_answer(actor, kept):
        raise PermissionDenied
    if _is_done(kept, JoinState.ACCEPTED, actor):
        return kept
    if kept.group.is_closed:
        raise GroupClosedError
    add_group_member(
        group=kept.group,
        institution=kept.institution,
        role=GroupRole(kept.role),
        actor=actor,
        mandate=mandate,
    )
    kept.refresh_from_db(fields=["state", "answered_by", "answered_at"])
    return kept


@transaction.atomic
def decline_request(
    *, request: JoinRequest, reason: str, actor: User, mandate: Mandate
) -> JoinRequest:
    """Say no, and why. Repeated by the same person, it does nothing.

    Raises PermissionDenied, AlreadyAnsweredError.
    """
    kept = _locked(request)
    if not can_answer(actor, kept):
        raise PermissionDenied
    if _is_done(kept, JoinState.DECLINED, actor):
        return kept
    kept.reason = reason
    answer_request(kept, JoinState.DECLINED, mandate)
    tasks_groups.tell_answer(kept)
    log_request(kept, "group.join_declined", actor, mandate)
    return kept


@transaction.atomic
def withdraw_request(*, request: JoinRequest, actor: User, mandate: Mandate) -> JoinRequest:
    """Take it back before it is answered, as head or focal point of the institution that asks.
    Repeated by the same person, it does nothing. Raises PermissionDenied, AlreadyAnsweredError.
    """
    kept = _locked(request)
    if not can_speak_for(actor, kept.institution_id):
        raise PermissionDenied
    if _is_done(kept, JoinState.WITHDRAWN, actor):
        return kept
    answer_request(kept, JoinState.WITHDRAWN, mandate)
    tasks_groups.tell_deciders("withdrawn", kept)
    log_request(kept, "group.join_withdrawn", actor, mandate)
    return kept


def _locked(request: JoinRequest) -> JoinRequest:
    """The request as it is once its group, which every act on it locks, is ours."""
    group = lock_group(request.group)
    kept = JoinRequest.objects.for_display().get(pk=request.pk)
    kept.group = group
    return kept


def _is_done(request: JoinRequest, state: str, actor: User) -> bool:
    """Whether it is in this state by the same person. Raises AlreadyAnsweredError in any other."""
    if request.is_pending:
        return False
    by = request.answered_by
    if request.state != state or by is None or by.user_id != actor.pk:
        raise AlreadyAnsweredError
    return True
