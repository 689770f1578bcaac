"""What a working group of the demo network keeps: a draft, and a date to come."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from members.actions.group_dates import set_date
from members.actions.group_files import put_in_file
from members.models import Group, Mandate
from portal.demo.files import draft_agreement

_AHEAD = timedelta(days=24)
_ZONE = "Asia/Seoul"


def load_group_space(group: Group, chair: Mandate, today: date) -> None:
    draft = draft_agreement()
    put_in_file(
        group=group,
        title="Exchange of curators, draft agreement – مسودة اتفاق تبادل القيّمين",
        language="",
        upload=draft,
        content_type=draft.checked_type,
        actor=chair.user,
        mandate=chair,
    )
    starts = datetime.combine(today + _AHEAD, time(16), ZoneInfo(_ZONE)).astimezone(UTC)
    set_date(
        group=group,
        said={
            "titles": {
                "en": "Reading of the draft agreement",
                "ar": "قراءة مسودة الاتفاق",
                "fr": "Lecture du projet d’accord",
            },
            "descriptions": {
                "en": "Article by article. Please send your remarks in the group’s room before.",
                "ar": "مادةً مادة. يُرجى إرسال الملاحظات قبل ذلك في غرفة الفريق.",
                "fr": "Article par article. Merci d’envoyer vos remarques dans le salon du groupe.",
            },
            "starts_at": starts,
            "ends_at": starts + timedelta(hours=2),
            "has_hours": True,
            "zone": _ZONE,
            "place": "",
            "link": "https://meet.example.org/curators",
        },
        actor=None,  # nobody is written to
        mandate=chair,
    )
