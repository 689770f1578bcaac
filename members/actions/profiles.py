"""What an institution says of itself, and every version of it."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.db import transaction
from django.utils import timezone

from members.actions.proposals import (
    StaleProfileError,
    check_proposal_seen,
    close_open,
    keep_proposal,
    let_logo_go,
    text_of,
    waits_for_release,
)
from members.models import Field, Institution, Mandate, ProfileProposal, ProfileVersion, User
from members.models.institutions import PROFILE
from members.permissions import can_change_profile, is_secretariat
from records.actions import append_audit_entry, store_file
from records.models import StoredFile
from records.pictures import CONTENT_TYPE, preview

LOGO_WIDTH, LOGO_HEIGHT = 480, 320
LONG = ("descriptions", "addresses")  # of these the log says in which languages they changed


@transaction.atomic
def change_profile(
    *,
    institution: Institution,
    said: dict[str, Any],
    version: int | None,
    actor: User,
    mandate: Mandate | None,
    proposal: int | None = None,
) -> Institution | ProfileProposal:
    """Keep what is `said`: texts and facts by their names in PROFILE, and the numbers of "fields".

    What is not among them stays as it is. A retired field that the institution does not have is
    left out. `version`: of the profile that the actor has seen; None for whoever has seen none.
    Each change is kept as a version. Safe to repeat: where nothing changes, nothing is kept.

    Where the network releases profiles, what the institution's own people say waits for that: then
    the proposal that is open is returned, or the institution where nothing is to be released.
    `proposal`: the id of the one that the actor has seen, 0 for none; None: whatever is open.

    Raises PermissionDenied, and StaleProfileError where it changed since.
    """
    fields = locked_fields(said.get("fields", []))
    waits = waits_for_release(actor)
    kept = _locked(institution, actor)
    if "fields" in said:
        said = {**said, "fields": fields_to_have(kept, fields)}
    if not is_secretariat(actor):
        check_proposal_seen(kept, said, proposal)
    if waits:
        _check_seen(kept, said, version)
        return keep_proposal(kept, said, actor=actor, mandate=mandate) or kept
    if not is_secretariat(actor):
        close_open(kept)
    return keep_profile(
        kept,
        said,
        kept.logo,
        version=version,
        act="institution.changed",
        actor=actor,
        mandate=mandate,
    )


@transaction.atomic
def take_back_profile(
    *,
    to: ProfileVersion,
    version: int | None,
    actor: User,
    mandate: Mandate | None,
) -> Institution | ProfileProposal:
    """Let the profile stand as it did in the version `to`, its logo too: as a new version.

    Where the network releases profiles, it waits as any change does. Retired fields as above. Safe
    to repeat. Raises PermissionDenied and StaleProfileError.
    """
    fields = locked_fields(to.profile["fields"])
    waits = waits_for_release(actor)
    kept = _locked(to.institution, actor)
    said = {**to.profile, "fields": fields_to_have(kept, fields)}
    if waits:
        _check_seen(kept, said, version)
        return keep_proposal(kept, said, logos=[to.logo], actor=actor, mandate=mandate) or kept
    if not is_secretariat(actor):
        close_open(kept)
    return keep_profile(
        kept,
        said,
        to.logo,
        version=version,
        act="institution.taken_back",
        actor=actor,
        mandate=mandate,
    )


@transaction.atomic
def change_logo(
    *,
    institution: Institution,
    upload: UploadedFile | None,
    actor: User,
    mandate: Mandate | None,
) -> Institution | ProfileProposal:
    """Show `upload`, made anew and small, as the institution's logo; None: no logo any more.

    A change as any other: it waits, or is kept as a version. Safe to repeat. Raises
    PermissionDenied.
    """
    if not can_change_profile(actor, institution):
        raise PermissionDenied
    logo = _stored(upload) if upload else None
    waits = waits_for_release(actor)
    kept = _locked(institution, actor)
    if waits:
        return keep_proposal(kept, {}, logos=[logo], actor=actor, mandate=mandate) or kept
    if not is_secretariat(actor):
        let_logo_go(kept)
    return keep_profile(
        kept, {}, logo, version=None, act="institution.changed", actor=actor, mandate=mandate
    )


def _check_seen(kept: Institution, said: dict[str, Any], version: int | None) -> None:
    """Raises StaleProfileError where somebody else has changed what stands."""
    before = kept.profile()
    if all(before[key] == value for key, value in said.items()):
        return
    if version not in (None, kept.profile_version) and not _has_seen(
        kept, said, kept.logo, version
    ):
        raise StaleProfileError(kept.profile_version)


def locked_fields(ids: list[int]) -> list[Field]:
    """Locked before the institution is, and by their numbers, as a field that is renamed does."""
    return list(Field.objects.numbered(ids).select_for_update(no_key=True).order_by("pk"))


def fields_to_have(institution: Institution, fields: list[Field]) -> list[int]:
    held = {field.pk for field in institution.fields_of_work.all()}
    return [field.pk for field in fields if not field.is_retired or field.pk in held]


def _locked(institution: Institution, actor: User) -> Institution:
    if not can_change_profile(actor, institution):
        raise PermissionDenied
    return Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)


def keep_profile(
    kept: Institution,
    said: dict[str, Any],
    logo: StoredFile | None,
    *,
    version: int | None,
    act: str,
    actor: User,
    mandate: Mandate | None,
    author: tuple[User | None, Mandate | None] | None = None,
) -> Institution:
    """Write what is `said` into the locked institution, as a version by `author` (else the actor).

    The caller has checked the right, and holds the locks. Raises StaleProfileError.
    """
    before = kept.profile()
    logo_before = kept.logo
    changed = [key for key, value in said.items() if before[key] != value]
    if not changed and logo == logo_before:
        return kept
    if version not in (None, kept.profile_version) and not _has_seen(kept, said, logo, version):
        raise StaleProfileError(kept.profile_version)
    if not kept.profile_version:
        kept.profile_versions.create(number=0, at=kept.created_at, profile=before, logo=logo_before)
    for key in set(changed) & set(PROFILE):
        setattr(kept, key, said[key])
    if "fields" in changed:
        kept.fields_of_work.set(said["fields"])
    kept.logo = logo
    kept.profile_version += 1
    kept.search_text = kept.searchable()
    kept.save(
        update_fields=[
            *(key for key in PROFILE if key in changed),
            "logo",
            "profile_version",
            "search_text",
        ]
    )
    after = kept.profile()
    kept.profile_versions.create(
        number=kept.profile_version,
        at=timezone.now(),
        profile=after,
        logo=logo,
        actor=author[0] if author else actor,
        mandate=author[1] if author else mandate,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=kept,
        before=_told(before, changed),
        after={
            "institution": kept.pk,
            "version": kept.profile_version,
            **_told(after, changed),
            **{key: _languages(before[key], after[key]) for key in LONG if key in changed},
            **({"logo": logo is not None} if logo != logo_before else {}),
        },
    )
    return kept


def _has_seen(
    kept: Institution, said: dict[str, Any], logo: StoredFile | None, version: int
) -> bool:
    """Whether an earlier version is, in what `said` and a change to `logo` would replace, what
    stands.
    """
    seen, stands = kept.profile_versions.find(version), kept.profile()
    if seen is None or text_of(seen.profile) != text_of(stands):
        return False
    if "pictures" in said and seen.profile["pictures"] != stands["pictures"]:
        return False
    return logo == kept.logo or seen.logo_id == kept.logo_id


def _told(profile: dict[str, Any], changed: list[str]) -> dict[str, Any]:
    """What the log says of these; fields by what they are called now."""
    told = {key: profile[key] for key in changed if key not in LONG}
    if "pictures" in told:
        told["pictures"] = len(told["pictures"])  # the versions have their words
    if "fields" in told:
        fields = Field.objects.numbered(told["fields"]).in_order()
        told["fields"] = [field.names for field in fields]
    return told


def _languages(before: dict[str, str], after: dict[str, str]) -> list[str]:
    """In which languages a text is another."""
    return [
        code for code in dict.fromkeys([*before, *after]) if before.get(code) != after.get(code)
    ]


def _stored(upload: UploadedFile) -> StoredFile:
    logo = preview(upload, LOGO_WIDTH, LOGO_HEIGHT)
    made = SimpleUploadedFile("logo.webp", logo.content, CONTENT_TYPE)
    return store_file(upload=made, content_type=CONTENT_TYPE)
