"""One's own data: ask for a copy, see how far it is, download it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.views.decorators.http import require_GET, require_http_methods

from members.http import person, prove_again
from portal.actions import exports
from portal.models import DataExport
from records.http import file_response


@login_required
@require_http_methods(["GET", "POST"])
def your_data(request: HttpRequest) -> HttpResponse:
    user = person(request)
    if request.method == "POST":
        exports.ask_for_export(user=user, language=get_language() or "")
        return redirect("portal:your_data")
    export = DataExport.objects.of(user).first()
    return render(request, "portal/data_export/your_data.html", {"export": export})


@login_required
@require_GET
def data_export(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The file, to its person alone, who has just proved who they are."""
    prove_again(request)
    export = DataExport.objects.find(person(request), pk)
    if export is None or export.file is None:
        raise Http404
    exports.note_export_download(export=export, actor=person(request))
    return file_response(export.file, "your-data.zip")
