"""A person's name in two scripts: the reader's language says which one is read."""

import re
from collections.abc import Mapping

from django.db.models import F, Func, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import get_language, gettext

SCRIPTS = ("name_latin", "name_arabic")  # the columns of `User`
NAMELESS = "\u2014"  # the name of who had their account erased, in both columns
_ARABIC = re.compile(r"[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff]")


def script_of(name: str) -> str:
    """The column that a name belongs in; what is neither Arabic nor Latin stands with the Latin."""
    return "name_arabic" if _ARABIC.search(name) else "name_latin"


def scripts_read() -> tuple[str, str]:
    """The columns in the order in which the active language reads them: the second stands in."""
    latin, arabic = SCRIPTS
    return (arabic, latin) if (get_language() or "").startswith("ar") else (latin, arabic)


def name_read(names: Mapping[str, str]) -> str:
    """The name as the reader reads it, of both columns."""
    first, second = scripts_read()
    name = names[first] or names[second]
    return gettext("a former member") if name == NAMELESS else name


def by_name(prefix: str = "") -> Func:
    """An order by the name that the reader reads. `prefix`: the way to the person, "user__"."""
    first, second = scripts_read()
    return Coalesce(NullIf(F(f"{prefix}{first}"), Value("")), F(f"{prefix}{second}"))
