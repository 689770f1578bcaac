"""`manage.py reset_second_factor E-MAIL`: for who lost the device and the recovery codes."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.actions.people import reset_second_factor
from members.models import User


class Command(BaseCommand):
    help = (
        "Take a person's passkeys, authenticator app and recovery codes off, and sign them out "
        "everywhere. Make sure first that it is the person who asks."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.of_email(options["email"])
        if user is None:
            raise CommandError("There is no account with this address.")
        number = reset_second_factor(user=user)
        self.stdout.write(
            "Taken off; the password alone signs in now." if number else "There was none."
        )
