"""Rooms of the scenery and what was said in them: arguments for an address."""

from collections.abc import Callable
from typing import Any

from members.models import User
from messaging.models import (
    Attachment,
    BilateralInvitation,
    Erasure,
    Message,
    MessageMarks,
    Mute,
    Record,
    Report,
    Room,
    ScheduledMessage,
    StatementDraft,
    Subject,
    Transcript,
)
from messaging.news_letters import stop_address


def room(place: int) -> Callable[[], tuple[int]]:
    """Of the groups' rooms, by place."""
    return lambda: (list(Room.objects.exclude(group=None).order_by("pk"))[place].pk,)


def to_be_sent(state: str) -> Callable[[], tuple[int]]:
    """The message of Korea's head that is to be sent later, in this state."""
    return lambda: (ScheduledMessage.objects.get(state=state).pk,)


def opinion(*, closed: bool) -> Callable[[], tuple[int, int]]:
    """The poll of opinion of the secretariat that runs, or the one that was closed."""

    def args() -> tuple[int, int]:
        asked = Message.objects.filter(opinion__closed_at__isnull=not closed)
        found = asked.exclude(opinion=None).order_by("-pk")[0]
        return found.room_id, found.seq

    return args


def invited(state: str) -> Callable[[], tuple[int]]:
    """The invitation to a bilateral room in this state that Korea answers, or answered."""
    return lambda: (BilateralInvitation.objects.get(state=state, to__country="KR").pk,)


def stopping(name: str) -> Callable[[], tuple[str]]:
    """The address that stops the e-mails of that person."""
    return lambda: (stop_address(User.objects.get(email=f"{name}@demo.example")).rsplit("/", 2)[1],)


def participant() -> tuple[int, int]:
    found = room(0)()[0]
    of = Room.objects.get(pk=found).participants.exclude(institution=None).order_by("pk")[1]
    return found, of.pk


def acted_on(act: str) -> Callable[[], tuple[int, int]]:
    """A message that was edited or deleted, in a room of EVERYBODY who is signed in."""

    def args() -> tuple[int, int]:
        found = Record.objects.filter(kind=f"message.{act}", room__group__isnull=False)
        message = found.order_by("pk")[0].message
        assert message is not None
        return message.room_id, message.seq

    return args


def issued() -> tuple[int, int]:
    """A statement of Korea that was put right."""
    found = Record.objects.filter(kind="statement.issued", mandate__institution__country="KR")
    return found[0].room_id, found[0].seq


def drafted(state: str) -> Callable[[], tuple[int, int]]:
    """The statement of Korea in this state that waits or waited for its release."""

    def args() -> tuple[int, int]:
        found = StatementDraft.objects.get(state=state)
        return found.room_id, found.pk

    return args


def orderly(*more: int) -> Callable[[], tuple[int, ...]]:
    """The room in which order was kept, and who is muted there."""

    def args() -> tuple[int, ...]:
        mute = Mute.objects.get()
        return (mute.room_id, mute.user_id) if more else (mute.room_id,)

    return args


def direct() -> tuple[int]:
    """Of the heads of two delegations."""
    return (Room.objects.get(kind="direct").pk,)


def subject(title: str) -> Callable[[], tuple[int, int]]:
    """By its English title."""

    def args() -> tuple[int, int]:
        found = Subject.objects.get(titles__en=title)
        return found.room_id, found.pk

    return args


def marked() -> tuple[int, int]:
    """A message with all the marks that there are."""
    message = MessageMarks.objects.filter(request__isnull=False, pin__isnull=False)[0].message
    return message.room_id, message.seq


def reported() -> tuple[int, int]:
    """A message that the delegate has reported."""
    message = Report.objects.get(reporter__email="head.kr@demo.example").message
    return message.room_id, message.seq


def report_number() -> tuple[int, int]:
    found = Report.objects.filter(outcome="")[0]
    return found.message.room_id, found.pk


def report_to_be_erased() -> tuple[int, int]:
    found = Erasure.objects.get(report__isnull=False).report
    assert found is not None
    return found.message.room_id, found.pk


def reason_to_be_erased(state: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        record = Erasure.objects.get(state=state, record__isnull=False).record
        assert record is not None
        return record.room_id, record.seq

    return args


def to_be_erased(state: str) -> Callable[[], tuple[int, int]]:
    def args() -> tuple[int, int]:
        message = Erasure.objects.get(state=state, message__isnull=False).message
        assert message is not None
        return message.room_id, message.seq

    return args


def transcript(state: str, *more: str) -> Callable[[], tuple[Any, ...]]:
    def args() -> tuple[Any, ...]:
        found = Transcript.objects.filter(state=state)[0]
        return found.room_id, found.pk, *more

    return args


def sent_file(kind: str) -> Callable[[], tuple[int, int]]:
    """The newest file of a message that is of this type."""

    def args() -> tuple[int, int]:
        sent = Attachment.objects.exclude(message=None).filter(file__content_type=kind)
        found = sent.order_by("-pk")[0]
        return found.room_id, found.pk

    return args
