"""Fields of work of the demo's institutions: what their names say, and no more."""

from collections.abc import Mapping

from members.actions.profiles import change_profile
from members.models import Mandate
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
