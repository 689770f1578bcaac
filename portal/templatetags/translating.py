"""Django's `i18n` tags, with numbers inside `blocktranslate` in the reader's digits.

It takes the place of the library `i18n` (`TEMPLATES` in the settings). A number in a translated
sentence is always for people; where a template writes a number of its own, it says `|number`.
"""

from typing import Any

from django import template
from django.template.base import Parser, Token, TokenType
from django.template.context import Context
from django.templatetags import i18n

from records import reading

register = template.Library()
register.tags = {**i18n.register.tags}
register.filters = {**i18n.register.filters}


class Numeral(int):
    """A number that is written in the reader's digits, and counts as itself."""

    def __str__(self) -> str:
        return reading.number(int(self))


class _AsNumeral:
    """A template expression whose value is a `Numeral` where it is a whole number."""

    def __init__(self, expression: Any) -> None:
        self.expression = expression

    def resolve(self, context: Context) -> Any:
        return _numeral(self.expression.resolve(context))


def _numeral(value: Any) -> Any:
    return Numeral(value) if isinstance(value, int) and not isinstance(value, bool) else value


class NumberedNode(i18n.BlockTranslateNode):
    def render(self, context: Context, nested: bool = False) -> str:
        """With the numbers that the text takes from the page itself written so too."""
        tokens = [*self.singular, *(self.plural or ())]
        own = {
            token.contents: _numeral(context[token.contents])
            for token in tokens
            if token.token_type == TokenType.VAR
            and token.contents not in self.extra_context
            and token.contents != self.countervar
            and token.contents in context
        }
        with context.push(**own):
            text = str(super().render(context, nested))
            kept = context.get(self.asvar) if self.asvar else None
        if self.asvar:
            context[self.asvar] = kept
        return text


def do_block_translate(parser: Parser, token: Token) -> NumberedNode:
    node: Any = i18n.do_block_translate(parser, token)
    node.__class__ = NumberedNode
    node.extra_context = {k: _AsNumeral(value) for k, value in node.extra_context.items()}
    if node.counter is not None:
        node.counter = _AsNumeral(node.counter)
    numbered: NumberedNode = node
    return numbered


register.tag("blocktranslate", do_block_translate)
register.tag("blocktrans", do_block_translate)
