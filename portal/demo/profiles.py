"""Fields of work of the demo's institutions: what their names say, and no more; pictures of one,
which are drawn.
"""

from collections.abc import Mapping

from members.actions.pictures import add_picture
from members.actions.profiles import change_profile
from members.models import Mandate
from portal.demo.covers import cover
from portal.founding import lay_down_fields

FIELDS_OF = {
    "PH": ("culture", "heritage"),
    "KR": ("culture", "exchange"),
    "TW": ("exchange", "research"),
    "PL": ("culture",),
    "PT": ("culture", "language"),
    "TR": ("culture", "language"),
    "HU": ("culture", "language"),
    "QA": ("culture", "heritage"),
    "LT": ("language", "research"),
}
# Country -> patterns of `covers`, each with its caption and what it shows.
Texts = dict[str, str]
PICTURES_OF: dict[str, tuple[tuple[str, Texts, Texts], ...]] = {
    "QA": (
        (
            "assembly",
            {
                "en": "The hall before the general assembly",
                "ar": "القاعة قبيل الجمعية العمومية",
                "fr": "La salle avant l’assemblée générale",
            },
            {
                "en": "A drawing: rings of seats around an open centre, one of them golden.",
                "ar": "رسم: مقاعد في حلقات حول وسط خالٍ، أحدها ذهبي.",
                "fr": "Un dessin : des sièges en cercles autour d’un centre libre, dont un doré.",
            },
        ),
        (
            "founding",
            {
                "en": "The members of the founding meeting",
                "ar": "أعضاء الاجتماع التأسيسي",
                "fr": "Les membres de la réunion fondatrice",
            },
            {
                "en": "A drawing: nine points around a common centre, each joined to all others.",
                "ar": "رسم: تسع نقاط حول مركز مشترك، كل منها متصلة بسائرها.",
                "fr": "Un dessin : neuf points autour d’un centre commun, chacun relié aux autres.",
            },
        ),
    ),
}


def load_profiles(mandates: Mapping[str, Mandate]) -> None:
    """Each by its own focal point."""
    fields = lay_down_fields()
    for country, keys in FIELDS_OF.items():
        focal = mandates[f"focal.{country.lower()}"]
        change_profile(
            institution=focal.institution,
            said={"fields": sorted(fields[key].pk for key in keys)},
            version=None,
            actor=focal.user,
            mandate=focal,
        )
    for country, pictures in PICTURES_OF.items():
        focal = mandates[f"focal.{country.lower()}"]
        for pattern, captions, alternatives in pictures:
            add_picture(
                institution=focal.institution,
                upload=cover(pattern),
                captions=captions,
                alternatives=alternatives,
                credit="",
                actor=focal.user,
                mandate=focal,
            )
