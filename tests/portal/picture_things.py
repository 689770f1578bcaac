"""A picture of Korea's institution, made when it is asked for."""

from typing import Any

from members.actions.pictures import add_picture
from members.models import InstitutionPicture
from tests.files import image, upload
from tests.portal.world import World


def _made(world: World) -> InstitutionPicture:
    add_picture(
        institution=world.cast.kr,
        upload=upload(image(size=(90, 60)), "hall.png"),
        captions={"en": "The hall"},
        alternatives={"en": "A hall with chairs"},
        credit="Amal",
        actor=world.cast.amal,
        mandate=world.cast.amal_mandate,
    )
    return InstitutionPicture.objects.with_files().get(institution=world.cast.kr)


def institution_picture(world: World) -> tuple[int, int]:
    return world.cast.kr.pk, _made(world).pk


def picture_file(world: World) -> tuple[int, str]:
    return world.cast.kr.pk, _made(world).small.sha256


def new_picture(world: World) -> dict[str, Any]:
    return {"picture": upload(image(), "hall.png"), "alternative_en": "A hall", "credit": "Amal"}
