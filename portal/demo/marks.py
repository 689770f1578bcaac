"""Marks on messages of the demo network: an announcement that most have acknowledged, and what a
group thinks of its agenda.
"""

from datetime import timedelta

from django.utils import timezone

from members.models import Mandate
from messaging.actions import acknowledge, ask_acknowledgement, pin_message, react
from messaging.enums import ReactionKind
from messaging.models import Message

MISSING = ("KR", "HU", "MZ", "LT", "SG")  # of which country the delegation has not answered yet
REACTIONS = (
    ("head.ng", ReactionKind.AGREE),
    ("delegate.qa", ReactionKind.AGREE),
    ("head.mz", ReactionKind.THANKS),
    ("delegate.ph", ReactionKind.QUESTION),
)


def load_marks(mandates: dict[str, Mandate], *, announced: Message, agenda: Message) -> None:
    """`mandates` by the part of the address before the @."""
    office = mandates["secretariat"].user
    ask_acknowledgement(
        room=announced.room,
        seq=announced.seq,
        until=timezone.now() + timedelta(days=10),
        actor=office,
    )
    for name, head in mandates.items():
        if name.startswith("head.") and head.institution.country not in MISSING:
            acknowledge(room=announced.room, seq=announced.seq, mandate=head, actor=head.user)
    for name, kind in REACTIONS:
        actor = mandates[name].user
        react(room=agenda.room, seq=agenda.seq, kind=kind, on=True, actor=actor)
    pin_message(room=agenda.room, seq=agenda.seq, on=True, actor=office)
