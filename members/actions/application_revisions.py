"""What a submitted application said, kept at each change. For actions that hold its lock."""

from members.application_changes import contents_of
from members.models import Application, ApplicationRevision, User


def keep_first_revision(application: Application) -> None:
    """Before a change: keep what it says, where it was submitted before revisions were kept."""
    if application.submitted_at and not application.revisions.exists():
        ApplicationRevision.objects.create(
            application=application, number=0, contents=contents_of(application)
        )


def keep_revision(application: Application, actor: User) -> None:
    """After a change, or at its submission. A draft keeps none; nor does what changed nothing."""
    if not application.submitted_at:
        return
    latest = application.revisions.order_by("-number").first()
    contents = contents_of(application)
    if latest is not None and latest.contents == contents:
        return
    ApplicationRevision.objects.create(
        application=application,
        number=latest.number + 1 if latest else 0,
        actor=actor,
        contents=contents,
    )
