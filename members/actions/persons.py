"""What people say of themselves. The log says what changed, never the words."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction

from members.models import PersonProfile, User
from members.names import SCRIPTS
from records.actions import append_audit_entry, discard_file, store_file
from records.pictures import CONTENT_TYPE, preview

PHOTO_SIDE = 480
PROFILE = ("forms_of_address", "positions", "languages", "visibility")


@transaction.atomic
def change_person_profile(*, actor: User, said: dict[str, Any]) -> PersonProfile:
    """Keep what the actor says of themselves: names by SCRIPTS, and the columns of PROFILE.

    What is not among them stays as it is. Safe to repeat: where nothing changes, nothing is kept.
    Raises ValueError for a person without any name.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    profile = PersonProfile.objects.of(person)
    named = _changed(person, said, SCRIPTS)
    if named:
        if not person.names:
            raise ValueError("a person without a name")
        person.search_text = person.searchable()
        person.save(update_fields=[*named, "search_text"])
        for script in named:
            setattr(actor, script, getattr(person, script))
    told = _changed(profile, said, PROFILE)
    if told:
        profile.save()
    if named or told:
        _log(actor, [*named, *told])
    return profile


@transaction.atomic
def change_photo(*, actor: User, upload: UploadedFile | None) -> PersonProfile:
    """Show `upload`, made anew and small, as the actor's photo; None: none any more.

    The photo of before is thrown away. Safe to repeat.
    """
    photo = None
    if upload:
        made = preview(upload, PHOTO_SIDE, PHOTO_SIDE)
        photo = store_file(
            upload=SimpleUploadedFile("photo.webp", made.content, CONTENT_TYPE),
            content_type=CONTENT_TYPE,
        )
    person = User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    profile = PersonProfile.objects.of(person)
    before = profile.photo
    if photo == before:
        return profile
    profile.photo = photo
    profile.save()
    if before:
        discard_file(before)
    _log(actor, ["photo"])
    return profile


def _changed(thing: Any, said: dict[str, Any], keys: tuple[str, ...]) -> list[str]:
    """Put what is said into `thing`; which of `keys` are another now."""
    changed = [key for key in keys if key in said and getattr(thing, key) != said[key]]
    for key in changed:
        setattr(thing, key, said[key])
    return changed


def _log(actor: User, changed: list[str]) -> None:
    append_audit_entry(
        actor=actor, act="person.profile_changed", thing=actor, after={"changed": changed}
    )
