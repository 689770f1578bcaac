"""Letters to persons. Jobs carry numbers only: addresses and links are read when sending."""

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members.emails import Words, composed, message_to
from members.enums_applying import ApplicationPlace
from members.letters import message_of, tongue, written_for
from members.models import Invitation
from members.permissions.invitations import why_closed
from records.reading import written_date

_GREETING = _("Dear Sir or Madam,")  # a stranger may have typed the name, and the address
_INVITER = _("The invitation comes from %(person)s.")
_ACTION = _("Make your account")
_CLOSING = (
    _("The link works once, until %(date)s, and only for this address."),
    _("If you did not expect this letter, you need do nothing."),
)
LETTERS: dict[str, Words] = {
    "": Words(
        _("Your membership application: make your account"),
        (
            _(
                "You asked to apply for membership of the network. Make your account with this "
                "link, then fill the application at any time."
            ),
        ),
        _ACTION,
        _GREETING,
        _CLOSING,
    ),
    ApplicationPlace.EDITOR: Words(
        _("Invitation to the membership application of %(institution)s"),
        (
            _(
                "You are invited to Majlis, the network's portal, to write the membership "
                "application of %(institution)s together with its contact person."
            ),
            _INVITER,
        ),
        _ACTION,
        _GREETING,
        _CLOSING,
    ),
    ApplicationPlace.CONTACT: Words(
        _("Invitation to the membership application of %(institution)s"),
        (
            _(
                "You are invited to Majlis, the network's portal, to be the contact person of the "
                "membership application of %(institution)s."
            ),
            _INVITER,
        ),
        _ACTION,
        _GREETING,
        _CLOSING,
    ),
}


@app.task(name="members.send_invitation", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def send_invitation(*, invitation_id: int) -> None:
    """Send the link, in the language the inviter chose. An invitation closed meanwhile is not."""
    invitation = Invitation.objects.for_letter().find(invitation_id)
    if invitation is None or why_closed(invitation):
        return
    with written_for(None, invitation.language):
        path = reverse("members:invitation", args=[invitation.token])
        made = _to_delegation if invitation.institution else _to_application
        message = made(invitation, path)
    message.send()


def _to_delegation(invitation: Invitation, path: str) -> EmailMultiAlternatives:
    context = {"invitation": invitation, "link": f"{settings.PUBLIC_ORIGIN}{path}"}
    subject = render_to_string("members/email/invitation_subject.txt", context)
    text = render_to_string("members/email/invitation_body.txt", context)
    context = {**context, **tongue(), "subject": " ".join(subject.split())}
    html = render_to_string("members/emails/invitation.html", context)
    return message_of(subject, text, html, invitation.email)


def _to_application(invitation: Invitation, path: str) -> EmailMultiAlternatives:
    place = invitation.application_place
    of, inviter = invitation.application, invitation.invited_by
    params = {"date": written_date(timezone.localdate(invitation.expires_at))}
    if place:
        params["institution"] = (of and of.name.text) or gettext("an institution")
        params["person"] = inviter.name if inviter else gettext("The secretariat")
    letter = composed(f"invitation.{place or 'apply'}", LETTERS[place], url=path, params=params)
    return message_to(invitation.email, "", letter)
