from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from portal.translations import compile_translations


class Command(BaseCommand):
    help = "Compile every app's translations whose source is newer; needs no gettext."
    requires_system_checks = []

    def handle(self, *args: Any, **options: Any) -> None:
        written = compile_translations(settings.BASE_DIR, settings.LOCALE_DIR)
        if options["verbosity"]:
            self.stdout.write(f"{len(written)} compiled")
