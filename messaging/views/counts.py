"""What waits for the person, for pages without a live connection."""

from django.http import HttpRequest, JsonResponse
from django.utils.translation import get_language
from django.views.decorators.http import require_GET

from members.http import person
from messaging.counts import counts_frame
from messaging.models import Room


@require_GET
def counts(request: HttpRequest) -> JsonResponse:
    """The same as the frame `counts` of the socket."""
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    by_room = Room.objects.counts_of(person(request))
    return JsonResponse(
        counts_frame(by_room, get_language()), json_dumps_params={"ensure_ascii": False}
    )
