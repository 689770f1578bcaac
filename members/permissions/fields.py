"""Who settles which fields of work there are."""

from django.http import Http404

from members.models import Field
from members.permissions.people import Someone, is_secretariat


def can_settle_fields(user: Someone) -> bool:
    """The list is the network's: its secretariat."""
    return is_secretariat(user)


def access_field(user: Someone, pk: int) -> Field:
    """A field of work, to be settled. Raises Http404."""
    field = Field.objects.with_uses().find(pk) if can_settle_fields(user) else None
    if field is None:
        raise Http404
    return field
