"""Applications in figures, and as a file."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions.exports import note_list_export
from members.countries import country_name
from members.enums_lists import Listing
from members.figures import by_state, by_year, days_in_states
from members.forms.lists import FileForm, QueueListForm
from members.http import acting, prove_before_file, secretariat_only
from members.models import Application
from members.views.people_list import MOST_TAKEN, table_file
from members.views.review import list_page
from records.reading import number
from records.sheets import Cell


@require_GET
@secretariat_only
def application_figures(request: HttpRequest) -> HttpResponse:
    """By year, by state, and how long each state takes; to be printed, too."""
    years, states = by_year(), by_state()
    context = {
        "years": years,
        "states": states,
        "spells": days_in_states(),
        "total": sum(row.number for row in states),
        "today": timezone.localdate(),
    }
    return render(request, "members/application_figures.html", context)


@require_POST
@secretariat_only
def export_applications(request: HttpRequest) -> HttpResponse:
    """All that the filters show in this part of the queue; itself an act of the audit log."""
    form, kind = QueueListForm(request.POST), FileForm(request.POST)
    if not kind.is_valid():
        return list_page(request, form, refusal=_("Choose a kind of file."), status=422)
    prove_before_file(request, f"{reverse('members:application_list')}?{form.query}")
    found = list(form.found()[: MOST_TAKEN + 1])
    if len(found) > MOST_TAKEN:
        refusal = _("At most %(most)s rows are taken along at once: narrow the list.")
        refusal %= {"most": number(MOST_TAKEN)}
        return list_page(request, form, refusal=refusal, status=422)
    note_list_export(
        listing=Listing.APPLICATIONS, number=len(found), sought=form.for_log(), **acting(request)
    )
    return table_file(kind, "applications", _("Membership applications"), _head(), _cells(found))


def _head() -> list[str]:
    return [
        _("Institution"),
        _("Acronym"),
        _("Country"),
        _("Kind of institution"),
        _("Class sought"),
        _("State"),
        _("In this state since"),
        _("Submitted on"),
        _("Contact"),
        _("E-mail address"),
    ]


def _cells(found: list[Application]) -> Iterator[list[Cell]]:
    for each in found:
        yield [
            each.name.text,
            each.acronym,
            country_name(each.country).text,
            str(each.get_kind_display()),
            str(each.get_membership_class_display()),
            str(each.get_state_display()),
            timezone.localdate(each.state_since),
            timezone.localdate(each.submitted_at) if each.submitted_at else None,
            each.contact.name if each.contact else "",
            each.contact.email if each.contact else "",
        ]
