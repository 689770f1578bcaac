"""The public meetings as a calendar that other programs read (RFC 5545)."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language
from icalendar import Calendar, Event, vText

from assembly.models import Meeting
from members.countries import country_name
from members.network import short_name_of_network


def calendar_of(meetings: Iterable[Meeting]) -> bytes:
    """The meetings (read `with_revision`), as all-day events in the active language.

    A past meeting of which only the month is known is left out: an event has days.
    """
    language = get_language() or settings.LANGUAGE_CODE
    calendar = Calendar()
    name = short_name_of_network()
    calendar.add(
        "prodid", f"-//Majlis//{urlsplit(settings.PUBLIC_ORIGIN).hostname}//{language.upper()}"
    )
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("name", _text(name.text, name.language))
    calendar.add("x-wr-calname", name.text)
    calendar.add("refresh-interval", timedelta(hours=12), {"value": "DURATION"})
    calendar.add("x-published-ttl", "PT12H")
    for meeting in meetings:
        if meeting.ends_on is not None or not meeting.is_over:
            calendar.add_component(_event(meeting, language))
    return bytes(calendar.to_ical())


def _event(meeting: Meeting, language: str) -> Event:
    event = Event()
    host = urlsplit(settings.PUBLIC_ORIGIN).hostname
    url = settings.PUBLIC_ORIGIN + reverse("portal:calendar_meeting", args=[meeting.pk])
    told = meeting.revised_at or datetime.combine(meeting.starts_on, time(), UTC)
    event.add("uid", f"meeting-{meeting.pk}@{host}")
    event.add("dtstamp", told)
    event.add("last-modified", told)
    event.add("sequence", max(0, (meeting.revisions or 1) - 1))
    event.add("dtstart", meeting.starts_on)
    event.add("dtend", meeting.last_day + timedelta(days=1))  # the first day after it
    event.add("summary", _text(meeting.name, language))
    city = meeting.city
    place = ", ".join(p for p in (city.text, country_name(meeting.country).text) if p)
    if language == "ar":
        place = place.replace(", ", "، ")
    if place:
        event.add("location", _text(place, city.language if city.text else language))
    event.add("url", url)
    event.add("status", "CONFIRMED")
    event.add("class", "PUBLIC")
    event.add("transp", "TRANSPARENT")
    return event


def _text(text: str, language: str) -> vText:
    return vText(text, params={"LANGUAGE": language})
