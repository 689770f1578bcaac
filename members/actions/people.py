"""Persons and their mandates."""

from datetime import datetime
from zoneinfo import ZoneInfo

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members import signals
from members.emails_mandates import defer_mandate_letter
from members.enums import Capacity, MandateLetter
from members.models import Institution, Mandate, User
from members.permissions import can_end_mandate, can_invite, is_secretariat
from records.actions import append_audit_entry


class LastOfItsKindError(Exception):
    """The mandate may not end yet: nobody else holds this capacity. Carries no text of its own."""


class AccountClosedError(ValidationError):
    """The account was erased or closed: its person is given nothing any more."""

    def __init__(self) -> None:
        super().__init__(
            _("This person’s account is closed. Nothing more can be given to it."),
            code="account_closed",
        )


@transaction.atomic
def create_person(
    *, email: str, name: str, password: str | None, language: str = "", time_zone: str = "UTC"
) -> User:
    """Make an account whose address counts as proved: the person came by a link sent to it.

    Without a password nobody can sign in to it.

    Raises IntegrityError when the address has an account.
    """
    user = User.objects.create_user(
        email=email, password=password, name=name, language=language, time_zone=time_zone
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    append_audit_entry(actor=user, act="person.created", thing=user)
    return user


@transaction.atomic
def choose_language(*, user: User, language: str) -> None:
    """Keep the person's language (a code of settings.LANGUAGES)."""
    user.language = language
    user.save(update_fields=["language"])


@transaction.atomic
def change_person(
    *,
    user: User,
    language: str,
    time_zone: str,
    theme: str = "",
    digits: str = "",
    shows_hijri: bool = False,
) -> None:
    """Keep how the person reads. The log says what changed.

    Safe to repeat: nothing is logged when nothing changed.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    new = {
        "language": language,
        "time_zone": time_zone,
        "theme": theme,
        "digits": digits,
        "shows_hijri": shows_hijri,
    }
    changed = [field for field, value in new.items() if getattr(person, field) != value]
    if not changed:
        return
    for field in changed:
        setattr(person, field, new[field])
        setattr(user, field, new[field])
    person.save(update_fields=changed)
    append_audit_entry(actor=user, act="person.changed", thing=person, after={"changed": changed})


@transaction.atomic
def start_mandate(
    *,
    user: User,
    institution: Institution,
    capacity: Capacity,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
    succeeds: Mandate | None = None,
    actor: User | None = None,
    mandate: Mandate | None = None,
) -> Mandate:
    """Appoint the person and announce it (`mandate_started`).

    Without `starts_at` it begins now. Safe to repeat: who holds a running mandate of this capacity
    there keeps that one. `succeeds`: the mandate that is handed over to this one. `actor` None is
    the portal itself (an accepted invitation, an activated membership, the demo network). Raises
    PermissionDenied when the actor may not give this capacity, and AccountClosedError.
    """
    if actor is not None and not can_invite(actor, institution, capacity):
        raise PermissionDenied
    lock_institution(institution)
    lock_account(user)
    held = Mandate.objects.unended().held(user, institution, capacity).first()
    if held:
        return held
    started = Mandate.objects.create(
        user=user,
        institution=institution,
        capacity=capacity,
        starts_at=starts_at or timezone.now(),
        ends_at=ends_at,
        succeeds=succeeds,
        may_issue_statements=succeeds is not None and succeeds.may_issue_statements,
    )
    signals.mandate_started.send(Mandate, mandate=started)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="mandate.started",
        thing=started,
        after={"user": user.pk, "institution": institution.pk, "capacity": str(capacity)},
    )
    return started


@transaction.atomic
def end_mandate(
    *,
    ending: Mandate,
    actor: User,
    mandate: Mandate | None = None,
    at: datetime | None = None,
    reason: str = "",
) -> Mandate:
    """End a mandate now, or settle that it ends by itself at a time to come; its rights with it.

    Sends `mandate_ended` or `mandate_changed`. Safe to repeat; what has ended stays ended. The
    network must always have somebody to write to, and somebody to run it: the last focal point of
    a delegation is ended by the secretariat only, the last secretariat mandate by nobody, and no
    secretariat mandate by a date, which passes unseen. `reason` goes to the audit log, and with the
    day into the letter to its holder. Raises PermissionDenied, LastOfItsKindError.
    """
    lock_institution(ending.institution)  # two colleagues must not end the last two at once
    ending = Mandate.objects.select_for_update(no_key=True).get(pk=ending.pk)
    if not can_end_mandate(actor, ending):
        raise PermissionDenied
    now = timezone.now()
    if ending.ends_at and ending.ends_at <= now:
        return ending
    end = max(at or now, now, ending.starts_at)
    if ending.ends_at == end:
        return ending
    is_dated = at is not None and end > now
    if is_dated and ending.capacity == Capacity.SECRETARIAT:
        raise PermissionDenied
    if ending.is_last_of_its_kind(end) and (
        ending.capacity == Capacity.SECRETARIAT or not is_secretariat(actor)
    ):
        raise LastOfItsKindError
    before = ending.last_moment
    ending.ends_at = end
    ending.save(update_fields=["ends_at"])
    held = {
        "user": ending.user_id,
        "institution": ending.institution_id,
        "capacity": ending.capacity,
    }
    said = {"reason": reason} if reason else {}
    if is_dated:
        signals.mandate_changed.send(Mandate, mandate=ending)
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="mandate.end_settled",
            thing=ending,
            before={"ends_on": day_of(before, actor)},
            after={**held, "ends_on": day_of(ending.last_moment, actor), **said},
        )
        defer_mandate_letter(MandateLetter.END_SETTLED, ending, actor=actor)
    else:
        signals.mandate_ended.send(Mandate, mandate=ending)
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="mandate.ended",
            thing=ending,
            before=held,
            after=said,
        )
        defer_mandate_letter(MandateLetter.ENDED, ending, actor=actor)
    return ending


def day_of(moment: datetime | None, actor: User) -> str | None:
    """The day that this is to whoever acts."""
    return moment.astimezone(ZoneInfo(actor.time_zone)).date().isoformat() if moment else None


@transaction.atomic
def end_session(*, session: UserSession, actor: User) -> None:
    """End one web session of the actor's own, its open sockets too. Safe to repeat.

    Raises PermissionDenied when it is somebody else's.
    """
    if session.user_id != actor.pk:
        raise PermissionDenied
    if not UserSession.objects.filter(pk=session.pk).exists():
        return
    session.end()
    append_audit_entry(actor=actor, act="person.signed_out_device", thing=actor)


@transaction.atomic
def reset_second_factor(*, user: User) -> int:
    """Take passkeys, authenticator app and recovery codes off; returns how many there were.

    For who lost device and codes. The portal itself acts: its administrator has made sure who
    asked. Every session ends, and the person signs in with the password alone.
    """
    _total, deleted = Authenticator.objects.filter(user=user).delete()
    number: int = deleted.get(Authenticator._meta.label, 0)
    if number:
        end_sessions(user=user, actor=None)
        append_audit_entry(actor=None, act="person.second_factor_reset", thing=user)
    return number


@transaction.atomic
def end_sessions(*, user: User, actor: User | None) -> int:
    """End every web session of the person, here and elsewhere; returns how many there were.

    `actor`: None is the portal itself. Each goes through allauth's `UserSession`, whose deletion
    closes the open sockets.
    """
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    append_audit_entry(actor=actor, act="person.signed_out_everywhere", thing=user)
    return len(sessions)


def lock_institution(institution: Institution) -> None:
    """Appointments of one delegation happen one after another."""
    Institution.objects.select_for_update(no_key=True).get(pk=institution.pk)


def lock_account(user: User) -> None:
    """Nobody erases the account before the transaction is over.

    After the institution, the application or the group, before the audit log's head. Raises
    AccountClosedError.
    """
    if not User.objects.select_for_update(no_key=True).get(pk=user.pk).is_active:
        raise AccountClosedError
