"""Order in a room: mutes, which its record tells everybody, and reports, which it does not."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from members.models import Mandate, User
from messaging import tasks_moderation
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.state import RoomArchived
from messaging.enums import MuteLength, RecordKind
from messaging.models import Mute, Report, Room
from messaging.permissions import access_message
from messaging.permissions_moderation import (
    access_moderated,
    access_report,
    can_mute,
    can_report,
    moderators_of,
    office_people,
    reads,
)
from records.actions import append_audit_entry
from records.chain import instant

LENGTHS = {
    MuteLength.HOUR: timedelta(hours=1),
    MuteLength.DAY: timedelta(days=1),
    MuteLength.UNTIL_LIFTED: None,
}
SAME = timedelta(minutes=1)  # a form that is sent twice mutes once


@transaction.atomic
def mute_person(*, room: Room, user: User, length: str, reason: str, actor: User) -> Mute:
    """Let a person who reads the room not write in it for a time. The reason stands in the record.

    Muted already, it is for the new time; repeated, it does nothing. Raises Http404 where the
    actor may not read the room, PermissionDenied where they may not mute this person there or the
    person does not read it, RoomArchived.
    """
    room = lock_room(room.pk)
    access, mandate = access_moderated(actor, room.pk)
    if not can_mute(access, actor, user) or not reads(room, user):
        raise PermissionDenied
    if room.is_archived:
        raise RoomArchived
    now = timezone.now()
    span = LENGTHS[MuteLength(length)]
    until = now + span if span else None
    standing = Mute.objects.of(room, [user.pk], now).get(user.pk)
    if standing and _is_same(standing.until, until):
        return standing
    mute, _ = Mute.objects.update_or_create(
        room=room, user=user, defaults={"mandate": mandate, "until": until, "since": now}
    )
    _note_mutes(room)
    record = next_record(
        room=room,
        kind=RecordKind.PARTICIPANT_MUTED,
        actor=actor,
        mandate=mandate,
        text=reason,
        detail={"user": user.pk, "until": instant(until) if until else None, **_acting(mandate)},
    )
    save_records(room=room, records=[record])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="participant.muted",
        thing=room,
        after={"user": user.pk, "length": length},
    )
    return mute


@transaction.atomic
def unmute_person(*, room: Room, user: User, actor: User) -> None:
    """Let the person write again before the time is over. Repeated, it does nothing.

    Raises as `mute_person`.
    """
    room = lock_room(room.pk)
    access, mandate = access_moderated(actor, room.pk)
    if not can_mute(access, actor, user):
        raise PermissionDenied
    if room.is_archived:
        raise RoomArchived
    if user.pk not in Mute.objects.of(room, [user.pk], timezone.now()):
        return
    Mute.objects.of_room(room).filter(user=user).delete()
    _note_mutes(room)
    record = next_record(
        room=room,
        kind=RecordKind.PARTICIPANT_UNMUTED,
        actor=actor,
        mandate=mandate,
        detail={"user": user.pk, **_acting(mandate)},
    )
    save_records(room=room, records=[record])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="participant.unmuted",
        thing=room,
        before={"user": user.pk},
    )


def _is_same(one: datetime | None, other: datetime | None) -> bool:
    if one is None or other is None:
        return one == other
    return abs(other - one) < SAME


def _note_mutes(room: Room) -> None:
    room.has_mutes = Mute.objects.of_room(room).exists()
    room.save(update_fields=["has_mutes"])


def _acting(mandate: Mandate) -> dict[str, str]:
    return {"by": "secretariat" if mandate.user_id in office_people() else "chair"}


@transaction.atomic
def report_message(*, room: Room, seq: int, reason: str, words: str, actor: User) -> Report:
    """Call the attention of who runs the room to what another wrote. Repeated, it does nothing.

    Nothing is announced: the record and the socket are everybody's. Raises Http404 where the actor
    may not read the room, PermissionDenied for a message of their own or one that does not stand.
    """
    room = lock_room(room.pk)
    access, message = access_message(actor, room.pk, seq)
    if earlier := Report.objects.by(actor, message):
        return earlier
    if not can_report(actor, message):
        raise PermissionDenied
    is_first = not Report.objects.of_message(message).exists()
    mandate = access.seats[0].mandate
    report = Report.objects.create(
        message=message, reporter=actor, mandate=mandate, reason=reason, words=words
    )
    if is_first:
        told = {user.pk for user in moderators_of(room)} - {actor.pk, message.author_id}
        tasks_moderation.tell(tasks_moderation.REPORTED, report, told)
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="report.made",
        thing=message,
        after={"room": room.pk, "number": message.seq, "report_reason": reason},
    )
    return report


@transaction.atomic
def settle_report(*, report: Report, outcome: str, note: str, actor: User) -> Report:
    """Say what came of it, of all open reports of the message at once. Repeated, it does nothing.

    Raises Http404 where the actor may not read the room or it was reported of them,
    PermissionDenied where they do not run the room.
    """
    room = lock_room(report.message.room_id)
    _, mandate, report = access_report(actor, room.pk, report.pk)
    if not report.is_open:
        return report
    message = report.message
    settled = list(Report.objects.of_message(message).open())
    for each in settled:
        each.outcome, each.note = outcome, note
        each.settled_by, each.settled_at = actor, timezone.now()
    Report.objects.bulk_update(settled, ["outcome", "note", "settled_by", "settled_at"])
    for each in settled:
        tasks_moderation.tell(tasks_moderation.SETTLED, each, [each.reporter_id])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="report.settled",
        thing=message,
        after={"room": room.pk, "number": message.seq, "report_outcome": outcome},
    )
    return next(each for each in settled if each.pk == report.pk)
