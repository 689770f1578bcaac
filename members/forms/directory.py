"""What of the directory to show, and in which order."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from members.countries import alphabetical, country_name
from members.enums import DirectoryOrder, MembershipClass
from members.forms.people import DirectoryFilterForm
from members.models import Field, Membership
from members.models.directory import INTERNATIONAL, UNKNOWN, Arranged, Share
from members.models.institutions import InstitutionQuerySet
from records.folding import fold
from records.reading import number

FILTERS = ("country", "membership_class", "field", "joined")


class DirectoryForm(DirectoryFilterForm):
    """The filters of the directory. A value that is not offered narrows nothing."""

    country = forms.ChoiceField(label=_("Country"), required=False)
    membership_class = forms.ChoiceField(label=_("Class of membership"), required=False)
    field = forms.ChoiceField(label=_("Field of work"), required=False)
    joined = forms.ChoiceField(label=_("Member since"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=DirectoryOrder.choices)

    def __init__(self, *args: Any, listed: InstitutionQuerySet, **kwargs: Any) -> None:
        """`listed` is all that the directory holds: only what is in it can be chosen."""
        super().__init__(*args, **kwargs)
        self.listed = listed
        self.shares = listed.shares()
        codes = {share.country for share in self.shares}
        classes = {share.membership_class for share in self.shares}
        there = Membership.objects.years_of_joining()
        years = sorted(year for year in there if year)
        years_offered = [("", _("any year")), *((str(year), number(year)) for year in years)]
        if None in there:
            years_offered.append((UNKNOWN, _("date not recorded")))
        countries = sorted(
            ((code, country_name(code).text) for code in codes if code),
            key=lambda c: alphabetical(c[1]),
        )
        if "" in codes:
            countries.append((INTERNATIONAL, str(_("international"))))
        fields = list(Field.objects.of_institutions(listed))
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

    def _fitting(self) -> InstitutionQuerySet:
        chosen = {name: self.chosen(name) for name in FILTERS}
        return self.listed.narrowed(words=self.folded(), **chosen)

    def found(self) -> InstitutionQuerySet:
        """The institutions that fit, class after class, in the order asked for."""
        return self._fitting().arranged(DirectoryOrder(self.chosen("order")))

    def in_pages(self) -> Arranged:
        """The same for a paginator, counted."""
        found = self._fitting()
        return Arranged(found, DirectoryOrder(self.chosen("order")), self._shares_of(found))

    def _shares_of(self, found: InstitutionQuerySet) -> list[Share]:
        """What was counted already tells classes and countries apart."""
        if any(self.chosen(name) for name in ("q", "field", "joined")):
            return found.shares()
        country, membership_class = self.chosen("country"), self.chosen("membership_class")
        code = "" if country == INTERNATIONAL else country
        return [
            share
            for share in self.shares
            if (not country or share.country == code)
            and (not membership_class or share.membership_class == membership_class)
        ]
