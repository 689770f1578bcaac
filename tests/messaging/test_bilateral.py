"""Two delegations that talk: invited, accepted or declined, withdrawn; nobody else reads."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client

from members.enums import Capacity, MembershipClass
from messaging import tasks
from messaging.actions import (
    AlreadyAnswered,
    PairHasRoom,
    PairTaken,
    accept_invitation,
    add_participant,
    archive_room,
    decline_invitation,
    invite_delegation,
    reopen_room,
    withdraw_invitation,
)
from messaging.models import BilateralInvitation, Room
from messaging.verification import verify_rooms
from portal.desk import desk_of
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.messaging.conftest import say


def amal(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.amal, "mandate": cast.amal_mandate}


def bilal(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.bilal, "mandate": cast.bilal_mandate}


def invite(cast: Cast, **more: Any) -> BilateralInvitation:
    given: dict[str, Any] = {"to": cast.ng, "note": "Talk", "language": "en", "with_office": False}
    return invite_delegation(**given | amal(cast) | more)


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_accepted_it_is_a_room_of_the_two_alone(cast: Cast) -> None:
    invitation = invite(cast)
    assert not Room.objects.exists()
    for _ in range(2):
        room = accept_invitation(invitation=invitation, **bilal(cast)).room
    assert room
    assert set(room.participants.values_list("institution", "role")) == {
        (cast.kr.pk, "chair"),
        (cast.ng.pk, "chair"),
    }
    say(room, cast.bilal, cast.bilal_mandate)
    with pytest.raises(Http404):
        say(room, cast.dina, cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        add_participant(room=room, institution=cast.pl, **amal(cast))
    assert [e.act for e in AuditEntry.objects.order_by("number")] == [
        "bilateral.invited",
        "bilateral.accepted",
    ]
    assert verify_rooms() is None


def test_the_secretariat_is_in_it_when_both_asked_for_it(cast: Cast) -> None:
    room = accept_invitation(invitation=invite(cast, with_office=True), **bilal(cast)).room
    assert room
    say(room, cast.dina, cast.dina_mandate)


def test_who_does_not_lead_neither_invites_nor_answers(cast: Cast) -> None:
    delegate = make_user("delegate")
    mandate = make_mandate(delegate, cast.ng, Capacity.DELEGATE)
    with pytest.raises(PermissionDenied):
        invite(cast, to=cast.kr, actor=delegate, mandate=mandate)
    with pytest.raises(PermissionDenied):
        invite(cast, actor=cast.bilal)  # with another's mandate
    with pytest.raises(PermissionDenied):
        invite(cast, to=cast.kr)  # oneself
    observer = make_institution("BR", membership_class=MembershipClass.OBSERVER)
    with pytest.raises(PermissionDenied):
        invite(cast, to=observer)
    invitation = invite(cast)
    for act in (accept_invitation, withdraw_invitation):
        with pytest.raises(PermissionDenied):
            act(invitation=invitation, actor=delegate, mandate=mandate)
    with pytest.raises(PermissionDenied):
        accept_invitation(invitation=invitation, **amal(cast))
    with pytest.raises(PermissionDenied):
        withdraw_invitation(invitation=invitation, **bilal(cast))
    alternate = make_user("alternate")
    seat = make_mandate(alternate, cast.ng, Capacity.ALTERNATE)
    assert accept_invitation(invitation=invitation, actor=alternate, mandate=seat).room


def test_declined_or_withdrawn_it_is_over_and_may_be_asked_again(cast: Cast) -> None:
    first = invite(cast)
    with pytest.raises(PairTaken):
        invite(cast)
    with pytest.raises(PairTaken):
        invite(cast, to=cast.kr, **bilal(cast))
    for _ in range(2):
        decline_invitation(invitation=first, reason="Not now", **bilal(cast))
    with pytest.raises(AlreadyAnswered):
        accept_invitation(invitation=first, **bilal(cast))
    second = invite(cast)
    for _ in range(2):
        withdraw_invitation(invitation=second, **amal(cast))
    with pytest.raises(AlreadyAnswered):
        decline_invitation(invitation=second, reason="No", **bilal(cast))
    assert not Room.objects.exists()


def test_two_delegations_have_one_open_room(cast: Cast) -> None:
    room = accept_invitation(invitation=invite(cast), **bilal(cast)).room
    assert room
    with pytest.raises(PairTaken):
        invite(cast)
    archive_room(room=room, **amal(cast))
    other = accept_invitation(invitation=invite(cast), **bilal(cast)).room
    assert other
    with pytest.raises(PairHasRoom):
        reopen_room(room=room, **amal(cast))


@pytest.mark.django_db(transaction=True)
def test_invitations_at_once_from_both_sides_are_one() -> None:
    cast = Cast()

    def ask(n: int) -> bool:
        try:
            invite(cast, **({"to": cast.kr} | bilal(cast) if n % 2 else {}))
        except PairTaken:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(ask, range(8))) == 1
    assert BilateralInvitation.objects.count() == 1


def test_it_waits_on_the_desk_and_in_the_list_of_who_may_answer(cast: Cast) -> None:
    invitation = invite(cast)
    url = f"/en/rooms/bilateral/{invitation.pk}/"
    mandate = cast.bilal_mandate
    mandate.holds_presidency = False
    assert [task.url for task in desk_of(cast.bilal, mandate)["waiting"]] == [url]
    assert url in signed_in(cast.bilal).get("/en/rooms/").content.decode()
    assert url not in signed_in(cast.chloe).get("/en/rooms/").content.decode()
    assert signed_in(cast.chloe).get(url).status_code == 404
    assert signed_in(cast.dina).get(url).status_code == 404


def test_pages_invite_decline_and_accept(cast: Cast) -> None:
    sender, reader = signed_in(cast.amal), signed_in(cast.bilal)
    page = sender.post("/en/rooms/bilateral/new/", {"note": "Kept", "to": ""})
    assert (page.status_code, "Kept" in page.content.decode()) == (422, True)
    done = sender.post("/en/rooms/bilateral/new/", {"note": "Talk", "to": cast.ng.pk})
    url = done["Location"]
    assert (
        sender.post("/en/rooms/bilateral/new/", {"note": "T", "to": cast.ng.pk}).status_code == 422
    )
    assert "Withdraw the invitation" in sender.get(url).content.decode()
    assert reader.post(f"{url}decline/", {"reason": ""}).status_code == 422
    assert reader.post(f"{url}accept/").status_code == 302
    assert reader.post(f"{url}decline/", {"reason": "No"})["Location"] == url
    assert BilateralInvitation.objects.get().state == "accepted"


def test_leaders_of_the_other_side_are_told_in_their_language(cast: Cast) -> None:
    cast.bilal.language = "ar"
    cast.bilal.save()
    invitation = invite(cast)
    send = tasks.send_bilateral_letter.func
    send(letter="invited", invitation_id=invitation.pk, user_id=cast.bilal.pk)
    send(letter="invited", invitation_id=invitation.pk, user_id=cast.chloe.pk)
    [letter] = mail.outbox
    assert letter.to == [cast.bilal.email]
    assert letter.extra_headers["Content-Language"] == "ar"
    assert f"/ar/rooms/bilateral/{invitation.pk}/" in letter.body
    decline_invitation(invitation=invitation, reason="Secret reason", **bilal(cast))
    send(letter="invited", invitation_id=invitation.pk, user_id=cast.bilal.pk)
    send(letter="declined", invitation_id=invitation.pk, user_id=cast.amal.pk)
    assert [m.to for m in mail.outbox[1:]] == [[cast.amal.email]]
    assert "Secret reason" not in mail.outbox[1].body
