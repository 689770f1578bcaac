"""What an application said since it was submitted, for its applicants, the secretariat and its
reviewers.
"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from members.application_changes import application_changes
from members.forms.application_revisions import RevisionsForm
from members.past_contacts import hide_past_contact
from members.permissions.applications import can_review, can_see_application
from members.permissions.reviews import access_revisions


@require_GET
@login_required
def application_revisions(request: HttpRequest, pk: int) -> HttpResponse:
    """Any two side by side, and who made each change; of a draft there is none."""
    application = access_revisions(request.user, pk)
    revisions = list(application.revisions.in_order())
    if not can_review(request.user, application):
        hide_past_contact(application, revisions)
    form = RevisionsForm(request.GET or None, revisions=revisions)
    chosen = form.chosen()
    comma = pgettext("between things", ", ")
    listed = []
    for place, revision in enumerate(revisions):
        before = revisions[place - 1].contents if place else revision.contents
        changed = application_changes(application, before, revision.contents)
        listed.append({"revision": revision, "labels": comma.join(c.label for c in changed)})
    context = {
        "application": application,
        "revisions": listed[::-1],
        "form": form if form.is_valid() else RevisionsForm(revisions=revisions),
        "changes": application_changes(application, chosen[0].contents, chosen[1].contents)
        if chosen
        else [],
        "reviews": not can_see_application(request.user, application),
        "first": _("Before"),
        "second": _("After"),
    }
    return render(request, "members/application_revisions.html", context)
