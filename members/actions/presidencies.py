"""Terms of the presidency from before the portal, as the secretariat enters them.

Who presides now, and next, is settled by handovers alone: nothing that rights hang on is touched
here.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from members.models import Institution, Mandate, Presidency, User, network_today
from members.permissions.presidencies import can_enter_terms
from members.presidency_words import term_in_words
from records.actions import append_audit_entry


class TermsOverlapError(ValidationError):
    def __init__(self, others: Iterable[Presidency]) -> None:
        said = [term_in_words(other) for other in others]
        super().__init__(
            _("It overlaps a term that is on record: %(terms)s.")
            if said
            else _("It overlaps a term that is on record."),
            code="overlaps",
            params={"terms": "; ".join(said)},
        )


class TermChangedError(ValidationError):
    """The term is another than the actor saw, or is gone."""

    def __init__(self) -> None:
        super().__init__(_("Somebody else has changed this term in the meantime."), code="stale")


@transaction.atomic
def enter_term(
    *,
    institution: Institution,
    starts_on: date,
    ends_on: date,
    interim: bool,
    actor: User,
    mandate: Mandate | None,
) -> Presidency:
    """Note who presided before. Safe to repeat: the very same term is entered once.

    Raises PermissionDenied, TermsOverlapError, and ValidationError with code "wrong_days",
    "not_over" or "rights_hang_on_it".
    """
    _check_right(actor)
    _check_days(starts_on, ends_on)
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    term = Presidency(institution=institution, interim=interim)
    term.starts_on, term.ends_on = starts_on, ends_on
    if same := Presidency.objects.same_as(term):
        return same
    _save(term)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="presidency.recorded",
        thing=term,
        after=_told(term),
    )
    return term


@transaction.atomic
def correct_term(
    *,
    term: Presidency,
    seen: str,
    institution: Institution,
    starts_on: date,
    ends_on: date,
    interim: bool,
    actor: User,
    mandate: Mandate | None,
) -> Presidency:
    """Say a term that is over otherwise. `seen`: its `mark`, as the actor has seen it.

    Safe to repeat. Raises as `enter_term`, and TermChangedError.
    """
    _check_days(starts_on, ends_on)
    kept = _locked(term, actor)
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)
    before, mark = _told(kept), kept.mark
    kept.institution, kept.interim = institution, interim
    kept.starts_on, kept.ends_on = starts_on, ends_on
    if kept.mark == mark:
        return kept
    if mark != seen:
        raise TermChangedError
    _save(kept)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="presidency.corrected",
        thing=kept,
        before=before,
        after=_told(kept),
    )
    return kept


@transaction.atomic
def remove_term(*, term: Presidency, seen: str, actor: User, mandate: Mandate | None) -> None:
    """Take out a term that was entered by mistake. Raises PermissionDenied, TermChangedError (also
    where it is repeated), and ValidationError with code "rights_hang_on_it".
    """
    kept = _locked(term, actor)
    if kept.mark != seen:
        raise TermChangedError
    number = kept.pk
    kept.delete()
    kept.pk = number
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="presidency.removed",
        thing=kept,
        before=_told(kept),
    )


def _check_right(actor: User) -> None:
    if not can_enter_terms(actor):
        raise PermissionDenied


def _locked(term: Presidency, actor: User) -> Presidency:
    _check_right(actor)
    kept = Presidency.objects.by_hand().select_for_update(of=("self",)).filter(pk=term.pk).first()
    if kept is None:
        raise TermChangedError
    _check_rights_of(kept)
    return kept


def _check_days(starts_on: date, ends_on: date) -> None:
    if ends_on < starts_on:
        raise ValidationError(_("The last day lies before the first."), code="wrong_days")
    if ends_on >= network_today():
        raise ValidationError(
            _("Only terms that are over are entered here: a handover settles who presides next."),
            code="not_over",
        )


def _save(term: Presidency) -> None:
    _check_rights_of(term)
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        raise TermsOverlapError(Presidency.objects.overlapping(term)) from error


def _check_rights_of(term: Presidency) -> None:
    """Whoever was of the secretariat in a term reads what that office could (`is_of_past_office`):
    nobody comes to that, or loses it, by what is entered here.
    """
    if Mandate.objects.of_office_before(term).exists():
        raise ValidationError(
            _(
                "People of this institution were of the secretariat in the portal before this term "
                "ended: what they may read hangs on it."
            ),
            code="rights_hang_on_it",
        )


def _told(term: Presidency) -> dict[str, Any]:
    last = term.ends_on
    return {
        "institution": term.institution_id,
        "from": term.starts_on.isoformat(),
        "to": last.isoformat() if last else None,
        "interim": term.interim,
    }
