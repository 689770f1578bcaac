"""All checking of what is said about a room's subjects."""

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from messaging.models import Subject
from records.forms import SpokenForm

GENERAL = pgettext_lazy("subject", "General")


class SubjectForm(SpokenForm):
    """The title of a subject, per language."""

    def __init__(self, *args: Any, subject: Subject | None = None, **kwargs: Any) -> None:
        if subject:
            kwargs["initial"] = {f"title_{code}": text for code, text in subject.titles.items()}
        super().__init__(*args, **kwargs)
        self.add_texts("title", _("Title"), max_length=150)

    def clean(self) -> dict[str, Any]:
        super().clean()
        self.require_one("title")
        return self.cleaned_data


class SubjectAct(TextChoices):
    CLOSE = "close", _("Close the subject")
    REOPEN = "reopen", _("Reopen the subject")


class SubjectActForm(forms.Form):
    act = forms.ChoiceField(choices=SubjectAct)


class MoveForm(forms.Form):
    """Under which of the open `subjects` a message is to stand (None: under none)."""

    subject = forms.TypedChoiceField(
        label=pgettext_lazy("of a room", "Subject"), required=False, coerce=int, empty_value=None
    )
    with_following = forms.BooleanField(
        label=_("And what follows it in its subject"), required=False
    )

    def __init__(
        self, *args: Any, subjects: Iterable[Subject], may_follow: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        cast(forms.ChoiceField, self.fields["subject"]).choices = [
            ("", GENERAL),
            *((each.pk, each.title.text) for each in subjects),
        ]
        if not may_follow:
            del self.fields["with_following"]


class ViewForm(forms.Form):
    """Of which subject a page is (0: of General), and around which record."""

    subject = forms.IntegerField(required=False, min_value=0, max_value=2**53)
    at = forms.IntegerField(required=False, min_value=1, max_value=2**53)
