"""Who may see and do what. Predicates are `can_…`; `access_x` is lookup and permission in one."""

from members.permissions.people import (
    access_delegation,
    access_institution,
    access_invitation,
    access_mandate,
    can_end_mandate,
    can_invite,
    can_manage_people,
    can_see_people,
    capacities_to_invite,
    is_focal_point,
    is_secretariat,
    running_mandates,
    secretariat_mandate,
)

__all__ = [
    "access_delegation",
    "access_institution",
    "access_invitation",
    "access_mandate",
    "can_end_mandate",
    "can_invite",
    "can_manage_people",
    "can_see_people",
    "capacities_to_invite",
    "is_focal_point",
    "is_secretariat",
    "running_mandates",
    "secretariat_mandate",
]
