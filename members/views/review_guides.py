"""What applications were reviewed by before: the versions of its points and criteria."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from members.forms.reviews import GuideVersionsForm
from members.http import secretariat_only
from members.models import ReviewGuide
from members.review_guide_changes import guide_changes


@require_GET
@secretariat_only
def review_guide_versions(request: HttpRequest) -> HttpResponse:
    """All of them, and any two side by side."""
    versions = ReviewGuide.objects.versions()
    form = GuideVersionsForm(request.GET or None, versions=versions)
    before, after = form.chosen()
    context = {
        "versions": versions[::-1],
        "form": form if form.is_valid() else GuideVersionsForm(versions=versions),
        "changes": guide_changes((before.points, before.criteria), (after.points, after.criteria)),
        "first": _("Before"),
        "second": _("After"),
    }
    return render(request, "members/review_guide_versions.html", context)


@require_GET
@secretariat_only
def review_guide_version(request: HttpRequest, number: int) -> HttpResponse:
    """One of them as it was asked; 0 is the portal's own."""
    versions = ReviewGuide.objects.versions()
    guide = next((each for each in versions if each.version == number), None)
    if guide is None:
        raise Http404
    context = {"guide": guide, "is_current": guide == versions[-1] or len(versions) == 1}
    return render(request, "members/review_guide_version.html", context)
