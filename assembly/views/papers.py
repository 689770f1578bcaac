"""The dossier of a question, for those who decide it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from assembly.actions.papers import ask_for_item_dossier
from assembly.models import ItemDossier
from assembly.papers import advice_on
from assembly.permissions import access_paper, access_papers
from members.http import acting, person
from members.network import languages_with, read_in
from records.http import file_response


@require_GET
@login_required
def item_dossier(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    item, application = access_papers(request.user, meeting_id, position)
    context = {
        "item": item,
        "meeting": item.meeting,
        "application": application,
        "advice": advice_on(item),
        "dossiers": ItemDossier.objects.of(item.pk),
        "languages": languages_with({person(request).language}),
    }
    return render(request, "assembly/item_dossier.html", context)


@require_GET
@login_required
def item_document(
    request: HttpRequest, meeting_id: int, position: int, document_id: int
) -> StreamingHttpResponse:
    document = access_paper(request.user, meeting_id, position, document_id)
    return file_response(document.file, document.name)


@require_POST
@login_required
def make_item_dossier(request: HttpRequest, meeting_id: int, position: int) -> HttpResponse:
    """`language`: of those that the reader is offered; anything else is that of the page."""
    item, _application = access_papers(request.user, meeting_id, position)
    own = person(request).language
    language = request.POST.get("language", "")
    if language not in dict(languages_with({own})):
        language = read_in(str(request.LANGUAGE_CODE), own)
    ask_for_item_dossier(item=item, language=language, **acting(request))
    messages.success(request, _("The dossier is being made. Look again in a moment."))
    return redirect("assembly:item_dossier", meeting_id, position)


@require_GET
@login_required
def item_dossier_file(
    request: HttpRequest, meeting_id: int, position: int, language: str
) -> StreamingHttpResponse:
    item, application = access_papers(request.user, meeting_id, position)
    dossier = ItemDossier.objects.in_language(item.pk, language)
    if dossier is None or not dossier.file:
        raise Http404
    return file_response(dossier.file, f"{application.name.text or application.pk} – dossier.pdf")
