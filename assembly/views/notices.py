"""Notices on an institution's standing: drafted, edited, and then sent by a person or not."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assembly.forms_standing import SubjectForm
from assembly.models import Meeting
from assembly.monitor import standing_of
from assembly.standing_words import drafted
from members.actions.notices import (
    StaleNoticeError,
    change_notice,
    discard_notice,
    draft_notice,
    send_notice,
)
from members.forms.profiles import VersionForm
from members.forms.standing import NoticeForm
from members.http import acting_as_office, secretariat_only
from members.models import StandingNotice
from members.permissions.standing import access_notice, access_to_watch, can_watch_standing
from members.standing_notices import languages_of, readers_of


@require_POST
@secretariat_only
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the draft on a subject that wants attention; the one that is there, where one is."""
    institution = access_to_watch(request.user, pk)
    form = SubjectForm(request.POST)
    standing = standing_of(institution, timezone.now())
    if not form.is_valid() or form.cleaned_data["subject"] not in standing.wants:
        messages.error(request, _("On this there is nothing to write to the institution."))
        return redirect("assembly:standing", pk)
    subject = form.cleaned_data["subject"]
    coming = Meeting.objects.upcoming().general_assemblies().first()
    languages = languages_of(readers_of(institution))
    titles, bodies = drafted(subject, standing, coming, languages)
    notice = draft_notice(
        institution=institution,
        subject=subject,
        titles=titles,
        bodies=bodies,
        **acting_as_office(request),
    )
    return redirect("assembly:notice", pk, notice.pk)


@require_http_methods(["GET", "POST"])
@login_required
def notice(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """To be saved, or sent (`act`: "send"), while it is a draft; afterwards to be read."""
    found = access_notice(request.user, pk, number)
    if request.method == "GET":
        form = _form(found) if found.is_draft else None
        return _page(request, found, form)
    if not can_watch_standing(request.user):
        raise PermissionDenied
    form = _form(found, request.POST)
    if not form.is_valid():
        return _page(request, found, form, status=422)
    sends = request.POST.get("act") == "send"
    keep = send_notice if sends else change_notice
    try:
        kept = keep(
            notice=found,
            titles=form.texts("title"),
            bodies=form.texts("body"),
            version=form.cleaned_data["version"],
            **acting_as_office(request),
        )
    except StaleNoticeError as error:
        form.take_version(error.notice.version)
        stands = access_notice(request.user, pk, number)
        return _page(request, stands, form, status=409, refusal=error.messages[0])
    except ValidationError as error:
        form.add_error(None, error)
        return _page(request, found, form, status=422)
    if kept.is_sent:
        messages.success(request, _("The notice is sent and on record."))
        return redirect("assembly:standing", pk)
    messages.success(request, _("The draft is saved. Nothing was sent."))
    return redirect("assembly:notice", pk, number)


def _form(found: StandingNotice, *data: Any) -> NoticeForm:
    """In the languages of the draft; none of a notice that is no draft any more is lost."""
    return NoticeForm(
        *data,
        languages=list(found.bodies),
        titles=found.titles,
        bodies=found.bodies,
        initial={"version": found.version},
    )


def _page(
    request: HttpRequest,
    found: StandingNotice,
    form: NoticeForm | None,
    *,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    institution = found.institution
    writes = can_watch_standing(request.user)
    readers = readers_of(institution) if found.is_draft else list(found.recipients.all())
    drafts = writes and found.is_draft
    context = {
        "institution": institution,
        "notice": found,
        "form": form,
        "readers": readers,
        "unread": [code for code in languages_of(readers) if code not in found.bodies],
        "standing": standing_of(institution, timezone.now()) if drafts else None,
        "may_write": writes,
        **more,
    }
    return render(request, "assembly/notice.html", context, status=status)


@require_POST
@secretariat_only
def discard(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    found = access_notice(request.user, pk, number)
    form = VersionForm(request.POST)
    if not form.is_valid():
        return redirect("assembly:notice", pk, number)
    try:
        discard_notice(
            notice=found, version=form.cleaned_data["version"], **acting_as_office(request)
        )
    except StaleNoticeError as error:
        stands = access_notice(request.user, pk, number)
        shown = _form(stands) if stands.is_draft else None
        return _page(request, stands, shown, status=409, refusal=error.messages[0])
    messages.success(request, _("The notice is discarded. Nothing was sent."))
    return redirect("assembly:standing", pk)
