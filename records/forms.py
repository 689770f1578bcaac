from collections.abc import Mapping
from functools import cached_property
from typing import Any, NamedTuple
from uuid import uuid4

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazystr
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from records import languages
from records.inspection import EXTENSIONS, Kinds, check_upload
from records.languages import TextState, state_of
from records.text import neutral

IMAGES = {kind: ends for kind, ends in EXTENSIONS.items() if kind.startswith("image/")}


class DayField(forms.DateField):
    """A day, as browsers send it."""

    default_error_messages = {
        "invalid": _("This is not a day. Write it as year-month-day, for example 2026-03-01."),
    }

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
        super().__init__(input_formats=["%Y-%m-%d"], widget=widget, **kwargs)


class SpokenField(forms.CharField):
    """A text in one language, without what cheats the eye (see `records.text`)."""

    def __init__(self, language: str, *, long: bool = False, **kwargs: Any) -> None:
        attrs = {"lang": language, "dir": direction_of(language)}
        widget = forms.Textarea({**attrs, "rows": 6}) if long else forms.TextInput(attrs)
        super().__init__(**{"max_length": 200, "required": False, "widget": widget, **kwargs})

    def clean(self, value: Any) -> str:
        return neutral(super().clean(value) or "")


def languages_to_ask(*said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and own name of each language of a form with texts: those that are offered, and others
    in which `said` (field, as `name_fr`, → value) has a text, which would else be lost.
    """
    offered = languages.offered()
    others = [each for each in settings.LANGUAGES if each not in offered]
    keys = {key for given in said for key, value in given.items() if value}
    return offered + [(code, name) for code, name in others if _has_text(keys, code)]


def _has_text(keys: set[str], code: str) -> bool:
    ending = f"_{code}"
    return any(key.endswith(ending) and not key.endswith(f"state{ending}") for key in keys)


class LanguageFields(NamedTuple):
    """The fields of one language, for its tab."""

    code: str
    name: str  # what its speakers call it
    state: TextState
    fields: list[forms.BoundField]
    has_errors: bool


class SpokenForm(forms.Form):
    """A form with texts in several languages, as fields `name_ar`, `name_en`, `name_fr`.

    With `with_states()` each language also has a field `state_ar` …: draft or final. The template
    `includes/_language_tabs.html` shows them, one tab a language.
    """

    stated = ""  # of which text the state is; "": of the first

    @cached_property
    def asked(self) -> list[tuple[str, str]]:
        """Code and own name of its languages (see `languages_to_ask`)."""
        return languages_to_ask(self.initial, self.data)

    def add_texts(self, name: str, label: Any, **kwargs: Any) -> None:
        """`kwargs` go to each `SpokenField`."""
        for language, own_name in self.asked:
            self.fields[f"{name}_{language}"] = SpokenField(
                language, **{"label": lazystr(f"{label} · {own_name}"), **kwargs}
            )

    def with_states(self) -> None:
        state = _("State")
        for language, own_name in self.asked:
            self.fields[f"state_{language}"] = forms.ChoiceField(
                label=lazystr(f"{state} · {own_name}"),
                choices=[(s.value, s.label) for s in (TextState.DRAFT, TextState.FINAL)],
                initial=TextState.DRAFT,
                widget=forms.RadioSelect,
            )

    def texts(self, name: str) -> dict[str, str]:
        """Language code → text, of those that were filled in."""
        typed = {
            language: self.cleaned_data.get(f"{name}_{language}", "")
            for language, _own_name in self.asked
        }
        return {language: text for language, text in typed.items() if text}

    def states(self, name: str) -> dict[str, str]:
        """Language code → draft or final, of the languages in which `name` was filled in."""
        return {code: self.cleaned_data[f"state_{code}"] for code in self.texts(name)}

    def require_one(self, name: str) -> None:
        if not self.texts(name) and not any(field.startswith(name) for field in self.errors):
            self.add_error(self.first_of(name), _("Fill this in, in one language at least."))

    def first_of(self, name: str) -> str:
        """The field to which is said what concerns a text in all its languages."""
        codes = [code for code, _own_name in self.asked]
        return f"{name}_{settings.LANGUAGE_CODE if settings.LANGUAGE_CODE in codes else codes[0]}"

    @property
    def languages(self) -> list[LanguageFields]:
        """The fields by language, as they stand (typed, or initial)."""
        found = []
        for code, own_name in self.asked:
            fields = [field for field in self if field.name.endswith(f"_{code}")]
            values = {field.name.removesuffix(f"_{code}"): field.value() for field in fields}
            state = str(values.pop("state", None) or TextState.FINAL)
            if state not in TextState.values:  # what was sent need not be a choice
                state = TextState.DRAFT
            text = values[self.stated] if self.stated else next(iter(values.values()), None)
            found.append(
                LanguageFields(
                    code=code,
                    name=own_name,
                    state=state_of({code: str(text or "").strip()}, {code: state}, code),
                    fields=fields,
                    has_errors=any(field.errors for field in fields),
                )
            )
        return found

    @property
    def plain_fields(self) -> list[forms.BoundField]:
        """The visible fields that belong to no language."""
        endings = tuple(f"_{code}" for code, _own_name in self.asked)
        return [field for field in self.visible_fields() if not field.name.endswith(endings)]


class ClientIdField(forms.UUIDField):
    """Hidden: the number of this very form. What is sent twice makes one thing."""

    def __init__(self, **kwargs: Any) -> None:
        messages = {"required": _("Open this page again.")}
        super().__init__(
            **{
                "widget": forms.HiddenInput,
                "initial": uuid4,
                "error_messages": messages,
                **kwargs,
            }
        )


class VersionField(forms.IntegerField):
    """Hidden: which version the form was opened on."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            **{
                "widget": forms.HiddenInput,
                "min_value": 0,
                "max_value": 2**31 - 1,
                "error_messages": {"required": _("Open this page again.")},
                **kwargs,
            }
        )


class VersionedForm(SpokenForm):
    """A form that knows which version it was opened on."""

    version = VersionField()

    def take_version(self, version: int) -> None:
        take_version(self, version)


def take_version(form: forms.Form, version: int, field: str = "version") -> None:
    """Let a form be shown again as it was typed, but opened on `version`: now the person has seen
    it.
    """
    data: Any = form.data
    typed = data.copy()  # a QueryDict stays one: some fields have several values
    typed[field] = str(version)
    form.data = typed


def direction_of(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


class StoredFileField(forms.FileField):
    """A file that `records.actions.store_file` will take.

    The cleaned upload carries `checked_type` (its type by content) and a safe `name`. Refused
    with a reason of its own: empty, too large, of another kind, damaged, not what its name says.
    `kinds` are those that are taken (see `records.inspection`).
    """

    default_error_messages = {"empty": _("This file is empty.")}

    def __init__(self, *, kinds: Kinds = EXTENSIONS, **kwargs: Any) -> None:
        self.kinds = kinds
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(kinds)}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> UploadedFile | None:
        upload = super().to_python(data)
        if not isinstance(upload, UploadedFile):
            return None
        checked = check_upload(upload, self.kinds)
        upload.name = checked.name
        upload.checked_type = checked.content_type  # type: ignore[attr-defined]
        return upload


class PictureField(StoredFileField):
    """An upload that is a picture by its content."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.FileInput(attrs={"accept": ",".join(IMAGES)}), **kwargs)

    def to_python(self, data: Any) -> UploadedFile | None:
        upload = super().to_python(data)
        if upload is not None and upload.checked_type not in IMAGES:  # type: ignore[attr-defined]
            raise ValidationError(
                _("This is no picture: send PNG, JPEG or WebP."), code="no_picture"
            )
        return upload
