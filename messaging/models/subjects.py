"""What is talked about in a room: its subjects."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import F, Func, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext

from members.models import User
from messaging.models.messages import Message
from messaging.models.reading import ReadMark
from messaging.models.rooms import COUNTED, Room
from records.languages import Shown, in_language

GENERAL = 0  # in place of a subject's id: the messages that stand under none


class SubjectQuerySet(models.QuerySet["Subject"]):
    def of_room(self, room: Room) -> Self:
        return self.filter(room=room)

    def open(self) -> Self:
        return self.filter(closed_at=None)

    def open_among(self, room: Room, subjects: Iterable[int]) -> dict[int, "Subject"]:
        """By id, those of `subjects` that are of `room` and take messages."""
        return self.of_room(room).open().in_bulk(list(subjects))

    def titled(self, room: Room, titles: dict[str, str]) -> "Subject | None":
        """The open subject of `room` that is called just so, if there is one."""
        return self.of_room(room).open().filter(titles=titles).order_by("pk").first()

    def find(self, room: Room, pk: int) -> "Subject | None":
        return self.of_room(room).filter(pk=pk).first()

    def titles(self, room: Room) -> dict[int, dict[str, str]]:
        return dict(self.of_room(room).values_list("pk", "titles"))

    def general_for_list(self, room: Room, user: User) -> "General":
        """As `for_list`, of the messages of `room` that stand under no subject."""
        said = Message.objects.under(room.pk, GENERAL)
        last = said.order_by("-seq").values_list("posted_at", flat=True).first()
        read_seq = ReadMark.objects.of(user, room)
        unread = said.filter(seq__gt=read_seq, deletion=None, erased_at=None).exclude(author=user)
        return General(last_at=last, unread=len(unread.order_by("seq").values("seq")[:COUNTED]))

    def for_list(self, room: Room, user: User) -> Self:
        """The subjects of `room`, the latest spoken in first, each with `.last_at` and `.unread`:
        messages past the person's read mark, of others, COUNTED at the most.
        """
        said = Message.objects.filter(subject=OuterRef("pk"))
        read = ReadMark.objects.filter(user=user, room=OuterRef("room")).values("last_read_seq")
        past = said.filter(seq__gt=OuterRef("read_seq"))
        unread = past.filter(deletion=None, erased_at=None).exclude(author=user)
        return (
            self.of_room(room)
            .annotate(
                last_at=Subquery(said.order_by("-seq").values("posted_at")[:1]),
                read_seq=Coalesce(Subquery(read), 0),
            )
            .annotate(
                unread=Func(
                    ArraySubquery(unread.order_by("seq").values("seq")[:COUNTED]),
                    function="CARDINALITY",
                    output_field=models.IntegerField(),
                )
            )
            .order_by(F("last_at").desc(nulls_last=True), "-pk")
        )


class Subject(models.Model):
    """A message belongs to one subject of its room, or to none. Closed, it takes no more."""

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="subjects")
    titles = models.JSONField(default=dict)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    objects = SubjectQuerySet.as_manager()
    last_at: datetime | None  # of `for_list()`, as is:
    unread: int

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title.text

    @property
    def title(self) -> Shown:
        return in_language(self.titles)

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None


@dataclass(frozen=True)
class General:
    """What stands under no subject, read by itself as a subject is."""

    last_at: datetime | None = None
    unread: int = 0
    pk: ClassVar[int] = GENERAL
    is_closed: ClassVar[bool] = False

    @property
    def title(self) -> Shown:
        language = get_language() or settings.LANGUAGE_CODE
        return Shown(pgettext("subject", "General"), language)

    @property
    def titles(self) -> Shown:
        return self.title


Viewed = Subject | General  # what a page of a room is of, where it is not of the whole
