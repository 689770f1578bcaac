"""`manage.py prepare`: what must be done before the portal serves; safe to repeat."""

import hashlib
import os
import shutil
from io import StringIO
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.db import connection


class Command(BaseCommand):
    help = "Bring translations, static files and the database up to date; with DEMO, load it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="leave the database alone")
        parser.add_argument(
            "--empty", action="store_true", help="first lose everything that is in the database"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("compile_translations", verbosity=0)
        if "build_fonts" in get_commands():
            call_command("build_fonts", verbosity=0, stdout=StringIO())
        for command in ("build_styles", "build_icons", "build_map", "build_cards"):
            call_command(command, verbosity=0, stdout=StringIO())
        collect_static()
        if options["files"]:
            return
        if options["empty"]:
            empty()
        call_command("migrate", interactive=False, verbosity=0)
        if settings.DEMO and "load_demo" in get_commands():
            call_command("load_demo", password=os.environ.get("DEMO_PASSWORD", ""))


def collect_static() -> None:
    """`collectstatic`, where a source changed since the last time: compressing takes a while."""
    seen = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            seen.update(f"{path} {storage.get_modified_time(path)}\n".encode())
    mark = settings.STATIC_ROOT / ".collected"
    if mark.exists() and mark.read_text() == seen.hexdigest():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    mark.write_text(seen.hexdigest())


def empty() -> None:
    """Lose everything: the database's tables, the stored files, the written e-mails."""
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA public CASCADE")
        cursor.execute("CREATE SCHEMA public")
    for directory in (settings.MEDIA_ROOT, settings.VAR_DIR / "mail"):
        shutil.rmtree(directory, ignore_errors=True)
