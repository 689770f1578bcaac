"""The directory to take away: on paper, as CSV, as XLSX. Public facts of the public list alone."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import get_language_bidi, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.caching import public_page
from members.countries import country_name
from members.enums import MembershipClass
from members.forms.directory import DirectoryForm
from members.languages import language_words
from members.views.institutions import directory_form
from records.languages import in_language
from records.sheets import CSV_TYPE, XLSX_TYPE, Cell, csv_file, xlsx_file


@require_GET
@public_page
def directory_print(request: HttpRequest) -> HttpResponse:
    form = directory_form(request)
    context = {
        "form": form,
        "rows": form.found().with_membership(),
        "sought": form.in_words(),
        "today": timezone.localdate(),
    }
    return render(request, "members/directory_print.html", context)


@require_GET
@public_page
def directory_csv(request: HttpRequest) -> HttpResponse:
    return _file(csv_file(_head(), _rows(directory_form(request))), CSV_TYPE, "members.csv")


@require_GET
@public_page
def directory_xlsx(request: HttpRequest) -> HttpResponse:
    content = xlsx_file(
        _("Members"), _head(), _rows(directory_form(request)), right_to_left=get_language_bidi()
    )
    return _file(content, XLSX_TYPE, "members.xlsx")


def _file(content: bytes, content_type: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _head() -> list[str]:
    return [
        _("Country"),
        _("Institution"),
        _("Short name"),
        _("Acronym"),
        _("Class of membership"),
        _("Member since"),
        _("Fields of work"),
        _("Languages of work"),
        _("Postal address"),
        _("Telephone"),
        _("Website"),
    ]


def _rows(form: DirectoryForm) -> Iterator[list[Cell]]:
    between = pgettext("between things", ", ")
    for institution in form.found().with_fields():
        yield [
            country_name(institution.country).text or _("international"),
            institution.name.text,
            in_language(institution.short_names).text,
            institution.acronym,
            str(MembershipClass(institution.current_class).label),
            institution.joined_on,
            between.join(field.name.text for field in institution.fields_of_work.all()),
            language_words(institution.languages),
            institution.address.text,
            institution.telephone,
            institution.website,
        ]
