"""Rooms, and who may enter them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Case, Count, F, Func, Q, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from members.enums import Capacity, MembershipClass
from members.models import Group, Institution, Mandate, Membership, User
from messaging.enums import ParticipantRole, RoomKind, SlowMode
from messaging.models.mentions import Mention
from messaging.models.messages import Message
from messaging.models.reading import ReadMark
from records.folding import folded_in, holds
from records.languages import Shown, in_language
from records.prepared import Prepared

COUNTED = 100  # unread messages of one room: nobody is helped by a larger number


def _counted(rows: models.QuerySet[Any]) -> Func:
    few = ArraySubquery(rows.order_by("seq").values("seq")[:COUNTED])
    return Func(few, function="CARDINALITY", output_field=models.IntegerField())


class RoomQuerySet(models.QuerySet["Room"]):
    def readable_by(self, user: User | int, at: datetime | None = None) -> Self:
        """Rooms that the person may read now: by a running mandate, by office, or in person."""
        mandates = Mandate.objects.running(at).filter(user=user)
        through = (
            Q(user=user) & Q(models.Exists(mandates))
            | Q(institution__in=mandates.values("institution"))
            | Q(office=Participant.SECRETARIAT)
            & Q(models.Exists(Mandate.objects.of_secretariat(at).filter(user=user)))
        )
        return self.filter(pk__in=Participant.objects.current().filter(through).values("room"))

    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def of_delegation(self, institution: Institution) -> Self:
        """In which the delegation participates as such."""
        present = Participant.objects.current().filter(institution=institution)
        return self.filter(pk__in=present.values("room"))

    def of_office(self) -> Self:
        """In which the secretariat participates as an office."""
        offices = Participant.objects.current().filter(office=Participant.SECRETARIAT)
        return self.filter(pk__in=offices.values("room"))

    def with_retention(self) -> Self:
        """Whose texts are erased after some time."""
        return self.exclude(retention_months=None).order_by("pk")

    def main_of_group(self, group: Group) -> "Room | None":
        """The room that was opened with the group: its new members enter this one by themselves."""
        return self.of_group(group).order_by("pk").first()

    def open_pair(self, kind: str, pair: str) -> "Room | None":
        """The room of the two that is not archived: there is one at most."""
        return self.filter(kind=kind, pair=pair, archived_at=None).first()

    def open_to_all(self) -> Self:
        """Rooms of the whole network: every active member is in them; those of meetings are done
        with once they are archived.
        """
        lasting = Q(kind__in=[RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS])
        return self.filter(lasting | Q(is_of_all=True, archived_at=None))

    def of_all_without(self, institution: Institution) -> Self:
        """Rooms of all that the institution was never in."""
        entered = Participant.objects.filter(institution=institution).values("room")
        return self.open_to_all().exclude(pk__in=entered)

    def for_list(self, user: User) -> Self:
        """The person's rooms with what waits in each, the latest spoken in first."""
        return (
            self.readable_by(user)
            .with_counts(user)
            .order_by(F("last_message_at").desc(nulls_last=True), "pk")
        )

    def spoken_in(self, since: datetime, rooms: Iterable[int] | None = None) -> list["Room"]:
        """Those (of `rooms`) in which somebody has spoken after `since`, or an edit has called upon
        somebody.
        """
        found = self.filter(Q(last_message_at__gt=since) | Q(last_called_at__gt=since))
        return list(found if rooms is None else found.filter(pk__in=rooms))

    def by_id(self, rooms: Iterable[int]) -> dict[int, "Room"]:
        return self.in_bulk(set(rooms))

    def heads(self, rooms: Iterable[int]) -> dict[int, int]:
        """Room id -> number of its last record, for `rooms`."""
        return dict(self.filter(pk__in=rooms).values_list("pk", "head_seq"))

    def open_to_writing(self, chairs: bool) -> Self:
        """Rooms in which a member, or a chair, may write as they stand now."""
        found = self.filter(archived_at=None)
        return found if chairs else found.filter(is_locked=False)

    def all_heads(self) -> dict[int, int]:
        """Room id -> number of its last record, of every room that is written in."""
        return dict(self.filter(archived_at=None).order_by().values_list("pk", "head_seq"))

    def with_unread(self, user: User) -> Self:
        """Each with `.unread`: messages past the person's read mark, their own left out."""
        unread = (
            Message.objects.unread_by(user).order_by().values("room").annotate(n=Count("pk"))
        ).values("n")
        return self.with_read_mark(user).annotate(unread=Coalesce(models.Subquery(unread), 0))

    def with_read_mark(self, user: User | int) -> Self:
        """Each with `.read_seq`: how far the person has read it."""
        read = ReadMark.objects.filter(user=user, room=models.OuterRef("pk"))
        return self.annotate(read_seq=Coalesce(models.Subquery(read.values("last_read_seq")), 0))

    def with_counts(self, user: User | int) -> Self:
        """Each with `.unread` and, of these, `.mentions` that call upon the person.

        At most COUNTED of either are counted: it looks at no more rows than it counts.
        """
        return self.with_read_mark(user).annotate(
            unread=_counted(Message.objects.unread_by(user)),
            mentions=_counted(Mention.objects.unread_by(user)),
        )

    def counts_of(self, user: User) -> dict[int, tuple[int, int]]:
        """Room id -> unread messages and mentions, of the person's rooms that have any.

        One query, cheap enough for every page.
        """
        now = timezone.now()
        found: list[Any] = _counts(user=user.pk, now=now)
        return {pk: (unread, mentions) for pk, unread, mentions in found if unread or mentions}

    def unread_total(self, user: User) -> int:
        """Unread messages in all the person's rooms; of one room at most COUNTED are counted."""
        return sum(unread for unread, _ in self.counts_of(user).values())

    def matching(self, folded: str) -> list["Room"]:
        """Those whose title or purpose, in one language or another, holds every word of `folded`.

        A network has some dozens of rooms: they are read and folded here, without a column.
        """
        return [r for r in self if holds(folded_in(r.titles, r.purposes), folded)]


class Room(models.Model):
    """Where delegations talk. `head_seq` and `head_hash` are those of its last record."""

    kind = models.CharField(max_length=20, choices=RoomKind)
    titles = models.JSONField(default=dict)
    purposes = models.JSONField(default=dict, blank=True)
    group = models.ForeignKey(Group, null=True, blank=True, on_delete=models.PROTECT)
    is_of_all = models.BooleanField(default=False)  # of a meeting in which every active member is
    # Whose it is, of a room of two delegations, "7-12", or of persons, "u:3-5-9": the ids in order;
    # "" for other rooms.
    pair = models.CharField(max_length=100, blank=True)
    is_locked = models.BooleanField(default=False)  # chairs and the secretariat alone write
    slow_seconds = models.PositiveSmallIntegerField(choices=SlowMode, default=SlowMode.OFF)
    archived_at = models.DateTimeField(null=True, blank=True)  # readable, closed to all writing
    has_mutes = models.BooleanField(default=False)  # whether there is a `Mute` to be looked for
    # After so many months texts are erased; null: never.
    retention_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_restricted = models.BooleanField(default=False)  # notifications say nothing of what is said
    head_seq = models.PositiveBigIntegerField(default=0)
    head_hash = models.BinaryField(max_length=32)
    last_message_at = models.DateTimeField(null=True, blank=True)
    last_called_at = models.DateTimeField(null=True, blank=True)  # by an edit, upon somebody new
    created_at = models.DateTimeField(auto_now_add=True)

    objects = RoomQuerySet.as_manager()
    unread: int  # of `with_unread()` and `with_counts()`
    mentions: int  # of `with_counts()`
    delegations: list["Participant"]  # with a voice; where `Record.objects.dress` has read them

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "pair"],
                condition=~Q(pair="") & Q(archived_at=None),
                name="one_open_room_of_a_pair",
            )
        ]

    def __str__(self) -> str:
        return self.title.text

    @property
    def title(self) -> Shown:
        return in_language(self.titles)

    @property
    def purpose(self) -> Shown:
        return in_language(self.purposes)

    @property
    def has_fixed_participants(self) -> bool:
        """Two delegations, or some persons, talk: nobody is let in, and nobody is taken out."""
        return self.kind in (RoomKind.BILATERAL, RoomKind.DIRECT)

    @property
    def is_plenary(self) -> bool:
        """Whether all delegations talk in it: the plenary, or the room of a meeting of all."""
        return self.kind == RoomKind.PLENARY or self.is_of_all

    @property
    def is_direct(self) -> bool:
        """Whether it is of persons: nobody chairs it, and each of them may leave."""
        return self.kind == RoomKind.DIRECT

    @property
    def is_archived(self) -> bool:
        return self.archived_at is not None

    @property
    def state(self) -> dict[str, Any]:
        """Who may write here, as records of a change of state have it in their detail."""
        return {
            "is_locked": self.is_locked,
            "slow_seconds": int(self.slow_seconds),
            "is_archived": self.is_archived,
        }


def _with_counts(user: int, now: datetime) -> models.QuerySet[Any, Any]:
    found: Any = Room.objects.readable_by(user, now).with_counts(user).order_by()
    rows: models.QuerySet[Any, Any] = found.values_list("pk", "unread", "mentions")
    return rows


_counts = Prepared(_with_counts)  # every page asks: to write the SQL takes longer than the answer


class ParticipantQuerySet(models.QuerySet["Participant"]):
    def current(self) -> Self:
        return self.filter(removed_at=None)

    def of_group(self, group: Group, institution: Institution) -> Self:
        """In rooms of the group, in the order in which these are locked."""
        return self.filter(room__group=group, institution=institution).order_by("room")

    def in_common_rooms(self, institution: Institution) -> Self:
        """Where it is because all are; a chair, by a decision of its own, is left out."""
        return (
            self.current()
            .filter(room__in=Room.objects.open_to_all(), institution=institution)
            .exclude(role=ParticipantRole.CHAIR)
            .select_related("room")
        )

    def being(
        self, room: "Room", institution: Institution | None, user: User | None, office: str
    ) -> Self:
        return self.filter(room=room, institution=institution, user=user, office=office)

    def in_person(self, room: "Room", user: User) -> "Participant | None":
        return self.current().filter(room=room, user=user).first()

    def persons_in(self, rooms: Iterable[int]) -> dict[int, list[User]]:
        """Room id -> the people who are in it in person."""
        found: dict[int, list[User]] = {}
        present = self.current().filter(room__in=rooms).exclude(user=None)
        for each in present.select_related("user").order_by("pk"):
            found.setdefault(each.room_id, []).append(each.user)  # type: ignore[arg-type]
        return found

    def of_person(self, user: User) -> Self:
        """Where they are or were in person, with the rooms."""
        return self.filter(user=user).select_related("room").order_by("pk")

    def find(self, room: "Room", pk: int) -> "Participant | None":
        return self.current().with_names().filter(room=room, pk=pk).first()

    def present(self, room: "Room", since: datetime, until: datetime) -> Self:
        """Who was in `room` at some time from `since` to `until`, in the panel's order."""
        return (
            self.with_names()
            .filter(room=room, added_at__lte=until)
            .filter(Q(removed_at=None) | Q(removed_at__gte=since))
        )

    def for_panel(self, room: "Room") -> Self:
        """Who may enter `room`, chairs first, each with its institution."""
        return self.current().filter(room=room).with_names()

    def with_voice(self) -> Self:
        """Delegations that take part and do not only observe; a membership that is suspended or
        has ended speaks nowhere. In a room of announcements all listen: there, listening is not
        observing.
        """
        voices = Membership.objects.active().exclude(membership_class=MembershipClass.OBSERVER)
        return (
            self.current()
            .filter(~Q(role=ParticipantRole.OBSERVER) | Q(room__kind=RoomKind.ANNOUNCEMENTS))
            .filter(institution__in=voices.values("institution"))
            .select_related("institution")
            .order_by("pk")
        )

    def with_names(self) -> Self:
        """Chairs first, each with its institution."""
        return self.select_related("institution", "user").order_by(
            Case(
                When(role=ParticipantRole.CHAIR, then=0),
                When(role=ParticipantRole.MEMBER, then=1),
                default=2,
            ),
            "pk",
        )


class Participant(models.Model):
    """Who may enter a room: a delegation, a person, or the secretariat as an office.

    The office follows the presidency: a handover moves the right without touching the room.
    """

    SECRETARIAT = "secretariat"

    room = models.ForeignKey(Room, on_delete=models.CASCADE, related_name="participants")
    institution = models.ForeignKey(Institution, null=True, blank=True, on_delete=models.PROTECT)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT
    )
    office = models.CharField(
        max_length=20, blank=True, choices=[(SECRETARIAT, Capacity.SECRETARIAT.label)]
    )
    role = models.CharField(max_length=20, choices=ParticipantRole, default=ParticipantRole.MEMBER)
    added_at = models.DateTimeField(auto_now_add=True)
    removed_at = models.DateTimeField(null=True, blank=True)

    objects = ParticipantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(institution__isnull=False, user=None, office="")
                    | Q(institution=None, user__isnull=False, office="")
                    | Q(institution=None, user=None) & ~Q(office="")
                ),
                name="participant_is_one_of_three",
            ),
            models.UniqueConstraint(
                fields=["room", "institution"],
                condition=Q(removed_at=None, institution__isnull=False),
                name="delegation_participates_once",
            ),
            models.UniqueConstraint(
                fields=["room", "user"],
                condition=Q(removed_at=None, user__isnull=False),
                name="person_participates_once",
            ),
            models.UniqueConstraint(
                fields=["room", "office"],
                condition=Q(removed_at=None) & ~Q(office=""),
                name="office_participates_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.room_id} {self.institution_id or self.user_id or self.office} {self.role}"

    @property
    def is_fixed(self) -> bool:
        """The office of the secretariat chairs wherever it is, and is not taken out."""
        return bool(self.office)
