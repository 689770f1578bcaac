"""Statements of Korea: issued and put right, waiting for a release, returned; one of Nigeria."""

from typing import Any
from uuid import uuid4

from members.actions.statements import allow_statements, require_release
from members.models import Mandate
from messaging.actions import issue_statement, return_statement
from messaging.models import Message, Room, StatementDraft


def statements(stage: Any) -> None:
    room = Room.objects.exclude(group=None).order_by("pk")[0]
    head, delegate, nigeria = (
        Mandate.objects.get(user__email=f"{name}@demo.example")
        for name in ("head.kr", "delegate.kr", "head.ng")
    )
    by_head: dict[str, Any] = {"actor": head.user, "mandate": head}
    allow_statements(to=delegate, allowed=True, **by_head)
    asked = issue(room, nigeria, "Nigeria asks that the text be postponed.\n\n- *first* reading")
    issued = issue(room, head, "يمتنع وفد كوريا عن إبداء رأيه في هذا البند (A/7/3).", asked)
    issue(room, head, "For “A/7/3” read “A/7/4”.", corrects=issued)
    require_release(institution=head.institution, required=True, **by_head)
    head.refresh_from_db()
    issue(room, delegate, "Korea supports the proposal, and reserves its right to return to it.")
    returned = issue(room, head, "Nous n’avons pas d’observations.")
    return_statement(
        draft=StatementDraft.objects.get(pk=returned), reason="Too short.", actor=delegate.user
    )


def issue(
    room: Room, mandate: Mandate, body: str, replies: int | None = None, corrects: int | None = None
) -> int:
    """The number of the statement; of one that waits, its key."""
    said = issue_statement(
        room=room,
        author=mandate.user,
        mandate=mandate,
        body=body,
        client_id=uuid4(),
        reply_to=replies,
        corrects=corrects,
    )
    return said.seq if isinstance(said, Message) else said.pk
