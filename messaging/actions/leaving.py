"""What of a person's goes from the rooms when their account is erased."""

from django.db import transaction

from members.models import User
from messaging.actions.attachments import discard, remove_held
from messaging.actions.direct import names_joined
from messaging.actions.records import lock_room
from messaging.enums import RoomKind, ScheduledState
from messaging.models import (
    Attachment,
    MessageDraft,
    NotificationLevel,
    NotificationSettings,
    Participant,
    PushDevice,
    ReadMark,
    ScheduledMessage,
    ToldMark,
)


@transaction.atomic
def forget_person(*, user: User) -> None:
    """Drafts, what was to be sent later, files that wait for a message, marks and notifications go;
    rooms of persons bear their name no more. Messages and the record stay.

    For the receiver: who is erased has been made nameless. Repeated, it does nothing.
    """
    theirs = Participant.objects.filter(user=user, room__kind=RoomKind.DIRECT)
    for pk in sorted(set(theirs.values_list("room", flat=True))):
        room = lock_room(pk)
        people = User.objects.filter(pk__in=room.participants.values("user")).order_by("pk")
        room.titles = names_joined(list(people))
        room.save(update_fields=["titles"])
    for each in ScheduledMessage.objects.filter(author=user).select_for_update(no_key=True):
        if each.state != ScheduledState.SENT:
            remove_held(each)
            each.state, each.body = ScheduledState.WITHDRAWN, ""
            each.save(update_fields=["state", "body"])
    waiting = list(Attachment.objects.waiting().filter(uploader=user).select_related("preview"))
    Attachment.objects.filter(pk__in=[each.pk for each in waiting]).delete()
    transaction.on_commit(lambda: discard(waiting))
    for model in (
        MessageDraft,
        ReadMark,
        ToldMark,
        NotificationLevel,
        NotificationSettings,
        PushDevice,
    ):
        model.objects.filter(user=user).delete()
