"""Transcripts of a room: ask for one, see how far it is, download it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import person
from messaging import actions
from messaging.models import Record, Transcript
from messaging.permissions import RoomAccess, access_room, transcript_seat
from messaging.transcripts.forms import TranscriptForm
from messaging.transcripts.signing import has_key
from records.http import file_response


def _access(request: HttpRequest, pk: int) -> RoomAccess:
    access = access_room(person(request), pk)
    if transcript_seat(access) is None:
        raise PermissionDenied
    return access


def _find(access: RoomAccess, number: int) -> Transcript:
    found = Transcript.objects.find(access.room, number)
    if found is None:
        raise Http404
    return found


@login_required
@require_http_methods(["GET", "POST"])
def transcripts(request: HttpRequest, pk: int) -> HttpResponse:
    room = _access(request, pk).room
    form = TranscriptForm(
        request.POST if request.method == "POST" else None,
        room=room,
        own=person(request).language,
    )
    if form.is_valid() and has_key():
        first, last = form.range
        actions.ask_for_transcript(
            room=room,
            actor=person(request),
            language=form.cleaned_data["language"],
            first=first,
            last=last,
        )
        return redirect("messaging:transcripts", pk=pk)
    listed = list(Transcript.objects.for_list(room))
    deleted = Record.objects.deleted_texts(room)
    for each in listed:
        each.note_deleted(deleted)
    context = {
        "room": room,
        "form": form,
        "transcripts": listed,
        "under_way": any(each.is_under_way for each in listed),
        "has_key": has_key(),
    }
    status = 422 if form.is_bound else 200
    return render(request, "messaging/transcripts.html", context, status=status)


@login_required
@require_POST
def try_again(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    transcript = _find(_access(request, pk), number)
    actions.try_transcript_again(transcript=transcript, actor=person(request))
    return redirect("messaging:transcripts", pk=pk)


@login_required
@require_GET
def download(request: HttpRequest, pk: int, number: int, kind: str) -> StreamingHttpResponse:
    access = _access(request, pk)
    transcript = _find(access, number)
    stored = dict(transcript.files).get(kind)
    if stored is None:
        raise Http404
    actions.note_download(transcript=transcript, actor=person(request), format_name=kind)
    name = f"transcript-{pk}-{transcript.first_seq}-{transcript.last_seq}.{kind}"
    return file_response(stored, name)
