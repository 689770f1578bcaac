"""What one office hands to the next, as a file."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from members.models import Handover
from portal.enums import ExportState
from records.models import StoredFile

STALLED = timedelta(minutes=15)  # under way for longer: its worker died


class HandoverPackQuerySet(models.QuerySet["HandoverPack"]):
    def of(self, handover: Handover) -> "HandoverPack | None":
        return self.filter(handover=handover).select_related("file").first()


class HandoverPack(models.Model):
    """The pack of a handover: made while it is to come, or at its moment; the last one is kept."""

    handover = models.OneToOneField(Handover, on_delete=models.CASCADE, related_name="pack")
    language = models.CharField(max_length=10)
    state = models.CharField(max_length=10, choices=ExportState, default=ExportState.WAITING)
    progress = models.PositiveSmallIntegerField(default=0)  # of 100
    asked_by = models.ForeignKey(  # null: the portal, at the moment of the handover
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    objects = HandoverPackQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.handover_id} {self.state}"

    @property
    def is_under_way(self) -> bool:
        """Whether it is being made; not one whose worker died."""
        waits = self.state in (ExportState.WAITING, ExportState.WORKING)
        return waits and self.changed_at > timezone.now() - STALLED
