"""Changing what was said: each change is a record, and the record keeps every version."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import User
from messaging.actions.messages import ClientIdReused
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind
from messaging.mentions import Lazily, called_upon
from messaging.models import Mention, Message, Record, Room
from messaging.models.mentions import people_of
from messaging.permissions import access_message, seat_to_delete, seat_to_edit
from records.actions import append_audit_entry
from records.guess import language_of


class MessageChanged(Exception):
    """The message stands in another version than the one that was to be edited."""


class MessageGone(Exception):
    """The message was deleted, or its text erased."""


@transaction.atomic
def edit_message(
    *, room: Room, seq: int, version: int, body: str, client_id: UUID, actor: User
) -> Message:
    """Let the message at `seq` say `body`. Safe to repeat: the same id, the same version.

    `version` is what the author had before them. Raises Http404 where they may not read the room,
    PermissionDenied where it is not theirs or they may not write, MessageGone, MessageChanged,
    ClientIdReused where the id was used for another edit of the message, and MentionRefused where
    the text calls upon who cannot be.
    """
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    room = access.room
    seat = seat_to_edit(access, actor, message)
    if seat is None:
        raise PermissionDenied
    if earlier := Record.objects.edit_of(message, client_id):
        if earlier.text not in (None, body):  # an erased text can be compared no more
            raise ClientIdReused
        return message
    if not message.stands:
        raise MessageGone
    if message.version != version:
        raise MessageChanged
    if message.body == body:
        return message
    mentioned = called_upon(body, Lazily(room), seat, actor.pk, before=message)
    if message.mentioned or mentioned:
        _mention(room, message, mentioned)
    if message.language in ("", language_of(message.body)):  # not corrected: told anew
        message.language = language_of(body)
    message.body = body
    message.search_text = message.searchable(message.shown_files)
    message.version += 1
    message.save(update_fields=["body", "search_text", "version", "language", "mentioned"])
    record = next_record(
        room=room,
        kind=RecordKind.MESSAGE_EDITED,
        actor=actor,
        mandate=seat.mandate,
        text=body,
        message=message,
        detail={
            "client_id": str(client_id),
            "version": message.version,
            **({"mentions": mentioned} if mentioned else {}),
        },
    )
    save_records(room=room, records=[record])
    return message


def _mention(room: Room, message: Message, mentioned: list[list[int]]) -> None:
    """Let the (next version of the) message call upon these: who was called upon before stays, the
    others go. Who was once called upon and is again is so since then, and told of it once.
    """
    message.mentioned = mentioned
    people = people_of(mentioned)
    Mention.objects.of_message(message).exclude(user__in=people).delete()
    if not people:
        return
    known = Record.objects.called_by(message)
    if set(people) - known.keys():
        room.last_called_at = timezone.now()
        room.save(update_fields=["last_called_at"])
    since = dict.fromkeys(people, room.head_seq + 1) | known
    Mention.objects.bulk_create(Mention.of_people(message, since), ignore_conflicts=True)


@transaction.atomic
def delete_message(*, room: Room, seq: int, reason: str, actor: User) -> Message:
    """Take a message's text from the room, for `reason`. Repeated, it does nothing.

    Raises Http404 where the actor may not read the room, PermissionDenied where the message is
    another's and they do not chair.
    """
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    room = access.room
    seat = seat_to_delete(access, actor, message)
    if seat is None:
        raise PermissionDenied
    if not message.stands:
        return message
    record = next_record(
        room=room,
        kind=RecordKind.MESSAGE_DELETED,
        actor=actor,
        mandate=seat.mandate,
        text=reason,
        message=message,
    )
    save_records(room=room, records=[record])
    if message.mentioned:
        _mention(room, message, [])
    message.translations.all().delete()
    message.body = message.search_text = ""
    message.deletion, message.translation_count = record, 0
    message.save(
        update_fields=["body", "search_text", "deletion", "mentioned", "translation_count"]
    )
    if message.author_id != actor.pk:
        append_audit_entry(
            actor=actor,
            mandate=seat.mandate,
            act="message.deleted",
            thing=message,
            before={"room": room.pk, "number": message.seq, "user": message.author_id},
        )
    return message
