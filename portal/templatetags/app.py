"""Tags of what makes the portal an app."""

from django import template

from portal.theme import paper

register = template.Library()


@register.simple_tag
def paper_colours() -> dict[str, str]:
    light, dark = paper()
    return {"light": light, "dark": dark}
