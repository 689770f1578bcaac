"""Jobs of the assembly, deferred in the transaction they are about. Numbers alone."""

from django.utils import translation
from procrastinate.contrib.django import app

from assembly.models import ItemDossier
from assembly.papers import advice_on
from members.dossiers.making import make_dossier
from members.models import Application
from members.tasks import RETRY


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
        pdf = make_dossier(application, advice=advice_on(dossier.item))
    keep_item_dossier(dossier=dossier, asked_at=dossier.asked_at, pdf=pdf)
