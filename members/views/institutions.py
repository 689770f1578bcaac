"""The network as everyone sees it: the directory and each institution's page."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from members.caching import public_page
from members.enums import MembershipClass
from members.forms.directory import DirectoryForm
from members.http import mandates_of
from members.models import Institution, Mandate
from members.permissions import (
    access_institution,
    acts_open,
    can_change_standing,
    can_see_grounds,
    presides,
)
from members.world import members_on_map

CLASSES = {
    MembershipClass.FULL: _("Full members"),
    MembershipClass.ASSOCIATE: _("Associate members"),
    MembershipClass.OBSERVER: _("Observers"),
}


def directory_form(request: HttpRequest) -> DirectoryForm:
    """What is asked of the directory, and all that it holds."""
    listed = Institution.objects.in_directory().with_fields()
    return DirectoryForm(request.GET or {"q": ""}, institutions=listed)


@require_GET
@public_page
def directory(request: HttpRequest) -> HttpResponse:
    form = directory_form(request)
    found = form.found()
    classes = [
        {"title": title, "institutions": institutions}
        for membership_class, title in CLASSES.items()
        if (institutions := [i for i in found if is_of(i, membership_class)])
    ]
    return render(
        request,
        "members/directory.html",
        {
            "form": form,
            "classes": classes,
            "count": len(found),
            "countries": len({i.country.code for i in found if i.country}),
            "sought": form.narrows,
            "map": members_on_map(found),
        },
    )


def is_of(institution: Institution, membership_class: MembershipClass) -> bool:
    membership = institution.membership
    return membership is not None and membership.membership_class == membership_class


@require_GET
@public_page
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_institution(request.user, pk)
    context: dict[str, Any] = {
        "institution": shown,
        "people": None,
        "may_open_delegation": False,
        "standings": shown.history,
        "map": members_on_map([shown]) if shown.history else None,
    }
    if mandates := mandates_of(request):
        context["people"] = Mandate.objects.running().of_institution(shown).for_display()
        context["may_open_delegation"] = any(
            m.is_of_secretariat or m.institution_id == shown.pk for m in mandates
        )
        context["standings"] = shown.memberships.oldest_first()
    if can_see_grounds(request.user, shown):
        standings = list(shown.memberships.with_grounds().oldest_first())
        context["standings"] = standings
        context["sees_grounds"] = any(each.act or each.reason for each in standings)
    if can_change_standing(request.user):
        context["acts"] = acts_open(shown, shown.membership)
        context["presides"] = presides(shown)
    return render(request, "members/institution.html", context)
