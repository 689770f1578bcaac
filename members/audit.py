"""The audit log in words: acts, things and values as people name them, in their language.

What is not named here is shown as the log has it: a log must never hide what it does not know.
"""

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.audit_labels import label_of, labels_for
from members.audit_words import ACTS, KEYS, THINGS, VALUES, WORDS
from members.countries import country_name
from members.languages import language_word
from members.letter_book import BOOK
from members.models import Institution, Mandate, User
from records.languages import in_language
from records.models import AuditEntry
from records.reading import number, written_date

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_APPLICATION_STATE = ("members.application", "state")
_ONBOARDING_POINT = ("onboarding", "point")

OWN_NAMES: dict[str, str] = dict(settings.LANGUAGES)


Names = dict[str, dict[Any, str]]  # of people, institutions … by their numbers or keys


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
    """The entries in words. Three queries, and two for the points of reviews and the parts of
    applications where any is named, however many entries there are.
    """
    mandates = Mandate.objects.by_id(e.mandate_id for e in entries if e.mandate_id)
    users = User.objects.names_of(
        [e.actor_id for e in entries if e.actor_id] + _ids(entries, "user")
    )
    institutions = Institution.objects.names_of(_ids(entries, "institution") + _members(entries))
    spoken = {pk: in_language(texts).text for pk, texts in institutions.items()}
    names: Names = {"user": users, "institution": spoken, "roll": spoken}
    names["label"] = labels_for(entries)
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


def _change(entry: AuditEntry, key: str, names: Names) -> Change:
    before, after = entry.before.get(key), entry.after.get(key)
    if key.isdigit():  # an answer of the roll-call, under the institution that gave it
        name = names["institution"].get(int(key), f"#{key}")
        return Change(name, _shown("roll", before, names), _shown("roll", after, names))
    of = "application_state" if (entry.object_type, key) == _APPLICATION_STATE else key
    if (entry.act.partition(".")[0], key) == _ONBOARDING_POINT:
        of = "onboarding_point"
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


def _shown(key: str, value: Any, names: Names) -> str:
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
                (
                    label_of(key, k, names["label"]) or str(KEYS.get(k, k)),
                    _shown(k if key == "sought" or k in VALUES else key, v, names),
                )
                for k, v in value.items()
            )
        case list():
            return pgettext("between things", ", ").join(_shown(key, v, names) for v in value)
        case str() if key == "final_in":
            return dict(settings.LANGUAGES).get(value, value)
        case str() if key in ("addresses", "descriptions", "language", "languages"):
            return language_word(value)
        case str() if _DAY.fullmatch(value):
            return written_date(date.fromisoformat(value))
        case str() if key in ("takes_effect_at", "starts_at", "ends_at"):
            moment = timezone.localtime(datetime.fromisoformat(value))
            return written_date(moment, "DATETIME_FORMAT")
        case str() if key == "letter" and value in BOOK:
            return f"{BOOK[value].title} – {BOOK[value].reader}"
        case str() if key in ("country", "countries"):
            return str(_("international")) if value == "none" else country_name(value).text
        case str() if said := label_of(key, value, names["label"]) or WORDS.get(key, {}).get(value):
            return str(said)
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
