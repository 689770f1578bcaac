"""Who is present, asked again by a page that is open."""

from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag
from django.views.decorators.http import require_GET

from members.models import Mandate
from members.permissions import access_delegation
from messaging.delegation_presence import presence_of


@require_GET
def delegation_presence(request: HttpRequest, pk: int) -> HttpResponse:
    """What the page of a delegation says of it, for whom it is open. 304 while it is the same."""
    if not request.user.is_authenticated:
        return JsonResponse({"type": "error", "status": 401, "code": "signed_out"}, status=401)
    institution = access_delegation(request.user, pk)
    people = Mandate.objects.of_institution(institution).unended()
    shown = presence_of(request.user, people, institution)
    answer = JsonResponse(
        {"words": shown.words, "users": sorted(shown.users)},
        json_dumps_params={"ensure_ascii": False},
    )
    etag = quote_etag(sha256(answer.content).hexdigest())
    answer["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=answer) or answer
