"""What marks on messages say, for templates."""

from django import template

from messaging import mark_words
from messaging.enums import ReactionKind
from messaging.models import MessageMarks, Reaction, Room

register = template.Library()

_ICONS = {
    ReactionKind.SEEN: "eye",
    ReactionKind.AGREE: "check",
    ReactionKind.THANKS: "hand-heart",
    ReactionKind.QUESTION: "circle-question-mark",
}


@register.filter
def mark_icon(kind: str) -> str:
    """The name of the icon of a kind of reaction."""
    return _ICONS[ReactionKind(kind)]


@register.filter
def counted(given: list[Reaction]) -> str:
    """Reactions of one kind, in words."""
    return mark_words.counted(given[0].kind, len(given))


@register.filter
def acknowledged(marks: MessageMarks) -> str:
    """How many of the delegations have acknowledged a message."""
    return mark_words.acknowledged(marks)


@register.filter
def awaited_in(awaited: dict[int, int], room: Room) -> int:
    """How many messages of the room wait for the reader (see `mark_places.awaited_by`)."""
    return awaited.get(room.pk, 0)


@register.filter
def people_of(given: list[Reaction]) -> str:
    """The ids of who reacted, for scripts."""
    return " ".join(str(each.user_id) for each in given)
