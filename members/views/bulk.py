"""One act for several rows of a list: a look at what becomes of each, then one press."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from members.actions.bulk import do_to_several
from members.bulk import BulkRow, fates_of
from members.enums_lists import BulkAct, BulkFate, Listing
from members.forms.bulk import ChosenForm, EndSeveralForm
from members.forms.lists import PeopleListForm, QueueListForm
from members.forms.saved_filters import tidied
from members.http import acting, person, prove_again, secretariat_only
from members.models import Application, Mandate
from members.views.people_list import people_page
from members.views.review import list_page
from members.views.saved_filters import address_of
from records.reading import number


@require_POST
@secretariat_only
def act_on_people(request: HttpRequest) -> HttpResponse:
    chosen = ChosenForm(request.POST, acts=[BulkAct.REMIND, BulkAct.END])
    if not chosen.is_valid():
        back = PeopleListForm(QueryDict(request.POST.get("back", "")))
        return people_page(request, back, refusal=chosen.refusal, status=422)
    things = Mandate.objects.chosen([*chosen.rows]).for_register().with_facts()
    return _act(request, chosen, things, Listing.PEOPLE)


@require_POST
@secretariat_only
def act_on_applications(request: HttpRequest) -> HttpResponse:
    chosen = ChosenForm(request.POST, acts=[BulkAct.REVIEW])
    if not chosen.is_valid():
        back = QueueListForm(QueryDict(request.POST.get("back", "")))
        return list_page(request, back, refusal=chosen.refusal, status=422)
    things = list(Application.objects.in_queue().chosen([*chosen.rows]))
    return _act(request, chosen, things, Listing.APPLICATIONS)


def _act(
    request: HttpRequest,
    chosen: ChosenForm,
    things: list[Mandate] | list[Application],
    listing: Listing,
) -> HttpResponse:
    act = BulkAct(chosen.cleaned_data["act"])
    asked = chosen.cleaned_data["step"] != ""  # else the rows come straight from the list
    form = EndSeveralForm(request.POST if asked else None) if act == BulkAct.END else None
    is_sound = form is None or form.is_valid()
    at = form.at if form else None
    context = {"act": act, "listing": listing, "chosen": chosen, "form": form}
    context["back"] = address_of(listing, tidied(listing, chosen.cleaned_data["back"]))
    if chosen.does and is_sound and (form is None or form.was_looked_at):
        if act == BulkAct.END:
            prove_again(request)
        rows = do_to_several(
            act=act,
            things=things,
            seen=chosen.rows,
            at=at,
            reason=form.cleaned_data["reason"] if form else "",
            **acting(request),
        )
        _tell(request, rows)
        return _show(request, {**context, "is_done": True}, rows)
    rows = fates_of(act, things, actor=person(request), at=at)
    context["looks_again"] = chosen.does and is_sound
    return _show(request, context, rows, status=422 if chosen.does and not is_sound else 200)


def _tell(request: HttpRequest, rows: list[BulkRow]) -> None:
    done = sum(row.fate == BulkFate.DONE for row in rows)
    told = ngettext("Done for %(count)s row.", "Done for %(count)s rows.", done)
    level = messages.SUCCESS if done else messages.WARNING
    messages.add_message(request, level, told % {"count": number(done)})


def _show(
    request: HttpRequest, context: dict[str, object], rows: list[BulkRow], *, status: int = 200
) -> HttpResponse:
    counts = {fate: sum(row.fate == fate for row in rows) for fate in BulkFate}
    context |= {
        "rows": rows,
        "counts": [(fate, count) for fate, count in counts.items() if count],
        "ready": counts[BulkFate.READY],
    }
    return render(request, "members/bulk.html", context, status=status)
