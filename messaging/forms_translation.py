"""Checking of translations and of the language of a message."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from members.network import languages_with
from messaging.enums import TranslationKind
from messaging.forms import MAX_BODY, clean_body


class LanguageForm(forms.Form):
    """One of the network's languages, or of `used`: those that it has left, where they are still
    somebody's or something's.
    """

    language = forms.ChoiceField(label=_("Language"))

    def __init__(self, *args: Any, used: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["language"]).choices = languages_with(set(used))


class MessageLanguageForm(LanguageForm):
    """What a message is in: a fact, so that any of the portal's languages can be said."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, used=dict(settings.LANGUAGES), **kwargs)


class TranslationForm(LanguageForm):
    """A translation: into which language, of which kind, by which mandate, and its text.

    `offered` are the kinds that the person may attach, each with the mandates that may.
    """

    kind = forms.ChoiceField(label=_("Kind of translation"), choices=TranslationKind)
    text = forms.CharField(
        label=_("Translation"),
        max_length=MAX_BODY,
        widget=forms.Textarea(attrs={"rows": 5, "dir": "auto", "maxlength": MAX_BODY}),
        error_messages={"required": _("Write something first.")},
    )

    def __init__(self, *args: Any, offered: dict[str, list[Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  for the type checker
        kind.choices = [choice for choice in TranslationKind.choices if offered.get(choice[0])]
        if len(kind.choices) == 1:
            kind.widget = forms.HiddenInput()
            kind.initial = kind.choices[0][0]

    def clean_text(self) -> str:
        return clean_body(self.cleaned_data["text"])
