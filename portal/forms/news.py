"""Forms of the secretariat's newsroom, and the filter of the public list."""

from datetime import datetime
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from portal.models import NewsItem, NewsPicture
from portal.models.texts import EditableTexts
from records.forms import PictureField, VersionedForm, VersionField
from records.languages import TextState
from records.text import neutral

MARKDOWN_HELP = _(
    "Leave an empty line between paragraphs. <code>##</code> begins a heading, <code>-</code> an "
    "entry of a list, <code>&gt;</code> a quotation; <code>**bold**</code>, "
    "<code>*emphasis*</code>, <code>[words](https://example.org/)</code> for a link."
)
SUMMARY_LENGTH = 400
BODY_LENGTH = 20_000


class TextsForm(VersionedForm):
    """Texts in several languages with a state in each, and the version they were opened on."""

    kinds: ClassVar[dict[str, str]] = {"title": "titles", "body": "bodies"}  # field -> column

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", pgettext_lazy("of a text", "Title"))
        if "summary" in self.kinds:
            self.add_texts(
                "summary",
                _("Summary"),
                long=True,
                max_length=SUMMARY_LENGTH,
                help_text=_("One or two sentences, for lists and search engines."),
            )
        self.add_texts(
            "body", _("Text"), long=True, max_length=BODY_LENGTH, help_text=MARKDOWN_HELP
        )
        self.with_states()
        for name, field in self.fields.items():
            if name.startswith("summary_"):
                field.widget.attrs["rows"] = 3
            elif name.startswith("body_"):
                field.widget.attrs["rows"] = 16

    @classmethod
    def initial_of(cls, thing: EditableTexts) -> dict[str, Any]:
        initial: dict[str, Any] = {"version": thing.version}
        for code, _name in settings.LANGUAGES:
            for field, kind in cls.kinds.items():
                initial[f"{field}_{code}"] = getattr(thing, kind).get(code, "")
            initial[f"state_{code}"] = thing.states.get(code, TextState.DRAFT)
        return initial

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        self.require_one("title")
        for code, _name in settings.LANGUAGES:
            filled = [field for field in self.kinds if data.get(f"{field}_{code}")]
            if filled and "title" not in filled and f"title_{code}" not in self.errors:
                self.add_error(f"title_{code}", _("A text needs its title."))
            lacks_body = "title" in filled and "body" not in filled
            is_final = data.get(f"state_{code}") == TextState.FINAL
            if lacks_body and is_final and f"body_{code}" not in self.errors:
                self.add_error(
                    f"body_{code}", _("A final text must not be empty: leave it a draft.")
                )
        return data

    def to_save(self) -> dict[str, dict[str, str]]:
        """The texts and states, as actions take them."""
        texts = {kind: self.texts(field) for field, kind in self.kinds.items()}
        return {**texts, "states": self.states("title")}


class NewsForm(TextsForm):
    kinds: ClassVar[dict[str, str]] = {
        "title": "titles",
        "summary": "summaries",
        "body": "bodies",
    }


class PageForm(TextsForm):
    """A page of the public site."""


class PictureForm(VersionedForm):
    """What a picture shows, for those who cannot see it."""

    version = VersionField(required=False)
    decorative = forms.BooleanField(
        label=_("Only decorative: it shows nothing that a reader must know"), required=False
    )
    credit = forms.CharField(
        label=_("Credit"), required=False, max_length=200, help_text=_("Who made the picture.")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts(
            "alternative",
            _("Alternative text"),
            max_length=300,
            help_text=_("What the picture shows, in one sentence, for those who cannot see it."),
        )

    @classmethod
    def initial_of(cls, picture: NewsPicture) -> dict[str, Any]:
        texts = {f"alternative_{code}": text for code, text in picture.alternatives.items()}
        return {
            **texts,
            "decorative": picture.decorative,
            "credit": picture.credit,
            "version": picture.version,
        }

    def clean_credit(self) -> str:
        return " ".join(neutral(self.cleaned_data["credit"]).split())

    def to_save(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "alternatives": self.texts("alternative"),
            "decorative": data["decorative"],
            "credit": data["credit"],
        }


class NewPictureForm(PictureForm):
    """A picture, with what it shows."""

    picture = PictureField(label=_("Picture"), help_text=_("PNG, JPEG or WebP, up to 10 MB."))
    field_order = ("version", "picture")


class PublicationForm(forms.Form):
    """When the public may read an item."""

    NOW, AT = "now", "at"

    version = VersionField()
    when = forms.ChoiceField(
        label=_("When"),
        choices=[(NOW, _("Now")), (AT, _("At a time of your choice"))],
        widget=forms.RadioSelect,
        initial=NOW,
    )
    at = forms.DateTimeField(
        label=_("Date and time"),
        required=False,
        widget=forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )

    def __init__(self, *args: Any, item: NewsItem, zone: str = "UTC", **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"version": item.version, "when": self.NOW})
        super().__init__(*args, **kwargs)
        self.fields["at"].help_text = _(
            "In your time zone, %(zone)s. A time in the past dates the item back."
        ) % {"zone": zone}

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        at = data.get("at")
        if data.get("when") == self.AT and "at" not in self.errors:
            if at is None:
                self.add_error("at", _("Say when."))
            elif not 1900 <= at.year <= 2999:
                self.add_error("at", _("Say a year between 1900 and 2999."))
        return data

    def moment(self) -> datetime | None:
        """None: now."""
        data = self.cleaned_data
        return data["at"] if data["when"] == self.AT else None


class WithdrawalForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Kept in the audit log; the public does not see it."),
    )

    def clean_reason(self) -> str:
        return neutral(self.cleaned_data["reason"])


class NewsFilterForm(forms.Form):
    year = forms.IntegerField(required=False, min_value=1900, max_value=2999)

    def sought(self) -> int | None:
        """The year, or None for all (and for what is no year)."""
        return self.cleaned_data.get("year") if self.is_valid() else None
