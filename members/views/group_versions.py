"""What was said of a group before, for those who read it."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from members.group_changes import changed_labels, group_changes
from members.models import GroupVersion
from members.permissions.groups import access_group, access_group_version, can_make_groups


@require_GET
@login_required
def group_versions(request: HttpRequest, pk: int) -> HttpResponse:
    """Who changed what, and when; of what changed in drafts alone, who writes them knows."""
    group = access_group(request.user, pk)
    drafts = can_make_groups(request.user)
    versions = list(GroupVersion.objects.of_group(group))
    befores = [*versions[1:], None] if versions else []
    lines = [
        (version, changed_labels(before.said, version.said, drafts=drafts) if before else [])
        for version, before in zip(versions, befores, strict=True)
    ]
    shown = [(v, changed) for v, changed in lines if changed or drafts or v.number == 0]
    return render(request, "members/group_versions.html", {"group": group, "lines": shown})


@require_GET
@login_required
def group_version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """What one version changed, and the mandate as it then read."""
    group, version = access_group_version(request.user, pk, number)
    before = GroupVersion.objects.find(group, number - 1)
    drafts = can_make_groups(request.user)
    context = {
        "group": group,
        "version": version,
        "before": before,
        "changes": group_changes(before.said, version.said, drafts=drafts) if before else [],
    }
    return render(request, "members/group_version.html", context)
