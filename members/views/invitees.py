"""Several people are invited to a delegation together, by a list that is looked at first."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import invitations
from members.enums import GIVEN_WITH_PROOF, Capacity, Fate
from members.forms.invitees import Invitees, SheetForm, columns
from members.http import acting_for, prove_again
from members.invitees import MOST
from members.models import Institution
from members.network import offered_languages, offered_or_first
from members.permissions import access_delegation, capacities_to_invite
from records.reading import number
from records.sheets import CSV_TYPE, XLSX_TYPE, csv_file, xlsx_file


def _access(request: HttpRequest, pk: int) -> tuple[Institution, list[Capacity]]:
    """The institution, and what its visitor may give. Raises Http404 and PermissionDenied."""
    institution = access_delegation(request.user, pk)
    capacities = capacities_to_invite(request.user, institution)
    if not capacities:
        raise PermissionDenied
    return institution, capacities


@require_http_methods(["GET", "POST"])
@login_required
def invite_several(request: HttpRequest, pk: int) -> HttpResponse:
    """A file in; a page that shows what would become of each row; then those are sent.

    Between the two the rows stand in the page's own form, and go through the same checks again.
    """
    institution, capacities = _access(request, pk)
    if request.POST.get("step") in ("check", "send"):
        invitees = Invitees.posted(request.POST, institution=institution, capacities=capacities)
        if invitees.rows:
            if request.POST["step"] == "send":
                return _send(request, institution, capacities, invitees)
            return _show(request, institution, invitees)
    form = SheetForm(
        *([request.POST, request.FILES] if request.method == "POST" else []),
        language=offered_or_first(get_language()),
    )
    if form.is_valid():
        invitees = Invitees(
            form.cleaned_data["sheet"], institution=institution, capacities=capacities
        )
        return _show(request, institution, invitees)
    context = {
        "institution": institution,
        "form": form,
        "columns": columns(),
        "capacities": capacities,
        "most": MOST,
    }
    status = 422 if form.is_bound else 200
    return render(request, "members/invite_several.html", context, status=status)


def _send(
    request: HttpRequest,
    institution: Institution,
    capacities: list[Capacity],
    invitees: Invitees,
) -> HttpResponse:
    if any(each.capacity in GIVEN_WITH_PROOF for each in invitees.to_send()):
        prove_again(request)
    outcomes = invitations.invite_several(
        institution=institution,
        invitees=invitees.to_send(),
        **acting_for(request, institution.pk),
    )
    sent = {o.invitee.number for o in outcomes if o.fate == Fate.SENT}
    if sent:
        told = ngettext(
            "%(count)s invitation is on its way.",
            "%(count)s invitations are on their way.",
            len(sent),
        )
        messages.success(request, told % {"count": number(len(sent))})
    else:
        messages.warning(request, _("Nothing was sent."))
    invitees = Invitees.posted(
        request.POST, institution=institution, capacities=capacities, sent=sent
    )
    if invitees.is_done:
        return redirect("members:delegation", institution.pk)
    return _show(request, institution, invitees)


def _show(request: HttpRequest, institution: Institution, invitees: Invitees) -> HttpResponse:
    context = {"institution": institution, "invitees": invitees}
    return render(request, "members/invite_several_list.html", context)


@require_GET
@login_required
def empty_list(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """A list to fill in, in the reader's language: its first row, and what a cell may hold."""
    _institution, capacities = _access(request, pk)
    if kind == "csv":
        # A spreadsheet takes the separator of its country, which the language hints at.
        separator = ";" if get_language() == "fr" else ","
        content, content_type = csv_file(columns(), [], separator=separator), CSV_TYPE
    elif kind == "xlsx":
        offered = {
            2: [str(c.label) for c in capacities],
            3: [name for _code, name in offered_languages()],
        }
        content = xlsx_file(
            _("Invitations"), columns(), [], right_to_left=get_language_bidi(), choices=offered
        )
        content_type = XLSX_TYPE
    else:
        raise Http404
    response = HttpResponse(content, content_type=content_type)
    response["Content-Disposition"] = f'attachment; filename="invitations.{kind}"'
    return response
