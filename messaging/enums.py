"""Choices of the rooms and their record."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RoomKind(TextChoices):
    GROUP = "group", _("group room")
    PLENARY = "plenary", _("plenary")
    ANNOUNCEMENTS = "announcements", _("announcements")
    BILATERAL = "bilateral", _("bilateral room")


class ParticipantRole(TextChoices):
    CHAIR = "chair", _("chair")
    MEMBER = "member", _("member")
    OBSERVER = "observer", _("observer")


class RecordKind(TextChoices):
    ROOM_OPENED = "room.opened", _("room opened")
    PARTICIPANT_ADDED = "participant.added", _("participant added")
    PARTICIPANT_REMOVED = "participant.removed", _("participant removed")
    MESSAGE_POSTED = "message.posted", _("message posted")


class TranscriptState(TextChoices):
    WAITING = "waiting", _("waiting")
    WORKING = "working", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")
