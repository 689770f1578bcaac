"""What a group keeps: files in versions, one taken out; dates to come, past and cancelled."""

from datetime import UTC, datetime, timedelta
from typing import Any

from members.actions.calendar_feeds import open_calendar_feed
from members.actions.group_dates import cancel_date, change_date, set_date
from members.actions.group_files import change_file, remove_file
from members.models import Group, Mandate
from tests.files import PDF, upload
from tests.members.group_space import make_file, past, said

DESCRIPTIONS = {
    "en": "Articles 1 to 9, as they came out of the first round.",
    "ar": "المواد من الأولى إلى التاسعة، كما خرجت من الجولة الأولى.",
}


def fill_group(group: Group, chair: Mandate, member: Mandate) -> None:
    by_chair: dict[str, Any] = {"actor": chair.user, "mandate": chair}
    by_member: dict[str, Any] = {"actor": member.user, "mandate": member}
    open_calendar_feed(actor=chair.user)
    draft = make_file(group, by_member, "Draft amendment")
    change_file(
        document=draft,
        version=1,
        title="Draft amendment of the charter",
        language="en",
        upload=upload(PDF + b"% second\n%%EOF\n", "Draft – مسودة.pdf"),
        content_type="application/pdf",
        **by_chair,
    )
    make_file(group, by_member, "مشروع تعديل الميثاق، كما عُرض على الفريق")
    old = make_file(group, by_member, "Old note")
    remove_file(document=old, **by_member)
    first = set_date(
        group=group,
        said=said(
            titles={"en": "First reading", "ar": "القراءة الأولى", "fr": "Première lecture"},
            descriptions=DESCRIPTIONS,
            link="https://meet.example.org/a-room-with-a-rather-long-name/first-reading",
        ),
        **by_chair,
    )
    later = first.starts_at + timedelta(days=1)
    change_date(
        date=first,
        version=1,
        said={
            **said(titles=first.titles, descriptions=DESCRIPTIONS, link=first.link),
            "starts_at": later,
            "ends_at": later + timedelta(hours=3),
        },
        **by_chair,
    )
    study = set_date(
        group=group,
        said=said(
            titles={"en": "Days of study"},
            starts_at=datetime(2027, 11, 2, tzinfo=UTC),
            ends_at=datetime(2027, 11, 5, tzinfo=UTC),
            has_hours=False,
            zone="UTC",
            place="سيول، قصر المؤتمرات",
        ),
        **by_chair,
    )
    cancel_date(date=study, reason="The hall is not free. القاعة غير متاحة.", **by_chair)
    set_date(group=group, said=past(titles={"en": "Opening"}), **by_chair)
