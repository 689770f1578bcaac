"""The calendar of a group: the list, a date with its versions, and what is done to it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import group_dates as actions
from members.actions.groups import GroupClosedError, SentBeforeError
from members.forms.group_space import GroupDateForm
from members.forms.groups import ReasonForm
from members.group_calendar import calendar_of
from members.http import acting_by, person
from members.models import Group, GroupDate, GroupDateVersion
from members.paging import BoundedPaginator
from members.permissions.group_space import access_date, access_space, can_set_dates
from members.permissions.groups import runs_group

PER_PAGE = 50


@require_GET
@login_required
def group_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    group = access_space(request.user, pk)
    dates = GroupDate.objects.of_group(group)
    past = dates.past()
    context = {
        "group": group,
        "upcoming": dates.upcoming(),
        "page": BoundedPaginator(past, past, PER_PAGE).get_page(request.GET.get("page")),
        "may_set": can_set_dates(request.user, group),
    }
    return render(request, "members/group_calendar.html", context)


@require_GET
@login_required
def group_calendar_file(request: HttpRequest, pk: int) -> HttpResponse:
    """All of it, for other calendars."""
    group = access_space(request.user, pk)
    dates = GroupDate.objects.of_group(group).in_order()
    return _calendar_file(group, dates, f"group-{group.pk}.ics")


@require_GET
@login_required
def group_date_file(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """One date, for other calendars."""
    group, shown = access_date(request.user, pk, date)
    return _calendar_file(group, [shown], f"group-{group.pk}-{shown.pk}.ics")


def _calendar_file(group: Group, dates: Any, name: str) -> HttpResponse:
    return HttpResponse(
        calendar_of(group, dates),
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@require_http_methods(["GET", "POST"])
@login_required
def new_group_date(request: HttpRequest, pk: int) -> HttpResponse:
    group = access_space(request.user, pk)
    if not can_set_dates(request.user, group):
        return render(request, "403.html", status=403)
    form = GroupDateForm(
        request.POST if request.method == "POST" else None, zone=person(request).time_zone
    )
    if not form.is_valid():
        return _form(request, group, form)
    try:
        date = actions.set_date(
            group=group,
            said=form.said(),
            client_id=form.cleaned_data["client_id"],
            **acting_by(request, lambda m: runs_group(m, group)),
        )
    except SentBeforeError as error:
        form.add_error(None, error)
        return _form(request, group, form)
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The date is in the calendar."))
    return redirect("members:group_date", pk, date.pk)


@require_GET
@login_required
def group_date(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    group, shown = access_date(request.user, pk, date)
    context = {
        "group": group,
        "date": shown,
        "versions": GroupDateVersion.objects.of_date(shown),
        "may_set": can_set_dates(request.user, group) and not shown.is_cancelled,
    }
    return render(request, "members/group_date.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def edit_group_date(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    group, shown = access_date(request.user, pk, date)
    if not can_set_dates(request.user, group):
        return render(request, "403.html", status=403)
    form = GroupDateForm(request.POST if request.method == "POST" else None, date=shown)
    if not form.is_valid():
        return _form(request, group, form, date=shown)
    try:
        actions.change_date(
            date=shown,
            version=form.cleaned_data["version"],
            said=form.said(),
            **acting_by(request, lambda m: runs_group(m, group)),
        )
    except actions.StaleDateError as error:
        form.take_version(error.date.number)
        context = {"date": error.date, "stale": True}
        return _form(request, group, form, status=409, **context)
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The date is saved."))
    return redirect("members:group_date", pk, date)


@require_http_methods(["GET", "POST"])
@login_required
def cancel_group_date(request: HttpRequest, pk: int, date: int) -> HttpResponse:
    """Ask for the reason, then cancel it."""
    group, shown = access_date(request.user, pk, date)
    if not can_set_dates(request.user, group):
        return render(request, "403.html", status=403)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        help_text=_("Everybody of the group reads it."),
    )
    if not form.is_valid():
        context = {"group": group, "date": shown, "form": form}
        status = 422 if form.is_bound else 200
        return render(request, "members/group_date_cancel.html", context, status=status)
    try:
        actions.cancel_date(
            date=shown,
            reason=form.cleaned_data["reason"],
            **acting_by(request, lambda m: runs_group(m, group)),
        )
    except GroupClosedError:
        return _closed(request, pk)
    messages.success(request, _("The date is cancelled, and stays in the calendar as such."))
    return redirect("members:group_date", pk, date)


def _form(
    request: HttpRequest,
    group: Group,
    form: GroupDateForm,
    *,
    status: int | None = None,
    **more: Any,
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    context = {"group": group, "form": form, **more}
    return render(request, "members/group_date_form.html", context, status=status)


def _closed(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The group is closed. Reopen it first."))
    return redirect("members:group_calendar", pk)
