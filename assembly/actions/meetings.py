"""Meetings and their agendas. Where `actor` may be None, it is the installation itself (demo)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from assembly.enums import MeetingKind
from assembly.models import AgendaItem, Meeting, MeetingDelegation, RuleSet
from assembly.names import admission_title
from assembly.permissions import can_handle, can_run_meetings
from members.actions.applications import lock_application, place_application_on_agenda
from members.enums import ApplicationState
from members.models import Application, Institution, Mandate, User
from records.actions import append_audit_entry
from records.languages import all_final, in_language

_RECOMMENDED: dict[str, bool] = {
    ApplicationState.RECOMMENDED: True,
    ApplicationState.NOT_RECOMMENDED: False,
}


@transaction.atomic
def create_rule_set(
    *,
    version: str,
    names: dict[str, str],
    quorum_rule: str,
    majority_rule: str,
    quorum: tuple[int, int] = (1, 2),
    majority: tuple[int, int] = (2, 3),
    source: str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> RuleSet:
    """A new version of the rules; the shares are (numerator, denominator), see RuleSet.

    There is no changing of one: a vote must be explained by the rules it was taken under.
    Raises IntegrityError for a version that exists or shares that cannot be.
    """
    _require_secretariat(actor)
    rules = RuleSet.objects.create(
        version=version,
        names=names,
        source=source,
        quorum_rule=quorum_rule,
        quorum_numerator=quorum[0],
        quorum_denominator=quorum[1],
        majority_rule=majority_rule,
        majority_numerator=majority[0],
        majority_denominator=majority[1],
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="rule_set.created",
        thing=rules,
        after={"version": version, "quorum": list(quorum), "majority": list(majority)},
    )
    return rules


@transaction.atomic
def create_meeting(
    *,
    kind: str,
    cities: dict[str, str],
    country: str,
    starts_on: date,
    ends_on: date | None = None,
    number: int | None = None,
    rules: RuleSet | None = None,
    note: str = "",
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Meeting:
    """A meeting with an empty agenda. Raises ValidationError("number_taken")."""
    _require_secretariat(actor)
    try:
        with transaction.atomic():
            meeting = Meeting.objects.create(
                kind=MeetingKind(kind),
                number=number,
                cities=cities,
                country=country,
                starts_on=starts_on,
                ends_on=ends_on,
                rules=rules,
                note=note,
            )
    except IntegrityError as error:
        if "meeting_number_once" not in str(error):
            raise
        raise ValidationError(
            _("A meeting of this kind has this number already."), code="number_taken"
        ) from error
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="meeting.created",
        thing=meeting,
        after={
            "kind": meeting.kind,
            "number": number,
            "cities": cities,
            "country": country,
            "starts_on": starts_on.isoformat(),
            "ends_on": ends_on.isoformat() if ends_on else None,
            "rules": rules.version if rules else None,
        },
    )
    return meeting


@transaction.atomic
def record_past_delegations(
    *,
    meeting: Meeting,
    countries: Iterable[str],
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> list[MeetingDelegation]:
    """Note which countries' delegations were there, with the institution of each that has one.

    Safe to repeat. Returns the meeting's delegations that were new.
    """
    _require_secretariat(actor)
    wanted = list(dict.fromkeys(countries))
    known = set(meeting.delegations.values_list("country", flat=True))
    institutions = {
        institution.country.code: institution
        for institution in Institution.objects.active().filter(country__in=wanted).order_by("-pk")
    }
    new = MeetingDelegation.objects.bulk_create(
        MeetingDelegation(meeting=meeting, country=country, institution=institutions.get(country))
        for country in wanted
        if country not in known
    )
    if new:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="meeting.delegations_recorded",
            thing=meeting,
            after={"countries": [delegation.country for delegation in new]},
        )
    return new


@transaction.atomic
def add_agenda_item(
    *,
    meeting: Meeting,
    titles: dict[str, str],
    title_states: dict[str, str] | None = None,
    actor: User | None,
    mandate: Mandate | None = None,
) -> AgendaItem:
    """A point to be talked about, at the end of the agenda.

    Without `title_states` every title is final.
    """
    _require_secretariat(actor)
    item = _append_item(meeting, titles, None, title_states)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="agenda_item.added",
        thing=item,
        after={"meeting": meeting.pk, "position": item.position, "titles": titles},
    )
    return item


@transaction.atomic
def change_agenda_titles(
    *,
    item: AgendaItem,
    titles: dict[str, str],
    title_states: dict[str, str],
    actor: User,
    mandate: Mandate | None = None,
) -> AgendaItem:
    """Keep an item's titles and how far each has come. Safe to repeat.

    Raises PermissionDenied; ValidationError("over") where the meeting is.
    """
    _require_secretariat(actor)
    kept = AgendaItem.objects.select_for_update(no_key=True).get(pk=item.pk)
    if kept.meeting.is_over:
        raise ValidationError(_("The meeting is over: its agenda stands."), code="over")
    before = {"titles": kept.titles, "title_states": kept.title_states}
    after = {"titles": titles, "title_states": title_states}
    if before == after:
        return kept
    kept.titles, kept.title_states = titles, title_states
    kept.save(update_fields=["titles", "title_states"])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="agenda_item.titles_changed",
        thing=kept,
        before=before,
        after={"meeting": kept.meeting_id, "position": kept.position, **after},
    )
    return kept


@transaction.atomic
def place_on_agenda(
    *, meeting: Meeting, application: Application, actor: User, mandate: Mandate | None
) -> AgendaItem:
    """Put the question of an application's admission at the end of a general assembly's agenda.

    The application becomes `on_agenda`. Raises PermissionDenied; ValidationError when the meeting
    is over or no general assembly ("not_an_assembly"), when this application stood there before
    ("placed_already"), or when its state does not allow it.
    """
    if not can_handle(actor, application):
        raise PermissionDenied
    if meeting.is_over or meeting.kind != MeetingKind.GENERAL_ASSEMBLY:
        raise ValidationError(
            _("Applications are decided by a general assembly that is still to come."),
            code="not_an_assembly",
        )
    titles = {}
    for language, _name in settings.LANGUAGES:
        with translation.override(language):
            titles[language] = admission_title(in_language(application.institution_names).text)
    application = lock_application(application)
    try:
        item = _append_item(meeting, titles, application)
    except IntegrityError as error:
        if "application_once_on_agenda" not in str(error):
            raise
        raise ValidationError(
            _("This application already stands on the agenda of this assembly."),
            code="placed_already",
        ) from error
    place_application_on_agenda(application=application, actor=actor, mandate=mandate)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="agenda_item.added",
        thing=item,
        after={
            "meeting": meeting.pk,
            "position": item.position,
            "titles": titles,
            "application": application.pk,
            "class": item.membership_class,
        },
    )
    return item


def _append_item(
    meeting: Meeting,
    titles: Mapping[str, str],
    application: Application | None,
    title_states: Mapping[str, str] | None = None,
) -> AgendaItem:
    """The next position, taken under the meeting's lock. Raises IntegrityError, savepoint kept."""
    Meeting.objects.select_for_update(no_key=True).get(pk=meeting.pk)
    last = AgendaItem.objects.filter(meeting=meeting).order_by("position").last()
    with transaction.atomic():
        return AgendaItem.objects.create(
            meeting=meeting,
            position=last.position + 1 if last else 1,
            titles=dict(titles),
            title_states=dict(title_states or all_final(titles)),
            application=application,
            **(_advised(application) if application else {}),
        )


def _advised(application: Application) -> dict[str, Any]:
    """What the assembly is told with the question. One that was deferred is advised as before."""
    before = AgendaItem.objects.of_application(application.pk).first()
    kept = before.is_recommended if before else None
    return {
        "is_recommended": _RECOMMENDED.get(application.state, kept),
        "recommendation": application.recommendation,
        "membership_class": application.class_asked,
        "class_reason": application.proposed_class_reason,
    }


def _require_secretariat(actor: User | None) -> None:
    if actor is not None and not can_run_meetings(actor):
        raise PermissionDenied
