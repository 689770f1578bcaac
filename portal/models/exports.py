"""Copies of their own data that people asked for."""

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.models import User
from portal.enums import ExportState
from records.models import StoredFile

KEPT = timedelta(days=7)
STALLED = timedelta(minutes=15)  # under way for longer: its worker died


class DataExportQuerySet(models.QuerySet["DataExport"]):
    def of(self, user: User) -> Self:
        """The person's own, the latest first."""
        return self.filter(user=user).select_related("file").order_by("-pk")

    def find(self, user: User, pk: int) -> "DataExport | None":
        return self.of(user).filter(pk=pk).first()

    def under_way(self, user: User) -> "DataExport | None":
        found = self.filter(user=user, state__in=[ExportState.WAITING, ExportState.WORKING])
        return found.filter(changed_at__gt=timezone.now() - STALLED).first()

    def expired(self, at: datetime | None = None) -> Self:
        """Those whose file is to go."""
        return self.filter(asked_at__lt=(at or timezone.now()) - KEPT).select_related("file")


class DataExport(models.Model):
    """A file of all that the portal knows of one person, for that person alone, for some days."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="data_exports"
    )
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # of 100
    asked_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    objects = DataExportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is being made; not one whose worker died."""
        waits = self.state in (ExportState.WAITING, ExportState.WORKING)
        return waits and self.changed_at > timezone.now() - STALLED

    @property
    def kept_until(self) -> datetime:
        return self.asked_at + KEPT
