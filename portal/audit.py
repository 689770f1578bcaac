"""What the audit log says of news and pages, added to `members.audit`."""

from django.utils.translation import gettext_lazy as _

from members.audit_words import ACTS, KEYS, THINGS, VALUES, WORDS
from portal.enums import PageKey
from portal.letters import TASKS

THINGS |= {
    "portal.dataexport": _("copy of a person’s data"),
    "portal.newsitem": _("news item"),
    "portal.sitepage": _("page of the public site"),
}
ACTS |= {
    "data_export.asked": _("copy of one’s own data asked for"),
    "data_export.downloaded": _("copy of one’s own data downloaded"),
    "handover_pack.asked": _("handover pack asked for"),
    "handover_pack.downloaded": _("handover pack downloaded"),
    "news_item.created": _("news item created"),
    "news_item.deleted": _("draft of a news item deleted"),
    "news_item.picture_added": _("picture added to a news item"),
    "news_item.picture_changed": _("picture of a news item described anew"),
    "news_item.picture_led": _("another picture put first in a news item"),
    "news_item.picture_removed": _("picture removed from a news item"),
    "news_item.published": _("news item published"),
    "news_item.saved": _("news item changed"),
    "news_item.scheduled": _("publication of a news item scheduled"),
    "news_item.unscheduled": _("publication of a news item called off"),
    "news_item.withdrawn": _("news item withdrawn"),
    "site_page.reset": _("page of the public site reset to its default text"),
    "site_page.saved": _("page of the public site changed"),
}
KEYS |= {
    "alternatives": _("alternative text"),
    "final_in": _("final in"),
    "page": _("page"),
    "picture": _("picture"),
    "published_at": _("published at"),
}
VALUES |= {"page": (PageKey,)}
WORDS["task"] = TASKS
