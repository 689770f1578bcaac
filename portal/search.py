"""What one search field finds: of each kind of thing, what the person may see and nothing else.

SOURCES is the list of kinds. A source costs a fixed number of queries, whatever it finds; its
texts are those of the things, marked and cut by `portal.templatetags.search_tags`.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy

from assembly.models import AgendaItem, Meeting
from members.countries import country_name
from members.models import Application, ApplicationDocument, Institution, Mandate, User
from members.permissions.people import Someone
from messaging.models import Message, Room, with_files
from portal.models import NewsItem
from records.folding import fold
from records.guess import language_of
from records.languages import Shown, final_only, in_language
from records.markdown import plain

MOST = 1000  # hits of one kind that are counted and can be reached; more words find fewer


@dataclass(frozen=True)
class Seeker:
    """Who searches, with the mandates that run now."""

    user: Someone
    mandates: list[Mandate]

    @property
    def is_delegate(self) -> bool:
        return bool(self.mandates)

    @property
    def is_secretariat(self) -> bool:
        return any(mandate.is_of_secretariat for mandate in self.mandates)


@dataclass(frozen=True)
class Hit:
    """One thing found. `body` is a text of it that says more than the title, to be cut."""

    title: Shown
    url: str
    context: tuple[str | Shown, ...] = ()
    body: Shown | None = None
    when: date | datetime | None = None

    @property
    def language(self) -> str:
        """Of the text in which the words were found; "" where it cannot be told."""
        return (self.body or self.title).language


class Found:
    """The things of a kind, and how they become hits. Nothing is read before it is asked for."""

    def __init__(
        self,
        things: QuerySet[Any] | Sequence[Any],
        make: Callable[[list[Any]], Iterable[Hit]] = lambda things: [],
    ) -> None:
        self._things = things
        self._make = make

    @cached_property
    def number(self) -> int:
        """How many there are, at most MOST."""
        if isinstance(self._things, QuerySet):
            return self._things[:MOST].count()
        return min(len(self._things), MOST)

    @property
    def is_cut(self) -> bool:
        return self.number == MOST

    def between(self, start: int, stop: int) -> list[Hit]:
        return list(self._make(list(self._things[start : min(stop, MOST)])))


@dataclass(frozen=True)
class Source:
    """A kind of thing. `find` gets who seeks and the words (see `records.folding.sought`)."""

    kind: str  # in the address
    label: Any  # lazy
    icon: str
    find: Callable[[Seeker, str], Found]


NOTHING = Found(())


def found_in(texts: dict[str, str], words: str) -> Shown | None:
    """The text that holds the most of `words`, the reader's language first; None if none does."""
    order = dict.fromkeys((get_language() or "", settings.LANGUAGE_CODE, *texts))
    best, most = None, 0
    for code in order:
        held = sum(word in fold(texts.get(code, "")) for word in words.split())
        if held > most:
            best, most = Shown(texts[code], code), held
    return best


def _titled(texts: dict[str, str], words: str) -> tuple[Shown, Shown | None]:
    """The title in the reader's language; and the one that has the words, if it is another."""
    title, match = in_language(texts), found_in(texts, words)
    return title, match if match and match != title else None


def _institutions(seeker: Seeker, words: str) -> Found:
    institutions = Institution.objects.all() if seeker.is_delegate else Institution.objects.public()

    def hits(things: list[Institution]) -> Iterable[Hit]:
        for each in things:
            title, body = _titled(each.names, words)
            membership = each.membership
            context: list[str | Shown] = [
                country_name(each.country) if each.country else "",
                each.acronym,
            ]
            if membership and (seeker.is_delegate or membership.state != "candidate"):
                context.append(membership.get_membership_class_display())
                if membership.state != "active":
                    context.append(membership.get_state_display())
            url = reverse("members:institution", args=[each.pk])
            yield Hit(title, url, tuple(filter(None, context)), body)

    return Found(institutions.matching(words).with_membership().in_official_order(), hits)


def _people(seeker: Seeker, words: str) -> Found:
    if not seeker.is_delegate:
        return NOTHING

    def hits(things: list[Any]) -> Iterable[Hit]:  # `held` is no field of the model
        for each in things:
            seats = [
                part
                for mandate in each.held
                for part in (mandate.get_capacity_display(), mandate.institution.name)
            ]
            url = reverse("members:person", args=[each.pk])
            yield Hit(Shown(each.name, language_of(each.name)), url, tuple(seats))

    return Found(User.objects.delegates_matching(words), hits)


def _rooms(seeker: Seeker, words: str) -> Found:
    if not isinstance(seeker.user, User) or not seeker.is_delegate:
        return NOTHING

    def hits(things: list[Room]) -> Iterable[Hit]:
        for each in things:
            title, body = _titled(each.titles, words)
            body = body or found_in(each.purposes, words)
            url = reverse("messaging:room", args=[each.pk])
            yield Hit(title, url, (each.get_kind_display(),), body, each.last_message_at)

    return Found(Room.objects.for_list(seeker.user).matching(words), hits)


def _messages(seeker: Seeker, words: str) -> Found:
    if not isinstance(seeker.user, User) or not seeker.is_delegate:
        return NOTHING
    rooms = Room.objects.readable_by(seeker.user).in_bulk()

    def hits(things: list[Message]) -> Iterable[Hit]:
        with_files(things)
        for each in things:
            room = rooms[each.room_id]
            names = (file.name for file in each.shown_files)
            said = " · ".join(filter(None, [each.body, *names]))
            language = language_of(said, likely=each.author.language)
            author = Shown(each.author.name, language_of(each.author.name))
            yield Hit(
                room.title,
                f"{reverse('messaging:place', args=[room.pk, each.seq])}#r{each.seq}",
                (author, each.mandate.institution.name),
                Shown(said, language),
                each.posted_at,
            )

    return Found(Message.objects.in_rooms(rooms).matching(words).for_hits(), hits)


def _meetings(seeker: Seeker, words: str) -> Found:
    meetings = Meeting.objects.all() if seeker.is_delegate else Meeting.objects.public()
    page = "assembly:meeting" if seeker.is_delegate else "portal:calendar_meeting"

    def hits(things: list[Meeting]) -> Iterable[Hit]:
        for each in things:
            title = Shown(each.name, get_language() or "")
            url = reverse(page, args=[each.pk])
            yield Hit(title, url, (each.city,), when=each.starts_on)

    return Found(meetings.matching(words), hits)


def _agenda_items(seeker: Seeker, words: str) -> Found:
    if not seeker.is_delegate:
        return NOTHING

    def hits(things: list[AgendaItem]) -> Iterable[Hit]:
        for each in things:
            title, body = _titled(each.titles, words)
            url = reverse("assembly:agenda_item", args=[each.meeting_id, each.position])
            yield Hit(title, url, (each.meeting.name,), body, each.meeting.starts_on)

    return Found(AgendaItem.objects.matching(words), hits)


def _applications(seeker: Seeker, words: str) -> Found:
    if not isinstance(seeker.user, User):
        return NOTHING
    seen = Application.objects.visible_to(seeker.user.pk, of_secretariat=seeker.is_secretariat)

    def hits(things: list[Application]) -> Iterable[Hit]:
        for each in things:
            title, body = _titled(each.institution_names, words)
            context = (
                each.get_state_display(),
                country_name(each.country) if each.country else "",
                each.acronym,
            )
            url = reverse("members:application", args=[each.pk])
            yield Hit(title, url, tuple(filter(None, context)), body, each.state_since)

    return Found(seen.matching(words), hits)


def _documents(seeker: Seeker, words: str) -> Found:
    if not isinstance(seeker.user, User):
        return NOTHING
    seen = ApplicationDocument.objects.visible_to(
        seeker.user.pk, of_secretariat=seeker.is_secretariat
    )

    def hits(things: list[ApplicationDocument]) -> Iterable[Hit]:
        for each in things:
            url = reverse("members:application_document", args=[each.application_id, each.pk])
            context = (each.get_kind_display(), each.application.name)
            title = Shown(each.name, language_of(each.name))
            yield Hit(title, url, context, when=each.created_at)

    return Found(seen.matching(words), hits)


def _news(seeker: Seeker, words: str) -> Found:
    def hits(things: list[NewsItem]) -> Iterable[Hit]:
        for each in things:
            title, body = _titled(each.final_titles, words)
            summary = found_in(final_only(each.summaries, each.states), words)
            article = found_in(final_only(each.bodies, each.states), words)
            url = reverse("portal:news_item", args=[each.pk])
            if body is None and article:
                article = Shown(plain(article.text), article.language)
            yield Hit(title, url, (), body or summary or article, each.published_at)

    return Found(NewsItem.objects.published().in_order().matching(words), hits)


SOURCES = [
    Source("institutions", gettext_lazy("Institutions"), "building-2", _institutions),
    Source("people", gettext_lazy("People"), "users-round", _people),
    Source("rooms", gettext_lazy("Rooms"), "messages-square", _rooms),
    Source("messages", gettext_lazy("Messages"), "message-square-text", _messages),
    Source("news", gettext_lazy("News"), "newspaper", _news),
    Source("meetings", gettext_lazy("Meetings"), "calendar-days", _meetings),
    Source("agenda", pgettext_lazy("found", "Agenda items"), "list-ordered", _agenda_items),
    Source("applications", gettext_lazy("Applications"), "file-text", _applications),
    Source("documents", gettext_lazy("Documents"), "paperclip", _documents),
]
