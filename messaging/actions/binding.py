"""Files that wait, bound to the message that they go with, under its room's lock; or held until
then by one that is sent later.
"""

from collections.abc import Iterable, Sequence

from django.conf import settings
from django.utils import timezone

from members.models import User
from messaging.models import Attachment, Message, ScheduledMessage


class FilesMissing(Exception):
    """Files that were to go with the message do not wait for one of this author here; or they are
    too much together. Nothing was saved.
    """

    def __init__(self, ids: Sequence[int], *, too_much: bool = False) -> None:
        super().__init__(ids)
        self.ids, self.too_much = tuple(ids), too_much


def choose_files(
    asked: Sequence[int], author: User, waiting: dict[int, Attachment]
) -> list[Attachment] | FilesMissing:
    """What was `asked` for (ids) by `author`, taken out of `waiting`."""
    if not asked:
        return []
    found = [waiting.get(pk) for pk in dict.fromkeys(asked)]
    own = [each for each in found if each and each.uploader_id == author.pk]
    if len(own) < len(found):
        missing = set(asked) - {each.pk for each in own}
        return FilesMissing([pk for pk in asked if pk in missing])
    if sum(each.file.size for each in own) > settings.MESSAGE_FILES_SIZE:
        return FilesMissing([], too_much=True)
    for each in own:
        del waiting[each.pk]
    return own


def bind_files(files: Iterable[tuple[Message, list[Attachment]]]) -> None:
    """Let each message have its files, in their order."""
    bound = []
    for message, attached in files:
        for position, each in enumerate(attached):
            each.message, each.position = message, position
            bound.append(each)
    if bound:
        Attachment.objects.bulk_update(bound, ["message", "position"])


def hold_files(scheduled: ScheduledMessage, asked: Sequence[int]) -> None:
    """Let `scheduled` have the files that were `asked` for (ids). Raises FilesMissing."""
    waiting = Attachment.objects.to_bind(scheduled.room, asked) if asked else {}
    chosen = choose_files(asked, scheduled.author, waiting)
    if isinstance(chosen, FilesMissing):
        raise chosen
    for position, each in enumerate(chosen):
        each.scheduled, each.position = scheduled, position
    if chosen:
        Attachment.objects.bulk_update(chosen, ["scheduled", "position"])


def let_go(scheduled: ScheduledMessage) -> list[int]:
    """The files wait again, for a day from now, for a message of their uploader's; their ids."""
    ids = list(Attachment.objects.held_by(scheduled).values_list("pk", flat=True))
    if ids:
        freed = Attachment.objects.filter(pk__in=ids)
        freed.update(scheduled=None, created_at=timezone.now())
    return ids
