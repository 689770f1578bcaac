"""The network's list of fields of work, as the secretariat keeps it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from members.actions import fields as actions
from members.forms.fields import FieldForm
from members.http import acting, secretariat_only
from members.models import Field
from members.permissions import access_field


@require_GET
@secretariat_only
def field_list(request: HttpRequest) -> HttpResponse:
    fields = list(Field.objects.with_uses().in_order())
    return render(request, "members/field_list.html", {"fields": fields})


@require_http_methods(["GET", "POST"])
@secretariat_only
def new_field(request: HttpRequest) -> HttpResponse:
    form = FieldForm(
        request.POST if request.method == "POST" else None, others=Field.objects.in_order()
    )
    if not form.is_valid():
        return _page(request, form, None)
    actions.add_field(names=form.texts("name"), **acting(request))
    messages.success(request, _("The field is on the list."))
    return redirect("members:fields")


@require_http_methods(["GET", "POST"])
@secretariat_only
def field(request: HttpRequest, pk: int) -> HttpResponse:
    found = access_field(request.user, pk)
    form = FieldForm(
        request.POST if request.method == "POST" else None,
        others=[other for other in Field.objects.in_order() if other.pk != pk],
        initial=FieldForm.initial_of(found),
    )
    if not form.is_valid():
        return _page(request, form, found)
    actions.rename_field(
        field=found,
        names=form.texts("name"),
        **acting(request),
    )
    messages.success(request, _("The field is called so from now on."))
    return redirect("members:fields")


def _page(request: HttpRequest, form: FieldForm, found: Field | None) -> HttpResponse:
    status = 422 if form.is_bound else 200
    return render(request, "members/field.html", {"form": form, "field": found}, status=status)


@require_POST
@secretariat_only
def retire_field(request: HttpRequest, pk: int) -> HttpResponse:
    """`retired`: "yes", or anything else to offer it again."""
    retired = request.POST.get("retired") == "yes"
    actions.retire_field(
        field=access_field(request.user, pk),
        retired=retired,
        **acting(request),
    )
    if retired:
        messages.success(request, _("The field is offered no more. Who has it keeps it."))
    else:
        messages.success(request, _("The field is offered again."))
    return redirect("members:fields")


@require_POST
@secretariat_only
def move_field(request: HttpRequest, pk: int) -> HttpResponse:
    """`to`: "up", or anything else for down."""
    actions.move_field(
        field=access_field(request.user, pk),
        up=request.POST.get("to") == "up",
        **acting(request),
    )
    return redirect("members:fields")
