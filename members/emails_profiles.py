"""Letters to who proposed changes to a profile, and to the focal points of the institution.

Jobs carry numbers only; what is said is read when it is sent.
"""

import logging

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from members.emails import Letter, Words, send
from members.enums import Capacity
from members.enums_standing import ProposalState
from members.letters import written_for
from members.models import Mandate, ProfileProposal, User
from members.tasks import RETRY

logger = logging.getLogger(__name__)
LETTERS: dict[str, Words] = {
    ProposalState.RELEASED: Words(
        _("The changes to your institution’s profile are published"),
        (
            _("The secretariat has released what was proposed for the profile of %(institution)s."),
            _("Everyone reads it from now on."),
        ),
        _("Read the profile"),
    ),
    ProposalState.RETURNED: Words(
        _("The changes to your institution’s profile were returned"),
        (
            _(
                "The secretariat has not released what was proposed for the profile of "
                "%(institution)s. What stood before is still published, and nothing that was "
                "written is lost: you go on from there."
            ),
            _("The reasons:"),
        ),
        _("Go on with the profile"),
    ),
}


def profile_letter(proposal: ProfileProposal, user: User) -> Letter:
    """What `user` is told of the secretariat's answer, in their language."""
    words = LETTERS[proposal.state]
    page = "profile" if proposal.state == ProposalState.RETURNED else "institution"
    with written_for(user):
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in words.lines],
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN + reverse(f"members:{page}", args=[proposal.institution_id]),
            quote=proposal.reasons,
            params={"institution": proposal.institution.name.text},
        )


def defer_letters(proposal: ProfileProposal) -> None:
    """One job for each who is told, in the caller's transaction."""
    running = Mandate.objects.running().of_institution(proposal.institution)
    told = {m.user_id for m in running if m.capacity == Capacity.FOCAL_POINT}
    if proposal.actor_id in {m.user_id for m in running}:
        told.add(proposal.actor_id)
    for user_id in sorted(told):
        send_profile_letter.defer(proposal_id=proposal.pk, user_id=user_id)


@app.task(name="members.send_profile_letter", retry=RETRY)
def send_profile_letter(*, proposal_id: int, user_id: int) -> None:
    """Send the letter about one answer to one person."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    proposal = ProfileProposal.objects.for_display().filter(pk=proposal_id).first()
    if user is None or proposal is None or proposal.state not in LETTERS:
        logger.info("No letter: user %s or proposal %s is gone", user_id, proposal_id)
        return
    send(profile_letter(proposal, user), user)
