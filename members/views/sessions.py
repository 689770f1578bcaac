"""Where a person is signed in. The list itself is allauth's page."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from members.actions.people import end_session as end
from members.http import person
from members.permissions.people import access_session


@require_POST
@login_required
def end_session(request: HttpRequest, pk: int) -> HttpResponse:
    """Sign out one device; this one, if it is the one."""
    end(session=access_session(request.user, pk), actor=person(request))
    messages.success(request, _("The device is signed out."))
    return redirect("usersessions_list")
