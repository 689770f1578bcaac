"""What the acts about subjects say: in a line of the timeline, and in a transcript."""

from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from messaging.enums import POSTS, RecordKind
from messaging.models import Record
from records.languages import in_language

Titles = dict[int, dict[str, str]]  # of the room's subjects, by id

_OPENED = _("The subject “%(subject)s” was opened by %(name)s.")
_RENAMED = _("The subject “%(before)s” was renamed “%(subject)s” by %(name)s.")
_CLOSED = _("The subject “%(subject)s” was closed by %(name)s: it takes no more messages.")
_REOPENED = _("The subject “%(subject)s” was reopened by %(name)s.")
KINDS = (RecordKind.SUBJECT_OPENED, RecordKind.SUBJECT_RENAMED)


def subject_act(record: Record) -> SafeString:
    """What a record of one of KINDS says, in the active language; it leads to the subject."""
    detail = record.detail
    if record.kind == RecordKind.SUBJECT_OPENED:
        pattern = _OPENED
    elif "is_closed" in detail:
        pattern = _CLOSED if detail["is_closed"] else _REOPENED
    else:
        pattern = _RENAMED
    line = str(pattern)
    for name in ("subject", "before", "name"):
        line = line.replace(f"%({name})s", f"{{{name}}}")
    address = reverse("messaging:subject", args=[record.room_id, detail["subject"]])
    return format_html(
        line,
        subject=format_html('<a href="{}">{}</a>', address, _title(detail["titles"])),
        before=_title(detail.get("before", {})),
        name=format_html("<bdi>{}</bdi>", record.actor.name if record.actor else ""),
    )


def subject_line(record: Record, titles: Titles) -> str:
    """Under which subject a message was posted, or to which it was moved; "" for anything else."""
    if record.kind in POSTS and (subject := record.detail.get("subject")):
        return gettext("Subject: %(subject)s") % {
            "subject": in_language(titles.get(subject, {})).text
        }
    if record.kind != RecordKind.MESSAGE_MOVED:
        return ""
    number, to = record.message.seq if record.message else 0, record.detail["to"]
    if to is None:
        return gettext("Message %(number)s was taken out of its subject.") % {"number": number}
    return gettext("Message %(number)s was moved to the subject “%(subject)s”.") % {
        "number": number,
        "subject": in_language(titles.get(to, {})).text,
    }


def _title(titles: dict[str, str]) -> SafeString:
    shown = in_language(titles)
    return format_html('<bdi lang="{}">{}</bdi>', shown.language, shown.text)
