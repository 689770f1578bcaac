"""Which entries of the audit log to show, and how to take them along."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from members.audit import act_name, thing_name
from members.audit_export import Format
from members.models import Institution, Mandate, User
from records.folding import fold
from records.forms import DayField
from records.models import AuditEntry
from records.reading import midnight


class AuditFilterForm(forms.Form):
    """What narrows the log. The choices are what the log knows; a form that is refused seeks
    nothing.
    """

    who = forms.CharField(
        label=_("Who"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    institution = forms.ModelChoiceField(
        label=_("Acting for"),
        required=False,
        queryset=Institution.objects.none(),
        empty_label=_("all"),
    )
    act = forms.ChoiceField(label=_("Act"), required=False)
    object_type = forms.ChoiceField(label=_("About"), required=False)
    object_id = forms.IntegerField(
        label=_("Its number"),
        required=False,
        min_value=1,
        max_value=2**53,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"}),
    )
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        institutions = self.fields["institution"]
        assert isinstance(institutions, forms.ModelChoiceField)  # noqa: S101  for the type checker
        institutions.queryset = Mandate.objects.all().institutions()
        for name, values, named in (
            ("object_type", AuditEntry.objects.object_types(), thing_name),
            ("act", AuditEntry.objects.acts(), act_name),
        ):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            choices = sorted(((value, named(value)) for value in values), key=lambda c: fold(c[1]))
            field.choices = [("", _("all")), *choices]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        since, until = cleaned.get("since"), cleaned.get("until")
        if since and until and until < since:
            self.add_error("until", _("This is before the first day. Choose a later one."))
        return cleaned

    @property
    def query(self) -> str:
        """The end of an address that shows the same from its beginning, without the question mark;
        "" for one that seeks nothing.
        """
        asked = {name: self[name].value() for name in self.fields if name not in ("before", "form")}
        return urlencode({n: v for n, v in asked.items() if v}) if self.is_valid() else ""

    @property
    def narrows(self) -> bool:
        return bool(self.query)

    def sought(self) -> dict[str, Any]:
        """Arguments of `AuditEntry.objects.page`."""
        if not self.is_valid():
            return {}
        asked = self.cleaned_data
        names, institution = fold(asked["who"]), asked["institution"]
        since, until = asked["since"], asked["until"]
        return {
            "actors": User.objects.named(names).values("pk") if names else None,
            "mandates": Mandate.objects.of_institution(institution).values("pk")
            if institution
            else None,
            "since": midnight(since) if since else None,
            "until": midnight(until, later=1) if until else None,
            **{name: asked[name] for name in ("act", "object_type", "object_id", "before")},
        }

    def said(self) -> dict[str, str | bool]:
        """What was asked: for the log of who took what along, in which no name stands for good."""
        asked = {name: str(self[name].value()) for name in self.fields if self[name].value()}
        return {**asked, **({"who": True} if "who" in asked else {})}


class AuditExportForm(AuditFilterForm):
    """The same filters, and as what their entries are wanted."""

    form = forms.ChoiceField(choices=Format.choices)
