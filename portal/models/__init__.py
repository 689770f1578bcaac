"""What the public reads: news, the site's own pages, and how they came to be as they are; what
people take out of the portal of their own."""

from portal.models.contact import ContactMessage
from portal.models.exports import DataExport
from portal.models.news import NewsItem, NewsPicture
from portal.models.packs import HandoverPack
from portal.models.pages import SitePage
from portal.models.texts import Edition
from portal.models.versions import TextVersion

__all__ = [
    "ContactMessage",
    "DataExport",
    "Edition",
    "HandoverPack",
    "NewsItem",
    "NewsPicture",
    "SitePage",
    "TextVersion",
]
