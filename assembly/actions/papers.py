"""The dossier of a question as one PDF: asked for by a reader, made by a job, for all of them."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from assembly.models import AgendaItem, ItemDossier
from assembly.permissions import can_read_papers
from assembly.tasks import make_later
from members.models import Mandate, User
from records.actions import append_audit_entry, store_file


@transaction.atomic
def ask_for_item_dossier(
    *, item: AgendaItem, language: str, actor: User, mandate: Mandate | None
) -> ItemDossier:
    """Have it made, unless it is there or being made: safe to repeat. Tried in
    vain, it is made anew.

    Raises PermissionDenied.
    """
    if language not in dict(settings.LANGUAGES):
        raise ValueError(f"{language} is no language of the portal")
    AgendaItem.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    item = AgendaItem.objects.for_vote().get(pk=item.pk)
    if not item.has_open_question or not can_read_papers(actor, item):
        raise PermissionDenied
    dossier = ItemDossier.objects.in_language(item.pk, language)
    if dossier is not None and (dossier.file or not dossier.made_at):
        return dossier
    if dossier is None:
        dossier = ItemDossier(item=item, language=language)
    dossier.asked_at, dossier.made_at = timezone.now(), None
    dossier.save()
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="agenda_item.dossier_made",
        thing=item,
        after={"application": item.application_id},
    )
    make_later(dossier)
    return dossier


@transaction.atomic
def keep_item_dossier(*, dossier: ItemDossier, asked_at: datetime, pdf: bytes | None) -> None:
    """The job's end; nothing where it was asked for anew meanwhile."""
    kept = ItemDossier.objects.select_for_update(of=("self",), no_key=True)
    found = kept.filter(pk=dossier.pk, asked_at=asked_at, made_at=None).first()
    if found is None:
        return
    if pdf is not None:
        found.file = store_file(
            upload=SimpleUploadedFile("dossier.pdf", pdf), content_type="application/pdf"
        )
    found.made_at = timezone.now()
    found.save(update_fields=["file", "made_at"])
