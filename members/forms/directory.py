"""What of the directory to show, and in which order."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

from members.countries import alphabetical, country_name
from members.enums import MembershipClass
from members.forms.people import DirectoryFilterForm
from members.models import Institution
from records.folding import fold
from records.reading import number

UNKNOWN = "unknown"  # the year that no source says
INTERNATIONAL = "none"  # the country of a body that has none
FILTERS = ("country", "membership_class", "field", "joined")


class DirectoryOrder(TextChoices):
    OFFICIAL = "", _("official order")
    COUNTRY = "country", _("country")
    NAME = "name", _("name of the institution")
    JOINED = "joined", _("member since, the earliest first")


class DirectoryForm(DirectoryFilterForm):
    """The filters of the directory. A value that is not offered narrows nothing."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    membership_class = forms.ChoiceField(label=_("Class of membership"), required=False)
    field = forms.ChoiceField(label=_("Field of work"), required=False)
    joined = forms.ChoiceField(label=_("Member since"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=DirectoryOrder.choices)

    def __init__(self, *args: Any, institutions: Iterable[Institution], **kwargs: Any) -> None:
        """`institutions` are all that the directory holds: only what they have can be chosen."""
        super().__init__(*args, **kwargs)
        self.institutions = list(institutions)
        classes = {i.membership.membership_class for i in self.institutions if i.membership}
        years = sorted({i.joined_on.year for i in self.institutions if i.joined_on})
        years_offered = [("", _("any year")), *((str(year), number(year)) for year in years)]
        if any(i.joined_on is None for i in self.institutions):
            years_offered.append((UNKNOWN, _("date not recorded")))
        codes = {i.country.code for i in self.institutions if i.country}
        countries = sorted(
            ((code, country_name(code).text) for code in codes), key=lambda c: alphabetical(c[1])
        )
        if any(not i.country for i in self.institutions):
            countries.append((INTERNATIONAL, str(_("international"))))
        fields = sorted(
            {f for i in self.institutions for f in i.fields_of_work.all()},
            key=lambda f: (f.position, f.pk),
        )
        offered: dict[str, list[tuple[str, Any]]] = {
            "country": [("", _("all")), *countries],
            "field": [("", _("all")), *((str(f.pk), f.name.text) for f in fields)],
            "membership_class": [
                ("", _("all")),
                *((c.value, c.label) for c in MembershipClass if c in classes),
            ],
            "joined": years_offered,
        }
        self.has_fields = bool(fields)
        self.labels = {name: dict(choices) for name, choices in offered.items()}
        for name, choices in offered.items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = choices

    def chosen(self, name: str) -> str:
        """The value of a filter; "" where none, or none that is offered, was chosen."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))

    def folded(self) -> str:
        return fold(self.chosen("q"))

    @property
    def narrows(self) -> bool:
        """Whether anything is sought or left out."""
        return any(self.chosen(name) for name in ("q", *FILTERS))

    @property
    def filters(self) -> list[forms.BoundField]:
        """Those that the page offers: fields of work only where somebody has one."""
        return [self[name] for name in FILTERS if name != "field" or self.has_fields]

    @property
    def query(self) -> str:
        """The end of an address that shows the same: "?…", or "" for everything."""
        said = {name: self.chosen(name) for name in ("q", *FILTERS, "order")}
        chosen = urlencode({name: value for name, value in said.items() if value})
        return f"?{chosen}" if chosen else ""

    def in_words(self) -> list[tuple[str, str]]:
        """What was sought: what each filter is called, and what was chosen in it."""
        said = [
            (str(self[name].label), str(self.labels[name][value]))
            for name in FILTERS
            if (value := self.chosen(name))
        ]
        words = self.chosen("q")
        return [(str(self["q"].label), words), *said] if words else said

    def found(self) -> list[Institution]:
        """The institutions that fit, in the order asked for."""
        words = self.folded().split()
        wanted, joined = self.chosen("membership_class"), self.chosen("joined")
        country, field = self.chosen("country"), self.chosen("field")
        fitting = [
            i
            for i in self.institutions
            if all(word in i.search_text for word in words)
            and (not country or country == (i.country.code if i.country else INTERNATIONAL))
            and (not field or field in {str(f.pk) for f in i.fields_of_work.all()})
            and (not wanted or (i.membership and i.membership.membership_class == wanted))
            and (not joined or joined == (str(i.joined_on.year) if i.joined_on else UNKNOWN))
        ]
        match self.chosen("order"):
            case DirectoryOrder.COUNTRY:
                fitting.sort(
                    key=lambda i: (not i.country, alphabetical(country_name(i.country).text))
                )
            case DirectoryOrder.NAME:
                fitting.sort(key=lambda i: fold(i.name.text))
            case DirectoryOrder.JOINED:
                fitting.sort(key=lambda i: i.joined_on or date.max)
        return fitting
