"""Who of a delegation is present, as its page says it."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext, ngettext

from members.models import Institution, Mandate
from members.permissions import running_mandates
from members.permissions.people import Someone
from messaging.present import present
from records.reading import number


@dataclass(frozen=True)
class Presence:
    """`users`: persons (ids), for their own delegation; `count`: for others, who see no names."""

    users: frozenset[int]
    count: int
    is_own: bool

    @property
    def words(self) -> str:
        if not self.count:
            return gettext("Nobody of the delegation is present now.")
        words = ngettext(
            "%(number)s person of the delegation is present now.",
            "%(number)s people of the delegation are present now.",
            self.count,
        )
        return words % {"number": number(self.count)}


def presence_of(user: Someone, people: Iterable[Mandate], institution: Institution) -> Presence:
    """Who of `people` is present now, by a mandate that has begun and is not suspended."""
    now = timezone.now()
    able = {m.user_id for m in people if m.starts_at <= now and not m.suspended_at}
    here = present(able) if able and institution.is_active else set()
    own = any(m.institution_id == institution.pk for m in running_mandates(user))
    return Presence(frozenset(here if own else ()), len(here), own)
