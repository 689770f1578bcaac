"""The private address at which a person's calendar program reads the dates of their groups."""

import secrets
from base64 import urlsafe_b64encode
from typing import Self

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from members.models.invitations import token_digest
from members.models.people import User


class CalendarFeedQuerySet(models.QuerySet["CalendarFeed"]):
    def of_person(self, user: User) -> Self:
        return self.filter(user=user)

    def by_token(self, token: str) -> "CalendarFeed | None":
        return self.filter(token_digest=token_digest(token)).select_related("user").first()


class CalendarFeed(models.Model):
    """Whoever has the address reads, without signing in: one of a person at the most.

    As with an `Invitation`, the token is kept nowhere: it is what SECRET_KEY makes of `nonce`.
    """

    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="calendar_feed")
    nonce = models.CharField(max_length=43)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=timezone.now)

    objects = CalendarFeedQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id}"

    @property
    def token(self) -> str:
        made = salted_hmac("members.calendar_feed", self.nonce, algorithm="sha256").digest()
        return urlsafe_b64encode(made).rstrip(b"=").decode()

    def renew(self) -> None:
        """A new token; the old one is dead. Does not save."""
        self.nonce = secrets.token_urlsafe(32)
        self.token_digest = token_digest(self.token)
        self.made_at = timezone.now()
