"""What an erasure takes with it that is in no record: drafts of statements that were given up."""

from members.enums import Capacity
from members.models import User
from messaging.actions import (
    issue_statement,
    release_statement,
    return_statement,
    save_draft,
    withdraw_statement,
)
from messaging.models import Message, MessageDraft, Room, StatementDraft
from messaging.verification import verify_rooms
from tests.factories import Cast, make_mandate, make_user
from tests.messaging.conftest import say
from tests.messaging.test_erasure import SECRET, emad, erased, everything
from tests.messaging.test_statement_release import Delegation, korea, signed_in, submit

__all__ = ["emad", "korea"]  # fixtures


def given_back(draft: StatementDraft, korea: Delegation) -> StatementDraft:
    return return_statement(draft=draft, reason=f"Not that {SECRET}", actor=korea.sara)


def test_the_drafts_on_the_way_to_a_statement_go_with_it(
    cast: Cast, room: Room, korea: Delegation, emad: User
) -> None:
    first = given_back(submit(room, cast.amal_mandate, f"First, {SECRET}"), korea)
    second = submit(room, korea.sara_mandate, f"Second, {SECRET}")
    withdraw_statement(draft=second, actor=korea.sara)
    third = submit(room, cast.amal_mandate, f"Third, {SECRET}")
    said = release_statement(draft=third, actor=korea.sara)
    assert SECRET in everything()
    erased(said, cast.dina, emad)
    assert SECRET not in everything()
    assert verify_rooms() is None
    for draft in (first, second):
        draft.refresh_from_db()
        assert (draft.body, draft.reason, draft.erased_at is None) == ("", "", False)
    assert [first.state, second.state] == ["returned", "withdrawn"]
    third.refresh_from_db()
    assert third.erased_at is None  # it is the message, which says so itself
    amal = signed_in(cast.amal)
    page = amal.get(f"/en/rooms/{room.pk}/statements/{first.pk}/").content.decode()
    assert "The text was erased for legal reasons." in page
    assert "Take up the text again" not in page
    assert "The text was erased." in amal.get(f"/en/rooms/{room.pk}/statements/").content.decode()


def test_drafts_of_other_statements_stay(
    cast: Cast, room: Room, korea: Delegation, emad: User
) -> None:
    before = given_back(submit(room, cast.amal_mandate, "Of the last one"), korea)
    release_statement(draft=submit(room, cast.amal_mandate, "The last one"), actor=korea.sara)
    corrigendum = submit(room, cast.amal_mandate, "It is put right", corrects=before_seq(room))
    withdraw_statement(draft=corrigendum, actor=cast.amal)
    said = release_statement(draft=submit(room, cast.amal_mandate, SECRET), actor=korea.sara)
    after = given_back(submit(room, cast.amal_mandate, "Of the next one"), korea)
    waits = submit(room, cast.amal_mandate, f"{SECRET}, once more")
    erased(said, cast.dina, emad)
    kept = StatementDraft.objects.filter(pk__in=[before.pk, corrigendum.pk, after.pk, waits.pk])
    assert set(kept.values_list("erased_at", flat=True)) == {None}
    assert sorted(kept.values_list("body", flat=True)) == sorted(
        [before.body, corrigendum.body, after.body, waits.body]
    )


def before_seq(room: Room) -> int:
    return Message.objects.filter(room=room).latest("seq").seq


def test_another_delegation_and_another_room_lose_nothing(
    cast: Cast, room: Room, korea: Delegation, emad: User
) -> None:
    cast.ng.statements_need_release = True
    cast.ng.save()
    other = make_user("other")
    make_mandate(other, cast.ng, Capacity.HEAD)
    theirs = submit(room, cast.bilal_mandate, "Nigeria agrees.")
    return_statement(draft=theirs, reason="Too short", actor=other)
    said = release_statement(draft=submit(room, cast.amal_mandate, SECRET), actor=korea.sara)
    erased(said, cast.dina, emad)
    theirs.refresh_from_db()
    assert (theirs.body, theirs.reason, theirs.erased_at) == ("Nigeria agrees.", "Too short", None)


def test_what_was_given_up_and_said_as_a_plain_message_goes_too(
    cast: Cast, room: Room, korea: Delegation, emad: User
) -> None:
    draft = given_back(submit(room, cast.amal_mandate, SECRET), korea)
    erased(say(room, cast.amal, cast.amal_mandate, SECRET), cast.dina, emad)
    assert SECRET not in everything()
    draft.refresh_from_db()
    assert draft.erased_at is not None
    assert issue_again(draft) == draft  # sent again by a browser that had no answer


def issue_again(draft: StatementDraft) -> Message | StatementDraft:
    return issue_statement(
        room=draft.room,
        author=draft.author,
        mandate=draft.mandate,
        body=SECRET,
        client_id=draft.client_id,
    )


def test_what_somebody_keeps_in_their_composer_is_theirs(
    cast: Cast, room: Room, emad: User
) -> None:
    save_draft(room=room, actor=cast.amal, body=SECRET, reply_to=None, mandate=None, version=None)
    erased(say(room, cast.amal, cast.amal_mandate, SECRET), cast.dina, emad)
    kept = MessageDraft.objects.of(cast.amal, room)
    assert kept is not None
    assert kept.body == SECRET
