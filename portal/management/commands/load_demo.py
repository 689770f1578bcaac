import os
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from portal.demo.loader import NotEmptyError, load_network


class Command(BaseCommand):
    help = "Load the demo network into an empty database; on a loaded one, set its password."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--password",
            default=os.environ.get("DEMO_PASSWORD", ""),
            help="of everybody in it (default: DEMO_PASSWORD in the environment)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["password"]:
            raise CommandError("Say the password of the demo network: DEMO_PASSWORD or --password.")
        try:
            loaded = load_network(password=options["password"])
        except NotEmptyError as error:
            raise CommandError(
                "This database holds people who are not of the demo network: nothing was loaded."
            ) from error
        if loaded and options["verbosity"]:
            self.stdout.write("Loaded the demo network.")
