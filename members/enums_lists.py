"""Choices of the secretariat's lists: what narrows them, their order, what is done to many rows."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Listing(TextChoices):
    """A list whose filters can be saved."""

    PEOPLE = "people", _("People and mandates")
    APPLICATIONS = "applications", _("Membership applications")
    AUDIT = "audit", _("Audit log")


class MandateStanding(TextChoices):
    """How a mandate stands today; the last: people who hold none."""

    RUNNING = "running", pgettext_lazy("mandate", "running")
    TO_COME = "to-come", pgettext_lazy("mandate", "to come")
    AT_REST = "at-rest", pgettext_lazy("mandate", "at rest")
    ENDED = "ended", pgettext_lazy("mandate", "ended")
    NONE = "none", _("people without a mandate")

    @property
    def tone(self) -> str:
        """How a badge with it looks."""
        return {"running": "success", "to-come": "info", "at-rest": "warning"}.get(self, "neutral")


class PeopleOrder(TextChoices):
    NAME = "", _("name")
    INSTITUTION = "institution", _("institution")
    SINCE = "since", _("since, the latest first")
    SEEN = "seen", _("last signed in, the latest first")


class QueueOrder(TextChoices):
    WAITING = "", _("waiting longest")
    NEWEST = "newest", _("submitted last")
    COUNTRY = "country", _("country")
    NAME = "name", _("name of the institution")


class FileKind(TextChoices):
    CSV = "csv", pgettext_lazy("a file", "Table (CSV)")
    XLSX = "xlsx", pgettext_lazy("a file", "Workbook (XLSX)")


class BulkAct(TextChoices):
    """What is done to several rows of a list, after a look at what becomes of each."""

    END = "end", _("End the mandates")
    REMIND = "remind", _("Remind of the second factor")
    REVIEW = "review", _("Start the review")


class BulkFate(TextChoices):
    """What becomes of one row."""

    READY = "ready", _("will be done")
    DONE = "done", _("done just now")
    NOTHING = "nothing", _("nothing to do")
    CHANGED = "changed", _("changed meanwhile, and left")
    REFUSED = "refused", _("cannot be done")

    @property
    def tone(self) -> str:
        return {"ready": "info", "done": "success", "changed": "warning", "refused": "danger"}.get(
            self, "neutral"
        )
