"""What an institution says of itself, in one language after another."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.forms.applications import NAME_MAX, official_name_label
from members.models import Institution
from records.forms import LanguageFields, SpokenForm
from records.languages import state_of


class ProfileForm(SpokenForm):
    """Official names, and a description with a state in each language."""

    def __init__(self, *args: Any, institution: Institution, **kwargs: Any) -> None:
        kwargs["initial"] = self.initial_of(institution)
        super().__init__(*args, **kwargs)
        self.add_texts("name", _("Official name"), max_length=NAME_MAX)
        self.add_texts("description", _("Description"), long=True, max_length=5000)
        self.with_states()
        for name, field in self.fields.items():
            prefix, _separator, code = name.rpartition("_")
            if prefix == "name":
                field.label = official_name_label(code)
            elif prefix == "state":
                field.help_text = _(
                    "A draft is seen by those who write it; everyone reads the final."
                )
        self.fields["website"] = forms.URLField(
            label=_("Website"), required=False, max_length=200, assume_scheme="https"
        )

    @staticmethod
    def initial_of(institution: Institution) -> dict[str, Any]:
        texts = {"name": institution.names, "description": institution.descriptions}
        initial: dict[str, Any] = {
            f"{field}_{code}": text for field, said in texts.items() for code, text in said.items()
        }
        states = institution.description_states.items()
        return {
            **initial,
            **{f"state_{code}": state for code, state in states},
            "website": institution.website,
        }

    def clean(self) -> None:
        super().clean()
        self.require_one("name")

    @property
    def languages(self) -> list[LanguageFields]:
        """With the state of the description, which is what has one."""
        return [
            tab._replace(
                state=state_of(
                    {tab.code: str(self[f"description_{tab.code}"].value() or "").strip()},
                    {tab.code: str(self[f"state_{tab.code}"].value())},
                    tab.code,
                )
            )
            for tab in super().languages
        ]

    def values(self) -> dict[str, Any]:
        """What `actions.profiles.change_profile` takes."""
        return {
            "names": self.texts("name"),
            "descriptions": self.texts("description"),
            "description_states": self.states("description"),
            "website": self.cleaned_data["website"],
        }
