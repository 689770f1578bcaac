"""The dossier as one PDF."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions import dossiers
from members.http import acting, person
from members.models import DossierFile
from members.network import languages_with, read_in
from members.permissions.reviews import access_assessment
from records.http import file_response


@require_POST
@login_required
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """`language`: of those that the reader is offered; anything else is that of the page."""
    shown = access_assessment(request.user, pk)
    if not shown.may_read:
        raise Http404
    own = person(request).language
    language = request.POST.get("language", "")
    if language not in dict(languages_with({own})):
        language = read_in(str(request.LANGUAGE_CODE), own)
    dossiers.ask_for_dossier(application=shown.application, language=language, **acting(request))
    messages.success(request, _("The dossier is being made. Look again in a moment."))
    return redirect("members:assessment", pk)


@require_GET
@login_required
def dossier_file(request: HttpRequest, pk: int, dossier_id: int) -> StreamingHttpResponse:
    """For whom it was made, while they may read it."""
    shown = access_assessment(request.user, pk)
    dossier = DossierFile.objects.find(dossier_id, person(request).pk)
    if not shown.may_read or dossier is None or dossier.application_id != pk or not dossier.file:
        raise Http404
    return file_response(dossier.file, f"{shown.application.name.text or pk} – dossier.pdf")
