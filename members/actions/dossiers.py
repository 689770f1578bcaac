"""The dossier as one PDF: asked for by its reader, made by a job."""

from datetime import datetime

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone

from members.actions.applications import lock_application
from members.models import Application, DossierFile, Mandate, User
from members.permissions.reviews import assessment_of
from members.tasks_dossiers import make_later
from records.actions import append_audit_entry, discard_file, store_file


@transaction.atomic
def ask_for_dossier(
    *, application: Application, language: str, actor: User, mandate: Mandate | None
) -> DossierFile:
    """Have it made as it stands now. Asked for again, the one before is gone.

    Raises PermissionDenied.
    """
    if language not in dict(settings.LANGUAGES):
        raise ValueError(f"{language} is no language of the portal")
    application = lock_application(application)
    shown = assessment_of(actor, application)
    if shown is None or not shown.may_read:
        raise PermissionDenied
    before = DossierFile.objects.of(application.pk, actor.pk).filter(language=language).first()
    old = before.file if before else None
    if before:
        before.delete()
    dossier = DossierFile.objects.create(
        application=application, user=actor, language=language, asked_at=timezone.now()
    )
    append_audit_entry(
        actor=actor, mandate=mandate, act="application.dossier_made", thing=application
    )
    if old:
        transaction.on_commit(lambda: discard_file(old))
    make_later(dossier)
    return dossier


@transaction.atomic
def keep_dossier(*, dossier: DossierFile, asked_at: datetime, pdf: bytes | None) -> None:
    """The job's end; nothing where it was asked for anew meanwhile."""
    kept = DossierFile.objects.select_for_update(no_key=True).filter(
        pk=dossier.pk, asked_at=asked_at, made_at=None
    )
    found = kept.first()
    if found is None:
        return
    if pdf is not None:
        found.file = store_file(
            upload=SimpleUploadedFile("dossier.pdf", pdf), content_type="application/pdf"
        )
    found.made_at = timezone.now()
    found.save(update_fields=["file", "made_at"])
