"""Acts on a standing, for the tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import memberships
from members.actions.memberships import Grounds
from members.models import Institution, Membership
from tests.factories import Cast

DAY = date(2026, 1, 1)
Act = Callable[..., Membership]


def now(institution: Institution) -> Membership:
    return institution.memberships.current().get()


def given(cast: Cast, institution: Institution | None = None, **more: Any) -> dict[str, Any]:
    """What an act by dina on `institution` (Korea) as it stands now takes; `more` goes to it or to
    its grounds.
    """
    institution = institution or cast.kr
    grounds = {"since": DAY, "reason": "Absent three times."}
    grounds |= {k: more.pop(k) for k in ("since", "reason", "decision", "uploads") if k in more}
    return {
        "institution": institution,
        "standing": now(institution).pk,
        "grounds": Grounds(**grounds),  # type: ignore[arg-type]
        "actor": cast.dina,
        "mandate": cast.dina_mandate,
        **more,
    }


def suspend(cast: Cast, institution: Institution | None = None, **more: Any) -> Membership:
    return memberships.suspend_membership(**given(cast, institution, **more))


def reinstate(cast: Cast, institution: Institution | None = None, **more: Any) -> Membership:
    return memberships.reinstate_membership(**given(cast, institution, **more))


def withdraw(cast: Cast, institution: Institution | None = None, **more: Any) -> Membership:
    return memberships.withdraw_membership(**given(cast, institution, **more))


def reclass(
    cast: Cast, membership_class: str, institution: Institution | None = None, **more: Any
) -> Membership:
    return memberships.change_class(
        **given(cast, institution, **more), membership_class=membership_class
    )


def jobs() -> list[dict[str, Any]]:
    """The letters about standings that wait to be sent, in order."""
    waiting = ProcrastinateJob.objects.filter(task_name="members.send_membership_letter")
    return [job.args for job in waiting.filter(status="todo").order_by("id")]
