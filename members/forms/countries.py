"""What the secretariat settles about countries."""

from typing import Any

from django import forms
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.countries import library_name
from members.forms.applications import NeutralTextField
from members.models import CountryName
from records.folding import fold
from records.forms import SpokenForm


class CountryForm(SpokenForm):
    """The network's own names of a country, and whether it stands on the map."""

    def __init__(self, *args: Any, code: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("name", _("Name"), max_length=100)
        usual = _("Left empty:")
        for language, _own_name in self.asked:
            self.fields[f"name_{language}"].help_text = lazystr(
                f"{usual} \u2068{library_name(code, language).text}\u2069"
            )
        self.fields["is_on_map"] = forms.BooleanField(
            label=_("Shown on the map of the network"), required=False
        )
        self.fields["note"] = NeutralTextField(
            label=_("Note on the source"),
            required=False,
            max_length=1000,
            rows=3,
            help_text=_(
                "Where this name comes from, and who decided. Only the secretariat sees it."
            ),
        )

    @classmethod
    def initial_of(cls, settled: CountryName | None) -> dict[str, Any]:
        if settled is None:
            return {"is_on_map": True}
        names = {f"name_{language}": name for language, name in settled.names.items()}
        return {**names, "is_on_map": settled.is_on_map, "note": settled.note}


class CountryFilterForm(forms.Form):
    q = forms.CharField(
        label=_("Find a country"),
        required=False,
        max_length=100,
        widget=forms.SearchInput(attrs={"dir": "auto"}),
    )

    def folded(self) -> str:
        return fold(self.cleaned_data["q"]) if self.is_valid() else ""
