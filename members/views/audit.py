"""The audit log, as the secretariat reads it, takes it along and has it proved."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from members.actions.audit import note_audit_export
from members.audit import described
from members.audit_export import MOST, Format, as_csv, as_json
from members.enums_lists import Listing
from members.forms.audit import AuditExportForm, AuditFilterForm
from members.http import acting_as_office, person, prove_before_file, secretariat_only
from members.models import Presidency, SavedFilter
from members.permissions import is_secretariat
from members.permissions.presidencies import ended_at, past_term
from records.models import AuditEntry
from records.reading import number
from records.sheets import CSV_TYPE
from records.verification import verify_audit_log

PAGE = 50


@require_GET
@login_required
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` (a number) goes on from where a page ended. To the office before, of
    its own term.
    """
    term = past_term(request.user)
    if term is None and not is_secretariat(request.user):
        raise Http404
    return _page(request, AuditFilterForm(request.GET), term=term)


def _page(
    request: HttpRequest,
    form: AuditFilterForm,
    refusal: str = "",
    term: Presidency | None = None,
) -> HttpResponse:
    log = AuditEntry.objects.page(**form.sought())
    if term:
        log = log.between(term.starts_at, ended_at(term))
    found = list(log[: PAGE + 1])
    entries = found[:PAGE]
    return render(
        request,
        "members/audit_log.html",
        {
            "form": form,
            "past_term": term,
            "refusal": refusal,
            "formats": Format,
            "entries": described(entries),
            # What was sent and refused has no address with a page after it.
            "older_than": entries[-1].number
            if len(found) > PAGE and request.method == "GET"
            else None,
            "is_filtered": form.narrows,
            "saved": SavedFilter.objects.of_list(Listing.AUDIT).seen_by(person(request).pk),
            "listing": Listing.AUDIT,
        },
        status=200 if form.is_valid() and not refusal else 422,
    )


@require_POST
@secretariat_only
def export_audit_log(request: HttpRequest) -> HttpResponse:
    """All that the filters show, whichever page one was on; itself an act of the log."""
    form = AuditExportForm({**request.POST.dict(), "before": ""})
    if not form.is_valid():
        return _page(request, form)
    said = {k: str(v) for k, v in request.POST.items() if k in AuditFilterForm.base_fields}
    prove_before_file(request, f"{reverse('members:audit_log')}?{urlencode(said)}")
    entries = list(AuditEntry.objects.page(**form.sought())[: MOST + 1])
    if len(entries) > MOST:
        most = number(MOST)
        refusal = _("At most %(most)s entries are taken along at once: choose fewer days.")
        return _page(request, form, refusal % {"most": most})
    sought = form.said()
    chosen = sought.pop("form")
    note_audit_export(**acting_as_office(request), number=len(entries), sought=sought)
    if chosen == Format.CSV:
        response = HttpResponse(as_csv(entries), content_type=CSV_TYPE)
    else:
        response = HttpResponse(as_json(entries), content_type="application/json")
    response["Content-Disposition"] = f'attachment; filename="audit-log.{chosen}"'
    return response


@require_POST
@secretariat_only
def prove_audit_log(request: HttpRequest) -> HttpResponse:
    """Walk the whole log now, and say whether it is as it was written."""
    last = AuditEntry.objects.page().first()  # what comes meanwhile is not counted
    fault = verify_audit_log()
    if fault is None:
        checked = last.number if last else 0
        words = ngettext(
            "%(count)s entry was checked: it is as it was written.",
            "%(count)s entries were checked: all are as they were written, and none is missing.",
            checked,
        )
        messages.success(request, words % {"count": number(checked)})
    else:
        words = _("The log does not hold at entry no. %(number)s: %(reason)s.")
        said = {"number": number(fault.number), "reason": _(fault.reason)}
        messages.error(request, words % said)
    return redirect("members:audit_log")
