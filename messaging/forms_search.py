"""What is looked for in the rooms."""

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Institution
from messaging.models import Room, Subject
from records.folding import sought
from records.forms import DayField

SHORTEST = 3  # the index knows texts by three characters at a time


class RoomSearchForm(forms.Form):
    """Words and whatever narrows them: `.cleaned_data` has folded words, `.is_asked` if any."""

    q = forms.CharField(
        label=_("Words"),
        required=False,
        max_length=200,
        widget=forms.SearchInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    room = forms.TypedChoiceField(label=_("Room"), required=False, coerce=int, empty_value=None)
    subject = forms.TypedChoiceField(
        label=pgettext_lazy("of a room", "Subject"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("This is no subject of the room. Choose again.")},
    )
    person = forms.CharField(
        label=_("Said by"),
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    delegation = forms.ModelChoiceField(
        label=_("Delegation"),
        required=False,
        queryset=Institution.objects.none(),
        empty_label=_("All delegations"),
    )
    statements = forms.BooleanField(label=_("Statements only"), required=False)
    since = DayField(label=_("From"), required=False)
    until = DayField(label=_("Until"), required=False)
    with_files = forms.BooleanField(label=_("With files alone"), required=False)
    before = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )

    def __init__(
        self,
        *args: Any,
        rooms: Sequence[Room],
        subjects: Sequence[Subject] = (),
        **kwargs: Any,
    ) -> None:
        """`subjects` are those of the one room that is searched."""
        super().__init__(*args, **kwargs)
        room, delegation = self.fields["room"], self.fields["delegation"]
        assert isinstance(room, forms.ChoiceField)  # noqa: S101  for the type checker
        assert isinstance(delegation, forms.ModelChoiceField)  # noqa: S101
        room.choices = [("", _("All rooms")), *((each.pk, each.title.text) for each in rooms)]
        if subjects:
            titles = [(each.pk, each.title.text) for each in subjects]
            cast(forms.ChoiceField, self.fields["subject"]).choices = [
                ("", _("All subjects")),
                *titles,
            ]
        else:
            del self.fields["subject"]
        delegation.queryset = Institution.objects.in_official_order()

    def clean_q(self) -> str:
        typed = self.cleaned_data["q"]
        words = sought(typed)
        if typed and not any(len(word) >= SHORTEST for word in words.split()):
            raise forms.ValidationError(_("Type at least three letters or digits."), code="short")
        return words

    def clean_person(self) -> str:
        typed = self.cleaned_data["person"]
        words = sought(typed)
        if typed and not words:
            raise forms.ValidationError(_("Type a name, or a part of one."), code="short")
        return words

    def clean(self) -> dict[str, Any]:
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and since > until:
            self.add_error("until", _("This day is before the first one."))
        return self.cleaned_data

    @property
    def is_asked(self) -> bool:
        """Whether there is anything to look for: a room or a subject alone is not."""
        names = ("q", "person", "delegation", "statements", "with_files", "since", "until")
        return any(self.cleaned_data.get(name) for name in names)
