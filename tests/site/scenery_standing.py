"""Hungary of another class, suspended and reinstated; Lithuania suspended, with its grounds."""

from datetime import date
from typing import Any

from django.utils import timezone

from members.actions import memberships
from members.actions.memberships import Grounds
from members.models import Institution, Membership
from tests.files import PDF, image
from tests.site.stage import checked

REASON = (
    "Absent from three assemblies in a row, and no answer to two letters.\n\n"
    "غابت المؤسسة عن ثلاث جمعيات متتالية (article 9)."
)


def standings(stage: Any) -> None:
    hungary, lithuania = (Institution.objects.get(country=code) for code in ("HU", "LT"))
    today = timezone.now().date()

    def given(institution: Institution, day: date, **more: Any) -> dict[str, Any]:
        standing = Membership.objects.current().get(institution=institution)
        return {
            "institution": institution,
            "standing": standing.pk,
            "grounds": Grounds(since=day, **{"reason": REASON} | more),
            **stage.by_office,
        }

    memberships.change_class(
        **given(hungary, today, reason="At its own wish."), membership_class="associate"
    )
    for institution in (hungary, lithuania):
        memberships.suspend_membership(
            **given(
                institution,
                today,
                decision="Decision 7/3 of the seventh assembly",
                uploads=[
                    checked(PDF + b"decision", "decision 7-3.pdf"),
                    checked(image(size=(60, 40)), "رسالة الأمانة العامة.png"),
                ],
            )
        )
    memberships.reinstate_membership(**given(hungary, today, reason="It has answered."))
