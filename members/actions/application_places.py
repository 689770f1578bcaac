"""Who has which place in an application. For actions that hold its lock."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members.enums_applying import PERSONAL_FIELDS, ApplicationPlace, ApplicationSection
from members.models import Application, ApplicationEditor, Invitation, Mandate, User
from members.permissions.applications import can_transfer_contact, is_applicant, is_contact
from members.tasks_applying import tell_applicant, tell_office
from records.actions import append_audit_entry


def take_place(invitation: Invitation, application: Application, user: User) -> None:
    """Give who accepts what they were invited to. Both rows are locked.

    Raises PermissionDenied where whoever invited may do so no longer, or the place is taken.
    """
    inviter = invitation.invited_by
    match invitation.application_place:
        case ApplicationPlace.EDITOR:
            if application.is_closed or inviter is None or not is_applicant(inviter, application):
                raise PermissionDenied
            add_editor(application, user)
        case ApplicationPlace.CONTACT:
            if inviter is None or not can_transfer_contact(inviter, application):
                raise PermissionDenied
            make_contact(application, user, actor=user, by_contact=is_contact(inviter, application))
        case _:
            if application.contact_id not in (None, user.pk):
                raise PermissionDenied
            application.contact = user
            application.save(update_fields=["contact"])


def add_editor(application: Application, user: User) -> None:
    """Safe to repeat: who writes it already goes on as before."""
    if is_applicant(user, application):
        return
    ApplicationEditor.objects.create(application=application, user=user)
    append_audit_entry(
        actor=user, act="application.editor_joined", thing=application, after={"user": user.pk}
    )
    if application.contact_id:
        tell_applicant("editor_joined", application, application.contact_id, about=user)


def make_contact(
    application: Application,
    user: User,
    *,
    actor: User,
    by_contact: bool,
    mandate: Mandate | None = None,
    reason: str = "",
) -> None:
    """Let `user` be the contact. Who was it writes on where they gave it away themselves.

    What the former said of their own position and telephone goes with them.
    """
    former = application.contact
    if former is not None and former.pk == user.pk:
        return
    ApplicationEditor.objects.of_person(application, user.pk).delete()
    if former is not None and by_contact:
        ApplicationEditor.objects.get_or_create(application=application, user=former)
    application.contact = user
    for name in PERSONAL_FIELDS:
        setattr(application, name, "")
    mark_saved(application, {ApplicationSection.CONTACT}, actor)
    application.save(update_fields=["contact", "section_saves", *PERSONAL_FIELDS])
    after: dict[str, Any] = {"user": user.pk, **({"reason": reason} if reason else {})}
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.contact_changed",
        thing=application,
        before={"user": former.pk if former else None},
        after=after,
    )
    tell_applicant("contact_taken_over", application, user.pk, about=former)
    if former is not None:
        tell_applicant("contact_given_away", application, former.pk, about=user)
    if application.submitted_at:
        tell_office("secretariat_contact_changed", application, about=user, but=actor)


def mark_saved(application: Application, sections: set[Any], actor: User) -> None:
    """Count these sections one version further. Does not save."""
    for section in sections:
        application.section_saves[str(section)] = {
            "version": application.section_version(str(section)) + 1,
            "by": actor.pk,
            "at": timezone.now().isoformat(),
        }
