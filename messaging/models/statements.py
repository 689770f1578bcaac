"""What is said on behalf of a delegation: statements and corrigenda, and drafts of them."""

from collections.abc import Collection
from datetime import timedelta
from typing import Self
from uuid import UUID

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.models import Mandate, User
from messaging.enums import DraftState
from messaging.models.messages import Message, is_right_of_reply
from messaging.models.rooms import Room

LATELY = timedelta(days=14)  # what was returned before is nobody's task any more


class Statement(models.Model):
    """What makes a message (`.message`) a statement of its mandate's delegation, for ever.

    With `corrects` it is a corrigendum to that statement.
    """

    corrects = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="corrigenda"
    )
    released_by = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")

    message: Message

    def __str__(self) -> str:
        return f"{self.pk}"

    @property
    def is_corrigendum(self) -> bool:
        return self.corrects_id is not None

    @property
    def standing_corrigenda(self) -> list["Statement"]:
        """Those that were not deleted, the first first. Read through a prefetch, costs nothing."""
        found = [each for each in self.corrigenda.all() if each.message.stands]
        return sorted(found, key=lambda each: each.message.seq)


def _returned_to(user_id: int) -> Q:
    """Returned lately, and not taken up again by that person, nor overtaken by a statement of
    theirs. What they wrote before it passed to them is no answer to it.
    """
    own = {"author": user_id, "room": OuterRef("room")}
    taken_up = StatementDraft.objects.filter(
        **own,
        pk__gt=OuterRef("pk"),
        created_at__gte=Coalesce(OuterRef("passed_to__starts_at"), OuterRef("created_at")),
    )
    issued = Message.objects.filter(
        **own,
        statement__isnull=False,
        posted_at__gt=Coalesce(OuterRef("passed_to__starts_at"), OuterRef("answered_at")),
    )
    return Q(
        ~Exists(taken_up),
        ~Exists(issued),
        state=DraftState.RETURNED,
        answered_at__gt=timezone.now() - LATELY,
    )


class StatementDraftQuerySet(models.QuerySet["StatementDraft"]):
    def waiting(self) -> Self:
        return self.filter(state=DraftState.WAITING)

    def answered(self) -> Self:
        """The latest of those that wait no more."""
        return self.exclude(state=DraftState.WAITING)[:20]

    def of_delegations(self, room: Room, institutions: Collection[int]) -> Self:
        return self.filter(room=room, mandate__institution__in=institutions)

    def asking(self, mandate: Mandate) -> Self:
        """What asks something of the mandate's holder, the oldest first: drafts of others of the
        delegation that wait, and those of their own, or that passed to them with a mandate, that
        were returned lately, until they take the text up again or issue another in the room.
        """
        own = Q(passed_to=None, author=mandate.user_id) | Q(passed_to__user=mandate.user_id)
        returned = own & _returned_to(mandate.user_id)
        waiting = Q(state=DraftState.WAITING) & ~Q(author=mandate.user_id)
        return (
            self.filter(waiting | returned, mandate__institution=mandate.institution_id)
            .filter(room__archived_at=None)
            .select_related("room")
            .order_by("pk")
        )

    def of_person(self, user: User) -> Self:
        """That the person wrote, or answered for their delegation; with room and message."""
        own = Q(author=user) | Q(answered_by__user=user)
        found = self.filter(own).select_related("room", "message", "answered_by", "mandate")
        return found.order_by("pk")

    def unfinished_under(self, mandate: Mandate) -> Self:
        """What the mandate's holder has still to see to under it: drafts that wait, and those that
        were returned lately and not taken up again. By their rooms.
        """
        theirs = Q(passed_to=None, mandate=mandate) | Q(passed_to=mandate)
        unfinished = Q(state=DraftState.WAITING) | _returned_to(mandate.user_id)
        return self.filter(theirs & unfinished).order_by("room", "pk")

    def discarded_before(self, message: Message) -> Self:
        """What became the statement `message`, or was given up on the way to it: the drafts of its
        delegation, about the same statement where it corrects one, that were returned or withdrawn
        since the delegation's last statement in the room. Of none that is plain.
        """
        found = self.filter(
            room=message.room_id,
            mandate__institution=message.mandate.institution_id,
            state__in=(DraftState.RETURNED, DraftState.WITHDRAWN),
            answered_at__lte=message.posted_at,
        )
        statement = message.statement
        if statement is None:
            return found.none()
        of = statement.corrects.message if statement.corrects else None
        earlier = Message.objects.issued_before(message)
        if earlier:
            found = found.filter(answered_at__gt=earlier.posted_at)
        return found.filter(corrects=of)

    def discarded_saying(self, room: Room, texts: Collection[str]) -> Self:
        """Those that were returned or withdrawn in `room` and say just one of `texts`."""
        discarded = (DraftState.RETURNED, DraftState.WITHDRAWN)
        return self.filter(room=room, state__in=discarded, body__in=[t for t in texts if t])

    def sent(self, author: User, client_id: UUID) -> "StatementDraft | None":
        """What the author sent with this client id, if it was sent already."""
        return self.for_display().filter(author=author, client_id=client_id).first()

    def for_display(self) -> Self:
        return self.select_related(
            "room",
            "author",
            "mandate__institution",
            "reply_to__mandate__institution",
            "reply_to__author",
            "reply_to__statement",
            "corrects__mandate__institution",
            "answered_by__user",
            "passed_to__user",
            "message",
        ).order_by("-pk")

    def locked(self, pk: int) -> "StatementDraft":
        """Locked until the end of the transaction. The room's lock is taken before."""
        return self.for_display().select_for_update(no_key=True, of=("self",)).get(pk=pk)

    def find(self, room: Room, pk: int) -> "StatementDraft | None":
        return self.for_display().filter(room=room, pk=pk).first()


class StatementDraft(models.Model):
    """A statement that waits for its release by a second person of the delegation.

    Released, it is a `message`, and `body` is empty: the text is where every reader has it. One
    that was given up loses text and reason with a text that is erased for law's sake (`erased_at`).
    Handed over with its mandate (`passed_to`) it waits no more, for nobody speaks in the name of
    the successor: it is returned, and theirs to take up. Who wrote it stays its author.
    """

    room = models.ForeignKey(Room, on_delete=models.PROTECT, related_name="statement_drafts")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="statement_drafts"
    )
    mandate = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    body = models.TextField(blank=True)
    reply_to = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    corrects = models.ForeignKey(Message, null=True, on_delete=models.PROTECT, related_name="+")
    client_id = models.UUIDField()
    state = models.CharField(max_length=10, choices=DraftState, default=DraftState.WAITING)
    reason = models.TextField(blank=True)  # of who returned it
    answered_by = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    passed_to = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)
    message = models.OneToOneField(
        Message, null=True, on_delete=models.PROTECT, related_name="draft"
    )

    objects = StatementDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["author", "client_id"], name="draft_sent_once"),
            models.CheckConstraint(
                condition=Q(state=DraftState.RELEASED, message__isnull=False, body="")
                | ~Q(state=DraftState.RELEASED) & Q(message=None),
                name="released_draft_is_a_message",
            ),
            models.CheckConstraint(
                condition=Q(passed_to=None) | Q(state=DraftState.RETURNED),
                name="draft_passed_on_is_returned",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.mandate_id} {self.state}"

    @property
    def is_waiting(self) -> bool:
        return self.state == DraftState.WAITING

    @property
    def keeper(self) -> User:
        """Who may take the text up again: its author, or who was handed the mandate."""
        return self.passed_to.user if self.passed_to else self.author

    @property
    def is_right_of_reply(self) -> bool:
        return is_right_of_reply(self.reply_to, self.mandate)
