"""Letters to an institution that was admitted: the charter, and the welcome."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words, composed, message, send
from members.letters import written_for
from members.models import Application, CharterSending, User
from records.storage import path_of

LETTERS: dict[str, Words] = {
    "charter": Words(
        _("The charter of the network, to be signed"),
        (
            _("With this letter comes the charter of the network for %(institution)s."),
            _("Please send it back, signed, on the page of the application."),
        ),
        _("Send the signed charter"),
    ),
    "welcome": Words(
        _("Welcome to the network"),
        (_("The secretariat writes to %(institution)s:"),),
        _("Open the portal"),
    ),
}


def _letter(letter: str, application: Application, path: str, quote: str = "") -> Letter:
    return composed(
        f"admission.{letter}",
        LETTERS[letter],
        url=path,
        quote=quote,
        params={"institution": application.name.text},
    )


def send_charter_to(user: User, sending: CharterSending) -> None:
    """With the PDF. Raises what the mail server or the disk raises: the job is then retried."""
    with written_for(user):
        path = reverse("members:application", args=[sending.application_id])
        letter = _letter("charter", sending.application, path)
    written = message(letter, user)
    content = path_of(sending.file.sha256).read_bytes()
    written.attach(sending.name, content, sending.file.content_type)
    written.send()


def send_welcome_to(user: User, application: Application, words: str) -> None:
    with written_for(user):
        letter = _letter("welcome", application, reverse("portal:home"), words)
    send(letter, user)
