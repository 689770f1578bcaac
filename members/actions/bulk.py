"""One act, done to several rows: each by the action that exists for one, in a transaction of its
own, so that a row that cannot be done holds nobody else up, and no two are locked at once.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from members.actions.applications import WrongStateError, lock_application, start_review
from members.actions.people import LastOfItsKindError, end_mandate
from members.bulk import REMINDED, REMINDER_DAYS, BulkRow, fates_of, seen_of
from members.emails_second_factor import send_second_factor_letter
from members.enums_lists import BulkAct, BulkFate
from members.models import Application, Institution, Mandate, User
from members.permissions import is_secretariat
from records.actions import append_audit_entry
from records.models import AuditEntry


class ChangedError(Exception):
    """The row is no longer as it was when it was looked at."""


def do_to_several(
    *,
    act: str,
    things: Sequence[Mandate] | Sequence[Application],
    seen: Mapping[int, str],
    actor: User,
    mandate: Mandate | None,
    at: datetime | None = None,
    reason: str = "",
) -> list[BulkRow]:
    """Do `act` to all of `things` that it can be done to, and say of each what became of it.

    `seen` is how each stood when the actor looked (see `seen_of`): what has changed since is left.
    Safe to repeat: what is done is found done. Raises PermissionDenied for whoever is not of the
    secretariat, and between two rows when the actor's mandate ends.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    rows = fates_of(act, things, actor=actor, at=at)
    return [_done(row, act, seen, actor, mandate, at, reason) for row in rows]


def _done(
    row: BulkRow,
    act: str,
    seen: Mapping[int, str],
    actor: User,
    mandate: Mandate | None,
    at: datetime | None,
    reason: str,
) -> BulkRow:
    if row.fate != BulkFate.READY:
        return row
    if row.seen != seen.get(row.thing.pk):
        return row.now(BulkFate.CHANGED)
    thing = row.thing
    one: Callable[[], bool]
    if isinstance(thing, Application):
        one = partial(_review, thing, row.seen, actor, mandate)
    elif act == BulkAct.REMIND:
        one = partial(remind_of_second_factor, user=thing.user, actor=actor, mandate=mandate)
    else:
        one = partial(_end, thing, row.seen, actor, mandate, at, reason)
    try:
        done = one()
    except (ChangedError, WrongStateError):
        return row.now(BulkFate.CHANGED)
    except LastOfItsKindError:
        return row.now(BulkFate.REFUSED, _("It is the last mandate of the secretariat."))
    return row.now(BulkFate.DONE) if done else row.now(BulkFate.CHANGED)


@transaction.atomic
def _end(
    ending: Mandate,
    seen: str,
    actor: User,
    mandate: Mandate | None,
    at: datetime | None,
    reason: str,
) -> bool:
    Institution.objects.select_for_update(no_key=True).get(pk=ending.institution_id)
    if seen_of(Mandate.objects.get(pk=ending.pk)) != seen:  # each change locks the institution
        raise ChangedError
    end_mandate(ending=ending, actor=actor, mandate=mandate, at=at, reason=reason)
    return True


@transaction.atomic
def _review(application: Application, seen: str, actor: User, mandate: Mandate | None) -> bool:
    application = lock_application(application)
    if seen_of(application) != seen:
        raise ChangedError
    start_review(application=application, actor=actor, mandate=mandate)
    return True


@transaction.atomic
def remind_of_second_factor(*, user: User, actor: User, mandate: Mandate | None) -> bool:
    """Write to a person whose running mandate asks for a second factor that they do not have.

    Whether a letter goes out: none within REMINDER_DAYS of the last, none where it is not owed.
    Raises PermissionDenied.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    user = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    now = timezone.now()
    since = now - timedelta(days=REMINDER_DAYS)
    if AuditEntry.objects.lately(REMINDED, User, {user.pk}, since):
        return False
    if not User.objects.owing_second_factor([user.pk], now).exists():
        return False
    send_second_factor_letter.defer(user_id=user.pk)
    append_audit_entry(actor=actor, mandate=mandate, act=REMINDED, thing=user)
    return True
