from collections.abc import Collection
from typing import Any, Self

from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Prefetch, Q, Value, When
from django.utils import timezone

from members.enums import GroupKind, GroupRole, JoinState, MembershipState
from members.models.institutions import Institution, Membership, official_place
from members.models.people import Mandate, User
from members.models.presidencies import network_today
from records.languages import Shown, TextState, final_only, in_language


class GroupQuerySet(models.QuerySet["Group"]):
    def open(self) -> Self:
        return self.filter(closed_at=None)

    def chaired_by(self, institutions: "models.QuerySet[Institution] | set[int]") -> Self:
        places = GroupMember.objects.current().filter(
            group=OuterRef("pk"), institution__in=institutions, role=GroupRole.CHAIR
        )
        return self.filter(Exists(places))

    def with_places(self) -> Self:
        """Each with its members of today in `.places`, chairs first."""
        places = GroupMember.objects.current().for_page()
        return self.prefetch_related(Prefetch("members", places, to_attr="places"))

    def for_list(self) -> list["Group"]:
        """With `.places`, by kind and then by name; two queries."""
        kinds = list(GroupKind)
        return sorted(
            self.with_places(), key=lambda g: (kinds.index(GroupKind(g.kind)), g.name.text, g.pk)
        )

    def find(self, pk: int) -> "Group | None":
        """By a number that came from an address, however large; with `.places`."""
        return self.with_places().filter(pk=pk).first() if 0 < pk < 2**63 else None


class Group(models.Model):
    """A standing body of institutions: working group, contact group, network, committee."""

    kind = models.CharField(max_length=20, choices=GroupKind)
    names = models.JSONField(default=dict)
    mandate_texts = models.JSONField(default=dict)  # language code -> what it is asked to do
    mandate_states = models.JSONField(default=dict)  # see `records.languages`
    starts_on = models.DateField(null=True, blank=True)  # its term, as far as there is one
    ends_on = models.DateField(null=True, blank=True)
    secretariat_chairs = models.BooleanField(default=False)  # beside the institutions that do
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)  # its rooms are archived then
    closing_reason = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=0)  # of what is said of it: see `said()`
    # Of the form that made it, sent twice for one group; null: the portal itself, or before.
    client_id = models.UUIDField(null=True, blank=True, unique=True, editable=False)

    objects = GroupQuerySet.as_manager()
    places: list["GroupMember"]  # set by `with_places()`

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(starts_on=None) | Q(ends_on__gte=F("starts_on")),
                name="group_ends_after_start",
            )
        ]

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Shown:
        return in_language(self.names)

    def said(self) -> dict[str, Any]:
        """All that the secretariat says of it, as a version keeps it."""
        days = {key: getattr(self, key) for key in ("starts_on", "ends_on")}
        return {
            "names": self.names,
            "mandate_texts": self.mandate_texts,
            "mandate_states": self.mandate_states,
            **{key: day and day.isoformat() for key, day in days.items()},
            "secretariat_chairs": self.secretariat_chairs,
        }

    @property
    def mandate_text(self) -> Shown:
        """What every delegate may read: the languages that are final."""
        return in_language(final_only(self.mandate_texts, self.mandate_states))

    @property
    def drafts(self) -> list[str]:
        """Codes of the languages in which the mandate is written and not yet final."""
        return [
            code
            for code, text in self.mandate_texts.items()
            if text and self.mandate_states.get(code) != TextState.FINAL
        ]

    @property
    def is_closed(self) -> bool:
        return self.closed_at is not None

    @property
    def has_run_out(self) -> bool:
        """Whether the last day of its term is past. Nothing follows from it by itself."""
        return self.ends_on is not None and self.ends_on < network_today()

    @property
    def is_network(self) -> bool:
        """In a thematic network each institution names its national focal point."""
        return self.kind == GroupKind.THEMATIC_NETWORK

    def has_representative(self, role: str) -> bool:
        """Whether a place of this role has one: who chairs, or its focal point in a network."""
        return role == GroupRole.CHAIR or (self.is_network and role == GroupRole.MEMBER)

    def seated(self, *roles: str) -> list["GroupMember"]:
        """Of `.places`, those in these roles."""
        return [place for place in self.places if place.role in roles]

    @property
    def chairs(self) -> list["GroupMember"]:
        return self.seated(GroupRole.CHAIR)

    @property
    def plain_members(self) -> list["GroupMember"]:
        return self.seated(GroupRole.MEMBER)

    @property
    def observers(self) -> list["GroupMember"]:
        return self.seated(GroupRole.OBSERVER)

    @property
    def having_say(self) -> list["GroupMember"]:
        """Of `.places`, those of institutions that are not suspended."""
        return [place for place in self.places if not place.is_suspended]

    def place_of(self, institution_id: int) -> "GroupMember | None":
        return next((p for p in self.places if p.institution_id == institution_id), None)


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def current(self) -> Self:
        return self.filter(until=None)

    def for_rooms(self) -> Self:
        """Those of today, each with its institution."""
        return self.current().select_related("institution").order_by("pk")

    def for_page(self) -> Self:
        """With institution and representative; `.is_represented` says if that one's mandate runs,
        `.is_suspended` if the institution is. Chairs first, then in the official order.
        """
        rank = Case(*(When(role=r, then=Value(n)) for n, r in enumerate(GroupRole)))
        suspended = Membership.objects.current().filter(state=MembershipState.SUSPENDED)
        return (
            self.select_related("institution", "representative__user")
            .annotate(
                is_represented=Exists(
                    Mandate.objects.running().filter(pk=OuterRef("representative"))
                ),
                is_suspended=Exists(suspended.filter(institution=OuterRef("institution"))),
            )
            .order_by(rank, official_place("institution__country"), "pk")
        )

    def of_institutions(self, institutions: Collection[int]) -> Self:
        return self.filter(institution__in=institutions)

    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def history(self) -> Self:
        """All that ever were, the latest come first."""
        return self.select_related("institution", "representative__user").order_by(
            F("since").desc(nulls_last=True), "-pk"
        )

    def held_by_person(self, user: User) -> Self:
        """In which they represent, or represented, their institution; with the groups."""
        found = self.filter(representative__user=user).select_related("group", "institution")
        return found.order_by("pk")

    def groups_concerning(self, institution: Institution) -> list[int]:
        """Groups (ids) in which it has a place now, or has asked for one; in their order."""
        seated = self.current().filter(institution=institution).values_list("group", flat=True)
        asked = JoinRequest.objects.pending().of_institutions([institution.pk])
        return sorted({*seated, *asked.values_list("group", flat=True)})

    def groups_represented_by(self, mandate: Mandate) -> list[int]:
        """Groups (ids) in which it represents its institution now, in their order."""
        found = self.current().filter(representative=mandate).order_by("group")
        return list(found.values_list("group", flat=True))

    def place(self, group: Group, institution: Institution) -> "GroupMember | None":
        """The one of today, locked."""
        return (
            self.current()
            .select_for_update(no_key=True)
            .filter(group=group, institution=institution)
            .first()
        )


class GroupMember(models.Model):
    """An institution's place in a group over a time. Another role, or another representative,
    closes the row and opens the next.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="groups")
    role = models.CharField(max_length=20, choices=GroupRole, default=GroupRole.MEMBER)
    # Of the institution's delegation: who chairs, or is its national focal point in the network.
    representative = models.ForeignKey(
        Mandate, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateTimeField(null=True, blank=True, default=timezone.now)  # null: not recorded
    until = models.DateTimeField(null=True, blank=True)  # null: it still stands

    objects = GroupMemberQuerySet.as_manager()
    is_represented: bool  # set by `for_page()`
    is_suspended: bool  # it too

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "institution"],
                condition=Q(until=None),
                name="group_member_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(until=None) | Q(since=None) | Q(until__gte=F("since")),
                name="group_member_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.institution_id} {self.role}"

    @property
    def is_chair(self) -> bool:
        return self.role == GroupRole.CHAIR


class JoinRequestQuerySet(models.QuerySet["JoinRequest"]):
    def pending(self) -> Self:
        return self.filter(state=JoinState.PENDING)

    def of_group(self, group: Group) -> Self:
        return self.filter(group=group)

    def of_institutions(self, institutions: Collection[int]) -> Self:
        return self.filter(institution__in=institutions)

    def asked_by_person(self, user: User) -> Self:
        return self.filter(asked_by__user=user).for_display()

    def answered_by_person(self, user: User) -> Self:
        return self.filter(answered_by__user=user).for_display()

    def not_asked_by(self, user: User) -> Self:
        return self.exclude(asked_by__user=user)

    def in_groups_chaired(self, *, by: Collection[int], mandates: Collection[int]) -> Self:
        """In groups that one of the institutions `by` chairs, or the holder of one of `mandates`
        in its name.
        """
        chairs = GroupMember.objects.current().filter(group=OuterRef("group"), role=GroupRole.CHAIR)
        own = Q(institution__in=by) | Q(representative__in=mandates)
        return self.filter(Exists(chairs.filter(own)))

    def for_display(self) -> Self:
        return self.select_related(
            "group", "institution", "asked_by__user", "answered_by__user"
        ).order_by("-pk")

    def find(self, pk: int) -> "JoinRequest | None":
        return self.for_display().filter(pk=pk).first() if 0 < pk < 2**63 else None


class JoinRequest(models.Model):
    """An institution asks for a place in a group; the chair or the secretariat answers."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="requests")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=GroupRole, default=GroupRole.MEMBER)
    words = models.TextField()
    state = models.CharField(max_length=10, choices=JoinState, default=JoinState.PENDING)
    reason = models.TextField(blank=True)  # of who declined
    asked_by = models.ForeignKey(Mandate, on_delete=models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Mandate, null=True, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    objects = JoinRequestQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "institution"],
                condition=Q(state=JoinState.PENDING),
                name="group_asked_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(role=GroupRole.CHAIR), name="nobody_asks_to_chair_a_group"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.institution_id} {self.state}"

    @property
    def is_pending(self) -> bool:
        return self.state == JoinState.PENDING
