"""Somebody who is not signed in asks to apply."""

from django.db import connection, transaction

from members.actions.invitations import invite_to_apply
from members.emails_people import send_invitation
from members.models import Application, ApplicationFormVersion, Invitation, User
from members.tasks import send_start_letter
from records.actions import append_audit_entry


@transaction.atomic
def request_application(
    *, email: str, name: str, language: str, institution_names: dict[str, str], country: str
) -> None:
    """Somebody who is not signed in asks to apply: a letter goes to the address, and nothing is
    said to who asked.

    To an unknown address goes the link that makes an account with the draft begun; asked again,
    the same link. Who has an account is told to sign in, and nothing is begun in their name.
    """
    email = email.strip().lower()
    with connection.cursor() as cursor:  # a double click must not make two drafts
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"apply:{email}"])
    user = User.objects.of_email(email)
    if user is not None:
        send_start_letter.defer(user_id=user.pk)
        return
    application = (
        Application.objects.asked_from(email).select_for_update(of=("self",), no_key=True).first()
    )
    if application is None:
        application = Application(
            institution_names=institution_names,
            country=country,
            form_version=ApplicationFormVersion.objects.current(),
        )
        application.search_text = application.searchable()
        application.save()
        append_audit_entry(actor=None, act="application.asked_for", thing=application)
    else:
        application.institution_names, application.country = institution_names, country
        application.search_text = application.searchable()
        application.save(update_fields=["institution_names", "country", "search_text"])
        invitation = Invitation.objects.open().inviting_to_apply(email, application).first()
        if invitation is not None:
            send_invitation.defer(invitation_id=invitation.pk)
            return
    invite_to_apply(application=application, email=email, name=name, language=language)
