"""A group of the cast, and what waits to be written about it."""

from typing import Any

from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.groups import create_group
from members.enums import Capacity, GroupKind, GroupRole
from members.models import Group, Mandate, User
from tests.factories import Cast, make_mandate, make_user


def make_group(cast: Cast, **more: Any) -> Group:
    """Korea chairs, Nigeria is a member; Poland is not in it."""
    given: dict[str, Any] = {
        "kind": GroupKind.WORKING_GROUP,
        "names": {"en": "Culture", "ar": "الثقافة"},
        "members": {cast.kr: GroupRole.CHAIR, cast.ng: GroupRole.MEMBER},
    }
    return create_group(**given | more)


def focal_of_poland(cast: Cast, **fields: Any) -> tuple[User, Mandate]:
    user = make_user("filip", **fields)
    return user, make_mandate(user, cast.pl, Capacity.FOCAL_POINT)


def by(user: User, mandate: Mandate) -> dict[str, Any]:
    return {"actor": user, "mandate": mandate}


def office(cast: Cast) -> dict[str, Any]:
    return by(cast.dina, cast.dina_mandate)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def letters() -> list[tuple[str, int]]:
    """The letters about groups that wait to be sent: which, to whom."""
    return [(job["letter"], job["user_id"]) for job in letter_jobs()]


def letter_jobs() -> list[dict[str, Any]]:
    waiting = ProcrastinateJob.objects.filter(task_name="members.send_group_letter", status="todo")
    return [job.args for job in waiting.order_by("id")]
