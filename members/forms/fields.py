"""What the secretariat writes about fields of work."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.models import Field
from records.folding import fold
from records.forms import SpokenForm

NAME_MAX = 100


class FieldForm(SpokenForm):
    """The names of a field of work. No two fields have one name."""

    def __init__(self, *args: Any, others: Iterable[Field], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = others
        self.add_texts("name", _("Name"), max_length=NAME_MAX)

    @classmethod
    def initial_of(cls, field: Field) -> dict[str, Any]:
        return {f"name_{language}": name for language, name in field.names.items()}

    def clean(self) -> None:
        super().clean()
        self.require_one("name")
        taken = {
            (language, fold(name))
            for other in self.others
            for language, name in other.names.items()
        }
        for language, name in self.texts("name").items():
            if (language, fold(name)) in taken:
                self.add_error(f"name_{language}", _("Another field has this name."))
