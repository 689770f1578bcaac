"""The acts of the secretariat on an institution's standing, and the documents they rest on."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from members.actions import memberships
from members.enums import MEMBERSHIP_TRANSITIONS, MembershipAct
from members.forms.memberships import ActForm, ClassForm
from members.http import acting_as_office, prove_again
from members.models import Institution, Membership
from members.permissions import (
    access_membership_document,
    access_standing,
    acts_open,
    classes_open,
)
from records.http import file_response

ACTIONS: dict[str, Any] = {
    MembershipAct.CLASS_CHANGE: memberships.change_class,
    MembershipAct.SUSPENSION: memberships.suspend_membership,
    MembershipAct.REINSTATEMENT: memberships.reinstate_membership,
    MembershipAct.WITHDRAWAL: memberships.withdraw_membership,
}
CLASS = "membership_class"


@require_http_methods(["GET", "POST"])
@login_required
def change_standing(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Say what follows, ask once for what it rests on, then do it."""
    institution = access_standing(request.user, pk)
    standing = institution.membership
    if act not in ACTIONS or standing is None:
        raise Http404
    prove_again(request)
    if request.method == "GET":
        return _page(request, institution, standing, act)
    form = _form(act, institution, standing, request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, institution, standing, act, form=form, status=422)
    chosen = {CLASS: form.cleaned_data[CLASS]} if CLASS in form.fields else {}
    try:
        ACTIONS[act](
            institution=institution,
            standing=form.cleaned_data["standing"],
            grounds=memberships.Grounds(**form.grounds()),
            **acting_as_office(request),
            **chosen,
        )
    except (memberships.StandingChangedError, memberships.PresidesError) as error:
        return _refused(request, pk, act, form, error)
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, institution, standing, act, form=form, status=422)
    messages.success(request, _("It is done. The heads and focal points are told by e-mail."))
    return redirect(reverse("members:institution", args=[pk]) + "#history")


def _form(act: str, institution: Institution, standing: Membership, *data: Any, **more: Any) -> Any:
    if act == MembershipAct.CLASS_CHANGE:
        classes = classes_open(institution, standing)
        return ClassForm(*data, standing=standing, classes=classes, **more)
    return ActForm(*data, standing=standing, **more)


def _refused(
    request: HttpRequest, pk: int, act: str, form: ActForm, error: ValidationError
) -> HttpResponse:
    """As it stands now, with what was typed: to be sent once more, or to be copied."""
    institution = access_standing(request.user, pk)
    standing = institution.membership
    assert standing is not None  # noqa: S101  a history does not vanish
    kept = {name: form.data.get(name) for name in ("since", "reason", "decision", CLASS)}
    return _page(
        request,
        institution,
        standing,
        act,
        form=_form(act, institution, standing, initial={k: v for k, v in kept.items() if v}),
        conflict=error.messages[0],
        typed=kept["reason"],
        status=409,
    )


def _page(
    request: HttpRequest,
    institution: Institution,
    standing: Membership,
    act: str,
    *,
    form: ActForm | None = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    is_open = act in acts_open(institution, standing)
    if not is_open:
        status = 409
        more = {"conflict": _why_not(standing, act), **more}
    context = {
        "institution": institution,
        "standing": standing,
        "act": MembershipAct(act),
        "is_open": is_open,
        "form": form or _form(act, institution, standing),
        **more,
    }
    return render(request, "members/standing_act.html", context, status=status)


def _why_not(standing: Membership, act: str) -> str:
    error: ValidationError = memberships.StandingChangedError(standing)
    if act in MEMBERSHIP_TRANSITIONS[standing.state]:
        error = memberships.PresidesError()
    return str(error.messages[0])


@require_GET
@login_required
def membership_document(request: HttpRequest, pk: int, document_id: int) -> StreamingHttpResponse:
    document = access_membership_document(request.user, pk, document_id)
    return file_response(document.file, document.name)
