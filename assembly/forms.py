"""All checking of what is typed about meetings and votes."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from assembly.enums import Choice, MeetingKind
from assembly.models import AgendaItem, Meeting, Poll, RollEntry, RuleSet
from members.countries import country_choices
from records.forms import SpokenForm
from records.languages import TextState
from records.reading import written_date


class MeetingForm(SpokenForm):
    """A new meeting."""

    kind = forms.ChoiceField(label=_("Kind of meeting"), choices=MeetingKind.choices)
    number = forms.IntegerField(
        label=_("Number"),
        min_value=1,
        max_value=999,
        required=False,
        help_text=_("The seventh general assembly has the number 7."),
    )
    country = forms.ChoiceField(label=_("Country"), required=False)
    starts_on = forms.DateField(
        label=_("First day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ends_on = forms.DateField(
        label=_("Last day"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    rules = forms.ModelChoiceField(
        label=_("Rules"),
        queryset=RuleSet.objects.newest_first(),
        help_text=_("The version by which its votes are counted. It cannot be changed later."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("city", _("City"))
        self.fields["rules"].initial = RuleSet.objects.newest_first().first()
        country = self.fields["country"]
        if isinstance(country, forms.ChoiceField):
            country.choices = [("", "—"), *country_choices()]
        self.order_fields(
            ["kind", "number", *(f for f in self.fields if f.startswith("city_")), "country"]
        )

    def clean(self) -> None:
        super().clean()
        self.require_one("city")
        first, last = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if first and last and last < first:
            self.add_error("ends_on", _("The last day is not before the first."))
        kind, number = self.cleaned_data.get("kind"), self.cleaned_data.get("number")
        if kind and number and Meeting.objects.numbered(kind, number).exists():
            self.add_error("number", _("A meeting of this kind has this number already."))

    def values(self) -> dict[str, Any]:
        """What `actions.create_meeting` takes."""
        data = self.cleaned_data
        return {
            "kind": data["kind"],
            "number": data["number"],
            "cities": self.texts("city"),
            "country": data["country"],
            "starts_on": data["starts_on"],
            "ends_on": data["ends_on"],
            "rules": data["rules"],
        }


class AgendaItemForm(SpokenForm):
    """A point of the agenda: its title, with a state in each language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Title"), max_length=300)
        self.with_states()
        for name, field in self.fields.items():
            if name.startswith("state_"):
                field.initial, field.required = TextState.FINAL, False

    def states(self, name: str) -> dict[str, str]:
        """A language whose state nobody chose is final: the short way in needs no choice."""
        return {
            code: self.cleaned_data.get(f"state_{code}") or TextState.FINAL.value
            for code in self.texts(name)
        }

    @staticmethod
    def initial_of(item: AgendaItem) -> dict[str, str]:
        texts = {f"title_{code}": title for code, title in item.titles.items()}
        return texts | {f"state_{code}": state for code, state in item.title_states.items()}

    def clean(self) -> None:
        super().clean()
        self.require_one("title")


class MeetingChoiceField(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Meeting) -> str:
        return f"{obj.name} · {obj.city.text} · {written_date(obj.starts_on)}"


class PlacementForm(forms.Form):
    """The general assembly that is to decide an application."""

    meeting = MeetingChoiceField(
        label=_("General assembly"),
        queryset=Meeting.objects.none(),
        empty_label=None,
        error_messages={"invalid_choice": _("Choose a general assembly that is still to come.")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.fields["meeting"]
        if isinstance(meeting, forms.ModelChoiceField):
            meeting.queryset = Meeting.objects.upcoming().general_assemblies()


@dataclass(frozen=True)
class Row:
    """A line of the roll-call form."""

    entry: RollEntry
    name: str  # of the radio buttons
    chosen: str
    options: list[tuple[str, str]]


class RollCallForm(forms.Form):
    """One answer per institution on the roll; none is required, it is a draft.

    Each answer goes with `was_…`, what the page showed when it was loaded. Only what was changed
    there is saved, so that a page left open elsewhere does not undo later answers.
    """

    def __init__(self, data: Any = None, *, poll: Poll) -> None:
        super().__init__(data)
        self.entries: list[RollEntry] = list(poll.roll.all())
        for entry in self.entries:
            label = entry.institution.name.text
            for name in (f"choice_{entry.institution_id}", f"was_{entry.institution_id}"):
                self.fields[name] = forms.ChoiceField(
                    label=label,
                    choices=[("", ""), *Choice.choices],
                    required=False,
                    error_messages={"invalid_choice": _("This is no answer to a roll-call.")},
                )

    def rows(self) -> Iterator[Row]:
        for entry in self.entries:
            name = f"choice_{entry.institution_id}"
            chosen = self.data.get(name, entry.choice) if self.is_bound else entry.choice
            yield Row(entry, name, chosen, [(choice.value, str(choice.label)) for choice in Choice])

    def changed_choices(self) -> dict[int, str]:
        """Institution id → answer, of those that the person changed."""
        answers = {
            entry.institution_id: (
                self.cleaned_data[f"choice_{entry.institution_id}"],
                self.cleaned_data[f"was_{entry.institution_id}"],
            )
            for entry in self.entries
        }
        return {key: choice for key, (choice, was) in answers.items() if choice and choice != was}


class CertificationForm(forms.Form):
    """The last step: what was reviewed, and that it is right."""

    reviewed = forms.CharField(widget=forms.HiddenInput, max_length=64)
    confirmed = forms.BooleanField(
        label=_("The result was read out to the meeting, and it is right."),
        error_messages={"required": _("Confirm that the result was read out and is right.")},
    )
