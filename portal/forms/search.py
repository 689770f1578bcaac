"""What is typed into the search field."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.search import SOURCES
from records.folding import sought

SHORTEST = 2  # of one letter, everything would be found


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search for"),
        max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off", "data-search": ""}),
    )
    kind = forms.ChoiceField(required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = self.fields["kind"]
        assert isinstance(kind, forms.ChoiceField)  # noqa: S101  for the type checker
        kind.choices = [("", ""), *((source.kind, source.label) for source in SOURCES)]

    def clean_q(self) -> str:
        """The words sought (see `records.folding.sought`)."""
        words = sought(self.cleaned_data["q"])
        if not any(len(word) >= SHORTEST for word in words.split()):
            raise forms.ValidationError(_("Type at least two letters or digits."), code="short")
        return words
