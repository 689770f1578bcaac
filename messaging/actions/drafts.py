"""What is being written, kept for its author on every device. No act in a room: no record."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging.events import draft_changed
from messaging.models import MessageDraft, Room
from messaging.permissions import access_room


class DraftChanged(Exception):
    """`standing` was written meanwhile on another device, or in another tab: nothing was saved."""

    def __init__(self, standing: MessageDraft) -> None:
        super().__init__()
        self.standing = standing


@transaction.atomic
def save_draft(
    *,
    room: Room,
    actor: User,
    mandate: Mandate | None,
    body: str,
    reply_to: int | None,
    version: int | None,
) -> MessageDraft:
    """Keep `body` as what the actor is writing in `room`; an empty one for nothing.

    `version` is of the draft that it goes on from; None overwrites whatever stands. Raises Http404
    where the actor may not read the room, PermissionDenied where they never write there, and
    DraftChanged where another text stands that they had not before them, or none any more: what
    a page saved as it was left may come long after the message that it became.
    """
    access = access_room(actor, room.pk)
    if not access.writing:
        raise PermissionDenied
    draft = _locked(access.room, actor)
    wanted = (body, reply_to, mandate.pk if mandate else None) if body else ("", None, None)
    if draft.content == wanted:
        return draft
    if version not in (None, draft.version):
        raise DraftChanged(draft)
    draft.body, draft.reply_to, draft.mandate_id = wanted
    return _save(draft)


@transaction.atomic
def forget_draft(*, room: Room, actor: User, body: str, version: int | None = None) -> None:
    """Let go of the draft that says `body`, or is the `version` that `body` was made of: it was
    sent. Of another one nothing.
    """
    draft = MessageDraft.objects.of(actor, room)
    if not draft or not draft.body:
        return
    if draft.version == version or draft.body.strip() == body.strip():
        empty_draft(_locked(room, actor))


@transaction.atomic
def add_to_draft(
    *, room: Room, actor: User, mandate: Mandate | None, body: str, reply_to: int | None
) -> MessageDraft:
    """Put `body` into the composer again, after what is being written there."""
    draft = _locked(room, actor)
    if draft.body:
        if body not in draft.body:
            draft.body = f"{draft.body.rstrip()}\n\n{body}"
    else:
        draft.body, draft.reply_to, draft.mandate = body, reply_to, mandate
    return _save(draft)


def empty_draft(draft: MessageDraft) -> None:
    """Let go of what stands in a draft that the caller has locked."""
    draft.body, draft.reply_to, draft.mandate_id = "", None, None
    _save(draft)


def _locked(room: Room, user: User) -> MessageDraft:
    """The person's draft, which nobody changes until the end of the transaction."""
    MessageDraft.objects.bulk_create(
        [MessageDraft(room=room, user=user, changed_at=timezone.now())], ignore_conflicts=True
    )
    return MessageDraft.objects.select_for_update(of=("self",)).get(room=room, user=user)


def _save(draft: MessageDraft) -> MessageDraft:
    draft.version += 1
    draft.changed_at = timezone.now()
    draft.save()
    draft_changed(room=draft.room_id, user=draft.user_id, version=draft.version)
    return draft
