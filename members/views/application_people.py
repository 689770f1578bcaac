"""Who writes an application: the page of it, and what is done there."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.actions import application_people as actions
from members.actions.invitations import InvitationClosedError
from members.forms.application_people import ContactForm, EditorForm
from members.http import acting, person, prove_again
from members.models import Application, Invitation
from members.network import offered_or_first
from members.permissions.applications import (
    access_applicants,
    access_contact_application,
    access_editor,
    access_place_invitation,
    can_invite_editors,
    can_transfer_contact,
    is_applicant,
    is_contact,
)
from members.permissions.invitations import with_reasons
from members.throttle import within_limit

DAY = 24 * 60 * 60
_TOO_MANY = gettext_lazy("Too many invitations were sent today. Please go on tomorrow.")


def _may_send(request: HttpRequest) -> bool:
    """Anybody can apply: nobody sends letters to strangers without end."""
    return within_limit("place-letter", str(person(request).pk), limit=20, seconds=DAY)


@require_GET
@login_required
def application_people(request: HttpRequest, pk: int) -> HttpResponse:
    return _page(request, access_applicants(request.user, pk))


def _page(
    request: HttpRequest, application: Application, *, status: int = 200, **bound: Any
) -> HttpResponse:
    user = person(request)
    context = {
        "application": application,
        "is_contact": is_contact(user, application),
        "is_applicant": is_applicant(user, application),
        "may_invite": can_invite_editors(user, application),
        "may_transfer": can_transfer_contact(user, application),
        "invitations": with_reasons(
            Invitation.objects.to_application(application.pk).exclude(application_place="")
        ),
        "editor_form": EditorForm(initial={"language": offered_or_first(get_language())}),
        "contact_form": _contact_form(request, application),
        **bound,
    }
    return render(request, "members/application_people.html", context, status=status)


def _contact_form(request: HttpRequest, application: Application, data: Any = None) -> ContactForm:
    return ContactForm(
        data,
        editors=list(application.editors.all()),
        needs_reason=not is_contact(request.user, application),
        initial={"language": offered_or_first(get_language())},
    )


@require_POST
@login_required
def invite_editor(request: HttpRequest, pk: int) -> HttpResponse:
    application = access_contact_application(request.user, pk)
    form = EditorForm(request.POST)
    if not form.is_valid():
        return _page(request, application, status=422, editor_form=form)
    if not _may_send(request):
        form.add_error(None, _TOO_MANY)
        return _page(request, application, status=429, editor_form=form)
    try:
        actions.invite_editor(application=application, **form.cleaned_data, **acting(request))
    except ValidationError as error:
        form.add_error("email", error)
        return _page(request, application, status=422, editor_form=form)
    messages.success(request, _("The invitation is on its way."))
    return redirect("members:application_people", pk)


@require_POST
@login_required
def revoke_place(request: HttpRequest, pk: int, invitation_id: int) -> HttpResponse:
    invitation = access_place_invitation(request.user, pk, invitation_id)
    try:
        actions.revoke_place(invitation=invitation, **acting(request))
    except InvitationClosedError:
        messages.error(request, _("This invitation was accepted in the meantime."))
    else:
        messages.success(request, _("The invitation is revoked. Its link is dead."))
    return redirect("members:application_people", pk)


@require_POST
@login_required
def remove_editor(request: HttpRequest, pk: int, editor_id: int) -> HttpResponse:
    editor = access_editor(request.user, pk, editor_id)
    actions.remove_editor(editor=editor, **acting(request))
    if editor.user_id == person(request).pk:
        messages.success(request, _("You have left the application."))
        return redirect("members:application_list")
    messages.success(request, _("The editor was taken out, and told so."))
    return redirect("members:application_people", pk)


@require_POST
@login_required
def transfer_contact(request: HttpRequest, pk: int) -> HttpResponse:
    """To an editor at once; to somebody else when they accept the link."""
    application = access_applicants(request.user, pk)
    if not can_transfer_contact(request.user, application):
        raise PermissionDenied
    form = _contact_form(request, application, request.POST)
    if not form.is_valid():
        return _page(request, application, status=422, contact_form=form)
    prove_again(request)
    said, editor = form.cleaned_data, form.chosen()
    if editor is None and not _may_send(request):
        form.add_error(None, _TOO_MANY)
        return _page(request, application, status=429, contact_form=form)
    reason = said.get("reason", "")
    try:
        if editor is not None:
            actions.transfer_contact(
                application=application, to=editor, reason=reason, **acting(request)
            )
            messages.success(request, _("The application has another contact person."))
        else:
            actions.invite_contact(
                application=application,
                email=said["email"],
                name=said["name"],
                language=said["language"],
                reason=reason,
                **acting(request),
            )
            messages.success(
                request, _("The invitation is on its way. Until it is accepted, nothing changes.")
            )
    except ValidationError as error:
        form.add_error("to" if editor else "email", error)
        return _page(request, application, status=422, contact_form=form)
    return redirect("members:application_people", pk)
