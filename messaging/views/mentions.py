"""Who can be mentioned in a room."""

from django.http import HttpRequest, JsonResponse
from django.views.decorators.http import require_GET

from members.http import person
from messaging.mentions import suggestions
from messaging.permissions import access_room


@require_GET
def people(request: HttpRequest, pk: int) -> JsonResponse:
    """What the list shows that `@` opens in the composer; names in the language of the page."""
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    user = person(request)
    access = access_room(user, pk)
    found = suggestions(access.room, access.seats, user.pk) if access.writing else []
    return JsonResponse(
        {"type": "room.people", "room": pk, "people": found},
        json_dumps_params={"ensure_ascii": False},
    )
