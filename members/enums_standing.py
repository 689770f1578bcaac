"""Choices around what the secretariat watches: profiles to release, dues, notices."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ProposalState(TextChoices):
    """What became of changes to a profile that wait for the secretariat's release."""

    WAITING = "waiting", pgettext_lazy("changes to a profile", "waiting for release")
    RELEASED = "released", pgettext_lazy("changes to a profile", "released")
    RETURNED = "returned", pgettext_lazy("changes to a profile", "returned with reasons")
    REPLACED = "replaced", pgettext_lazy("changes to a profile", "replaced by newer ones")
    WITHDRAWN = "withdrawn", pgettext_lazy("changes to a profile", "taken back")

    @property
    def tone(self) -> str:
        """How a badge with it looks."""
        return {"waiting": "info", "released": "success", "returned": "warning"}.get(
            self, "neutral"
        )


class DuesState(TextChoices):
    """How the dues of a year stand; never stored."""

    PAID = "paid", pgettext_lazy("dues", "paid")
    WAIVED = "waived", pgettext_lazy("dues", "waived")
    OVERDUE = "overdue", pgettext_lazy("dues", "overdue")
    OPEN = "open", pgettext_lazy("dues", "not paid yet")

    @property
    def tone(self) -> str:
        return {"paid": "success", "overdue": "danger", "open": "info"}.get(self, "neutral")


class NoticeSubject(TextChoices):
    """What of an institution's standing wants attention, and what a notice is about."""

    ABSENCES = "absences", _("absences from general assemblies")
    DUES = "dues", _("overdue dues")
    MANDATES = "mandates", _("mandates that run out")
    PROFILE = "profile", _("profile out of date")


class NoticeState(TextChoices):
    DRAFT = "draft", pgettext_lazy("notice", "draft")
    SENT = "sent", pgettext_lazy("notice", "sent")
    DISCARDED = "discarded", pgettext_lazy("notice", "discarded")

    @property
    def tone(self) -> str:
        return {"draft": "info", "sent": "success"}.get(self, "neutral")


class MonitorOrder(TextChoices):
    OFFICIAL = "", _("official order")
    NAME = "name", _("name of the institution")
    COUNTRY = "country", _("country")
    ABSENCES = "absences", _("absences in a row, the most first")
    DUES = "dues", _("overdue dues, the most first")
    MANDATES = "mandates", _("mandates that run out, the next first")
    PROFILE = "profile", _("profile, the longest unchanged first")
