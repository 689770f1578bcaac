from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import F, Func, Prefetch, Q, Value
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from members.models import Mandate, User
from members.network import offered_languages
from portal.enums import NewsStage
from portal.models.texts import EditableTexts
from records.folding import fold
from records.languages import final_only
from records.markdown import plain
from records.models import StoredFile

# Whether a text is final in some language, whichever there are: one more is no migration.
HAS_FINAL = Func(
    F("states"),
    Value('$.* ? (@ == "final")'),
    function="jsonb_path_exists",
    output_field=models.BooleanField(),
)


class NewsItemQuerySet(models.QuerySet["NewsItem"]):
    def published(self, at: datetime | None = None) -> Self:
        """What the public may read now."""
        return self.filter(published_at__lte=at or timezone.now(), withdrawn_at=None)

    def in_preparation(self, at: datetime | None = None) -> Self:
        """Drafts, what is scheduled, and what was withdrawn, the last changed first."""
        now = at or timezone.now()
        return self.filter(
            Q(published_at=None) | Q(published_at__gt=now) | Q(withdrawn_at__isnull=False)
        ).order_by("-changed_at", "-pk")

    def in_order(self) -> Self:
        """The newest first."""
        return self.order_by("-published_at", "-pk")

    def for_front(self) -> Self:
        """What is published, the newest first, with pictures: for a page that shows a few."""
        return self.published().in_order().with_pictures()

    def of_year(self, year: int | None) -> Self:
        """Published in that year (of the reader's time zone); None: whenever."""
        return self.filter(published_at__year=year) if year else self

    def years(self) -> list[int]:
        """The years in which something was published, the latest first."""
        return [day.year for day in self.order_by().dates("published_at", "year", order="DESC")]

    def final_in(self, language: str) -> Self:
        return self.filter(**{f"states__{language}": "final"})

    def matching(self, folded: str) -> Self:
        """Those whose final texts hold every word of `folded` (see `records.folding`)."""
        found = self
        for word in folded.split():
            found = found.filter(search_text__contains=word)
        return found

    def with_pictures(self) -> Self:
        """Each with its pictures, the lead first, in `.shown_pictures`."""
        return self.prefetch_related(
            Prefetch(
                "pictures",
                queryset=NewsPicture.objects.with_files(),
                to_attr="shown_pictures",
            )
        )

    def find(self, pk: int) -> "NewsItem | None":
        return self.filter(pk=pk).first()


class NewsItem(EditableTexts):
    """Something that the secretariat tells the public, in one language or several."""

    kinds: ClassVar[tuple[str, ...]] = ("titles", "summaries", "bodies")

    summaries = models.JSONField(default=dict)
    published_at = models.DateTimeField(null=True, blank=True)  # may lie in the future
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawal_reason = models.TextField(blank=True)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    search_text = models.TextField(blank=True, editable=False)  # the final texts, folded

    objects = NewsItemQuerySet.as_manager()
    shown_pictures: list["NewsPicture"]  # set by `with_pictures()`

    class Meta:
        verbose_name = "news item"
        indexes = [models.Index(fields=["-published_at", "-id"], name="news_in_order")]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_at=None) | Q(withdrawn_at__isnull=False) | Q(HAS_FINAL),
                name="published_news_has_a_final_text",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(published_at__isnull=False),
                name="only_published_news_is_withdrawn",
            ),
        ]

    def __str__(self) -> str:
        return self.edition(drafts=True).title

    @property
    def stage(self) -> NewsStage:
        if self.published_at is None:
            return NewsStage.DRAFT
        if self.withdrawn_at:
            return NewsStage.WITHDRAWN
        return NewsStage.SCHEDULED if self.published_at > timezone.now() else NewsStage.PUBLISHED

    @property
    def is_public(self) -> bool:
        return self.stage == NewsStage.PUBLISHED

    @property
    def is_released(self) -> bool:
        """Public, or about to be without anybody's doing."""
        return self.stage in (NewsStage.PUBLISHED, NewsStage.SCHEDULED)

    @property
    def all_pictures(self) -> list["NewsPicture"]:
        """The lead first. Costs a query unless read through `with_pictures()`."""
        if not hasattr(self, "shown_pictures"):
            self.shown_pictures = list(self.pictures.with_files())
        return self.shown_pictures

    @property
    def lead(self) -> "NewsPicture | None":
        return next(iter(self.all_pictures), None)

    def searchable(self) -> str:
        """What `search_text` must hold: the final texts, without marks, folded."""
        texts = [*self.final_titles.values(), *final_only(self.summaries, self.states).values()]
        bodies = final_only(self.bodies, self.states).values()
        return fold(" ".join([*texts, *(plain(body) for body in bodies)]))

    def obstacles(self) -> list[Any]:
        """What must be done before it may be published; empty when nothing.

        In a language that the network has left, a picture is no longer asked to be described.
        """
        if not self.final_languages:
            return [_("Mark the text as final in one language at least.")]
        names = dict(offered_languages())
        described = [code for code in self.final_languages if code in names]
        return [
            format_lazy(
                _("Picture {number} has no alternative text in: {languages}"),
                number=place,
                languages=" · ".join(names[code] for code in missing),
            )
            for place, picture in enumerate(self.all_pictures, 1)
            if (missing := picture.missing_in(described))
        ]


class NewsPictureQuerySet(models.QuerySet["NewsPicture"]):
    def of_file(self, sha256: str) -> Self:
        """Pictures that show this file in one of their sizes."""
        return self.filter(Q(small__sha256=sha256) | Q(large__sha256=sha256))

    def with_files(self) -> Self:
        return self.select_related("small", "large")

    def public(self) -> Self:
        """Of items that the public may read now."""
        return self.filter(news_item__in=NewsItem.objects.published())

    def find(self, pk: int) -> "NewsPicture | None":
        return self.filter(pk=pk).first()


class NewsPicture(models.Model):
    """A picture of a news item, kept in two sizes. The one at the lowest position leads."""

    news_item = models.ForeignKey(NewsItem, on_delete=models.CASCADE, related_name="pictures")
    position = models.PositiveIntegerField()
    small = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    large = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    small_width = models.PositiveIntegerField()
    width = models.PositiveIntegerField()  # of the large one
    height = models.PositiveIntegerField()
    alternatives = models.JSONField(default=dict)  # language code -> what the picture shows
    decorative = models.BooleanField(default=False)  # shows nothing that a reader must know
    credit = models.CharField(max_length=200, blank=True)  # who made it
    version = models.PositiveIntegerField(default=1)

    objects = NewsPictureQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "picture of a news item"
        constraints = [
            models.UniqueConstraint(
                fields=["news_item", "position"],
                name="one_picture_a_position",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self) -> str:
        return f"{self.news_item_id} {self.position}"

    def missing_in(self, languages: Iterable[str]) -> list[str]:
        """The languages in which somebody who cannot see it is told nothing."""
        if self.decorative:
            return []
        return [code for code in languages if not self.alternatives.get(code)]
