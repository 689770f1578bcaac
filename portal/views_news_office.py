"""News as the secretariat writes, shows and publishes it."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.http import acting, person, secretariat_only
from portal.actions import news
from portal.actions import pictures as picture_actions
from portal.actions.texts import NotReadyError, StaleError
from portal.changes import state_changes, text_changes
from portal.enums import NewsStage
from portal.forms.news import (
    NewPictureForm,
    NewsForm,
    PictureForm,
    PublicationForm,
    WithdrawalForm,
)
from portal.models import NewsItem
from portal.permissions import access_news_draft, access_news_picture

GET_OR_POST = require_http_methods(["GET", "POST"])


# --- Texts ----------------------------------------------------------------------------------------


@GET_OR_POST
@secretariat_only
def new_item(request: HttpRequest) -> HttpResponse:
    form = NewsForm(
        request.POST if request.method == "POST" else None, initial=NewsForm.initial_of(NewsItem())
    )
    if not form.is_valid():
        return render(
            request,
            "portal/news/edit.html",
            {"form": form},
            status=422 if form.is_bound else 200,
        )
    item = news.create_item(texts=form.to_save(), **acting(request))
    messages.success(request, _("The draft was saved. Only the secretariat sees it."))
    return redirect("portal:news_edit", item.pk)


@GET_OR_POST
@secretariat_only
def edit_item(request: HttpRequest, pk: int) -> HttpResponse:
    item = access_news_draft(request.user, pk)
    if request.method == "GET":
        return _edit_page(request, item, NewsForm(initial=NewsForm.initial_of(item)))
    form = NewsForm(request.POST)
    if not form.is_valid():
        return _edit_page(request, item, form, status=422)
    try:
        news.save_texts(
            item=item,
            texts=form.to_save(),
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except StaleError as error:
        form.take_version(error.version)
        item = access_news_draft(request.user, pk)
        newer = item.versions.in_order().find(error.version)
        return _edit_page(request, item, form, status=409, newer=newer)
    except NotReadyError as error:
        form.add_error(None, error)
        return _edit_page(request, item, form, status=422)
    messages.success(request, _("Saved."))
    return redirect("portal:news_edit", pk)


def _edit_page(
    request: HttpRequest, item: NewsItem, form: NewsForm, *, status: int = 200, **more: Any
) -> HttpResponse:
    return render(
        request, "portal/news/edit.html", {"item": item, "form": form, **more}, status=status
    )


@require_GET
@secretariat_only
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As the public will read it in the language of the address, drafts included."""
    item = access_news_draft(request.user, pk)
    return render(
        request,
        "portal/news/preview.html",
        {"item": item, "edition": item.edition(drafts=True)},
    )


@require_GET
@secretariat_only
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    item = access_news_draft(request.user, pk)
    return render(
        request,
        "portal/news/versions.html",
        {"item": item, "versions": item.versions.in_order()},
    )


@require_GET
@secretariat_only
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One version, against the one before it."""
    item = access_news_draft(request.user, pk)
    new = item.versions.in_order().find(number)
    if new is None:
        raise Http404
    old = item.versions.in_order().find(number - 1)
    context = {
        "item": item,
        "version": new,
        "before": old,
        "changes": text_changes(old, new),
        "states": state_changes(old, new),
    }
    return render(request, "portal/news/version.html", context)


# --- Pictures -------------------------------------------------------------------------------------


@GET_OR_POST
@secretariat_only
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """All pictures of an item, and the form that adds one."""
    item = access_news_draft(request.user, pk)
    if request.method == "GET":
        return _pictures_page(request, item, NewPictureForm())
    form = NewPictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _pictures_page(request, item, form, status=422)
    try:
        picture_actions.add_picture(
            item=item, upload=form.cleaned_data["picture"], **form.to_save(), **acting(request)
        )
    except (NotReadyError, picture_actions.TooManyError) as error:
        form.add_error(None, error)
        return _pictures_page(request, item, form, status=422)
    messages.success(request, _("The picture was added."))
    return redirect("portal:news_pictures", pk)


def _pictures_page(
    request: HttpRequest, item: NewsItem, form: NewPictureForm, *, status: int = 200
) -> HttpResponse:
    return render(request, "portal/news/pictures.html", {"item": item, "form": form}, status=status)


@GET_OR_POST
@secretariat_only
def change_picture(request: HttpRequest, pk: int, picture_id: int) -> HttpResponse:
    picture = access_news_picture(request.user, pk, picture_id)
    if request.method == "GET":
        form = PictureForm(initial=PictureForm.initial_of(picture))
        return render(request, "portal/news/picture.html", {"picture": picture, "form": form})
    form = PictureForm(request.POST)
    status = 422
    if form.is_valid():
        try:
            picture_actions.change_picture(
                picture=picture,
                version=form.cleaned_data["version"],
                **form.to_save(),
                **acting(request),
            )
        except StaleError as error:
            form.take_version(error.version)
            status = 409
        except NotReadyError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("portal:news_pictures", pk)
    context = {
        "picture": access_news_picture(request.user, pk, picture_id),
        "form": form,
        "stale": status == 409,
    }
    return render(request, "portal/news/picture.html", context, status=status)


@require_POST
@secretariat_only
def remove_picture(request: HttpRequest, pk: int, picture_id: int) -> HttpResponse:
    picture = access_news_picture(request.user, pk, picture_id)
    picture_actions.remove_picture(picture=picture, **acting(request))
    messages.success(request, _("The picture was removed."))
    return redirect("portal:news_pictures", pk)


@require_POST
@secretariat_only
def lead_with_picture(request: HttpRequest, pk: int, picture_id: int) -> HttpResponse:
    picture = access_news_picture(request.user, pk, picture_id)
    picture_actions.lead_with(picture=picture, **acting(request))
    messages.success(request, _("This picture now leads."))
    return redirect("portal:news_pictures", pk)


# --- Publication ----------------------------------------------------------------------------------


@GET_OR_POST
@secretariat_only
def publication(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the item stands, and what can be done about it."""
    item = access_news_draft(request.user, pk)
    zone = person(request).time_zone
    if request.method == "GET":
        return _publication_page(request, item)
    form = PublicationForm(request.POST, item=item, zone=zone)
    if not form.is_valid():
        return _publication_page(request, item, status=422, form=form)
    try:
        released = news.publish_item(
            item=item,
            version=form.cleaned_data["version"],
            at=form.moment(),
            **acting(request),
        )
    except StaleError:
        item = access_news_draft(request.user, pk)
        return _publication_page(request, item, status=409, stale=True)
    except NotReadyError as error:
        form.add_error(None, error)
        return _publication_page(request, item, status=422, form=form)
    if released.stage == NewsStage.SCHEDULED:
        messages.success(request, _("The item will be published at the time you chose."))
    else:
        messages.success(request, _("The item is published."))
    return redirect("portal:news_publication", pk)


def _publication_page(
    request: HttpRequest, item: NewsItem, *, status: int = 200, **more: Any
) -> HttpResponse:
    context = {
        "item": item,
        "obstacles": item.obstacles(),
        "form": PublicationForm(item=item, zone=person(request).time_zone),
        "withdrawal": WithdrawalForm(),
        **more,
    }
    return render(request, "portal/news/publication.html", context, status=status)


@require_POST
@secretariat_only
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    item = access_news_draft(request.user, pk)
    form = WithdrawalForm(request.POST)
    if not form.is_valid():
        return _publication_page(request, item, status=422, withdrawal=form)
    withdrawn = news.withdraw_item(item=item, reason=form.cleaned_data["reason"], **acting(request))
    if withdrawn.stage == NewsStage.DRAFT:
        messages.success(request, _("The publication was called off. The item is a draft again."))
    else:
        messages.success(request, _("The item was withdrawn."))
    return redirect("portal:news_publication", pk)


@GET_OR_POST
@secretariat_only
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more before it is done: a deleted draft does not come back."""
    item = access_news_draft(request.user, pk)
    if request.method == "GET" and item.stage == NewsStage.DRAFT:
        return render(request, "portal/news/delete.html", {"item": item})
    try:
        if request.method == "POST":
            news.delete_draft(item=item, **acting(request))
            messages.success(request, _("The draft was deleted."))
            return redirect("portal:news_list")
    except news.PublishedError as error:
        messages.error(request, error.messages[0])
    return redirect("portal:news_publication", pk)
