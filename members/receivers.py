"""What members hears from allauth."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.contrib.auth import logout
from django.dispatch import receiver
from django.http import HttpRequest

from members.actions.people import end_sessions
from members.models import User


@receiver([password_changed, password_reset, password_set])
def end_all_sessions(request: HttpRequest, user: User, **kwargs: Any) -> None:
    """Whoever knew the old password is out, on open sockets too."""
    if request.user.is_authenticated:
        logout(request)
    end_sessions(user=user)
