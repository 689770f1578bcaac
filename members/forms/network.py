"""What the secretariat settles about the network, its letters and its charter."""

from functools import cached_property
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.functional import lazy, lazystr
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from members import letter_marks
from members.forms.charters import PDF
from members.letter_book import BookLetter
from members.models import NetworkVersion
from records.forms import (
    DayField,
    SpokenField,
    StoredFileField,
    VersionedForm,
    VersionField,
    languages_to_ask,
)
from records.reading import number

FACTS = {
    "name": "names",
    "short_name": "short_names",
    "contact": "contacts",
    "full": "full_names",
    "associate": "associate_names",
    "observer": "observer_names",
}
CLASSES = {"full": _("full member"), "associate": _("associate member"), "observer": _("observer")}
MAX_BODY = 5000


def _class_label(usual: object) -> str:
    return gettext("Name of the class: %(usual)s") % {"usual": usual}


def _in_its_language(usual: object, language: str) -> str:
    with override(language):
        name = str(usual)
    return gettext("Left empty:") + f" \u2068{name}\u2069"


def _place_label(place: int) -> str:
    return gettext("Language %(place)s") % {"place": number(place)}


class_label, in_its_language = lazy(_class_label, str), lazy(_in_its_language, str)
place_label = lazy(_place_label, str)


class NetworkForm(VersionedForm):
    """The names of the network and of its classes of membership, how it is reached, and its
    languages: a field for each place in their order.
    """

    @cached_property
    def asked(self) -> list[tuple[str, str]]:
        """All: which of them the network works in is settled here as well."""
        return list(settings.LANGUAGES)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("name", _("Official name"), max_length=120)
        self.add_texts(
            "short_name",
            _("Short name"),
            max_length=40,
            help_text=_("In letters that use it, and in calendars that people subscribe to."),
        )
        self.add_texts(
            "contact",
            _("How the network is reached"),
            max_length=500,
            long=True,
            help_text=_(
                "Address, telephone, e-mail: a few lines, at the foot of letters and of the "
                "public pages."
            ),
        )
        for field, usual_name in CLASSES.items():
            self.add_texts(field, class_label(usual_name), max_length=60)
            for language, _own_name in settings.LANGUAGES:
                self.fields[f"{field}_{language}"].help_text = in_its_language(usual_name, language)
        usual = _("Left empty:")
        for language, _own_name in settings.LANGUAGES:
            if name := settings.NETWORK_NAME.get(language):
                self.fields[f"name_{language}"].help_text = lazystr(f"{usual} \u2068{name}\u2069")
        for place in self.places():
            self.fields[f"place_{place}"] = forms.ChoiceField(
                label=place_label(place), choices=[("", "—"), *settings.LANGUAGES], required=False
            )
        self.fields["place_1"].label = _("First language")
        self.fields["place_1"].help_text = _(
            "Where nobody knows whose language it is, this is used."
        )

    @staticmethod
    def places() -> range:
        return range(1, len(settings.LANGUAGES) + 1)

    @property
    def deployed_first(self) -> str:
        """Which is the first one while none is chosen."""
        return str(dict(settings.LANGUAGES)[settings.LANGUAGE_CODE])

    @property
    def place_fields(self) -> list[forms.BoundField]:
        return [self[f"place_{place}"] for place in self.places()]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        self.require_one("name")
        chosen = self.languages_chosen()
        if chosen and not cleaned.get("place_1") and "place_1" not in self.errors:
            self.add_error("place_1", _("Choose the first one, or none at all."))
        for place in self.places():
            code = cleaned.get(f"place_{place}")
            if code and code in [cleaned.get(f"place_{before}") for before in range(1, place)]:
                self.add_error(f"place_{place}", _("This language has a place already."))
        return cleaned

    def languages_chosen(self) -> list[str]:
        """Their codes, in the order of their places; gaps do not count."""
        chosen = [self.cleaned_data.get(f"place_{place}") for place in self.places()]
        return [code for code in chosen if code]

    @classmethod
    def initial_of(cls, version: NetworkVersion) -> dict[str, Any]:
        initial: dict[str, Any] = {"version": version.number}
        for language, name in settings.NETWORK_NAME.items():
            initial[f"name_{language}"] = name
        for field, fact in FACTS.items():
            for language, text in getattr(version, fact).items():
                initial[f"{field}_{language}"] = text
        for place, code in enumerate(version.languages, start=1):
            initial[f"place_{place}"] = code
        return initial

    def facts(self) -> dict[str, Any]:
        """As the action asks. A name that is the deployment's own is none of the network's."""
        facts: dict[str, Any] = {fact: self.texts(field) for field, fact in FACTS.items()}
        facts["languages"] = self.languages_chosen()
        facts["names"] = {
            language: name
            for language, name in facts["names"].items()
            if name != settings.NETWORK_NAME.get(language)
        }
        return facts


class LetterTextForm(VersionedForm):
    """Subject and body of a letter in one language. Marks are checked (`members.letter_marks`)."""

    def __init__(self, *args: Any, letter: BookLetter, language: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.letter = letter
        self.fields["subject"] = SpokenField(
            language, label=_("Subject"), max_length=150, required=True
        )
        self.fields["body"] = SpokenField(
            language,
            label=_("Text of the letter"),
            max_length=MAX_BODY,
            required=True,
            long=True,
            help_text=_("An empty line begins a new paragraph. There is no other formatting."),
        )
        self.fields["body"].widget.attrs["rows"] = 16

    def clean_subject(self) -> str:
        subject = " ".join(self.cleaned_data["subject"].split())
        letter_marks.check(subject, self.letter.known_in_subject)
        return subject

    def clean_body(self) -> str:
        body: str = self.cleaned_data["body"]
        letter_marks.check(body, self.letter.known, self.letter.required)
        return body


class CharterVersionForm(VersionedForm):
    """A new version of the charter: the day from which it is in force, a PDF for each language."""

    in_force_on = DayField(
        label=_("In force from"),
        help_text=_("From that day it is the charter that is sent to admitted institutions."),
    )

    @cached_property
    def asked(self) -> list[tuple[str, str]]:
        """Also another in which a file was sent, from a page opened before the network left it."""
        return languages_to_ask(self.files)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        said = _("The charter, as a PDF")
        for language, own_name in self.asked:
            self.fields[f"file_{language}"] = StoredFileField(
                kinds=PDF, label=lazystr(f"{said} · {own_name}"), required=False
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.files_chosen() and not any(n.startswith("file_") for n in self.errors):
            self.add_error(
                self.first_of("file"),
                ValidationError(_("Choose a file, in one language at least."), code="no_file"),
            )
        return cleaned

    def files_chosen(self) -> dict[str, Any]:
        """Language code → the upload."""
        found = {
            language: self.cleaned_data.get(f"file_{language}")
            for language, _own_name in self.asked
        }
        return {language: upload for language, upload in found.items() if upload}


class ReturnForm(forms.Form):
    """To an earlier version, from the page that was opened on `version`."""

    version = VersionField()
