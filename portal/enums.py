from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class NewsStage(TextChoices):
    """Where an item stands. Derived from its dates, never stored."""

    DRAFT = "draft", _("draft")
    SCHEDULED = "scheduled", _("scheduled")
    PUBLISHED = "published", _("published")
    WITHDRAWN = "withdrawn", pgettext_lazy("a news item", "withdrawn")


class PageKey(TextChoices):
    """The pages of the public site whose texts the secretariat may write."""

    ABOUT = "about", _("About the network")
    CHARTER = "charter", _("Charter")
    HOW_TO_APPLY = "how_to_apply", _("How to apply")
    CONTACT = "contact", pgettext_lazy("page of the site", "Contact")
    LEGAL = "legal", _("Legal notice")
    PRIVACY = "privacy", _("Privacy")
    ACCESSIBILITY = "accessibility", _("Accessibility")


class ExportState(TextChoices):
    WAITING = "waiting", pgettext_lazy("export", "waiting")
    WORKING = "working", pgettext_lazy("export", "being made")
    READY = "ready", pgettext_lazy("export", "ready")
    FAILED = "failed", pgettext_lazy("export", "failed")
