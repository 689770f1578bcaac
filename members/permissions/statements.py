"""Who settles who may issue statements of a delegation, and whether a second person releases them.

It is the delegation's own affair: the secretariat, which manages people everywhere, has no say.
"""

from typing import Any

from members.enums import Capacity
from members.models import MAY_BE_GIVEN_STATEMENTS, Institution, Mandate
from members.permissions.people import MANAGING, Someone, running_mandates


def can_allow_statements(user: Someone, mandate: Mandate) -> bool:
    """Head and focal point of the delegation, to its delegates and advisers; nobody to oneself."""
    return (
        mandate.capacity in MAY_BE_GIVEN_STATEMENTS
        and mandate.user_id != user.pk
        and any(
            m.institution_id == mandate.institution_id and m.capacity in MANAGING
            for m in running_mandates(user)
        )
    )


def can_require_release(user: Someone, institution: Institution) -> bool:
    """The head of the delegation."""
    return any(
        m.institution_id == institution.pk and m.capacity == Capacity.HEAD
        for m in running_mandates(user)
    )


def statements_of(user: Someone, institution: Institution) -> dict[str, Any]:
    """What the delegation's page shows: `people`, with `.may_be_changed`, and `may_require`."""
    own = [m for m in running_mandates(user) if m.institution_id == institution.pk]
    manages = any(m.capacity in MANAGING for m in own)
    held = Mandate.objects.of_institution(institution).unended().for_display()
    return {
        "people": [
            {
                "mandate": mandate,
                "by_capacity": mandate.capacity not in MAY_BE_GIVEN_STATEMENTS,
                "may_be_changed": manages
                and mandate.capacity in MAY_BE_GIVEN_STATEMENTS
                and mandate.user_id != user.pk,
            }
            for mandate in held
            if mandate.issues_statements or mandate.capacity in MAY_BE_GIVEN_STATEMENTS
        ],
        "may_require": any(m.capacity == Capacity.HEAD for m in own),
    }
