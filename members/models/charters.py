"""The charter of the network, as an admitted institution gets, signs and hands it in."""

from typing import Self

from django.conf import settings
from django.db import models

from members.models.applications import Application
from members.models.network import CharterText
from records.models import StoredFile


class CharterSendingQuerySet(models.QuerySet["CharterSending"]):
    def newest(self) -> "CharterSending | None":
        """The charter that was sent last, to whomever: the one in use."""
        return self.select_related("file").order_by("-pk").first()

    def to(self, application_id: int) -> Self:
        """The latest first."""
        found = self.filter(application_id=application_id)
        return found.select_related("file", "by", "text__version").order_by("-pk")


class CharterSending(models.Model):
    application = models.ForeignKey(Application, on_delete=models.CASCADE, related_name="charters")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    text = models.ForeignKey(  # of which version; none: a file that was chosen for this letter
        CharterText, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = CharterSendingQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"


class CharterRefusal(models.Model):
    """That a signed charter was not in order, and why."""

    application = models.ForeignKey(
        Application, on_delete=models.CASCADE, related_name="charter_refusals"
    )
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.application_id} {self.at}"
