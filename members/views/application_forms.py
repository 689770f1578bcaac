"""The form of an application: what is there and what is missing, and each section by itself."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import applicants
from members.actions.applicants import (
    IncompleteError,
    OtherDeclarationError,
    StaleSectionError,
)
from members.actions.applications import WrongStateError
from members.application_changes import application_changes, contents_of, plain
from members.application_parts import asked_documents, missing_parts, part_of, review_parts
from members.enums import ApplicationState
from members.enums_applying import SECTION_FIELDS, ApplicationSection
from members.forms.application_sections import (
    DeclarationForm,
    DocumentForm,
    RemovalForm,
    SectionForm,
)
from members.http import acting
from members.models import Application, ApplicationFormVersion, User
from members.permissions.applications import (
    access_application_document,
    access_own_application,
    is_contact,
)
from records.languages import in_language

_S = ApplicationSection


@require_GET
@login_required
def application_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Where each section stands; those who came back go on from here."""
    shown = access_own_application(request.user, pk)
    if not shown.is_open_to_applicant:
        return redirect("members:application", pk)
    missing = missing_parts(shown)
    needed = shown.needed()
    newer = ApplicationFormVersion.objects.current() if shown.submitted_at is None else None
    context = {
        "application": shown,
        "sections": sections_of(shown),
        "missing": missing,
        "owed": review_parts(shown),
        "needed": needed,
        "given": needed - len(missing),
        "is_contact": is_contact(request.user, shown),
        "newer_form": newer if newer and newer.pk != shown.form_version_id else None,
    }
    return render(request, "members/application_form.html", context)


def sections_of(application: Application, current: str = "") -> list[dict[str, Any]]:
    """The sections in their order: what is missing in each, and which stands open."""
    missing = missing_parts(application)
    draft = application.state == ApplicationState.DRAFT
    shown = [s for s in ApplicationSection if draft or s != ApplicationSection.DECLARATION]
    return [
        {
            "key": section.value,
            "label": section.label,
            "missing": [part for part in missing if part.section == section],
            "current": section == current,
            "done": not any(part.section == section for part in missing)
            and section != ApplicationSection.DECLARATION,
        }
        for section in shown
    ]


@require_http_methods(["GET", "POST"])
@login_required
def application_section(request: HttpRequest, pk: int, section: str) -> HttpResponse:
    shown = access_own_application(request.user, pk)
    if section not in ApplicationSection.values:
        raise Http404
    if request.method == "GET" and not _is_open(request, shown, section):
        return redirect("members:application", pk)
    if section == ApplicationSection.DOCUMENTS:
        return _documents(request, shown)
    if section == ApplicationSection.DECLARATION:
        return _declaration(request, shown)
    form = SectionForm(
        request.POST if request.method == "POST" else None, application=shown, section=section
    )
    if not form.is_valid():
        return _page(request, shown, section, form=form, status=422 if form.is_bound else 200)
    try:
        applicants.save_application(
            application=shown,
            fields=form.fields_to_save(),
            more_answers=form.answers_to_save(),
            section=section,
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except StaleSectionError as error:
        return _stale(request, form, section, error.version, pk)
    except WrongStateError as error:
        return _page(request, shown, section, form=form, status=409, conflict=error.messages[0])
    messages.success(request, _("Saved. You can go on at any time."))
    if request.POST.get("do") == "next":
        return redirect("members:application_section", pk, _next(section))
    return redirect("members:application_section", pk, section)


def _is_open(request: HttpRequest, application: Application, section: str) -> bool:
    """Whether this section can be written now: the declaration belongs to the draft, and a new
    contact says who they are at any time.
    """
    if section == ApplicationSection.DECLARATION:
        return application.state == ApplicationState.DRAFT
    if section == ApplicationSection.CONTACT and is_contact(request.user, application):
        return not application.is_closed
    return application.is_open_to_applicant


def _next(section: str) -> str:
    values = ApplicationSection.values
    return values[values.index(section) + 1]


def _stale(
    request: HttpRequest, form: SectionForm, section: str, version: int, pk: int
) -> HttpResponse:
    """Somebody else was quicker: both texts side by side, and the form as it was typed."""
    stands = access_own_application(request.user, pk)
    typed = contents_of(stands)
    typed |= {name: plain(value) for name, value in form.fields_to_save().items()}
    typed["more_answers"] = {**typed["more_answers"], **form.answers_to_save()}
    form.take_version(version)
    changes = application_changes(stands, contents_of(stands), typed, names=SECTION_FIELDS[section])
    left = form.left_over()
    labels = ApplicationFormVersion.objects.labels_of(left)
    saved = stands.section_saves.get(section, {})
    by = User.objects.names_of([saved["by"]]) if "by" in saved else {}
    return _page(
        request,
        stands,
        section,
        form=form,
        status=409,
        stale=True,
        changes=changes,
        left_over=[
            {"label": in_language(labels[key]).text, "text": text}
            for key, text in left.items()
            if key in labels
        ],
        saved_by=by.get(saved.get("by", 0), ""),
        saved_at=parse_datetime(saved["at"]) if "at" in saved else None,
    )


def _documents(request: HttpRequest, shown: Application) -> HttpResponse:
    """Every file is kept, or taken out, by itself."""
    section = ApplicationSection.DOCUMENTS
    here = redirect("members:application_section", shown.pk, section)
    if request.method == "GET":
        return _page(request, shown, section, form=DocumentForm(application=shown))
    form = DocumentForm(application=shown)
    try:
        if number := RemovalForm(request.POST).to_remove():
            document = access_application_document(request.user, shown.pk, number)
            applicants.remove_document(document=document, **acting(request))
            messages.success(request, _("The document was removed."))
            return here
        form = DocumentForm(request.POST, request.FILES, application=shown)
        if not form.is_valid():
            return _page(request, shown, section, form=form, status=422)
        applicants.add_document(
            application=shown,
            kind=form.cleaned_data["kind"],
            language=form.cleaned_data.get("language", ""),
            upload=form.cleaned_data["file"],
            **acting(request),
        )
    except WrongStateError as error:
        return _page(request, shown, section, form=form, status=409, conflict=error.messages[0])
    except ValidationError as error:
        form.add_error("file", error)
        return _page(request, shown, section, form=form, status=422)
    messages.success(request, _("The file was added."))
    return here


def _declaration(request: HttpRequest, shown: Application) -> HttpResponse:
    """The last section: what is missing, the declaration, and the submission by the contact."""
    section = ApplicationSection.DECLARATION
    if request.method == "POST" and not is_contact(request.user, shown):
        raise PermissionDenied
    form = DeclarationForm(request.POST if request.method == "POST" else None, application=shown)
    if not form.is_valid():
        return _page(request, shown, section, form=form, status=422 if form.is_bound else 200)
    try:
        applicants.submit_application(
            application=shown,
            capacity=form.cleaned_data["capacity"],
            seen=form.cleaned_data["seen"],
            **acting(request),
        )
    except IncompleteError as error:
        refused = [part_of(shown, name) for name in error.missing]
        return _page(request, shown, section, form=form, status=422, refused=refused)
    except OtherDeclarationError as error:
        form.declare_anew(access_own_application(request.user, shown.pk), error)
        return _page(request, shown, section, form=form, status=409)
    except WrongStateError as error:
        return _page(request, shown, section, form=form, status=409, conflict=error.messages[0])
    messages.success(request, _("The application was submitted."))
    return redirect("members:application", shown.pk)


def _page(
    request: HttpRequest, shown: Application, section: str, *, status: int = 200, **more: Any
) -> HttpResponse:
    if request.method == "POST":  # as it stands now: somebody else may have changed it
        shown = access_own_application(request.user, shown.pk)
    context = {
        "application": shown,
        "section": ApplicationSection(section),
        "sections": sections_of(shown, section),
        "missing": missing_parts(shown),
        "is_contact": is_contact(request.user, shown),
        "is_open": _is_open(request, shown, section),
        "asked_documents": asked_documents(shown) if section == _S.DOCUMENTS else [],
        **more,
    }
    name = section if section in ("documents", "declaration") else "section"
    return render(request, f"members/application_{name}.html", context, status=status)
