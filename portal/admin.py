"""Django's admin for the technical staff: to look, never to write.

Everything here has actions, which check rights and leave audit entries; so nothing can be written
here. What people confide to the portal (messages, applications, reviews, votes, files) and whatever
opens something (passwords, keys, tokens) is not here at all. Only what is registered below can be
seen, and of it only what is named.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from procrastinate.contrib.django.models import ProcrastinateJob

from members.http import reads_tables
from members.models import Handover, IdentityProvider, Institution, Mandate, Membership, User
from members.models.presidencies import Presidency
from records.models import AuditEntry, StoredFile


class Tables(AdminSite):
    """Not there for anybody but technical staff who signed in with a second factor."""

    site_header = site_title = _("Majlis: tables")
    index_title = _("Tables")
    index_template = "admin/tables.html"
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return reads_tables(request)

    def admin_view(self, view: Callable[..., Any], cacheable: bool = False) -> Any:
        @never_cache
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if not self.has_permission(request):
                raise Http404
            if request.method != "GET":
                return HttpResponseNotAllowed(["GET"])
            response: HttpResponse = view(request, *args, **kwargs)
            return response

        return guarded

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """No page to sign in (that is allauth's, with its limits), to add, delete or change."""
        found: list[URLPattern | URLResolver] = [
            path("", self.admin_view(self.index), name="index"),
            path("jsi18n/", self.admin_view(self.i18n_javascript), name="jsi18n"),
            path("<slug:app_label>/", self.admin_view(self.app_index), name="app_list"),
        ]
        for shown in self._registry.values():
            found += shown.urls
        return found


class Table(ModelAdmin):  # type: ignore[type-arg]  # of any model
    """Read, by whoever is let in at all."""

    actions = None
    change_form_template = "admin/row.html"
    show_full_result_count = False
    list_per_page = 50
    shown: Sequence[str] = ()

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        where = f"{self.opts.app_label}/{self.opts.model_name}/"
        view = self.admin_site.admin_view
        return [
            path(where, view(self.changelist_view), name=f"{name}_changelist"),
            path(f"{where}<path:object_id>/", view(self.change_view), name=f"{name}_change"),
        ]

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return self.shown

    get_list_display = get_readonly_fields = get_fields

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.admin_site.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.admin_site.has_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class People(Table):
    shown = ("id", "email", "name_latin", "name_arabic", "is_active", "is_staff", "created_at",
             "last_login")  # fmt: skip
    search_fields = ("email", "name_latin", "name_arabic")


class Institutions(Table):
    shown = ("id", "names", "acronym", "country", "kind", "created_at")
    search_fields = ("names", "acronym")


class Memberships(Table):
    shown = ("id", "institution", "membership_class", "state", "since", "until")
    list_select_related = ("institution",)


class Mandates(Table):
    shown = ("id", "user", "institution", "capacity", "starts_at", "ends_at", "suspended_at")
    list_select_related = ("user", "institution")


class Presidencies(Table):
    shown = ("id", "institution", "starts_at", "ends_at", "interim")
    list_select_related = ("institution",)


class Handovers(Table):
    shown = ("id", "takes_effect_at", "version")


class IdentityProviders(Table):
    shown = ("id", "institution", "issuer", "client_id", "is_on", "version", "changed_at")
    list_select_related = ("institution",)


class AuditEntries(Table):
    """Who did what to which thing: before and after are for the secretariat's own page."""

    shown = ("number", "at", "actor_id", "mandate_id", "act", "object_type", "object_id")
    ordering = ("-number",)


class Files(Table):
    shown = ("id", "sha256", "size", "content_type")


class Jobs(Table):
    shown = ("id", "task_name", "status", "queue_name", "attempts", "scheduled_at")
    list_filter = ("status",)
    ordering = ("-id",)


site = Tables(name="admin")
for model, table in (
    (User, People),
    (Institution, Institutions),
    (Membership, Memberships),
    (Mandate, Mandates),
    (Presidency, Presidencies),
    (Handover, Handovers),
    (IdentityProvider, IdentityProviders),
    (AuditEntry, AuditEntries),
    (StoredFile, Files),
    (ProcrastinateJob, Jobs),
):
    site.register(model, table)
