"""What a group's page shows of its files and calendar, and how a date is said."""

from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context

from members.group_times import days_said, said_elsewhere, said_in
from members.languages import language_word
from members.models import Group, GroupDate, GroupFile
from members.models.group_dates import Occasion
from members.permissions.group_space import can_read_space

SHOWN = 3

register = template.Library()


@register.inclusion_tag("members/_group_space.html", takes_context=True)
def group_space(context: Context, group: Group) -> dict[str, Any]:
    """The last files and the next dates, for who may read them. Of others' nothing is said."""
    if not can_read_space(context["user"], group):
        return {}
    return {
        "group": group,
        "files": GroupFile.objects.of_group(group).kept().for_list()[:SHOWN],
        "dates": GroupDate.objects.of_group(group).upcoming()[:SHOWN],
    }


@register.filter
def when_said(date: Occasion) -> str:
    """By the reader's clocks."""
    return said_in(date) if date.has_hours else days_said(date)


@register.filter
def when_elsewhere(date: Occasion) -> list[str]:
    return said_elsewhere(date)


@register.filter
def document_language(code: str) -> str:
    """ "" where it is in several."""
    return language_word(code) if code in dict(settings.LANGUAGES) else ""
