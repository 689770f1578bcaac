"""From the admission to the seat: the charter sent and checked, the new member's arrival."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions import charters as actions
from members.actions.applications import WrongStateError
from members.forms.charters import RefuseCharterForm, SendCharterForm, StepForm, WelcomeForm
from members.http import acting_as_office
from members.models import Application, ApplicationDocument, CharterSending, CharterVersion
from members.onboarding import steps_of
from members.permissions.applications import access_application, access_dossier
from records.http import file_response

CONFLICT = 409


@require_GET
@login_required
def charter(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_dossier(request.user, pk))


def _page(
    request: HttpRequest, shown: Application, *, status: int = 200, refused: str = "", **bound: Any
) -> HttpResponse:
    if refused:
        shown = access_dossier(request.user, shown.pk)
    sendings = list(CharterSending.objects.to(shown.pk))
    signed = [d for d in shown.documents.all() if d.kind == "signed_charter"]
    context = {
        "application": shown,
        "refused": refused,
        "sendings": sendings,
        "in_force": CharterVersion.objects.text_for(shown.contact),
        "refusals": shown.charter_refusals.select_related("by"),
        "signed": [(document, _answered(document, sendings)) for document in signed],
        "send_form": SendCharterForm(),
        "refuse_form": RefuseCharterForm(),
        "welcome_form": WelcomeForm(),
        "steps": steps_of(shown) if shown.state == "active" else [],
    }
    return render(request, "members/charter.html", context | bound, status=status)


def _answered(
    document: ApplicationDocument, sendings: list[CharterSending]
) -> CharterSending | None:
    """What lay before the institution when it sent the signed copy."""
    return next((each for each in sendings if each.at <= document.created_at), None)


@require_POST
@login_required
def send_charter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = SendCharterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, shown, status=422, send_form=form)
    try:
        actions.send_charter(
            application=shown, upload=form.cleaned_data["file"], **acting_as_office(request)
        )
    except WrongStateError as error:
        return _page(request, shown, status=CONFLICT, refused=error.messages[0])
    except ValidationError as error:
        form.add_error("file", error)
        return _page(request, shown, status=422, send_form=form)
    messages.success(request, _("The charter is on its way to the contact."))
    return redirect("members:charter", pk)


@require_POST
@login_required
def refuse_charter(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = RefuseCharterForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, refuse_form=form)
    try:
        actions.refuse_charter(
            application=shown, reason=form.cleaned_data["reason"], **acting_as_office(request)
        )
    except WrongStateError as error:
        unsent = form.cleaned_data["reason"]
        return _page(request, shown, status=CONFLICT, refused=error.messages[0], unsent=unsent)
    messages.success(request, _("The contact is told what is not in order."))
    return redirect("members:charter", pk)


@require_POST
@login_required
def tick_step(request: HttpRequest, pk: int, key: str) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = StepForm(request.POST)
    if not form.is_valid():
        first = str(next(iter(form.errors.values()))[0])
        return _page(request, shown, status=422, refused=first)
    try:
        actions.tick_step(
            application=shown,
            key=key,
            is_met=form.cleaned_data["met"] == "yes",
            seen=form.cleaned_data["seen"],
            **acting_as_office(request),
        )
    except ValidationError as error:
        if error.code == "no_point":
            raise Http404 from error
        return _page(request, shown, status=CONFLICT, refused=error.messages[0])
    return redirect("members:charter", pk)


@require_POST
@login_required
def welcome(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = WelcomeForm(request.POST)
    if not form.is_valid():
        return _page(request, shown, status=422, welcome_form=form)
    try:
        actions.welcome_member(
            application=shown, words=form.cleaned_data["words"], **acting_as_office(request)
        )
    except ValidationError as error:  # the state, or welcomed already
        unsent = form.cleaned_data["words"]
        return _page(request, shown, status=CONFLICT, refused=error.messages[0], unsent=unsent)
    messages.success(request, _("The welcome is on its way."))
    return redirect("members:charter", pk)


@require_GET
@login_required
def charter_file(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The charter that was sent last, for the contact and the secretariat."""
    shown = access_application(request.user, pk)
    sending = CharterSending.objects.to(shown.pk).first()
    if sending is None:
        raise Http404
    return file_response(sending.file, sending.name)
