"""Translations that people attach, and the language that a message is said to be in."""

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging.actions.editing import MessageGone
from messaging.actions.records import lock_room, next_record, save_records
from messaging.enums import RecordKind
from messaging.models import Message, Room, Translation
from messaging.permissions import access_message
from messaging.translation_rights import can_correct_language, can_remove, seats_to_translate


class TranslatedByAnother(Exception):
    """Somebody else attached the translation of this kind into this language."""

    def __init__(self, standing: Translation) -> None:
        super().__init__(standing)
        self.standing = standing


@transaction.atomic
def attach_translation(
    *,
    room: Room,
    seq: int,
    language: str,
    kind: str,
    text: str,
    actor: User,
    mandate: Mandate,
) -> Translation:
    """Let `text` stand beside the message at `seq` as what it says in `language`.

    Attached again by the same person, it replaces theirs; the same text is no new act. Raises
    Http404 where they may not read the room, PermissionDenied where `mandate` may attach none of
    this kind, MessageGone, TranslatedByAnother.
    """
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    room = access.room
    if mandate not in [seat.mandate for seat in seats_to_translate(access, message, kind)]:
        raise PermissionDenied
    if message.deletion_id:
        raise MessageGone
    standing = Translation.objects.standing(message, language, kind)
    if standing and standing.author != actor:
        raise TranslatedByAnother(standing)
    if standing and (standing.text, standing.version) == (text, message.version):
        return standing
    if standing:
        standing.delete()
    now = timezone.now()
    translation = Translation.objects.create(
        message=message,
        language=language,
        kind=kind,
        text=text,
        version=message.version,
        author=actor,
        mandate=mandate,
        attached_at=now,
    )
    _count(message)
    record = next_record(
        room=room,
        kind=RecordKind.TRANSLATION_ATTACHED,
        actor=actor,
        mandate=mandate,
        text=text,
        message=message,
        detail={"language": language, "kind": str(kind), "version": message.version},
    )
    save_records(room=room, records=[record])
    return translation


@transaction.atomic
def remove_translation(*, translation: Translation, actor: User) -> None:
    """Take it away: by who attached it, or who chairs. Repeated, it does nothing.

    Raises Http404 where they may not read the room, PermissionDenied.
    """
    room = lock_room(translation.message.room_id)
    access, message = access_message(actor, room.pk, translation.message.seq)
    room = access.room
    standing = Translation.objects.find(message, translation.pk)
    if standing is None:
        return
    seat = can_remove(access, actor, standing)
    if seat is None:
        raise PermissionDenied
    standing.delete()
    _count(message)
    record = next_record(
        room=room,
        kind=RecordKind.TRANSLATION_REMOVED,
        actor=actor,
        mandate=seat.mandate,
        message=message,
        detail={"language": standing.language, "kind": standing.kind},
    )
    save_records(room=room, records=[record])


@transaction.atomic
def correct_language(*, room: Room, seq: int, language: str, actor: User) -> Message:
    """Say in which language a message is. Repeated, it does nothing.

    Raises Http404 where they may not read the room, PermissionDenied unless it is theirs or they
    chair, MessageGone.
    """
    lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    room = access.room
    seat = can_correct_language(access, actor, message)
    if seat is None:
        raise PermissionDenied
    if message.deletion_id:
        raise MessageGone
    if message.language == language:
        return message
    message.language = language
    message.save(update_fields=["language"])
    record = next_record(
        room=room,
        kind=RecordKind.LANGUAGE_CORRECTED,
        actor=actor,
        mandate=seat.mandate,
        message=message,
        detail={"language": language},
    )
    save_records(room=room, records=[record])
    return message


def _count(message: Message) -> None:
    message.translation_count = message.translations.count()
    message.save(update_fields=["translation_count"])
