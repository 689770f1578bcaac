"""A picture of an institution, and its words in one language after another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.applications import NeutralLineField
from members.pictures import Entry
from records.forms import PictureField, VersionedForm, VersionField


class PictureWordsForm(VersionedForm):
    """What a picture shows, for those who see it and those who cannot; who took it."""

    stated = "alternative"
    version = VersionField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts(
            "alternative",
            _("Alternative text"),
            max_length=300,
            help_text=_("What the picture shows, in one sentence, for those who cannot see it."),
        )
        self.add_texts(
            "caption",
            _("Caption"),
            max_length=300,
            help_text=_("Everyone reads it below the picture. It may be left empty."),
        )
        self.fields["credit"] = NeutralLineField(
            label=_("Credit"), required=False, max_length=200, help_text=_("Who took the picture.")
        )

    @classmethod
    def initial_of(cls, entry: Entry, version: int) -> dict[str, Any]:
        return {
            **{f"caption_{code}": text for code, text in entry["captions"].items()},
            **{f"alternative_{code}": text for code, text in entry["alternatives"].items()},
            "credit": entry["credit"],
            "version": version,
        }

    def clean(self) -> None:
        super().clean()
        self.require_one("alternative")

    def said(self) -> dict[str, Any]:
        """What `actions.pictures` keeps."""
        return {
            "captions": self.texts("caption"),
            "alternatives": self.texts("alternative"),
            "credit": self.cleaned_data["credit"],
        }


class NewPictureForm(PictureWordsForm):
    picture = PictureField(label=_("Picture"), help_text=_("PNG, JPEG or WebP, up to 10 MB."))
    field_order = ("picture",)


class PlaceForm(forms.Form):
    place = forms.IntegerField(min_value=1, max_value=1000)
