"""Tags of every page."""

import re
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language_bidi

from members.browsers import browser_name
from members.network import contact_of_network, languages_for, name_of_network
from records.languages import Shown, spoken
from records.text import ONE_WAY

register = template.Library()
register.filter(spoken)


@register.filter
def paragraphs(text: str) -> SafeString:
    """Person-written text: each block, and each line in it, takes its own direction."""
    blocks = re.split(r"\n[ \t]*\n", text.strip())
    html = "".join(f'<p dir="auto">{_isolated(block)}</p>' for block in blocks)
    return mark_safe(html)  # noqa: S308  every piece was escaped


def _isolated(block: str) -> str:
    html, end = "", 0
    for found in ONE_WAY.finditer(block):
        html += f'{escape(block[end : found.start()])}<bdi dir="ltr">{escape(found[0])}</bdi>'
        end = found.end()
    return (html + escape(block[end:])).replace("\n", "<br>")


@register.filter(expects_localtime=True)
def iso(moment: date) -> str:
    """A moment or a day for `<time datetime>`: HTML knows no more than milliseconds."""
    if isinstance(moment, datetime):
        return moment.isoformat(timespec="seconds")
    return moment.isoformat()


@register.simple_tag
def text_direction() -> str:
    return "rtl" if get_language_bidi() else "ltr"


@register.simple_tag
def network_name() -> SafeString:
    """The network's name in the reader's language."""
    return spoken(name_of_network())


@register.simple_tag
def network_contact() -> Shown:
    """How the network is reached, where the secretariat says so."""
    return contact_of_network()


@register.simple_tag
def languages(own: str = "") -> list[tuple[str, str]]:
    """Code and own name of each language that is offered to whoever has chosen `own`. Django's tag
    would translate the names.
    """
    return languages_for(own)


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], url: str) -> SafeString:
    """`aria-current` for a link of the frame: "page" on the page itself, "true" on those under it.

    Every page lies under the home page, which is therefore marked on itself alone.
    """
    path = context["request"].path if "request" in context else ""
    if path == url:
        return mark_safe(' aria-current="page"')
    if url.strip("/").count("/") and path.startswith(url):
        return mark_safe(' aria-current="true"')
    return SafeString("")


@register.filter
def is_checkbox(field: BoundField) -> bool:
    """Is it one box to tick, whose label stands behind it?"""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def control(field: BoundField) -> SafeString:
    """A field's widget. What people type takes its own direction; addresses and secrets are
    left-to-right in every language.
    """
    widget = field.field.widget
    if type(widget) is forms.Select:
        widget.template_name = "includes/select.html"
    attrs: dict[str, str] = {}
    if isinstance(widget, (forms.EmailInput, forms.URLInput, forms.PasswordInput)) or (
        getattr(widget, "input_type", "") == "tel"
    ):
        attrs["dir"] = "ltr"
    elif isinstance(widget, (forms.TextInput, forms.Textarea)):
        attrs["dir"] = "auto"
    if widget.attrs.get("placeholder", "").casefold().count(str(field.label).casefold()):
        widget.attrs.pop("placeholder")  # it would say the label again
    return field.as_widget(attrs={k: v for k, v in attrs.items() if k not in widget.attrs})


@register.filter
def focus_id(field: BoundField) -> str:
    """The id of the control that an error's link leads to (of a group, the first)."""
    if field.use_fieldset and (subwidgets := list(field.subwidgets)):
        return subwidgets[0].id_for_label or ""
    return field.id_for_label or field.auto_id


@register.filter
def browser(user_agent: str) -> str:
    """What a person calls their browser and system; the header itself where it names none."""
    return browser_name(user_agent)
