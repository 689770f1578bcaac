"""The form that is kept for the next message of a thread holds nothing of the last."""

from uuid import uuid4

from messaging.forms import message_form
from messaging.models import Room
from messaging.permissions import access_room
from tests.factories import Cast


def test_one_form_for_many_messages(cast: Cast, room: Room) -> None:
    amal = access_room(cast.amal, room.pk).writing
    bilal = access_room(cast.bilal, room.pk).writing
    said = {"body": "Good morning", "mandate": cast.amal_mandate.pk, "client_id": str(uuid4())}
    form = message_form(said, amal)
    assert (form.is_valid(), form.cleaned_data["mandate"]) == (True, cast.amal_mandate)
    other = message_form({**said, "body": " "}, amal)
    assert other is form
    assert (other.is_valid(), list(other.errors)) == (False, ["body"])
    theirs = message_form(said, bilal)  # Amal's mandate is no choice of Bilal's
    assert (theirs.is_valid(), list(theirs.errors)) == (False, ["mandate"])
    form = message_form({**said, "reply_to": 7}, amal)
    assert (form.is_valid(), form.cleaned_data["reply_to"]) == (True, 7)
    form = message_form(said, amal)
    assert (form.is_valid(), form.cleaned_data["reply_to"]) == (True, None)
