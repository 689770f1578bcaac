"""Jobs of the assembly, deferred in the transaction they are about. Numbers alone."""

import logging

from django.utils import translation
from procrastinate.contrib.django import app

from assembly.emails import release_letter
from assembly.models import ItemDossier, Meeting
from assembly.papers import address_in, advice_on
from assembly.releasing import release_of
from members import emails
from members.dossiers.making import make_dossier
from members.models import Application, User
from members.tasks import RETRY

logger = logging.getLogger(__name__)


def make_later(dossier: ItemDossier) -> None:
    make_item_dossier.defer(dossier_id=dossier.pk)


@app.task(name="assembly.make_item_dossier", retry=RETRY)
def make_item_dossier(*, dossier_id: int) -> None:
    """Not of a question that is before the meeting no longer, nor where it is made."""
    from assembly.actions.papers import keep_item_dossier  # noqa: PLC0415  it defers this

    dossier = ItemDossier.objects.find(dossier_id)
    if dossier is None or dossier.made_at is not None or not dossier.item.has_open_question:
        return
    application = Application.objects.for_dossier().get(pk=dossier.item.application_id)
    with translation.override(dossier.language):
        pdf = make_dossier(
            application, advice=advice_on(dossier.item), address=address_in(dossier.item)
        )
    keep_item_dossier(dossier=dossier, asked_at=dossier.asked_at, pdf=pdf)


def tell_releasers(meeting: Meeting) -> None:
    """One letter to each who can release what the meeting holds."""
    for user in sorted(release_of(meeting).by, key=lambda user: user.pk):
        send_release_letter.defer(meeting_id=meeting.pk, user_id=user.pk)


@app.task(name="assembly.send_release_letter", retry=RETRY)
def send_release_letter(*, meeting_id: int, user_id: int) -> None:
    """Not of what is released, nor to who can release it no longer."""
    meeting = Meeting.objects.find(meeting_id)
    user = User.objects.filter(pk=user_id, is_active=True).first()
    release = release_of(meeting) if meeting else None
    if meeting is None or user is None or not release or not release.held:
        logger.info("No letter: nothing waits in meeting %s", meeting_id)
        return
    if release.is_for(user):
        emails.send(release_letter(meeting, user), user)
