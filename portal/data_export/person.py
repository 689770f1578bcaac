"""What a person says of themselves, and the letters that appoint them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.languages import language_words
from members.models import AppointmentLetter, PersonProfile, User
from portal.data_export.files import name_in_archive, name_of_photo

PART_NAMES = {
    "form_of_address": _("Form of address"),
    "position": _("Position"),
    "languages": _("Languages that I speak"),
    "photo": _("Photo"),
    "time_zone": _("Time zone"),
    "email": _("E-mail address"),
}


def profile_rows(user: User) -> Iterator[dict[str, Any]]:
    """What they say of themselves, in each language, and whom each part is shown to."""
    profile = PersonProfile.objects.of(user)
    said: list[tuple[str, Any, str]] = [
        ("languages", language_words(profile.languages), "languages"),
        ("photo", name_of_photo(profile) if profile.photo else "", "photo"),
        ("time_zone", user.time_zone, "time_zone"),
        ("email", user.email, "email"),
    ]
    for part, texts in (
        ("form_of_address", profile.forms_of_address),
        ("position", profile.positions),
    ):
        said += [(part, text, part) for text in texts.values()]
    for kind, text, part in said:
        yield {
            "kind": str(PART_NAMES[kind]),
            "text": text,
            "shown_to": str(profile.shown_to(part).label),
        }


def letter_rows(user: User) -> Iterator[dict[str, Any]]:
    for letter in AppointmentLetter.objects.of_person(user):
        yield {
            "institution": letter.mandate.institution.name.text,
            "file": name_in_archive(letter),
            "since": letter.recorded_at,
        }
