"""Who of a delegation is present, for its page, which is of the app below."""

from collections.abc import Iterable
from dataclasses import dataclass

from django import template
from django.template.context import Context
from django.utils import timezone

from members.models import Institution, Mandate
from members.permissions import running_mandates
from messaging.present import present

register = template.Library()


@dataclass(frozen=True)
class Presence:
    """`users`: persons (ids), for their own delegation; `count`: for others, who see no names."""

    users: frozenset[int]
    count: int


@register.simple_tag(takes_context=True)
def present_now(context: Context, people: Iterable[Mandate], institution: Institution) -> Presence:
    """Who of `people` is present now, by a mandate that has begun and is not suspended."""
    now = timezone.now()
    able = {m.user_id for m in people if m.starts_at <= now and not m.suspended_at}
    here = present(able) if able and institution.is_active else set()
    own = any(m.institution_id == institution.pk for m in running_mandates(context["user"]))
    return Presence(frozenset(here if own else ()), len(here))
