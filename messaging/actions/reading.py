from django.db import transaction
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Greatest, Least

from members.models import User
from messaging import events, last_seen
from messaging.models import ReadMark, Room
from messaging.permissions import access_room


@transaction.atomic
def mark_unread(*, room: Room, user: User, seq: int) -> ReadMark:
    """Lower the person's read mark to just before `seq`; where it is lower already, nothing.

    The one way down, and taken by nobody but the person: no event, socket or other tab lowers a
    mark, so that what comes late or twice takes nothing back. Raises Http404 where they may not
    read the room.
    """
    access_room(user, room.pk)
    ReadMark.objects.get_or_create(user=user, room=room)
    ReadMark.objects.filter(user=user, room=room).update(
        last_read_seq=Least(F("last_read_seq"), max(seq - 1, 0))
    )
    events.read_changed(user=user.pk)
    return ReadMark.objects.get(user=user, room=room)


@transaction.atomic
def mark_all_read(*, user: User) -> None:
    """Raise the person's read marks of all rooms that they may read now to the records' heads."""
    rooms = Room.objects.readable_by(user)
    missing = [ReadMark(user=user, room=room) for room in rooms]
    ReadMark.objects.bulk_create(missing, ignore_conflicts=True)
    head = Room.objects.filter(pk=OuterRef("room")).values("head_seq")
    ReadMark.objects.filter(user=user, room__in=rooms).update(
        last_read_seq=Greatest(F("last_read_seq"), Subquery(head))
    )
    events.read_changed(user=user.pk)


@transaction.atomic
def mark_read(*, room: Room, user: User, seq: int) -> ReadMark:
    """Raise the person's read mark to `seq`, never beyond the record's head and never down.

    Raises Http404 where they may not read the room.
    """
    head = access_room(user, room.pk).room.head_seq
    last_seen.note(user.pk)
    mark, created = ReadMark.objects.get_or_create(
        user=user, room=room, defaults={"last_read_seq": min(seq, head)}
    )
    before = 0 if created else mark.last_read_seq
    if not created:
        ReadMark.objects.filter(pk=mark.pk).update(
            last_read_seq=Greatest(F("last_read_seq"), Least(seq, head))
        )
        mark.refresh_from_db(fields=["last_read_seq"])
    if mark.last_read_seq > before:
        events.read_changed(user=user.pk)
    return mark
