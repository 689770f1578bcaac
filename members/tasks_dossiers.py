"""The job that makes a dossier."""

from django.utils import translation
from procrastinate.contrib.django import app

from members.dossiers.making import make_dossier as made
from members.models import Application, DossierFile
from members.permissions.reviews import assessment_of
from members.tasks import RETRY


def make_later(dossier: DossierFile) -> None:
    make_dossier.defer(dossier_id=dossier.pk, user_id=dossier.user_id)


@app.task(name="members.make_dossier", retry=RETRY)
def make_dossier(*, dossier_id: int, user_id: int) -> None:
    """Not for whom it concerns no longer, nor where it is made."""
    from members.actions.dossiers import keep_dossier  # noqa: PLC0415  it defers this

    dossier = DossierFile.objects.find(dossier_id, user_id)
    if dossier is None or dossier.made_at is not None:
        return
    shown = assessment_of(dossier.user, dossier.application)
    if shown is None or not shown.may_read:
        return
    application = Application.objects.for_dossier().get(pk=dossier.application_id)
    with translation.override(dossier.language):
        pdf = made(application, of_office=shown.of_office)
    keep_dossier(dossier=dossier, asked_at=dossier.asked_at, pdf=pdf)
