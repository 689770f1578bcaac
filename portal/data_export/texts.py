"""What a person wrote for the public site."""

from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import pgettext

from members.models import User
from portal.changes import KINDS
from portal.data_export.parts import Row
from portal.enums import PageKey
from portal.models import TextVersion
from records.languages import in_language


def text_rows(user: User) -> Iterator[Row]:
    """Each version that they saved of a news item or a page: what they made another in it. The
    title is that of the version: of the thing itself it may be another, and of somebody else.
    """
    for version in TextVersion.objects.saved_by_person(user):
        title = in_language(version.texts["titles"]).text
        if version.site_page:
            title = str(PageKey(version.site_page.key).label)
        yield {
            "title": title,
            "version": version.number,
            "since": version.at,
            "text": _brought(version),
        }


def _brought(version: TextVersion) -> str:
    before = TextVersion(texts=version.before or {})
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return "\n\n".join(
        pattern % {"name": name, "value": text}
        for code, name in settings.LANGUAGES
        for kind in KINDS
        if (text := version.text(kind, code)) and text != before.text(kind, code)
    )
