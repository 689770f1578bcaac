"""What a message carries beside its text: reactions, a pin, acknowledgements by delegations."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q

from members.enums import Capacity
from members.models import Institution, Mandate, User
from messaging.enums import ReactionKind
from messaging.models.messages import Message
from messaging.models.rooms import Participant

if TYPE_CHECKING:
    from messaging.models.rooms import Room


class MessageMarksQuerySet(models.QuerySet["MessageMarks"]):
    def of_room(self, room: "Room") -> Self:
        return self.filter(message__room=room)

    def is_pinned(self, message: Message) -> bool:
        return self.filter(message=message, pin__isnull=False).exists()

    def pinned_in(self, room: "Room") -> Self:
        """Of the pinned messages of `room` that stand, the last pinned first."""
        return (
            self.of_room(room)
            .filter(pin__isnull=False, message__deletion=None, message__erased_at=None)
            .select_related("message__author", "message__mandate__institution", "pin__actor")
            .order_by("-pin__seq")
        )

    def waiting_for(self, institutions: Iterable[int]) -> Self:
        """Of the messages whose acknowledgement by one of `institutions` is still awaited."""
        awaited = Q(pk__in=[])
        for institution in institutions:
            awaited |= _awaited_of(institution)
        asked = self.filter(request__isnull=False, message__deletion=None, message__erased_at=None)
        return (
            asked.filter(awaited, message__room__archived_at=None)
            .select_related("message__room", "message__author", "request")
            .order_by("request__at", "pk")
        )

    def counted_for(self, institutions: Iterable[int]) -> dict[int, int]:
        """Room -> how many of its messages wait for one of `institutions`."""
        found = self.waiting_for(institutions).order_by().values_list("message__room")
        return dict(found.annotate(n=Count("pk")))


def _awaited_of(institution: int) -> Q:
    """See `MessageMarks.missing`, which says the same of one message."""
    asks = Q(request__mandate__institution=institution) & ~Q(
        request__mandate__capacity=Capacity.SECRETARIAT
    )
    here = Participant.objects.with_voice().filter(
        room=OuterRef("message__room"), institution=institution
    )
    given = Acknowledgement.objects.filter(marks=OuterRef("pk"), institution=institution)
    return Exists(here) & ~Exists(given) & ~asks


class MessageMarks(models.Model):
    """Of a message that was ever marked; a plain message has none, and costs no query for it."""

    message = models.OneToOneField(
        Message, primary_key=True, on_delete=models.CASCADE, related_name="marks"
    )
    # The records that pinned it, and that asked the delegations to acknowledge it.
    pin = models.ForeignKey(
        "messaging.Record", null=True, on_delete=models.PROTECT, related_name="+"
    )
    request = models.ForeignKey(
        "messaging.Record", null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = MessageMarksQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "message marks"

    def __str__(self) -> str:
        return f"marks of {self.message_id}"

    @property
    def tally(self) -> list[tuple[ReactionKind, list["Reaction"]]]:
        """The reactions by kind, of the kinds that there are."""
        given = list(self.reactions.all())
        found = [(kind, [each for each in given if each.kind == kind]) for kind in ReactionKind]
        return [(kind, reactions) for kind, reactions in found if reactions]

    @property
    def until(self) -> datetime | None:
        """By when it is to be acknowledged, where that was said."""
        until = self.request.detail.get("until") if self.request else None
        return datetime.fromisoformat(until) if until else None

    @property
    def expected(self) -> list[Institution]:
        """The delegations that are to acknowledge it, as the room stands now: all that have a
        voice, without the one that asks. See `Record.objects.for_display` and `dress`.
        """
        if self.request is None:
            return []
        room: Any = self.request.room
        delegations = getattr(room, "delegations", None)
        if delegations is None:  # on a page of this message alone
            delegations = room.participants.with_voice()
        asking = self.request.mandate
        is_delegation = asking and asking.capacity != Capacity.SECRETARIAT
        own = asking.institution_id if asking and is_delegation else None
        found = [each.institution for each in delegations]
        return [each for each in found if each is not None and each.pk != own]

    @property
    def missing(self) -> list[Institution]:
        given = {each.institution_id for each in self.acknowledgements.all()}
        return [each for each in self.expected if each.pk not in given]

    @property
    def given(self) -> list["Acknowledgement"]:
        """Of those that are to acknowledge it, who has."""
        expected = {each.pk for each in self.expected}
        return [each for each in self.acknowledgements.all() if each.institution_id in expected]

    @property
    def apart(self) -> list["Acknowledgement"]:
        """Given by delegations that are not asked any more: most have left the room."""
        expected = {each.pk for each in self.expected}
        return [each for each in self.acknowledgements.all() if each.institution_id not in expected]


class ReactionQuerySet(models.QuerySet["Reaction"]):
    def given(self, message: Message, user: User, kind: str) -> "Reaction | None":
        return self.filter(marks=message.pk, user=user, kind=kind).first()

    def of_room(self, room: "Room") -> Self:
        return self.filter(marks__message__room=room)

    def for_display(self) -> Self:
        return self.select_related("user", "mandate__institution").order_by("pk")

    def of_person(self, user: User) -> Self:
        """In every room, with the messages and the rooms."""
        return self.filter(user=user).select_related("marks__message__room").order_by("pk")


class Reaction(models.Model):
    marks = models.ForeignKey(MessageMarks, on_delete=models.CASCADE, related_name="reactions")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reactions"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20, choices=ReactionKind)
    given_at = models.DateTimeField()

    objects = ReactionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marks", "user", "kind"], name="reacted_once")
        ]

    def __str__(self) -> str:
        return f"{self.marks_id} {self.user_id} {self.kind}"


class AcknowledgementQuerySet(models.QuerySet["Acknowledgement"]):
    def of_room(self, room: "Room") -> Self:
        return self.filter(marks__message__room=room)

    def for_display(self) -> Self:
        return self.select_related("user", "institution").order_by("pk")

    def of_person(self, user: User) -> Self:
        """That they gave for a delegation, with the messages and the rooms."""
        found = self.filter(user=user).select_related("marks__message__room", "institution")
        return found.order_by("pk")


class Acknowledgement(models.Model):
    """By a delegation, through one of its people. Given once, and not taken back."""

    marks = models.ForeignKey(
        MessageMarks, on_delete=models.CASCADE, related_name="acknowledgements"
    )
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    given_at = models.DateTimeField()

    objects = AcknowledgementQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["marks", "institution"], name="acknowledged_once")
        ]

    def __str__(self) -> str:
        return f"{self.marks_id} {self.institution_id}"
