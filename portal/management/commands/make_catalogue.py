from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import to_locale

from portal.languages import locale_of
from portal.translations import (
    compile_translations,
    faults_of,
    fill_with_pseudo,
    is_translated,
    new_catalogue,
    read,
    write,
)


class Command(BaseCommand):
    help = (
        "Write the catalogue of a language that Majlis does not bring, to be translated, under "
        "LOCALE_DIR; bring it up to date where it is there already. Needs no gettext."
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("language", help="its code, as tr, ko or pt-br")
        parser.add_argument(
            "--pseudo",
            action="store_true",
            help="fill it with accented English, to see what a page says of its own",
        )
        parser.add_argument(
            "--check", action="store_true", help="write nothing; say what is missing or wrong"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        language = options["language"]
        if locale_of(language) is None:
            raise CommandError(f"{language} is no language's code.")
        path = Path(settings.LOCALE_DIR) / to_locale(language) / "LC_MESSAGES" / "django.po"
        if options["check"]:
            self._check(path)
            return
        old = read(path) if path.exists() else None
        catalogue = new_catalogue(to_locale(language), settings.BASE_DIR, old)
        if options["pseudo"]:
            fill_with_pseudo(catalogue)
        write(path, catalogue)
        compile_translations(settings.BASE_DIR, settings.LOCALE_DIR)
        entries = [message for message in catalogue if message.id]
        todo = sum(not is_translated(message) for message in entries)
        self.stdout.write(f"{path}\n{len(entries)} texts, {todo} of them to be translated")

    def _check(self, path: Path) -> None:
        if not path.exists():
            raise CommandError(f"There is no {path}.")
        catalogue = read(path)
        wrong = [f"{key!r} {reason}" for key, reason in faults_of(catalogue)]
        wanted = new_catalogue(path.parent.parent.name, settings.BASE_DIR)
        wrong += [
            f"{message.id!r} is not in the catalogue"
            for message in wanted
            if message.id and catalogue.get(message.id, message.context) is None
        ]
        if wrong:
            raise CommandError("\n".join(wrong))
        self.stdout.write("Everything is translated.")
