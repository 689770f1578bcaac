"""A part of the file: what its rows are and how a page calls their columns."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from members.models import User

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """`key` names it in the JSON. `texts`: the columns that hold what a person wrote."""

    key: str
    title: Any
    columns: dict[str, Any]
    rows: Callable[[User], Iterator[Row]]
    texts: tuple[str, ...] = ()


# What columns of several parts are called.
ROOM = pgettext_lazy("export", "Room")
NUMBER = pgettext_lazy("export", "Number")
TEXT = pgettext_lazy("export", "Text")
TITLE = pgettext_lazy("export", "Title")
SINCE = pgettext_lazy("export", "Date")
FROM, UNTIL = pgettext_lazy("export", "From"), pgettext_lazy("export", "Until")
USED = pgettext_lazy("export", "Last used")
KIND = pgettext_lazy("export", "Kind")
STATE = pgettext_lazy("export", "State")
VERSION = pgettext_lazy("export", "Version")
ACT = pgettext_lazy("export", "Act")
REASON = pgettext_lazy("export", "Reason")
FILE = pgettext_lazy("export", "File")
GROUP = pgettext_lazy("export", "Group")
NAME = pgettext_lazy("export", "Name")
DEVICE = pgettext_lazy("export", "Device")
INSTITUTION = pgettext_lazy("export", "Institution")
CAPACITY = pgettext_lazy("export", "Capacity")
