"""Messages to be sent later: by a job at their time, through `post_message`, once at the most."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.utils import timezone

from members.models import Mandate, User
from messaging import tasks
from messaging.actions.attachments import remove_held
from messaging.actions.binding import FilesMissing, hold_files, let_go
from messaging.actions.drafts import add_to_draft
from messaging.actions.messages import (
    ClientIdReused,
    Muted,
    RepliesToNothing,
    RoomShut,
    TooSoon,
    post_message,
)
from messaging.actions.subjects import SubjectNotOpen
from messaging.enums import ScheduledState
from messaging.mentions import MentionRefused
from messaging.models import Message, Room, ScheduledMessage, Subject
from messaging.permissions import access_room

MOST = 50  # messages of one person that wait


class TooMany(Exception):
    """MOST messages of the person wait already: nothing was saved."""


class NotWaiting(Exception):
    """It was sent, refused or withdrawn meanwhile: nothing was changed."""


class Refused(Exception):
    """The message cannot be sent now: `code` is a key of `messaging.scheduling.REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@transaction.atomic
def schedule_message(
    *,
    room: Room,
    author: User,
    mandate: Mandate,
    body: str,
    reply_to: int | None,
    client_id: UUID,
    due_at: datetime,
    subject: int | None = None,
    files: Sequence[int] = (),
) -> ScheduledMessage:
    """Let `body` be said in `room` at `due_at`, with `files` that wait for a message of the author
    there; it holds them until then. Repeated with the same id, it does nothing.

    Raises Http404 where the author may not read the room, PermissionDenied where the mandate may
    not write there, RoomShut in an archived room, SubjectNotOpen, TooMany, FilesMissing.
    """
    access = access_room(author, room.pk)
    seat = access.seat_of(mandate)
    if seat is None or not seat.may_write:
        raise PermissionDenied
    if access.room.is_archived:
        raise RoomShut("archived")
    if subject and not Subject.objects.open_among(access.room, [subject]):
        raise SubjectNotOpen
    if earlier := ScheduledMessage.objects.sent_as(author, client_id):
        return earlier
    if ScheduledMessage.objects.waiting(author).count() >= MOST:
        raise TooMany
    scheduled = ScheduledMessage.objects.create(
        room=access.room,
        author=author,
        mandate=seat.mandate,
        body=body,
        reply_to=reply_to,
        subject_id=subject,
        client_id=client_id,
        due_at=due_at,
    )
    hold_files(scheduled, files)
    tasks.defer_sending(scheduled)
    return scheduled


@transaction.atomic
def change_scheduled(
    *, scheduled: ScheduledMessage, body: str, due_at: datetime, actor: User
) -> ScheduledMessage:
    """Give a message that waits another text or time. Raises NotWaiting."""
    scheduled = _waiting(scheduled, actor)
    moved = scheduled.due_at != due_at
    scheduled.body, scheduled.due_at = body, due_at
    scheduled.save(update_fields=["body", "due_at"])
    if moved:
        tasks.defer_sending(scheduled)
    return scheduled


@transaction.atomic
def withdraw_scheduled(*, scheduled: ScheduledMessage, actor: User) -> None:
    """It is not to be sent, or what was refused is not needed any more: text and files go.

    Repeated, it does nothing. Raises NotWaiting where it was sent meanwhile.
    """
    scheduled = _locked(scheduled.pk)
    if scheduled.author_id != actor.pk:
        raise PermissionDenied
    if scheduled.state == ScheduledState.SENT:
        raise NotWaiting
    remove_held(scheduled)
    scheduled.state, scheduled.body = ScheduledState.WITHDRAWN, ""
    scheduled.save(update_fields=["state", "body"])


@transaction.atomic
def send_now(*, scheduled: ScheduledMessage, actor: User) -> Message:
    """Send a message before its time. Repeated, it returns the same message.

    Raises NotWaiting, and Refused or TooSoon, after which it waits as before.
    """
    scheduled = _locked(scheduled.pk)
    if scheduled.author_id != actor.pk:
        raise PermissionDenied
    if scheduled.message:
        return scheduled.message
    if not scheduled.is_waiting:
        raise NotWaiting
    return _send(scheduled)


@transaction.atomic
def write_again(*, scheduled: ScheduledMessage, actor: User) -> list[int]:
    """Put what was refused into the room's composer, after what is being written there. Returns its
    files (ids), which wait again.

    Raises NotWaiting where it was not refused, Http404 where the room is not open to the actor.
    """
    scheduled = _locked(scheduled.pk)
    if scheduled.author_id != actor.pk:
        raise PermissionDenied
    if scheduled.state != ScheduledState.FAILED:
        raise NotWaiting
    access = access_room(actor, scheduled.room_id)
    if not access.writing:
        raise PermissionDenied
    add_to_draft(
        room=access.room,
        actor=actor,
        mandate=scheduled.mandate if access.seat_of(scheduled.mandate) else None,
        body=scheduled.body,
        reply_to=scheduled.reply_to,
    )
    files = let_go(scheduled)
    scheduled.state, scheduled.body = ScheduledState.WITHDRAWN, ""
    scheduled.save(update_fields=["state", "body"])
    return files


@transaction.atomic
def send_due(*, scheduled_id: int) -> None:
    """What the job does: send the message if it waits and its time has come, however late.

    What is refused is kept for its author, who is told by a letter. In slow mode it waits its turn.
    A job that was deferred for another time than the message now has finds nothing to do.
    """
    scheduled = _locked(scheduled_id)
    if not scheduled.is_waiting or scheduled.due_at > timezone.now() + timedelta(seconds=1):
        return
    try:
        _send(scheduled)
    except TooSoon as soon:
        tasks.defer_sending(scheduled, wait=soon.wait)
    except Refused as refused:
        scheduled.state, scheduled.failure = ScheduledState.FAILED, refused.code
        scheduled.save(update_fields=["state", "failure"])
        tasks.send_scheduled_letter.defer(scheduled_id=scheduled.pk)


def _send(scheduled: ScheduledMessage) -> Message:
    author = scheduled.author
    if not author.is_active:
        raise Refused("read_only")
    try:
        with transaction.atomic():  # refused, it goes on holding its files
            files = let_go(scheduled)
            if len(files) > settings.MESSAGE_FILES:
                raise FilesMissing([], too_much=True)
            message = post_message(
                room=scheduled.room,
                author=author,
                mandate=scheduled.mandate,
                body=scheduled.body,
                client_id=scheduled.client_id,
                reply_to=scheduled.reply_to,
                subject=scheduled.subject_id,
                files=files,
            )
    except FilesMissing as error:
        raise Refused("files") from error
    except MentionRefused as error:
        raise Refused("mention") from error
    except SubjectNotOpen as error:
        raise Refused("subject_closed") from error
    except RoomShut as shut:
        raise Refused(shut.code) from shut
    except Muted as error:
        raise Refused("muted") from error
    except (PermissionDenied, Http404) as error:
        if not Mandate.objects.running().filter(pk=scheduled.mandate_id).exists():
            raise Refused("mandate_ended") from error
        raise Refused("not_found" if isinstance(error, Http404) else "read_only") from error
    except RepliesToNothing as error:
        raise Refused("no_reply") from error
    except ClientIdReused as error:
        raise Refused("id_reused") from error
    scheduled.state, scheduled.message = ScheduledState.SENT, message
    scheduled.sent_at, scheduled.body = message.posted_at, ""  # the message has it now
    scheduled.save(update_fields=["state", "message", "sent_at", "body"])
    return message


def _locked(pk: int) -> ScheduledMessage:
    # Not with its message: who waited for the lock would be given the row that is, joined to what
    # there was before.
    return (
        ScheduledMessage.objects.select_for_update(of=("self",))
        .select_related("room", "author", "mandate")
        .get(pk=pk)
    )


def _waiting(scheduled: ScheduledMessage, actor: User) -> ScheduledMessage:
    scheduled = _locked(scheduled.pk)
    if scheduled.author_id != actor.pk:
        raise PermissionDenied
    if not scheduled.is_waiting:
        raise NotWaiting
    return scheduled
