"""Meetings and their agendas."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Count, Max, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from assembly.enums import (
    KINDS_OF_ALL,
    PUBLIC_KINDS,
    ItemStanding,
    MeetingKind,
    PollState,
)
from assembly.models.delegations import MeetingDelegation
from assembly.models.polls import Poll, RollEntry
from assembly.models.rules import RuleSet
from assembly.names import days_in_words, meeting_name
from members.countries import all_names
from members.enums import ApplicationState, MembershipClass
from members.models import Application, Membership
from messaging.models import Room
from records.folding import fold, folded_in, holds
from records.languages import Shown, TextState, final_only, in_language, state_of
from records.models import AuditEntry


def _not_over(path: str = "") -> Q:
    today = timezone.now().date()
    open_end = Q(**{f"{path}ends_on": None, f"{path}starts_on__gte": today})
    return open_end | Q(**{f"{path}ends_on__gte": today})


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def upcoming(self) -> Self:
        """Not over yet (UTC), those under way included; the next one first."""
        return self.filter(_not_over()).order_by("starts_on", "pk")

    def past(self) -> Self:
        return self.exclude(_not_over()).newest_first()

    def over_at(self, day: date) -> Self:
        """Those whose last day was before `day`."""
        return self.annotate(last=Coalesce("ends_on", "starts_on")).filter(last__lt=day)

    def with_held_results(self) -> Self:
        """Where a decision waits to be released; the earliest first."""
        held = AgendaItem.objects.held().filter(meeting=OuterRef("pk"))
        waiting = self.filter(models.Exists(held), holds_results=True)
        return waiting.order_by("starts_on", "pk")

    def newest_first(self) -> Self:
        return self.order_by("-starts_on", "-pk")

    def general_assemblies(self) -> Self:
        return self.filter(kind=MeetingKind.GENERAL_ASSEMBLY)

    def public(self) -> Self:
        """Those that everyone may know of. Boards and working groups meet among themselves."""
        return self.filter(kind__in=PUBLIC_KINDS)

    def with_programme(self) -> Self:
        """Each with `.programme`: what everyone may know of its agenda."""
        return self.prefetch_related(
            Prefetch("agenda_items", queryset=AgendaItem.objects.public(), to_attr="programme")
        )

    def with_revision(self) -> Self:
        """Each with `.revised_at` and `.revisions`: when its days and place were last told, and how
        often (the log knows; its agenda does not count).
        """
        told = (
            AuditEntry.objects.filter(
                object_type="assembly.meeting",
                object_id=OuterRef("pk"),
                act__in=("meeting.created", "meeting.changed"),
            )
            .order_by()
            .values("object_id")
        )
        return self.annotate(
            revised_at=Subquery(told.annotate(at_last=Max("at")).values("at_last")),
            revisions=Subquery(told.annotate(times=Count("pk")).values("times")),
        )

    def find(self, pk: int) -> "Meeting | None":
        return self.filter(pk=pk).first()

    def of_rooms(self, rooms: Iterable[int]) -> Self:
        """Those whose room is one of `rooms` (ids)."""
        return self.filter(room__in=rooms)

    def numbered(self, kind: str, number: int) -> Self:
        return self.filter(kind=kind, number=number)

    def for_list(self) -> Self:
        """Each with `.items` and `.present`: how long its agenda, how many delegations."""
        return self.annotate(
            items=Count("agenda_items", distinct=True), present=Count("delegations", distinct=True)
        )

    def matching(self, folded: str) -> "list[Meeting]":
        """Those whose name, place or year holds every word of `folded`, the latest first.

        Names are made of words of ours: they are folded here, in every language.
        """
        return [each for each in self.newest_first() if holds(each.searchable(), folded)]

    def for_page(self) -> Self:
        return self.select_related("rules").prefetch_related(
            Prefetch("delegations", queryset=MeetingDelegation.objects.in_official_order()),
            "agenda_items__application",
            "agenda_items__poll",
        )


class Meeting(models.Model):
    """A dated gathering. Never called a session: that word belongs to the web."""

    kind = models.CharField(max_length=20, choices=MeetingKind)
    number = models.PositiveSmallIntegerField(null=True, blank=True)
    cities = models.JSONField(default=dict)
    country = models.CharField(max_length=2, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)  # null: the source gives no last day
    note = models.TextField(blank=True)
    holds_results = models.BooleanField(default=False)  # until the president releases them together
    rules = models.ForeignKey(RuleSet, null=True, blank=True, on_delete=models.PROTECT)
    room = models.OneToOneField(
        Room, null=True, blank=True, on_delete=models.PROTECT, related_name="meeting"
    )  # where its delegations talk

    objects = MeetingQuerySet.as_manager()
    items: int  # of `for_list()`
    present: int
    programme: list["AgendaItem"]  # of `with_programme()`
    revised_at: datetime | None  # of `with_revision()`
    revisions: int | None

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "number"], name="meeting_number_once"),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="meeting_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        return meeting_name(self.kind, self.number)

    def searchable(self) -> str:
        """Name, city, country and year, in every language, folded."""
        words = [*self.cities.values(), str(self.starts_on.year)]
        if self.country:
            words += all_names(self.country)
        for language, _name in settings.LANGUAGES:
            with translation.override(language):
                words.append(self.name)
        return fold(" ".join(words))

    @property
    def is_public(self) -> bool:
        return self.kind in PUBLIC_KINDS

    @property
    def is_of_all(self) -> bool:
        """Whether all active members take part; else those that the secretariat names."""
        return self.kind in KINDS_OF_ALL

    @property
    def days(self) -> SafeString:
        return days_in_words(self.starts_on, self.ends_on, is_over=self.is_over)

    @property
    def last_day(self) -> date:
        return self.ends_on or self.starts_on

    @property
    def has_begun(self) -> bool:
        return self.starts_on <= timezone.now().date()

    @property
    def is_over(self) -> bool:
        return self.last_day < timezone.now().date()

    @property
    def city(self) -> Shown:
        return in_language(self.cities)


class AgendaItemQuerySet(models.QuerySet["AgendaItem"]):
    def public(self) -> Self:
        """What of an agenda everyone may know: of general assemblies, and never who has applied."""
        return self.filter(meeting__kind=MeetingKind.GENERAL_ASSEMBLY, application=None)

    def for_vote(self) -> Self:
        """Each with its meeting, its application, and its poll with the whole roll."""
        return self.select_related(
            "meeting__rules", "application", "poll__rules", "poll__certified_by", "poll__opened_by"
        ).prefetch_related(
            Prefetch("poll__roll", queryset=RollEntry.objects.select_related("institution"))
        )

    def find(self, meeting_id: int, position: int) -> "AgendaItem | None":
        return self.filter(meeting_id=meeting_id, position=position).first()

    def matching(self, folded: str) -> "list[AgendaItem]":
        """Those whose title, in one language or another, holds every word of `folded`, the items
        of the latest meeting first.
        """
        found = self.select_related("meeting").order_by(
            "-meeting__starts_on", "-meeting", "position"
        )
        return [each for each in found if holds(folded_in(each.public_titles), folded)]

    def to_be_voted_by(self, institution_id: int) -> Self:
        """Questions before meetings to come that this institution will vote on; the next first."""
        entitled = Membership.objects.entitled_to_vote().filter(institution=institution_id)
        return (
            self.filter(
                _not_over("meeting__"),
                models.Exists(entitled),
                application__state=ApplicationState.ON_AGENDA,
                poll=None,
                deferred_at=None,
            )
            .select_related("meeting")
            .order_by("meeting__starts_on", "meeting", "position")
        )

    def unfinished(self) -> Self:
        """Those on whose application something is still to be done: a vote, another decision, the
        charter; the earliest meeting first.
        """
        open_states = (
            ApplicationState.ON_AGENDA,
            ApplicationState.DEFERRED,
            ApplicationState.ADMITTED,
            ApplicationState.CHARTER_SIGNED,
        )
        return (
            self.filter(application__state__in=open_states)
            .select_related("meeting", "application")
            .order_by("meeting__starts_on", "meeting", "position")
        )

    def with_open_vote(self) -> Self:
        """Those with a vote under way, each with `.not_called`: how many have not answered."""
        return (
            self.filter(poll__state=PollState.OPEN)
            .select_related("meeting", "application")
            .annotate(not_called=Count("poll__roll", filter=Q(poll__roll__choice="")))
            .order_by("poll__opened_at")
        )

    def waiting_for(self, institution_id: int) -> Self:
        """Those with a vote under way in which this institution has not answered yet."""
        uncalled = RollEntry.objects.filter(
            poll__agenda_item=OuterRef("pk"), institution=institution_id, choice=""
        )
        return self.with_open_vote().filter(models.Exists(uncalled))

    def still_to_decide(self, meeting: Meeting) -> Self:
        """Questions of a meeting on which nothing is decided yet."""
        undecided = Q(poll=None) | Q(poll__state=PollState.OPEN)
        return self.filter(
            undecided,
            meeting=meeting,
            deferred_at=None,
            application__state=ApplicationState.ON_AGENDA,
        )

    def held_in(self, meeting: Meeting) -> Self:
        """Each with its application and who writes it."""
        return self.held().filter(meeting=meeting).with_writers()

    def with_writers(self) -> Self:
        """Each with who writes its application."""
        return self.prefetch_related("application__editors")

    def held(self) -> Self:
        """Whose decision is prepared, and not released."""
        decided = Q(poll__state=PollState.CERTIFIED) | Q(deferred_at__isnull=False)
        found = self.filter(decided, released_at=None)
        found = found.select_related("application", "poll", "meeting")
        return found.order_by("pk")

    def of_application(self, application_id: int) -> Self:
        """Where an application has stood, the latest first."""
        return (
            self.filter(application_id=application_id)
            .select_related("meeting", "poll", "application")
            .order_by("-pk")
        )


class AgendaItem(models.Model):
    """A point of a meeting's agenda; with an application, the question of its admission."""

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="agenda_items")
    position = models.PositiveSmallIntegerField()
    titles = models.JSONField(default=dict)
    title_states = models.JSONField(default=dict)  # see `records.languages`
    application = models.ForeignKey(
        Application, null=True, blank=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    deferred_at = models.DateTimeField(null=True, blank=True)  # by the meeting, without a vote
    released_at = models.DateTimeField(null=True, blank=True)  # its decision is known from then
    # What the secretariat advised when it placed the application here: the next review of one that
    # is deferred may advise otherwise. None where the portal did not keep it yet.
    is_recommended = models.BooleanField(null=True, blank=True)
    recommendation = models.TextField(blank=True)
    membership_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    class_reason = models.TextField(blank=True)  # why it is another than the one that is sought

    objects = AgendaItemQuerySet.as_manager()
    not_called: int  # of `with_open_vote()`

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_position_once"),
            models.UniqueConstraint(
                fields=["meeting", "application"], name="application_once_on_agenda"
            ),
        ]

    def __str__(self) -> str:
        return self.title.text

    @property
    def public_titles(self) -> dict[str, str]:
        """What every delegate reads: the languages that are final, or all while none is."""
        return final_only(self.titles, self.title_states) or self.titles

    @property
    def title(self) -> Shown:
        return in_language(self.public_titles)

    @property
    def drafts(self) -> list[Shown]:
        """The titles that are still drafts, for the secretariat."""
        return [
            Shown(text, code)
            for code, text in self.titles.items()
            if state_of(self.titles, self.title_states, code) == TextState.DRAFT
        ]

    @property
    def vote(self) -> "Poll | None":
        """Its poll, or None while none was opened."""
        return getattr(self, "poll", None)

    @property
    def is_decided(self) -> bool:
        return self.deferred_at is not None or bool(self.vote and self.vote.outcome)

    @property
    def is_held(self) -> bool:
        """Whether its applicant is not told yet: it waits for the president, or for what must be
        said with it (`assembly.owed_terms`).
        """
        return self.is_decided and self.released_at is None

    @property
    def is_secret(self) -> bool:
        """Whether the delegations are not told yet either."""
        return self.is_held and self.meeting.holds_results

    @property
    def class_label(self) -> str:
        """In which class admission is put to the vote."""
        if self.membership_class or self.application is None:
            return str(self.get_membership_class_display())
        return str(self.application.get_membership_class_display())

    @property
    def has_open_question(self) -> bool:
        """Whether the application is before the meeting: its decision is to be taken, or to be
        released.
        """
        return self.standing in (
            ItemStanding.TO_BE_VOTED,
            ItemStanding.ROLL_CALL,
            ItemStanding.HELD,
        ) and bool(self.application and self.application.state == ApplicationState.ON_AGENDA)

    @property
    def standing(self) -> ItemStanding | None:
        """How far the question has come; None for an item that is only talked about."""
        if self.application is None:
            return None
        if self.is_secret:
            return ItemStanding.HELD
        if self.deferred_at:
            return ItemStanding.DEFERRED
        if self.vote and self.vote.outcome:
            return ItemStanding(self.vote.outcome)
        if self.application.state != ApplicationState.ON_AGENDA:
            return ItemStanding.LAPSED
        return ItemStanding.ROLL_CALL if self.vote else ItemStanding.TO_BE_VOTED
