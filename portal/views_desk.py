"""What the secretariat does from its desk: letters that failed, figures as a table."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from members.http import person, secretariat_only
from members.permissions import secretariat_mandate
from portal.actions.letters import NotFailedError, send_letter_again
from portal.figures import figures as by_month
from portal.letters import access_letter, described, failed_jobs
from records.sheets import CSV_TYPE, Cell, csv_file

PAGE = 25


@require_GET
@secretariat_only
def failed_letters(request: HttpRequest) -> HttpResponse:
    page = Paginator(failed_jobs(), PAGE).get_page(request.GET.get("page"))
    letters = [described(job) for job in page.object_list]
    return render(request, "portal/desk/failed_letters.html", {"page": page, "letters": letters})


@require_POST
@secretariat_only
def send_again(request: HttpRequest, pk: int) -> HttpResponse:
    user = person(request)
    try:
        send_letter_again(job_id=access_letter(pk), actor=user, mandate=secretariat_mandate(user))
    except NotFailedError:
        messages.error(request, _("This letter does not wait to be sent again any more."))
    else:
        messages.success(request, _("The letter is on its way again."))
    return redirect("portal:failed_letters")


@require_GET
@secretariat_only
def figures(request: HttpRequest) -> HttpResponse:
    """The figures of the charts, as a table for any spreadsheet."""
    head = [
        _("Month"),
        _("Messages posted"),
        _("Delegates who wrote"),
        _("Applications submitted"),
        _("Applications decided"),
    ]
    rows: list[list[Cell]] = [
        [f"{m.first:%Y-%m}", m.messages, m.delegates, m.submitted, m.decided] for m in by_month()
    ]
    response = HttpResponse(csv_file(head, rows), content_type=CSV_TYPE)
    response["Content-Disposition"] = 'attachment; filename="figures.csv"'
    return response
