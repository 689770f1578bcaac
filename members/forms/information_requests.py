"""What the secretariat asks of applicants, thing by thing, and what they answer."""

import re
from datetime import timedelta
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from members.application_parts import Part, all_parts, part_of, review_parts
from members.forms.applications import NeutralLineField, NeutralTextField, written
from members.models import Application, InformationRequest, RequestedItem, network_today
from records.forms import DayField, StoredFileField

MOST_DAYS = 366


def _field_name(name: str) -> str:
    return re.sub(r"[:/]", "-", name)


class QuestionForm(forms.Form):
    """What the secretariat asks the applicant: one question, and what it is about."""

    question = NeutralTextField(
        label=_("What do you ask the applicant?"),
        help_text=_("The applicant gets this text by e-mail, as you write it."),
        max_length=5000,
        rows=4,
    )
    due_on = DayField(
        label=_("To be answered by"),
        required=False,
        help_text=_("The last day. The applicants are reminded three days before, and after it."),
    )

    def __init__(self, *args: Any, application: Application, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.parts = {_field_name(part.name): part for part in all_parts(application)}
        owed = {part.name for part in review_parts(application)}
        for key, part in self.parts.items():
            self.fields[f"item_{key}"] = forms.BooleanField(
                label=written(part.label), required=False, initial=part.name in owed
            )
            self.fields[f"note_{key}"] = NeutralLineField(
                label=_("What is asked about it"), required=False, max_length=500
            )
        self.owes = bool(owed)

    def own_fields(self) -> list[forms.BoundField]:
        return [self["question"], self["due_on"]]

    def item_fields(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        return [(self[f"item_{key}"], self[f"note_{key}"]) for key in self.parts]

    def has_items(self) -> bool:
        """Whether the list of things stands open."""
        return self.owes or any(item.value() or note.value() for item, note in self.item_fields())

    def clean_due_on(self) -> Any:
        day, today = self.cleaned_data["due_on"], network_today()
        if day and not today < day <= today + timedelta(days=MOST_DAYS):
            raise forms.ValidationError(_("Choose a day to come, within a year."))
        return day

    def items(self) -> list[tuple[str, str]]:
        """What is asked about: names of parts, and what of each. A note alone chooses it too."""
        said = self.cleaned_data
        return [
            (part.name, said[f"note_{key}"])
            for key, part in self.parts.items()
            if said[f"item_{key}"] or said[f"note_{key}"]
        ]


class AnswerForm(forms.Form):
    """The applicants' answer to a request for information: to all of it, and thing by thing.

    A thing is answered in words, by its document, or by correcting it in the application
    (`corrected`: the names of what was changed since it was asked).
    """

    answer = NeutralTextField(label=_("Your answer"))
    file = StoredFileField(
        label=_("File, if one belongs to the answer"),
        required=False,
        help_text=_("PDF, PNG, JPEG or WebP, at most 10 MB each."),
    )

    def __init__(
        self,
        *args: Any,
        application: Application,
        request: InformationRequest | None,
        corrected: frozenset[str] = frozenset(),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.corrected = corrected
        self.asked: list[tuple[RequestedItem, Part]] = [
            (item, part_of(application, item.about))
            for item in (request.items.all() if request else [])
        ]
        for item, part in self.asked:
            self.fields[f"answer_{item.pk}"] = NeutralTextField(
                label=written(part.label),
                help_text=written(item.question),
                required=False,
                max_length=5000,
                rows=3,
            )
            if item.is_document:
                self.fields[f"file_{item.pk}"] = StoredFileField(
                    label=_("File"),
                    required=False,
                    help_text=_("PDF, PNG, JPEG or WebP, at most 10 MB each."),
                )

    def own_fields(self) -> list[forms.BoundField]:
        return [self["answer"], self["file"]]

    def item_fields(self) -> list[dict[str, Any]]:
        return [
            {
                "part": part,
                "answer": self[f"answer_{item.pk}"],
                "file": self[f"file_{item.pk}"] if item.is_document else None,
                "corrected": item.about in self.corrected,
            }
            for item, part in self.asked
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for item, _part in self.asked:
            name, file = f"answer_{item.pk}", f"file_{item.pk}"
            given = cleaned.get(name) or cleaned.get(file) or item.about in self.corrected
            if not given and not {name, file} & self.errors.keys():
                self.add_error(
                    name, _("Answer this, or correct it in the application before you answer.")
                )
        return cleaned

    def answers(self) -> dict[int, tuple[str, UploadedFile | None]]:
        """By the numbers of the things: words, and a file where it is a document."""
        said = self.cleaned_data
        return {
            item.pk: (said[f"answer_{item.pk}"], said.get(f"file_{item.pk}"))
            for item, _part in self.asked
        }
