"""The audit log, as the secretariat reads it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.audit import described
from members.forms.people import AuditFilterForm
from members.http import secretariat_only
from records.models import AuditEntry

PAGE = 50


@require_GET
@secretariat_only
def audit_log(request: HttpRequest) -> HttpResponse:
    """Newest first; `before` (a number) goes on from where a page ended."""
    form = AuditFilterForm(
        request.GET,
        object_types=AuditEntry.objects.object_types(),
        acts=AuditEntry.objects.acts(),
    )
    found = list(AuditEntry.objects.page(**form.sought())[: PAGE + 1])
    entries = found[:PAGE]
    return render(
        request,
        "members/audit_log.html",
        {
            "form": form,
            "entries": described(entries),
            "older_than": entries[-1].number if len(found) > PAGE else None,
            "is_filtered": any(form.sought().values()),
        },
        status=200 if form.is_valid() else 422,
    )
