"""Which meeting a room is of: what `messaging` asks by `messaging.occasions`."""

from django.urls import reverse

from assembly.models import Meeting
from messaging.occasions import Occasion


def meetings_of(rooms: list[int]) -> dict[int, Occasion]:
    return {
        meeting.room_id: Occasion(
            name=meeting.name,
            days=meeting.days,
            place=meeting.city.text,
            address=reverse("assembly:meeting", args=[meeting.pk]),
            is_over=meeting.is_over,
        )
        for meeting in Meeting.objects.of_rooms(rooms)
        if meeting.room_id
    }
