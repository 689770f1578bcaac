"""What members hears from allauth."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.contrib.auth import logout
from django.db import transaction
from django.dispatch import Signal, receiver
from django.http import HttpRequest

from members.actions.people import end_sessions
from members.models import User
from records.actions import append_audit_entry


@receiver([password_changed, password_reset, password_set])
def end_all_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever knew the old password is out, on open sockets too."""
    if request.user.is_authenticated:
        logout(request)
    end_sessions(user=user)


_ACTS = {
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
