"""How messages are shown."""

from django import template
from django.utils.safestring import SafeString

from records.languages import in_language
from records.message_markdown import plain_message, render_message

register = template.Library()


@register.filter
def written(text: str) -> SafeString:
    """A message's text as HTML."""
    return render_message(text)


@register.filter
def plainly(text: str) -> str:
    """A message's text without marks, on one line."""
    return plain_message(text)


@register.filter
def in_words(texts: dict[str, str]) -> str:
    """A text of several languages in the reader's, for plain text."""
    return in_language(texts).text
