"""All checking of what applicants and the secretariat write about applications."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.application_parts import official_name_label
from members.countries import country_choices
from members.enums import InstitutionKind, MembershipClass
from members.enums_applying import SECTION_OF
from members.forms.people import PersonNameField
from members.models import Application
from members.network import offered_languages
from records.forms import StoredFileField, direction_of, languages_to_ask
from records.text import neutral

NAME_MAX = 300
TEXT_MAX = 20_000


def written(text: str) -> SafeString:
    """What people wrote as the label or the help of a field, which pages show as HTML."""
    return format_html("<bdi>{}</bdi>", text) if text else SafeString("")


class NeutralTextField(forms.CharField):
    """A text of several lines, without code points that cheat."""

    def __init__(self, *, rows: int = 6, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", TEXT_MAX)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": rows}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> str:
        return neutral(super().to_python(value) or "").strip()


class NeutralLineField(forms.CharField):
    """One line of text, without code points that cheat."""

    def to_python(self, value: Any) -> str:
        return " ".join(neutral(super().to_python(value) or "").split())


def _name_field(code: str) -> NeutralLineField:
    return NeutralLineField(
        label=official_name_label(code),
        required=False,
        max_length=NAME_MAX,
        widget=forms.TextInput(attrs={"lang": code, "dir": direction_of(code)}),
    )


class InstitutionNamesForm(forms.Form):
    """The official names of an institution, one field for each language in which they are asked.

    `cleaned_data["institution_names"]` holds those that were given.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        own = get_language()
        asked = languages_to_ask(self.initial, self.data)
        asked = sorted(asked, key=lambda language: language[0] != own)
        names = {f"name_{code}": _name_field(code) for code, _name in asked}
        first = [f for f in self.first_fields if f in self.fields]
        self.fields = {
            **{f: self.fields[f] for f in first},
            **names,
            **{f: field for f, field in self.fields.items() if f not in first},
        }

    first_fields: tuple[str, ...] = ()

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        cleaned["institution_names"] = {
            code: cleaned[f"name_{code}"]
            for code, _name in settings.LANGUAGES
            if cleaned.get(f"name_{code}")
        }
        return cleaned


def country_field(**kwargs: Any) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Country"), choices=lambda: [("", "—"), *country_choices()], **kwargs
    )


class StartForm(InstitutionNamesForm):
    """Who asks to apply, and for which institution (named in one language at least)."""

    first_fields = ("name", "email", "language")

    name = PersonNameField(label=_("Your name"))
    email = forms.EmailField(
        label=_("Your e-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
        help_text=_("We send a link to it, with which you go on."),
    )
    language = forms.ChoiceField(
        label=_("Language of our letters to you"),
        choices=offered_languages,
        widget=forms.RadioSelect,
    )
    country = country_field(
        required=False, help_text=_("Leave it open for an international organisation.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        names = [name for name in self.fields if name.startswith("name_")]
        if not cleaned["institution_names"] and not any(name in self.errors for name in names):
            self.add_error(
                names[0], _("Give the name of the institution in one language at least.")
            )
        return cleaned


class ApplicationForm(InstitutionNamesForm):
    """What every application says: everything may still be missing."""

    country = country_field(
        required=False, help_text=_("Leave it open for an international organisation.")
    )
    acronym = NeutralLineField(label=_("Acronym"), required=False, max_length=40)
    kind = forms.ChoiceField(
        label=_("Kind of institution"),
        required=False,
        choices=[("", "—"), *InstitutionKind.choices],
    )
    membership_class = forms.ChoiceField(
        label=_("Class of membership sought"),
        required=False,
        choices=[("", "—"), *MembershipClass.choices],
    )
    website = forms.URLField(
        label=_("Website"), required=False, max_length=200, assume_scheme="https"
    )
    aims = NeutralTextField(
        label=_("Aims"),
        required=False,
        help_text=_(
            "What the institution does, and what it wishes to do in the network. "
            "In the language of your choice."
        ),
    )
    contact_position = NeutralLineField(
        label=_("Position of the contact person"), required=False, max_length=150
    )
    contact_phone = NeutralLineField(
        label=_("Telephone of the contact person"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel", "dir": "ltr"}),
        help_text=_("With the country's code, for example +974."),
    )
    letter_text = NeutralTextField(
        label=_("Letter of intent"),
        required=False,
        rows=10,
        help_text=_("Write it here, or add it as a file among the documents."),
    )

    def fields_to_save(self) -> dict[str, Any]:
        """What was typed, under the names that the application has for it."""
        shared = self.cleaned_data.keys() & {f.name for f in Application._meta.get_fields()}
        return {name: self.cleaned_data[name] for name in shared}

    def clean_contact_phone(self) -> str:
        phone: str = self.cleaned_data["contact_phone"]
        if any(character.isalpha() for character in phone):
            raise forms.ValidationError(_("A telephone number has no letters."))
        return phone

    @classmethod
    def initial_of(cls, application: Application) -> dict[str, Any]:
        """What the form shows of a saved application."""
        names = {
            f"name_{code}": application.institution_names.get(code, "")
            for code, _name in settings.LANGUAGES
        }
        return {
            **names,
            **{name: getattr(application, name) for name in SECTION_OF if name in cls.base_fields},
            "country": application.country.code if application.country else "",
        }


class CharterForm(forms.Form):
    """The charter, signed."""

    charter = StoredFileField(
        label=_("Signed charter"), help_text=_("PDF, PNG, JPEG or WebP, at most 10 MB each.")
    )


class WithdrawalForm(forms.Form):
    reason = NeutralTextField(
        label=_("Reason"),
        help_text=_("The secretariat reads it."),
        required=False,
        max_length=2000,
        rows=3,
    )


class LapseForm(forms.Form):
    """`seen`: the state of the application that its reader saw."""

    reason = NeutralTextField(
        label=_("Reason"),
        help_text=_("The applicant gets this text by e-mail, as you write it."),
        max_length=2000,
        rows=3,
    )
    seen = forms.CharField(widget=forms.HiddenInput)


class RecommendationForm(forms.Form):
    """How the secretariat closes its review."""

    favourable = forms.ChoiceField(
        label=_("Recommendation to the assembly"),
        choices=[("yes", _("Recommended")), ("no", _("Not recommended"))],
        widget=forms.RadioSelect,
    )
    reasons = NeutralTextField(
        label=_("Reasons"),
        help_text=_("For the assembly; the applicant does not see them."),
        max_length=5000,
        rows=4,
    )

    proposed_class = forms.ChoiceField(
        label=_("Class that is proposed to the assembly, where it is another than the one sought"),
        required=False,
        choices=[("", "—"), *MembershipClass.choices],
    )
    class_reason = NeutralTextField(
        label=_("Why in this class"),
        help_text=_("The applicant is told this, and the assembly."),
        required=False,
        max_length=2000,
        rows=2,
    )
    incomplete_because = NeutralTextField(
        label=_("If points of the checklist are open: why the review is closed without them"),
        required=False,
        max_length=2000,
        rows=2,
    )

    def __init__(self, *args: Any, sought: str = "", **kwargs: Any) -> None:
        """`sought`: the class that the application seeks."""
        super().__init__(*args, **kwargs)
        self.sought = sought

    def clean_favourable(self) -> bool:
        return bool(self.cleaned_data["favourable"] == "yes")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        proposes = cleaned.get("proposed_class") not in ("", None, self.sought)
        if proposes and not cleaned.get("class_reason"):
            self.add_error("class_reason", _("Say why it is another class."))
        return cleaned
