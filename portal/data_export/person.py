"""What a person says of themselves, their mandates, and how they came by them."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.audit import act_name
from members.languages import language_words
from members.models import (
    AppointmentLetter,
    Invitation,
    KnownBrowser,
    Mandate,
    PersonProfile,
    User,
)
from portal.data_export.files import name_in_archive, name_of_photo
from records.models import AuditEntry

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


def browser_rows(user: User) -> Iterator[dict[str, Any]]:
    for known in KnownBrowser.objects.of_person(user):
        yield {"device": known.browser, "since": known.seen_at}


def suspension_rows(user: User) -> Iterator[dict[str, Any]]:
    """Each time that a mandate of theirs was suspended or reinstated; the reason of one that
    stands. Who did it is in the log of the secretariat, and no matter of theirs.
    """
    mandates = {m.pk: m for m in Mandate.objects.of_person(user.pk).of_its_holder()}
    entries = AuditEntry.objects.about_any(list(mandates.values()))
    last: set[int] = set()  # the entries come latest first
    for entry in entries:
        if entry.act in ("mandate.suspended", "mandate.reinstated"):
            mandate = mandates[entry.object_id]
            stands = mandate.suspended_at is not None and mandate.pk not in last
            last.add(mandate.pk)
            yield {
                "institution": mandate.institution.name.text,
                "capacity": str(mandate.get_capacity_display()),
                "at": entry.at,
                "act": act_name(entry.act),
                "text": mandate.suspension_reason if stands else "",
            }


def letter_rows(user: User) -> Iterator[dict[str, Any]]:
    for letter in AppointmentLetter.objects.of_person(user):
        yield {
            "institution": letter.mandate.institution.name.text,
            "file": name_in_archive(letter),
            "since": letter.recorded_at,
        }


def mandate_rows(user: User) -> Iterator[dict[str, Any]]:
    for mandate in Mandate.objects.of_person(user.pk).of_its_holder():
        yield {
            "institution": mandate.institution.name.text,
            "capacity": str(mandate.get_capacity_display()),
            "from": mandate.starts_at,
            "until": mandate.ends_at,
        }


def invitation_rows(user: User) -> Iterator[dict[str, Any]]:
    for invitation in Invitation.objects.received_at(user.email):
        institution = invitation.institution
        yield {
            "institution": institution.name.text if institution else "",
            "capacity": str(invitation.get_capacity_display()),
            "since": invitation.created_at,
            "accepted": invitation.accepted_at,
        }
