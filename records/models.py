"""What must be kept: stored files and the audit log."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from records.chain import instant


class StoredFile(models.Model):
    """Content, kept once under its SHA-256. Names and rights belong to who refers to it.

    Written by `records.actions.store_file` only; the bytes lie at `records.storage.path_of`.
    """

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.PositiveIntegerField()
    content_type = models.CharField(max_length=100)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.sha256[:12]


class AuditHead(models.Model):
    """The last entry's number and hash: one row, locked while an entry is appended."""

    last_number = models.PositiveBigIntegerField(default=0)
    last_hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="audit_head_is_one")]

    def __str__(self) -> str:
        return str(self.last_number)


class AuditEntryQuerySet(models.QuerySet["AuditEntry"]):
    def about(self, thing: models.Model) -> Self:
        """What was done to one object, the latest first."""
        return self.filter(object_type=thing._meta.label_lower, object_id=thing.pk)

    def about_any(self, things: Sequence[models.Model]) -> Self:
        """What was done to any of these, all of one kind, the latest first."""
        if not things:
            return self.none()
        ids = [thing.pk for thing in things]
        return self.filter(object_type=things[0]._meta.label_lower, object_id__in=ids)

    def page(
        self,
        *,
        object_type: str = "",
        object_id: int | None = None,
        act: str = "",
        actors: "models.QuerySet[Any] | None" = None,
        mandates: "models.QuerySet[Any] | None" = None,
        since: datetime | None = None,
        until: datetime | None = None,
        before: int | None = None,
    ) -> Self:
        """Entries, the newest first: of one kind of object, or one object; of one act; by one of
        `actors`, through one of `mandates` (ids); at `since` or later, before `until`; older than
        number `before`.
        """
        wanted = {
            "object_type": object_type,
            "object_id": object_id,
            "act": act,
            "actor_id__in": actors,
            "mandate_id__in": mandates,
            "at__gte": since,
            "at__lt": until,
            "number__lt": before,
        }
        asked = {name: value for name, value in wanted.items() if value not in ("", None)}
        return self.filter(**asked).order_by("-number")

    def between(self, since: datetime, until: datetime) -> Self:
        """Of a time, its end left out."""
        return self.filter(at__gte=since, at__lt=until)

    def times(self, act: str, things: Sequence[models.Model]) -> dict[int, int]:
        """How often each of `things`, all of one kind, had this done to it."""
        if not things:
            return {}
        found = self.filter(
            act=act,
            object_type=things[0]._meta.label_lower,
            object_id__in=[thing.pk for thing in things],
        )
        counts = found.order_by().values_list("object_id").annotate(n=models.Count("pk"))
        return dict(counts)

    def lately(
        self, act: str, model: type[models.Model], ids: Iterable[int], since: datetime
    ) -> dict[int, datetime]:
        """Which of these objects had this done to them at `since` or later, and when last."""
        found = self.filter(
            act=act, object_type=model._meta.label_lower, object_id__in=set(ids), at__gte=since
        )
        last = found.order_by().values_list("object_id").annotate(last=models.Max("at"))
        return dict(last)

    def by_actor(self, actor: models.Model) -> Self:
        """What one person did, the first act first."""
        return self.filter(actor_id=actor.pk).order_by("number")

    def object_types(self) -> list[str]:
        return sorted(self.order_by().values_list("object_type", flat=True).distinct())

    def acts(self) -> list[str]:
        return sorted(self.order_by().values_list("act", flat=True).distinct())


class AuditEntry(models.Model):
    """One act that mattered. Append-only; `records.actions.append_audit_entry` is the only door.

    Actor, mandate and object are plain numbers, not foreign keys: the entry outlives them.
    """

    number = models.PositiveBigIntegerField(unique=True)
    at = models.DateTimeField()
    actor_id = models.BigIntegerField(null=True)
    mandate_id = models.BigIntegerField(null=True)
    act = models.CharField(max_length=100)
    object_type = models.CharField(max_length=100)
    object_id = models.BigIntegerField()
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    previous_hash = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    objects = AuditEntryQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["object_type", "object_id", "number"], name="audit_object"),
            models.Index(fields=["actor_id", "number"], name="audit_actor"),
            models.Index(fields=["mandate_id", "number"], name="audit_mandate"),
            models.Index(fields=["act", "number"], name="audit_act"),
            models.Index(fields=["at"], name="audit_at"),
        ]
        verbose_name = _("audit entry")

    def __str__(self) -> str:
        return f"{self.number} {self.act} {self.object_type} {self.object_id}"

    def content(self) -> dict[str, Any]:
        """What the hash covers."""
        return {
            "number": self.number,
            "at": instant(self.at),
            "actor": self.actor_id,
            "mandate": self.mandate_id,
            "act": self.act,
            "object": [self.object_type, self.object_id],
            "before": self.before,
            "after": self.after,
        }
