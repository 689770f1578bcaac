"""Persons: their delegation, how they come in, and what they set for themselves."""

from typing import Any

from allauth.account.utils import perform_login
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, translate_url
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import invitations, people
from members.actions.mandates import take_end_off
from members.closed_invitations import closed_invitation
from members.enums import GIVEN_WITH_PROOF, Capacity
from members.forms.mandates import DatedInviteForm, EndMandateForm, LastDayForm
from members.forms.people import AcceptInvitationForm, PersonForm
from members.http import (
    MANDATE_KEY,
    acting_for,
    mandates_of,
    person,
    prove_again,
    reads_tables,
    remember_language,
    safe_next,
)
from members.models import Invitation, Mandate, User
from members.network import offered_or_first
from members.onboarding import open_steps
from members.permissions import (
    access_delegation,
    access_invitation,
    access_mandate,
    can_change_last_day,
    can_end_mandate,
    can_manage_people,
    capacities_to_invite,
    statements_of,
)
from members.permissions.identity import accepts_through
from members.permissions.invitations import why_closed, with_reasons
from members.permissions.people import sees_arrival
from members.permissions.presidencies import can_read_handovers
from records.reading import written_date


@require_GET
@login_required
def delegation(request: HttpRequest, pk: int) -> HttpResponse:
    """The people of one delegation, for themselves and the secretariat."""
    institution = access_delegation(request.user, pk)
    manages = can_manage_people(request.user, institution)
    mandates = Mandate.objects.of_institution(institution).for_display().with_profiles()
    return render(
        request,
        "members/delegation.html",
        {
            "institution": institution,
            "manages": manages,
            "reads_handovers": manages and can_read_handovers(request.user),
            "is_active": institution.is_active,
            "people": mandates.unended(),
            "past": mandates.past(),
            "statements": statements_of(request.user, institution),
            "arrival": open_steps(institution) if sees_arrival(request.user, institution) else [],
            "invitations": with_reasons(
                Invitation.objects.of_institution(institution).unanswered() if manages else []
            ),
        },
    )


@require_http_methods(["GET", "POST"])
@login_required
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    institution = access_delegation(request.user, pk)
    capacities = capacities_to_invite(request.user, institution)
    if not capacities:
        return render(request, "403.html", status=403)
    form = DatedInviteForm(
        request.POST if request.method == "POST" else None,
        institution=institution,
        capacities=capacities,
        initial={"language": offered_or_first(get_language())},
    )
    if not form.is_valid():
        return render(
            request,
            "members/invite.html",
            {"institution": institution, "form": form},
            status=422 if form.is_bound else 200,
        )
    if form.cleaned_data["capacity"] in GIVEN_WITH_PROOF:
        prove_again(request)
    invitations.invite_to_delegation(
        institution=institution,
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        language=form.cleaned_data["language"],
        capacity=Capacity(form.cleaned_data["capacity"]),
        starts_on=form.cleaned_data["starts_on"],
        ends_on=form.cleaned_data["ends_on"],
        **acting_for(request, institution.pk),
    )
    messages.success(request, _("The invitation is on its way."))
    return redirect("members:delegation", pk)


@require_POST
@login_required
def resend_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = access_invitation(request.user, pk)
    if invitation.capacity in GIVEN_WITH_PROOF:
        prove_again(request)
    try:
        invitations.resend_invitation(
            invitation=invitation, **acting_for(request, invitation.institution_id or 0)
        )
    except invitations.HandedOverError:
        messages.error(
            request,
            _(
                "The mandate that this invitation was to hand over has ended or passed on. Invite "
                "the person anew."
            ),
        )
    except invitations.PeriodOverError:
        messages.error(request, _("The last day of this mandate is over. Invite the person anew."))
    except invitations.InvitationClosedError:
        messages.error(request, _("This invitation was accepted or revoked in the meantime."))
    else:
        messages.success(request, _("A new letter is on its way. The old link is dead."))
    return redirect("members:delegation", invitation.institution_id)


@require_POST
@login_required
def revoke_invitation(request: HttpRequest, pk: int) -> HttpResponse:
    invitation = access_invitation(request.user, pk)
    try:
        invitations.revoke_invitation(
            invitation=invitation, **acting_for(request, invitation.institution_id or 0)
        )
    except invitations.InvitationClosedError:
        messages.error(request, _("This invitation was accepted in the meantime."))
    else:
        messages.success(request, _("The invitation is revoked. Its link is dead."))
    return redirect("members:delegation", invitation.institution_id)


@require_http_methods(["GET", "POST"])
@login_required
def end_mandate(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask once; then it ends, now or when a day to come is over."""
    ending = access_mandate(request.user, pk)
    if not can_end_mandate(request.user, ending):
        return render(request, "403.html", status=403)
    if ending.user_id != person(request).pk:
        prove_again(request)
    form = EndMandateForm(
        {"when": EndMandateForm.NOW, **request.POST.dict()} if request.method == "POST" else None,
        ending=ending,
    )
    context = {
        "ending": ending,
        "is_own": ending.user_id == person(request).pk,
        "may_change_last_day": can_change_last_day(request.user, ending),
        "form": form,
    }
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/end_mandate.html", context, status=status)
    if form.takes_end_off:
        take_end_off(ending=ending, **acting_for(request, ending.institution_id))
        messages.success(request, _("The mandate runs on. It has no last day any more."))
        return redirect("members:delegation", ending.institution_id)
    try:
        ended = people.end_mandate(
            ending=ending, **acting_for(request, ending.institution_id), at=form.at()
        )
    except people.LastOfItsKindError:
        return render(request, "members/end_mandate.html", {**context, "is_last": True}, status=422)
    if form.at():
        _tell_last_day(request, ended)
    else:
        messages.success(request, _("The mandate has ended, and its rights with it."))
        if context["is_own"]:
            return redirect("portal:home")  # the delegation may be closed to them now
    return redirect("members:delegation", ending.institution_id)


@require_http_methods(["GET", "POST"])
@login_required
def change_last_day(request: HttpRequest, pk: int) -> HttpResponse:
    """Until when a mandate runs: longer, shorter, or without a last day."""
    changing = access_mandate(request.user, pk)
    if not can_change_last_day(request.user, changing):
        return render(request, "403.html", status=403)
    is_own = changing.user_id == person(request).pk
    if not is_own:
        prove_again(request)
    form = LastDayForm(request.POST if request.method == "POST" else None, ending=changing)
    context: dict[str, Any] = {"shown": changing, "is_own": is_own, "form": form}
    if not form.is_valid():
        status = 422 if form.is_bound else 200
        return render(request, "members/change_last_day.html", context, status=status)
    by = acting_for(request, changing.institution_id)
    if form.takes_end_off:
        take_end_off(ending=changing, **by)
        messages.success(request, _("The mandate runs on. It has no last day any more."))
        return redirect("members:delegation", changing.institution_id)
    try:
        changed = people.end_mandate(ending=changing, at=form.at(), **by)
    except people.LastOfItsKindError:
        context["is_last"] = True
        return render(request, "members/change_last_day.html", context, status=422)
    _tell_last_day(request, changed)
    return redirect("members:delegation", changing.institution_id)


def _tell_last_day(request: HttpRequest, changed: Mandate) -> None:
    last = changed.last_moment or changed.starts_at
    told = _("The mandate ends by itself after %(day)s.")
    messages.success(request, told % {"day": written_date(timezone.localtime(last))})


@require_http_methods(["GET", "POST"])
@never_cache
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Where the link of an invitation leads, for whoever holds it.

    A new person makes an account; one who has an account signs in and accepts with one click.
    """
    invited = Invitation.objects.by_token(token)
    if invited is None or why_closed(invited):
        return closed_invitation(request, invited)
    has_account = User.objects.of_email(invited.email) is not None
    context = {
        "invitation": invited,
        "has_account": has_account,
        "token": token,
        "through": accepts_through(invited),
    }
    try:
        if request.user.is_authenticated:
            if request.method == "GET" or person(request).email != invited.email:
                response = render(request, "members/invitation_signed_in.html", context)
            else:
                response = _accept(request, invited, token)
        elif has_account:
            invited.refresh_from_db()
            if why_closed(invited):  # another tab made the account just now, with this one
                return closed_invitation(request, invited)
            response = render(request, "members/invitation_sign_in.html", context)
        else:
            response = _make_account(request, invited, context)
    except invitations.InvitationClosedError:
        invited = Invitation.objects.by_token(token)  # None where a new letter went out just now
        made = invited and not has_account and User.objects.of_email(invited.email)
        if invited and made and not why_closed(invited):  # the address got an account just now
            return redirect("members:invitation", token)
        return closed_invitation(request, invited)
    # The address is the secret: it goes nowhere. `no-referrer` would make the Origin of the
    # form "null", which the CSRF check refuses.
    response["Referrer-Policy"] = "strict-origin"
    return response


def _accept(request: HttpRequest, invited: Invitation, token: str) -> HttpResponse:
    invitations.accept_invitation(invitation=invited, token=token, actor=person(request))
    messages.success(request, _("You have accepted the invitation."))
    return redirect(_where_to(invited))


def _make_account(
    request: HttpRequest, invited: Invitation, context: dict[str, Any]
) -> HttpResponse:
    form = AcceptInvitationForm(
        request.POST if request.method == "POST" else None,
        invitation=invited,
        initial={"name": invited.name, "language": offered_or_first(invited.language)},
    )
    if not form.is_valid():
        return render(
            request,
            "members/invitation.html",
            {**context, "form": form},
            status=422 if form.is_bound else 200,
        )
    user = invitations.accept_invitation_as_new(
        invitation=invited,
        token=context["token"],
        name=form.cleaned_data["name"],
        password=form.cleaned_data["password1"],
        language=form.cleaned_data["language"],
    )
    response: HttpResponse = perform_login(
        request, user, email=user.email, redirect_url=_where_to(invited)
    )
    return response


def _where_to(invited: Invitation) -> str:
    """Whoever came to apply goes on with the application; a delegate begins at home."""
    if invited.application_id:
        return reverse("members:application", args=[invited.application_id])
    return reverse("portal:home")


@require_GET
def by_invitation(request: HttpRequest) -> HttpResponse:
    """Where allauth would open an account to anybody."""
    return render(request, "members/by_invitation.html")


@require_POST
@login_required
def choose_mandate(request: HttpRequest) -> HttpResponse:
    """Speak through another of one's running mandates, for this web session."""
    chosen = request.POST.get("mandate", "")
    for mandate in mandates_of(request):
        if str(mandate.pk) == chosen:
            request.session[MANDATE_KEY] = mandate.pk
            return redirect(safe_next(request))
    messages.error(request, _("This mandate has ended."))
    return redirect(safe_next(request))


@require_http_methods(["GET", "POST"])
@login_required
def settings(request: HttpRequest) -> HttpResponse:
    user = person(request)
    form = PersonForm(
        request.POST if request.method == "POST" else None,
        initial=PersonForm.initial_of(user, get_language() or ""),
    )
    if not form.is_valid():
        return render(
            request,
            "members/settings.html",
            {
                "form": form,
                "held": Mandate.objects.of_person(user.pk).unended().for_display_of_person(),
                "reads_tables": reads_tables(request),
            },
            status=422 if form.is_bound else 200,
        )
    people.change_person(user=user, **form.cleaned_data)
    messages.success(request, _("Your settings are saved."))
    response = redirect(translate_url(request.path, user.language))
    remember_language(response, user.language)
    return response


@require_POST
@login_required
def sign_out_everywhere(request: HttpRequest) -> HttpResponse:
    """End every web session of the person, this one too."""
    user = person(request)
    logout(request)
    people.end_sessions(user=user, actor=user)
    messages.success(request, _("You are signed out on every device."))
    return redirect("account_login")
