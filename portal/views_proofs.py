"""Proofs for everybody: the public keys, the heads of the chains, and the page that verifies."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_http_methods

from majlis_verify import Verdict, verify
from members.throttle import origin_of, within_limit
from messaging.transcripts.heads import latest_heads
from messaging.transcripts.signing import known_keys, published_keys
from portal.forms.proofs import VerifyForm
from portal.proofs import fault_in_words

MINUTE = 60
FILES_A_MINUTE = 10


@require_GET
@cache_control(public=True, max_age=3600)
def keys(request: HttpRequest) -> JsonResponse:
    return JsonResponse(published_keys(), json_dumps_params={"indent": 1})


@require_GET
@cache_control(public=True, max_age=3600)
def heads(request: HttpRequest) -> HttpResponse:
    """The newest; 404 before the first night."""
    if (content := latest_heads()) is None:
        raise Http404
    return HttpResponse(content, content_type="application/json")


@require_http_methods(["GET", "POST"])
def verify_file(request: HttpRequest) -> HttpResponse:
    """Whether a transcript is whole and true. The file is read and forgotten."""
    posted = request.method == "POST"
    form = VerifyForm(request.POST if posted else None, request.FILES if posted else None)
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    if not within_limit("verify", origin_of(request), limit=FILES_A_MINUTE, seconds=MINUTE):
        return _page(request, form, status=429, limited=True)
    verdict = verify(form.cleaned_data["file"].read(), known_keys())
    return _page(request, VerifyForm(), **_shown(verdict))


def _page(
    request: HttpRequest, form: VerifyForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(request, "portal/verify.html", {"form": form, **more}, status=status)


def _shown(verdict: Verdict) -> dict[str, Any]:
    """What the file says of itself is shown only where it is whole: else anybody wrote it."""
    document = verdict.document if verdict.outcome in ("whole", "unknown_key") else {}
    return {
        "verdict": verdict,
        "fault": fault_in_words(verdict.fault) if verdict.fault else "",
        "document": document,
        "is_transcript": document.get("format") == "majlis-transcript/1",
        "made_at": _moment(document.get("made_at")),
    }


def _moment(said: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(str(said))
    except ValueError:
        return None
    return moment if moment.tzinfo else None
