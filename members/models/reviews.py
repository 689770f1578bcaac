"""How an application is reviewed: points ticked, reviewers, their notes and recommendations."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple, Self

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q

from members.enums import MembershipClass
from members.enums_reviews import BEST_SCORE, OPEN_FOR_REVIEWERS, Advice, TickList
from members.models.applications import Application
from members.models.people import User
from members.models.presidencies import network_today
from members.review_defaults import default_criteria, default_points
from records.languages import Shown, in_language


class Point(NamedTuple):
    """A point of a checklist."""

    key: str
    labels: dict[str, str]
    article: str = ""  # of the charter, that asks for it

    @property
    def label(self) -> Shown:
        return in_language(self.labels)


class Criterion(NamedTuple):
    key: str
    labels: dict[str, str]
    weight: int

    @property
    def label(self) -> Shown:
        return in_language(self.labels)


class ReviewGuideQuerySet(models.QuerySet["ReviewGuide"]):
    def current(self) -> "ReviewGuide":
        """The latest; while the secretariat has laid down none, the portal's own (version 0)."""
        return self.order_by("-version").first() or _own_guide()

    def versions(self) -> "list[ReviewGuide]":
        """All that were ever in force, the portal’s own first."""
        laid_down = self.select_related("made_by").order_by("version")
        return [_own_guide(), *laid_down]

    def labels(self) -> dict[str, dict[str, str]]:
        """Of every point and criterion, by its key, as it was put last."""
        own = _own_guide()
        laid_down = self.order_by("version").values_list("points", "criteria")
        rows = [own.points, own.criteria, *(rows for both in laid_down for rows in both)]
        return {row["key"]: row["labels"] for each in rows for row in each}

    def by_version(self, versions: Iterable[int]) -> "dict[int, ReviewGuide]":
        """In one query, the portal's own included."""
        return {0: _own_guide()} | {g.version: g for g in self.filter(version__in=set(versions))}


class ReviewGuide(models.Model):
    """A version of what applications are reviewed by. None is ever changed: what was ticked and
    scored must be read as it was asked. A key stays with its point through the versions.
    """

    version = models.PositiveIntegerField(unique=True)
    points = models.JSONField(default=list)  # [{"key", "labels": code -> text, "article" if any}]
    criteria = models.JSONField(default=list)  # the same, with "weight"
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    made_at = models.DateTimeField(auto_now_add=True)

    objects = ReviewGuideQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.version}"

    @property
    def checkpoints(self) -> list[Point]:
        return [Point(each["key"], each["labels"], each.get("article", "")) for each in self.points]

    @property
    def scales(self) -> list[Criterion]:
        return [Criterion(each["key"], each["labels"], each["weight"]) for each in self.criteria]

    @property
    def best_total(self) -> int:
        return BEST_SCORE * sum(each.weight for each in self.scales)

    def total(self, scores: dict[str, int]) -> int:
        """The weighted sum, in integers."""
        return sum(each.weight * scores.get(each.key, 0) for each in self.scales)


def _own_guide() -> ReviewGuide:
    return ReviewGuide(version=0, points=default_points(), criteria=default_criteria())


class TickQuerySet(models.QuerySet["Tick"]):
    def of_person(self, user_id: int) -> Self:
        """All that they ever ticked or unticked, with the applications."""
        return self.filter(by=user_id).select_related("application").order_by("pk")

    def latest_of(self, application_id: int, tick_list: str) -> "dict[str, Tick]":
        """By key, how each point stands."""
        found = self.filter(application_id=application_id, tick_list=tick_list)
        return {tick.key: tick for tick in found.select_related("by").order_by("pk")}


class Tick(models.Model):
    """That somebody found a point met, or not met any more. Rows are only added: the last of a
    point counts.
    """

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="ticks")
    tick_list = models.CharField(max_length=20, choices=TickList)
    key = models.CharField(max_length=40)
    guide_version = models.PositiveIntegerField(default=0)
    is_met = models.BooleanField()
    remark = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = TickQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["application", "tick_list", "key"])]

    def __str__(self) -> str:
        return f"{self.application_id} {self.key} {self.is_met}"


class ReviewerQuerySet(models.QuerySet["Reviewer"]):
    def current(self) -> Self:
        """Assigned and not released from it, a conflict declared or not."""
        return self.filter(ended_at=None)

    def people(self) -> "models.QuerySet[User]":
        """Who they are, each once."""
        return User.objects.filter(pk__in=self.values("user"))

    def sitting(self) -> Self:
        """Who may read and write: no conflict, and not one of those who apply."""
        found = self.current().filter(conflict_at=None).exclude(_applies())
        return found.exclude(Exists(_editors().filter(user=OuterRef("user"))))

    def of_person(self, user_id: int) -> Self:
        return self.filter(user_id=user_id)

    def in_conflict(self, user_id: int) -> set[int]:
        """Applications (ids) in which the person declared a conflict of interest."""
        found = self.of_person(user_id).exclude(conflict_at=None)
        return set(found.values_list("application_id", flat=True))

    def conflicts_in(self, applications: Iterable[int]) -> set[tuple[int, int]]:
        """Who (id) declared a conflict of interest in which of these applications (ids)."""
        found = self.filter(application__in=list(applications)).exclude(conflict_at=None)
        return set(found.values_list("user_id", "application_id"))

    def find(self, application_id: int, user_id: int) -> "Reviewer | None":
        return self.filter(application_id=application_id, user_id=user_id).first()

    def for_display(self, application_id: int) -> Self:
        """Those of an application, each with `.has_given`: whether a recommendation is given."""
        given = Recommendation.objects.filter(reviewer=OuterRef("pk"))
        return (
            self.filter(application_id=application_id)
            .select_related("user")
            .annotate(has_given=Exists(given))
            .order_by("assigned_at", "pk")
        )

    def at_work(self, user_id: int) -> Self:
        """The person's reviews that are going on, each with `.has_given`."""
        given = Recommendation.objects.filter(reviewer=OuterRef("pk"))
        return (
            self.sitting()
            .filter(user_id=user_id, application__state__in=OPEN_FOR_REVIEWERS)
            .select_related("application")
            .annotate(has_given=Exists(given))
            .order_by("assigned_at", "pk")
        )

    def owing(self) -> Self:
        """Whose recommendation is awaited, while the review goes on."""
        given = Recommendation.objects.filter(reviewer=OuterRef("pk"))
        return (
            self.sitting().exclude(Exists(given)).filter(application__state__in=OPEN_FOR_REVIEWERS)
        )

    def owing_until(self, day: date) -> Self:
        """Those asked for it until that day, or an earlier one."""
        return self.owing().filter(due_on__lte=day)

    def have_all_given(self, application_id: int) -> bool:
        """Whether somebody reviews the application, and whoever does has given a recommendation."""
        given = Recommendation.objects.filter(reviewer=OuterRef("pk"))
        sitting = self.sitting().filter(application=application_id)
        return sitting.exists() and not sitting.exclude(Exists(given)).exists()

    def own(self, user_id: int) -> Self:
        """All that the person was ever assigned, for their own data."""
        return self.of_person(user_id).select_related("application").order_by("pk")


def _editors() -> "models.QuerySet[Any]":
    """Of the application of a reviewer's row. Their model comes after this one."""
    editors: models.QuerySet[Any] = apps.get_model("members", "ApplicationEditor").objects.all()
    return editors.filter(application=OuterRef("application"))


def _applies(path: str = "") -> Q:
    return Q(**{f"{path}application__contact": models.F(f"{path}user")})


class Reviewer(models.Model):
    """A person whom the secretariat has asked to review an application."""

    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="reviewers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="reviews"
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    assigned_at = models.DateTimeField(auto_now_add=True)
    conflict_reason = models.TextField(blank=True)
    conflict_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    due_on = models.DateField(
        null=True, blank=True
    )  # the last day to recommend, as the network has days
    reminded_on = models.DateField(null=True, blank=True)

    objects = ReviewerQuerySet.as_manager()
    has_given: bool  # of `for_display()`

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["application", "user"], name="reviewer_once"),
            models.CheckConstraint(
                condition=Q(conflict_at=None, conflict_reason="")
                | Q(conflict_at__isnull=False) & ~Q(conflict_reason=""),
                name="conflict_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.user_id}"

    @property
    def has_conflict(self) -> bool:
        return self.conflict_at is not None

    @property
    def is_late(self) -> bool:
        """Whether the day until which it is asked is over; not whether it was given."""
        return self.due_on is not None and self.due_on < network_today()


class ReviewNoteQuerySet(models.QuerySet["ReviewNote"]):
    def readable_by(self, user_id: int) -> Self:
        """Notes are among the reviewers: of those applications that the person reviews."""
        own = Reviewer.objects.sitting().filter(
            user=user_id, application=OuterRef("reviewer__application")
        )
        return self.filter(Exists(own))

    def for_page(self, application_id: int) -> Self:
        found = self.filter(reviewer__application_id=application_id)
        return found.select_related("reviewer__user").order_by("at", "pk")

    def of_author(self, user_id: int) -> Self:
        found = self.filter(reviewer__user_id=user_id)
        return found.select_related("reviewer__application").order_by("pk")


class ReviewNote(models.Model):
    """What a reviewer noted for the others."""

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="notes")
    client_id = models.UUIDField()  # of the form: sent twice, it is one note
    body = models.TextField()
    at = models.DateTimeField(auto_now_add=True)

    objects = ReviewNoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["reviewer", "client_id"], name="review_note_once")
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.at}"


class RecommendationQuerySet(models.QuerySet["Recommendation"]):
    def readable_by(self, user_id: int, *, of_secretariat: bool) -> Self:
        """One's own; those of the others once one's own is given; for the secretariat, those of
        applications that this very person was never asked to review.

        Nobody who declared a conflict, was released or applies reads what others recommend.
        """
        own = Reviewer.objects.filter(
            user=user_id, application=OuterRef("reviewer__application_id")
        )
        given = own.sitting().filter(recommendations__isnull=False)
        seen = Q(reviewer__user=user_id) | Q(Exists(given))
        if of_secretariat:
            asked = Q(Exists(own)) | Q(reviewer__application__contact=user_id)
            seen = seen | ~asked
        return self.filter(seen)

    def of_application(self, application_id: int) -> Self:
        """All versions, each reviewer's own in the order they were given."""
        return (
            self.filter(reviewer__application_id=application_id)
            .select_related("reviewer__user")
            .order_by("reviewer__assigned_at", "reviewer", "version")
        )

    def of_author(self, user_id: int) -> Self:
        found = self.filter(reviewer__user_id=user_id)
        return found.select_related("reviewer__application").order_by("pk")


class Recommendation(models.Model):
    """What a reviewer recommends, with reasons. A changed one is a further version: the last
    counts, the others are its history.
    """

    reviewer = models.ForeignKey(Reviewer, on_delete=models.CASCADE, related_name="recommendations")
    version = models.PositiveIntegerField()
    advice = models.CharField(max_length=20, choices=Advice)
    membership_class = models.CharField(max_length=20, choices=MembershipClass, blank=True)
    reasons = models.TextField()
    scores = models.JSONField(default=dict)  # key of a criterion -> 0 to BEST_SCORE
    guide_version = models.PositiveIntegerField(default=0)
    at = models.DateTimeField(auto_now_add=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["reviewer", "version"], name="recommendation_version_once"
            ),
            models.CheckConstraint(
                condition=Q(advice="admit_as") & ~Q(membership_class="")
                | ~Q(advice="admit_as") & Q(membership_class=""),
                name="recommended_class_where_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer_id} {self.version}"

    @property
    def said(self) -> tuple[Any, ...]:
        """What differs where two recommendations do."""
        return (self.advice, self.membership_class, self.reasons, self.scores)


class IncompleteClosing(models.Model):
    """That a review was closed though points were open, and why."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="incomplete_closings"
    )
    points = models.JSONField(default=list)  # keys of the points that were open
    guide_version = models.PositiveIntegerField(default=0)
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"
