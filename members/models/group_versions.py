"""What was said of a group before."""

from typing import Any, Self

from django.db import models

from members.models.groups import Group
from members.models.people import Mandate, User
from records.languages import Shown, final_only, in_language


class GroupVersionQuerySet(models.QuerySet["GroupVersion"]):
    def of_group(self, group: Group) -> Self:
        """With who saved it, the latest first."""
        found = self.filter(group=group).select_related("actor", "mandate__institution")
        return found.order_by("-number")

    def find(self, group: Group, number: int) -> "GroupVersion | None":
        """By a number that came from an address, however large."""
        return self.of_group(group).filter(number=number).first() if number < 2**31 else None


class GroupVersion(models.Model):
    """What was said of a group once: number 0 before the first change, then as each change left it.
    Never changed itself.
    """

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    actor = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    mandate = models.ForeignKey(Mandate, null=True, on_delete=models.SET_NULL, related_name="+")
    said = models.JSONField()  # see `Group.said()`

    objects = GroupVersionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="one_group_version")
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.number}"

    @property
    def mandate_text(self) -> Shown:
        """What every delegate may read of it."""
        said: dict[str, Any] = self.said
        return in_language(final_only(said["mandate_texts"], said["mandate_states"]))
