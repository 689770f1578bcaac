"""Components: templates with parameters (`templates/components/`), shown at /styleguide/."""

import re
import zlib
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms import BoundField
from django.template.base import FilterExpression, NodeList, Parser, Token
from django.template.base import token_kwargs as read_kwargs
from django.template.context import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# What a component may know of the page beside its parameters.
_AMBIENT = ("request", "user", "csrf_token")
_PARTS = "component_parts"


class ComponentNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(
        self, name: FilterExpression, params: dict[str, FilterExpression], nodelist: NodeList
    ) -> None:
        self.name, self.params, self.nodelist = name, params, nodelist

    def render(self, context: Context) -> SafeString:
        parts: dict[str, SafeString] = {}
        with context.push(**{_PARTS: parts}):
            content = self.nodelist.render(context)
        inside = {key: context[key] for key in _AMBIENT if key in context}
        inside |= {key: value.resolve(context) for key, value in self.params.items()}
        inside |= parts
        inside["content"] = mark_safe(content.strip())  # noqa: S308  rendered by Django
        found: Any = get_template(f"components/{self.name.resolve(context)}.html")
        html: SafeString = found.template.render(context.new(inside))
        return html


class PartNode(template.Node):
    child_nodelists = ("nodelist",)

    def __init__(self, name: FilterExpression, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist

    def render(self, context: Context) -> str:
        html = self.nodelist.render(context).strip()
        context[_PARTS][self.name.resolve(context)] = mark_safe(html)  # noqa: S308  as above
        return ""


@register.tag
def component(parser: Parser, token: Token) -> ComponentNode:
    """`{% component "card" title=… %}…{% part "actions" %}…{% endpart %}{% endcomponent %}`.

    Renders `components/card.html` with the parameters, `content` and the parts, and nothing else
    of the page: what a page happens to call `title` or `url` never slips into a component.
    """
    _tag, name, *bits = token.split_contents()
    params = read_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{{% component %}}: not a parameter: {bits[0]}")
    nodelist = parser.parse(("endcomponent",))
    parser.delete_first_token()
    return ComponentNode(parser.compile_filter(name), params, nodelist)


@register.tag
def part(parser: Parser, token: Token) -> PartNode:
    """A named piece of the component around it."""
    _tag, name = token.split_contents()
    nodelist = parser.parse(("endpart",))
    parser.delete_first_token()
    return PartNode(parser.compile_filter(name), nodelist)


@register.inclusion_tag("components/breadcrumb.html")
def breadcrumb(*trail: Any) -> dict[str, Any]:
    """`{% breadcrumb list_url _("Rooms") room.title %}`: pairs of address and name, then the page
    itself (left out where its parent is all there is to say).
    """
    pairs = [(trail[i], trail[i + 1]) for i in range(0, len(trail) - 1, 2)]
    return {"links": pairs, "current": trail[-1] if len(trail) % 2 else ""}


# One look for one meaning, whatever the thing is. What is not here is neutral.
TONES = {
    "missing": "missing",
    **dict.fromkeys(("final", "active", "admitted", "adopted", "published", "accepted"), "success"),
    **dict.fromkeys(
        (
            "suspended",
            "information_requested",
            "not_recommended",
            "deferred",
            "no_quorum",
            "expired",
        ),
        "warning",
    ),
    **dict.fromkeys(("declined", "lapsed", "not_adopted", "failed", "refused"), "danger"),
    **dict.fromkeys(
        (
            "candidate",
            "submitted",
            "under_review",
            "recommended",
            "on_agenda",
            "charter_signed",
            "roll_call",
            "scheduled",
        ),
        "info",
    ),
}


@register.filter
def tone(state: str) -> str:
    """The tone of a badge that says this state."""
    return TONES.get(str(getattr(state, "value", state)), "neutral")


@register.filter
def is_file(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.FileInput)


@register.simple_tag
def max_file_size() -> str:
    """In bytes, for a script: in the digits that scripts read."""
    return str(settings.MAX_FILE_SIZE)


@register.filter
def initials(name: str) -> str:
    """Two letters to know a person by: first and last word, without the Arabic article.

    Arabic letters would join into a word that means something: a zero-width non-joiner parts them.
    """
    words = [
        re.sub(r"^(?:ال|al-|el-)(?=\w{2})", "", word, flags=re.IGNORECASE)
        for word in re.findall(r"[^\W\d_][\w'’-]*", str(name))
    ]
    if not words:
        return "?"
    letters = [words[0][0], words[-1][0]] if len(words) > 1 else [words[0][0]]
    return (
        "\u200c".join(letters).upper()
        if re.match(r"[\u0600-\u06ff]", letters[0])
        else ("".join(letters).upper())
    )


@register.filter
def avatar_tone(name: str) -> str:
    """One of six tones, the same for the same name on every page and machine."""
    return str(zlib.crc32(str(name).encode()) % 6 + 1)
