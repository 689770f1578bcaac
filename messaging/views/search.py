"""Search in what was said, in one room or in all that the person may read now."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.http import person
from messaging.forms_search import RoomSearchForm
from messaging.models import Message, Room, Subject, with_files
from records.reading import midnight

PAGE = 20  # hits on a page


@login_required
@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """`?q=&room=&subject=&person=&delegation=&statements=&with_files=&since=&until=`, the newest
    first.

    `&before=` the older.
    """
    rooms = {room.pk: room for room in Room.objects.for_list(person(request))}
    room = _room(request, rooms)
    subjects = list(Subject.objects.of_room(room)) if room else []
    form = RoomSearchForm(request.GET or None, rooms=list(rooms.values()), subjects=subjects)
    context: dict[str, Any] = {"form": form, "room": room}
    if form.is_valid() and form.is_asked:
        context |= _results(form.cleaned_data, [room.pk] if room else list(rooms))
    return render(request, "messaging/search.html", context, status=422 if form.errors else 200)


def _room(request: HttpRequest, rooms: dict[int, Room]) -> Room | None:
    """The one that is asked for. Raises Http404 for one that is not the person's, as for none."""
    asked = request.GET.get("room")
    if not asked:
        return None
    if not (asked.isdecimal() and len(asked) < 20 and int(asked) in rooms):
        raise Http404
    return rooms[int(asked)]


def _results(asked: dict[str, Any], rooms: list[int]) -> dict[str, Any]:
    since, until = asked["since"], asked["until"]
    found = Message.objects.found(
        rooms,
        words=asked["q"],
        person=asked["person"],
        delegation=asked["delegation"],
        statements=asked["statements"],
        subject=asked.get("subject"),
        since=midnight(since) if since else None,
        until=midnight(until, later=1) if until else None,
        with_files=asked["with_files"],
        before=asked["before"],
    )
    hits = list(found[: PAGE + 1])
    with_files(hits[:PAGE])
    return {
        "is_answered": True,
        "words": asked["q"],
        "names": asked["person"],
        "hits": hits[:PAGE],
        "older": hits[PAGE - 1].pk if len(hits) > PAGE else None,
    }
