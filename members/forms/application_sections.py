"""The form of an application, section by section, as its version of the form asks for it."""

from datetime import date
from typing import Any, cast

from django import forms
from django.template.defaultfilters import linebreaksbr
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from members.application_definitions import MAX_QUESTIONS, NO, YES, Question, option_value
from members.application_parts import document_label
from members.enums import DocumentKind
from members.enums_applying import SECTION_FIELDS, QuestionKind
from members.forms.applications import (
    ApplicationForm,
    NeutralLineField,
    NeutralTextField,
    written,
)
from members.models import Application
from members.network import languages_with
from records.forms import DayField, StoredFileField, VersionedForm
from records.languages import in_language
from records.text import neutral

PREFIX = "question_"
LEFT_OVER_MAX = 20_000


class SectionForm(ApplicationForm, VersionedForm):
    """One section: everything may still be missing."""

    def __init__(self, *args: Any, application: Application, section: str, **kwargs: Any) -> None:
        asked = application.definition
        questions = asked.of_section(section)
        initial = {
            **ApplicationForm.initial_of(application),
            **{PREFIX + q.key: application.more_answers.get(q.key, "") for q in questions},
            "version": application.section_version(section),
        }
        super().__init__(*args, initial=initial, **kwargs)
        self.section = section
        self.questions = questions
        names = SECTION_FIELDS[section]
        for name in list(self.fields):
            of = "institution_names" if name.startswith("name_") else name
            if of not in names and name != "version":
                del self.fields[name]
                continue
            said = asked.field(of)
            if label := in_language(said.labels).text:
                self.fields[name].label = written(label)
            if text := in_language(said.helps).text:
                self.fields[name].help_text = written(text)
        for question in questions:
            self.fields[PREFIX + question.key] = field_of(question)

    def fields_to_save(self) -> dict[str, Any]:
        names = SECTION_FIELDS[self.section]
        return {n: v for n, v in super().fields_to_save().items() if n in names}

    def left_over(self) -> dict[str, str]:
        """What was typed into questions that the form asks no more, by their keys."""
        asked = {PREFIX + question.key for question in self.questions}
        typed = {
            name.removeprefix(PREFIX): neutral(str(text))[:LEFT_OVER_MAX]
            for name, text in self.data.items()
            if name.startswith(PREFIX) and name not in asked and text
        }
        return dict(list(typed.items())[:MAX_QUESTIONS])

    def answers_to_save(self) -> dict[str, str]:
        """By the keys of the questions; "" where nothing was answered."""
        return {q.key: _kept(self.cleaned_data[PREFIX + q.key]) for q in self.questions}


def _kept(value: Any) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")


def field_of(question: Question) -> forms.Field:
    """The field by which a question of the form is answered."""
    asked: dict[str, Any] = {
        "label": written(in_language(question.labels).text),
        "help_text": written(in_language(question.helps).text),
        "required": False,
    }
    match question.kind:
        case QuestionKind.TEXT:
            return NeutralTextField(**asked)
        case QuestionKind.DAY:
            return DayField(**asked)
        case QuestionKind.YES_NO:
            return forms.ChoiceField(
                choices=[(YES, _("yes")), (NO, _("no"))], widget=forms.RadioSelect, **asked
            )
        case QuestionKind.CHOICE:
            options = [(option_value(o), in_language(o).text) for o in question.options]
            return forms.ChoiceField(choices=[("", "—"), *options], **asked)
    return NeutralLineField(max_length=300, **asked)


class RemovalForm(forms.Form):
    """Which document is to be taken out."""

    remove = forms.IntegerField(required=False)

    def to_remove(self) -> int | None:
        self.is_valid()
        number: int | None = self.cleaned_data.get("remove")
        return number


class DocumentForm(forms.Form):
    """One file, what it is, and in which language where the form asks for that."""

    prefix = "document"

    kind = forms.ChoiceField(label=_("Kind of document"))
    language = forms.ChoiceField(
        label=_("Language of the document"),
        required=False,
    )
    file = StoredFileField(
        label=_("File"),
        help_text=_("PDF, PNG, JPEG or WebP, at most 10 MB each."),
        error_messages={"required": _("Choose a file first.")},
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        definition = application.definition
        kinds = [k.value for k in DocumentKind if k != DocumentKind.SIGNED_CHARTER]
        kinds[-1:-1] = [asked.kind for asked in definition.documents]
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  for the type checker
        kind.choices = [(k, _capitalised(document_label(application, k))) for k in kinds]
        kind.initial = DocumentKind.CREDENTIALS
        self.with_language = {d.kind for d in definition.documents if d.languages}
        asked = {code for d in definition.documents for code in d.languages}
        cast(forms.ChoiceField, self.fields["language"]).choices = [
            ("", "—"),
            *languages_with(asked),
        ]
        if not self.with_language:
            del self.fields["language"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        if cleaned.get("kind") in self.with_language and not cleaned.get("language"):
            self.add_error("language", _("Say in which language this document is."))
        return cleaned


def _capitalised(label: str) -> str:
    return label[:1].upper() + label[1:]


class DeclarationForm(forms.Form):
    """What is declared when an application is submitted, and in what capacity."""

    capacity = NeutralLineField(
        label=_("In what capacity you declare it"),
        max_length=150,
        help_text=_("For example: director, legal representative."),
    )
    declared = forms.BooleanField(
        error_messages={"required": _("Please confirm the declaration before you submit.")},
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the form's version

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        kwargs["initial"] = {
            "capacity": application.contact_position,
            "seen": application.form_version_id or 0,
        }
        super().__init__(*args, **kwargs)
        self._ask(application)

    def _ask(self, application: Application) -> None:
        words = application.definition.declared()
        self.fields["declared"].label = format_html(
            '<bdi lang="{}">{}</bdi>', words.language, linebreaksbr(words.text)
        )

    def declare_anew(self, application: Application, refused: forms.ValidationError) -> None:
        """Ask for what is declared now, with the capacity as it was typed."""
        typed = cast(Any, self.data).copy()
        typed["seen"] = str(application.form_version_id or 0)
        typed.pop("declared", None)
        self.data = typed
        self._ask(application)
        self.add_error("declared", refused)
