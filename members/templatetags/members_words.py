"""Names of countries and of languages, in words; built into every template."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django_countries.fields import Country

from members import permissions
from members.application_parts import Part, answered, field_label, part_of, review_parts
from members.application_parts import official_name_label as label_of
from members.countries import country_name
from members.duplicates import Duplicate, duplicates_of
from members.languages import language_word as word_of
from members.languages import language_words as words_of
from members.models import Application, RequestedItem
from records.languages import in_language, spoken

register = template.Library()


@register.filter
def country(country_or_code: Country | str | None) -> SafeString:
    """A country's name in the reader's language, isolated; with `lang` where it is another's.

    "" for no country.
    """
    shown = country_name(country_or_code)
    return spoken(shown) if shown.text else SafeString("")


@register.filter
def official_name_label(code: str) -> str:
    """ "Official name in Arabic", of a language code."""
    return str(label_of(code))


@register.simple_tag(takes_context=True)
def owes_second_factor(context: dict[str, Any]) -> bool:
    """Whether the reader must add a second factor before the portal opens to them."""
    return permissions.owes_second_factor(context["user"])


@register.filter
def called(application: Application, name: str) -> SafeString:
    """What its form calls a field that every application has."""
    return format_html("<bdi>{}</bdi>", field_label(application, name))


@register.filter
def more_answers(application: Application) -> list[tuple[str, str]]:
    """What the questions of its form are called, and what was answered."""
    return [
        (
            in_language(question.labels).text,
            answered(question, application.more_answers.get(question.key, "")),
        )
        for question in application.definition.questions
    ]


@register.filter
def duplicates(application: Application) -> list[Duplicate]:
    """Institutions and applications that may be the same. For the secretariat alone."""
    return duplicates_of(application)


@register.filter
def owed_by_review(application: Application) -> list[Part]:
    """What its form needs by the end of the review, and is not there."""
    return review_parts(application)


@register.filter
def part_label(item: RequestedItem, application: Application) -> str:
    """What the part of the application is called that an item asks about."""
    return part_of(application, item.about).label


@register.filter
def isolated(text: str) -> SafeString:
    """A name or another short text that people wrote, inside a sentence of ours."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def language_word(code: str) -> str:
    return word_of(code)


@register.filter
def language_words(codes: list[str]) -> str:
    """ "Arabic, English", of language codes."""
    return words_of(codes)


@register.filter
def dialled(telephone: str) -> str:
    """A telephone number as a link dials it: the plus and the digits."""
    return "".join(c for c in telephone if c == "+" or c.isdigit())
