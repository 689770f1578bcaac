"""Translations, from the `.po` files that people write to the `.mo` files that Python reads."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def catalogues(root: Path) -> list[Path]:
    """Every app's `.po` files under `root`, in a steady order."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_translations(root: Path) -> list[Path]:
    """Write the `.mo` beside each `.po` that is newer; returns those written.

    Fuzzy entries are left out. A reader never meets half a file.
    """
    written = []
    for source in catalogues(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file, locale=source.parent.parent.name)
        new = target.with_suffix(".mo.new")
        with new.open("wb") as file:
            write_mo(file, catalogue)
        new.replace(target)
        written.append(target)
    return written
