"""The files of a group: the list, a file with its versions, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import group_files as actions
from members.actions.groups import GroupClosedError
from members.forms.group_space import GroupFileChangeForm, GroupFileForm, SearchForm
from members.http import acting, mandate_of
from members.models import Group, GroupFile, GroupFileVersion
from members.paging import BoundedPaginator
from members.permissions.group_space import (
    access_file,
    access_file_version,
    access_space,
    can_remove_file,
    can_restore_files,
    writing_mandate,
)
from records.folding import sought
from records.http import file_response

PER_PAGE = 50


@require_http_methods(["GET", "POST"])
@login_required
def group_files(request: HttpRequest, pk: int) -> HttpResponse:
    """The list, which can be searched; and, for who may, the form that puts one in."""
    group = access_space(request.user, pk)
    if request.method == "GET":
        return _list(request, group, GroupFileForm())
    form = GroupFileForm(request.POST, request.FILES)
    if not _may_write(request, group):
        return render(request, "403.html", status=403)
    if not form.is_valid():
        return _list(request, group, form, status=422)
    try:
        document = actions.put_in_file(group=group, **form.values(), **acting(request))
    except actions.NoSpaceError:
        form.add_error("file", _no_space())
        return _list(request, group, form, status=422)
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The file is kept. Everybody of the group can read it."))
    return redirect("members:group_file", pk, document.pk)


def _list(
    request: HttpRequest, group: Group, form: GroupFileForm, status: int = 200
) -> HttpResponse:
    search = SearchForm(request.GET)
    asked = search.cleaned_data["q"] if search.is_valid() else ""
    found = GroupFile.objects.of_group(group).kept().matching(sought(asked))
    page = BoundedPaginator(found, found.for_list(), PER_PAGE).get_page(request.GET.get("page"))
    removed = can_restore_files(request.user, group)
    context = {
        "group": group,
        "form": form,
        "search": search,
        "asked": asked,
        "page": page,
        "may_write": _may_write(request, group),
        "removed": GroupFile.objects.of_group(group).removed().for_list() if removed else [],
    }
    return render(request, "members/group_files.html", context, status=status)


@require_http_methods(["GET", "POST"])
@login_required
def group_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """One file: what it is, its versions, and the form that makes the next."""
    group, document = access_file(request.user, pk, file)
    if request.method == "GET":
        return _page(request, group, document, GroupFileChangeForm(document=document))
    if not _may_write(request, group) or document.is_removed:
        return render(request, "403.html", status=403)
    form = GroupFileChangeForm(request.POST, request.FILES, document=document)
    if not form.is_valid():
        return _page(request, group, document, form, status=422)
    try:
        actions.change_file(
            document=document,
            version=form.cleaned_data["version"],
            **form.values(),
            **acting(request),
        )
    except actions.StaleFileError as error:
        form.take_version(error.document.number)
        _group, document = access_file(request.user, pk, file)
        return _page(request, group, document, form, status=409, stale=True)
    except actions.NoSpaceError:
        form.add_error("file", _no_space())
        return _page(request, group, document, form, status=422)
    except actions.FileGoneError:
        messages.error(request, _("The file was taken out of the group’s files meanwhile."))
        return redirect("members:group_files", pk)
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The file is saved."))
    return redirect("members:group_file", pk, file)


def _page(
    request: HttpRequest,
    group: Group,
    document: GroupFile,
    form: GroupFileChangeForm,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    context = {
        "group": group,
        "document": document,
        "form": form,
        "versions": GroupFileVersion.objects.of_document(document),
        "may_write": _may_write(request, group) and not document.is_removed,
        "may_remove": can_remove_file(request.user, group, document),
        "may_restore": can_restore_files(request.user, group),
        **more,
    }
    return render(request, "members/group_file.html", context, status=status)


@require_GET
@login_required
def group_file_version(
    request: HttpRequest, pk: int, file: int, number: int
) -> StreamingHttpResponse:
    """The content of a version, as a download."""
    version = access_file_version(request.user, pk, file, number)
    return file_response(version.file, version.name)


@require_POST
@login_required
def remove_group_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    group, document = access_file(request.user, pk, file)
    if not can_remove_file(request.user, group, document):
        return render(request, "403.html", status=403)
    try:
        actions.remove_file(document=document, **acting(request))
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(
        request,
        _("The file is out of the list. Whoever chairs the group can put it back."),
    )
    return redirect("members:group_files", pk)


@require_POST
@login_required
def restore_group_file(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    group, document = access_file(request.user, pk, file)
    if not can_restore_files(request.user, group):
        return render(request, "403.html", status=403)
    try:
        actions.restore_file(document=document, **acting(request))
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The file is in the list again."))
    return redirect("members:group_file", pk, file)


def _may_write(request: HttpRequest, group: Group) -> bool:
    return writing_mandate(request.user, group, mandate_of(request)) is not None


def _no_space() -> str:
    return _("The files of this group take up all the space there is for them.")


def _closed(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The group is closed. Reopen it first."))
    return redirect("members:group_files", pk)
