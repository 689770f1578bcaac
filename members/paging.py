"""Pages of lists that may be long."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet

MOST_COUNTED = 2_000  # rows; who has more of them narrows the list


class BoundedPaginator(Paginator):  # type: ignore[type-arg]  # Django's takes none
    """Counts no further than MOST_COUNTED, so that a long list opens as a short one does.

    `found` is what is counted, `rows` (the same with all that a page shows of it) what is read.
    """

    def __init__(self, found: QuerySet[Any], rows: QuerySet[Any], per_page: int) -> None:
        super().__init__(rows, per_page)
        self._found = found

    @cached_property
    def _counted(self) -> int:
        return self._found.order_by()[: MOST_COUNTED + 1].count()

    @cached_property
    def count(self) -> int:
        return min(self._counted, MOST_COUNTED)

    @property
    def has_more(self) -> bool:
        """Whether there are more than were counted."""
        return self._counted > MOST_COUNTED
