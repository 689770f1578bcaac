"""The dates of a group as a calendar that other programs read (RFC 5545)."""

from collections.abc import Iterable
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from icalendar import Calendar, Event, vText

from members.models import Group, GroupDate
from members.network import short_name_of_network
from records.languages import Shown


def calendar_of(group: Group, dates: Iterable[GroupDate]) -> bytes:
    """The dates in the active language; cancelled ones as such, so that they go elsewhere too."""
    return _calendar(group.name, [_event(date) for date in dates])


def own_calendar_of(dates: Iterable[GroupDate]) -> bytes:
    """A person's, read with their groups: each date says of which it is. As `calendar_of`."""
    network, language = short_name_of_network(), get_language() or settings.LANGUAGE_CODE
    name = _("%(network)s: my groups") % {"network": network.text}
    calendar = [_event(date, of_group=date.group) for date in dates]
    return _calendar(Shown(name, language), calendar, refreshed=True)


def _calendar(name: Shown, events: Iterable[Event], *, refreshed: bool = False) -> bytes:
    """`refreshed`: a program asks for it again and again."""
    language = get_language() or settings.LANGUAGE_CODE
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    calendar = Calendar()
    calendar.add("prodid", f"-//Majlis//{host}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(name.text, name.language))
    calendar.add("x-wr-calname", name.text)
    if refreshed:
        calendar.add("refresh-interval", timedelta(hours=2), {"value": "DURATION"})
        calendar.add("x-published-ttl", "PT2H")
    for event in events:
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(date: GroupDate, of_group: Group | None = None) -> Event:
    event = Event()
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    address = reverse("members:group_date", args=[date.group_id, date.pk])
    event.add("uid", f"group-date-{date.pk}@{host}")
    event.add("dtstamp", date.saved_at)
    event.add("last-modified", date.saved_at)
    event.add("sequence", date.number - 1)
    if date.has_hours:
        event.add("dtstart", date.starts_at)
        event.add("dtend", date.ends_at)
    else:
        event.add("dtstart", date.first_day)
        event.add("dtend", date.ends_at.astimezone(date.clocks).date())  # the first after it
    title = date.title
    summary = f"{title.text} – {of_group.name.text}" if of_group else title.text
    event.add("summary", _text(summary, title.language))
    said = [date.description.text, date.link]
    if any(said):
        event.add("description", _text("\n\n".join(filter(None, said)), date.description.language))
    if date.place:
        event.add("location", date.place)
    event.add("url", settings.PUBLIC_ORIGIN + address)
    event.add("status", "CANCELLED" if date.is_cancelled else "CONFIRMED")
    event.add("class", "PRIVATE")
    return event


def _text(text: str, language: str) -> vText:
    return vText(text, params={"LANGUAGE": language})
