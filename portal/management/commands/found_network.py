from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.utils import timezone

from members.countries import is_country
from members.models import network_zone
from portal.founding import AlreadyFoundedError, found_network


class Command(BaseCommand):
    help = (
        "Begin a network in an empty database: the institution that presides, the rooms of all "
        "delegations, and an invitation by e-mail for the first person of its secretariat, who "
        "invites everybody else."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        for language, name in settings.LANGUAGES:
            parser.add_argument(f"--name-{language}", default="", help=f"the official name, {name}")
        parser.add_argument("--acronym", default="")
        parser.add_argument("--country", required=True, help="two letters (ISO 3166), as QA")
        parser.add_argument("--email", required=True, help="of the first person")
        parser.add_argument("--person", required=True, help="their name")
        parser.add_argument("--language", default="en", choices=[c for c, _ in settings.LANGUAGES])
        parser.add_argument(
            "--presides-from", type=date.fromisoformat, help="a date as 2026-11-22 (today)"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        names = {code: options[f"name_{code}"] for code, _name in settings.LANGUAGES}
        names = {code: name for code, name in names.items() if name}
        if not names:
            raise CommandError("Say the institution's official name in one language at least.")
        country = options["country"].upper()
        if not is_country(country):
            raise CommandError(f"{country} is no country's code.")
        validate_email(options["email"])
        try:
            invitation = found_network(
                names=names,
                acronym=options["acronym"],
                country=country,
                presides_from=options["presides_from"]
                or timezone.now().astimezone(network_zone()).date(),
                email=options["email"],
                person=options["person"],
                language=options["language"],
            )
        except AlreadyFoundedError as error:
            raise CommandError("This database holds a network already.") from error
        self.stdout.write(f"The network is founded; an invitation goes to {invitation.email}.")
