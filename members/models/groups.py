from typing import Self

from django.db import models

from members.enums import GroupKind, GroupRole
from members.models.institutions import Institution
from records.languages import Shown, in_language


class GroupQuerySet(models.QuerySet["Group"]):
    def chaired_by(self, institutions: "models.QuerySet[Institution] | set[int]") -> Self:
        return self.filter(
            members__institution__in=institutions, members__role=GroupRole.CHAIR
        ).distinct()


class Group(models.Model):
    """A standing body of institutions: working group, contact group, network, committee."""

    kind = models.CharField(max_length=20, choices=GroupKind)
    names = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = GroupQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Shown:
        return in_language(self.names)


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def for_rooms(self) -> Self:
        """Each with its institution."""
        return self.select_related("institution").order_by("pk")


class GroupMember(models.Model):
    """An institution's place in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="members")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="groups")
    role = models.CharField(max_length=20, choices=GroupRole, default=GroupRole.MEMBER)

    objects = GroupMemberQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "institution"], name="group_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.institution_id} {self.role}"
