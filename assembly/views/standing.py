"""How the members stand: all of them for the secretariat, each for its own head and focal point."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from assembly.actions.standing import note_standing_export
from assembly.forms_standing import MonitorForm
from assembly.monitor import Standing, members_at, standing_of, standings
from assembly.standing_words import amount_words
from members.countries import country_name
from members.enums_lists import FileKind
from members.forms.lists import FileForm
from members.http import acting, secretariat_only
from members.models import ProfileProposal
from members.permissions.people import Someone
from members.permissions.releases import can_release_profiles
from members.permissions.standing import (
    access_watched,
    can_read_monitor,
    can_watch_standing,
    watched_at,
)
from members.views.people_list import table_file
from records.sheets import Cell

PAGE = 50


def _lines(user: Someone) -> tuple[list[Standing], datetime, bool]:
    """As of when the person reads, and whether that is today."""
    before, at = timezone.now(), watched_at(user)
    today = at >= before
    return standings(members_at(at, today=today), at), at, today


@require_GET
@login_required
def monitor(request: HttpRequest) -> HttpResponse:
    if not can_read_monitor(request.user):
        raise Http404
    return _page(request, MonitorForm(request.GET))


def _page(
    request: HttpRequest, form: MonitorForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    lines, at, today = _lines(request.user)
    found = form.found(lines)
    paginator = Paginator(found, PAGE)
    context = {
        "form": form,
        "page": paginator.get_page(form.data.get("page")),
        "count": len(found),
        "members": len(lines),
        "wanting": sum(bool(each.wants) for each in lines),
        "at": None if today else at,
        "may_write": can_watch_standing(request.user),
        "to_release": ProfileProposal.objects.waiting().count()
        if can_release_profiles(request.user)
        else 0,
        "kinds": FileKind,
        "refusal": refusal,
    }
    return render(request, "assembly/standing_monitor.html", context, status=status)


@require_POST
@secretariat_only
def export_standing(request: HttpRequest) -> HttpResponse:
    """All that the filters show, whichever page one was on; itself an act of the audit log."""
    form, kind = MonitorForm(request.POST), FileForm(request.POST)
    if not kind.is_valid():
        return _page(request, form, refusal=_("Choose a kind of file."), status=422)
    found = form.found(_lines(request.user)[0])
    note_standing_export(number=len(found), sought=form.for_log(), **acting(request))
    return table_file(kind, "standing", _("Standing of the members"), _head(), _cells(found))


def _head() -> list[str]:
    return [
        _("Country"),
        _("Institution"),
        _("Class"),
        _("State"),
        _("General assemblies attended"),
        _("General assemblies missed"),
        _("Absences in a row"),
        _("Overdue dues"),
        _("Mandates that run out"),
        _("Next mandate that runs out"),
        _("Profile as of"),
        _("Wants attention"),
    ]


def _cells(lines: Iterable[Standing]) -> Iterator[list[Cell]]:
    comma = pgettext("between things", ", ")
    for each in lines:
        membership = each.institution.membership
        last = each.mandates[0].last_moment if each.mandates else None
        yield [
            country_name(each.institution.country).text,
            each.institution.name.text,
            str(membership.get_membership_class_display()) if membership else "",
            str(membership.get_state_display()) if membership else "",
            each.attended,
            each.missed,
            each.in_a_row,
            comma.join(
                " ".join(filter(None, (str(d.year), amount_words(d)))) for d in each.overdue
            ),
            len(each.mandates),
            timezone.localdate(last) if last else None,
            timezone.localdate(each.profile_since),
            comma.join(str(subject.label) for subject in each.wants),
        ]


@require_GET
@login_required
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """One institution's, with its notices: its own head and focal point read it too."""
    institution = access_watched(request.user, pk)
    writes = can_watch_standing(request.user)
    notices = institution.standing_notices.for_display()
    at = watched_at(request.user, institution)
    shown = notices.newest_first() if writes else notices.sent(at)
    context = {
        "institution": institution,
        "standing": standing_of(institution, at),
        "notices": list(shown),
        "may_write": writes,
        "reads_monitor": can_read_monitor(request.user),
    }
    return render(request, "assembly/standing.html", context)
