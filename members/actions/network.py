"""What the secretariat settles about the network, its letters and its charter.

Each settles a new version; none is ever changed.
"""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils.translation import gettext_lazy as _

from members import network
from members.models import (
    CharterText,
    CharterVersion,
    LetterText,
    Mandate,
    NetworkVersion,
    User,
)
from members.permissions.network import can_settle_network
from records.actions import append_audit_entry, store_file

FACTS = (
    "names",
    "short_names",
    "contacts",
    "full_names",
    "associate_names",
    "observer_names",
    "languages",
)


class StaleTextError(ValidationError):
    """Somebody else settled it after this page was opened; `version` stands now."""

    def __init__(self, version: int) -> None:
        super().__init__(_("Somebody else has saved this in the meantime."), code="stale")
        self.version = version


@transaction.atomic
def settle_network(
    *,
    names: dict[str, str],
    short_names: dict[str, str],
    contacts: dict[str, str],
    full_names: dict[str, str],
    associate_names: dict[str, str],
    observer_names: dict[str, str],
    languages: list[str],
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> NetworkVersion:
    """What the network and its classes of membership are called, how it is reached, and in which
    languages it works (codes of deployed ones, in its order; none: all), from now on.

    `version`: as the actor has seen it. What stands already is not settled again: safe to repeat.
    Raises PermissionDenied and StaleTextError.
    """
    _lock(actor)
    stands = NetworkVersion.objects.current()
    before = {name: getattr(stands, name) for name in FACTS}
    new = {
        "names": names,
        "short_names": short_names,
        "contacts": contacts,
        "full_names": full_names,
        "associate_names": associate_names,
        "observer_names": observer_names,
        "languages": languages,
    }
    changed = [name for name in FACTS if before[name] != new[name]]
    if not changed:
        return stands
    if stands.number != version:
        raise StaleTextError(stands.number)
    made = NetworkVersion.objects.create(number=stands.number + 1, made_by=actor, **new)
    transaction.on_commit(network.forget)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="network.settled",
        thing=made,
        before={name: before[name] for name in changed},
        after={"version": made.number, **{name: new[name] for name in changed}},
    )
    return made


def return_network(
    *, number: int, version: int, actor: User, mandate: Mandate | None
) -> NetworkVersion | None:
    """Let an earlier version stand again, as a new one; 0: what the portal was deployed with.

    None where there is none of that number. Raises PermissionDenied and StaleTextError.
    """
    earlier = NetworkVersion.objects.find(number) if number else NetworkVersion(number=0)
    if earlier is None:
        return None
    return settle_network(
        **{name: getattr(earlier, name) for name in FACTS},
        version=version,
        actor=actor,
        mandate=mandate,
    )


@transaction.atomic
def write_letter_text(
    *,
    letter: str,
    language: str,
    subject: str,
    body: str,
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> LetterText:
    """Put a text of a letter (checked: see `LetterTextForm`) in force; without a body, the one
    that comes with the portal.

    The same arguments about repeats and versions as `settle_network`, the same raised.
    """
    _lock(actor)
    stands = LetterText.objects.in_force(letter, language)
    if (stands.subject, stands.body) == (subject, body):
        return stands
    if stands.number != version:
        raise StaleTextError(stands.number)
    made = LetterText.objects.create(
        letter=letter,
        language=language,
        number=stands.number + 1,
        subject=subject,
        body=body,
        made_by=actor,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="letter_text.written" if body else "letter_text.reset",
        thing=made,
        after={"letter": letter, "language": language, "version": made.number},
    )
    return made


@transaction.atomic
def add_charter(
    *,
    files: dict[str, UploadedFile],
    in_force_on: date,
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> CharterVersion:
    """The charter as it stands from a day on: language code → its PDF, one at least.

    `version`: the number of the latest, as the actor has seen it. Raises PermissionDenied,
    StaleTextError, and ValidationError ("no_file").
    """
    _lock(actor)
    latest = CharterVersion.objects.latest_number()
    if latest != version:
        raise StaleTextError(latest)
    if not files:
        raise ValidationError(_("Choose a file, in one language at least."), code="no_file")
    made = CharterVersion.objects.create(number=latest + 1, in_force_on=in_force_on, made_by=actor)
    digests = {}
    for language, upload in files.items():
        file = store_file(
            upload=upload,
            content_type=upload.checked_type,  # type: ignore[attr-defined]
        )
        CharterText.objects.create(
            version=made, language=language, file=file, name=upload.name or ""
        )
        digests[language] = file.sha256
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="charter_version.added",
        thing=made,
        after={
            "version": made.number,
            "in_force_on": in_force_on.isoformat(),
            "languages": list(digests),
            "sha256": list(digests.values()),
        },
    )
    return made


def _lock(actor: User) -> None:
    if not can_settle_network(actor):
        raise PermissionDenied
    with connection.cursor() as cursor:  # there may be no row yet
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.network'))")
