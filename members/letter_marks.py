"""Marks in the text of a letter, as `{institution}`: found, checked, and filled in.

A mark is a name in curly brackets and nothing else. `str.format` would read attributes of what it
is given, and a template language would run; here a name is looked up among texts, once: what is
filled in is never looked at again.
"""

import re
from collections.abc import Collection, Iterator, Mapping

from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.letters import as_paragraph

LINK, WORDS = "link", "words"
MARK = re.compile(r"\{([a-z_][a-z0-9_]*)\}")
_STRAY = re.compile(r"\S*[{}]\S*")


def blocks_of(body: str) -> list[str]:
    """The paragraphs: what empty lines divide."""
    return [block.strip() for block in re.split(r"\n\s*\n", body) if block.strip()]


def filled(text: str, values: Mapping[str, str]) -> str:
    return MARK.sub(lambda found: values.get(found[1], found[0]), text)


def filled_html(text: str, values: Mapping[str, str], link: SafeString) -> SafeString:
    """One paragraph: everything escaped, values isolated, addresses and the mark of the link as
    links.
    """

    def pieces() -> Iterator[tuple[SafeString]]:
        end = 0
        for found in MARK.finditer(text):
            yield (as_paragraph(text[end : found.start()]),)
            if found[1] == LINK:
                yield (link,)
            elif found[1] in values:
                yield (format_html("<bdi>{}</bdi>", values[found[1]]),)
            else:
                yield (as_paragraph(found[0]),)
            end = found.end()
        yield (as_paragraph(text[end:]),)

    return format_html_join("", "{}", pieces())


def check(text: str, known: Collection[str], required: Collection[str] = ()) -> None:
    """Raises ValidationError, with one message for each fault: what is no mark ("malformed"), a
    mark that the letter does not know ("unknown"), one that it cannot do without ("left_out"), or
    that must be a paragraph ("not_alone").
    """
    errors: list[ValidationError] = []
    malformed = dict.fromkeys(_STRAY.findall(MARK.sub("", text)))
    for word in malformed:
        errors.append(
            ValidationError(
                _(
                    "“%(word)s” is no placeholder: curly brackets stand around the name of one, "
                    "as in %(example)s, and for nothing else."
                ),
                code="malformed",
                params={"word": word, "example": _shown(LINK)},
            )
        )
    found = set(MARK.findall(text))
    for name in sorted(found - set(known)):
        errors.append(
            ValidationError(
                _("This text does not know %(mark)s. It knows: %(known)s."),
                code="unknown",
                params={
                    "mark": _shown(name),
                    "known": pgettext("between things", ", ").join(_shown(each) for each in known),
                },
            )
        )
    for name in required:
        if name not in found:
            errors.append(
                ValidationError(
                    _("%(mark)s cannot be left out."),
                    code="left_out",
                    params={"mark": _shown(name)},
                )
            )
    alone = f"{{{WORDS}}}"
    if WORDS in known and any(alone in block and block != alone for block in blocks_of(text)):
        errors.append(
            ValidationError(
                _("%(mark)s stands in a paragraph of its own, between empty lines."),
                code="not_alone",
                params={"mark": _shown(WORDS)},
            )
        )
    if errors:
        raise ValidationError(errors)


def _shown(name: str) -> str:
    """Left to right in every language."""
    return f"\u2066{{{name}}}\u2069"
