"""How names in several languages are put in order.

Beside such names stands `sort_names`: what of them counts in an alphabet, language by language.
PostgreSQL keeps it itself, whoever writes the names, and has an index of it for each language that
the portal comes with; in another one it sorts.
"""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import Func
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import get_language

INDEXED = ("ar", "en", "fr")  # `LANGUAGES` where nothing else is said
FIRST = "en"  # of them, what stands in for another


class SortNames(Func):
    """Of names by language, without case, accents and the hamza (see migration 0022)."""

    function = "members_sort_names"
    output_field = models.JSONField()


def sort_names(names: str) -> models.GeneratedField:
    """The column beside the column `names`."""
    return models.GeneratedField(
        expression=SortNames(names), output_field=models.JSONField(), db_persist=True
    )


def _in_order_of(codes: Iterable[str], path: str) -> Func:
    said = [KeyTextTransform(code, f"{path}sort_names") for code in dict.fromkeys(codes) if code]
    return Func(*said, function="COALESCE", output_field=models.TextField())


def alphabetically(path: str = "", language: str | None = None) -> Func:
    """For `order_by`: the name of what stands at `path` as a reader of `language` (default: the
    active one) is shown it. Names compare letter by letter: there is no collation to rely on that
    every PostgreSQL has.
    """
    codes = [code for code, _own_name in settings.LANGUAGES]
    return _in_order_of([language or get_language() or "", settings.LANGUAGE_CODE, *codes], path)


def name_indexes(of: str) -> list[models.Index]:
    """What `alphabetically` looks for, of a model whose indexes' names begin with `of`."""
    return [
        models.Index(_in_order_of([code, FIRST, *INDEXED], ""), "id", name=f"{of}_by_name_{code}")
        for code in INDEXED
    ]
