"""Whom the mentions in a message call upon: found by name among those who may read the room.

The notation is `records.message_markdown`'s. A name is that of a person, of a delegation (in any
of its languages, or its acronym), or one of the `WORDS`, in any language of the portal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext_lazy

from messaging.models import Message, Participant, Room
from messaging.permissions import Listed, Seat, people_by_institution, seats_of
from records.folding import fold
from records.languages import in_language
from records.message_markdown import Named, mentions_in

MOST = 30  # mentions of one message
PERSON, DELEGATION, ROLE = "person", "delegation", "role"
CHAIRS, SECRETARIAT, ALL = "chairs", "secretariat", "all"
WORDS = {
    CHAIRS: pgettext_lazy("who is mentioned", "chairs"),
    SECRETARIAT: pgettext_lazy("who is mentioned", "secretariat"),
    ALL: pgettext_lazy("who is mentioned", "all"),
}


class MentionRefused(Exception):
    """A mention that may not stand: `code` is "nobody", "several", "chairs_only" or "too_many"."""

    def __init__(self, code: str, name: str = "") -> None:
        super().__init__(code)
        self.code, self.name = code, name


@dataclass(frozen=True)
class Target:
    """Somebody who can be mentioned in a room, and the people (ids) whom that calls upon."""

    kind: str
    pk: int
    name: str  # in the reader's language
    about: str
    keys: frozenset[str]  # the names, made comparable
    people: tuple[int, ...]


class Mentionable:
    """Who can be mentioned in a room now. Made when the first mention is met: it asks for much."""

    def __init__(self, room: Room) -> None:
        listed = people_by_institution(Participant.objects.for_panel(room))
        people = {m.user_id: m for each in listed for m in each.people}
        seats = seats_of(people, [room.pk])
        self.readers = frozenset(user for user in people if seats.get(user, {}).get(room.pk))
        chairs = {u for u in self.readers if any(s.chairs for s in seats[u][room.pk])}
        office = {m.user_id for each in listed if each.participant.office for m in each.people}
        roles = {CHAIRS: chairs, SECRETARIAT: office, ALL: self.readers}
        self.targets = [
            *(self._person(people[user]) for user in people if user in self.readers),
            *(self._delegation(each) for each in listed if each.participant.institution_id),
            *(
                self._target(ROLE, 0, str(WORDS[role]), "", _words(role), found)
                for role, found in roles.items()
                if found & self.readers
            ),
        ]

    def of(self, named: Named, seat: Seat) -> list[int]:
        """The people (ids) whom `named` calls upon, said from `seat`. Raises MentionRefused."""
        key = key_of(named.name)
        found = [target for target in self.targets if key in target.keys]
        if named.kind:
            found = [t for t in found if (t.kind, t.pk) == (named.kind, named.pk)]
        elif roles := [target for target in found if target.kind == ROLE]:
            found = roles
        if not found or not any(target.people for target in found):
            raise MentionRefused("nobody", named.name)
        if len(found) > 1:
            raise MentionRefused("several", named.name)
        if found[0].kind == ROLE and key in _words(ALL) and not seat.chairs:
            raise MentionRefused("chairs_only", named.name)
        return list(found[0].people)

    def written(self, target: Target) -> str:
        """How `target` is mentioned: by the name alone, where that says enough."""
        name = target.name.translate(str.maketrans("[]\\", "() "))
        key = key_of(name)
        same = [each for each in self.targets if key in each.keys]
        alone = target.kind == ROLE or same == [target]
        return f"@[{name}]" if alone else f"@[{name}]({target.kind}:{target.pk})"

    def _person(self, mandate: Any) -> Target:
        about = f"{in_language(mandate.institution.names).text} · {mandate.get_capacity_display()}"
        user = mandate.user
        return self._target(
            PERSON, user.pk, user.name, about, [key_of(name) for name in user.names], {user.pk}
        )

    def _delegation(self, listed: Listed) -> Target:
        institution: Any = listed.participant.institution
        names = [*institution.names.values(), institution.acronym]
        shown = in_language(institution.names).text
        people = {mandate.user_id for mandate in listed.people}
        keys = [key_of(name) for name in names]
        return self._target(DELEGATION, institution.pk, shown, institution.acronym, keys, people)

    def _target(self, kind: str, pk: int, name: str, about: str, keys: Any, people: Any) -> Target:
        found = tuple(sorted(self.readers.intersection(people)))
        return Target(kind, pk, name, about, frozenset(keys) - {""}, found)


def called_upon(
    body: str, who: "Lazily", seat: Seat, author: int, before: Message | None = None
) -> list[list[int]]:
    """`Message.mentioned` of `body`: for each mention the people (ids), without the author.

    A mention that stood in the message `before` it was edited calls upon whom it called upon
    then, as far as they may still read the room. Raises MentionRefused.
    """
    named = mentions_in(body)
    if not named:
        return []
    if len(named) > MOST:
        raise MentionRefused("too_many")
    stood = dict(zip(mentions_in(before.body), before.mentioned, strict=False)) if before else {}
    found = []
    for each in named:
        if each in stood:
            people = [user for user in stood[each] if user in who().readers]
        else:
            people = who().of(each, seat)
        found.append([user for user in people if user != author])
    return found


class Lazily:
    """`Mentionable(room)`, made at the first call."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self._made: Mentionable | None = None

    def __call__(self) -> Mentionable:
        if self._made is None:
            self._made = Mentionable(self._room)
        return self._made


def suggestions(room: Room, seats: Sequence[Seat], reader: int) -> list[dict[str, Any]]:
    """Who can be mentioned, for the list that opens while one writes: first people, by name."""
    who = Mentionable(room)
    chairs = any(seat.chairs for seat in seats)
    found = []
    for target in who.targets:
        is_all = target.kind == ROLE and key_of(target.name) in _words(ALL)
        if (target.pk == reader and target.kind == PERSON) or (is_all and not chairs):
            continue
        found.append(
            {
                "kind": target.kind,
                "name": target.name,
                "about": target.about,
                "write": who.written(target),
                "keys": sorted(target.keys),
            }
        )
    order = (PERSON, DELEGATION, ROLE)
    return sorted(found, key=lambda each: (order.index(each["kind"]), key_of(each["name"])))


def key_of(name: str) -> str:
    """A name made comparable; without the brackets that a mention cannot hold."""
    return fold(name.translate(str.maketrans("[]()\\", "     ")))


@cache
def _words(role: str) -> frozenset[str]:
    found = set()
    for language, _ in settings.LANGUAGES:
        with translation.override(language):
            found.add(key_of(str(WORDS[role])))
    return frozenset(found)
