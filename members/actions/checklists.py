"""What an application is reviewed by, and which of its points are met."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.utils.translation import gettext as _

from members.actions.applications import WrongStateError, lock_application
from members.enums_reviews import OPEN_FOR_TICKS, TickList
from members.models import Application, Mandate, ReviewGuide, Tick, User
from members.permissions.applications import can_review
from members.permissions.people import is_secretariat
from records.actions import append_audit_entry


class StaleError(ValidationError):
    """Somebody else has answered meanwhile: what was sent is not written."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else has changed this meanwhile. This is how it stands now."), code="stale"
        )


@transaction.atomic
def save_guide(
    *,
    version: int,
    points: list[dict[str, Any]],
    criteria: list[dict[str, Any]],
    actor: User,
    mandate: Mandate | None,
) -> ReviewGuide:
    """The next version of the points and criteria; `version` is the one it was made of.

    What stands already makes no version. Raises PermissionDenied, StaleError.
    """
    if not is_secretariat(actor):
        raise PermissionDenied
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('members.review_guide'))")
    current = ReviewGuide.objects.current()
    if (points, criteria) == (current.points, current.criteria):
        return current
    if current.version != version:
        raise StaleError
    guide = ReviewGuide.objects.create(
        version=current.version + 1, points=points, criteria=criteria, made_by=actor
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="review_guide.changed",
        thing=guide,
        before={"version": current.version},
        after={
            "version": guide.version,
            "points": [point["key"] for point in points],
            "criteria": {each["key"]: each["weight"] for each in criteria},
        },
    )
    return guide


@transaction.atomic
def tick_point(
    *,
    application: Application,
    key: str,
    is_met: bool,
    remark: str,
    seen: int,
    actor: User,
    mandate: Mandate | None,
) -> Tick | None:
    """Say that a point of completeness is met, or is not. `seen` is the tick that the person saw
    (0: none).

    What stands already is not said twice; returns the tick that counts, None where there is none.
    Raises PermissionDenied, WrongStateError, StaleError, ValidationError("no_point").
    """
    application = lock_application(application)
    if not can_review(actor, application):
        raise PermissionDenied
    if application.state not in OPEN_FOR_TICKS:
        raise WrongStateError(application)
    guide = ReviewGuide.objects.current()
    if key not in [point.key for point in guide.checkpoints]:
        raise ValidationError(_("This point is not on the checklist."), code="no_point")
    return add_tick(
        application,
        TickList.COMPLETENESS,
        key=key,
        is_met=is_met,
        remark=remark,
        seen=seen,
        guide_version=guide.version,
        actor=actor,
        mandate=mandate,
    )


def add_tick(
    application: Application,
    tick_list: str,
    *,
    key: str,
    is_met: bool,
    remark: str,
    seen: int,
    guide_version: int,
    actor: User,
    mandate: Mandate | None,
) -> Tick | None:
    """For actions that hold the application's lock and have checked the right."""
    last = Tick.objects.latest_of(application.pk, tick_list).get(key)
    stood = (last.is_met, last.remark) if last else (False, "")
    if stood == (is_met, remark):
        return last
    if (last.pk if last else 0) != seen:
        raise StaleError
    tick = Tick.objects.create(
        application=application,
        tick_list=tick_list,
        key=key,
        guide_version=guide_version,
        is_met=is_met,
        remark=remark,
        by=actor,
    )
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act=f"{tick_list}.ticked" if is_met else f"{tick_list}.unticked",
        thing=application,
        before={"point": key, "met": stood[0]},
        after={"point": key, "met": is_met},
    )
    return tick
