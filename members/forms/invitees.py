"""Lists of people to invite: from a file to rows, from rows to what would become of each."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language_info, gettext, override, pgettext
from django.utils.translation import gettext_lazy as _

from members.enums import Capacity, Fate
from members.forms.people import PersonNameField
from members.invitees import MOST, Invitee, outcomes_of
from members.models import Institution
from members.network import offered_languages
from records.folding import sought
from records.lists import EXTENSIONS, Line, read_list
from records.reading import number as written
from records.text import neutral

FIELDS = ("name", "email", "capacity", "language")
# What a column is called; in every language, and as the code has it.
_COLUMNS = {
    "name": (_("Name"), "name"),
    "email": (_("E-mail address"), _("E-mail"), "e-mail", "email"),
    "capacity": (_("Capacity"), "capacity"),
    "language": (_("Language"), _("Language of the letter"), "language"),
}
_NEEDED = ("name", "email", "capacity")
# Invisible in a cell, and no part of an address.
_MARKS = re.compile("[\u200b-\u200f\u061c\u2060\ufeff]")
_ROW = re.compile(r"((?:ready|left)-([0-9]{1,6}))-email")


def columns() -> list[str]:
    """The heads of the columns, in the reader's language."""
    return [str(_COLUMNS[field][0]) for field in FIELDS]


def _folded(words: Callable[[], Iterable[tuple[str, Any]]]) -> dict[str, str]:
    """What `words` says in each language, folded → what it means; (e) may stand or not."""
    meant: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with override(code):
            for meaning, word in words():
                for ending in ("(e)", "e", ""):
                    meant.setdefault(sought(str(word).replace("(e)", ending)), meaning)
    return meant


@cache
def column_words() -> dict[str, str]:
    return _folded(lambda: ((field, word) for field, said in _COLUMNS.items() for word in said))


@cache
def capacity_words() -> dict[str, str]:
    return _folded(lambda: ((c.value, word) for c in Capacity for word in (c.value, c.label)))


@cache
def language_words() -> dict[str, str]:
    def words() -> Iterable[tuple[str, str]]:
        for (code, own_name), key in product(settings.LANGUAGES, ("name", "name_translated")):
            yield from ((code, code), (code, own_name), (code, get_language_info(code)[key]))

    return _folded(words)


class _CapacityField(forms.ChoiceField):
    def validate(self, value: Any) -> None:
        if value in Capacity.values and not self.valid_value(value):
            raise ValidationError(_("You may not give this capacity."), code="not_given")
        super().validate(value)


class _AddressField(forms.EmailField):
    def to_python(self, value: Any) -> str:
        return _MARKS.sub("", neutral(super().to_python(value) or "")).strip().lower()


class InviteeForm(forms.Form):
    """One row."""

    name = PersonNameField(
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={"required": _("The name is missing.")},
    )
    email = _AddressField(
        label=_("E-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "off"}),
        error_messages={
            "required": _("The e-mail address is missing."),
            "invalid": _("This is no e-mail address."),
        },
    )
    capacity = _CapacityField(
        label=_("Capacity"),
        error_messages={
            "required": _("The capacity is missing."),
            "invalid_choice": _("“%(value)s” is no capacity."),
        },
    )
    language = forms.ChoiceField(
        label=_("Language"),
        choices=offered_languages,
        error_messages={
            "required": _("The language is missing."),
            "invalid_choice": _("The portal does not speak “%(value)s”."),
        },
    )

    def __init__(self, *args: Any, capacities: Sequence[Capacity], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._offer("capacity", [(c.value, str(c.label)) for c in capacities])
        self._offer("language", offered_languages())

    def _offer(self, name: str, choices: Sequence[tuple[str, str]]) -> None:
        """A word that is none of the choices is shown among them, and refused."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [("", "—"), *choices]
        word = self.data.get(self.add_prefix(name), "")
        if word not in dict(field.choices):
            said = dict(Capacity.choices).get(word, word)
            field.widget.choices = [*field.choices, (word, said)]


class SheetForm(forms.Form):
    """A file with a list of people. Cleaned, it is the rows: number → field → what stands there."""

    sheet = forms.FileField(
        label=_("File"),
        help_text=_("CSV or a workbook (XLSX), with a first row that names the columns."),
        widget=forms.FileInput(attrs={"accept": EXTENSIONS}),
        allow_empty_file=True,  # what it says of an empty one is said by who reads it
    )

    def __init__(self, *args: Any, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language = language  # of the letters, where a row names none

    def clean_sheet(self) -> dict[int, dict[str, str]]:
        head, *lines = read_list(self.cleaned_data["sheet"], most_rows=MOST)
        places = _places(head)
        if not lines:
            raise ValidationError(_("Below its first row this list is empty."), code="no_rows")
        return {line.number: self._row(line, places) for line in lines}

    def _row(self, line: Line, places: Mapping[str, int]) -> dict[str, str]:
        row = {
            field: line.cells[place] if place < len(line.cells) else ""
            for field, place in places.items()
        }
        row["capacity"] = capacity_words().get(sought(row["capacity"]), row["capacity"])
        language = row.get("language") or self.language
        row["language"] = language_words().get(sought(language), language)
        return row


def _places(head: Line) -> dict[str, int]:
    """Where each field stands. Raises ValidationError when a needed one does not."""
    places: dict[str, int] = {}
    for place, cell in enumerate(head.cells):
        if field := column_words().get(sought(cell)):
            places.setdefault(field, place)
    missing = [str(_COLUMNS[field][0]) for field in _NEEDED if field not in places]
    if missing:
        raise ValidationError(
            _("The first row must name the columns. Not found: %(columns)s."),
            code="no_columns",
            params={"columns": pgettext("between things", ", ").join(missing)},
        )
    return places


@dataclass(frozen=True)
class Row:
    """A row with its fate, and what more there is to say of it.

    `was_ready`: the page has shown it as one that will be invited.
    """

    number: int
    form: InviteeForm
    fate: Fate
    reason: str = ""
    was_ready: bool = False

    @property
    def tone(self) -> str:
        return _TONES[self.fate]

    @property
    def to_mend(self) -> bool:
        return self.fate in (Fate.REFUSED, Fate.DOUBLE)

    @property
    def has_changed(self) -> bool:
        return self.was_ready and self.fate not in (Fate.READY, Fate.SENT)

    @property
    def kept_as(self) -> str:
        """How the page names the fields in which it keeps the row; "" for one that is done."""
        if self.fate == Fate.SENT:
            return ""
        return f"ready-{self.number}" if self.fate == Fate.READY else f"left-{self.number}"

    @property
    def capacity(self) -> str:
        return str(Capacity(self.form.cleaned_data["capacity"]).label)

    @property
    def language(self) -> str:
        return dict(settings.LANGUAGES)[self.form.cleaned_data["language"]]


_TONES = {
    Fate.READY: "info",
    Fate.SENT: "success",
    Fate.HOLDS: "neutral",
    Fate.INVITED: "neutral",
    Fate.DOUBLE: "warning",
    Fate.REFUSED: "danger",
}


class Invitees:
    """The rows of a list, each judged by itself and beside the others, as things are now."""

    def __init__(
        self,
        data: Mapping[int, Mapping[str, str]],
        *,
        institution: Institution,
        capacities: Sequence[Capacity],
        were_ready: Collection[int] = (),
        sent: Collection[int] = (),
    ) -> None:
        """`data`: number of the row → field → value. `were_ready`: those that the page has shown
        as ready; `sent`: those that were invited since, which are not judged again.
        """
        self.data = data
        forms_of = {
            number: InviteeForm(
                {f"left-{number}-{field}": value for field, value in row.items()},
                prefix=f"left-{number}",
                capacities=capacities,
            )
            for number, row in sorted(data.items())
        }
        self.fit = {
            number: Invitee(number=number, **form.cleaned_data)
            for number, form in forms_of.items()
            if form.is_valid()
        }
        judged = [each for number, each in self.fit.items() if number not in sent]
        fates = {o.invitee.number: o for o in outcomes_of(institution, judged, capacities)}
        self.rows = []
        for number, form in forms_of.items():
            outcome = fates.get(number)
            fate = outcome.fate if outcome else Fate.SENT if number in sent else Fate.REFUSED
            reason = ""
            if outcome and outcome.double_of:
                reason = gettext("The same as row %(row)s.") % {"row": written(outcome.double_of)}
            self.rows.append(Row(number, form, fate, reason, number in were_ready))

    @classmethod
    def posted(cls, data: QueryDict, **kwargs: Any) -> "Invitees":
        """The rows as the page sends them back, whatever became of them on the way."""
        found = [match for key in data if (match := _ROW.fullmatch(key))][:MOST]
        rows = {
            int(match[2]): {field: data.get(f"{match[1]}-{field}", "") for field in FIELDS}
            for match in found
        }
        ready = {int(match[2]) for match in found if match[1].startswith("ready")}
        return cls(rows, were_ready=ready, **kwargs)

    def to_send(self) -> list[Invitee]:
        """Those that the page has shown as ready, and that are fit by themselves."""
        ready = {row.number for row in self.rows if row.was_ready}
        return [each for number, each in self.fit.items() if number in ready]

    @property
    def ready(self) -> int:
        return self.count(Fate.READY)

    @property
    def to_mend(self) -> int:
        return self.count(Fate.REFUSED, Fate.DOUBLE)

    @property
    def is_done(self) -> bool:
        """Whether there is nothing more to do with this list, nor to say of it."""
        return not any(
            row.to_mend or row.has_changed or row.fate == Fate.READY for row in self.rows
        )

    def count(self, *fates: Fate) -> int:
        return sum(row.fate in fates for row in self.rows)

    @property
    def counts(self) -> list[tuple[str, str, int]]:
        """Of each fate that there is: its tone, its name, how many rows have it."""
        return [
            (_TONES[fate], str(fate.label), number) for fate in Fate if (number := self.count(fate))
        ]
