"""Groups: the list, a group's page, and what the secretariat, chairs and members do there."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import group_life
from members.actions import groups as actions
from members.actions.people import AccountClosedError
from members.enums import GroupKind, GroupRole
from members.forms.groups import AddMembersForm, GroupForm, PlaceForm, ReasonForm
from members.group_changes import group_changes
from members.http import acting_as_office, acting_by, mandates_of
from members.models import Group, GroupMember, GroupVersion, Mandate
from members.permissions.groups import (
    Place,
    access_group,
    access_place,
    asking_mandates,
    can_make_groups,
    can_name,
    can_remove,
    can_run_group,
    can_set_role,
    can_speak_for,
    may_represent,
    places_of,
    requests_of,
    runs_group,
)

KINDS = {
    GroupKind.WORKING_GROUP: gettext_lazy("Working groups"),
    GroupKind.CONTACT_GROUP: gettext_lazy("Contact groups"),
    GroupKind.THEMATIC_NETWORK: gettext_lazy("Thematic networks"),
    GroupKind.COMMITTEE: gettext_lazy("Committees"),
}


class Listed(NamedTuple):
    """A group in the list, with the places that the reader's institutions have in it."""

    group: Group
    own: list[GroupMember]


@require_GET
@login_required
def group_list(request: HttpRequest) -> HttpResponse:
    mandates = mandates_of(request)
    if not mandates:
        raise Http404
    own = {mandate.institution_id for mandate in mandates}
    found = [
        Listed(each, [p for p in each.places if p.institution_id in own])
        for each in Group.objects.for_list()
    ]
    at_work = [each for each in found if not each.group.is_closed]
    kinds = [
        (title, of_kind)
        for kind, title in KINDS.items()
        if (of_kind := [each for each in at_work if each.group.kind == kind])
    ]
    context = {
        "kinds": kinds,
        "closed": [each for each in found if each.group.is_closed],
        "may_make": can_make_groups(request.user),
    }
    return render(request, "members/group_list.html", context)


@require_GET
@login_required
def group(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_group(request.user, pk)
    places = places_of(request.user, shown)
    chairs = shown.secretariat_chairs
    return render(
        request,
        "members/group.html",
        {
            "group": shown,
            "roles": [
                _of_role(places, role, title)
                for role, title in (
                    (GroupRole.CHAIR, pgettext("who chairs", "Chair")),
                    (GroupRole.MEMBER, _("Members")),
                    (GroupRole.OBSERVER, _("Observers")),
                )
            ],
            "office": Mandate.objects.of_secretariat().for_display() if chairs else [],
            "history": GroupMember.objects.of_group(shown).history(),
            "requests": requests_of(request.user, shown),
            "may_ask": asking_mandates(request.user, shown),
            "may_edit": can_make_groups(request.user),
            "may_run": can_run_group(request.user, shown),
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
def new_group(request: HttpRequest) -> HttpResponse:
    if not can_make_groups(request.user):
        raise Http404
    form = GroupForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        return _form_page(request, "members/group_form.html", form)
    try:
        made = actions.create_group(
            kind=GroupKind(form.cleaned_data["kind"]),
            members={},
            client_id=form.cleaned_data["client_id"],
            **form.values(),
            **acting_as_office(request),
        )
    except actions.SentBeforeError as error:
        form.add_error(None, error)
        return _form_page(request, "members/group_form.html", form)
    messages.success(request, _("The group is made, and its room is open. Now add its members."))
    return redirect("members:group", made.pk)


@require_http_methods(["GET", "POST"])
@login_required
def edit_group(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_group(request.user, pk)
    if not can_make_groups(request.user):
        raise PermissionDenied
    form = GroupForm(request.POST if request.method == "POST" else None, group=shown)
    if not form.is_valid():
        return _form_page(request, "members/group_form.html", form, group=shown)
    seen = form.cleaned_data["version"]
    try:
        group_life.change_group(
            group=shown, **form.values(), version=seen, **_running(request, shown)
        )
    except actions.GroupClosedError:
        return _closed(request, pk)
    except group_life.StaleGroupError as error:
        form.take_version(error.version)
        opened, stands = (GroupVersion.objects.find(shown, n) for n in (seen, error.version))
        changes = group_changes(opened.said, stands.said, drafts=True) if opened and stands else []
        more = {"group": shown, "stale": True, "stands": stands, "changes": changes}
        return _form_page(request, "members/group_form.html", form, status=409, **more)
    messages.success(request, _("The group is saved."))
    return redirect("members:group", pk)


@require_http_methods(["GET", "POST"])
@login_required
def close_group(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_group(request.user, pk)
    if not can_make_groups(request.user):
        raise PermissionDenied
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        help_text=_("Every delegate reads it on the group’s page."),
    )
    if not form.is_valid():
        return _form_page(request, "members/group_close.html", form, group=shown)
    group_life.close_group(
        group=shown, reason=form.cleaned_data["reason"], **_running(request, shown)
    )
    messages.success(request, _("The group is closed. Its rooms can still be read."))
    return redirect("members:group", pk)


@require_POST
@login_required
def reopen_group(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_group(request.user, pk)
    if not can_make_groups(request.user):
        raise PermissionDenied
    group_life.reopen_group(group=shown, **_running(request, shown))
    messages.success(request, _("The group is at work again, and so are its rooms."))
    return redirect("members:group", pk)


@require_http_methods(["GET", "POST"])
@login_required
def add_members(request: HttpRequest, pk: int) -> HttpResponse:
    shown = access_group(request.user, pk)
    if not can_run_group(request.user, shown):
        raise PermissionDenied
    form = AddMembersForm(
        request.POST if request.method == "POST" else None,
        group=shown,
        roles=[role for role in GroupRole if can_set_role(request.user, shown, "", role)],
    )
    if not form.is_valid():
        return _form_page(request, "members/group_add.html", form, group=shown)
    try:
        actions.add_group_members(
            group=shown,
            institutions=form.cleaned_data["delegations"],
            role=GroupRole(form.cleaned_data["role"]),
            **_running(request, shown),
        )
    except actions.GroupClosedError:
        return _closed(request, pk)
    except actions.NotAMemberError as error:
        form.add_error("delegations", error)
        return _form_page(request, "members/group_add.html", form, group=shown)
    messages.success(request, _("They are in the group, and its room is open to them."))
    return redirect("members:group", pk)


@require_http_methods(["GET", "POST"])
@login_required
def change_place(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """The role of an institution, and who represents it; each where it is the reader's to say."""
    shown, place = access_place(request.user, pk, institution)
    user = request.user
    roles = [role for role in GroupRole if can_set_role(user, shown, place.role, role)]
    names = can_name(user, place) and any(
        shown.has_representative(role) for role in [*roles, place.role]
    )
    if not roles and not names:
        raise PermissionDenied
    form = PlaceForm(
        request.POST if request.method == "POST" else None,
        roles=roles,
        people=may_represent(place.institution) if names else None,
        is_network=shown.is_network,
        initial={"role": place.role, "representative": place.representative_id},
    )
    if not form.is_valid():
        return _form_page(request, "members/group_place.html", form, group=shown, place=place)
    try:
        changed = actions.change_place(
            group=shown,
            institution=place.institution,
            **form.chosen(place.role, place.representative),
            **_running(request, shown),
        )
    except actions.GroupClosedError:
        return _closed(request, pk)
    except AccountClosedError as error:
        form.add_error("representative", error)
        return _form_page(request, "members/group_place.html", form, group=shown, place=place)
    if changed is None:
        messages.error(request, _("It has left the group in the meantime."))
    else:
        messages.success(request, _("Its place in the group is changed."))
    return redirect("members:group", pk)


@require_http_methods(["GET", "POST"])
@login_required
def remove_member(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """Ask once, then end its place: it leaves, or is taken out."""
    shown, place = access_place(request.user, pk, institution)
    if not can_remove(request.user, shown, place):
        raise PermissionDenied
    if shown.is_closed:
        return _closed(request, pk)
    leaves = can_speak_for(request.user, place.institution_id)
    if request.method == "GET":
        context = {"group": shown, "place": place, "leaves": leaves}
        return render(request, "members/group_remove.html", context)
    try:
        actions.remove_group_member(
            group=shown, institution=place.institution, **_leaving(request, place)
        )
    except actions.GroupClosedError:
        return _closed(request, pk)
    messages.success(
        request,
        _("Your institution has left the group.")
        if leaves
        else _("It is out of the group; on open pages of its rooms too."),
    )
    return redirect("members:group", pk)


def _running(request: HttpRequest, shown: Group) -> dict[str, Any]:
    return acting_by(request, lambda m: runs_group(m, shown))


def _leaving(request: HttpRequest, place: GroupMember) -> dict[str, Any]:
    """Who runs the group takes it out, or the institution leaves."""
    return acting_by(
        request, lambda m: runs_group(m, place.group) or m.institution_id == place.institution_id
    )


def _of_role(places: list[Place], role: str, title: str) -> tuple[str, str, list[Place], int]:
    """The places of a role, and of how many of them the institutions have a say."""
    found = [place for place in places if place.member.role == role]
    return role, title, found, sum(not place.member.is_suspended for place in found)


def _closed(request: HttpRequest, pk: int) -> HttpResponse:
    messages.error(request, _("The group is closed. Reopen it first."))
    return redirect("members:group", pk)


def _form_page(
    request: HttpRequest, template: str, form: Any, *, status: int | None = None, **context: Any
) -> HttpResponse:
    status = status or (422 if form.is_bound else 200)
    return render(request, template, {"form": form, **context}, status=status)
