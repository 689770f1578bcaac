from collections.abc import Iterable
from typing import Any, Self

from django.db import models
from django.db.models import Count, OuterRef, Subquery

from records.languages import Shown, in_language


class FieldQuerySet(models.QuerySet["Field"]):
    def in_order(self) -> Self:
        return self.order_by("position", "pk")

    def with_uses(self) -> Self:
        """Each with `.uses`: how many institutions work in it."""
        return self.annotate(uses=Count("institutions"))

    def of_institutions(self, institutions: "models.QuerySet[Any]") -> Self:
        """Those in which some of these work, in the network's order."""
        through = self.model.institutions.through.objects.filter(field=OuterRef("pk"))
        used = through.filter(institution__in=institutions.order_by().values("pk"))
        # One use of each will do, where EXISTS would have PostgreSQL read them all at once.
        return self.filter(pk=Subquery(used.values("field")[:1])).in_order()

    def find(self, pk: int) -> "Field | None":
        return self.filter(pk=pk).first()

    def numbered(self, ids: Iterable[int]) -> Self:
        return self.filter(pk__in=set(ids))

    def names_by_number(self) -> dict[int, dict[str, str]]:
        return dict(self.in_order().values_list("pk", "names"))


class Field(models.Model):
    """A field of work, of the network's own list. A retired one stays with those who have it and is
    offered to nobody else; none is ever deleted: profiles of before name it.
    """

    names = models.JSONField(default=dict)  # language code -> name
    position = models.PositiveIntegerField()
    is_retired = models.BooleanField(default=False)

    objects = FieldQuerySet.as_manager()
    uses: int  # set by `with_uses()`

    class Meta:
        ordering = ["position", "pk"]
        verbose_name = "field of work"
        verbose_name_plural = "fields of work"

    def __str__(self) -> str:
        return self.name.text

    @property
    def name(self) -> Shown:
        return in_language(self.names)
