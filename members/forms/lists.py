"""What narrows and orders the lists of the secretariat."""

from typing import Any, ClassVar
from urllib.parse import urlencode

from django import forms
from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from members.countries import alphabetical, country_name
from members.enums import Capacity, InstitutionKind, MembershipClass, QueueTab
from members.enums_lists import FileKind, MandateStanding, PeopleOrder, QueueOrder
from members.models import Application, Institution, Mandate, Reviewer, User
from members.models.applications import ApplicationQuerySet
from members.models.people import MandateQuerySet
from records.folding import fold
from records.reading import number

INTERNATIONAL = "none"  # the country of a body that has none
NOBODY = "none"  # whom the secretariat has asked to review


def _words(label: Any) -> forms.CharField:
    widget = forms.TextInput(attrs={"type": "search", "dir": "auto", "autocomplete": "off"})
    return forms.CharField(label=label, required=False, max_length=200, widget=widget)


def _all(choices: Any) -> list[tuple[str, Any]]:
    return [("", _("all")), *choices]


class ListForm(forms.Form):
    """Filters in an address. A value that is not offered narrows nothing."""

    always: ClassVar[tuple[str, ...]] = ()  # which part and which order: they narrow nothing

    def chosen(self, name: str) -> str:
        """The value of a field; "" where none, or none that is offered, was chosen."""
        self.is_valid()
        value = self.cleaned_data.get(name)
        return "on" if value is True else str(value or "")

    def offer(self, name: str, choices: Any) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = choices

    @property
    def said(self) -> dict[str, str]:
        return {name: value for name in self.fields if (value := self.chosen(name))}

    @property
    def narrows(self) -> bool:
        return any(name not in self.always for name in self.said)

    @property
    def query(self) -> str:
        """The end of an address that shows the same, without the question mark."""
        return self.query_with()

    def query_with(self, **other: str) -> str:
        """The same, with other values of some fields."""
        return urlencode({**self.said, **other})

    def for_log(self) -> dict[str, str | bool]:
        """What was asked, for the audit log: no name stands in it for good."""
        return {name: True if name == "q" else value for name, value in self.said.items()}


def _countries() -> list[tuple[str, str]]:
    """Those that institutions are of."""
    named = ((code, country_name(code).text) for code in Institution.objects.country_codes())
    found = sorted(named, key=lambda pair: alphabetical(pair[1]))
    return _all([*found, (INTERNATIONAL, _("international"))])


class PeopleListForm(ListForm):
    """Who of the network's people is shown."""

    q = _words(_("Name or e-mail address"))
    institution = _words(_("Institution"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    capacity = forms.ChoiceField(
        label=_("Capacity"), required=False, choices=_all(Capacity.choices)
    )
    state = forms.ChoiceField(
        label=_("Mandate"), required=False, choices=_all(MandateStanding.choices)
    )
    order = forms.ChoiceField(label=_("Order"), required=False, choices=PeopleOrder.choices)
    no_factor = forms.BooleanField(label=_("without a second factor"), required=False)
    never = forms.BooleanField(label=_("never signed in"), required=False)
    always = ("order",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offer("country", _countries())

    @property
    def of_people(self) -> bool:
        """Whether people without a mandate are sought: there, only what is of a person narrows."""
        return self.chosen("state") == MandateStanding.NONE

    def people(self) -> "QuerySet[User]":
        return User.objects.unseated(
            fold(self.chosen("q")),
            without_second_factor=bool(self.chosen("no_factor")),
            never_signed_in=bool(self.chosen("never")),
            order=self.chosen("order"),
        )

    def mandates(self) -> MandateQuerySet:
        found = Mandate.objects.naming(fold(self.chosen("q")))
        found = found.at_institutions(fold(self.chosen("institution")))
        if country := self.chosen("country"):
            found = found.in_country("" if country == INTERNATIONAL else country)
        if capacity := self.chosen("capacity"):
            found = found.in_capacity(capacity)
        if state := self.chosen("state"):
            found = found.standing(state)
        if self.chosen("no_factor"):
            found = found.without_second_factor()
        if self.chosen("never"):
            found = found.never_signed_in()
        return found.in_order_of(self.chosen("order"), get_language() or "")


class QueueListForm(ListForm):
    """Which applications are shown."""

    tab = forms.ChoiceField(choices=QueueTab.choices, required=False, widget=forms.HiddenInput)
    q = _words(_("Name, acronym or country"))
    country = forms.ChoiceField(label=_("Country"), required=False)
    kind = forms.ChoiceField(
        label=_("Kind of institution"), required=False, choices=_all(InstitutionKind.choices)
    )
    membership_class = forms.ChoiceField(
        label=_("Class sought"), required=False, choices=_all(MembershipClass.choices)
    )
    year = forms.ChoiceField(label=_("Submitted in"), required=False)
    reviewer = forms.ChoiceField(label=_("Reviewer"), required=False)
    order = forms.ChoiceField(label=_("Order"), required=False, choices=QueueOrder.choices)
    overdue = forms.BooleanField(label=_("overdue"), required=False)
    always = ("tab", "order")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        queue = Application.objects.in_queue()
        self.offer("year", _all((str(year), number(year)) for year in queue.years()))
        codes = queue.country_codes()
        named = sorted(
            ((code, country_name(code).text) for code in codes if code),
            key=lambda pair: alphabetical(pair[1]),
        )
        bodies = [(INTERNATIONAL, _("international"))] if "" in codes else []
        self.offer("country", _all([*named, *bodies]))
        reviewers = sorted(
            ((str(each.pk), each.name) for each in Reviewer.objects.current().people()),
            key=lambda pair: alphabetical(pair[1]),
        )
        self.offer("reviewer", _all([(NOBODY, _("nobody")), *reviewers]))

    @property
    def part(self) -> QueueTab:
        """Which part of the queue; anything else is the first part."""
        return QueueTab(self.chosen("tab") or QueueTab.TO_DO)

    def narrowed(self) -> ApplicationQuerySet:
        """Of every part of the queue, what fits."""
        found = Application.objects.in_queue().naming(fold(self.chosen("q")))
        if country := self.chosen("country"):
            found = found.of_country("" if country == INTERNATIONAL else country)
        if kind := self.chosen("kind"):
            found = found.of_kind(kind)
        if membership_class := self.chosen("membership_class"):
            found = found.for_class(membership_class)
        if year := self.chosen("year"):
            found = found.of_year(int(year))
        if reviewer := self.chosen("reviewer"):
            found = found.reviewed_by(None if reviewer == NOBODY else int(reviewer))
        if self.chosen("overdue"):
            found = found.overdue()
        return found

    def found(self) -> ApplicationQuerySet:
        found = self.narrowed().in_tab(self.part)
        return found.in_order_of(self.chosen("order"), get_language() or "")


class FileForm(forms.Form):
    """As what a list is taken along."""

    form = forms.ChoiceField(choices=FileKind.choices)
