"""Letters to persons. Jobs carry numbers only: addresses and links are read when sending."""

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from members.models import Invitation


@app.task(name="members.send_invitation", retry=RetryStrategy(max_attempts=10, exponential_wait=4))
def send_invitation(*, invitation_id: int) -> None:
    """Send the link, in the language the inviter chose. An invitation closed meanwhile is not."""
    invitation = Invitation.objects.for_letter().find(invitation_id)
    if invitation is None or invitation.closed_because:
        return
    with translation.override(invitation.language):
        path = reverse("members:invitation", args=[invitation.token])
        context = {"invitation": invitation, "link": f"{settings.PUBLIC_ORIGIN}{path}"}
        subject = render_to_string("members/email/invitation_subject.txt", context)
        body = render_to_string("members/email/invitation_body.txt", context)
    EmailMessage(" ".join(subject.split()), body.strip() + "\n", to=[invitation.email]).send()
