"""The charter of the network: its versions, and the file of each language."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import network as actions
from members.forms.network import CharterVersionForm
from members.http import acting, prove_before_form, secretariat_only
from members.models import CharterVersion
from members.permissions.network import access_charter_text
from records.http import file_response

CONFLICT = 409


@require_GET
@secretariat_only
def charter_versions(request: HttpRequest) -> HttpResponse:
    context = {
        "versions": list(CharterVersion.objects.in_order()),
        "current": CharterVersion.objects.in_force(),
    }
    return render(request, "members/charter_versions.html", context)


@require_http_methods(["GET", "POST"])
@secretariat_only
def new_charter_version(request: HttpRequest) -> HttpResponse:
    prove_before_form(request)
    latest = CharterVersion.objects.latest_number()
    form = CharterVersionForm(
        *((request.POST, request.FILES) if request.method == "POST" else ()),
        initial={"version": latest},
    )
    if not form.is_valid():
        return _page(request, form, status=422 if form.is_bound else 200)
    try:
        actions.add_charter(
            files=form.files_chosen(),
            in_force_on=form.cleaned_data["in_force_on"],
            version=form.cleaned_data["version"],
            **acting(request),
        )
    except actions.StaleTextError as error:
        form.take_version(error.version)
        form.add_error(None, error)
        return _page(request, form, status=CONFLICT)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, form, status=422)
    messages.success(request, _("The version of the charter is kept."))
    return redirect("members:charter_versions")


def _page(request: HttpRequest, form: CharterVersionForm, *, status: int) -> HttpResponse:
    context = {"form": form, "latest": CharterVersion.objects.latest_number()}
    return render(request, "members/new_charter_version.html", context, status=status)


@require_GET
@secretariat_only
def charter_text(request: HttpRequest, number: int, language: str) -> StreamingHttpResponse:
    found = access_charter_text(request.user, number, language)
    return file_response(found.file, found.name)
