"""`manage.py prepare`: what must be done before the portal serves; safe to repeat."""

import os
import shutil
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Bring the database, translations and static files up to date; with DEMO, load it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--empty", action="store_true", help="first lose everything that is in the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["empty"]:
            with connection.cursor() as cursor:
                cursor.execute("DROP SCHEMA public CASCADE")
                cursor.execute("CREATE SCHEMA public")
            for directory in (settings.MEDIA_ROOT, settings.VAR_DIR / "mail"):
                shutil.rmtree(directory, ignore_errors=True)
        call_command("migrate", interactive=False, verbosity=0)
        for name in ("compile_translations", "build_fonts"):
            if name in get_commands():
                call_command(name, verbosity=0)
        call_command("collectstatic", interactive=False, verbosity=0)
        if settings.DEMO and "load_demo" in get_commands():
            call_command("load_demo", password=os.environ.get("DEMO_PASSWORD", ""))
