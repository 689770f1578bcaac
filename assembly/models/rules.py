from typing import Self

from django.db import models
from django.db.models import F, Q

from assembly.rules import majority_in_words, quorum_in_words
from records.languages import in_language


class RuleSetQuerySet(models.QuerySet["RuleSet"]):
    def newest_first(self) -> Self:
        return self.order_by("-pk")


class RuleSet(models.Model):
    """The rules of a meeting, as data with a version. A meeting keeps the version it began with.

    Quorum: more than `quorum_numerator`/`quorum_denominator` of all entitled members present.
    Majority: at least `majority_numerator`/`majority_denominator` of members present and voting;
    abstentions do not count as voting. The majority is always more than half, so a tie cannot
    carry a question.
    """

    version = models.CharField(max_length=20, unique=True)
    names = models.JSONField(default=dict)
    source = models.TextField(blank=True)
    quorum_rule = models.CharField(max_length=20)  # the rule's number, shown with the result
    quorum_numerator = models.PositiveSmallIntegerField(default=1)
    quorum_denominator = models.PositiveSmallIntegerField(default=2)
    majority_rule = models.CharField(max_length=20)
    majority_numerator = models.PositiveSmallIntegerField(default=2)
    majority_denominator = models.PositiveSmallIntegerField(default=3)

    objects = RuleSetQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quorum_numerator__lt=F("quorum_denominator")),
                name="quorum_can_be_reached",
            ),
            models.CheckConstraint(
                condition=Q(majority_numerator__lte=F("majority_denominator"))
                & Q(majority_denominator__lt=F("majority_numerator") * 2),
                name="majority_is_more_than_half",
            ),
        ]

    def __str__(self) -> str:
        name = in_language(self.names).text
        return f"{name} ({self.version})" if name else self.version

    @property
    def quorum_in_words(self) -> str:
        return quorum_in_words(self)

    @property
    def majority_in_words(self) -> str:
        return majority_in_words(self)
