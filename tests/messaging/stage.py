"""Sets the stage in a portal's own database: `python -m tests.messaging.stage WRITERS`.

Prints JSON: the room; for each writer, and for the person of the secretariat who chairs, the user,
the mandate and the key of a web session; and the participants' numbers by country.
"""

import json
import os
import sys
from typing import Any

import django

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()

    from django.test import Client

    from members.models import Mandate, User
    from messaging.models import Participant
    from tests.factories import Cast, make_mandate, make_user
    from tests.messaging.conftest import make_room

    cast = Cast()
    room = make_room(cast)

    def signed_in(user: User, mandate: Mandate) -> dict[str, Any]:
        client = Client()
        client.force_login(user)
        key = client.session.session_key
        return {"user": user.pk, "mandate": mandate.pk, "session": key}

    writers = []
    for number in range(int(sys.argv[1])):
        user = make_user(f"delegate{number}")
        mandate = make_mandate(user, cast.kr if number % 2 else cast.ng)
        writers.append(signed_in(user, mandate))
    chair = signed_in(cast.dina, cast.dina_mandate)
    present = Participant.objects.for_panel(room).exclude(institution=None)
    participants = {each.institution.country.code: each.pk for each in present}
    stage = {"room": room.pk, "writers": writers, "chair": chair, "participants": participants}
    json.dump(stage, sys.stdout)
