"""The secretariat asks an applicant, thing by thing."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.actions import applications as actions
from members.actions.applications import WrongStateError
from members.forms.information_requests import QuestionForm
from members.http import acting_as_office
from members.permissions.applications import access_dossier
from members.views.review import dossier_page


@require_POST
@login_required
def request_information(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_dossier(request.user, pk)
    form = QuestionForm(request.POST, application=shown)
    if not form.is_valid():
        return dossier_page(request, shown, status=422, question_form=form)
    try:
        actions.request_information(
            application=shown,
            question=form.cleaned_data["question"],
            items=form.items(),
            due_on=form.cleaned_data["due_on"],
            **acting_as_office(request),
        )
    except WrongStateError as error:
        return dossier_page(
            request, shown, status=409, question_form=form, conflict=error.messages[0]
        )
    messages.success(request, _("The applicant was asked."))
    return redirect("members:application", pk)
