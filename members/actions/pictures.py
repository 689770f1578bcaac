"""Pictures of an institution: added, described, put in order, taken out and put back.

They are a part of the profile (`Institution.pictures`): each change is a version of it, or waits
for the release as any change does. Locks: the rule of releases, the institution, the audit log.
"""

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from members.actions.profiles import keep_profile
from members.actions.proposals import close_open, keep_proposal, waits_for_release
from members.models import Institution, InstitutionPicture, Mandate, ProfileProposal, User
from members.models.pictures import MOST_KEPT, MOST_PICTURES, pictures_to_change
from members.permissions import can_change_profile, is_secretariat
from members.pictures import Entry
from records.actions import store_file
from records.models import StoredFile
from records.pictures import CONTENT_TYPE, Rendition, previews
from records.reading import number

SMALL, LARGE = 640, 1600  # the longest side
Kept = Institution | ProfileProposal  # what was written: published, or waiting for the release


class TooManyPicturesError(ValidationError):
    """The institution shows, or has sent, as many as it may."""


class StalePictureError(Exception):
    """Somebody has described the picture anew since. Nothing was changed."""

    def __init__(self, version: int) -> None:
        super().__init__()
        self.version = version  # as it stands now


@transaction.atomic
def add_picture(
    *,
    institution: Institution,
    upload: UploadedFile,
    captions: dict[str, str],
    alternatives: dict[str, str],
    credit: str,
    actor: User,
    mandate: Mandate | None,
) -> Kept:
    """Show `upload` (checked by `records.forms.PictureField`), made anew in two sizes, after the
    others.

    Sent twice, it is one picture; one that was taken out comes back with these words. Raises
    PermissionDenied, TooManyPicturesError.
    """
    _check_right(actor, institution)
    small, large = previews(upload, (SMALL, LARGE))
    files = _stored(small), _stored(large)
    waits, kept, entries = _locked(institution, actor)
    picture = InstitutionPicture.objects.same(kept, files[1])
    if picture and _place(entries, picture) is not None:
        return _written(kept, entries, entries, waits, "", actor, mandate)
    _check_room(entries)
    if picture is None:
        if kept.pictures_kept.count() >= MOST_KEPT:
            raise TooManyPicturesError(
                _("So many pictures were sent that no more are kept. Put back one of them."),
                code="too_many",
            )
        picture = InstitutionPicture.objects.create(
            institution=kept, small=files[0], large=files[1], added_by=actor, mandate=mandate
        )
    said = {"captions": captions, "alternatives": alternatives, "credit": credit}
    entry = {
        "id": picture.pk,
        "small": [files[0].sha256, small.width, small.height],
        "large": [files[1].sha256, large.width, large.height],
    }
    _say(picture, {**entry, **said})
    more = [*entries, picture.entry]
    return _written(kept, entries, more, waits, "institution.picture_added", actor, mandate)


@transaction.atomic
def describe_picture(
    *,
    picture: InstitutionPicture,
    version: int | None,
    captions: dict[str, str],
    alternatives: dict[str, str],
    credit: str,
    actor: User,
    mandate: Mandate | None,
) -> Kept:
    """Give it other words, shown or taken out. The same words change nothing.

    `version`: of the words that the actor has seen. Raises PermissionDenied, StalePictureError.
    """
    waits, kept, entries = _locked(picture.institution, actor)
    picture.refresh_from_db()
    place = _place(entries, picture)
    before = picture.entry if place is None else entries[place]
    said = {"captions": captions, "alternatives": alternatives, "credit": credit}
    after = {**before, **said}
    if after == before:
        return kept
    if version not in (None, picture.version):
        raise StalePictureError(picture.version)
    _say(picture, after)
    anew = [after if entry["id"] == picture.pk else entry for entry in entries]
    return _written(kept, entries, anew, waits, "institution.picture_described", actor, mandate)


@transaction.atomic
def move_picture(
    *, picture: InstitutionPicture, place: int, actor: User, mandate: Mandate | None
) -> Kept:
    """Put it at `place`, from 1, among those that are shown; past the end, it is the last.

    Safe to repeat; one that is taken out stays so. Raises PermissionDenied.
    """
    waits, kept, entries = _locked(picture.institution, actor)
    stands = _place(entries, picture)
    moved = [*entries]
    if stands is not None:
        moved.insert(max(0, place - 1), moved.pop(stands))
    return _written(kept, entries, moved, waits, "institution.picture_moved", actor, mandate)


@transaction.atomic
def remove_picture(*, picture: InstitutionPicture, actor: User, mandate: Mandate | None) -> Kept:
    """Show it no more. It is kept, as the versions that have it are, and can be put back.

    Safe to repeat. Raises PermissionDenied.
    """
    waits, kept, entries = _locked(picture.institution, actor)
    left = [entry for entry in entries if entry["id"] != picture.pk]
    return _written(kept, entries, left, waits, "institution.picture_removed", actor, mandate)


@transaction.atomic
def restore_picture(*, picture: InstitutionPicture, actor: User, mandate: Mandate | None) -> Kept:
    """Show one that was taken out again, after the others, with the words that it had last.

    Safe to repeat. Raises PermissionDenied, TooManyPicturesError.
    """
    waits, kept, entries = _locked(picture.institution, actor)
    picture.refresh_from_db()
    more = [*entries]
    if _place(entries, picture) is None:
        _check_room(entries)
        more.append(picture.entry)
    return _written(kept, entries, more, waits, "institution.picture_restored", actor, mandate)


def _check_right(actor: User, institution: Institution) -> None:
    if not can_change_profile(actor, institution):
        raise PermissionDenied


def _check_room(entries: list[Entry]) -> None:
    if len(entries) >= MOST_PICTURES:
        raise TooManyPicturesError(
            _("At most %(count)s pictures are shown. Take one out first."),
            code="too_many",
            params={"count": number(MOST_PICTURES)},
        )


def _locked(institution: Institution, actor: User) -> tuple[bool, Institution, list[Entry]]:
    """Whether it waits for the release; the institution; and the pictures one goes on from."""
    _check_right(actor, institution)
    waits = waits_for_release(actor)
    kept = Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    return waits, kept, pictures_to_change(kept, waits=waits)


def _place(entries: list[Entry], picture: InstitutionPicture) -> int | None:
    return next((n for n, entry in enumerate(entries) if entry["id"] == picture.pk), None)


def _say(picture: InstitutionPicture, entry: Entry) -> None:
    picture.version += bool(picture.entry)
    picture.entry = entry
    picture.save(update_fields=["entry", "version"])


def _written(
    kept: Institution,
    before: list[Entry],
    entries: list[Entry],
    waits: bool,
    act: str,
    actor: User,
    mandate: Mandate | None,
) -> Kept:
    """Keep the whole set as what it is from now on, or would be."""
    if entries == before:
        return (kept.profile_proposals.open().first() if waits else None) or kept
    said = {"pictures": entries}
    if waits:
        return keep_proposal(kept, said, actor=actor, mandate=mandate) or kept
    proposal = kept.profile_proposals.open().first()
    keep_profile(kept, said, kept.logo, version=None, act=act, actor=actor, mandate=mandate)
    if proposal and not is_secretariat(actor) and proposal.profile | said == kept.profile():
        close_open(kept)  # nothing else waits, and these take its place
    return kept


def _stored(rendition: Rendition) -> StoredFile:
    upload = SimpleUploadedFile("picture.webp", rendition.content, CONTENT_TYPE)
    return store_file(upload=upload, content_type=CONTENT_TYPE)
