"""Who settles what the network is called, the texts of its letters, and its charter."""

from django.http import Http404

from members.letter_book import BOOK, BookLetter
from members.models import CharterText, CharterVersion
from members.permissions.people import Someone, is_secretariat


def can_settle_network(user: Someone) -> bool:
    """They are the network's: its secretariat, of the office that runs now."""
    return is_secretariat(user)


def access_book_letter(user: Someone, key: str) -> BookLetter:
    """Raises Http404."""
    letter = BOOK.get(key) if can_settle_network(user) else None
    if letter is None:
        raise Http404
    return letter


def access_charter_text(user: Someone, number: int, language: str) -> CharterText:
    """The file of a version in a language. Raises Http404."""
    version = CharterVersion.objects.find(number) if can_settle_network(user) else None
    for text in version.texts.all() if version else ():
        if text.language == language:
            return text
    raise Http404
