"""Who of a delegation is present, for its page, which is of the app below."""

from collections.abc import Iterable

from django import template
from django.template.context import Context

from members.models import Institution, Mandate
from messaging.delegation_presence import Presence, presence_of

register = template.Library()


@register.simple_tag(takes_context=True)
def present_now(context: Context, people: Iterable[Mandate], institution: Institution) -> Presence:
    return presence_of(context["user"], people, institution)
