"""Statements and corrigenda in the words of a transcript."""

from django.utils.translation import gettext

from messaging.models import Message, Record
from records.languages import in_language


def issue_in_words(record: Record) -> str:
    """What was issued, in whose name, to what, and who released it."""
    message = record.message
    if message is None or message.statement is None:
        return str(record.get_kind_display())
    about = {"delegation": _delegation(message)}
    if corrected := message.statement.corrects:
        about["number"] = str(corrected.message.seq)
        words = gettext("Corrigendum of %(delegation)s to its statement, message %(number)s.")
    elif message.is_right_of_reply and message.reply_to:
        about |= {"other": _delegation(message.reply_to), "number": str(message.reply_to.seq)}
        words = gettext(
            "Statement of %(delegation)s, in exercise of the right of reply to the statement of "
            "%(other)s, message %(number)s."
        )
    else:
        words = gettext("Statement of %(delegation)s.")
    said = words % about
    if by := message.statement.released_by:
        released = gettext("Released by %(name)s (%(capacity)s).")
        said += " " + released % {"name": by.user.name, "capacity": by.get_capacity_display()}
    return said


def _delegation(message: Message) -> str:
    return in_language(message.mandate.institution.names).text
