"""How meetings, votes and their place in a dossier are shown."""

from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language_bidi

from assembly.enums import Choice
from assembly.forms import PlacementForm
from assembly.models import AgendaItem, Meeting
from assembly.owed_terms import in_words, owed_terms
from assembly.permissions import can_handle, can_see_meetings
from assembly.rules import Result
from assembly.standing_words import amount_words
from members.enums import ApplicationState
from members.models import Application, Dues
from records.reading import number

register = template.Library()

PLACEABLE = frozenset(
    {ApplicationState.RECOMMENDED, ApplicationState.NOT_RECOMMENDED, ApplicationState.DEFERRED}
)


@register.filter
def days(meeting: Meeting) -> SafeString:
    """When a meeting is: "20–22 January 2020"."""
    return meeting.days


@register.filter
def held_items(meeting: Meeting) -> int:
    """How many decisions of the meeting wait for the president; of a meeting read for its page."""
    return sum(item.is_held for item in meeting.agenda_items.all())


@register.filter
def owed_results(meeting: Meeting) -> list[tuple[AgendaItem, list[str]]]:
    """Decisions that cannot be told yet, and what must be said with each first."""
    owed = owed_terms(meeting.agenda_items.all())
    return [(item, in_words(missing)) for item, missing in owed]


@register.filter
def owed_words(item: AgendaItem) -> list[list[str]]:
    """The same of one; empty where nothing is missing."""
    return [in_words(missing) for _item, missing in owed_terms([item])]


@register.filter
def anything_decided(meeting: Meeting) -> bool:
    return any(item.is_decided for item in meeting.agenda_items.all())


@register.filter
def tally(result: Result) -> SafeString:
    """In favour–against–abstentions, read in this order in every language: 12–1–1.

    Numbers and dashes alone have no direction of their own: it is said, or Arabic readers, who
    begin at the other end, would take the abstentions for the votes in favour.
    """
    return format_html(
        '<bdi dir="{}" class="tally">{}–{}–{}</bdi>',
        "rtl" if get_language_bidi() else "ltr",
        number(result.in_favour),
        number(result.against),
        number(result.abstentions),
    )


@register.filter
def seats(result: Result) -> list[str]:
    """One mark for each member on the roll, those of the same answer side by side."""
    return [
        *[Choice.IN_FAVOUR.value] * result.in_favour,
        *[Choice.AGAINST.value] * result.against,
        *[Choice.ABSTENTION.value] * result.abstentions,
        *[Choice.ABSENT.value] * result.absent,
    ]


@register.inclusion_tag("assembly/_placement.html", takes_context=True)
def place_application(context: dict[str, Any], application: Application) -> dict[str, Any]:
    """In a dossier: where the application stands or stood, and the form that places it.

    The form is for the secretariat and for applications that may be placed.
    """
    user = context["request"].user
    may_place = application.state in PLACEABLE and can_handle(user, application)
    form = PlacementForm() if may_place else None
    return {
        "request": context["request"],
        "csrf_token": context.get("csrf_token"),
        "application": application,
        "items": AgendaItem.objects.of_application(application.pk),
        "may_see": can_see_meetings(user),
        "form": form,
        "assemblies": len(form.fields["meeting"].queryset) if form else 0,  # type: ignore[attr-defined]
    }


@register.filter
def amount(dues: Dues) -> SafeString:
    """What is owed, isolated; "" where no amount is kept."""
    words = amount_words(dues)
    return format_html("<bdi>{}</bdi>", words) if words else SafeString("")
