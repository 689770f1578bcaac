"""Issuing what binds a delegation, and its release by a second person."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from members.models import Mandate, User
from messaging import tasks
from messaging.actions.issuing import Issue, not_issued
from messaging.actions.messages import (
    ClientIdReused,
    Draft,
    RepliesToNothing,
    RoomShut,
    post_messages,
)
from messaging.actions.records import lock_room
from messaging.enums import DraftState
from messaging.models import Message, Room, StatementDraft
from messaging.permissions import RoomAccess, access_room
from messaging.permissions_statements import issuing_seats, releasers_of, seat_to_release
from records.actions import append_audit_entry


class NobodyReleases(Exception):
    """Nobody else of the delegation could release the statement. Nothing was saved."""


class DraftAnswered(Exception):
    """The draft was released, returned or withdrawn meanwhile. Nothing was changed."""


class AuthorSilenced(Exception):
    """The author's mandate has ended or carries the right no more. Nothing was changed."""


@transaction.atomic
def issue_statement(
    *,
    room: Room,
    author: User,
    mandate: Mandate,
    body: str,
    client_id: UUID,
    reply_to: int | None = None,
    corrects: int | None = None,
) -> Message | StatementDraft:
    """Issue `body` on behalf of the mandate's delegation; with `corrects`, as a corrigendum to the
    statement at that number. Where the delegation has its statements released, it becomes a draft
    that waits. Safe to repeat: the same id, the same message or draft.

    Raises what `post_message` raises (slow mode holds nothing back), CorrectsNothing and
    NobodyReleases.
    """
    lock_room(room.pk)
    if earlier := StatementDraft.objects.sent(author, client_id):
        if _said(earlier) != (room.pk, mandate.pk, reply_to, corrects) or (
            earlier.body and earlier.body != body
        ):
            raise ClientIdReused
        return earlier
    access = access_room(author, room.pk)
    seat = next((s for s in issuing_seats(access) if s.mandate == mandate), None)
    if seat is None:
        raise PermissionDenied
    is_sent = Message.objects.is_sent(author, client_id)  # perhaps before a release was asked for
    if is_sent or not seat.mandate.institution.statements_need_release:
        return _post(room, Draft(author, mandate, body, client_id, reply_to, Issue(corrects)))
    return _wait(access, seat.mandate, author, body, client_id, reply_to, corrects)


def _wait(
    access: RoomAccess,
    mandate: Mandate,
    author: User,
    body: str,
    client_id: UUID,
    reply_to: int | None,
    corrects: int | None,
) -> StatementDraft:
    room = access.room
    if access.shut:
        raise RoomShut(access.shut)
    if not (releasers := releasers_of(room, mandate)):
        raise NobodyReleases
    named = Message.objects.numbered(room, {seq for seq in (reply_to, corrects) if seq})
    replied, corrected = named.get(reply_to or 0), named.get(corrects or 0)
    if reply_to and replied is None:
        raise RepliesToNothing
    if refused := not_issued(Issue(corrects, released_by=releasers[0]), mandate, corrected):
        raise refused
    draft = StatementDraft.objects.create(
        room=room,
        author=author,
        mandate=mandate,
        body=body,
        reply_to=replied,
        corrects=corrected,
        client_id=client_id,
    )
    for releaser in releasers:
        tasks.send_statement_letter.defer(
            letter="waiting", draft_id=draft.pk, user_id=releaser.user_id
        )
    _audit(draft, "statement.submitted", author, mandate)
    return draft


@transaction.atomic
def release_statement(*, draft: StatementDraft, actor: User) -> Message:
    """Issue what waits, as its author's. Repeated, it returns the same message.

    Raises PermissionDenied unless the actor is another person of the delegation with the right;
    DraftAnswered, AuthorSilenced, and what `issue_statement` raises.
    """
    draft, mandate = _to_answer(draft, actor)
    if draft.message:
        return draft.message
    _check_waiting(draft)
    issue = Issue(draft.corrects.seq if draft.corrects else None, released_by=mandate)
    replied = draft.reply_to.seq if draft.reply_to else None
    said = Draft(draft.author, draft.mandate, draft.body, draft.client_id, replied, issue)
    try:
        draft.message = _post(draft.room, said)
    except (PermissionDenied, Http404) as error:
        raise AuthorSilenced from error
    draft.body = ""
    _answer(draft, DraftState.RELEASED, actor, mandate)
    return draft.message


@transaction.atomic
def return_statement(*, draft: StatementDraft, reason: str, actor: User) -> StatementDraft:
    """Give what waits back to its author, for `reason`. Repeated, it does nothing.

    Raises PermissionDenied, as a release does, and DraftAnswered.
    """
    draft, mandate = _to_answer(draft, actor)
    if draft.state == DraftState.RETURNED:
        return draft
    _check_waiting(draft)
    draft.reason = reason
    return _answer(draft, DraftState.RETURNED, actor, mandate)


@transaction.atomic
def withdraw_statement(*, draft: StatementDraft, actor: User) -> StatementDraft:
    """Take back what waits. Repeated, it does nothing.

    Raises PermissionDenied unless the actor is its author, and DraftAnswered.
    """
    lock_room(draft.room_id)
    draft = StatementDraft.objects.locked(draft.pk)
    if draft.author_id != actor.pk:
        raise PermissionDenied
    if draft.state == DraftState.WITHDRAWN:
        return draft
    _check_waiting(draft)
    return _answer(draft, DraftState.WITHDRAWN, actor, draft.mandate)


def _post(room: Room, draft: Draft) -> Message:
    [outcome] = post_messages(room_id=room.pk, drafts=[draft])
    if isinstance(outcome, Exception):
        raise outcome
    return outcome


def _said(draft: StatementDraft) -> tuple[int, int, int | None, int | None]:
    replied, corrected = draft.reply_to, draft.corrects
    return (
        draft.room_id,
        draft.mandate_id,
        replied.seq if replied else None,
        corrected.seq if corrected else None,
    )


def _to_answer(draft: StatementDraft, actor: User) -> tuple[StatementDraft, Mandate]:
    """The draft, locked, and the mandate by which the actor releases or returns it."""
    lock_room(draft.room_id)
    draft = StatementDraft.objects.locked(draft.pk)
    seat = seat_to_release(access_room(actor, draft.room_id), actor, draft)
    if seat is None:
        raise PermissionDenied
    return draft, seat.mandate


def _check_waiting(draft: StatementDraft) -> None:
    if not draft.is_waiting:
        raise DraftAnswered


def _answer(
    draft: StatementDraft, state: DraftState, actor: User, mandate: Mandate
) -> StatementDraft:
    draft.state = state
    draft.answered_by = mandate
    draft.answered_at = timezone.now()
    draft.save()
    if state != DraftState.WITHDRAWN:
        tasks.send_statement_letter.defer(
            letter=str(state), draft_id=draft.pk, user_id=draft.author_id
        )
    _audit(draft, f"statement.{state}", actor, mandate)
    return draft


def _audit(draft: StatementDraft, act: str, actor: User, mandate: Mandate) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=draft,
        after={"room": draft.room_id, "institution": draft.mandate.institution_id},
    )
