"""Who settles what applicants are asked."""

from members.permissions.people import Someone, is_secretariat


def can_settle_form(user: Someone) -> bool:
    """The form is the network's: its secretariat."""
    return is_secretariat(user)
