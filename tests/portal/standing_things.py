"""Of Korea: a profile that waits, dues, a notice in preparation; made when asked for."""

from datetime import date
from typing import Any

from django.utils import timezone

from members.models import Dues, ProfileProposal, StandingNotice
from tests.portal.world import World

TEXTS = {"titles": {"en": "Dues"}, "bodies": {"en": "Please pay."}}


def proposal(world: World) -> tuple[int, int]:
    korea = world.cast.kr
    said = {
        "at": timezone.now(),
        "actor": world.cast.amal,
        "profile": {**korea.profile(), "website": "https://new.example/"},
        "seen_version": korea.profile_version,
    }
    ProfileProposal.objects.get_or_create(institution=korea, number=1, defaults=said)
    return korea.pk, 1


def seen(world: World) -> dict[str, Any]:
    world.cast.kr.refresh_from_db()
    return {"version": world.cast.kr.profile_version}


def owed(world: World) -> tuple[int, int]:
    said = {"due_on": date(2020, 3, 31)}
    Dues.objects.get_or_create(institution=world.cast.kr, year=2020, defaults=said)
    return world.cast.kr.pk, 2020


def notice(world: World) -> tuple[int, int]:
    made, _new = StandingNotice.objects.get_or_create(
        institution=world.cast.kr, subject="dues", defaults={**TEXTS, "created_by": world.cast.dina}
    )
    return world.cast.kr.pk, made.pk
