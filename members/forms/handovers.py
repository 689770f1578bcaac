"""Checking of a handover of the presidency: to whom, when, and who passes with it."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.forms.groups import ReasonForm
from members.models import Institution, Mandate, User
from members.permissions.presidencies import may_preside, may_take_over, office_of, office_running
from records.forms import VersionField

FORMATS = ("%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S")
LATEST = timedelta(days=5 * 366)


class NetworkTimeField(forms.DateTimeField):
    """A moment to come, said in the network's time zone."""

    widget = forms.DateTimeInput(format=FORMATS[0], attrs={"type": "datetime-local"})
    default_error_messages = {
        "required": _("Say on which day, and at which hour."),
        "invalid": _("Give a day and an hour."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=FORMATS, **kwargs)

    def to_python(self, value: Any) -> datetime | None:
        with timezone.override(settings.NETWORK_TIME_ZONE):  # refuses an hour that clocks leave out
            try:
                return super().to_python(value)
            except OverflowError as error:
                raise forms.ValidationError(self.error_messages["invalid"]) from error

    def prepare_value(self, value: Any) -> Any:
        with timezone.override(settings.NETWORK_TIME_ZONE):
            return super().prepare_value(value)

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value <= timezone.now():
            raise forms.ValidationError(_("This moment is over."), code="over")
        if value and value > timezone.now() + LATEST:
            raise forms.ValidationError(_("That is more than five years away."), code="far")


def moment_field() -> NetworkTimeField:
    return NetworkTimeField(label=_("It takes effect"))


class NextForm(forms.Form):
    """Which institution presides next."""

    institution = forms.ChoiceField(label=_("Next institution"))

    def __init__(self, *args: Any, outgoing: Institution, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.found = {str(each.pk): each for each in may_preside(outgoing)}
        chosen = self.fields["institution"]
        assert isinstance(chosen, forms.ChoiceField)  # noqa: S101  for the type checker
        chosen.choices = [("", _("Choose…")), *((pk, i.name.text) for pk, i in self.found.items())]

    def clean_institution(self) -> Institution:
        return self.found[self.cleaned_data["institution"]]


class HandoverForm(forms.Form):
    """When the presidency passes to `institution`, whose mandates end, and whose begin."""

    takes_effect_at = moment_field()
    ending = forms.MultipleChoiceField(
        label=_("Mandates of the present secretariat that end then"),
        required=False,
        help_text=_(
            "Who is not chosen goes on as a delegate of your institution, and reads what the "
            "office could read until then."
        ),
        widget=forms.CheckboxSelectMultiple,
    )
    beginning = forms.MultipleChoiceField(
        label=_("Who is of the secretariat from then on"),
        help_text=_("People of its delegation. They keep the mandates that they have."),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Choose one person at least.")},
    )

    def __init__(
        self, *args: Any, outgoing: Institution, institution: Institution, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.office = {str(m.pk): m for m in office_of(outgoing)}
        self.returning = office_running(institution)
        there = {m.user_id for m in self.returning}
        people = may_take_over(institution)
        self.people = {str(m.user_id): m for m in people if m.user_id not in there}
        _offer(self, "ending", {pk: m.user.name for pk, m in self.office.items()})
        _offer(
            self,
            "beginning",
            {
                pk: f"\u2068{m.user.name}\u2069 · {m.get_capacity_display()}"
                for pk, m in self.people.items()
            },
        )
        self.fields["beginning"].required = not self.returning
        if not self.people:
            del self.fields["beginning"]

    @property
    def has_people(self) -> bool:
        """Whether anybody of the next institution could run the secretariat."""
        return bool(self.people or self.returning)

    def chosen(self) -> dict[str, Any]:
        """What `schedule_handover` takes, but for the institution."""
        ending: list[Mandate] = [self.office[pk] for pk in self.cleaned_data["ending"]]
        beginning: list[User] = [
            self.people[pk].user for pk in self.cleaned_data.get("beginning", [])
        ]
        return {
            "takes_effect_at": self.cleaned_data["takes_effect_at"],
            "ending": ending,
            "beginning": beginning,
        }


class MomentForm(forms.Form):
    """Another moment for a handover that waits."""

    version = VersionField()
    takes_effect_at = moment_field()


class CancelForm(ReasonForm):
    """Why it is taken back."""


def _offer(form: forms.Form, name: str, choices: dict[str, str]) -> None:
    field = form.fields[name]
    assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  for the type checker
    field.choices = list(choices.items())
