"""The handover of the presidency: scheduled, moved, taken back."""

from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions.handovers import (
    HandoverChangedError,
    HandoverStandsError,
    cancel_handover,
    move_handover,
    note_effect,
)
from members.actions.succession import hand_over_mandate
from members.enums import Capacity, HandoverState, MembershipClass, MembershipState
from members.models import Handover, HandoverMandate, Mandate, Presidency
from members.permissions import is_secretariat
from members.permissions.presidencies import may_preside, past_term
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate
from tests.members.handovers import acts, at, jobs, schedule, terms
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


def test_rights_pass_at_the_moment_and_by_themselves(cast: Cast) -> None:
    handover = schedule(cast, ending=[])
    moment = handover.takes_effect_at
    with at(moment - timedelta(microseconds=1)):
        assert (is_secretariat(cast.dina), is_secretariat(cast.amal)) == (True, False)
        assert past_term(cast.dina) is None
    with at(moment):
        assert (is_secretariat(cast.dina), is_secretariat(cast.amal)) == (False, True)
        assert past_term(cast.dina) == cast.presidency
        assert past_term(cast.amal) is None
        assert Mandate.objects.of_secretariat().get().user == cast.amal
    begun = cast.presidency.starts_at
    assert terms() == [(cast.qa.pk, begun, moment), (cast.kr.pk, moment, None)]
    assert [(each.fate, each.mandate.user) for each in handover.mandates.order_by("pk")] == [
        ("stays", cast.dina),
        ("begins", cast.amal),
    ]


def test_a_mandate_that_ends_with_it_carries_nothing_afterwards(cast: Cast) -> None:
    handover = schedule(cast, ending=[cast.dina_mandate])
    cast.dina_mandate.refresh_from_db()
    assert cast.dina_mandate.ends_at == handover.takes_effect_at
    with at(handover.takes_effect_at):
        assert past_term(cast.dina) is None
        assert not Mandate.objects.running().of_person(cast.dina.pk).exists()


def test_who_held_such_a_mandate_there_is_of_the_secretariat_again(cast: Cast) -> None:
    held = make_mandate(cast.chloe, cast.pl, Capacity.SECRETARIAT)
    handover = schedule(cast, institution=cast.pl, beginning=[cast.chloe])
    assert [(each.fate, each.mandate) for each in handover.beginning] == [("returns", held)]
    with at(handover.takes_effect_at):
        assert is_secretariat(cast.chloe)
    cancel_handover(handover=handover, reason="No.", actor=cast.dina)
    held.refresh_from_db()
    assert held.ends_at is None


@pytest.mark.parametrize("who", ["amal", "bilal", "chloe"])
def test_the_secretariat_alone_schedules_moves_and_cancels(cast: Cast, who: str) -> None:
    actor = getattr(cast, who)
    with pytest.raises(PermissionDenied):
        schedule(cast, actor=actor)
    handover = schedule(cast)
    later = handover.takes_effect_at + timedelta(days=1)
    with pytest.raises(PermissionDenied):
        move_handover(handover=handover, version=1, takes_effect_at=later, actor=actor)
    with pytest.raises(PermissionDenied):
        cancel_handover(handover=handover, reason="No.", actor=actor)
    assert acts() == ["handover.scheduled"]


def test_who_may_preside(cast: Cast) -> None:
    make_institution("SD", state=MembershipState.SUSPENDED)
    make_institution("NO", membership_class=MembershipClass.ASSOCIATE)
    make_institution("CH", membership_class=MembershipClass.OBSERVER)
    assert {i.pk for i in may_preside(cast.qa)} == {cast.kr.pk, cast.ng.pk, cast.pl.pk}


@pytest.mark.parametrize("case", ["suspended", "associate", "presides"])
def test_not_to_whoever_cannot_preside(cast: Cast, case: str) -> None:
    chosen = {
        "suspended": lambda: make_institution("SD", state=MembershipState.SUSPENDED),
        "associate": lambda: make_institution("NO", membership_class=MembershipClass.ASSOCIATE),
        "presides": lambda: cast.qa,
    }[case]()
    with pytest.raises(ValidationError) as refusal:
        schedule(cast, institution=chosen)
    assert refusal.value.code == "not_eligible"
    assert not Handover.objects.exists()


def test_not_in_the_past_not_without_a_secretariat_nor_beside_what_is_settled(cast: Cast) -> None:
    before = terms()
    for code, given in (
        ("not_to_come", {"takes_effect_at": timezone.now()}),
        ("nobody", {"beginning": []}),
        ("nobody", {"beginning": [cast.chloe]}),  # of another delegation
    ):
        with pytest.raises(ValidationError) as refusal:
            schedule(cast, **given)
        assert refusal.value.code == code
    assert (terms(), acts(), HandoverMandate.objects.count()) == (before, [], 0)
    Presidency.objects.filter(pk=cast.presidency.pk).update(
        ends_at=datetime(2190, 1, 1, tzinfo=UTC)
    )
    Presidency.objects.create(institution=cast.ng, starts_at=datetime(2190, 1, 1, tzinfo=UTC))
    with pytest.raises(ValidationError) as refusal:
        schedule(cast)
    assert refusal.value.code == "next_is_settled"


def test_a_second_one_is_told_and_nothing_of_it_is_done(cast: Cast) -> None:
    first = schedule(cast)
    before = (terms(), Mandate.objects.count(), acts(), len(jobs("send_handover_letter")))
    with pytest.raises(HandoverStandsError):
        schedule(cast, institution=cast.ng, beginning=[cast.bilal])
    assert before == (terms(), Mandate.objects.count(), acts(), len(jobs("send_handover_letter")))
    with pytest.raises(IntegrityError), transaction.atomic():
        Handover.objects.create(
            outgoing=cast.presidency,
            incoming=first.incoming,
            institution=cast.ng,
            takes_effect_at=timezone.now(),
            scheduled_by=cast.dina,
        )


@pytest.mark.django_db(transaction=True)
def test_two_at_once_one_wins_the_other_is_told(cast: Cast) -> None:
    ended = at_once(
        lambda: schedule(cast),
        lambda: schedule(cast, institution=cast.ng, beginning=[cast.bilal]),
    )
    assert ended == ["done", "handover_stands"]
    handover = Handover.objects.get()
    winner = cast.amal if handover.institution == cast.kr else cast.bilal
    begun = Mandate.objects.filter(capacity=Capacity.SECRETARIAT).exclude(user=cast.dina).get()
    assert begun.user == winner
    assert [(i, end is None) for i, _start, end in terms()] == [
        (cast.qa.pk, False),
        (handover.institution_id, True),
    ]
    assert acts() == ["handover.scheduled"]


@pytest.mark.django_db(transaction=True)
def test_moved_and_cancelled_at_once_one_wins(cast: Cast) -> None:
    handover = schedule(cast)
    later = handover.takes_effect_at + timedelta(days=1)
    ended = at_once(
        lambda: move_handover(handover=handover, version=1, takes_effect_at=later, actor=cast.dina),
        lambda: cancel_handover(handover=handover, reason="No.", actor=cast.dina),
    )
    assert "done" in ended
    assert terms() == [(cast.qa.pk, cast.presidency.starts_at, None)]  # it is cancelled in the end
    assert acts()[-1] == "handover.cancelled"


def written_of(mandate: Mandate) -> list[tuple[str, datetime | None]]:
    """What the log says of it, in order: the act, and the moment from which it holds."""
    found = AuditEntry.objects.about(mandate).order_by("number")
    moments = [(each.act, each.after["takes_effect_at"]) for each in found]
    return [(act, at and datetime.fromisoformat(at)) for act, at in moments]


@pytest.mark.parametrize("days", [1, 9])
def test_moved(cast: Cast, days: int) -> None:
    handover = schedule(cast, ending=[cast.dina_mandate])
    moved_from, moment = handover.takes_effect_at, timezone.now() + timedelta(days=days)
    moved = move_handover(handover=handover, version=1, takes_effect_at=moment, actor=cast.dina)
    assert (moved.takes_effect_at, moved.version) == (moment, 2)
    assert terms() == [
        (cast.qa.pk, cast.presidency.starts_at, moment),
        (cast.kr.pk, moment, None),
    ]
    cast.dina_mandate.refresh_from_db()
    begun = Mandate.objects.get(user=cast.amal, capacity=Capacity.SECRETARIAT)
    assert (cast.dina_mandate.ends_at, begun.starts_at) == (moment, moment)
    assert written_of(begun) == [("mandate.started", moved_from), ("mandate.start_moved", moment)]
    ends = [("mandate.end_settled", moved_from), ("mandate.end_settled", moment)]
    assert written_of(cast.dina_mandate) == ends
    again = move_handover(handover=handover, version=1, takes_effect_at=moment, actor=cast.dina)
    assert (again.version, acts()) == (2, ["handover.scheduled", "handover.moved"])
    with pytest.raises(HandoverChangedError):  # on what one has not seen
        move_handover(
            handover=handover,
            version=1,
            takes_effect_at=moment + timedelta(days=1),
            actor=cast.dina,
        )
    with pytest.raises(ValidationError) as refusal:
        move_handover(handover=handover, version=2, takes_effect_at=timezone.now(), actor=cast.dina)
    assert refusal.value.code == "not_to_come"


def test_cancelled_all_is_as_it_was(cast: Cast) -> None:
    planned = datetime(2190, 1, 1, tzinfo=UTC)
    Presidency.objects.filter(pk=cast.presidency.pk).update(ends_at=planned)
    handover = schedule(cast, ending=[cast.dina_mandate])
    cancelled = cancel_handover(handover=handover, reason="Not agreed.", actor=cast.dina)
    assert (cancelled.state, cancelled.reason) == (HandoverState.CANCELLED, "Not agreed.")
    assert cancelled.cancelled_by == cast.dina
    assert terms() == [(cast.qa.pk, cast.presidency.starts_at, planned)]
    cast.dina_mandate.refresh_from_db()
    assert cast.dina_mandate.ends_at is None
    until = handover.takes_effect_at
    ends = [("mandate.end_settled", until), ("mandate.end_settled", None)]
    assert written_of(cast.dina_mandate) == ends
    taken_back = Mandate.objects.get(user=cast.amal, capacity=Capacity.SECRETARIAT)
    assert written_of(taken_back) == [("mandate.started", until), ("mandate.ended", until)]
    with at(handover.takes_effect_at + timedelta(days=1)):
        assert (is_secretariat(cast.dina), is_secretariat(cast.amal)) == (True, False)
        assert note_effect(handover_id=handover.pk) is False
    cancel_handover(handover=handover, reason="Twice.", actor=cast.dina)
    assert Handover.objects.get().reason == "Not agreed."
    assert acts() == ["handover.scheduled", "handover.cancelled"]
    later = handover.takes_effect_at + timedelta(days=1)
    with pytest.raises(HandoverChangedError):
        move_handover(handover=handover, version=1, takes_effect_at=later, actor=cast.dina)
    assert schedule(cast).state == HandoverState.SCHEDULED


def test_what_was_cancelled_makes_nobody_of_the_secretariat(cast: Cast) -> None:
    """Scheduled again for an earlier day, with nobody chosen: the mandate taken back counts not."""
    far, near = (timezone.now() + timedelta(days=days) for days in (30, 10))
    cancelled = schedule(cast, takes_effect_at=far)
    cancel_handover(handover=cancelled, reason="Not agreed.", actor=cast.dina)
    taken_back = Mandate.objects.of_institution(cast.kr).of_office().get()
    assert taken_back.is_ended
    with pytest.raises(ValidationError) as refused:
        schedule(cast, takes_effect_at=near, beginning=[])
    assert refused.value.code == "nobody"
    schedule(cast, takes_effect_at=near)
    with at(near):
        assert [m.user for m in Mandate.objects.of_secretariat()] == [cast.amal]


def test_whose_mandate_is_suspended_is_not_the_next_office(cast: Cast) -> None:
    Mandate.objects.filter(pk=make_mandate(cast.bilal, cast.kr, Capacity.SECRETARIAT).pk).update(
        suspended_at=timezone.now(), suspension_reason="Under inquiry."
    )
    with pytest.raises(ValidationError) as refused:
        schedule(cast, beginning=[])
    assert refused.value.code == "nobody"


def test_a_successor_ends_with_the_handover_and_goes_on_where_it_is_cancelled(cast: Cast) -> None:
    make_mandate(cast.chloe, cast.qa)
    handover = schedule(cast, ending=[cast.dina_mandate])
    cast.dina_mandate.refresh_from_db()
    after = hand_over_mandate(handing=cast.dina_mandate, to=cast.chloe, actor=cast.dina)
    assert after.ends_at == handover.takes_effect_at
    cancel_handover(handover=handover, reason="Not agreed.", actor=cast.chloe)
    after.refresh_from_db()
    assert after.ends_at is None


def test_on_the_way_back_no_day_is_of_two_terms(settings: Any) -> None:
    settings.NETWORK_TIME_ZONE = "Asia/Qatar"
    days_of = import_module("members.migrations.0010_handovers").days_of
    noon, evening = (datetime(2026, 3, 2, hour, tzinfo=UTC) for hour in (9, 15))
    begun, midnight = datetime(2025, 12, 31, 21, tzinfo=UTC), datetime(2026, 3, 4, 21, tzinfo=UTC)
    terms = [(begun, noon), (noon, evening), (evening, midnight), (midnight, None)]
    days = days_of(terms)
    assert [(first.isoformat(), last and last.isoformat()) for first, last in days] == [
        ("2026-01-01", "2026-03-01"),
        ("2026-03-02", "2026-03-02"),
        ("2026-03-03", "2026-03-04"),
        ("2026-03-05", None),
    ]


def test_terms_do_not_overlap_and_are_not_empty(cast: Cast) -> None:
    moment = timezone.now()
    cast.presidency.ends_at = moment
    cast.presidency.save()
    for start, end in ((moment - timedelta(seconds=1), None), (moment, moment)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Presidency.objects.create(institution=cast.kr, starts_at=start, ends_at=end)
    Presidency.objects.create(institution=cast.kr, starts_at=moment)
    assert Presidency.objects.running(moment).get().institution == cast.kr
