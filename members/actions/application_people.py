"""Who writes an application: editors come and go, the contact passes it on."""

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from members.actions.application_places import make_contact
from members.actions.applications import lock_application
from members.actions.invitations import InvitationClosedError, invite_to_apply
from members.actions.people import lock_account
from members.enums_applying import ApplicationPlace
from members.models import Application, ApplicationEditor, Invitation, Mandate, User
from members.permissions.applications import (
    can_invite_editors,
    can_transfer_contact,
    is_applicant,
    is_contact,
)
from members.permissions.invitations import standing_among
from members.tasks_applying import tell_applicant
from records.actions import append_audit_entry

MAX_EDITORS = 10  # those invited counted too, while their invitation opens


@transaction.atomic
def invite_editor(
    *,
    application: Application,
    email: str,
    name: str,
    language: str,
    actor: User,
    mandate: Mandate | None = None,
) -> Invitation:
    """Invite an address to write the application too. Safe to repeat while it is open.

    Raises PermissionDenied, and ValidationError where the address writes it already
    ("writes_already") or there are too many ("too_many_editors").
    """
    application = lock_application(application)
    if not can_invite_editors(actor, application):
        raise PermissionDenied
    _refuse_applicant(application, email)
    waiting = Invitation.objects.open().to_application(application.pk)
    others = standing_among(waiting.exclude(email=email.strip().lower()))
    if application.editors.count() + len(others) >= MAX_EDITORS:
        raise ValidationError(
            _("At most %(number)s people can write an application with its contact."),
            code="too_many_editors",
            params={"number": MAX_EDITORS},
        )
    return invite_to_apply(
        application=application,
        email=email,
        name=name,
        language=language,
        place=ApplicationPlace.EDITOR,
        actor=actor,
        mandate=mandate,
    )


@transaction.atomic
def revoke_place(
    *, invitation: Invitation, actor: User, mandate: Mandate | None = None
) -> Invitation:
    """Kill the link of an invitation to an application. Safe to repeat.

    The contact may, for all; who invited may, for theirs. Raises PermissionDenied, and
    InvitationClosedError when it was accepted.
    """
    invitation = Invitation.objects.select_for_update(no_key=True).get(pk=invitation.pk)
    application = invitation.application
    if application is None or not (
        is_contact(actor, application)
        or (invitation.invited_by_id == actor.pk and can_transfer_contact(actor, application))
    ):
        raise PermissionDenied
    if invitation.accepted_at:
        raise InvitationClosedError
    return _revoke(invitation, actor, mandate)


def _revoke(invitation: Invitation, actor: User, mandate: Mandate | None) -> Invitation:
    if not invitation.revoked_at:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        append_audit_entry(actor=actor, mandate=mandate, act="invitation.revoked", thing=invitation)
    return invitation


@transaction.atomic
def remove_editor(
    *, editor: ApplicationEditor, actor: User, mandate: Mandate | None = None
) -> None:
    """Take an editor out, or leave. Safe to repeat. Raises PermissionDenied."""
    application = lock_application(editor.application)
    leaves = editor.user_id == actor.pk
    if not (leaves or can_invite_editors(actor, application)):
        raise PermissionDenied
    gone, _each = ApplicationEditor.objects.of_person(application, editor.user_id).delete()
    if not gone:
        return
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="application.editor_left" if leaves else "application.editor_removed",
        thing=application,
        before={"user": editor.user_id},
    )
    if not leaves:
        tell_applicant("editor_removed", application, editor.user_id, about=actor)
    elif application.contact_id:
        tell_applicant("editor_left", application, application.contact_id, about=editor.user)


@transaction.atomic
def transfer_contact(
    *,
    application: Application,
    to: ApplicationEditor,
    reason: str = "",
    actor: User,
    mandate: Mandate | None = None,
) -> Application:
    """Let an editor be the contact from now on; links that would make another one are dead.

    `reason` goes to the audit log. Safe to repeat. Raises PermissionDenied, also where the editor
    writes it no longer, and AccountClosedError.
    """
    # Invitations before the application, as acceptance locks them.
    waiting = Invitation.objects.to_application(application.pk).filter(
        application_place=ApplicationPlace.CONTACT
    )
    revoked = list(waiting.select_related(None).select_for_update(no_key=True).order_by("pk"))
    application = lock_application(application)
    if not can_transfer_contact(actor, application):
        raise PermissionDenied
    if application.contact_id == to.user_id:
        return application
    if not ApplicationEditor.objects.of_person(application, to.user_id).exists():
        raise PermissionDenied
    lock_account(to.user)
    for invitation in revoked:
        _revoke(invitation, actor, mandate)
    make_contact(
        application,
        to.user,
        actor=actor,
        by_contact=is_contact(actor, application),
        mandate=mandate,
        reason=reason,
    )
    return application


@transaction.atomic
def invite_contact(
    *,
    application: Application,
    email: str,
    name: str,
    language: str,
    reason: str = "",
    actor: User,
    mandate: Mandate | None = None,
) -> Invitation:
    """Invite an address to be the contact; it changes when the link is accepted, not before.

    One at a time. Raises PermissionDenied, and ValidationError where the address writes the
    application already ("writes_already") or another is invited ("contact_invited").
    """
    application = lock_application(application)
    if not can_transfer_contact(actor, application):
        raise PermissionDenied
    _refuse_applicant(application, email)
    waiting = Invitation.objects.open().to_application(application.pk)
    others = waiting.filter(application_place=ApplicationPlace.CONTACT)
    if others.exclude(email=email.strip().lower()).exists():
        raise ValidationError(
            _("Somebody else is invited to be the contact. Revoke that invitation first."),
            code="contact_invited",
        )
    invited = invite_to_apply(
        application=application,
        email=email,
        name=name,
        language=language,
        place=ApplicationPlace.CONTACT,
        actor=actor,
        mandate=mandate,
    )
    if reason:
        append_audit_entry(
            actor=actor,
            mandate=mandate,
            act="application.contact_invited",
            thing=application,
            after={"reason": reason},
        )
    return invited


def _refuse_applicant(application: Application, email: str) -> None:
    user = User.objects.of_email(email)
    if user is not None and is_applicant(user, application):
        raise ValidationError(
            _("Whoever has this address writes this application already."), code="writes_already"
        )
