"""What messaging hears from below: members and the end of web sessions."""

from datetime import datetime
from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from allauth.mfa.signals import authenticator_removed
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.http import HttpRequest

from members import signals
from members.enums import GroupRole
from members.models import Group, Institution, Mandate, Membership, User
from messaging import events
from messaging.actions import (
    add_participant,
    archive_with_group,
    change_role,
    change_role_with_group,
    forget_devices,
    open_room,
    remove_participant,
    rename_with_group,
    take_over,
)
from messaging.actions.leaving import forget_person
from messaging.actions.opening import role_in_common
from messaging.actions.succession import lock_before_taking_over
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Participant, Room

_ROLES = {
    GroupRole.CHAIR: ParticipantRole.CHAIR,
    GroupRole.MEMBER: ParticipantRole.MEMBER,
    GroupRole.OBSERVER: ParticipantRole.OBSERVER,
}


@receiver(signals.group_created)
def open_group_room(group: Group, **_: Any) -> None:
    members = group.members.for_rooms()
    open_room(
        kind=RoomKind.GROUP,
        titles=group.names,
        group=group,
        delegations={m.institution: _ROLES[GroupRole(m.role)] for m in members},
    )


@receiver(signals.group_member_added)
def let_into_group_room(
    group: Group,
    institution: Institution,
    role: str,
    before: str,
    actor: User | None,
    mandate: Mandate | None,
    **_: Any,
) -> None:
    # Further rooms of the group are for those they were opened for; leaving it closes all of them.
    if not before:
        if room := Room.objects.main_of_group(group):
            add_participant(room=room, institution=institution, role=_ROLES[GroupRole(role)])
        return
    for room in Room.objects.of_group(group).order_by("pk"):
        change_role_with_group(
            room=room,
            institution=institution,
            before=_ROLES[GroupRole(before)],
            role=_ROLES[GroupRole(role)],
            actor=actor,
            mandate=mandate,
        )


@receiver(signals.group_member_removed)
def close_group_room_to(group: Group, institution: Institution, **_: Any) -> None:
    for participant in Participant.objects.current().of_group(group, institution):
        remove_participant(participant=participant)


@receiver(signals.group_renamed)
def rename_room_with_group(
    group: Group, before: dict[str, str], actor: User | None, mandate: Mandate | None, **_: Any
) -> None:
    if room := Room.objects.main_of_group(group):
        rename_with_group(
            room=room, before=before, titles=group.names, actor=actor, mandate=mandate
        )


@receiver(signals.group_closed)
def archive_rooms_of_group(
    group: Group, actor: User | None, mandate: Mandate | None, **_: Any
) -> None:
    for room in Room.objects.of_group(group).order_by("pk"):
        archive_with_group(room=room, at=group.closed_at, actor=actor, mandate=mandate)


@receiver(signals.group_reopened)
def reopen_rooms_of_group(
    group: Group, closed_at: datetime, actor: User | None, mandate: Mandate | None, **_: Any
) -> None:
    """Those that were closed with it; what was archived before by hand stays so."""
    for room in Room.objects.of_group(group).order_by("pk"):
        if room.archived_at == closed_at:
            archive_with_group(room=room, at=None, actor=actor, mandate=mandate)


@receiver(signals.member_activated)
def let_into_common_rooms(institution: Institution, membership: Membership, **_: Any) -> None:
    for room in Room.objects.open_to_all():
        role = role_in_common(room.kind, membership.membership_class)
        add_participant(room=room, institution=institution, role=role)


@receiver(signals.membership_changed)
def follow_in_common_rooms(
    institution: Institution, before: Membership | None = None, **_: Any
) -> None:
    """Who was suspended when a room of all was opened was not let in; who was taken out stays out.
    Who is of another class now has the role of that class where all are; its roles in groups stay:
    that an observer only listens is seen to in every room (`seats_of`).
    """
    membership = Membership.objects.active().filter(institution=institution).first()
    if membership is None:
        return
    rooms = {room.pk: room for room in Room.objects.of_all_without(institution)}
    present: dict[int, Participant] = {}
    if before and before.membership_class != membership.membership_class:
        present = {p.room_id: p for p in Participant.objects.in_common_rooms(institution)}
    for pk in sorted([*rooms, *present]):  # locks of rooms are taken in one order
        if participant := present.get(pk):
            role = role_in_common(participant.room.kind, membership.membership_class)
            change_role(participant=participant, role=role)
        else:
            role = role_in_common(rooms[pk].kind, membership.membership_class)
            add_participant(room=rooms[pk], institution=institution, role=role)


@receiver([signals.mandate_started, signals.mandate_ended, signals.mandate_changed])
def look_again_at_person(mandate: Mandate, **_: Any) -> None:
    events.rights_changed(users=[mandate.user_id])


@receiver(signals.mandate_to_be_handed_over)
def lock_for_successor(before: Mandate, **_: Any) -> None:
    lock_before_taking_over(before=before)


@receiver(signals.mandate_handed_over)
def let_successor_find(before: Mandate, after: Mandate, **_: Any) -> None:
    take_over(before=before, after=after)


@receiver([signals.membership_changed, signals.presidency_changed])
def look_again_at_everyone(**_: Any) -> None:
    events.rights_changed(users=None)


@receiver(signals.person_erased)
def forget_in_rooms(user: User, **_: Any) -> None:
    forget_person(user=user)


@receiver(user_logged_out)
def end_session(request: HttpRequest, **_: Any) -> None:
    if request.session.session_key:
        events.session_ended(session_key=request.session.session_key)
        forget_devices(session_key=request.session.session_key)


@receiver(post_delete, sender=UserSession)
def end_listed_session(instance: UserSession, **_: Any) -> None:
    events.session_ended(session_key=instance.session_key)
    forget_devices(session_key=instance.session_key)


@receiver(authenticator_removed)
def look_again_without_second_factor(user: User, **_: Any) -> None:
    events.rights_changed(users=[user.pk])


@receiver([password_changed, password_reset, password_set])
def look_again_after_password(user: User, **_: Any) -> None:
    events.rights_changed(users=[user.pk])
