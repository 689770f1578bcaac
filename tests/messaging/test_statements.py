"""Statements: who issues them, how they stand, what puts them right, who may reply."""

from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.http import Http404
from django.test import Client
from django.test.utils import CaptureQueriesContext

from members.enums import Capacity, MembershipClass
from members.models import Mandate, User
from messaging.actions import (
    ClientIdReused,
    CorrectsNothing,
    Draft,
    RepliesToNothing,
    RoomShut,
    archive_room,
    delete_message,
    edit_message,
    issue_statement,
    lock_to_chairs,
    post_messages,
    slow_down,
)
from messaging.actions.issuing import Issue, ReleaseNeeded
from messaging.enums import RecordKind
from messaging.models import Message, Record, Room, Statement, StatementDraft
from messaging.rendering import render_records
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say

JSON = {"headers": {"accept": "application/json"}}


def issue(
    room: Room, mandate: Mandate, body: str = "Korea supports the text.", **more: Any
) -> Message:
    key = more.pop("client_id", None) or uuid4()
    author = more.pop("author", mandate.user)
    issued = issue_statement(
        room=room, author=author, mandate=mandate, body=body, client_id=key, **more
    )
    assert isinstance(issued, Message)
    return issued


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def seat(cast: Cast, name: str, capacity: str, **fields: Any) -> Mandate:
    """Somebody else in the delegation of Korea."""
    mandate = make_mandate(make_user(name), cast.kr, capacity)
    for field, value in fields.items():
        setattr(mandate, field, value)
    mandate.save()
    return mandate


def shown(record: Record) -> str:
    [line] = Record.objects.for_display().filter(pk=record.pk)
    html: str = render_records([line], "en")[0]["html"]
    return html


def test_a_statement_is_a_record_of_its_own_kind(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    record = Record.objects.get(message=statement)
    assert (record.kind, record.detail, record.text) == (
        RecordKind.STATEMENT_ISSUED,
        {},
        "Korea supports the text.",
    )
    assert (record.actor, record.mandate, record.seq) == (
        cast.amal,
        cast.amal_mandate,
        statement.seq,
    )
    html = shown(record)
    assert 'data-statement="statement"' in html
    assert "Statement of <bdi>Institution KR</bdi></h2>" in html
    assert verify_rooms() is None


@pytest.mark.parametrize(
    ("capacity", "given", "issues"),
    [
        (Capacity.HEAD, False, True),
        (Capacity.ALTERNATE, False, True),
        (Capacity.DELEGATE, False, False),
        (Capacity.DELEGATE, True, True),
        (Capacity.ADVISER, True, True),
        (Capacity.FOCAL_POINT, True, False),
        (Capacity.OBSERVER, True, False),
    ],
)
def test_the_capacity_or_the_head_gives_the_right(
    cast: Cast, room: Room, capacity: str, given: bool, issues: bool
) -> None:
    mandate = seat(cast, "speaker", capacity, may_issue_statements=given)
    page = signed_in(mandate.user).get(f"/en/rooms/{room.pk}/")
    assert ("data-issue=" in page.content.decode()) == issues
    if issues:
        assert issue(room, mandate).mandate == mandate
        return
    with pytest.raises(PermissionDenied):
        issue(room, mandate)
    assert signed_in(mandate.user).get(f"/en/rooms/{room.pk}/statements/new/").status_code == 403
    assert not Statement.objects.exists()


def test_nobody_issues_who_only_listens_here_or_speaks_for_another(cast: Cast, room: Room) -> None:
    cast.kr.memberships.update(membership_class=MembershipClass.OBSERVER)
    with pytest.raises(PermissionDenied):
        issue(room, cast.amal_mandate)
    with pytest.raises(PermissionDenied):  # the office speaks for no delegation
        issue(room, cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        issue(room, cast.bilal_mandate, author=cast.amal)
    with pytest.raises(Http404):
        issue(room, make_mandate(cast.chloe, cast.pl))
    assert not Message.objects.exists()


def test_the_right_is_looked_at_again_where_the_message_is_saved(cast: Cast, room: Room) -> None:
    mandate = seat(cast, "delegate", Capacity.DELEGATE)
    cast.kr.statements_need_release = True
    cast.kr.save()
    drafts = [
        Draft(mandate.user, mandate, "Mine", uuid4(), None, Issue()),
        Draft(cast.amal, cast.amal_mandate, "Ours", uuid4(), None, Issue()),
        Draft(cast.bilal, cast.bilal_mandate, "Nigeria agrees.", uuid4(), None, Issue()),
    ]
    outcomes = post_messages(room_id=room.pk, drafts=drafts)
    assert [type(outcome) for outcome in outcomes] == [PermissionDenied, ReleaseNeeded, Message]


def test_issued_twice_it_is_issued_once(cast: Cast, room: Room) -> None:
    key = uuid4()
    first = issue(room, cast.amal_mandate, client_id=key)
    assert issue(room, cast.amal_mandate, client_id=key) == first
    assert Statement.objects.count() == Message.objects.count() == 1
    with pytest.raises(ClientIdReused):
        issue(room, cast.amal_mandate, "Another text", client_id=key)
    with pytest.raises(ClientIdReused):  # it is no message
        say(room, cast.amal, cast.amal_mandate, "Korea supports the text.", key)
    other = uuid4()
    say(room, cast.amal, cast.amal_mandate, "Plain", other)
    with pytest.raises(ClientIdReused):
        issue(room, cast.amal_mandate, "Plain", client_id=other)


def test_slow_mode_holds_no_statement_back_and_the_states_of_a_room_do(
    cast: Cast, room: Room
) -> None:
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    slow_down(room=room, seconds=600, **by_dina)
    say(room, cast.amal, cast.amal_mandate)
    issue(room, cast.amal_mandate)
    lock_to_chairs(room=room, **by_dina)
    with pytest.raises(RoomShut):
        issue(room, cast.amal_mandate)
    archive_room(room=room, **by_dina)
    with pytest.raises(RoomShut):
        issue(room, cast.amal_mandate)


def test_a_statement_is_not_edited_and_says_why(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    address = f"/en/rooms/{room.pk}/messages/{statement.seq}/"
    with pytest.raises(PermissionDenied):
        edit_message(
            room=room, seq=statement.seq, version=1, body="No", client_id=uuid4(), actor=cast.amal
        )
    sent = {"body": "No", "version": "1", "client_id": str(uuid4())}
    amal = signed_in(cast.amal)
    told = amal.post(f"{address}edit/", sent, **JSON)
    assert (told.status_code, told.json()["code"]) == (403, "issued")
    assert "corrigendum" in told.json()["reason"]
    page = amal.post(f"{address}edit/", sent)
    assert page.status_code == 403
    assert f"/rooms/{room.pk}/statements/new/?corrects={statement.seq}" in page.content.decode()
    assert Message.objects.get().body == "Korea supports the text."


def test_the_office_alone_deletes_a_statement_with_a_reason(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    address = f"/en/rooms/{room.pk}/messages/{statement.seq}/delete/"
    for user in (cast.amal, cast.bilal):
        with pytest.raises(PermissionDenied):
            delete_message(room=room, seq=statement.seq, reason="No", actor=user)
        told = signed_in(user).post(address, {"reason": "No"}, **JSON)
        assert (told.status_code, told.json()["code"]) == (403, "issued")
    dina = signed_in(cast.dina)
    assert dina.post(address, {"reason": ""}).status_code == 422
    assert dina.post(address, {"reason": "Not of this room"}).status_code == 302
    html = shown(Record.objects.get(kind=RecordKind.STATEMENT_ISSUED))
    assert "Statement of <bdi>Institution KR</bdi></h2>" in html
    assert "Deleted by <bdi>Dina</bdi>" in html
    assert "supports" not in html
    assert verify_rooms() is None


def test_a_corrigendum_stands_beside_its_statement(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    adviser = seat(cast, "adviser", Capacity.ADVISER, may_issue_statements=True)
    corrigendum = issue(room, adviser, "For “text” read “draft”.", corrects=statement.seq)
    record = Record.objects.get(message=corrigendum)
    assert (record.kind, record.detail) == (
        RecordKind.CORRIGENDUM_ISSUED,
        {"corrects": statement.seq},
    )
    html = shown(record)
    assert "Corrigendum of <bdi>Institution KR</bdi></h2>" in html
    assert f'data-corrects="{statement.seq}"' in html
    link = f'data-correction-by="{corrigendum.seq}"'
    posted = Record.objects.get(message=statement)
    assert link in shown(posted)
    assert Message.objects.get(pk=statement.pk).body == "Korea supports the text."
    delete_message(room=room, seq=corrigendum.seq, reason="Wrong", actor=cast.dina)
    assert link not in shown(posted)
    assert verify_rooms() is None


def test_only_ones_own_statement_that_stands_is_put_right(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    corrigendum = issue(room, cast.amal_mandate, "Read “draft”.", corrects=statement.seq)
    plain = say(room, cast.amal, cast.amal_mandate)
    for mandate, seq in (
        (cast.bilal_mandate, statement.seq),
        (cast.amal_mandate, corrigendum.seq),
        (cast.amal_mandate, plain.seq),
        (cast.amal_mandate, 999),
    ):
        with pytest.raises(CorrectsNothing):
            issue(room, mandate, corrects=seq)
    delete_message(room=room, seq=statement.seq, reason="Wrong", actor=cast.dina)
    with pytest.raises(CorrectsNothing):
        issue(room, cast.amal_mandate, corrects=statement.seq)
    assert Message.objects.count() == 3
    new = f"/en/rooms/{room.pk}/statements/new/"
    assert signed_in(cast.bilal).get(f"{new}?corrects={corrigendum.seq}").status_code == 403
    assert signed_in(cast.amal).get(f"{new}?corrects=999").status_code == 404


def test_the_right_of_reply_names_the_statement_replied_to(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    reply = issue(room, cast.bilal_mandate, "Nigeria sees it otherwise.", reply_to=statement.seq)
    record = Record.objects.get(message=reply)
    assert (record.kind, record.detail) == (
        RecordKind.STATEMENT_ISSUED,
        {"reply_to": statement.seq},
    )
    said = "In exercise of the right of reply to the statement of <bdi>Institution KR</bdi>"
    assert said in shown(record)
    own = issue(room, cast.amal_mandate, "To add to it.", reply_to=statement.seq)
    assert "right of reply" not in shown(Record.objects.get(message=own))
    message = say(room, cast.amal, cast.amal_mandate)
    plain = issue(room, cast.bilal_mandate, "On what was said.", reply_to=message.seq)
    assert "right of reply" not in shown(Record.objects.get(message=plain))
    with pytest.raises(RepliesToNothing):
        issue(room, cast.bilal_mandate, reply_to=999)
    assert verify_rooms() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE messaging_message SET statement_id=NULL WHERE seq=%(first)s",
        "UPDATE messaging_statement SET corrects_id=NULL WHERE corrects_id IS NOT NULL",
        "UPDATE messaging_statement SET released_by_id=(SELECT min(id) FROM members_mandate)",
        "UPDATE messaging_message SET statement_id=(INSERTED) WHERE seq=%(plain)s",
    ],
)
def test_what_was_issued_cannot_be_altered_unseen(cast: Cast, room: Room, statement: str) -> None:
    first = issue(room, cast.amal_mandate)
    issue(room, cast.amal_mandate, "Read “draft”.", corrects=first.seq)
    plain = say(room, cast.amal, cast.amal_mandate)
    assert verify_rooms() is None
    extra = Statement.objects.create()
    with connection.cursor() as cursor:
        sql = statement.replace("(INSERTED)", str(extra.pk))
        cursor.execute(sql, {"first": first.seq, "plain": plain.seq})
    assert verify_rooms() is not None


def test_a_page_costs_as_much_with_three_statements_as_with_one(cast: Cast, room: Room) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as counted:
            list(Record.objects.before(room.pk, None, 50))
            render_records(Record.objects.before(room.pk, None, 50), "en")
        return len(counted)

    say(room, cast.amal, cast.amal_mandate)
    plain = queries()
    first = issue(room, cast.amal_mandate)
    issue(room, cast.amal_mandate, "Read “draft”.", corrects=first.seq)
    issue(room, cast.bilal_mandate, "We differ.", reply_to=first.seq)
    one = queries()
    for _ in range(2):
        again = issue(room, cast.amal_mandate)
        issue(room, cast.amal_mandate, "Read “draft”.", corrects=again.seq)
        issue(room, cast.bilal_mandate, "We differ.", reply_to=again.seq)
    assert queries() == one
    assert plain == 2
    assert one == 2 * (1 + 3)  # statements, their corrigenda, what was replied to


def test_sync_carries_a_statement_as_any_record(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    issue(room, cast.amal_mandate, "Read “draft”.", corrects=statement.seq)
    answer = signed_in(cast.bilal).get(f"/en/rooms/{room.pk}/sync?after={statement.seq - 1}").json()
    assert [(r["kind"], r["message"], r["author"]) for r in answer["records"]] == [
        ("statement.issued", None, cast.amal.pk),
        ("corrigendum.issued", None, cast.amal.pk),
    ]
    assert signed_in(cast.chloe).get(f"/en/rooms/{room.pk}/sync?after=0").status_code == 404


def test_from_the_composer_to_the_statement_without_a_script(cast: Cast, room: Room) -> None:
    amal = signed_in(cast.amal)
    new = f"/en/rooms/{room.pk}/statements/new/"
    composer = {"body": "Korea **supports** it.", "mandate": str(cast.amal_mandate.pk)}
    page = amal.post(new, {**composer, "client_id": str(uuid4()), "reply_to": ""})
    assert page.status_code == 200
    html = page.content.decode()
    assert "<strong>supports</strong>" in html
    assert "None is needed: it is issued at once." in html
    assert not Message.objects.exists()
    sent = {**composer, "client_id": page.context["form"]["client_id"].value()}
    written = amal.post(new, {**sent, "step": "write"})
    assert "Korea **supports** it.</textarea>" in written.content.decode()
    assert [field.name for field in written.context["form"].visible_fields()] == ["body"]
    assert amal.post(new, {**sent, "step": "preview"}).status_code == 200
    assert not Message.objects.exists()
    for _ in range(2):
        issued = amal.post(new, {**sent, "step": "issue"})
        statement = Message.objects.get()
        assert issued["Location"] == f"/en/rooms/{room.pk}/?latest=1#r{statement.seq}"
    empty = amal.post(new, {**composer, "body": " ", "reply_to": ""})
    assert (empty.status_code, "Write something first" in empty.content.decode()) == (200, False)
    assert amal.post(new, {**sent, "body": "", "step": "issue"}).status_code == 422
    reused = amal.post(new, {**sent, "body": "Another", "step": "issue"})
    assert (reused.status_code, "another text" in reused.content.decode()) == (409, True)
    assert Message.objects.count() == 1
    assert not StatementDraft.objects.exists()
    assert signed_in(cast.chloe).get(new).status_code == 404


def test_the_page_of_a_statement_offers_what_one_may_do(cast: Cast, room: Room) -> None:
    statement = issue(room, cast.amal_mandate)
    address = f"/en/rooms/{room.pk}/messages/{statement.seq}/"
    delegate = seat(cast, "delegate", Capacity.DELEGATE)
    for user, corrects, replies in (
        (cast.amal, True, False),
        (cast.bilal, False, True),
        (cast.dina, False, False),
        (delegate.user, False, False),
    ):
        page = signed_in(user).get(address).content.decode()
        assert ("?corrects=" in page, "?reply_to=" in page) == (corrects, replies)
        assert "edit-heading" not in page
    for query in (f"?corrects={statement.seq}", f"?reply_to={statement.seq}"):
        page = signed_in(cast.amal).get(f"/en/rooms/{room.pk}/statements/new/{query}")
        assert page.status_code == 200


def test_search_finds_statements_only(cast: Cast, room: Room) -> None:
    say(room, cast.amal, cast.amal_mandate, "Korea supports lunch.")
    statement = issue(room, cast.amal_mandate)
    corrigendum = issue(room, cast.amal_mandate, "Korea read “draft”.", corrects=statement.seq)
    bilal = signed_in(cast.bilal)
    page = bilal.get("/en/rooms/search/?q=korea&statements=on")
    assert [m.seq for m in page.context["hits"]] == [corrigendum.seq, statement.seq]
    assert [m.seq for m in bilal.get("/en/rooms/search/?statements=on").context["hits"]] == [
        corrigendum.seq,
        statement.seq,
    ]
    assert len(bilal.get("/en/rooms/search/?q=korea").context["hits"]) == 3
