"""A mandate is handed to a successor, who finds what was begun, and nothing that was private."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from members import emails_mandates
from members.actions.groups import create_group
from members.actions.invitations import (
    InvitationClosedError,
    accept_invitation_as_new,
    invite_to_delegation,
)
from members.actions.people import end_mandate
from members.actions.succession import hand_over_mandate
from members.enums import Capacity, GroupKind, GroupRole
from members.models import Invitation, Mandate, User
from members.permissions import running_mandates
from messaging.actions import (
    AuthorSilenced,
    DraftAnswered,
    issue_statement,
    mark_read,
    open_direct,
    release_statement,
    return_statement,
    save_draft,
    schedule_message,
    withdraw_statement,
)
from messaging.models import MessageDraft, ReadMark, Room, ScheduledMessage, StatementDraft
from messaging.permissions_statements import drafts_asking
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.messaging.conftest import make_room, say


@pytest.fixture
def room(cast: Cast) -> Room:
    return make_room(cast)


@pytest.fixture
def deputy(cast: Cast) -> User:
    user = make_user("deputy")
    make_mandate(user, cast.kr, Capacity.ADVISER)
    return user


def draft(room: Room, user: User, mandate: Mandate | None, body: str) -> None:
    save_draft(room=room, actor=user, mandate=mandate, body=body, reply_to=None, version=None)


def schedule(room: Room, user: User, mandate: Mandate, body: str) -> ScheduledMessage:
    return schedule_message(
        room=room,
        author=user,
        mandate=mandate,
        body=body,
        reply_to=None,
        client_id=uuid4(),
        due_at=timezone.now() + timedelta(days=1),
    )


def hand_over(cast: Cast, to: User) -> Mandate:
    return hand_over_mandate(handing=cast.amal_mandate, to=to, actor=cast.dina)


def invited(cast: Cast, email: str = "new@example.org") -> Invitation:
    return invite_to_delegation(
        institution=cast.kr,
        email=email,
        name="New Head",
        language="en",
        capacity=Capacity.HEAD,
        succeeds=cast.amal_mandate,
        actor=cast.dina,
    )


def accepted(invitation: Invitation) -> User:
    return accept_invitation_as_new(
        invitation=invitation,
        token=invitation.token,
        name="New Head",
        password=PASSWORD,
        language="en",
    )


# --- The mandates ---------------------------------------------------------------------------------


def test_the_old_mandate_ends_as_the_new_one_begins(cast: Cast, deputy: User) -> None:
    after = hand_over(cast, deputy)
    again = hand_over(cast, deputy)
    assert after == again
    cast.amal_mandate.refresh_from_db()
    assert cast.amal_mandate.ends_at == after.starts_at
    assert (after.capacity, after.institution, after.succeeds) == (
        Capacity.HEAD,
        cast.kr,
        cast.amal_mandate,
    )
    assert running_mandates(cast.amal) == []
    assert [entry.act for entry in AuditEntry.objects.order_by("number")] == [
        "mandate.started",
        "mandate.handed_over",
    ]


def test_what_the_mandate_had_goes_on(cast: Cast, deputy: User) -> None:
    end = timezone.now() + timedelta(days=90)
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=end, may_issue_statements=True)
    after = hand_over(cast, deputy)
    assert (after.ends_at, after.may_issue_statements) == (end, True)


def test_who_may_hand_over_and_to_whom(cast: Cast, deputy: User) -> None:
    for actor in (cast.bilal, cast.chloe, deputy):
        with pytest.raises(PermissionDenied):
            hand_over_mandate(handing=cast.amal_mandate, to=deputy, actor=actor)
    for stranger in (cast.bilal, cast.amal, make_user("nobody")):
        with pytest.raises(PermissionDenied):
            hand_over(cast, stranger)
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    with pytest.raises(PermissionDenied):
        hand_over(cast, deputy)
    with pytest.raises(PermissionDenied):
        invite_to_delegation(
            institution=cast.kr,
            email="new@example.org",
            name="N",
            language="en",
            capacity=Capacity.HEAD,
            succeeds=cast.amal_mandate,
            actor=cast.bilal,
        )


def test_by_an_invitation_it_passes_when_it_is_accepted(cast: Cast, room: Room) -> None:
    draft(room, cast.amal, cast.amal_mandate, "Half a thought")
    invitation = invited(cast)
    cast.amal_mandate.refresh_from_db()
    assert cast.amal_mandate.ends_at is None
    successor = accepted(invitation)
    cast.amal_mandate.refresh_from_db()
    [held] = running_mandates(successor)
    assert (held.capacity, held.succeeds_id) == (Capacity.HEAD, cast.amal_mandate.pk)
    assert cast.amal_mandate.ends_at == held.starts_at
    assert MessageDraft.objects.written(successor).get().body == "Half a thought"
    with pytest.raises(InvitationClosedError):
        accepted(invitation)


def test_its_holder_is_told(cast: Cast, deputy: User) -> None:
    hand_over(cast, deputy)
    emails_mandates.send_mandate_letter.func(letter="handed_over", mandate_id=cast.amal_mandate.pk)
    [told] = mail.outbox
    assert (told.to, str(told.subject)) == (
        ["amal@example.org"],
        "Your mandate was handed to a successor",
    )


def test_the_place_in_a_group_passes(cast: Cast, deputy: User) -> None:
    group = create_group(
        names={"en": "Culture"},
        kind=GroupKind.WORKING_GROUP,
        members={cast.kr: GroupRole.CHAIR},
        actor=cast.dina,
    )
    place = group.members.get()
    type(place).objects.filter(pk=place.pk).update(representative=cast.amal_mandate)
    after = hand_over(cast, deputy)
    assert [m.representative_id for m in group.members.order_by("pk")] == [
        cast.amal_mandate.pk,
        after.pk,
    ]
    assert group.members.get(until=None).role == "chair"


# --- What passes, and what does not ---------------------------------------------------------------


def test_drafts_of_the_mandate_pass(cast: Cast, room: Room, deputy: User) -> None:
    draft(room, cast.amal, cast.amal_mandate, "Half a thought")
    draft(room, deputy, deputy.mandates.get(), "My own")
    after = hand_over(cast, deputy)
    kept = MessageDraft.objects.written(deputy).get()
    assert kept.body == "My own\n\nHalf a thought"
    assert not MessageDraft.objects.written(cast.amal).exists()
    assert after.pk is not None


def test_what_was_to_be_sent_waits_for_the_successor(cast: Cast, room: Room, deputy: User) -> None:
    schedule(room, cast.amal, cast.amal_mandate, "Tomorrow")
    after = hand_over(cast, deputy)
    [kept] = ScheduledMessage.objects.kept(deputy)
    assert (kept.mandate, kept.state, kept.failure, kept.body) == (
        after,
        "failed",
        "handed_over",
        "Tomorrow",
    )
    assert ScheduledMessage.objects.kept(cast.amal).count() == 0


def test_how_far_the_delegation_read_passes_where_the_successor_read_nothing(
    cast: Cast, room: Room
) -> None:
    other = make_room(cast)
    for _number in range(3):
        last = say(room, cast.bilal, cast.bilal_mandate)
        elsewhere = say(other, cast.bilal, cast.bilal_mandate)
    mark_read(room=room, user=cast.amal, seq=last.seq)
    mark_read(room=other, user=cast.amal, seq=elsewhere.seq)
    deputy = make_user("deputy")
    make_mandate(deputy, cast.kr, Capacity.ADVISER)
    mark_read(room=other, user=deputy, seq=1)
    hand_over(cast, deputy)
    assert ReadMark.objects.of(deputy, room) == last.seq
    assert ReadMark.objects.of(deputy, other) == 1


def test_what_is_between_persons_stays(cast: Cast, room: Room, deputy: User) -> None:
    adviser = make_mandate(cast.amal, cast.ng, Capacity.ADVISER)
    direct = open_direct(people=[cast.bilal], actor=cast.amal, mandate=cast.amal_mandate)
    draft(direct, cast.amal, cast.amal_mandate, "Between us")
    schedule(direct, cast.amal, cast.amal_mandate, "Between us, tomorrow")
    said = say(direct, cast.bilal, cast.bilal_mandate)
    mark_read(room=direct, user=cast.amal, seq=said.seq)
    draft(room, cast.amal, adviser, "For Nigeria")
    hand_over(cast, deputy)
    assert not MessageDraft.objects.written(deputy).exists()
    assert MessageDraft.objects.written(cast.amal).count() == 2
    assert ScheduledMessage.objects.kept(deputy).count() == 0
    assert not ReadMark.objects.filter(user=deputy).exists()
    assert not Room.objects.readable_by(deputy).filter(pk=direct.pk).exists()


# --- Statements on their way ----------------------------------------------------------------------


@pytest.fixture
def second(cast: Cast) -> User:
    """Releases what Korea's head issues."""
    cast.kr.statements_need_release = True
    cast.kr.save()
    user = make_user("second")
    make_mandate(user, cast.kr, Capacity.ALTERNATE)
    return user


def submit(room: Room, mandate: Mandate, body: str = "Korea abstains.") -> StatementDraft:
    made = issue_statement(
        room=room, author=mandate.user, mandate=mandate, body=body, client_id=uuid4()
    )
    assert isinstance(made, StatementDraft)
    return made


def asking(user: User) -> list[StatementDraft]:
    [held] = [m for m in running_mandates(user) if m.issues_statements]
    return drafts_asking(held)


def test_a_statement_that_waited_is_the_successors_to_take_up(
    cast: Cast, room: Room, deputy: User, second: User
) -> None:
    waited = submit(room, cast.amal_mandate)
    after = hand_over(cast, deputy)
    waited.refresh_from_db()
    assert (waited.state, waited.author, waited.mandate, waited.passed_to, waited.body) == (
        "returned",
        cast.amal,
        cast.amal_mandate,
        after,
        "Korea abstains.",
    )
    assert (asking(deputy), asking(second)) == ([waited], [])
    with pytest.raises(DraftAnswered):  # nothing is said in the successor's name
        release_statement(draft=waited, actor=second)
    assert AuditEntry.objects.filter(act="statement.handed_over", actor_id=deputy.pk).count() == 1
    again = submit(room, after, "Korea agrees.")
    assert asking(deputy) == []
    said = release_statement(draft=again, actor=second)
    assert (said.author, said.mandate) == (deputy, after)
    assert hand_over(cast, deputy) == after
    assert AuditEntry.objects.filter(act="statement.handed_over").count() == 1
    assert verify_rooms() is None


def test_a_returned_statement_passes_until_it_was_taken_up(
    cast: Cast, room: Room, deputy: User, second: User
) -> None:
    answered = submit(room, cast.amal_mandate, "First.")
    return_statement(draft=answered, reason="Not so.", actor=second)
    open_still = submit(make_room(cast), cast.amal_mandate, "Elsewhere.")
    return_statement(draft=open_still, reason="Too long.", actor=second)
    waits = submit(room, cast.amal_mandate, "First, again.")
    gone = submit(make_room(cast), cast.amal_mandate, "No.")
    withdraw_statement(draft=gone, actor=cast.amal)
    Mandate.objects.filter(user=deputy).update(may_issue_statements=True)
    own = submit(room, deputy.mandates.get(), "My own.")
    after = hand_over(cast, deputy)
    passed = StatementDraft.objects.filter(passed_to=after).order_by("pk")
    assert [*passed] == [open_still, waits]
    assert [*StatementDraft.objects.waiting()] == [own]
    held = Mandate.objects.for_display().get(pk=after.pk)
    assert [d for d in drafts_asking(held) if d.passed_to_id] == [open_still, waits]
    open_still.refresh_from_db()
    assert open_still.reason == "Too long."


def test_it_passes_on_from_successor_to_successor(
    cast: Cast, room: Room, deputy: User, second: User
) -> None:
    waited = submit(room, cast.amal_mandate)
    first = hand_over(cast, deputy)
    third = make_user("third")
    make_mandate(third, cast.kr, Capacity.ADVISER)
    last = hand_over_mandate(handing=first, to=third, actor=cast.dina)
    waited.refresh_from_db()
    assert (waited.passed_to, waited.author) == (last, cast.amal)
    assert asking(third) == [waited]


def test_the_successor_sees_whose_text_it_was_and_takes_it_up(
    cast: Cast, room: Room, deputy: User, second: User
) -> None:
    waited = submit(room, cast.amal_mandate)
    url = reverse("messaging:statement_draft", args=[room.pk, waited.pk])
    after = hand_over(cast, deputy)
    page = signed_in(deputy).get(url).content.decode()
    assert "Take up the text again" in page
    assert f'name="mandate" value="{after.pk}"' in page
    assert "Handed over with the mandate to" in page
    assert "Amal" in page
    assert "Take up the text again" not in signed_in(second).get(url).content.decode()
    assert signed_in(cast.amal).get(url).status_code == 404
    client = signed_in(deputy)
    client.post(reverse("members:choose_mandate"), {"mandate": after.pk})
    home = client.get("/en/").content.decode()
    assert "This statement passed to you with the mandate." in home
    withdrawn = signed_in(second).post(
        reverse("messaging:release_statement", args=[room.pk, waited.pk])
    )
    assert withdrawn.status_code == 302
    assert StatementDraft.objects.get().state == "returned"


@pytest.mark.django_db(transaction=True)
def test_a_release_and_a_succession_at_once_end_as_one_of_both(
    cast: Cast, room: Room, deputy: User, second: User
) -> None:
    waited = submit(room, cast.amal_mandate)

    def released() -> bool:
        try:
            release_statement(draft=waited, actor=second)
        except (DraftAnswered, AuthorSilenced):
            return False
        finally:
            connection.close()
        return True

    def handed() -> None:
        try:
            hand_over(cast, deputy)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        answer, done = pool.submit(released), pool.submit(handed)
        done.result()
        was_released = answer.result()
    waited.refresh_from_db()
    assert waited.state == ("released" if was_released else "returned")
    assert (waited.passed_to is None) == was_released


# --- The page -------------------------------------------------------------------------------------


def test_the_page_hands_over_to_a_colleague_or_invites(cast: Cast, deputy: User) -> None:
    client = signed_in(cast.dina)
    url = reverse("members:hand_over_mandate", args=[cast.amal_mandate.pk])
    assert client.post(url, {}).status_code == 422
    form: dict[str, Any] = {"to": "new", "email": "AMAL@example.org", "name": "N", "language": "en"}
    refused = client.post(url, form)
    assert (refused.status_code, [*refused.context["form"].errors]) == (422, ["email"])
    refused = client.post(url, {"to": "new"})
    assert [*refused.context["form"].errors] == ["email", "name", "language"]
    assert client.post(url, {**form, "email": "new@example.org"}).status_code == 302
    assert Invitation.objects.get().succeeds == cast.amal_mandate
    assert client.post(url, {"to": str(deputy.pk)}).status_code == 302
    assert [m.capacity for m in running_mandates(deputy)] == ["adviser", "head"]
    assert client.get(url).status_code == 403
