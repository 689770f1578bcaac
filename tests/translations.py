"""What is wrong with the translations: used by `make check`, `make messages` and a test."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.plurals import get_plural

from portal.embedded import ROOT
from portal.translations import faults_of
from portal.translations import read as read_catalogue

# Every language that the repository brings, English aside, in which it is written.
LANGUAGES = sorted({path.name for path in ROOT.glob("*/locale/*") if path.is_dir()})
PLURALS = {language: get_plural(language).num_plurals for language in LANGUAGES}


def apps() -> list[Path]:
    """The folders whose strings are translated."""
    return sorted(path.parent.parent for path in ROOT.glob("*/locale/ar"))


def read(app: Path, language: str) -> Catalog:
    return read_catalogue(app / "locale" / language / "LC_MESSAGES" / "django.po")


def faults() -> list[str]:
    """Entries that are empty, fuzzy, of too few plurals, or that lose a placeholder."""
    found = []
    for app in apps():
        for language in LANGUAGES:
            catalogue = read(app, language)
            if catalogue.num_plurals != PLURALS[language]:
                found.append(f"{app.name}/{language}: Plural-Forms of {catalogue.num_plurals}")
            found += [
                f"{app.name}/{language}: {key!r} {reason}" for key, reason in faults_of(catalogue)
            ]
    return found


def disagreements() -> list[str]:
    """Strings that two apps translate differently: merged at run time, one of them would win."""
    found = []
    for language in LANGUAGES:
        said: dict[tuple[str | None, str], dict[str, list[str]]] = {}
        for app in apps():
            for message in read(app, language):
                if message.id:
                    texts = said.setdefault((message.context, _key(message)), {})
                    texts.setdefault(str(message.string), []).append(app.name)
        for (_context, key), texts in said.items():
            if len(texts) > 1:
                where = " / ".join(", ".join(names) for names in texts.values())
                found.append(f"{language}: {key!r} is not the same in {where}")
    return found


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def has_gettext() -> bool:
    return shutil.which("xgettext") is not None


def uncollected() -> list[str]:
    """Strings of the code that no `.po` has, and strings of a `.po` that the code has no more."""
    found = []
    for app in apps():
        with tempfile.TemporaryDirectory() as directory:
            copy = Path(directory) / app.name
            shutil.copytree(app, copy, ignore=shutil.ignore_patterns("static", "*.mo", "*.pyc"))
            collect(copy)
            for language in LANGUAGES:
                old, new = _ids(read(app, language)), _ids(read(copy, language))
                found += [f"{app.name}/{language}: {each} was not collected" for each in new - old]
                found += [f"{app.name}/{language}: {each} is used no more" for each in old - new]
    return sorted(found)


def collect(app: Path) -> None:
    """Bring an app's `.po` files up to date with its code."""
    options = [word for language in LANGUAGES for word in ("--locale", language)]
    options += ["--no-location", "--no-obsolete", "--verbosity=0"]
    subprocess.run(
        [sys.executable, "-m", "django", "makemessages", *options],
        cwd=app,
        env={k: v for k, v in os.environ.items() if k != "DJANGO_SETTINGS_MODULE"},
        check=True,
    )


def _ids(catalogue: Catalog) -> set[str]:
    return {f"{message.context or ''} {_key(message)!r}" for message in catalogue if message.id}


if __name__ == "__main__":
    if not has_gettext():
        sys.exit("`make messages` needs gettext (on Debian: apt install gettext).")
    for each in apps():
        collect(each)
    print("\n".join(faults() + disagreements()) or "Everything is translated.")
