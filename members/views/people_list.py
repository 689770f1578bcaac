"""The people of the whole network and their mandates, as the secretariat finds them."""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions.exports import note_list_export
from members.countries import country_name
from members.enums_lists import BulkAct, FileKind, Listing, MandateStanding
from members.forms.lists import FileForm, PeopleListForm
from members.http import acting, person, prove_before_file, secretariat_only
from members.models import Mandate, SavedFilter, User
from members.models.people import MandateQuerySet
from members.models.register import with_second_factor
from members.paging import BoundedPaginator
from records.reading import number
from records.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, xlsx_file

PAGE = 50
MOST_TAKEN = 20_000  # rows of a file


class Row(NamedTuple):
    """A mandate and its holder, or a person who holds none."""

    user: User
    mandate: Mandate | None
    standing: MandateStanding
    has_second_factor: bool


def _rows(found: QuerySet[User] | MandateQuerySet) -> list[Row]:
    if isinstance(found, MandateQuerySet):
        return [Row(m.user, m, _standing(m), m.has_second_factor) for m in found.with_facts()]
    people = list(found)
    holding = with_second_factor(each.pk for each in people)
    return [Row(each, None, MandateStanding.NONE, each.pk in holding) for each in people]


def _standing(mandate: Mandate) -> MandateStanding:
    if mandate.ends_at and mandate.ends_at <= timezone.now():
        return MandateStanding.ENDED
    if mandate.is_to_come:
        return MandateStanding.TO_COME
    return MandateStanding.RUNNING if mandate.carries_rights else MandateStanding.AT_REST


@require_GET
@secretariat_only
def people_list(request: HttpRequest) -> HttpResponse:
    return people_page(request, PeopleListForm(request.GET))


def people_page(
    request: HttpRequest, form: PeopleListForm, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    if form.of_people:
        people = form.people()
        paginator = BoundedPaginator(people, people, PAGE)
    else:
        mandates = form.mandates()
        paginator = BoundedPaginator(mandates, mandates.for_register(), PAGE)
    page = paginator.get_page(form.data.get("page"))
    shown: Any = page.object_list  # a cut of the one or the other
    context = {
        "form": form,
        "page": page,
        "rows": _rows(shown),
        "refusal": refusal,
        "acts": [] if form.of_people else [BulkAct.REMIND, BulkAct.END],
        "kinds": FileKind,
        "saved": SavedFilter.objects.of_list(Listing.PEOPLE).seen_by(person(request).pk),
        "listing": Listing.PEOPLE,
    }
    return render(request, "members/people_list.html", context, status=status)


@require_POST
@secretariat_only
def export_people(request: HttpRequest) -> HttpResponse:
    """All that the filters show, whichever page one was on; itself an act of the audit log."""
    form, kind = PeopleListForm(request.POST), FileForm(request.POST)
    if not kind.is_valid():
        return people_page(request, form, refusal=_("Choose a kind of file."), status=422)
    prove_before_file(request, f"{reverse('members:people')}?{form.query}")
    if form.of_people:
        rows = _rows(form.people()[: MOST_TAKEN + 1])
    else:
        rows = _rows(form.mandates().for_register()[: MOST_TAKEN + 1])
    if len(rows) > MOST_TAKEN:
        refusal = _("At most %(most)s rows are taken along at once: narrow the list.")
        return people_page(
            request, form, refusal=refusal % {"most": number(MOST_TAKEN)}, status=422
        )
    note_list_export(
        listing=Listing.PEOPLE, number=len(rows), sought=form.for_log(), **acting(request)
    )
    return table_file(kind, "people", _("People and mandates"), _head(), _cells(rows))


def table_file(
    kind: FileForm, name: str, title: str, head: list[str], rows: Iterable[list[Cell]]
) -> HttpResponse:
    """The table as the file that was asked for."""
    chosen = kind.cleaned_data["form"]
    if chosen == FileKind.CSV:
        response = HttpResponse(csv_file(head, rows), content_type=CSV_TYPE)
    else:
        content = xlsx_file(title, head, rows, right_to_left=get_language_bidi())
        response = HttpResponse(content, content_type=XLSX_TYPE)
    response["Content-Disposition"] = f'attachment; filename="{name}.{chosen}"'
    return response


def _head() -> list[str]:
    return [
        _("Name"),
        _("E-mail address"),
        _("Country"),
        _("Institution"),
        _("Capacity"),
        _("Mandate"),
        _("Since"),
        _("Until"),
        _("Last signed in"),
        _("Second factor"),
    ]


def _standing_words(row: Row) -> str:
    """As the page has it: that a mandate is suspended stands beside how it stands."""
    if row.mandate is None or not row.mandate.suspended_at:
        return str(row.standing.label)
    return f"{row.standing.label}, {pgettext('a mandate', 'suspended')}"


def _cells(rows: Iterable[Row]) -> Iterator[list[Cell]]:
    for row in rows:
        mandate, seen = row.mandate, row.user.last_login
        last = mandate.last_moment if mandate else None
        yield [
            row.user.name,
            row.user.email,
            country_name(mandate.institution.country).text if mandate else "",
            mandate.institution.name.text if mandate else "",
            str(mandate.get_capacity_display()) if mandate else "",
            _standing_words(row),
            timezone.localdate(mandate.starts_at) if mandate else None,
            timezone.localdate(last) if last else None,
            timezone.localdate(seen) if seen else None,
            _("yes") if row.has_second_factor else _("no"),
        ]
