"""News as everybody reads it."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from members.caching import public_page
from portal.forms.news import NewsFilterForm
from portal.models import NewsItem
from portal.permissions import access_news_item, access_picture_file, can_publish
from records.http import picture_response

PAGE = 10
IN_PREPARATION = 50


@require_GET
@public_page
def news_list(request: HttpRequest) -> HttpResponse:
    """What is published; the secretariat also sees what is not."""
    year = NewsFilterForm(request.GET).sought()
    published = NewsItem.objects.published()
    page = Paginator(published.of_year(year).in_order().with_pictures(), PAGE).get_page(
        request.GET.get("page")
    )
    office = can_publish(request.user)
    preparing = NewsItem.objects.in_preparation()[:IN_PREPARATION] if office else None
    return render(
        request,
        "portal/news/list.html",
        {
            "page": page,
            "year": year,
            "years": published.years(),
            "office": office,
            "preparing": preparing,
        },
    )


@require_GET
@public_page
def news_item(request: HttpRequest, pk: int) -> HttpResponse:
    """An item that is public. The secretariat is led from what is not to its preview."""
    item = access_news_item(request.user, pk)
    if not item.is_public:
        return redirect("portal:news_preview", pk)
    context = {"item": item, "edition": item.edition(), "office": can_publish(request.user)}
    return render(request, "portal/news/item.html", context)


@require_GET
def picture(request: HttpRequest, sha256: str) -> StreamingHttpResponse:
    stored, public = access_picture_file(request.user, sha256)
    return picture_response(stored, public=public)
