"""The rooms of a group, for the group's page, which is of the app below."""

from typing import Any

from django import template
from django.template.context import Context

from members.models import Group
from messaging.models import Room

register = template.Library()


@register.inclusion_tag("messaging/_group_rooms.html", takes_context=True)
def group_rooms(context: Context, group: Group) -> dict[str, Any]:
    """Those that the reader may open; one query. Of others nothing is said."""
    rooms = Room.objects.readable_by(context["user"]).of_group(group).order_by("pk")
    return {"rooms": list(rooms), "group": group}


@register.inclusion_tag("messaging/_group_rooms_files.html", takes_context=True)
def group_rooms_files(context: Context, group: Group) -> dict[str, Any]:
    """Where the files are that were sent in the group's rooms; one query."""
    return group_rooms(context, group)
