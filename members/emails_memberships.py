"""Letters to an institution about its standing: to its heads and focal points, also while their
mandates carry no rights. Jobs carry numbers only; what is said is read when it is sent.
"""

import logging
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from members.emails import Letter, Words, send
from members.enums import Capacity, MembershipAct, MembershipClass
from members.letters import written_for
from members.models import Mandate, Membership, User
from members.tasks import RETRY
from records.reading import written_date

logger = logging.getLogger(__name__)
TOLD = (Capacity.HEAD, Capacity.FOCAL_POINT)
_PAGE = _("Read it on the page of the institution")
LETTERS: dict[str, Words] = {
    MembershipAct.CLASS_CHANGE: Words(
        _("The membership of your institution is of another class"),
        (_("From %(since)s, the class of membership of %(institution)s is: %(class)s."),),
        _PAGE,
    ),
    MembershipAct.SUSPENSION: Words(
        _("The membership of your institution is suspended"),
        (
            _("The membership of %(institution)s is suspended from %(since)s."),
            _(
                "Until it is reinstated, the mandates of your delegation carry no rights: rooms, "
                "meetings and votes are closed to it. What it has said and done stays in the "
                "record."
            ),
        ),
        _PAGE,
    ),
    MembershipAct.REINSTATEMENT: Words(
        _("The membership of your institution is reinstated"),
        (
            _("The membership of %(institution)s is active again from %(since)s."),
            _("The mandates of your delegation carry their rights again."),
        ),
        _PAGE,
    ),
    MembershipAct.WITHDRAWAL: Words(
        _("The membership of your institution has ended"),
        (
            _("The membership of %(institution)s ended by withdrawal on %(since)s."),
            _(
                "The mandates of your delegation carry no rights any more. What it has said and "
                "done stays in the record."
            ),
            _("To return, the institution applies for membership again."),
        ),
        _PAGE,
    ),
}
_OF_CLASS: dict[str, Any] = {
    MembershipClass.FULL: _("Your delegation reads, writes and votes."),
    MembershipClass.ASSOCIATE: _("Your delegation reads and writes, and does not vote."),
    MembershipClass.OBSERVER: _("Your delegation reads, and neither writes nor votes."),
}
_DECISION = _("It rests on: %(decision)s")
_REASON = _("The reason:")


def membership_letter(standing: Membership, user: User) -> Letter:
    """What `user` is told of the act that opened `standing`, in their language."""
    words = LETTERS[standing.act]
    with written_for(user):
        lines = list(words.lines)
        if standing.act == MembershipAct.CLASS_CHANGE:
            lines.append(_OF_CLASS[standing.membership_class])
        if standing.decision:
            lines.append(_DECISION)
        lines.append(_REASON)
        return Letter(
            subject=str(words.subject),
            lines=[str(line) for line in lines],
            action=str(words.action),
            url=settings.PUBLIC_ORIGIN
            + reverse("members:institution", args=[standing.institution_id])
            + "#history",
            quote=standing.reason,
            params={
                "institution": standing.institution.name.text,
                "since": written_date(standing.since) if standing.since else "",
                "class": str(standing.get_membership_class_display()),
                "decision": standing.decision,
            },
        )


def defer_letters(standing: Membership) -> None:
    """One job for each head and focal point of the institution, in the caller's transaction."""
    mandates = Mandate.objects.in_office().of_institution(standing.institution)
    for user_id in sorted({m.user_id for m in mandates if m.capacity in TOLD}):
        send_membership_letter.defer(membership_id=standing.pk, user_id=user_id)


@app.task(name="members.send_membership_letter", retry=RETRY)
def send_membership_letter(*, membership_id: int, user_id: int) -> None:
    """Send the letter about one act to one person."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    standing = Membership.objects.find(membership_id)
    if user is None or standing is None:
        logger.info("No letter: user %s or membership %s is gone", user_id, membership_id)
        return
    send(membership_letter(standing, user), user)
