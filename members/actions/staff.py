"""Technical staff: who keeps the portal running, and looks into its tables."""

from django.db import transaction

from members.actions.people import AccountClosedError
from members.models import User
from records.actions import append_audit_entry


@transaction.atomic
def appoint_staff(*, user: User, is_staff: bool) -> bool:
    """Make the person one of the technical staff, or no longer; returns whether that was news.

    The portal itself acts: who has its command line. Safe to repeat. Raises AccountClosedError.
    """
    kept = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if kept.is_staff == is_staff:
        return False
    if is_staff and not kept.is_active:
        raise AccountClosedError
    kept.is_staff = is_staff
    kept.save(update_fields=["is_staff"])
    act = "person.staff_appointed" if is_staff else "person.staff_dismissed"
    append_audit_entry(actor=None, act=act, thing=kept)
    return True
