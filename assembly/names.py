"""Names and days of meetings, in words: "Sixth general assembly", «الجمعية العمومية السادسة»."""

from datetime import date

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assembly.enums import MeetingKind
from records.reading import number as written
from records.reading import written_days

# Whole names, because the ordinal agrees with its noun in Arabic and French.
_ASSEMBLIES = (
    gettext_lazy("First general assembly"),
    gettext_lazy("Second general assembly"),
    gettext_lazy("Third general assembly"),
    gettext_lazy("Fourth general assembly"),
    gettext_lazy("Fifth general assembly"),
    gettext_lazy("Sixth general assembly"),
    gettext_lazy("Seventh general assembly"),
    gettext_lazy("Eighth general assembly"),
    gettext_lazy("Ninth general assembly"),
    gettext_lazy("Tenth general assembly"),
    gettext_lazy("Eleventh general assembly"),
    gettext_lazy("Twelfth general assembly"),
    gettext_lazy("Thirteenth general assembly"),
    gettext_lazy("Fourteenth general assembly"),
    gettext_lazy("Fifteenth general assembly"),
    gettext_lazy("Sixteenth general assembly"),
    gettext_lazy("Seventeenth general assembly"),
    gettext_lazy("Eighteenth general assembly"),
    gettext_lazy("Nineteenth general assembly"),
    gettext_lazy("Twentieth general assembly"),
)
_NUMBERED = {
    MeetingKind.GENERAL_ASSEMBLY: gettext_lazy("General assembly no. %(number)s"),
    MeetingKind.BOARD: gettext_lazy("Board meeting no. %(number)s"),
    MeetingKind.WORKING_GROUP: gettext_lazy("Working group meeting no. %(number)s"),
    MeetingKind.CONFERENCE: gettext_lazy("Conference no. %(number)s"),
}
_UNNUMBERED = {
    MeetingKind.GENERAL_ASSEMBLY: gettext_lazy("General assembly"),
    MeetingKind.BOARD: gettext_lazy("Board meeting"),
    MeetingKind.WORKING_GROUP: gettext_lazy("Working group meeting"),
    MeetingKind.CONFERENCE: gettext_lazy("Conference"),
}


def meeting_name(kind: str, number: int | None) -> str:
    """The name in the active language: in words for assemblies up to the twentieth."""
    noun = MeetingKind(kind)
    if number is None:
        return str(_UNNUMBERED[noun])
    if noun == MeetingKind.GENERAL_ASSEMBLY and 1 <= number <= len(_ASSEMBLIES):
        return str(_ASSEMBLIES[number - 1])
    return str(_NUMBERED[noun]) % {"number": written(number)}


def admission_title(institution: str) -> str:
    """The question of an agenda item, in the active language."""
    return _("Application of %(institution)s for membership") % {"institution": institution}


def days_in_words(first: date, last: date | None, *, is_over: bool) -> SafeString:
    """When a meeting is: "20–22 January 2020". Of a past one without a last day, the month only:
    its source knows no more.
    """
    if last is None and is_over:
        shown = written(date_format(first, "F Y"))
    else:
        shown = written_days(first, last or first)
    return format_html('<time datetime="{}">{}</time>', first.isoformat(), shown)
