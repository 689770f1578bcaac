"""What lies open on the secretariat's desk, counted: what a handover of the presidency passes on.

Apps above add their own when they are ready.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from members.models import Application, Invitation, JoinRequest, ProfileProposal, StandingNotice


@dataclass(frozen=True)
class Queue:
    """`key` names it in files; `count` is asked for when it is shown."""

    key: str
    label: Any
    count: Callable[[], int]


QUEUES: list[Queue] = [
    Queue(
        "applications",
        _("applications that are not closed"),
        lambda: Application.objects.in_queue().open_for_secretariat().count(),
    ),
    Queue(
        "invitations",
        _("invitations to delegations without an answer"),
        lambda: Invitation.objects.to_delegations().unanswered().count(),
    ),
    Queue(
        "join_requests",
        _("requests to join groups without an answer"),
        lambda: JoinRequest.objects.pending().count(),
    ),
    Queue(
        "profiles",
        _("changed profiles that wait for their release"),
        lambda: ProfileProposal.objects.waiting().count(),
    ),
    Queue(
        "notices",
        _("drafted notices that were neither sent nor discarded"),
        lambda: StandingNotice.objects.drafts().count(),
    ),
]


def counted() -> list[tuple[Queue, int]]:
    """Every queue with what is in it now. One query each."""
    return [(queue, queue.count()) for queue in QUEUES]
