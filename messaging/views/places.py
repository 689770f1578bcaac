"""Going to a place in a room: a record by its lasting address, a day."""

from datetime import date

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.http import person
from messaging.forms_places import DayForm
from messaging.models import Message, Room
from messaging.permissions import access_room
from messaging.places import first_of_day
from messaging.views.rooms import empty_form, render_room


@login_required
@require_GET
def place(request: HttpRequest, pk: int, seq: int) -> HttpResponse:
    """The lasting address of a record: the room around it."""
    access = access_room(person(request), pk)
    if not 1 <= seq <= access.room.head_seq:
        raise Http404
    return render_room(request, access, empty_form(request, access), at=seq)


@login_required
@require_GET
def day(request: HttpRequest, pk: int) -> HttpResponse:
    """`?day=`: to the first message of the day, or to the next one after it."""
    access = access_room(person(request), pk)
    form = DayForm(request.GET)
    if not form.is_valid():
        return render_room(request, access, empty_form(request, access), status=422, day_form=form)
    wanted: date = form.cleaned_data["day"]
    is_future = wanted > timezone.localdate()
    found = None if is_future else first_of_day(access.room, wanted)
    if notice := _notice(access.room, wanted, found, is_future=is_future):
        messages.info(request, notice)
    if found is None:
        return redirect(f"{reverse('messaging:room', args=[pk])}?latest=1")
    return redirect(f"{reverse('messaging:place', args=[pk, found.seq])}#r{found.seq}")


def _notice(room: Room, wanted: date, found: Message | None, *, is_future: bool) -> str:
    """What to tell who asked for a day and comes to another."""
    opened = timezone.localdate(room.created_at)
    words = {"day": date_format(wanted), "opened": date_format(opened)}
    if is_future:
        return _("That day is still to come. These are the latest messages.")
    if found is None:
        return _("Nothing was said on %(day)s or after it. These are the latest messages.") % words
    if timezone.localdate(found.posted_at) == wanted:
        return ""
    if wanted < opened:
        return _("The room was opened on %(opened)s. This is its first message.") % words
    return _("Nothing was said on %(day)s. This is the next message after it.") % words
