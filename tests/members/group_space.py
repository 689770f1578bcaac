"""What a group of the cast keeps: a file, a date."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from members.actions.group_dates import set_date
from members.actions.group_files import put_in_file
from members.models import Group, GroupDate, GroupFile
from tests.files import PDF, upload

HOUR = timedelta(hours=1)


def said(**more: Any) -> dict[str, Any]:
    """A date of two hours in thirty days' time, set by the clocks of Seoul."""
    start = (timezone.now() + timedelta(days=30)).replace(hour=9, minute=0, second=0, microsecond=0)
    return {
        "titles": {"en": "Drafting", "ar": "الصياغة"},
        "descriptions": {},
        "starts_at": start,
        "ends_at": start + 2 * HOUR,
        "has_hours": True,
        "zone": "Asia/Seoul",
        "place": "Seoul",
        "link": "",
        **more,
    }


def make_date(group: Group, by: dict[str, Any], **more: Any) -> GroupDate:
    return set_date(group=group, said=said(**more), **by)


def past(**more: Any) -> dict[str, Any]:
    start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    return said(starts_at=start, ends_at=start + HOUR, **more)


def make_file(
    group: Group, by: dict[str, Any], title: str = "Terms", content: bytes = PDF
) -> GroupFile:
    return put_in_file(
        group=group,
        title=title,
        language="en",
        upload=upload(content, "terms.pdf"),
        content_type="application/pdf",
        **by,
    )


def typed(**more: Any) -> dict[str, Any]:
    """A date as the form sends it."""
    return {
        "title_en": "Second reading",
        "first_day": "2027-03-12",
        "first_hour": "10:00",
        "last_day": "",
        "last_hour": "12:30",
        "zone": "Africa/Cairo",
        "place": "",
        "link": "",
        "version": "0",
        "client_id": str(uuid4()),
        **more,
    }
