"""What the office before reads of applications: as they stood when the presidency passed on."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from members.audit import described
from members.models import Application
from members.models.applications import ApplicationQuerySet
from members.past_dossiers import PastState
from members.permissions.applications import access_past_application
from members.permissions.presidencies import ended_at, past_term

PAGE = 25


def past_queue_page(request: HttpRequest, own: ApplicationQuerySet) -> HttpResponse | None:
    """All that was handed in during its time; None for whoever is not of an office before."""
    term = past_term(request.user)
    if term is None:
        return None
    queue = Application.objects.in_queue().submitted_before(ended_at(term))
    page = Paginator(queue, PAGE).get_page(request.GET.get("page"))
    context = {
        "past_term": term,
        "page": page,
        "rows": PastState.of(list(page), ended_at(term)),
        "own": own,
    }
    return render(request, "members/past_queue.html", context)


def past_dossier_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Raises Http404."""
    dossier = access_past_application(request.user, pk)
    context = {
        "past_term": past_term(request.user),
        "dossier": dossier,
        "application": dossier.application,  # as it then was
        "timeline": described(dossier.entries),
    }
    return render(request, "members/past_dossier.html", context)
