"""What members hears from allauth."""

from typing import Any

from allauth.account.signals import (
    email_changed,
    password_changed,
    password_reset,
    password_set,
)
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authentication_failed,
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
)
from django.contrib.auth import logout
from django.db import transaction
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from members.actions.people import end_sessions
from members.http import BROWSER_COOKIE
from members.models import KnownBrowser, User
from members.tasks_sign_ins import CODE, note_refused_sign_in
from records.actions import append_audit_entry


@receiver([password_changed, password_reset, password_set])
def end_all_sessions(signal: Signal, request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever knew the old password is out, on open sockets too."""
    if request.user.is_authenticated:
        logout(request)
    with transaction.atomic():
        append_audit_entry(actor=user, act=_ACTS[id(signal)], thing=user)
        end_sessions(user=user, actor=user)


@receiver(email_changed)
def log_address(user: User, **kwargs: Any) -> None:
    """Neither address stands in it: an erased person must not live on in the log."""
    with transaction.atomic():
        append_audit_entry(actor=user, act="person.address_changed", thing=user)


@receiver(authentication_failed)
def watch_codes(request: HttpRequest, user: User, *, reauthentication: bool, **kwargs: Any) -> None:
    """Somebody has said the password and not the code. In a browser of the person's own it is the
    person, who mistypes.
    """
    token = request.COOKIES.get(BROWSER_COOKIE, "")
    if not reauthentication and not (token and KnownBrowser.objects.of(user, token).exists()):
        note_refused_sign_in.defer(user_id=user.pk, by=CODE)


_ACTS = {
    id(password_changed): "person.password_changed",
    id(password_reset): "person.password_reset",
    id(password_set): "person.password_set",
    id(authenticator_added): "person.second_factor_added",
    id(authenticator_removed): "person.second_factor_removed",
    id(authenticator_reset): "person.recovery_codes_made",
}


@receiver([authenticator_added, authenticator_removed, authenticator_reset])
def log_second_factor(
    signal: Signal, user: User, authenticator: Authenticator, **kwargs: Any
) -> None:
    """Recovery codes come and go with the factor that they stand in for: that says enough."""
    codes = authenticator.type == Authenticator.Type.RECOVERY_CODES
    if codes and signal is not authenticator_reset:
        return
    with transaction.atomic():
        append_audit_entry(actor=user, act=_ACTS[id(signal)], thing=user)
