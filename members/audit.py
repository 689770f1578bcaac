"""The audit log in words: acts, things and values as people name them, in their language.

What is not named here is shown as the log has it: a log must never hide what it does not know.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.countries import country_name
from members.enums import (
    ApplicationState,
    Capacity,
    DocumentKind,
    GroupKind,
    GroupRole,
    MembershipClass,
    MembershipState,
    SocialNetwork,
)
from members.enums_applying import ApplicationPlace
from members.enums_lists import Listing
from members.languages import language_word
from members.models import Institution, Mandate, User
from records.languages import TextState, in_language
from records.models import AuditEntry
from records.reading import number, written_date

THINGS = {
    "records.audithead": _("audit log"),
    "assembly.agendaitem": _("agenda item"),
    "assembly.decision": _("decision"),
    "assembly.meeting": _("meeting"),
    "assembly.poll": _("vote"),
    "assembly.ruleset": _("rules of the meeting"),
    "members.application": _("membership application"),
    "members.applicationformversion": _("form of applications"),
    "members.countryname": _("country"),
    "members.field": _("field of work"),
    "members.group": _("group"),
    "members.handover": _("handover of the presidency"),
    "members.institution": _("institution"),
    "members.invitation": _("invitation"),
    "members.mandate": _("mandate"),
    "members.membership": _("membership"),
    "members.presidency": _("presidency"),
    "members.savedfilter": _("saved filter"),
    "members.reviewguide": _("points and criteria of reviews"),
    "members.user": _("person"),
    "messaging.message": _("message"),
    "messaging.room": _("room"),
    "procrastinate.procrastinatejob": _("letter"),
}
ACTS = {
    "application.activated": _("membership made active"),
    "application.admitted": _("application admitted"),
    "application.asked_for": _("application asked for"),
    "application.charter_received": _("signed charter received"),
    "application.charter_refused": _("signed charter sent back"),
    "application.charter_sent": _("charter sent to be signed"),
    "application.contact_changed": _("contact person of the application changed"),
    "application.contact_invited": _("another contact person of the application invited"),
    "application.declined": _("application declined"),
    "application.deferred": _("application deferred"),
    "application.document_added": _("document added to the application"),
    "application.document_removed": _("document removed from the application"),
    "application.dossier_made": _("dossier made as one PDF"),
    "application.editor_joined": _("editor of the application joined"),
    "application.editor_left": _("editor of the application left"),
    "application.editor_removed": _("editor of the application taken out"),
    "application.form_renewed": _("application moved to the form of today"),
    "application.information_given": _("information given by the applicant"),
    "application.information_requested": _("information requested of the applicant"),
    "application.not_recommended": _("application not recommended"),
    "application.placed_on_agenda": _("application placed on the agenda"),
    "application.recommended": _("application recommended"),
    "application.review_resumed": _("review resumed without the answer"),
    "application.review_started": _("review of the application started"),
    "application.saved": _("application changed"),
    "application.started": _("application started"),
    "application.submitted": _("application submitted"),
    "applications.exported": _("list of applications taken along"),
    "application.withdrawn": _("application withdrawn"),
    "application.terms_prepared": _("terms of the decision prepared"),
    "application_form.changed": _("form of applications changed, in preparation"),
    "application_form.discarded": _("changes of the form of applications discarded"),
    "application_form.published": _("form of applications published"),
    "agenda_item.added": _("agenda item added"),
    "agenda_item.deferred": _("question put off by the meeting"),
    "agenda_item.titles_changed": _("title of an agenda item changed"),
    "audit_log.exported": _("audit log taken along"),
    "country.changed": _("name of a country settled"),
    "country.reset": _("name of a country given back to the list"),
    "field.added": _("field of work added"),
    "field.moved": _("field of work moved in the list"),
    "field.offered_again": _("field of work offered again"),
    "field.renamed": _("field of work renamed"),
    "field.retired": _("field of work retired"),
    "group.changed": _("group changed"),
    "group.closed": _("group closed"),
    "group.created": _("group created"),
    "group.join_accepted": _("request to join a group accepted"),
    "group.join_asked": _("request to join a group made"),
    "group.join_declined": _("request to join a group declined"),
    "group.join_withdrawn": _("request to join a group withdrawn"),
    "group.member_added": _("institution added to a group"),
    "group.member_changed": _("place of an institution in a group changed"),
    "group.member_left": _("institution left a group"),
    "group.member_removed": _("institution removed from a group"),
    "group.reopened": _("group reopened"),
    "handover.cancelled": _("handover of the presidency cancelled"),
    "handover.effective": _("presidency passed to another institution"),
    "handover.moved": _("moment of the handover changed"),
    "handover.scheduled": _("handover of the presidency scheduled"),
    "institution.changed": _("profile of the institution changed"),
    "institution.created": _("institution created"),
    "institution.release_changed": _("release of statements by a second person settled"),
    "institution.taken_back": _("profile of the institution taken back to an earlier version"),
    "invitation.accepted": _("invitation accepted"),
    "invitation.resent": _("invitation sent again"),
    "invitation.revoked": _("invitation revoked"),
    "invitation.sent": _("invitation sent"),
    "letter.sent_again": _("failed letter sent again"),
    "mandate.end_settled": _("last day of the mandate settled"),
    "mandate.ended": _("mandate ended"),
    "mandate.handed_over": _("mandate handed to a successor"),
    "mandate.letter_recorded": _("letter of appointment put on record"),
    "mandate.reinstated": _("mandate reinstated"),
    "mandate.started": _("mandate started"),
    "mandate.statements_changed": _("right to issue statements changed"),
    "mandate.suspended": _("mandate suspended"),
    "meeting.created": _("meeting convened"),
    "meeting.delegations_recorded": _("delegations of the meeting recorded"),
    "meeting.room_opened": _("room of the meeting opened"),
    "meeting.results_held": _("results of the meeting to be released together"),
    "meeting.results_released": _("results of the meeting released"),
    "meeting.results_told_at_once": _("results of the meeting to be told at once"),
    "membership.changed": _("membership changed"),
    "membership.class_changed": _("class of membership changed"),
    "membership.reinstated": _("membership reinstated"),
    "membership.suspended": _("membership suspended"),
    "membership.withdrawn": _("membership withdrawn"),
    "people.exported": _("list of people taken along"),
    "person.changed": _("personal settings changed"),
    "person.created": _("account created"),
    "person.profile_changed": _("personal profile changed"),
    "person.recovery_codes_made": _("new recovery codes made"),
    "person.second_factor_added": _("second factor added"),
    "person.second_factor_removed": _("second factor removed"),
    "person.second_factor_reset": _("second factor taken off by the administration"),
    "person.second_factor_reminded": _("reminded of the second factor"),
    "person.signed_out_device": _("device signed out"),
    "person.signed_out_everywhere": _("signed out everywhere"),
    "presidency.recorded": _("presidency recorded"),
    "onboarding.ticked": _("step of the arrival done"),
    "onboarding.unticked": _("step of the arrival opened again"),
    "completeness.ticked": _("point of the checklist ticked"),
    "completeness.unticked": _("point of the checklist opened again"),
    "review_guide.changed": _("points and criteria of reviews changed"),
    "reviewer.assigned": _("reviewer assigned"),
    "reviewer.conflict_declared": _("conflict of interest declared by a reviewer"),
    "reviewer.noted": _("note written by a reviewer"),
    "reviewer.recommended": _("recommendation given by a reviewer"),
    "reviewer.released": _("reviewer released"),
    "roll_call.certified": _("result of the roll-call vote certified"),
    "roll_call.opened": _("roll-call vote opened"),
    "roll_call.saved": _("roll-call vote written down"),
    "saved_filter.changed": _("shared filter changed"),
    "saved_filter.removed": _("shared filter removed"),
    "saved_filter.saved": _("filter shared"),
    "rule_set.created": _("rules of the meeting laid down"),
}
KEYS = {
    "acronym": _("acronym"),
    "addresses": _("postal address"),
    "agenda_item": _("agenda item"),
    "application": _("membership application"),
    "applications": _("applications"),
    "capacity": _("capacity"),
    "abstentions": _("abstentions"),
    "against": _("against"),
    "absent": _("absent"),
    "attempts": _("attempts"),
    "changed": _("changed"),
    "criteria": _("criteria and their weight"),
    "cities": _("city"),
    "class": _("class"),
    "countries": _("countries"),
    "country": _("country"),
    "description_states": _("state of the description"),
    "descriptions": _("description"),
    "due_on": _("to be answered by"),
    "ends_on": _("last day"),
    "entitled": _("entitled to vote"),
    "explanation": _("explanation"),
    "fields": _("fields of work"),
    "from": _("from"),
    "in_favour": _("in favour"),
    "holds_results": _("results held until released"),
    "institution": _("institution"),
    "items": _("asked about"),
    "is_on_map": _("on the map"),
    "is_shared": _("shared"),
    "kind": _("kind"),
    "languages": _("languages of work"),
    "listing": _("list"),
    "logo": _("logo"),
    "majority": _("majority"),
    "majority_needed": _("majority needed"),
    "mandate_states": _("state of the mandate of the group"),
    "mandate_texts": _("mandate of the group"),
    "meeting": _("meeting"),
    "members": _("members"),
    "met": _("met"),
    "names": _("name"),
    "not_before": _("not before"),
    "note": _("note on the source"),
    "number": _("number"),
    "number_of_entries": _("entries"),
    "number_of_rows": _("rows"),
    "open_points": _("points left open"),
    "outcome": _("outcome"),
    "point": _("point"),
    "points": _("points"),
    "place": _("place"),
    "position": _("place"),
    "present": _("present"),
    "quorum": _("quorum"),
    "quorum_needed": _("quorum needed"),
    "reason": _("reason"),
    "role": _("role"),
    "roll": _("roll"),
    "rules": _("version of the rules"),
    "sought": _("sought"),
    "short_names": _("short name"),
    "social_accounts": _("social accounts"),
    "secretariat_chairs": _("the secretariat chairs it too"),
    "starts_on": _("first day"),
    "statements": _("issues statements"),
    "statements_need_release": _("statements need a release"),
    "state": _("state"),
    "takes_effect_at": _("takes effect"),
    "sha256": _("digest of the file"),
    "succeeds": _("number of the mandate that is handed over"),
    "tally": _("count"),
    "task": _("task"),
    "telephone": _("telephone"),
    "title_states": _("state of the title"),
    "titles": _("title"),
    "to": _("until"),
    "user": _("person"),
    "version": _("version"),
    "voting": _("voting"),
    "website": _("website"),
    **dict(SocialNetwork.choices),
}
# Apps above add their own when they are ready.
VALUES: dict[str, tuple[type[TextChoices], ...]] = {
    "capacity": (Capacity,),
    "class": (MembershipClass,),
    "listing": (Listing,),
    "kind": (GroupKind, DocumentKind),
    "place": (ApplicationPlace,),
    "role": (GroupRole,),
    "state": (MembershipState,),
    "text_state": (TextState,),
    "application_state": (ApplicationState,),
}
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_APPLICATION_STATE = ("members.application", "state")

OWN_NAMES: dict[str, str] = dict(settings.LANGUAGES)


class Change(NamedTuple):
    """One value of an entry, before and after; "" where it was or is not."""

    name: str
    before: str
    after: str


class Described(NamedTuple):
    """An entry with what it refers to. Actor None: the portal itself; "": erased since."""

    entry: AuditEntry
    act: str
    thing: str
    actor: str | None
    mandate: Mandate | None
    changes: list[Change]


def act_name(act: str) -> str:
    return str(ACTS.get(act, act))


def thing_name(object_type: str) -> str:
    return str(THINGS.get(object_type, object_type))


def described(entries: Sequence[AuditEntry]) -> list[Described]:
    """The entries in words. Three queries, however many there are."""
    mandates = Mandate.objects.by_id(e.mandate_id for e in entries if e.mandate_id)
    users = User.objects.names_of(
        [e.actor_id for e in entries if e.actor_id] + _ids(entries, "user")
    )
    institutions = Institution.objects.names_of(_ids(entries, "institution") + _members(entries))
    spoken = {pk: in_language(texts).text for pk, texts in institutions.items()}
    names = {"user": users, "institution": spoken, "roll": spoken}
    return [
        Described(
            entry=entry,
            act=act_name(entry.act),
            thing=thing_name(entry.object_type),
            actor=None if entry.actor_id is None else users.get(entry.actor_id, ""),
            mandate=mandates.get(entry.mandate_id or 0),
            changes=[
                change
                for key in dict.fromkeys([*entry.before, *entry.after])
                if any((change := _change(entry, key, names))[1:])
            ],
        )
        for entry in entries
    ]


def _change(entry: AuditEntry, key: str, names: dict[str, dict[int, str]]) -> Change:
    before, after = entry.before.get(key), entry.after.get(key)
    if key.isdigit():  # an answer of the roll-call, under the institution that gave it
        name = names["institution"].get(int(key), f"#{key}")
        return Change(name, _shown("roll", before, names), _shown("roll", after, names))
    of = "application_state" if (entry.object_type, key) == _APPLICATION_STATE else key
    return Change(str(KEYS.get(key, key)), _shown(of, before, names), _shown(of, after, names))


def _ids(entries: Iterable[AuditEntry], key: str) -> list[int]:
    found = (said.get(key) for entry in entries for said in (entry.before, entry.after))
    return [value for value in found if isinstance(value, int)]


def _members(entries: Iterable[AuditEntry]) -> list[int]:
    """Institutions named by their numbers: members of a group, a roll, its answers."""
    said = [each for entry in entries for each in (entry.before, entry.after)]
    return [
        int(pk)
        for each in said
        for pk in (*each.get("members", ()), *each.get("roll", ()), *filter(str.isdigit, each))
    ]


def _shown(key: str, value: Any, names: dict[str, dict[int, str]]) -> str:
    match value:
        case None | "":
            return ""
        case bool():
            return str(_("yes") if value else _("no"))
        case int() if key in names:
            return names[key].get(value, f"#{value}")
        case int():
            return number(value)
        case dict() if key.endswith("_states"):
            return _paired(
                (OWN_NAMES.get(str(k), str(k)), _shown("text_state", v, names))
                for k, v in value.items()
            )
        case dict() if set(value) <= OWN_NAMES.keys():
            return in_language(value).text
        case dict() if key in ("members", "roll"):
            of = "role" if key == "members" else "roll"
            pairs = ((_shown("institution", int(k), names), v) for k, v in value.items())
            return _paired((k, _shown(of, v, names)) for k, v in pairs)
        case dict():  # each pair isolated: names in Arabic and in Latin letters stand in one line
            return _paired(
                (str(KEYS.get(k, k)), _shown(k if k in VALUES else key, v, names))
                for k, v in value.items()
            )
        case list():
            return pgettext("between things", ", ").join(_shown(key, v, names) for v in value)
        case str() if key == "final_in":
            return dict(settings.LANGUAGES).get(value, value)
        case str() if key in ("addresses", "descriptions", "languages"):
            return language_word(value)
        case str() if _DAY.fullmatch(value):
            return written_date(date.fromisoformat(value))
        case str() if key == "takes_effect_at":
            moment = timezone.localtime(datetime.fromisoformat(value))
            return written_date(moment, "DATETIME_FORMAT")
        case str() if key in ("country", "countries"):
            return country_name(value).text
        case str():
            for choices in VALUES.get(key, ()):
                if value in choices.values:
                    return str(choices(value).label)
    return str(value)


def _paired(pairs: Iterable[tuple[str, str]]) -> str:
    pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
    return pgettext("between pairs", "; ").join(
        f"\u2068{pattern % {'name': name, 'value': value}}\u2069" for name, value in pairs
    )
