"""What people say of themselves, and whom each part is shown to."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from members.enums import PROFILE_VISIBILITY, Visibility
from members.forms.people import PersonNameField
from members.languages import OFFERED, language_choices, language_word
from members.models import PersonProfile, User
from members.names import SCRIPTS, script_of
from records.forms import PictureField, SpokenForm

TEXTS = {"form_of_address": "forms_of_address", "position": "positions"}  # field -> column
SEEN = {
    "form_of_address": _("Who is shown the form of address"),
    "position": _("Who is shown the position"),
    "languages": _("Who is shown the languages"),
    "photo": _("Who is shown the photo"),
    "time_zone": _("Who is shown the time zone"),
    "email": _("Who is shown the e-mail address"),
}


class PersonProfileForm(SpokenForm):
    """Names in two scripts; form of address and position in each language; who is shown what."""

    name_arabic = PersonNameField(
        label=_("Name in Arabic script"),
        required=False,
        help_text=_("Shown to those who read in Arabic."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    name_latin = PersonNameField(
        label=_("Name in Latin script"),
        required=False,
        help_text=_("Shown to those who read in English or French."),
    )

    def __init__(self, *args: Any, user: User, profile: PersonProfile, **kwargs: Any) -> None:
        self.profile = profile
        kwargs["initial"] = self.initial_of(user, profile)
        super().__init__(*args, **kwargs)
        self.add_texts("form_of_address", _("Form of address"), max_length=60)
        self.add_texts("position", _("Position"), max_length=150)
        self.fields["tongues"] = forms.MultipleChoiceField(
            label=_("Languages that I speak"),
            choices=[
                *language_choices(),
                *((c, language_word(c)) for c in profile.languages if c not in OFFERED),
            ],
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for part in PROFILE_VISIBILITY:
            self.fields[f"seen_{part}"] = forms.ChoiceField(
                label=SEEN[part], choices=Visibility.choices
            )
        self.fields["seen_email"].help_text = _(
            "Whoever manages the people of your delegation, and the secretariat, see it always."
        )

    @staticmethod
    def initial_of(user: User, profile: PersonProfile) -> dict[str, Any]:
        texts = {field: getattr(profile, column) for field, column in TEXTS.items()}
        return {
            **{script: getattr(user, script) for script in SCRIPTS},
            **{f"{field}_{code}": t for field, said in texts.items() for code, t in said.items()},
            **{f"seen_{part}": profile.shown_to(part).value for part in PROFILE_VISIBILITY},
            "tongues": profile.languages,
        }

    def clean_name_latin(self) -> str:
        return self._in_its_script("name_latin", _("This name has Arabic letters."))

    def clean_name_arabic(self) -> str:
        return self._in_its_script("name_arabic", _("This name has no Arabic letters."))

    def _in_its_script(self, field: str, refusal: Any) -> str:
        name = str(self.cleaned_data[field])
        if name and script_of(name) != field:
            raise ValidationError(refusal, code="script")
        return name

    def clean(self) -> None:
        super().clean()
        if not any(self.cleaned_data.get(script) or script in self.errors for script in SCRIPTS):
            self.add_error("name_latin", _("Write your name, in one script at least."))

    @property
    def names(self) -> list[forms.BoundField]:
        return [self[script] for script in SCRIPTS]

    @property
    def seen(self) -> list[forms.BoundField]:
        return [self[f"seen_{part}"] for part in PROFILE_VISIBILITY]

    def said(self) -> dict[str, Any]:
        """What `actions.persons.change_person_profile` keeps."""
        data = self.cleaned_data
        return {
            **{script: data[script] for script in SCRIPTS},
            **{column: self.texts(field) for field, column in TEXTS.items()},
            "languages": sorted(data["tongues"]),
            "visibility": {part: data[f"seen_{part}"] for part in PROFILE_VISIBILITY},
        }


class PhotoForm(forms.Form):
    photo = PictureField(
        label=_("Photo"), help_text=_("PNG, JPEG or WebP, up to 10 MB. It is shown small.")
    )
