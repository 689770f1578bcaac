"""Messages of the contact page. Anybody may write; the view limits how often."""

from django.db import transaction

from members.models import Mandate
from portal.models import ContactMessage
from portal.tasks import send_contact_letter


@transaction.atomic
def send_message(
    *, name: str, email: str, subject: str, body: str, language: str
) -> ContactMessage:
    """Keep the message and defer one letter for each person of the secretariat."""
    message = ContactMessage.objects.create(
        name=name, email=email, subject=subject, body=body, language=language
    )
    for user_id in sorted(set(Mandate.objects.of_secretariat().values_list("user_id", flat=True))):
        send_contact_letter.defer(message_id=message.pk, user_id=user_id)
    return message


@transaction.atomic
def delete_old_messages() -> int:
    """Delete what has been kept for long enough; returns how many."""
    deleted, _by_model = ContactMessage.objects.expired().delete()
    return deleted
