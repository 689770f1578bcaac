"""Notices on an institution's standing: drafted by the portal, sent or discarded by a person."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.emails_notices import defer_letters
from members.enums_standing import NoticeState
from members.models import Institution, Mandate, StandingNotice, User
from members.permissions.standing import can_watch_standing
from members.standing_notices import readers_of
from records.actions import append_audit_entry


class StaleNoticeError(ValidationError):
    """Somebody else has changed, sent or discarded the notice after the page was opened."""

    def __init__(self, notice: StandingNotice) -> None:
        said = {
            NoticeState.DRAFT: _("Somebody else has saved this in the meantime."),
            NoticeState.SENT: _("This notice was sent in the meantime."),
            NoticeState.DISCARDED: _("This notice was discarded in the meantime."),
        }
        super().__init__(said[notice.stage], code="stale")
        self.notice = notice  # as it stands now


@transaction.atomic
def draft_notice(
    *,
    institution: Institution,
    subject: str,
    titles: dict[str, str],
    bodies: dict[str, str],
    actor: User,
    mandate: Mandate | None,
) -> StandingNotice:
    """A draft with these texts, or the one on this subject that is there already.

    Raises PermissionDenied.
    """
    _check_right(actor)
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    there = StandingNotice.objects.of_institution(institution).on(subject).drafts().first()
    if there is not None:
        return there
    notice = StandingNotice.objects.create(
        institution=institution, subject=subject, titles=titles, bodies=bodies, created_by=actor
    )
    _note("notice.drafted", notice, actor, mandate)
    return notice


@transaction.atomic
def change_notice(
    *,
    notice: StandingNotice,
    titles: dict[str, str],
    bodies: dict[str, str],
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> StandingNotice:
    """Keep the texts of a draft. Safe to repeat. Raises PermissionDenied and StaleNoticeError."""
    kept = _locked(notice, actor)
    if kept.is_draft and (kept.titles, kept.bodies) == (titles, bodies):
        return kept
    _check_seen(kept, version)
    _write(kept, titles, bodies)
    kept.save(update_fields=["titles", "bodies", "version"])
    _note("notice.changed", kept, actor, mandate)
    return kept


@transaction.atomic
def send_notice(
    *,
    notice: StandingNotice,
    titles: dict[str, str],
    bodies: dict[str, str],
    version: int,
    actor: User,
    mandate: Mandate | None,
) -> StandingNotice:
    """Send it with these texts to the heads and focal points of the institution, each in their
    language, and keep who sent what to whom.

    Safe to repeat by the same person. Raises PermissionDenied, StaleNoticeError, and
    ValidationError("nobody") where it has neither head nor focal point.
    """
    kept = _locked(notice, actor)
    sent = (kept.state, kept.sent_by_id, kept.titles, kept.bodies)
    if sent == (NoticeState.SENT, actor.pk, titles, bodies):
        return kept
    _check_seen(kept, version)
    readers = readers_of(kept.institution)
    if not readers:
        raise ValidationError(
            _("The institution has neither a head of delegation nor a focal point to read it."),
            code="nobody",
        )
    _write(kept, titles, bodies)
    kept.state, kept.sent_at = NoticeState.SENT, timezone.now()
    kept.sent_by, kept.sent_mandate = actor, mandate
    kept.save()
    kept.recipients.set(readers)
    _note("notice.sent", kept, actor, mandate, recipients=len(readers))
    defer_letters(kept, readers)
    return kept


@transaction.atomic
def discard_notice(
    *, notice: StandingNotice, version: int, actor: User, mandate: Mandate | None
) -> StandingNotice:
    """Send it never. Safe to repeat. Raises PermissionDenied and StaleNoticeError."""
    kept = _locked(notice, actor)
    if kept.state == NoticeState.DISCARDED:
        return kept
    _check_seen(kept, version)
    kept.state = NoticeState.DISCARDED
    kept.discarded_at, kept.discarded_by = timezone.now(), actor
    kept.save(update_fields=["state", "discarded_at", "discarded_by"])
    _note("notice.discarded", kept, actor, mandate)
    return kept


def _check_right(actor: User) -> None:
    if not can_watch_standing(actor):
        raise PermissionDenied


def _locked(notice: StandingNotice, actor: User) -> StandingNotice:
    """Whoever changes a notice holds its institution."""
    _check_right(actor)
    Institution.objects.select_for_update(no_key=True).get(pk=notice.institution_id)
    return StandingNotice.objects.select_related("institution").get(pk=notice.pk)


def _check_seen(kept: StandingNotice, version: int) -> None:
    if not kept.is_draft or kept.version != version:
        raise StaleNoticeError(kept)


def _write(kept: StandingNotice, titles: dict[str, str], bodies: dict[str, str]) -> None:
    kept.titles, kept.bodies = titles, bodies
    kept.version += 1


def _note(
    act: str, notice: StandingNotice, actor: User, mandate: Mandate | None, **more: Any
) -> None:
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=act,
        thing=notice,
        after={"institution": notice.institution_id, "subject": notice.subject, **more},
    )
