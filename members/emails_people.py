"""Letters to persons. Jobs carry numbers only: addresses and links are read when sending."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members.letters import message_of, tongue, written_for
from members.models import Invitation


@app.task(name="members.send_invitation", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def send_invitation(*, invitation_id: int) -> None:
    """Send the link, in the language the inviter chose. An invitation closed meanwhile is not."""
    invitation = Invitation.objects.for_letter().find(invitation_id)
    if invitation is None or invitation.closed_because:
        return
    with written_for(None, invitation.language):
        path = reverse("members:invitation", args=[invitation.token])
        of = invitation.application
        context = {
            "invitation": invitation,
            "link": f"{settings.PUBLIC_ORIGIN}{path}",
            "applying": (of and of.name.text) or gettext("an institution"),
        }
        subject = render_to_string("members/email/invitation_subject.txt", context)
        text = render_to_string("members/email/invitation_body.txt", context)
        context = {**context, **tongue(), "subject": " ".join(subject.split())}
        html = render_to_string("members/emails/invitation.html", context)
        message = message_of(subject, text, html, invitation.email)
    message.send()
