"""All checking of what the secretariat writes about dues, notices and profiles to release."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.functional import lazystr
from django.utils.translation import gettext_lazy as _

from members.enums import MembershipClass
from members.forms.applications import NeutralTextField
from members.models import Dues, network_today
from members.models.dues import FIRST_YEAR, LAST_YEAR
from records.forms import DayField, SpokenField, VersionField


class ReasonsForm(forms.Form):
    reasons = NeutralTextField(
        label=_("Reasons"),
        help_text=_("Who proposed it and the focal points get them by e-mail."),
        max_length=5000,
        rows=4,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
    )


class _AmountForm(forms.Form):
    """What is owed: an amount asks for a currency; both may be missing."""

    amount = forms.DecimalField(
        label=_("Amount"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("Leave it empty where the network keeps no amounts."),
    )
    currency = forms.RegexField(
        r"^[A-Za-z]{3}$",
        label=_("Currency"),
        required=False,
        help_text=_("Three letters: USD, EUR, QAR."),
        error_messages={"invalid": _("Write the three letters of the currency, for example USD.")},
        widget=forms.TextInput(attrs={"dir": "ltr", "maxlength": "3", "autocomplete": "off"}),
    )
    due_on = DayField(
        label=_("Due on"),
        required=False,
        help_text=_("Without a day, they never count as overdue."),
    )

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"] or "").upper()

    def clean(self) -> None:
        super().clean()
        data = self.cleaned_data
        if data.get("amount") is not None and data.get("currency") == "":
            self.add_error("currency", _("An amount needs a currency."))
        if data.get("amount") is None and "amount" in data:
            data["currency"] = ""


def _year_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Year"),
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        localize=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )


class YearForm(_AmountForm):
    """The dues of a year for all members of some classes."""

    year = _year_field()
    classes = forms.MultipleChoiceField(
        label=_("For all"),
        choices=MembershipClass.choices,
        initial=[MembershipClass.FULL],
        widget=forms.CheckboxSelectMultiple,
    )
    field_order = ("year", "classes", "amount", "currency", "due_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["year"].initial = timezone.now().year


class DuesForm(_AmountForm):
    """The dues of one institution for one year. `dues`: as they stand; None: a new row, whose year
    is asked for.
    """

    version = VersionField()
    year = _year_field()
    paid_on = DayField(label=_("Paid on"), required=False)
    waiver_reason = NeutralTextField(
        label=_("Waived because"),
        required=False,
        max_length=2000,
        help_text=_("With a reason here the dues are waived. The institution reads it."),
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
    )
    field_order = ("version", "year", "amount", "currency", "due_on", "paid_on", "waiver_reason")

    def __init__(self, *args: Any, dues: Dues | None, **kwargs: Any) -> None:
        kept = ("amount", "currency", "due_on", "paid_on", "waiver_reason", "version")
        stands = {key: getattr(dues, key) for key in kept} if dues else {"version": 0}
        kwargs["initial"] = {"year": timezone.now().year, **stands, **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        if dues:
            del self.fields["year"]

    def clean_paid_on(self) -> Any:
        paid = self.cleaned_data["paid_on"]
        if paid and paid > network_today():
            raise forms.ValidationError(_("This day lies in the future."))
        return paid

    def clean(self) -> None:
        super().clean()
        if self.cleaned_data.get("paid_on") and self.cleaned_data.get("waiver_reason"):
            self.add_error("waiver_reason", _("What was paid cannot be waived too."))

    def said(self) -> dict[str, Any]:
        """What `actions.dues.settle_dues` keeps."""
        kept = ("amount", "currency", "due_on", "paid_on", "waiver_reason")
        return {key: self.cleaned_data[key] for key in kept}

    def take_version(self, version: int) -> None:
        """Be shown again as it was typed, but opened on `version`."""
        data: Any = self.data
        typed = data.copy()
        typed["version"] = str(version)
        self.data = typed


class NoticeForm(forms.Form):
    """A notice in each of `languages`; all of them are to be filled in."""

    version = VersionField()

    def __init__(
        self,
        *args: Any,
        languages: list[str],
        titles: dict[str, str],
        bodies: dict[str, str],
        **kwargs: Any,
    ) -> None:
        self.codes = languages
        super().__init__(*args, **kwargs)
        names = dict(settings.LANGUAGES)
        for code in languages:
            self.fields[f"title_{code}"] = SpokenField(
                code,
                label=lazystr(f"{_('Heading')} · {names[code]}"),
                required=True,
                initial=titles.get(code, ""),
            )
            self.fields[f"body_{code}"] = SpokenField(
                code,
                long=True,
                label=lazystr(f"{_('Text')} · {names[code]}"),
                required=True,
                max_length=10_000,
                initial=bodies.get(code, ""),
            )
            self.fields[f"body_{code}"].widget.attrs["rows"] = 12

    def texts(self, name: str) -> dict[str, str]:
        return {code: self.cleaned_data[f"{name}_{code}"] for code in self.codes}

    def take_version(self, version: int) -> None:
        """Be shown again as it was typed, but opened on `version`."""
        data: Any = self.data
        typed = data.copy()
        typed["version"] = str(version)
        self.data = typed
