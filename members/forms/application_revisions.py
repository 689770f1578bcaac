"""Which two revisions of an application are compared."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext

from members.models import ApplicationRevision
from records.reading import number, written_date


class RevisionsForm(forms.Form):
    """Two of `revisions`, in their order; anything else is the first and the last."""

    before = forms.TypedChoiceField(label=_("Before"), coerce=int)
    after = forms.TypedChoiceField(label=_("After"), coerce=int)

    def __init__(self, *args: Any, revisions: list[ApplicationRevision], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.revisions = {revision.number: revision for revision in revisions}
        pattern = pgettext("a thing and its value", "%(name)s: %(value)s")
        choices = [
            (
                key,
                pattern
                % {
                    "name": number(key),
                    "value": written_date(timezone.localtime(revision.at), "DATETIME_FORMAT"),
                },
            )
            for key, revision in self.revisions.items()
        ]
        ends = min(self.revisions, default=0), max(self.revisions, default=0)
        for name, key in zip(("before", "after"), ends, strict=True):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
            field.choices = choices
            field.initial = key

    def chosen(self) -> tuple[ApplicationRevision, ApplicationRevision] | None:
        """The two; None where there is none."""
        if not self.revisions:
            return None
        ends = min(self.revisions), max(self.revisions)
        said = self.cleaned_data if self.is_bound and self.is_valid() else {}
        before, after = said.get("before", ends[0]), said.get("after", ends[1])
        return self.revisions[before], self.revisions[after]
