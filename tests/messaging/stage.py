"""Sets the stage in a portal's own database: `python -m tests.messaging.stage WRITERS`.

Prints JSON: the room, and for each writer the user, the mandate and the key of a web session.
"""

import json
import os
import sys

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()

    from django.test import Client

    from tests.factories import Cast, make_mandate, make_user
    from tests.messaging.conftest import make_room

    cast = Cast()
    room = make_room(cast)
    writers = []
    for number in range(int(sys.argv[1])):
        user = make_user(f"delegate{number}")
        mandate = make_mandate(user, cast.kr if number % 2 else cast.ng)
        client = Client()
        client.force_login(user)
        key = client.session.session_key
        writers.append({"user": user.pk, "mandate": mandate.pk, "session": key})
    json.dump({"room": room.pk, "writers": writers}, sys.stdout)
