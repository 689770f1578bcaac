from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from records.inspection import EXTENSIONS, check_upload


class StoredFileField(forms.FileField):
    """A file that `records.actions.store_file` will take.

    The cleaned upload carries `checked_type` (its type by content) and a safe `name`. Refused
    with a reason of its own: empty, too large, of another kind, damaged, not what its name says.
    """

    default_error_messages = {"empty": _("This file is empty.")}

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(EXTENSIONS)}))
        super().__init__(**kwargs)

    def to_python(self, data: Any) -> UploadedFile | None:
        upload = super().to_python(data)
        if not isinstance(upload, UploadedFile):
            return None
        checked = check_upload(upload)
        upload.name = checked.name
        upload.checked_type = checked.content_type  # type: ignore[attr-defined]
        return upload
