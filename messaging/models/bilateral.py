"""Two delegations that are to talk: one invites, the other accepts or declines."""

from typing import Self

from django.db import models
from django.db.models import F, Q

from members.models import Institution, Mandate, User
from messaging.enums import InvitationState
from messaging.models.rooms import Room


class BilateralInvitationQuerySet(models.QuerySet["BilateralInvitation"]):
    def pending(self) -> Self:
        return self.filter(state=InvitationState.PENDING)

    def between(self, pair: str) -> Self:
        return self.filter(pair=pair)

    def to_institutions(self, institutions: set[int]) -> Self:
        return self.filter(to__in=institutions)

    def concerning(self, institutions: set[int]) -> Self:
        return self.filter(Q(by__in=institutions) | Q(to__in=institutions))

    def of_person(self, user: User) -> Self:
        """That the person made or answered for their delegation."""
        own = Q(invited_by__user=user) | Q(answered_by__user=user)
        return self.filter(own).for_display()

    def for_display(self) -> Self:
        return self.select_related(
            "by", "to", "room", "invited_by__user", "answered_by__user"
        ).order_by("-pk")

    def find(self, pk: int) -> "BilateralInvitation | None":
        return self.for_display().filter(pk=pk).first()


class BilateralInvitation(models.Model):
    """Accepted, it has a room; until then there is none, and nobody writes anywhere."""

    by = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    to = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    pair = models.CharField(max_length=50)  # see `Room.pair`
    note = models.TextField()
    language = models.CharField(max_length=10)  # of the note: a code of settings.LANGUAGES
    with_office = models.BooleanField(default=False)  # accepted, the secretariat is in the room
    state = models.CharField(
        max_length=10, choices=InvitationState, default=InvitationState.PENDING
    )
    reason = models.TextField(blank=True)  # of who declined
    invited_by = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    room = models.OneToOneField(Room, null=True, on_delete=models.PROTECT, related_name="+")

    objects = BilateralInvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(state=InvitationState.PENDING),
                name="pair_invited_once_at_a_time",
            ),
            models.CheckConstraint(condition=~Q(by=F("to")), name="bilateral_of_two_institutions"),
        ]

    def __str__(self) -> str:
        return f"{self.by_id} {self.to_id} {self.state}"

    @property
    def is_pending(self) -> bool:
        return self.state == InvitationState.PENDING


def pair_of(one: Institution, other: Institution) -> str:
    """The same for both orders."""
    low, high = sorted((one.pk, other.pk))
    return f"{low}-{high}"
