"""What the secretariat writes about the form of applications."""

from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from members.application_definitions import MAX_OPTIONS, AskedDocument, AskedField, Question
from members.enums_applying import ASKING_SECTIONS, FIELD_NEEDS, Need, QuestionKind
from members.network import languages_with
from records.forms import VersionedForm, VersionField


def _need_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Needed"), choices=Need.choices, initial=Need.NO, widget=forms.RadioSelect
    )


class QuestionEditForm(VersionedForm):
    """A question of the form, in the languages of the portal."""

    section = forms.ChoiceField(
        label=_("Section"), choices=[(s.value, s.label) for s in ASKING_SECTIONS]
    )
    kind = forms.ChoiceField(
        label=_("Answered by"),
        choices=QuestionKind.choices,
        help_text=_("A question that is answered in another way is a new one, without answers."),
    )
    need = _need_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("label", _("Question"), max_length=200)
        self.add_texts("help", _("Help"), max_length=500, long=True)
        self.add_texts(
            "options",
            _("Answers to choose from"),
            max_length=6000,
            long=True,
            help_text=_("One a line, in the same order in every language. For a choice only."),
        )

    @classmethod
    def initial_of(cls, question: Question) -> dict[str, Any]:
        initial: dict[str, Any] = {
            "section": question.section,
            "kind": question.kind,
            "need": question.need,
        }
        for code, _name in settings.LANGUAGES:
            initial[f"label_{code}"] = question.labels.get(code, "")
            initial[f"help_{code}"] = question.helps.get(code, "")
            lines = [option.get(code, "") for option in question.options]
            initial[f"options_{code}"] = "\n".join(lines) if any(lines) else ""
        return initial

    def clean(self) -> None:
        super().clean()
        self.require_one("label")
        if self.cleaned_data.get("kind") != QuestionKind.CHOICE:
            return
        given = {code: _lines(text) for code, text in self.texts("options").items()}
        first = self.first_of("options")
        most = max(map(len, given.values()), default=0)
        if most < 2 or most > MAX_OPTIONS:
            self.add_error(
                first,
                forms.ValidationError(
                    _("Give at least two answers, and at most %(number)s."),
                    params={"number": MAX_OPTIONS},
                ),
            )
        for code, lines in given.items():
            if len(lines) != most:
                self.add_error(
                    f"options_{code}", _("Each language needs as many answers as the others.")
                )
            elif len(set(lines)) != most:
                self.add_error(f"options_{code}", _("No two answers can be the same."))

    def question(self, key: str) -> Question:
        said = self.cleaned_data
        options: list[dict[str, str]] = []
        if said["kind"] == QuestionKind.CHOICE:
            by_language = {code: _lines(text) for code, text in self.texts("options").items()}
            number = max(map(len, by_language.values()))
            options = [
                {code: lines[n] for code, lines in by_language.items()} for n in range(number)
            ]
        return Question(
            key=key,
            section=said["section"],
            kind=said["kind"],
            labels=self.texts("label"),
            helps=self.texts("help"),
            need=said["need"],
            options=options,
        )


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


class DocumentEditForm(VersionedForm):
    """A kind of document that the form asks for."""

    languages_asked = forms.MultipleChoiceField(
        label=_("Asked in each of these languages"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("None: in any language, once."),
    )
    need = _need_field()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        asked = cast(forms.MultipleChoiceField, self.fields["languages_asked"])
        asked.choices = languages_with(self.initial.get("languages_asked", ()))
        self.add_texts("label", _("Kind of document"), max_length=120)
        self.add_texts("help", _("Help"), max_length=500, long=True)

    @classmethod
    def initial_of(cls, document: AskedDocument) -> dict[str, Any]:
        return {
            "languages_asked": document.languages,
            "need": document.need,
            **{f"label_{code}": text for code, text in document.labels.items()},
            **{f"help_{code}": text for code, text in document.helps.items()},
        }

    def clean(self) -> None:
        super().clean()
        self.require_one("label")

    def document(self, key: str) -> AskedDocument:
        return AskedDocument(
            key=key,
            labels=self.texts("label"),
            helps=self.texts("help"),
            languages=self.cleaned_data["languages_asked"],
            need=self.cleaned_data["need"],
        )


class SeenForm(forms.Form):
    """A button, and the mark of what stood on its page."""

    version = VersionField()


class AskedFieldForm(VersionedForm):
    """How a field is asked that every application has; empty: what the portal says.

    The official names have a field for each language, which the portal names.
    """

    need = _need_field()

    def __init__(self, *args: Any, field: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if field not in FIELD_NEEDS:
            del self.fields["need"]
        if field != "institution_names":
            self.add_texts(
                "label",
                _("What it is called"),
                max_length=120,
                help_text=_("Empty in every language: what the portal calls it."),
            )
        self.add_texts("help", _("Help"), max_length=500, long=True)

    @classmethod
    def initial_of(cls, asked: AskedField) -> dict[str, Any]:
        return {
            "need": asked.need,
            **{f"label_{code}": text for code, text in asked.labels.items()},
            **{f"help_{code}": text for code, text in asked.helps.items()},
        }

    def said(self) -> AskedField:
        return AskedField(
            labels=self.texts("label"),
            helps=self.texts("help"),
            need=self.cleaned_data.get("need", Need.NOW),
        )


class DeclarationWordsForm(VersionedForm):
    """What is declared when an application is submitted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts(
            "words",
            _("What is declared"),
            max_length=2000,
            long=True,
            help_text=_("Empty in every language: what the portal says."),
        )

    @classmethod
    def initial_of(cls, words: dict[str, str]) -> dict[str, Any]:
        return {f"words_{code}": text for code, text in words.items()}
