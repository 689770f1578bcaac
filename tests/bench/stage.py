"""Peoples a portal's database: `python -m tests.bench.stage PEOPLE`.

Prints JSON: the room, and for each person the mandate and the key of a web session.
"""

import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()

    from django.db import transaction
    from django.test import Client, override_settings

    from members.enums import Capacity
    from tests.factories import Cast, make_mandate, make_user
    from tests.messaging.conftest import make_room

    people = []
    quick = {"PASSWORD_HASHERS": ["django.contrib.auth.hashers.MD5PasswordHasher"]}
    with override_settings(**quick), transaction.atomic():
        cast = Cast()
        room = make_room(cast)
        for number in range(int(sys.argv[1])):
            user = make_user(f"delegate{number}")
            mandate = make_mandate(user, cast.kr if number % 2 else cast.ng, Capacity.DELEGATE)
            client = Client()
            client.force_login(user)
            people.append({"mandate": mandate.pk, "session": client.session.session_key})
    json.dump({"room": room.pk, "people": people}, sys.stdout)
