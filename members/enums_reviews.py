"""Choices of how an application is reviewed."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.enums import ApplicationState as _S


class Advice(TextChoices):
    """What a reviewer recommends to the secretariat."""

    ADMIT = "admit", pgettext_lazy("recommendation", "admit")
    ADMIT_AS = "admit_as", pgettext_lazy("recommendation", "admit in another class")
    DEFER = "defer", pgettext_lazy("recommendation", "defer")
    DECLINE = "decline", pgettext_lazy("recommendation", "decline")


class TickList(TextChoices):
    """Of which list a ticked point is."""

    COMPLETENESS = "completeness", _("completeness")
    ONBOARDING = "onboarding", _("onboarding")


# While the application is in one of these, its points are ticked and reviewers are assigned.
OPEN_FOR_TICKS = frozenset({_S.SUBMITTED, _S.UNDER_REVIEW, _S.INFORMATION_REQUESTED})
# While it is in one of these, reviewers write.
OPEN_FOR_REVIEWERS = frozenset({_S.UNDER_REVIEW, _S.INFORMATION_REQUESTED})

BEST_SCORE = 5  # of each criterion; 0 is the least
