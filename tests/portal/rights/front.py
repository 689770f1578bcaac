"""The front door: news, pages, calendar, search, one's own data; Django's admin."""

from tests.files import image, upload
from tests.portal.rights.row import ALL_M, ALL_N, ALL_O, ALL_R, OWN_M, OWN_N, OWN_O, OWN_R, Row
from tests.portal.rights_things import (
    always,
    always_args,
    always_one,
    handover,
    legal,
    news,
    news_picture,
)

TEXTS = {
    "title_en": "Another title",
    "summary_en": "",
    "body_en": "It is so.",
    "state_ar": "draft",
    "state_en": "final",
    "state_fr": "draft",
}
TABLES = (  # of Django's admin
    *(f"members_{model}" for model in ("user", "institution", "membership", "mandate")),
    *(f"members_{model}" for model in ("presidency", "handover", "identityprovider")),
    *("records_auditentry", "records_storedfile", "procrastinate_procrastinatejob"),
)
ROWS: dict[str, Row] = {
    "picture": Row("nnnnnnnnon", ALL_M, lambda w: (w.picture.small.sha256,)),
    "portal:news_list": Row(ALL_O, ALL_M),
    "portal:news_feed": Row(ALL_O, ALL_M),
    "portal:news_item": Row(ALL_O, ALL_M, lambda w: (w.news.pk,)),
    "portal:news_new": Row("lnnnnnnnon", "lnnnnnnnrn", data=always(**TEXTS, version="0")),
    "portal:news_edit": Row("lnnnnnnnon", "lnnnnnnnrn", news, always(**TEXTS, version="1")),
    "portal:news_preview": Row("lnnnnnnnon", ALL_M, news),
    "portal:news_publication": Row(
        "lnnnnnnnon", "lnnnnnnnrn", news, always(version="1", when="now", at="")
    ),
    "portal:news_withdrawal": Row(
        ALL_M, "lnnnnnnnrn", lambda w: (w.news.pk,), always(reason="It was wrong.")
    ),
    "portal:news_deletion": Row("lnnnnnnnon", "lnnnnnnnrn", news),
    "portal:news_pictures": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        news,
        lambda w: {"picture": upload(image(), "a.png"), "decorative": "on", "credit": ""},
    ),
    "portal:news_picture": Row(
        "lnnnnnnnon", "lnnnnnnnrn", news_picture, always(version="1", alternative_en="A hall")
    ),
    "portal:news_picture_removal": Row(ALL_M, "lnnnnnnnrn", news_picture),
    "portal:news_picture_lead": Row(ALL_M, "lnnnnnnnrn", news_picture),
    "portal:news_versions": Row("lnnnnnnnon", ALL_M, news),
    "portal:news_version": Row("lnnnnnnnon", ALL_M, lambda w: (w.news_draft.pk, 1)),
    "portal:page_about": Row(ALL_O, ALL_M),
    "portal:page_charter": Row(ALL_O, ALL_M),
    "portal:page_how_to_apply": Row(ALL_O, ALL_M),
    "portal:page_legal": Row(ALL_O, ALL_M),
    "portal:page_privacy": Row(ALL_O, ALL_M),
    "portal:page_accessibility": Row(ALL_O, ALL_M),
    "portal:page_contact": Row(
        ALL_O,
        ALL_R,
        data=always(name="A", email="a@example.org", subject="Press", body="May we come?"),
    ),
    "portal:contact_sent": Row(ALL_O, ALL_M),
    "portal:page_list": Row("lnnnnnnnon", ALL_M),
    "portal:page_edit": Row("lnnnnnnnon", "lnnnnnnnrn", legal, always(**TEXTS, version="1")),
    "portal:page_preview": Row("lnnnnnnnon", ALL_M, legal),
    "portal:page_reset": Row("lnnnnnnnon", "lnnnnnnnrn", legal),
    "portal:page_versions": Row("lnnnnnnnon", ALL_M, legal),
    "portal:page_version": Row("lnnnnnnnon", ALL_M, lambda w: ("legal", 1)),
    "portal:handover_pack": Row("lnnnnnnnon", "lnnnnnnnrn", handover),
    "portal:handover_pack_file": Row("lnnnnnnnnn", ALL_M, handover),  # none is made
    "portal:your_data": Row(OWN_O, OWN_R),
    "portal:data_export": Row(OWN_R, OWN_M, always_one),
    "portal:home": Row(ALL_O, ALL_M),
    "portal:styleguide": Row("nnnnnnnnon", ALL_M),
    "portal:verify": Row(ALL_O, ALL_O, data=lambda w: {"file": upload(b"{}", "transcript.json")}),
    "portal:manifest": Row(ALL_O, ALL_M),
    "portal:offline": Row(ALL_O, ALL_M),
    "portal:calendar": Row(ALL_O, ALL_M),
    "portal:calendar_meeting": Row(ALL_O, ALL_M, lambda w: (w.meeting.pk,)),
    "portal:calendar_feed": Row(ALL_O, ALL_M),
    "portal:calendar_meeting_feed": Row(ALL_O, ALL_M, lambda w: (w.meeting.pk,)),
    "portal:search": Row(ALL_O, ALL_M),
    "portal:figures": Row("lnnnnnnnon", ALL_M),
    "portal:failed_letters": Row("lnnnnnnnon", ALL_M),
    "portal:send_letter_again": Row(ALL_M, "lnnnnnnnrn", lambda w: (w.failed.pk,)),
    "portal:mail": Row(OWN_N, ALL_M),
    "portal:letter": Row(OWN_N, ALL_M, lambda w: ("letter-0",)),
    # For nobody here: see test_admin.
    **{f"admin:{name}": Row(ALL_N, ALL_N) for name in ("index", "jsi18n")},
    "admin:app_list": Row(ALL_N, ALL_N, always_args("members")),
    **{f"admin:{table}_changelist": Row(ALL_N, ALL_N) for table in TABLES},
    **{f"admin:{table}_change": Row(ALL_N, ALL_N, always_one) for table in TABLES},
}
