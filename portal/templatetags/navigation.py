"""`{% nav_items as items %}`: the links of the frame (see `portal.navigation`)."""

from typing import Any

from django import template

from portal import navigation

register = template.Library()


@register.simple_tag(takes_context=True)
def nav_items(context: dict[str, Any], main: int = 0) -> list[navigation.NavItem]:
    """Each with key, url, label, icon, section, is_main, is_counted, unread, mentions.

    With `main`, at most so many of the main places alone. None where there is no request (a page
    that says that the server failed).
    """
    request = context.get("request")
    items = navigation.nav_items(request) if request is not None else []
    return [item for item in items if item.is_main][:main] if main else items
