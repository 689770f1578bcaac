"""What happens to a mandate between its beginning and its end."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members import signals
from members.actions.people import LastOfItsKindError, day_of, lock_institution
from members.emails_mandates import defer_mandate_letter, tell_managers_laid_down
from members.enums import Capacity, MandateLetter
from members.models import MOST_LETTERS, AppointmentLetter, Mandate, User
from members.permissions import (
    can_end_mandate,
    can_lay_down,
    can_record_letters,
    can_suspend_mandate,
    is_secretariat,
)
from records.actions import append_audit_entry, store_file


@transaction.atomic
def suspend_mandate(
    *, suspending: Mandate, reason: str, actor: User, mandate: Mandate | None = None
) -> Mandate:
    """Let a mandate carry no rights until it is reinstated. Its holder is told why by e-mail.

    Rights go within a second, by `mandate_changed`. Safe to repeat; what has ended stays as it is.
    Raises PermissionDenied, and LastOfItsKindError as `end_mandate` does.
    """
    suspending = _locked(suspending)
    if not can_suspend_mandate(actor, suspending) or not reason:
        raise PermissionDenied
    if suspending.suspended_at or suspending.is_ended:
        return suspending
    if suspending.is_last_of_its_kind() and (
        suspending.capacity == Capacity.SECRETARIAT or not is_secretariat(actor)
    ):
        raise LastOfItsKindError
    suspending.suspended_at, suspending.suspension_reason = timezone.now(), reason
    return _changed(suspending, "mandate.suspended", MandateLetter.SUSPENDED, actor, mandate)


@transaction.atomic
def reinstate_mandate(
    *, suspended: Mandate, actor: User, mandate: Mandate | None = None
) -> Mandate:
    """Let a suspended mandate carry its rights again. Safe to repeat. Raises PermissionDenied."""
    suspended = _locked(suspended)
    if not can_suspend_mandate(actor, suspended):
        raise PermissionDenied
    if suspended.suspended_at is None:
        return suspended
    suspended.suspended_at, suspended.suspension_reason = None, ""
    return _changed(suspended, "mandate.reinstated", MandateLetter.REINSTATED, actor, mandate)


@transaction.atomic
def lay_down_mandate(*, laying: Mandate, actor: User, mandate: Mandate | None = None) -> Mandate:
    """End one's own mandate now, and its rights with it: no leave of others is asked.

    Sends `mandate_ended`, and letters to who manages the delegation. Safe to repeat. As where
    others end it, the last of the secretariat and the last focal point of a delegation stay until
    there is another. Raises PermissionDenied, LastOfItsKindError.
    """
    laying = _locked(laying)
    if not can_lay_down(actor, laying):
        raise PermissionDenied
    if laying.is_ended:
        return laying
    now = max(timezone.now(), laying.starts_at)
    if laying.is_last_of_its_kind(now) and (
        laying.capacity == Capacity.SECRETARIAT or not is_secretariat(actor)
    ):
        raise LastOfItsKindError
    laying.ends_at = now
    laying.save(update_fields=["ends_at"])
    signals.mandate_ended.send(Mandate, mandate=laying)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="mandate.laid_down",
        thing=laying,
        before=held_by(laying),
    )
    tell_managers_laid_down(laying)
    return laying


@transaction.atomic
def take_end_off(*, ending: Mandate, actor: User, mandate: Mandate | None = None) -> Mandate:
    """Let a mandate that would have ended by itself run on. Safe to repeat.

    What has ended stays ended. Raises PermissionDenied, also for a mandate of the secretariat: the
    day that it may have is a handover's.
    """
    ending = _locked(ending)
    if ending.capacity == Capacity.SECRETARIAT or not can_end_mandate(actor, ending):
        raise PermissionDenied
    if ending.ends_at is None or ending.is_ended:
        return ending
    before = ending.last_moment
    ending.ends_at = None
    ending.save(update_fields=["ends_at"])
    signals.mandate_changed.send(Mandate, mandate=ending)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="mandate.end_settled",
        thing=ending,
        before={"ends_on": day_of(before, actor)},
        after={**held_by(ending), "ends_on": None},
    )
    return ending


@transaction.atomic
def record_letters(
    *,
    of: Mandate,
    uploads: Sequence[UploadedFile],
    actor: User,
    mandate: Mandate | None = None,
) -> list[AppointmentLetter]:
    """Put letters of appointment on record with a mandate, as `StoredFileField` has checked them.

    Each file is kept once, and none is ever taken away. Raises PermissionDenied, and
    ValidationError with code "too_many".
    """
    of = _locked(of)
    if not can_record_letters(actor, of):
        raise PermissionDenied
    kept = {letter.file_id: letter for letter in AppointmentLetter.objects.of_mandate(of)}
    found = []
    for upload in uploads:
        stored = store_file(upload=upload, content_type=upload.checked_type)  # type: ignore[attr-defined]
        if stored.pk in kept:
            found.append(kept[stored.pk])
            continue
        if len(kept) >= MOST_LETTERS:
            raise ValidationError(
                _("At most %(number)s files."), code="too_many", params={"number": MOST_LETTERS}
            )
        letter = kept[stored.pk] = AppointmentLetter.objects.create(
            mandate=of, file=stored, name=upload.name or "", recorded_by=actor
        )
        found.append(letter)
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="mandate.letter_recorded",
            thing=of,
            after={**held_by(of), "sha256": stored.sha256},
        )
    return found


def held_by(mandate: Mandate) -> dict[str, Any]:
    """For the log: who holds what."""
    return {
        "user": mandate.user_id,
        "institution": mandate.institution_id,
        "capacity": mandate.capacity,
    }


def _locked(mandate: Mandate) -> Mandate:
    """The row, locked after its institution's."""
    lock_institution(mandate.institution)
    locked = Mandate.objects.select_for_update(of=("self",), no_key=True)
    return locked.for_display().get(pk=mandate.pk)


def _changed(
    changed: Mandate, act: str, letter: MandateLetter, actor: User, mandate: Mandate | None
) -> Mandate:
    """The log says that there was a reason; the row has the words."""
    changed.save(update_fields=["suspended_at", "suspension_reason"])
    signals.mandate_changed.send(Mandate, mandate=changed)
    append_audit_entry(actor=actor, mandate=mandate, act=act, thing=changed, after=held_by(changed))
    defer_mandate_letter(letter, changed, actor=actor)
    return changed
