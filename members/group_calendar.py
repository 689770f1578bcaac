"""The dates of a group as a calendar that other programs read (RFC 5545)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from icalendar import Calendar, Event, vText

from members.models import Group, GroupDate


def calendar_of(group: Group, dates: Iterable[GroupDate]) -> bytes:
    """The dates in the active language; cancelled ones as such, so that they go elsewhere too."""
    language = get_language() or settings.LANGUAGE_CODE
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    name = group.name
    calendar = Calendar()
    calendar.add("prodid", f"-//Majlis//{host}//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(name.text, name.language))
    calendar.add("x-wr-calname", name.text)
    for date in dates:
        calendar.add_component(_event(date, f"group-date-{date.pk}@{host}"))
    return bytes(calendar.to_ical())


def _event(date: GroupDate, uid: str) -> Event:
    event = Event()
    address = reverse("members:group_date", args=[date.group_id, date.pk])
    event.add("uid", uid)
    event.add("dtstamp", date.saved_at)
    event.add("last-modified", date.saved_at)
    event.add("sequence", date.number - 1)
    if date.has_hours:
        event.add("dtstart", date.starts_at)
        event.add("dtend", date.ends_at)
    else:
        event.add("dtstart", date.first_day)
        event.add("dtend", date.ends_at.astimezone(date.clocks).date())  # the first after it
    event.add("summary", _text(*date.title))
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
