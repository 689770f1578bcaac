"""`manage.py technical_staff add E-MAIL`: who may look into the tables at /admin/."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from members.actions.people import AccountClosedError
from members.actions.staff import appoint_staff
from members.models import User


class Command(BaseCommand):
    help = (
        "Appoint a person with an account to the technical staff, or dismiss them. They look into "
        "the tables at /admin/, signed in with a second factor, and change nothing there."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("act", choices=["add", "remove"])
        parser.add_argument("email")

    def handle(self, *args: Any, **options: Any) -> None:
        user = User.objects.of_email(options["email"])
        if user is None:
            raise CommandError("There is no account with this address.")
        try:
            news = appoint_staff(user=user, is_staff=options["act"] == "add")
        except AccountClosedError as error:
            raise CommandError("This account is closed.") from error
        self.stdout.write("Done." if news else "It was so already.")
