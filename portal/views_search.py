"""The page of the one search field."""

from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.http import mandates_of
from portal.forms.search import SearchForm
from portal.search import MOST, SOURCES, Seeker

FIRST = 3  # hits of each kind where all kinds are shown
PAGE = 20  # hits of one kind


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """`?q=` all kinds, the first hits of each; `&kind=` one kind, `&page=` by page."""
    asked = request.GET.get("q", "").strip() != ""
    form = SearchForm(request.GET if asked else None)
    context: dict[str, Any] = {"form": form, "search_query": request.GET.get("q", "")}
    if asked and form.is_valid():
        context |= _results(request, form.cleaned_data["q"], form.cleaned_data["kind"])
    return render(request, "portal/search/search.html", context, status=422 if form.errors else 200)


def _results(request: HttpRequest, words: str, kind: str) -> dict[str, Any]:
    seeker = Seeker(request.user, mandates_of(request))
    groups: list[dict[str, Any]] = []
    page: Page[int] | None = None
    for source in SOURCES:
        found = source.find(seeker, words)
        if not found.number and source.kind != kind:
            continue
        group: dict[str, Any] = {"source": source, "found": found, "hits": []}
        if source.kind == kind:
            page = Paginator(range(found.number), PAGE).get_page(request.GET.get("page"))
            group["hits"] = found.between(max(page.start_index() - 1, 0), page.end_index())
        elif not kind:
            group["hits"] = found.between(0, FIRST)
        groups.append(group)
    return {
        "words": words,
        "kind": kind,
        "groups": groups,
        "shown": [group for group in groups if group["hits"]],
        "total": sum(group["found"].number for group in groups),
        "is_cut": any(group["found"].is_cut for group in groups),
        "page": page,
        "most": MOST,
    }
