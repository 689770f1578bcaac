"""What changed between two versions of a profile, for people to read."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.enums import SocialNetwork
from members.languages import language_words
from members.pictures import Picture, pictures_of
from records.languages import TextState, in_language, state_of
from records.reading import number

TEXTS = {  # in the order in which they are read
    "names": _("Official name"),
    "short_names": _("Short name"),
    "addresses": _("Postal address"),
    "descriptions": _("Description"),
}
Names = Mapping[int, dict[str, str]]  # of fields of work, by their numbers
Profile = dict[str, Any]  # `ProfileVersion.contents`


class Change(NamedTuple):
    """One thing that is another. `language`: of both texts, "" where they are of the reader's."""

    label: str
    before: str | list[Picture]
    after: str | list[Picture]
    language: str = ""
    is_logo: bool = False  # then the two are digests
    is_picture: bool = False  # then they are lists of one, or none
    is_order: bool = False  # then they are all pictures


def profile_changes(old: Profile, new: Profile, names: Names, *, drafts: bool) -> list[Change]:
    """Everything that is another in `new`, in words. `drafts`: to who may read those of texts."""
    return [
        change
        for change in (*_texts(old, new, drafts), *_facts(old, new, names), *_pictures(old, new))
        if change.before != change.after
    ]


def changed_labels(old: Profile, new: Profile) -> list[str]:
    """What is another, by name alone."""
    changes = profile_changes(old, new, {}, drafts=True)
    found = [change.label.partition(" · ")[0] for change in changes]
    if old["fields"] != new["fields"]:
        found.append(str(_("Fields of work")))
    return list(dict.fromkeys(found))


def _texts(old: Profile, new: Profile, drafts: bool) -> Iterator[Change]:
    for code, own_name in settings.LANGUAGES:
        for key, label in TEXTS.items():
            before, after = (_text(profile, key, code, drafts) for profile in (old, new))
            yield Change(f"{label} · \u2068{own_name}\u2069", before, after, code)
        was, now = (str(_state(profile, code).label) for profile in (old, new))
        label = _("State of the description")
        yield Change(f"{label} · \u2068{own_name}\u2069", was, now)


def _text(profile: Profile, key: str, code: str, drafts: bool) -> str:
    is_kept_back = key == "descriptions" and not drafts
    if is_kept_back and _state(profile, code) != TextState.FINAL:
        return ""
    return str(profile[key].get(code, ""))


def _state(profile: Profile, code: str) -> TextState:
    return state_of(profile["descriptions"], profile["description_states"], code)


def _facts(old: Profile, new: Profile, names: Names) -> Iterator[Change]:
    said = [list(_said(profile, names)) for profile in (old, new)]
    for (label, before), (_label, after) in zip(*said, strict=True):
        yield Change(label, before, after)
    yield Change(str(_("Logo")), old["logo"], new["logo"], is_logo=True)


def _pictures(old: Profile, new: Profile) -> Iterator[Change]:
    """Each that came, went or has other words, by the place it has or had; then their order."""
    before, after = (pictures_of(profile["pictures"]) for profile in (old, new))
    was, now = ({each.id: each for each in pictures} for pictures in (before, after))
    title = str(_("Pictures"))
    for place, each in enumerate(after, 1):
        held = [was[each.id]] if each.id in was else []
        yield Change(f"{title} · {number(place)}", held, [each], is_picture=True)
    for place, each in enumerate(before, 1):
        if each.id not in now:
            yield Change(f"{title} · {number(place)}", [each], [], is_picture=True)
    stayed = [[each.id for each in before if each.id in now], [e.id for e in after if e.id in was]]
    if stayed[0] != stayed[1]:
        order = pgettext("of pictures", "order")
        yield Change(f"{title} · {order}", before, after, is_order=True)


def _said(profile: Profile, names: Names) -> Iterator[tuple[str, str]]:
    yield str(_("Fields of work")), _fields(profile["fields"], names)
    yield str(_("Languages of work")), language_words(profile["languages"])
    yield str(_("Website")), profile["website"]
    yield str(_("Telephone")), profile["telephone"]
    for network in SocialNetwork:
        yield str(network.label), profile["social_accounts"].get(network.value, "")


def _fields(ids: list[int], names: Names) -> str:
    said = (in_language(names[pk]).text for pk in ids if pk in names)
    return pgettext("between things", ", ").join(said)
