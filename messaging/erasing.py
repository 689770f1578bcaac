"""What can be erased for law's sake, as the pages about it name it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from messaging.models import Erasure, Message, Record, Report
from records.reading import number

Thing = Message | Record | Report  # a text, the reason in a record, the words of a report


def page_of(thing: Thing, *, answers: bool = False) -> tuple[str, list[int]]:
    """The page on which its erasure is asked for (or answered): URL name and arguments."""
    match thing:
        case Record():
            name, args = "reason_erasure", [thing.room_id, thing.seq]
        case Report():
            name, args = "report_erasure", [thing.message.room_id, thing.pk]
        case _:
            name, args = "erasure", [thing.room_id, thing.seq]
    return f"messaging:{'answer_' if answers else ''}{name}", args


def address_of(thing: Thing, *, answers: bool = False) -> str:
    name, args = page_of(thing, answers=answers)
    return reverse(name, args=args)


def named(thing: Thing) -> str:
    match thing:
        case Record():
            said, seq = _("Reason in record %(number)s"), thing.seq
        case Report():
            said, seq = _("Report of message %(number)s"), thing.message.seq
        case _:
            said, seq = _("Message %(number)s"), thing.seq
    return said % {"number": number(seq)}


class Waiting:
    """A request that waits, in a list."""

    def __init__(self, erasure: Erasure) -> None:
        self.erasure = erasure
        self.room = erasure.of.room
        self.name = named(erasure.thing)
        self.address = address_of(erasure.thing)
