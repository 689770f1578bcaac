from datetime import datetime, timedelta
from typing import Self

from django.db import models
from django.utils import timezone

KEPT = timedelta(days=30)  # as the privacy page says


class ContactMessageQuerySet(models.QuerySet["ContactMessage"]):
    def expired(self, at: datetime | None = None) -> Self:
        return self.filter(received_at__lt=(at or timezone.now()) - KEPT)

    def find(self, pk: int) -> "ContactMessage | None":
        return self.filter(pk=pk).first()


class ContactMessage(models.Model):
    """What somebody wrote on the contact page, kept until it was surely delivered."""

    name = models.CharField(max_length=150)
    email = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    language = models.CharField(max_length=10)  # of the page: a code of settings.LANGUAGES
    received_at = models.DateTimeField(auto_now_add=True)

    objects = ContactMessageQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.pk)
