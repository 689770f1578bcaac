"""A person, as colleagues see them; and what one says of oneself."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions.persons import change_person_profile, change_photo
from members.forms.persons import PersonProfileForm, PhotoForm
from members.http import person
from members.models import Mandate, PersonProfile
from members.permissions import access_person, access_photo, manages_person, parts_shown
from members.permissions.persons import mandates_shown
from records.http import picture_response


@require_GET
@login_required
def person_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is, whom they speak for, and of the rest what this reader is shown."""
    shown = access_person(request.user, pk)
    profile = PersonProfile.objects.of(shown)
    mandates = Mandate.objects.of_person(pk).begun()
    parts = parts_shown(request.user, profile)
    context = {
        "shown": shown,
        "profile": profile,
        "parts": parts,
        "shows_email": "email" in parts or manages_person(request.user, shown),
        "is_own": shown == request.user,
        "held": mandates_shown(request.user, shown),
        "past": mandates.past().for_display_of_person(),
        "now": timezone.now(),
    }
    return render(request, "members/person.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def person_profile(request: HttpRequest) -> HttpResponse:
    """What one says of oneself, and to whom."""
    user = person(request)
    form = PersonProfileForm(
        request.POST if request.method == "POST" else None,
        user=user,
        profile=PersonProfile.objects.of(user),
    )
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/person_profile.html", {"form": form}, status=status)
    change_person_profile(actor=user, said=form.said())
    messages.success(request, _("Your profile is saved."))
    return redirect("members:person", user.pk)


@require_http_methods(["GET", "POST"])
@login_required
def own_photo(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else PhotoForm()
    if not form.is_valid():
        context = {"form": form, "profile": PersonProfile.objects.of(user)}
        status = 422 if form.is_bound else 200
        return render(request, "members/person_photo.html", context, status=status)
    change_photo(actor=user, upload=form.cleaned_data["photo"])
    messages.success(request, _("The photo is shown from now on."))
    return redirect("members:own_photo")


@require_POST
@login_required
def remove_photo(request: HttpRequest) -> HttpResponse:
    change_photo(actor=person(request), upload=None)
    messages.success(request, _("You are shown without a photo."))
    return redirect("members:own_photo")


@require_GET
@login_required
def person_photo(request: HttpRequest, pk: str, sha256: str) -> StreamingHttpResponse:
    return picture_response(access_photo(request.user, int(pk), sha256), public=False)
