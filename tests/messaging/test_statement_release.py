"""Statements that a second person releases: allowed, refused, repeated, told, hidden."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.utils import timezone

from members.enums import Capacity
from members.models import Mandate, User
from messaging import tasks
from messaging.actions import (
    AuthorSilenced,
    ClientIdReused,
    DraftAnswered,
    NobodyReleases,
    RoomShut,
    archive_room,
    issue_statement,
    release_statement,
    return_statement,
    withdraw_statement,
)
from messaging.enums import RecordKind
from messaging.models import Message, Record, Room, StatementDraft
from messaging.verification import verify_rooms
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say


class Delegation:
    """Korea, whose head has statements released: sara is alternate, omar a delegate."""

    def __init__(self, cast: Cast) -> None:
        cast.kr.statements_need_release = True
        cast.kr.save()
        self.cast = cast
        self.sara = make_user("sara", language="fr")
        self.omar = make_user("omar")
        self.sara_mandate = make_mandate(self.sara, cast.kr, Capacity.ALTERNATE)
        self.omar_mandate = make_mandate(self.omar, cast.kr, Capacity.DELEGATE)


@pytest.fixture
def korea(cast: Cast) -> Delegation:
    return Delegation(cast)


def submit(
    room: Room,
    mandate: Mandate,
    body: str = "Korea abstains.",
    key: UUID | None = None,
    **more: Any,
) -> StatementDraft:
    draft = issue_statement(
        room=room,
        author=mandate.user,
        mandate=mandate,
        body=body,
        client_id=key or uuid4(),
        **more,
    )
    assert isinstance(draft, StatementDraft)
    return draft


@pytest.fixture
def draft(room: Room, korea: Delegation) -> StatementDraft:
    return submit(room, korea.cast.amal_mandate)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def letters_to(user: User, draft: StatementDraft, letter: str) -> list[Any]:
    mail.outbox.clear()
    tasks.send_statement_letter(letter=letter, draft_id=draft.pk, user_id=user.pk)
    return mail.outbox


def test_it_waits_and_a_second_person_issues_it(
    korea: Delegation, room: Room, draft: StatementDraft
) -> None:
    assert not Message.objects.exists()
    statement = release_statement(draft=draft, actor=korea.sara)
    record = Record.objects.get(message=statement)
    assert (record.kind, record.actor, record.mandate, record.text, record.detail) == (
        RecordKind.STATEMENT_ISSUED,
        korea.cast.amal,
        korea.cast.amal_mandate,
        "Korea abstains.",
        {"released_by": korea.sara_mandate.pk},
    )
    draft.refresh_from_db()
    assert (draft.state, draft.body, draft.message, draft.answered_by) == (
        "released",
        "",
        statement,
        korea.sara_mandate,
    )
    assert [e.act for e in AuditEntry.objects.order_by("number")] == [
        "statement.submitted",
        "statement.released",
    ]
    html = signed_in(korea.cast.bilal).get(f"/en/rooms/{room.pk}/").content.decode()
    assert "released by <bdi>Sara</bdi> (alternate)" in html
    assert verify_rooms() is None


def test_submitted_or_released_twice_it_is_issued_once(korea: Delegation, room: Room) -> None:
    key = uuid4()
    first = submit(room, korea.cast.amal_mandate, key=key)
    assert submit(room, korea.cast.amal_mandate, key=key) == first
    with pytest.raises(ClientIdReused):
        submit(room, korea.cast.amal_mandate, "Another text", key=key)
    statement = release_statement(draft=first, actor=korea.sara)
    assert release_statement(draft=first, actor=korea.sara) == statement
    assert submit(room, korea.cast.amal_mandate, key=key) == first
    assert Message.objects.count() == StatementDraft.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_release_at_once_issue_it_once(korea: Delegation, room: Room) -> None:
    draft = submit(room, korea.sara_mandate)
    other = make_mandate(make_user("huda"), korea.cast.kr, Capacity.ALTERNATE)

    def release(user: User) -> int:
        try:
            return release_statement(draft=draft, actor=user).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        found = set(pool.map(release, (korea.cast.amal, other.user)))
    assert found == {Message.objects.get().pk}
    assert verify_rooms() is None


def test_nobody_else_releases_it(korea: Delegation, room: Room, draft: StatementDraft) -> None:
    cast = korea.cast
    make_mandate(cast.amal, cast.kr, Capacity.ALTERNATE)  # another mandate, the same person
    observer = make_mandate(make_user("observer"), cast.kr, Capacity.OBSERVER).user
    for user in (cast.amal, korea.omar, cast.bilal, cast.dina, observer):
        with pytest.raises(PermissionDenied):
            release_statement(draft=draft, actor=user)
        with pytest.raises(PermissionDenied):
            return_statement(draft=draft, reason="No", actor=user)
    for user in (korea.sara, cast.bilal, cast.dina):
        with pytest.raises(PermissionDenied):
            withdraw_statement(draft=draft, actor=user)
    assert not Message.objects.exists()


def test_a_mandate_that_ended_issues_and_releases_nothing(
    korea: Delegation, draft: StatementDraft
) -> None:
    now = timezone.now()
    korea.cast.amal.mandates.update(ends_at=now)
    with pytest.raises(AuthorSilenced):
        release_statement(draft=draft, actor=korea.sara)
    assert signed_in(korea.cast.amal).get(address(draft)).status_code == 404
    assert return_statement(draft=draft, reason="Left", actor=korea.sara).state == "returned"
    korea.cast.amal.mandates.update(ends_at=None)
    second = submit(draft.room, korea.cast.amal_mandate)
    korea.sara.mandates.update(ends_at=now)
    assert signed_in(korea.sara).post(f"{address(second)}release/").status_code == 404
    assert not Message.objects.exists()


def test_a_right_that_was_taken_back_releases_nothing(
    korea: Delegation, room: Room, draft: StatementDraft
) -> None:
    korea.omar.mandates.update(may_issue_statements=True)
    own = submit(room, korea.omar_mandate)
    korea.omar.mandates.update(may_issue_statements=False)
    with pytest.raises(PermissionDenied):
        release_statement(draft=draft, actor=korea.omar)
    with pytest.raises(AuthorSilenced):
        release_statement(draft=own, actor=korea.cast.amal)
    assert signed_in(korea.omar).get(address(own)).status_code == 200  # its author withdraws it
    assert signed_in(korea.omar).get(address(draft)).status_code == 404


def test_returned_or_withdrawn_it_is_not_issued(
    korea: Delegation, room: Room, draft: StatementDraft
) -> None:
    for _ in range(2):
        return_statement(draft=draft, reason="Too long", actor=korea.sara)
    with pytest.raises(DraftAnswered):
        release_statement(draft=draft, actor=korea.sara)
    other = submit(room, korea.cast.amal_mandate)
    for _ in range(2):
        withdraw_statement(draft=other, actor=korea.cast.amal)
    for act in (release_statement, lambda **who: return_statement(reason="No", **who)):
        with pytest.raises(DraftAnswered):
            act(draft=other, actor=korea.sara)
    assert [d.state for d in StatementDraft.objects.order_by("pk")] == ["returned", "withdrawn"]
    assert not Message.objects.exists()


def test_with_nobody_to_release_it_nothing_is_submitted(
    korea: Delegation, cast: Cast, room: Room
) -> None:
    korea.sara.mandates.update(ends_at=timezone.now())
    with pytest.raises(NobodyReleases):
        submit(room, cast.amal_mandate)
    assert not StatementDraft.objects.exists()


def test_a_shut_room_takes_no_draft_and_no_release(
    korea: Delegation, room: Room, draft: StatementDraft
) -> None:
    cast = korea.cast
    archive_room(room=room, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(RoomShut):
        submit(room, cast.amal_mandate)
    with pytest.raises(RoomShut):
        release_statement(draft=draft, actor=korea.sara)
    told = signed_in(korea.sara).post(f"{address(draft)}release/", follow=True)
    assert "This room is archived." in told.content.decode()


def test_corrigenda_and_replies_wait_too(korea: Delegation, room: Room) -> None:
    theirs = issue_statement(
        room=room, author=korea.cast.bilal, mandate=korea.cast.bilal_mandate,
        body="Nigeria asks.", client_id=uuid4(),
    )  # fmt: skip
    assert isinstance(theirs, Message)
    reply = submit(room, korea.cast.amal_mandate, reply_to=theirs.seq)
    assert reply.is_right_of_reply
    first = release_statement(draft=reply, actor=korea.sara)
    assert first.reply_to == theirs
    corrigendum = submit(room, korea.sara_mandate, "Read “draft”.", corrects=first.seq)
    issued = release_statement(draft=corrigendum, actor=korea.cast.amal)
    assert issued.statement
    assert issued.statement.corrects == first.statement
    assert Record.objects.get(message=issued).detail == {
        "corrects": first.seq,
        "released_by": korea.cast.amal_mandate.pk,
    }
    assert verify_rooms() is None


def address(draft: StatementDraft) -> str:
    return f"/en/rooms/{draft.room_id}/statements/{draft.pk}/"


def test_the_delegation_alone_sees_what_waits(korea: Delegation, draft: StatementDraft) -> None:
    cast = korea.cast
    listed = f"/en/rooms/{draft.room_id}/statements/"
    for user, page, drafts, body in (
        (cast.amal, 200, 200, True), (korea.sara, 200, 200, True), (korea.omar, 404, 403, False),
        (cast.bilal, 404, 200, False), (cast.dina, 404, 403, False), (cast.chloe, 404, 404, False),
    ):  # fmt: skip
        client = signed_in(user)
        assert client.get(address(draft)).status_code == page
        found = client.get(listed)
        assert (found.status_code, b"Korea abstains." in found.content) == (drafts, body)
        room = client.get(f"/en/rooms/{draft.room_id}/")
        assert (b"1 statement waits for release" in room.content) == body
        assert b"Korea abstains." not in room.content


def test_the_pages_release_return_and_withdraw(korea: Delegation, draft: StatementDraft) -> None:
    amal, sara = signed_in(korea.cast.amal), signed_in(korea.sara)
    assert amal.post(f"{address(draft)}release/").status_code == 403
    assert amal.post(f"{address(draft)}return/", {"reason": "No"}).status_code == 403
    assert sara.post(f"{address(draft)}withdrawal/").status_code == 403
    assert signed_in(korea.cast.bilal).post(f"{address(draft)}release/").status_code == 404
    assert sara.post(f"{address(draft)}return/", {"reason": " "}).status_code == 422
    released = sara.post(f"{address(draft)}release/")
    statement = Message.objects.get()
    place = f"/en/rooms/{draft.room_id}/?latest=1#r{statement.seq}"
    assert released["Location"] == place
    assert sara.post(f"{address(draft)}release/")["Location"] == place
    late = amal.post(f"{address(draft)}withdrawal/", follow=True)
    assert "released, returned or withdrawn in the meantime" in late.content.decode()
    assert amal.get(address(draft)).status_code == 200
    other = submit(draft.room, korea.cast.amal_mandate, "Once more")
    sara.post(f"{address(other)}return/", {"reason": "Too short"})
    page = amal.get(address(other)).content.decode()
    assert "Too short" in page
    assert "Take up the text again" in page
    assert 'value="Once more"' in page


def test_who_releases_and_who_wrote_are_told_by_letter(
    korea: Delegation, room: Room, draft: StatementDraft
) -> None:
    [letter] = letters_to(korea.sara, draft, "waiting")
    assert letter.to == ["sara@example.org"]
    assert f"/fr/rooms/{room.pk}/statements/{draft.pk}/" in letter.body
    assert "abstains" not in letter.body
    for user in (korea.omar, korea.cast.bilal):
        assert letters_to(user, draft, "waiting") == []
    release_statement(draft=draft, actor=korea.sara)
    assert letters_to(korea.sara, draft, "waiting") == []  # old news
    [letter] = letters_to(korea.cast.amal, draft, "released")
    assert "Sara" in letter.body
    other = submit(room, korea.cast.amal_mandate)
    return_statement(draft=other, reason="Secret reason", actor=korea.sara)
    [letter] = letters_to(korea.cast.amal, other, "returned")
    assert "Secret reason" not in letter.body


def test_confirming_names_who_releases(korea: Delegation, room: Room) -> None:
    amal = signed_in(korea.cast.amal)
    new = f"/en/rooms/{room.pk}/statements/new/"
    sent = {
        "body": "Ours", "mandate": str(korea.cast.amal_mandate.pk), "client_id": str(uuid4()),
    }  # fmt: skip
    page = amal.post(new, {**sent, "step": "preview"}).content.decode()
    assert "<bdi>Sara</bdi> (alternate)" in page
    assert "Submit for release" in page
    told = amal.post(new, {**sent, "step": "issue"})
    assert told["Location"] == address(StatementDraft.objects.get())
    korea.sara.mandates.update(ends_at=timezone.now())
    page = amal.post(new, {**sent, "step": "preview"}).content.decode()
    assert "nobody else of it" in page
    assert "Submit for release" not in page
    say(room, korea.cast.amal, korea.cast.amal_mandate)  # a message needs no release
