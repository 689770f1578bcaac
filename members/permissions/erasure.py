"""What must be over before somebody can have their account erased."""

from typing import NamedTuple

from members.models import Application, Mandate, User


class Bars(NamedTuple):
    """Mandates that have not ended, applications that are not closed. Neither: nothing bars it."""

    mandates: list[Mandate]
    applications: list[Application]


def bars_to_erasure(user: User) -> Bars:
    mandates = Mandate.objects.of_person(user.pk).unended().select_related("institution")
    applications = Application.objects.of_applicant(user.pk).order_by("pk")
    return Bars(list(mandates), [each for each in applications if not each.is_closed])
