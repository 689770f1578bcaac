"""How polls of opinion are shown."""

from django import template

from messaging.models import Message
from messaging.opinions import Tally
from messaging.opinions import tally as tally_of

register = template.Library()


@register.filter
def tally(message: Message) -> Tally | None:
    return tally_of(message)
