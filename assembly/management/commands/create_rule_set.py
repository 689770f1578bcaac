from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import IntegrityError

from assembly.actions import create_rule_set


def share(text: str) -> tuple[int, int]:
    """2/3 as (2, 3)."""
    numerator, denominator = text.split("/")
    return int(numerator), int(denominator)


class Command(BaseCommand):
    help = (
        "Enter a version of the rules by which votes are counted, from the network's charter. "
        "Nothing is taken for granted: a meeting can be convened once there is one."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("version")
        parser.add_argument("--quorum-rule", required=True, help="number of the quorum's rule")
        parser.add_argument("--majority-rule", required=True, help="number of the majority's rule")
        parser.add_argument(
            "--quorum", type=share, default=(1, 2), help="more than this of all members (1/2)"
        )
        parser.add_argument(
            "--majority", type=share, default=(2, 3), help="at least this of those voting (2/3)"
        )
        parser.add_argument("--source", default="", help="where the rules are written")
        for language, name in settings.LANGUAGES:
            parser.add_argument(f"--name-{language}", default="", help=f"title in {name}")

    def handle(self, *args: Any, **options: Any) -> None:
        names = {code: options[f"name_{code}"] for code, _name in settings.LANGUAGES}
        try:
            create_rule_set(
                version=options["version"],
                names={code: name for code, name in names.items() if name},
                source=options["source"],
                quorum_rule=options["quorum_rule"],
                majority_rule=options["majority_rule"],
                quorum=options["quorum"],
                majority=options["majority"],
            )
        except IntegrityError as error:
            raise CommandError(
                "Refused: this version exists, or the quorum is all or more, or the majority is "
                "not more than half."
            ) from error
        self.stdout.write(f"Version {options['version']} of the rules is entered.")
