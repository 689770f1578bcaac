"""Parts about applications, groups, institutions, and the audit log."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.data_export.account import audit_rows
from portal.data_export.applications import (
    answer_rows,
    application_rows,
    declaration_rows,
    document_rows,
    revision_rows,
)
from portal.data_export.groups import (
    group_date_rows,
    group_file_rows,
    group_place_rows,
    join_answer_rows,
    join_request_rows,
)
from portal.data_export.institutions import notice_rows, picture_rows, profile_change_rows
from portal.data_export.parts import (
    ACT,
    CAPACITY,
    FILE,
    FROM,
    GROUP,
    INSTITUTION,
    KIND,
    NAME,
    NUMBER,
    REASON,
    SINCE,
    STATE,
    TEXT,
    TITLE,
    UNTIL,
    VERSION,
    Part,
)
from portal.data_export.reviews import review_rows, tick_rows
from portal.data_export.texts import text_rows

WORK = (
    Part(
        "applications",
        _("Applications"),
        {
            "institution": INSTITUTION,
            "place": _("You are"),
            "state": STATE,
            "since": SINCE,
            "position": _("Position"),
            "telephone": _("Telephone"),
        },
        application_rows,
        texts=(
            "position",
            "telephone",
        ),
    ),
    Part(
        "application_answers",
        _("Answers in your applications"),
        {
            "institution": INSTITUTION,
            "question": pgettext_lazy("export", "Question"),
            "text": TEXT,
        },
        answer_rows,
        texts=(
            "question",
            "text",
        ),
    ),
    Part(
        "application_changes",
        _("Changes that you made to applications"),
        {
            "institution": INSTITUTION,
            "version": VERSION,
            "since": SINCE,
        },
        revision_rows,
    ),
    Part(
        "documents",
        _("Files"),
        {"file": FILE, "kind": KIND, "since": SINCE},
        document_rows,
    ),
    Part(
        "declarations",
        _("Declarations that you signed"),
        {
            "institution": INSTITUTION,
            "name": NAME,
            "capacity": CAPACITY,
            "since": SINCE,
            "text": TEXT,
        },
        declaration_rows,
        texts=("text", "name", "capacity"),
    ),
    Part(
        "reviews",
        _("What you gave as a reviewer of applications"),
        {
            "institution": INSTITUTION,
            "kind": KIND,
            "since": SINCE,
            "text": TEXT,
            "scores": _("Scores"),
        },
        review_rows,
        texts=("text", "scores"),
    ),
    Part(
        "checklists",
        _("Points that you ticked in checklists"),
        {
            "institution": INSTITUTION,
            "point": pgettext_lazy("export", "Point"),
            "met": pgettext_lazy("export", "Met"),
            "since": SINCE,
            "text": TEXT,
        },
        tick_rows,
        texts=("text",),
    ),
    Part(
        "join_requests",
        _("Requests to join groups that you made"),
        {
            "group": GROUP,
            "institution": INSTITUTION,
            "state": STATE,
            "since": SINCE,
            "text": TEXT,
        },
        join_request_rows,
        texts=("text",),
    ),
    Part(
        "join_answers",
        _("Requests to join groups that you answered"),
        {
            "group": GROUP,
            "institution": INSTITUTION,
            "state": STATE,
            "since": SINCE,
            "text": REASON,
        },
        join_answer_rows,
        texts=("text",),
    ),
    Part(
        "group_places",
        _("Places that you hold in groups"),
        {
            "group": GROUP,
            "institution": INSTITUTION,
            "role": pgettext_lazy("export", "Role"),
            "from": FROM,
            "until": UNTIL,
        },
        group_place_rows,
    ),
    Part(
        "group_dates",
        _("Dates of groups that you set"),
        {
            "group": GROUP,
            "version": VERSION,
            "since": SINCE,
            "title": TITLE,
            "from": FROM,
            "until": UNTIL,
            "place": pgettext_lazy("export", "Place"),
            "text": TEXT,
            "cancelled": pgettext_lazy("a date of a group", "Cancelled"),
            "reason": REASON,
        },
        group_date_rows,
        texts=(
            "title",
            "place",
            "text",
            "reason",
        ),
    ),
    Part(
        "group_files",
        _("Files that you put in for groups"),
        {
            "group": GROUP,
            "title": TITLE,
            "version": VERSION,
            "since": SINCE,
            "file": FILE,
            "removed": pgettext_lazy("a file of a group", "Taken out"),
        },
        group_file_rows,
        texts=("title",),
    ),
    Part(
        "profiles",
        _("What you wrote in profiles of institutions"),
        {
            "institution": INSTITUTION,
            "state": STATE,
            "number": NUMBER,
            "since": SINCE,
            "text": TEXT,
            "file": FILE,
        },
        profile_change_rows,
        texts=("text",),
    ),
    Part(
        "pictures",
        _("Pictures that you added to institutions"),
        {
            "institution": INSTITUTION,
            "since": SINCE,
            "file": FILE,
        },
        picture_rows,
    ),
    Part(
        "notices",
        _("Notices on the standing of institutions"),
        {
            "institution": INSTITUTION,
            "subject": pgettext_lazy("export", "Subject"),
            "act": ACT,
            "since": SINCE,
            "text": TEXT,
        },
        notice_rows,
        texts=("text",),
    ),
    Part(
        "texts",
        _("Texts of the public site that you saved"),
        {
            "title": TITLE,
            "version": VERSION,
            "since": SINCE,
            "text": TEXT,
        },
        text_rows,
        texts=(
            "title",
            "text",
        ),
    ),
    Part(
        "audit",
        _("What you did, as the audit log has it"),
        {
            "number": NUMBER,
            "at": SINCE,
            "act": ACT,
            "object": pgettext_lazy("export", "Object"),
        },
        audit_rows,
    ),
)
