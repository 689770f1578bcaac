"""How a member's standing is said in words: amounts, and the notices that are drafted of it.

A draft is made of facts alone, in the language that is active. A person reads and changes it
before it is sent.
"""

from collections.abc import Iterable

from django.utils.formats import number_format
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from assembly.models import Meeting
from assembly.monitor import Standing
from members.enums_standing import NoticeSubject
from members.letters import written_for
from members.models import Dues
from records.reading import number, written_date


def amount_words(dues: Dues) -> str:
    """ "5000.00 USD", in the reader's digits; "" where no amount is kept."""
    if dues.amount is None:
        return ""
    return f"{number(number_format(dues.amount, 2))} {dues.currency}"


def meeting_words(meeting: Meeting) -> str:
    """ "Sixth general assembly, 20–22 January 2020, Doha", in plain text."""
    said = [meeting.name, strip_tags(meeting.days), meeting.city.text]
    return pgettext("between things", ", ").join(filter(None, said))


def drafted(
    subject: str, standing: Standing, coming: Meeting | None, languages: Iterable[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """Headings and texts of a notice by language. `coming`: the next general assembly."""
    titles, bodies = {}, {}
    for language in languages:
        with written_for(None, language):
            titles[language] = _title(subject)
            paragraphs = _PARAGRAPHS[NoticeSubject(subject)](standing, coming)
            bodies[language] = "\n\n".join(filter(None, paragraphs))
    return titles, bodies


def _title(subject: str) -> str:
    return {
        NoticeSubject.ABSENCES: _("Absences from the general assembly"),
        NoticeSubject.DUES: _("Dues that were not received"),
        NoticeSubject.MANDATES: _("Mandates that run out soon"),
        NoticeSubject.PROFILE: _("The profile of your institution"),
    }[NoticeSubject(subject)]


def _absences(standing: Standing, coming: Meeting | None) -> list[str]:
    missed = standing.missed_in_a_row
    return [
        ngettext(
            "According to the records of the network, %(institution)s was not represented at the "
            "last general assembly:",
            "According to the records of the network, %(institution)s was not represented at the "
            "last %(count)s general assemblies:",
            len(missed),
        )
        % {"institution": _name(standing), "count": number(len(missed))},
        _listed(meeting_words(each.meeting) for each in missed),
        _("The next one is: %(meeting)s.") % {"meeting": meeting_words(coming)} if coming else "",
        _(
            "The secretariat would be grateful to learn whether anything keeps your institution "
            "from taking part, and whether it will be represented at the next general assembly."
        ),
        _("If these records are wrong, please tell us, so that they can be corrected."),
    ]


def _dues(standing: Standing, coming: Meeting | None) -> list[str]:
    return [
        _("According to the records of the network, these dues of %(institution)s are overdue:")
        % {"institution": _name(standing)},
        _listed(_dues_line(each) for each in standing.overdue),
        _("Please arrange for the payment, or tell us when it may be expected."),
        _("If it was made already, please tell us the date, so that the records can be corrected."),
    ]


def _dues_line(dues: Dues) -> str:
    said = {
        "year": number(str(dues.year)),
        "amount": amount_words(dues),
        "day": written_date(dues.due_on),
    }
    if dues.amount is None:
        return _("%(year)s, due on %(day)s") % said
    return _("%(year)s: %(amount)s, due on %(day)s") % said


def _mandates(standing: Standing, coming: Meeting | None) -> list[str]:
    return [
        _("These mandates in the delegation of %(institution)s run out soon:")
        % {"institution": _name(standing)},
        _listed(
            _("%(name)s, %(capacity)s: until %(day)s")
            % {
                "name": each.user.name,
                "capacity": each.get_capacity_display(),
                "day": written_date(each.last_moment),
            }
            for each in standing.mandates
        ),
        _(
            "A mandate that has run out carries no rights: rooms, meetings and votes are closed to "
            "its holder. Please extend these mandates on the page of your delegation (“Change the "
            "last day”), or appoint successors in time."
        ),
    ]


def _profile(standing: Standing, coming: Meeting | None) -> list[str]:
    said = {"institution": _name(standing), "day": written_date(standing.profile_since)}
    line = _("The profile of %(institution)s on the pages of the network stands as of %(day)s.")
    return [
        line % said,
        _(
            "Please look whether the names, the description, the address and the contacts are "
            "still right. You open the profile from the page of your delegation."
        ),
    ]


_PARAGRAPHS = {
    NoticeSubject.ABSENCES: _absences,
    NoticeSubject.DUES: _dues,
    NoticeSubject.MANDATES: _mandates,
    NoticeSubject.PROFILE: _profile,
}


def _name(standing: Standing) -> str:
    return standing.institution.name.text


def _listed(lines: Iterable[str]) -> str:
    return "\n".join(f"– {line}" for line in lines)
