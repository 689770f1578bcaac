"""Jobs about handovers of the presidency, deferred in the transaction they tell of."""

import logging

from procrastinate.contrib.django import app

from members import emails, emails_handovers
from members.enums import HandoverState
from members.models import Handover, Mandate, User
from members.permissions.people import MANAGING
from members.permissions.presidencies import can_see_handover
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def tell_offices(letter: str, handover: Handover) -> None:
    """One letter to each person of both offices, and to the heads and focal points of both."""
    for user_id in sorted(_readers(handover)):
        send_handover_letter.defer(
            letter=letter,
            handover_id=handover.pk,
            version=handover.version,
            user_id=user_id,
        )


def _readers(handover: Handover) -> set[int]:
    institutions = {handover.outgoing.institution_id, handover.institution_id}
    leading = Mandate.objects.running().filter(institution__in=institutions, capacity__in=MANAGING)
    office = Mandate.objects.filter(handovers__handover=handover)
    return set(leading.values_list("user", flat=True)) | set(office.values_list("user", flat=True))


def defer_effect(handover: Handover) -> None:
    """Have it written down at its moment. The job of a moment that was given up finds nothing."""
    note_handover.configure(schedule_at=handover.takes_effect_at).defer(handover_id=handover.pk)


@app.task(name="members.note_handover", retry=RETRY)
def note_handover(*, handover_id: int) -> None:
    """Rights have passed already: this writes the audit entry and the letters about it."""
    from members.actions.handovers import note_effect  # noqa: PLC0415  it defers to here

    note_effect(handover_id=handover_id)


@app.task(name="members.send_handover_letter", retry=RETRY)
def send_handover_letter(*, letter: str, handover_id: int, version: int, user_id: int) -> None:
    """Send one, in the reader's language; not of what was overtaken."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    handover = Handover.objects.for_display().find(handover_id)
    if user is None or handover is None or not _is_news(letter, handover, version):
        logger.info("No letter: %s of handover %s to %s is past", letter, handover_id, user_id)
        return
    sees = can_see_handover(user, handover)
    if not sees and not (letter == HandoverState.EFFECTIVE and _ended_with(handover, user)):
        logger.info("No letter: handover %s is no matter of %s any more", handover_id, user_id)
        return
    emails.send(emails_handovers.handover_letter(letter, handover, user, linked=sees), user)


def _ended_with(handover: Handover, user: User) -> bool:
    """Whether the person's mandate ran to the moment of the handover, and no further."""
    return any(
        each.mandate.user_id == user.pk
        and each.mandate.ends_at == handover.takes_effect_at
        and each.mandate.suspended_at is None
        for each in handover.ending
    )


def _is_news(letter: str, handover: Handover, version: int) -> bool:
    if letter in (HandoverState.CANCELLED, HandoverState.EFFECTIVE):
        return str(handover.state) == letter
    return handover.state == HandoverState.SCHEDULED and handover.version == version
