"""All checking of what comes into a room, over HTTP and over the socket alike."""

from collections.abc import Sequence
from threading import local
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from messaging.forms_files import FilesField
from messaging.permissions import Seat
from records.text import has_surrogates, neutral

MAX_BODY = 10_000  # characters


def _speaking_as(seat: Seat) -> str:
    return f"{seat.mandate.institution} · {seat.mandate.get_capacity_display()}"


speaking_as = lazy(_speaking_as, str)  # checking a message asks for no label


def clean_body(body: str, *, may_be_empty: bool = False) -> str:
    """The text of a message as it may be saved."""
    if has_surrogates(body):
        raise forms.ValidationError(_("The text has a character that is not valid."))
    body = neutral(body).strip()
    if not body and not may_be_empty:
        raise forms.ValidationError(_("Write something first."))
    return body


class MessageForm(forms.Form):
    """A message: `cleaned_data` has body (neutral text), client_id (UUID), mandate (Mandate), files
    (numbers of attachments). With files it may have no text.

    `writing` are the seats through which the person may write in the room.
    """

    body = forms.CharField(
        label=_("Message"),
        max_length=MAX_BODY,
        required=False,
        strip=True,
        widget=forms.Textarea(
            attrs={
                "rows": 3,
                "dir": "auto",
                "maxlength": MAX_BODY,
                "placeholder": " ",  # so that CSS knows an empty one
                "data-composer-body": "",
            }
        ),
    )
    client_id = forms.UUIDField(widget=forms.HiddenInput)
    reply_to = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )
    subject = forms.IntegerField(
        required=False, min_value=1, max_value=2**53, widget=forms.HiddenInput
    )
    mandate = forms.TypedChoiceField(
        label=_("Speaking as"),
        coerce=int,
        error_messages={"invalid_choice": _("You may not write in this room with this mandate.")},
    )

    def __init__(self, *args: Any, writing: Sequence[Seat], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(required=False)  # a form has an attribute of that name
        self.offer(writing, labelled=True)
        if len(writing) == 1:
            self.fields["mandate"].widget = forms.HiddenInput()

    def offer(self, writing: Sequence[Seat], *, labelled: bool) -> None:
        self.writing = writing
        field = self.fields["mandate"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  for the type checker
        field.choices = [(s.mandate.pk, speaking_as(s) if labelled else "") for s in writing]

    def clean_body(self) -> str:
        return clean_body(self.cleaned_data["body"], may_be_empty=True)

    def clean(self) -> dict[str, Any]:
        said = self.cleaned_data
        if said.get("body") == "" and said.get("files") == ():
            self.add_error("body", _("Write something first."))
        return said

    def clean_mandate(self) -> Any:
        chosen = self.cleaned_data["mandate"]
        return next(s.mandate for s in self.writing if s.mandate.pk == chosen)


_kept = local()


def message_form(data: dict[str, Any], writing: Sequence[Seat]) -> MessageForm:
    """A bound form that is good until the next call in this thread, for no page: without labels.

    To make a form is to copy its fields, which takes longer than to check a message with them.
    """
    form: MessageForm | None = getattr(_kept, "form", None)
    if form is None:
        form = _kept.form = MessageForm(data, writing=writing)
    form.offer(writing, labelled=False)
    form.data, form._errors = data, None  # type: ignore[attr-defined]  # as a new one has it
    return form


class ReplyForm(forms.Form):
    """Which message the composer is to answer."""

    reply = forms.IntegerField(min_value=1, max_value=2**53)


class ReadForm(forms.Form):
    """How far a person has read."""

    seq = forms.IntegerField(min_value=0, max_value=2**53)


class SyncForm(forms.Form):
    """What a client is missing: records `after` a number, or `before` one (neither: the last), in
    the whole room or in one subject (0: General).
    """

    after = forms.IntegerField(min_value=0, max_value=2**53, required=False)
    before = forms.IntegerField(min_value=1, max_value=2**53, required=False)
    subject = forms.IntegerField(min_value=0, max_value=2**53, required=False)
