"""Makes the key that transcripts are signed with."""

import os
import secrets
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.management.base import BaseCommand, CommandError

from majlis_verify.keys import Key


class Command(BaseCommand):
    help = "Writes a new signing key to FILE, for its owner alone; give SIGNING_KEY its full path."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        seed = secrets.token_bytes(32)
        path: Path = options["file"]
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{path} is there already; a key is never written over.") from error
        except OSError as error:
            raise CommandError(f"Cannot write {path}: {error.strerror}.") from error
        with os.fdopen(descriptor, "w") as file:
            file.write(seed.hex() + "\n")
        public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
        self.stdout.write(f"{path}\nid {Key(public).id}\npublic {public.hex()}")
