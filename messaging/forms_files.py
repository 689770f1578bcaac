"""Checking of files that come into a room."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from records.forms import StoredFileField
from records.inspection import ALL_EXTENSIONS

ACCEPTED = ",".join(f".{ending}" for endings in ALL_EXTENSIONS.values() for ending in endings)
LARGEST = 2**53


class FilesField(forms.Field):
    """Numbers of attachments, in their order: a list, or a text as "3,5"; each once."""

    default_error_messages = {
        "invalid": _("Which files go with the message could not be read. Attach them again."),
        "too_many": _("At most %(most)s files go with one message."),
    }

    def to_python(self, value: Any) -> tuple[int, ...]:
        if value in (None, "", [], ()):
            return ()
        parts = value.split(",") if isinstance(value, str) else value
        if not isinstance(parts, list | tuple):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        numbers = [self._number(part) for part in parts[: settings.MESSAGE_FILES + 1]]
        if len(numbers) > settings.MESSAGE_FILES:
            raise forms.ValidationError(
                self.error_messages["too_many"],
                code="too_many",
                params={"most": settings.MESSAGE_FILES},
            )
        if len(set(numbers)) < len(numbers):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return tuple(numbers)

    def _number(self, part: Any) -> int:
        if isinstance(part, str) and part.isascii() and part.isdigit() and len(part) < 17:
            part = int(part)
        if not isinstance(part, int) or isinstance(part, bool) or not 0 < part < LARGEST:
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return part


class UploadForm(forms.Form):
    """One file for a message: what may be kept, with a name that can be shown."""

    file = StoredFileField(
        kinds=ALL_EXTENSIONS, error_messages={"required": _("Choose a file first.")}
    )


class GivenBackForm(forms.Form):
    """Which files the composer is to have again."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(required=False)  # a form has an attribute of that name
