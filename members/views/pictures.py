"""Pictures of an institution: the large one for all, the desk for those who manage the profile."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import pictures as actions
from members.caching import public_page
from members.forms.pictures import NewPictureForm, PictureWordsForm, PlaceForm
from members.http import acting_for
from members.models import (
    MOST_PICTURES,
    Institution,
    InstitutionPicture,
    ProfileProposal,
)
from members.models.pictures import pictures_to_change
from members.permissions.pictures import (
    access_kept_picture,
    access_picture,
    access_picture_file,
    access_pictures,
)
from members.permissions.releases import can_release_profiles, must_wait
from members.pictures import picture_of, pictures_of
from records.http import picture_response


@require_GET
def picture_file(request: HttpRequest, pk: str, sha256: str) -> StreamingHttpResponse:
    stored, public = access_picture_file(request.user, int(pk), sha256)
    return picture_response(stored, public=public)


@require_GET
@public_page
def picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """One picture, large, and the way to those beside it."""
    institution, place = access_picture(request.user, pk, picture)
    shown = pictures_of(institution.pictures)
    context = {
        "institution": institution,
        "picture": shown[place],
        "place": place + 1,
        "count": len(shown),
        "before": shown[place - 1] if place else None,
        "after": shown[place + 1] if place + 1 < len(shown) else None,
    }
    return render(request, "members/picture.html", context)


@require_http_methods(["GET", "POST"])
@login_required
def profile_pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """Those that are shown, or would be; the form that adds one; and those that were taken out."""
    institution = access_pictures(request.user, pk)
    if request.method == "GET":
        return _list(request, institution, NewPictureForm())
    form = NewPictureForm(request.POST, request.FILES)
    if not form.is_valid():
        return _list(request, institution, form, status=422)
    try:
        kept = actions.add_picture(
            institution=institution,
            upload=form.cleaned_data["picture"],
            **form.said(),
            **acting_for(request, pk),
        )
    except actions.TooManyPicturesError as error:
        form.add_error(None, error)
        return _list(request, institution, form, status=422)
    return _done(request, pk, kept, _("The picture was added."))


def _list(
    request: HttpRequest, institution: Institution, form: NewPictureForm, *, status: int = 200
) -> HttpResponse:
    waits = must_wait(request.user)
    entries = pictures_to_change(institution, waits=waits)
    beside = InstitutionPicture.objects.beside(institution, entries)
    context = {
        "institution": institution,
        "pictures": pictures_of(entries),
        "removed": pictures_of(each.entry for each in beside),
        "form": form,
        "is_full": len(entries) >= MOST_PICTURES,
        **_release(request, institution, waits),
    }
    return render(request, "members/profile_pictures.html", context, status=status)


def _release(request: HttpRequest, institution: Institution, waits: bool) -> dict[str, Any]:
    """What `_profile_waits.html` tells."""
    proposals = institution.profile_proposals
    releases = can_release_profiles(request.user)
    return {
        "waits": waits,
        "proposal": proposals.open().for_display().first() if waits else None,
        "waiting": proposals.waiting().first() if releases else None,
    }


def _done(
    request: HttpRequest,
    pk: int,
    kept: actions.Kept,
    said: str,
    picture: InstitutionPicture | None = None,
) -> HttpResponse:
    """Back to the list, at the picture, for who goes on with the keyboard."""
    if isinstance(kept, ProfileProposal):
        said = _("It is kept, and waits for the release by the secretariat.")
    if said:
        messages.success(request, said)
    place = f"#picture-{picture.pk}" if picture else ""
    return redirect(reverse("members:profile_pictures", args=[pk]) + place)


@require_http_methods(["GET", "POST"])
@login_required
def profile_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """Its words."""
    institution, found = access_kept_picture(request.user, pk, picture)
    entry = _entry(request, institution, found)
    if request.method == "GET":
        form = PictureWordsForm(initial=PictureWordsForm.initial_of(entry, found.version))
        return _words(request, institution, found, form)
    form = PictureWordsForm(request.POST)
    if not form.is_valid():
        return _words(request, institution, found, form, status=422)
    try:
        kept = actions.describe_picture(
            picture=found,
            version=form.cleaned_data["version"],
            **form.said(),
            **acting_for(request, pk),
        )
    except actions.StalePictureError as error:
        form.take_version(error.version)
        return _words(request, institution, found, form, status=409)
    return _done(request, pk, kept, _("The words are kept."), found)


def _entry(
    request: HttpRequest, institution: Institution, found: InstitutionPicture
) -> dict[str, Any]:
    """Its words as the person goes on from them; of one that was taken out, those it had last."""
    entries = pictures_to_change(institution, waits=must_wait(request.user))
    return next((entry for entry in entries if entry["id"] == found.pk), found.entry)


def _words(
    request: HttpRequest,
    institution: Institution,
    found: InstitutionPicture,
    form: PictureWordsForm,
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "institution": institution,
        "picture": picture_of(found.entry),
        "form": form,
        "stale": status == 409,
        **_release(request, institution, must_wait(request.user)),
    }
    return render(request, "members/profile_picture.html", context, status=status)


@require_POST
@login_required
def move_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    """`place`: where it is to stand, from 1."""
    _institution, found = access_kept_picture(request.user, pk, picture)
    form = PlaceForm(request.POST)
    if not form.is_valid():
        return redirect("members:profile_pictures", pk)
    kept = actions.move_picture(
        picture=found, place=form.cleaned_data["place"], **acting_for(request, pk)
    )
    return _done(request, pk, kept, "", found)


@require_http_methods(["GET", "POST"])
@login_required
def remove_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    institution, found = access_kept_picture(request.user, pk, picture)
    if request.method == "GET":
        context = {
            "institution": institution,
            "picture": picture_of(found.entry),
            "waits": must_wait(request.user),
        }
        return render(request, "members/picture_removal.html", context)
    kept = actions.remove_picture(picture=found, **acting_for(request, pk))
    return _done(request, pk, kept, _("The picture is taken out. You can put it back."))


@require_POST
@login_required
def restore_picture(request: HttpRequest, pk: int, picture: int) -> HttpResponse:
    _institution, found = access_kept_picture(request.user, pk, picture)
    try:
        kept = actions.restore_picture(picture=found, **acting_for(request, pk))
    except actions.TooManyPicturesError as error:
        messages.error(request, error.messages[0])
        return redirect("members:profile_pictures", pk)
    return _done(request, pk, kept, _("The picture is shown again."), found)
