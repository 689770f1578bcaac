"""What rooms say of themselves, for templates."""

from typing import Any

from django import template
from django.utils.safestring import SafeString

from messaging.acts import act_line
from messaging.counts import mentions_in_words, unread_in_words
from messaging.models import COUNTED, Record, Room
from records.reading import number

register = template.Library()


@register.filter(name="act_line")
def line_of(record: Record) -> SafeString:
    return act_line(record)


@register.filter
def of_room(found: dict[int, Any], room: Room) -> Any:
    """What is found of this room, or None."""
    return found.get(room.pk)


@register.filter
def unread_words(value: int) -> str:
    """ "3 unread messages", at COUNTED "more than 99"."""
    return number(unread_in_words(value))


@register.inclusion_tag("messaging/_count.html")
def waiting_count(what: str, value: int, *, of: int = 0, place: str = "") -> dict[str, Any]:
    """How much waits ("unread" or "mentions") in the room `of` or in all, kept right by a script.

    There also where nothing waits: something may come. `place` is a class.
    """
    words = unread_in_words if what == "unread" else mentions_in_words
    return {
        "what": what,
        "of": of,
        "place": place,
        "figure": (number(f"{COUNTED - 1}+") if value >= COUNTED else number(value))
        if value
        else "",
        "label": number(words(value)) if value else "",
    }
