"""What changed between two versions of what is said of a group, for people to read."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from members.application_changes import Change
from records.languages import TextState, state_of
from records.reading import written_date

Said = dict[str, Any]  # `GroupVersion.said`


def group_changes(old: Said, new: Said, *, drafts: bool) -> list[Change]:
    """Everything that is another in `new`. `drafts`: to who may read those of the mandate."""
    found = (*_texts(old, new, drafts), *_facts(old, new))
    return [change for change in found if change.before != change.after]


def changed_labels(old: Said, new: Said, *, drafts: bool) -> list[str]:
    """What is another, by name alone."""
    changes = group_changes(old, new, drafts=drafts)
    return list(dict.fromkeys(change.label.partition(" · ")[0] for change in changes))


def _texts(old: Said, new: Said, drafts: bool) -> Iterator[Change]:
    name, mandate = _("Name of the group"), _("Mandate of the group")
    state = _("State of the mandate of the group")
    for code, own_name in settings.LANGUAGES:
        language = f"\u2068{own_name}\u2069"
        before, after = (said["names"].get(code, "") for said in (old, new))
        yield Change(f"{name} · {language}", before, after, code)
        before, after = (_mandate(said, code, drafts) for said in (old, new))
        yield Change(f"{mandate} · {language}", before, after, code)
        if drafts:
            states = (str(_state(said, code).label) for said in (old, new))
            yield Change(f"{state} · {language}", *states)


def _mandate(said: Said, code: str, drafts: bool) -> str:
    if not drafts and _state(said, code) != TextState.FINAL:
        return ""
    return str(said["mandate_texts"].get(code, ""))


def _state(said: Said, code: str) -> TextState:
    return state_of(said["mandate_texts"], said["mandate_states"], code)


def _facts(old: Said, new: Said) -> Iterator[Change]:
    for key, label in (
        ("starts_on", _("First day of its term")),
        ("ends_on", _("Last day of its term")),
    ):
        yield Change(label, *(_day(said[key]) for said in (old, new)))
    chairs = [_("yes") if said["secretariat_chairs"] else _("no") for said in (old, new)]
    yield Change(_("The secretariat chairs it too"), *chairs)


def _day(day: str | None) -> str:
    return written_date(date.fromisoformat(day)) if day else ""
