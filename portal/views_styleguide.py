"""The specimen book: every component in both directions and themes, from the same templates."""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from portal.context_processors import portal as frame
from portal.specimens import SAMPLES, TOKENS
from records.forms import SpokenForm

# Anchor, title, template under portal/styleguide/.
SECTIONS = [
    ("colours", _("Colours"), "_colours.html"),
    ("type", _("Type"), "_type.html"),
    ("space", _("Space, corners, motion"), "_space.html"),
    ("buttons", _("Buttons and icons"), "_buttons.html"),
    ("headers", _("Page header and breadcrumb"), "_headers.html"),
    ("navigation", _("Navigation"), "_navigation.html"),
    ("cards", _("Cards and notices"), "_cards.html"),
    ("badges", _("Badges"), "_badges.html"),
    ("people", _("People, institutions, countries"), "_people.html"),
    ("lists", _("Lists and facts"), "_lists.html"),
    ("tables", _("Tables and filters"), "_tables.html"),
    ("tabs", _("Tabs"), "_tabs.html"),
    ("fields", _("Fields"), "_fields.html"),
    ("languages", _("Texts in several languages"), "_languages.html"),
    ("files", _("Files and uploads"), "_files.html"),
    ("steps", _("Steps and timelines"), "_steps.html"),
    ("progress", _("Progress and waiting"), "_progress.html"),
    ("empty", _("Empty and broken"), "_empty.html"),
    ("dialogs", _("Dialogs, menus, toasts"), "_dialogs.html"),
]
# Language, direction, theme: what stands side by side.
PANELS = [
    ("ar", "rtl", "light"),
    ("ar", "rtl", "dark"),
    ("en", "ltr", "light"),
    ("en", "ltr", "dark"),
]


class SampleForm(forms.Form):
    """Each kind of control, with the words of the sample."""

    def __init__(self, words: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, note, kind, day, email, agreed, role = words["fields"]
        self.fields["name"] = forms.CharField(label=name, help_text=words["help"])
        self.fields["email"] = forms.EmailField(label=email)
        self.fields["kind"] = forms.ChoiceField(
            label=kind, choices=list(enumerate(words["kinds"])), required=False
        )
        self.fields["day"] = forms.DateField(
            label=day, widget=forms.DateInput({"type": "date"}), required=False
        )
        self.fields["note"] = forms.CharField(
            label=note, widget=forms.Textarea({"rows": 3}), required=False
        )
        self.fields["role"] = forms.ChoiceField(
            label=role,
            choices=list(enumerate(words["roles"])),
            widget=forms.RadioSelect,
            required=False,
        )
        self.fields["agreed"] = forms.BooleanField(label=agreed)
        self.fields["file"] = forms.FileField(label=words["file"], help_text=words["file_help"])


class SampleTexts(SpokenForm):
    def __init__(self, words: dict[str, Any], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", words["title_label"])
        self.add_texts("body", words["body_label"], long=True, max_length=2000)
        self.with_states()


@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """In demo mode and for the secretariat: else there is nothing here."""
    shown = frame(request)
    if not (shown["demo"] or shown["is_secretariat"]):
        raise Http404
    panels = [_panel(*panel) for panel in PANELS]
    return render(
        request,
        "portal/styleguide/index.html",
        {"sections": SECTIONS, "panels": panels, "tokens": TOKENS},
    )


def _panel(language: str, direction: str, theme: str) -> dict[str, Any]:
    words = SAMPLES[language]
    uid = f"{language}-{theme}"
    with translation.override(language):
        typed = SampleForm(
            words, {f"{uid}-name": words["person"], f"{uid}-email": "head.kr@"}, prefix=uid
        )
        typed.full_clean()
        return {
            "uid": uid,
            "language": language,
            "direction": direction,
            "theme": theme,
            "s": words,
            "form": typed,
            "fresh": SampleForm(words, prefix=f"{uid}-fresh"),
            "texts": SampleTexts(words, prefix=f"{uid}-texts", initial=words["texts"]),
            "page": Paginator(range(60), 20).page(2),
        }
