"""The pack of a handover: ask for it, see how far it is, download it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from members.http import acting, acting_as_office
from members.models import Handover
from members.permissions.presidencies import access_handover, can_read_pack
from portal.actions import packs
from portal.models import HandoverPack
from portal.permissions import may_make_pack
from records.http import file_response


@require_http_methods(["GET", "POST"])
@login_required
def handover_pack(request: HttpRequest, pk: int) -> HttpResponse:
    handover = _access(request, pk)
    if request.method == "POST":
        packs.ask_for_pack(
            handover=handover, language=get_language() or "", **acting_as_office(request)
        )
        return redirect("portal:handover_pack", pk)
    pack = HandoverPack.objects.of(handover)
    context = {
        "handover": handover,
        "pack": pack,
        "may_make": may_make_pack(request.user, handover, pack),
    }
    return render(request, "portal/handover_pack/pack.html", context)


@require_GET
@login_required
def handover_pack_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    pack = HandoverPack.objects.of(_access(request, pk))
    if pack is None or pack.file is None:
        raise Http404
    packs.note_pack_download(pack=pack, **acting(request))
    return file_response(pack.file, "handover.zip")


def _access(request: HttpRequest, pk: int) -> Handover:
    handover = access_handover(request.user, pk)
    if not can_read_pack(request.user, handover):
        raise Http404
    return handover
