"""Choices and transition tables of where the network decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MeetingKind(TextChoices):
    GENERAL_ASSEMBLY = "general_assembly", _("general assembly")
    BOARD = "board", _("board meeting")
    WORKING_GROUP = "working_group", _("working group meeting")
    CONFERENCE = "conference", _("conference")


PUBLIC_KINDS = frozenset({MeetingKind.GENERAL_ASSEMBLY, MeetingKind.CONFERENCE})

KINDS_OF_ALL = PUBLIC_KINDS  # all active members take part in them


class PollState(TextChoices):
    OPEN = "open", pgettext_lazy("vote", "open")
    CERTIFIED = "certified", pgettext_lazy("vote", "certified")


class Choice(TextChoices):
    """What an institution answered when its name was called."""

    IN_FAVOUR = "in_favour", pgettext_lazy("answer", "in favour")
    AGAINST = "against", pgettext_lazy("answer", "against")
    ABSTENTION = "abstention", pgettext_lazy("answer", "abstention")
    ABSENT = "absent", pgettext_lazy("answer", "absent")


class Outcome(TextChoices):
    ADOPTED = "adopted", _("adopted")
    NOT_ADOPTED = "not_adopted", _("not adopted")
    NO_QUORUM = "no_quorum", _("no quorum")


class ItemStanding(TextChoices):
    """How far a question on an agenda has come; the last three are a certified vote's outcome."""

    TO_BE_VOTED = "to_be_voted", _("to be voted on")
    ROLL_CALL = "roll_call", _("roll-call under way")
    LAPSED = "lapsed", _("no longer before the meeting")
    HELD = "held", _("decided, to be released")
    DEFERRED = "deferred", _("deferred by the meeting")
    ADOPTED = Outcome.ADOPTED.value, _("adopted")
    NOT_ADOPTED = Outcome.NOT_ADOPTED.value, _("not adopted")
    NO_QUORUM = Outcome.NO_QUORUM.value, _("deferred: no quorum")
