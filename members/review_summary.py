"""The review at a glance: how the points stand, who recommends what, where scores differ."""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

from members.enums_reviews import Advice, TickList
from members.models import Recommendation, Reviewer, ReviewGuide, Tick
from records.languages import Shown


class Checked(NamedTuple):
    """A point of the checklist and how it stands."""

    key: str
    label: Shown
    tick: Tick | None
    is_older: bool  # ticked under an earlier version of the list
    article: str = ""  # of the charter

    @property
    def is_met(self) -> bool:
        return self.tick is not None and self.tick.is_met


def checked_points(application_id: int, guide: ReviewGuide) -> list[Checked]:
    """One query."""
    ticks = Tick.objects.latest_of(application_id, TickList.COMPLETENESS)
    points = []
    for point in guide.checkpoints:
        tick = ticks.get(point.key)
        older = tick is not None and tick.guide_version != guide.version
        points.append(Checked(point.key, point.label, tick, older, point.article))
    return points


class Opinion(NamedTuple):
    """A reviewer's recommendation that counts, and those it replaced, the latest first."""

    given: Recommendation
    earlier: list[Recommendation]
    total: int | None  # weighted; None where nothing was scored
    best: int

    @property
    def reviewer(self) -> Reviewer:
        return self.given.reviewer


class Scored(NamedTuple):
    """A criterion with every reviewer's score, None where one gave none."""

    label: Shown
    weight: int
    scores: list[int | None]
    differs_by: int
    names: list[str]  # of the reviewers, in the order of the scores

    @property
    def cells(self) -> list[tuple[str, int | None]]:
        return list(zip(self.names, self.scores, strict=True))


class Summary(NamedTuple):
    opinions: list[Opinion]
    counts: list[tuple[str, int]]  # each advice that was given, and how often
    scored: list[Scored]

    @property
    def agrees(self) -> bool:
        return len(self.counts) == 1


def summary_of(found: Iterable[Recommendation]) -> Summary:
    """Of the recommendations that the reader may see (all versions, in order). One query.

    What a reviewer with a conflict of interest had recommended is left out.
    """
    by_reviewer: dict[int, list[Recommendation]] = {}
    for each in found:
        if not each.reviewer.has_conflict:
            by_reviewer.setdefault(each.reviewer_id, []).append(each)
    guides = ReviewGuide.objects.by_version(
        each.guide_version for versions in by_reviewer.values() for each in versions
    )
    opinions = []
    for versions in by_reviewer.values():
        *earlier, last = versions
        guide = guides[last.guide_version]
        total = guide.total(last.scores) if last.scores else None
        opinions.append(Opinion(last, earlier[::-1], total, guide.best_total))
    counts = Counter(opinion.given.advice for opinion in opinions)
    return Summary(
        opinions=opinions,
        counts=[(str(a.label), counts[a]) for a in Advice if counts[a]],
        scored=_scored(opinions, guides),
    )


def _scored(opinions: list[Opinion], guides: dict[int, ReviewGuide]) -> list[Scored]:
    """By the criteria of the latest guide that any of them was given by."""
    versions = [opinion.given.guide_version for opinion in opinions if opinion.given.scores]
    if not versions:
        return []
    names = [opinion.reviewer.user.name for opinion in opinions]
    rows = []
    for each in guides[max(versions)].scales:
        scores = [opinion.given.scores.get(each.key) for opinion in opinions]
        given = [score for score in scores if score is not None]
        if given:
            rows.append(Scored(each.label, each.weight, scores, max(given) - min(given), names))
    return rows
