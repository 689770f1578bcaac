"""All checking of what the secretariat writes about an institution's standing."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from members.enums import MembershipClass
from members.forms.applications import NeutralLineField, NeutralTextField
from members.models import MAX_MEMBERSHIP_DOCUMENTS, Membership, network_today
from records.forms import DayField, StoredFileField
from records.inspection import EXTENSIONS


class FilesInput(forms.FileInput):
    allow_multiple_selected = True


class StoredFilesField(StoredFileField):
    """Any number of files up to `most`, each checked as `StoredFileField` checks one; cleaned to a
    list.
    """

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        widget = FilesInput(attrs={"accept": ",".join(EXTENSIONS)})
        super().__init__(required=False, widget=widget, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        files = list(filter(None, data or []))
        if len(files) > self.most:
            raise forms.ValidationError(
                _("At most %(number)s files."), code="too_many", params={"number": self.most}
            )
        return [super(StoredFilesField, self).clean(file) for file in files]


class ActForm(forms.Form):
    """What an act rests on. `standing` is the one that the page shows; the field of that name is
    the one that its reader saw, which the action compares.
    """

    standing = forms.IntegerField(widget=forms.HiddenInput)
    since = DayField(
        label=_("In effect from"),
        help_text=_("Today or a day before: the history shows it. Rights follow at once."),
    )
    reason = NeutralTextField(
        label=_("Reason"),
        help_text=_("The institution reads it, and its heads and focal points get it by e-mail."),
        max_length=5000,
        rows=4,
    )
    decision = NeutralLineField(
        label=_("Decision that it rests on"),
        required=False,
        max_length=300,
        help_text=_("For example: decision 7/3 of the seventh assembly."),
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    documents = StoredFilesField(
        label=_("Documents"),
        most=MAX_MEMBERSHIP_DOCUMENTS,
        help_text=_("PDF, PNG, JPEG or WebP; several at once, at most 10 MB together."),
    )

    def __init__(self, *args: Any, standing: Membership, **kwargs: Any) -> None:
        self.current = standing
        today = network_today()
        kwargs["initial"] = {"since": today, **kwargs.get("initial", {}), "standing": standing.pk}
        super().__init__(*args, **kwargs)
        first = standing.since.isoformat() if standing.since else None
        limits = {"min": first, "max": today.isoformat()}
        self.fields["since"].widget.attrs |= {k: v for k, v in limits.items() if v}

    @property
    def is_stale(self) -> bool:
        """Whether its reader saw another standing than the one of now."""
        return self.is_bound and self.data.get("standing") != str(self.current.pk)

    def clean_since(self) -> Any:
        since = self.cleaned_data["since"]
        if since > network_today():
            raise forms.ValidationError(_("This day lies in the future."))
        if self.current.since and since < self.current.since and not self.is_stale:
            raise forms.ValidationError(_("On this day, the standing of now had not begun."))
        return since

    def grounds(self) -> dict[str, Any]:
        """What `members.actions.memberships.Grounds` takes."""
        named = {"since", "reason", "decision"}
        return {name: self.cleaned_data[name] for name in named} | {
            "uploads": self.cleaned_data["documents"]
        }


class ClassForm(ActForm):
    """The same, and the class that the member is to be of."""

    field_order = ("standing", "membership_class")

    membership_class = forms.ChoiceField(
        label=_("New class"), choices=MembershipClass.choices, widget=forms.RadioSelect
    )

    def __init__(
        self, *args: Any, classes: list[MembershipClass], standing: Membership, **kwargs: Any
    ) -> None:
        super().__init__(*args, standing=standing, **kwargs)
        if not self.is_stale:
            offered = self.fields["membership_class"]
            offered.choices = [(c.value, c.label) for c in classes]  # type: ignore[attr-defined]
