"""Files of messages: they come by themselves, and go out to whoever reads the room."""

from django.contrib.auth.decorators import login_required
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponseBase, JsonResponse
from django.views.decorators.http import require_GET, require_POST

from members.http import person
from messaging import attachment_commands
from messaging.permissions import access_attachment
from records.http import opened_response, picture_response


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> JsonResponse:
    """One file, for scripts. Without one, files come with the message itself."""
    upload = request.FILES.get("file")
    kept = upload if isinstance(upload, UploadedFile) else None
    reply = attachment_commands.attach(person(request), pk, kept)
    return JsonResponse(reply, status=reply.get("status", 200))


@login_required
@require_POST
def remove_attachment(request: HttpRequest, pk: int, attachment: int) -> JsonResponse:
    reply = attachment_commands.remove(person(request), pk, attachment)
    return JsonResponse(reply, status=reply.get("status", 200))


@login_required
@require_GET
def attachment(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """The file as it was sent: shown where it is a picture or a PDF, else a download."""
    found = access_attachment(person(request), pk, attachment)
    return opened_response(found.file, found.name)


@login_required
@require_GET
def attachment_preview(request: HttpRequest, pk: int, attachment: int) -> HttpResponseBase:
    """A picture, small, without what the camera wrote into it."""
    found = access_attachment(person(request), pk, attachment)
    if found.preview is None:
        raise Http404
    return picture_response(found.preview, public=False)
