"""Translations: `.po` files are the source, compiled `.mo` files are what Python reads.

Those of the apps are in the repository. A deployment's own, of a language more or of words that it
says otherwise, are under `LOCALE_DIR`, one catalogue a language for all apps (docs/languages.md).
"""

import re
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PLACEHOLDER = re.compile(r"%(?:\(\w+\))?[sd]|\{\w*\}")
# What a pseudo-translation leaves as it is: placeholders, markup, entities, ends of lines.
_KEPT = re.compile(r"(%(?:\(\w+\))?[sd%]|\{\w*\}|<[^>]+>|&[#\w]+;|\n)")
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "áƀćđéƒĝĥíĵķĺḿñóƥɋŕśţúṽŵẋýžÁɃĆĐÉƑĜĤÍĴĶĹḾÑÓƤɊŔŚŢÚṼŴẊÝŽ",
)


def catalogues(root: Path) -> list[Path]:
    """Every app's `.po` files under `root`, in a steady order."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_translations(root: Path, own: Path | None = None) -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer; returns those written.

    `own` is `LOCALE_DIR`. Fuzzy entries are left out. A reader never meets half a file.
    """
    written = []
    for source in [*catalogues(root), *(sorted(own.glob("*/LC_MESSAGES/*.po")) if own else [])]:
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        catalogue = read(source)
        new = target.with_suffix(".mo.new")
        with new.open("wb") as file:
            write_mo(file, catalogue)
        new.replace(target)
        written.append(target)
    return written


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def write(path: Path, catalogue: Catalog) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_suffix(".po.new")
    with new.open("wb") as file:
        write_po(file, catalogue, width=78, sort_output=True)
    new.replace(path)


def new_catalogue(locale: str, root: Path, old: Catalog | None = None) -> Catalog:
    """A catalogue of everything that the apps under `root` say, for the folder name `locale`.

    What `old` had translated is kept, where it is still said.
    """
    catalogue = Catalog(locale=locale, domain="django", project="Majlis", fuzzy=False)
    for path in catalogues(root):
        for message in read(path):
            if message.id:
                empty = "" if isinstance(message.id, str) else ("",) * catalogue.num_plurals
                catalogue.add(message.id, empty, context=message.context, flags=message.flags)
    for message in catalogue:
        message.flags.discard("fuzzy")
        kept = old.get(_key(message), message.context) if old and message.id else None
        if kept and not kept.fuzzy and _is_alike(kept, message):
            message.string = kept.string
    return catalogue


def fill_with_pseudo(catalogue: Catalog) -> None:
    """Translate what is empty into accented English between marks, to see what is not."""
    for message in catalogue:
        if not message.id or is_translated(message):
            continue
        if isinstance(message.id, str):
            message.string = pseudo(message.id)
        else:
            one, many = message.id
            forms = [many] * catalogue.num_plurals
            if len(forms) > 1:
                forms[0] = one
            message.string = tuple(pseudo(form) for form in forms)


def pseudo(text: str) -> str:
    """ "Sign in" → "[!!! Śíĝñ íñ !!!]", with placeholders and markup kept."""
    bare = text.strip()
    if not bare:
        return text
    parts = _KEPT.split(bare)
    said = "".join(part if n % 2 else part.translate(_ACCENTED) for n, part in enumerate(parts))
    return text.replace(bare, f"[!!! {said} !!!]")


# --- What is wrong with a catalogue ----------------------------------------------------------
def faults_of(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Each entry that is empty, fuzzy, short of plurals, or loses a placeholder; and why."""
    for message in catalogue:
        if message.id and (reason := _fault(message, catalogue.num_plurals)):
            yield _key(message), reason


def is_translated(message: Message) -> bool:
    return all(text.strip() for text in _forms(message))


def _forms(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string or ("",))


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _is_alike(old: Message, new: Message) -> bool:
    return isinstance(old.id, str) == isinstance(new.id, str)


def _fault(message: Message, plurals: int) -> str:
    if message.fuzzy:
        return "is fuzzy"
    texts = _forms(message)
    if isinstance(message.id, tuple) and len(texts) != plurals:
        return f"has {len(texts)} plural forms"
    if not is_translated(message):
        return "is not translated"
    if "python-format" in message.flags or "python-brace-format" in message.flags:
        # The forms for one and two may say the number in words.
        ids = [message.id] if isinstance(message.id, str) else list(message.id)
        wanted = {*PLACEHOLDER.findall(ids[-1])}
        for text in texts:
            given = {*PLACEHOLDER.findall(text)}
            lost = wanted - given if isinstance(message.id, str) else set()
            if lost or given - wanted:
                return f"has other placeholders ({', '.join(sorted(lost | (given - wanted)))})"
        if wanted - {each for text in texts for each in PLACEHOLDER.findall(text)}:
            return "loses a placeholder"
    return ""
