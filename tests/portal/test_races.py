"""Two at once: one of them happens, the other is told why not, and nobody waits for ever."""

import threading
from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied

from assembly import actions as assembly
from assembly.actions import meetings
from assembly.models import AgendaItem
from members.actions.applicants import withdraw_application
from members.actions.applications import activate_application
from members.actions.groups import add_group_member, create_group, remove_group_member
from members.actions.invitations import (
    InvitationClosedError,
    accept_invitation_as_new,
    invite_to_delegation,
)
from members.actions.people import LastOfItsKindError, end_mandate
from members.actions.persons import change_person_profile
from members.enums import ApplicationState, Capacity, GroupKind, GroupRole
from members.models import Application, Invitation, Mandate, User
from messaging.actions import open_room
from messaging.enums import ParticipantRole, RoomKind
from messaging.models import Room
from messaging.verification import verify_rooms
from records.verification import verify_audit_log
from tests import races
from tests.assembly.conftest import make_application, make_meeting
from tests.factories import PASSWORD, Cast, make_mandate, make_user
from tests.members.applications import application_in
from tests.messaging.conftest import say

pytestmark = pytest.mark.django_db(transaction=True)

REFUSALS = (InvitationClosedError, LastOfItsKindError, PermissionDenied, assembly.RoomThere)


@pytest.fixture
def cast(transactional_db: None) -> Iterator[Cast]:
    yield Cast()
    assert verify_audit_log() is None  # numbered without a gap, whatever raced
    assert verify_rooms() is None


at_once = partial(races.at_once, refusals=REFUSALS)


def invite(cast: Cast, capacity: Capacity) -> Invitation:
    return invite_to_delegation(
        institution=cast.kr,
        email="new@example.org",
        name="New",
        language="en",
        capacity=capacity,
        actor=cast.amal,
    )


def accept(invitation: Invitation) -> User:
    return accept_invitation_as_new(
        invitation=invitation, token=invitation.token, name="New", password=PASSWORD, language="en"
    )


def test_an_invitation_is_accepted_once(cast: Cast) -> None:
    invitation = invite(cast, Capacity.DELEGATE)
    ends = at_once(*[lambda: accept(invitation)] * 3)
    assert ends == ["InvitationClosedError", "InvitationClosedError", "done"]
    assert Mandate.objects.filter(user__email="new@example.org").count() == 1


def test_two_invitations_of_one_address_make_one_account(cast: Cast) -> None:
    first, second = invite(cast, Capacity.DELEGATE), invite(cast, Capacity.ADVISER)
    assert at_once(lambda: accept(first), lambda: accept(second)) == [
        "InvitationClosedError",
        "done",
    ]
    assert User.objects.filter(email="new@example.org").count() == 1


def test_an_application_is_placed_on_one_agenda(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both were let in before either holds the application."""
    application = make_application(make_user("contact"))
    rules = assembly.create_rule_set(version="1", names={}, quorum_rule="3", majority_rule="4")
    agendas = [make_meeting(rules, number=number) for number in (7, 8)]
    both, lock = threading.Barrier(2), meetings.lock_application

    def lock_together(found: Application) -> Application:
        both.wait(20)
        return lock(found)

    monkeypatch.setattr(meetings, "lock_application", lock_together)
    ends = at_once(
        *[
            lambda meeting=meeting: assembly.place_on_agenda(
                meeting=meeting, application=application, actor=cast.dina, mandate=None
            )
            for meeting in agendas
        ]
    )
    assert ends == ["done", "wrong_state"]
    assert AgendaItem.objects.filter(application=application).count() == 1


def test_a_meeting_has_one_room_whoever_opens_it(cast: Cast) -> None:
    meeting = make_meeting(None)
    opening: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    ends = at_once(*[lambda: assembly.open_meeting_room(meeting=meeting, **opening)] * 3)
    assert ends == ["RoomThere", "RoomThere", "done"]
    meeting.refresh_from_db()
    assert Room.objects.get() == meeting.room


def test_what_is_withdrawn_is_not_decided(cast: Cast) -> None:
    contact = make_user("contact")
    application = make_application(contact)
    rules = assembly.create_rule_set(version="1", names={}, quorum_rule="3", majority_rule="4")
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    item = assembly.place_on_agenda(meeting=make_meeting(rules), application=application, **by_dina)
    poll = assembly.open_roll_call(agenda_item=item, **by_dina)
    choices = {entry.institution_id: "in_favour" for entry in poll.roll.all()}
    assembly.save_roll_call(poll=poll, choices=choices, **by_dina)
    ends = at_once(
        lambda: withdraw_application(application=application, actor=contact),
        lambda: assembly.certify_roll_call(poll=poll, **by_dina),
    )
    poll.refresh_from_db()
    application.refresh_from_db()
    if poll.is_certified:
        assert (ends, application.state) == (["done", "wrong_state"], ApplicationState.ADMITTED)
    else:
        assert (ends, application.state) == (["done", "no_question"], ApplicationState.WITHDRAWN)


def test_the_network_keeps_a_secretariat(cast: Cast) -> None:
    """Two colleagues end each other's mandate."""
    other = make_user("erin")
    others = make_mandate(other, cast.qa, Capacity.SECRETARIAT)
    ends = at_once(
        lambda: end_mandate(ending=others, actor=cast.dina),
        lambda: end_mandate(ending=cast.dina_mandate, actor=other),
    )
    assert ends in (["LastOfItsKindError", "done"], ["PermissionDenied", "done"])
    assert Mandate.objects.of_secretariat().count() == 1


def test_acts_of_every_kind_pass_each_other(cast: Cast) -> None:
    """Locks of rooms, rows and the audit log's head, taken by acts that each need several."""
    contact = make_user("contact")
    plenary = open_room(
        kind=RoomKind.PLENARY,
        titles={"en": "Plenary"},
        delegations={i: ParticipantRole.MEMBER for i in (cast.kr, cast.ng, cast.pl)},
    )
    group = create_group(
        kind=GroupKind.WORKING_GROUP,
        names={"en": "Group"},
        members={cast.kr: GroupRole.MEMBER, cast.ng: GroupRole.CHAIR},
    )
    signed = application_in(ApplicationState.CHARTER_SIGNED, cast, contact)
    adviser = make_mandate(cast.amal, cast.kr, Capacity.ADVISER)
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}

    def talk() -> None:
        for _ in range(8):
            say(plenary, cast.amal, cast.amal_mandate)

    def regroup() -> None:
        for _ in range(4):
            add_group_member(group=group, institution=cast.pl, **by_dina)
            remove_group_member(group=group, institution=cast.pl, **by_dina)

    def rename() -> None:
        for number in range(8):
            change_person_profile(actor=cast.amal, said={"name_latin": f"Amal {number}"})

    ends = at_once(
        talk,
        regroup,
        rename,
        lambda: activate_application(application=signed, **by_dina),
        lambda: end_mandate(ending=adviser, **by_dina),
        lambda: accept(invite(cast, Capacity.DELEGATE)),
    )
    assert ends == ["done"] * 6
