"""The network as everyone sees it: the directory and each institution's page."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.core.paginator import Paginator
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
    can_change_profile,
    can_change_standing,
    can_see_grounds,
    presides,
)
from members.permissions.memberships import can_enter_members
from members.permissions.profiles import can_correct_facts
from members.permissions.standing import can_read_standing
from members.pictures import pictures_of
from members.world import alone, members_on_map

CLASSES = {
    MembershipClass.FULL: _("Full members"),
    MembershipClass.ASSOCIATE: _("Associate members"),
    MembershipClass.OBSERVER: _("Observers"),
}


PAGE = 100


def directory_form(request: HttpRequest) -> DirectoryForm:
    """What is asked of the directory, and all that it holds."""
    return DirectoryForm(request.GET or {"q": ""}, listed=Institution.objects.listed())


@require_GET
@public_page
def directory(request: HttpRequest) -> HttpResponse:
    form = directory_form(request)
    found = form.in_pages()
    paginator: Paginator[Institution] = Paginator(found, PAGE)
    page = paginator.get_page(request.GET.get("page"))
    members = found.found.by_country(found.shares)
    return render(
        request,
        "members/directory.html",
        {
            "form": form,
            "page": page,
            "classes": [
                {
                    "title": CLASSES[of],
                    "count": sum(s.number for s in found.shares if s.membership_class == of),
                    "institutions": list(institutions),
                }
                for of, institutions in groupby(page, key=attrgetter("current_class"))
            ],
            "count": len(found),
            "countries": len(members),
            "sought": form.narrows,
            "map": members_on_map(members),
            "may_enter": can_enter_members(request.user),
        },
    )


@require_GET
@public_page
def institution(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_institution(request.user, pk)
    context: dict[str, Any] = {
        "institution": shown,
        "pictures": pictures_of(shown.pictures),
        "people": None,
        "may_open_delegation": False,
        "standings": shown.history,
        "map": members_on_map(alone(shown)) if shown.history else None,
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
        context["sees_grounds"] = any(each.has_grounds for each in standings)
    context["changes_pictures"] = bool(mandates) and can_change_profile(request.user, shown)
    context["reads_standing"] = bool(mandates) and can_read_standing(request.user, shown)
    context["corrects_facts"] = bool(mandates) and can_correct_facts(request.user)
    if can_change_standing(request.user):
        context["acts"] = acts_open(shown, shown.membership)
        context["presides"] = presides(shown)
        context["lacks_first_day"] = bool(shown.history) and shown.joined_on is None
    return render(request, "members/institution.html", context)
