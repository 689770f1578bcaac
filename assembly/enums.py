"""Choices and transition tables of where the network decides."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class MeetingKind(TextChoices):
    GENERAL_ASSEMBLY = "general_assembly", _("general assembly")
    BOARD = "board", _("board meeting")
    WORKING_GROUP = "working_group", _("working group meeting")
    CONFERENCE = "conference", _("conference")


class PollState(TextChoices):
    OPEN = "open", _("open")
    CERTIFIED = "certified", _("certified")


class Choice(TextChoices):
    """What an institution answered when its name was called."""

    IN_FAVOUR = "in_favour", _("in favour")
    AGAINST = "against", _("against")
    ABSTENTION = "abstention", _("abstention")
    ABSENT = "absent", _("absent")


class Outcome(TextChoices):
    ADOPTED = "adopted", _("adopted")
    NOT_ADOPTED = "not_adopted", _("not adopted")
    NO_QUORUM = "no_quorum", _("no quorum")


class ItemStanding(TextChoices):
    """How far a question on an agenda has come; the last three are a certified vote's outcome."""

    TO_BE_VOTED = "to_be_voted", _("to be voted on")
    ROLL_CALL = "roll_call", _("roll-call under way")
    LAPSED = "lapsed", _("no longer before the meeting")
    ADOPTED = Outcome.ADOPTED.value, _("adopted")
    NOT_ADOPTED = Outcome.NOT_ADOPTED.value, _("not adopted")
    NO_QUORUM = Outcome.NO_QUORUM.value, _("deferred: no quorum")
