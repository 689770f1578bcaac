"""Letters to an institution that was admitted: the charter, and the welcome."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from members.emails import Letter, Words, send
from members.letters import message_of, tongue, written_for
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


def _letter(letter: str, application: Application, user: User, path: str, quote: str) -> Letter:
    words = LETTERS[letter]
    with written_for(user):
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in words.lines],
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN + path,
            quote=quote,
            params={"institution": application.name.text},
        )


def send_charter_to(user: User, sending: CharterSending) -> None:
    """With the PDF. Raises what the mail server or the disk raises: the job is then retried."""
    with written_for(user):
        path = reverse("members:application", args=[sending.application_id])
        letter = _letter("charter", sending.application, user, path, "")
        context = {"letter": letter, "name": user.name, **tongue()}
        message = message_of(
            letter.subject,
            render_to_string("members/emails/letter.txt", context),
            render_to_string("members/emails/letter.html", context),
            user.email,
        )
    content = path_of(sending.file.sha256).read_bytes()
    message.attach(sending.name, content, sending.file.content_type)
    message.send()


def send_welcome_to(user: User, application: Application, words: str) -> None:
    with written_for(user):
        path = reverse("portal:home")
    send(_letter("welcome", application, user, path, words), user)
