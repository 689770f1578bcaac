from django.db import transaction
from django.db.models import F
from django.db.models.functions import Greatest, Least

from members.models import User
from messaging.models import ReadMark, Room
from messaging.permissions import access_room


@transaction.atomic
def mark_read(*, room: Room, user: User, seq: int) -> ReadMark:
    """Raise the person's read mark to `seq`, never beyond the record's head and never down.

    Raises Http404 where they may not read the room.
    """
    head = access_room(user, room.pk).room.head_seq
    mark, created = ReadMark.objects.get_or_create(
        user=user, room=room, defaults={"last_read_seq": min(seq, head)}
    )
    if not created:
        ReadMark.objects.filter(pk=mark.pk).update(
            last_read_seq=Greatest(F("last_read_seq"), Least(seq, head))
        )
        mark.refresh_from_db(fields=["last_read_seq"])
    return mark
