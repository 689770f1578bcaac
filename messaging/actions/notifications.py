"""What a person wants to be told of. Each acts for themselves alone, so `user` is the actor."""

from collections.abc import Mapping
from datetime import time

from django.db import transaction
from django.http import Http404

from members.models import Mandate, User
from messaging.actions.records import lock_room, next_record, save_records
from messaging.actions.state import RoomArchived, acting, check_chair
from messaging.enums import Level, RecordKind, Rhythm
from messaging.models import NotificationLevel, NotificationSettings, PushDevice, Room
from messaging.permissions import access_room
from records.actions import append_audit_entry

MOST_DEVICES = 10  # of one person; the oldest makes room


def set_level(*, room: Room, user: User, level: str) -> None:
    """What the person is told about in the room. Raises Http404 where they may not read it."""
    access_room(user, room.pk)
    _keep({room.pk: Level(level)}, user)


@transaction.atomic
def set_levels(*, user: User, levels: Mapping[int, str]) -> None:
    """By room. Raises Http404, and changes nothing, where the person may not read one of them."""
    readable = set(Room.objects.readable_by(user).values_list("pk", flat=True))
    if not readable.issuperset(levels):
        raise Http404
    _keep({room: Level(level) for room, level in levels.items()}, user)


def _keep(levels: Mapping[int, Level], user: User) -> None:
    NotificationLevel.objects.bulk_create(
        [NotificationLevel(user=user, room_id=room, level=level) for room, level in levels.items()],
        update_conflicts=True,
        unique_fields=["user", "room"],
        update_fields=["level"],
    )


@transaction.atomic
def change_notifications(
    *,
    user: User,
    rhythm: str,
    absence: int,
    daily_hour: int,
    quiet_from: time | None,
    quiet_until: time | None,
    quiet_days: list[int],
) -> NotificationSettings:
    """When the person is told."""
    settings = _locked(user)
    settings.rhythm, settings.rhythm_before = Rhythm(rhythm), ""
    settings.absence, settings.daily_hour = absence, daily_hour
    settings.quiet_from, settings.quiet_until = quiet_from, quiet_until
    settings.quiet_days = sorted(quiet_days)
    settings.save()
    return settings


@transaction.atomic
def stop_letters(*, user: User) -> None:
    """No more e-mails about the rooms. Repeated, it does nothing."""
    settings = _locked(user)
    if settings.rhythm != Rhythm.NEVER:
        settings.rhythm, settings.rhythm_before = Rhythm.NEVER, settings.rhythm
        settings.save(update_fields=["rhythm", "rhythm_before"])


@transaction.atomic
def resume_letters(*, user: User) -> None:
    """Take back `stop_letters`. Who had chosen "never" by hand keeps it."""
    settings = _locked(user)
    if settings.rhythm == Rhythm.NEVER and settings.rhythm_before:
        settings.rhythm, settings.rhythm_before = settings.rhythm_before, ""
        settings.save(update_fields=["rhythm", "rhythm_before"])


def _locked(user: User) -> NotificationSettings:
    NotificationSettings.objects.get_or_create(user=user)
    return NotificationSettings.objects.select_for_update(no_key=True).get(user=user)


@transaction.atomic
def add_device(
    *, user: User, session_key: str, endpoint: str, p256dh: str, auth: str, user_agent: str
) -> PushDevice:
    """Tell this browser from now on. The same address again replaces what was kept of it, whoever
    was signed in there before.
    """
    NotificationSettings.objects.get_or_create(user=user)
    PushDevice.objects.filter(endpoint=endpoint).delete()
    device = PushDevice.objects.create(
        user=user,
        session_key=session_key,
        endpoint=endpoint,
        p256dh=p256dh,
        auth=auth,
        user_agent=user_agent[:300],
    )
    for old in PushDevice.objects.of(user)[MOST_DEVICES:]:
        old.delete()
    return device


def remove_device(*, user: User, endpoint: str = "", pk: int | None = None) -> None:
    """Tell that browser of the person's no more. Repeated, or of another's, it does nothing."""
    own = PushDevice.objects.of(user)
    (own.filter(pk=pk) if pk else own.filter(endpoint=endpoint)).delete()


def forget_devices(*, session_key: str) -> None:
    """The web session is over: what was added in it is told no more."""
    PushDevice.objects.of_session(session_key).delete()


@transaction.atomic
def restrict_room(*, room: Room, is_restricted: bool, actor: User, mandate: Mandate) -> Room:
    """Whether notifications say what is said in the room, and who. Repeated, it does nothing.

    Raises Http404, PermissionDenied, RoomArchived.
    """
    room = lock_room(room.pk)
    check_chair(room, actor, mandate)
    if room.is_restricted == is_restricted:
        return room
    if room.is_archived:
        raise RoomArchived
    room.is_restricted = is_restricted
    room.save(update_fields=["is_restricted"])
    after = {"is_restricted": is_restricted}
    record = next_record(
        room=room,
        kind=RecordKind.ROOM_CHANGED,
        actor=actor,
        mandate=mandate,
        detail={**after, **acting(mandate)},
    )
    save_records(room=room, records=[record])
    append_audit_entry(
        actor=actor,
        mandate=mandate,
        act="room.restricted",
        thing=room,
        before={"is_restricted": not is_restricted},
        after=after,
    )
    return room
