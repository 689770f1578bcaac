"""A term of the presidency in one line."""

from django.utils.translation import gettext as _

from members.models import Presidency
from records.reading import written_date


def term_in_words(term: Presidency) -> str:
    """The institution and its days, each isolated: names and days of both directions stand side by
    side.
    """
    last = term.last_day
    until = written_date(last) if last else _("today")
    name, since = term.institution.name.text, written_date(term.starts_on)
    return f"\u2068{name}\u2069 (\u2068{since}\u2069 – \u2068{until}\u2069)"
