"""Suspended, reinstated, withdrawn, of another class: by whom, from where, once, two at once."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.actions.memberships import PresidesError, StandingChangedError
from members.enums import (
    MEMBERSHIP_TRANSITIONS,
    Capacity,
    MembershipAct,
    MembershipClass,
    MembershipState,
)
from members.models import Institution, Mandate, Membership, MembershipDocument, Presidency
from members.permissions import acts_open, classes_open, is_secretariat, running_mandates
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.files import PDF
from tests.members.applications import checked
from tests.members.memberships import DAY, now, reclass, reinstate, suspend, withdraw
from tests.portal.test_races import at_once

Act = Callable[..., Membership]


def to_associate(cast: Cast, *args: Any, **more: Any) -> Membership:
    return reclass(cast, MembershipClass.ASSOCIATE, *args, **more)


def to_observer(cast: Cast, *args: Any, **more: Any) -> Membership:
    return reclass(cast, MembershipClass.OBSERVER, *args, **more)


ACTS: dict[str, Act] = {
    MembershipAct.CLASS_CHANGE: to_observer,
    MembershipAct.SUSPENSION: suspend,
    MembershipAct.REINSTATEMENT: reinstate,
    MembershipAct.WITHDRAWAL: withdraw,
}


@pytest.mark.parametrize("state", MembershipState)
@pytest.mark.parametrize("act", ACTS)
def test_an_act_is_done_where_the_table_has_it(cast: Cast, state: str, act: str) -> None:
    institution = make_institution("MX", state=state)
    before = now(institution)
    to = MEMBERSHIP_TRANSITIONS[state].get(act)
    if to is None:
        with pytest.raises(StandingChangedError):
            ACTS[act](cast, institution)
        assert [m.pk for m in institution.memberships.all()] == [before.pk]
        return
    opened = ACTS[act](cast, institution, decision="Decision 7/3")
    before.refresh_from_db()
    assert (before.until, opened.since, opened.until) == (DAY, DAY, None)
    assert (opened.state, opened.act, opened.decision) == (to, act, "Decision 7/3")
    assert (opened.reason, opened.recorded_by) == ("Absent three times.", cast.dina)
    expected = "observer" if act == MembershipAct.CLASS_CHANGE else before.membership_class
    assert opened.membership_class == expected


def test_who_withdrew_and_who_is_a_candidate_take_another_way(cast: Cast) -> None:
    """A candidate's is the application; who has withdrawn applies anew."""
    for state in (MembershipState.CANDIDATE, MembershipState.WITHDRAWN):
        institution = make_institution("MX", state=state)
        assert acts_open(institution, now(institution)) == []


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("who", ["stranger", "other", "own", "former"])
def test_nobody_else_does_it(cast: Cast, act: str, who: str) -> None:
    state = MembershipState.SUSPENDED if act == MembershipAct.REINSTATEMENT else "active"
    Membership.objects.filter(institution=cast.kr).update(state=state)
    before = make_institution("BR")
    Presidency.objects.create(
        institution=before, starts_on=date(2016, 1, 1), ends_on=date(2019, 5, 3)
    )
    former = make_user("former")
    make_mandate(former, before, Capacity.SECRETARIAT)
    people = {
        "stranger": make_user("erin"),
        "other": cast.bilal,
        "own": cast.amal,
        "former": former,
    }
    with pytest.raises(PermissionDenied):
        ACTS[act](cast, actor=people[who])
    assert cast.kr.memberships.count() == 1
    assert not AuditEntry.objects.exists()


def test_mandates_rest_while_it_is_suspended_and_carry_their_rights_after(cast: Cast) -> None:
    suspend(cast)
    assert running_mandates(cast.amal) == []
    assert list(Mandate.objects.in_office().of_institution(cast.kr)) == [cast.amal_mandate]
    reinstate(cast)
    assert running_mandates(cast.amal) == [cast.amal_mandate]
    withdraw(cast)
    assert running_mandates(cast.amal) == []


def test_who_votes_follows_class_and_state(cast: Cast) -> None:
    def voters() -> set[int]:
        return set(Membership.objects.entitled_to_vote().values_list("institution", flat=True))

    assert cast.kr.pk in voters()
    for class_ in (MembershipClass.OBSERVER, MembershipClass.ASSOCIATE):
        reclass(cast, class_)
        assert cast.kr.pk not in voters()
    reclass(cast, MembershipClass.FULL)
    assert cast.kr.pk in voters()
    suspend(cast)
    assert cast.kr.pk not in voters()


def test_what_was_done_is_not_done_again(cast: Cast) -> None:
    seen = now(cast.kr).pk
    files = [checked(), checked(PDF + b"2", "two.pdf")]
    first = suspend(cast, decision="Decision 7/3", uploads=files)
    again = suspend(cast, decision="Decision 7/3", uploads=files, standing=seen)
    assert again == first
    assert cast.kr.memberships.count() == 2
    assert AuditEntry.objects.count() == 1
    assert [d.name for d in first.documents.all()] == ["file.pdf", "two.pdf"]
    for other in (
        {"reason": "Another."},
        {"decision": "Decision 7/4"},
        {"since": DAY + timedelta(1)},
        {"uploads": []},
        {"actor": second_of_the_office(cast)},
        {"standing": seen + 100_000},
    ):
        with pytest.raises(StandingChangedError):
            suspend(
                cast,
                **{"decision": "Decision 7/3", "uploads": files, "standing": seen} | other,
            )


def test_a_class_given_twice_and_one_overtaken(cast: Cast) -> None:
    seen = now(cast.kr).pk
    first = reclass(cast, MembershipClass.OBSERVER)
    assert reclass(cast, MembershipClass.OBSERVER, standing=seen) == first
    with pytest.raises(StandingChangedError):
        reclass(cast, MembershipClass.ASSOCIATE, standing=seen)
    with pytest.raises(ValidationError) as refused:
        reclass(cast, MembershipClass.OBSERVER)
    assert refused.value.code == "same_class"


def test_what_stands_now_is_told(cast: Cast) -> None:
    seen = now(cast.kr).pk
    suspend(cast)
    with pytest.raises(StandingChangedError) as refused:
        withdraw(cast, standing=seen)
    assert refused.value.messages == [
        "This cannot be done now. The membership stands thus: full member (suspended)."
    ]


def second_of_the_office(cast: Cast) -> Any:
    second = make_user("erin")
    make_mandate(second, cast.qa, Capacity.SECRETARIAT)
    return second


def test_the_presidency_is_handed_over_first(cast: Cast) -> None:
    """Else nobody would be left who could reinstate it."""
    coming = Presidency.objects.create
    cast.presidency.ends_on = timezone.now().date()
    cast.presidency.save()
    coming(institution=cast.ng, starts_on=timezone.now().date() + timedelta(1))
    for institution in (cast.qa, cast.ng):
        for act in (suspend, withdraw, to_observer, to_associate):
            with pytest.raises(PresidesError):
                act(cast, institution)
        assert acts_open(institution, now(institution)) == []
    assert is_secretariat(cast.dina)


def test_who_presides_without_being_a_full_member_becomes_one(cast: Cast) -> None:
    """As a network of before may have entered it."""
    cast.qa.memberships.update(membership_class=MembershipClass.ASSOCIATE)
    assert acts_open(cast.qa, now(cast.qa)) == [MembershipAct.CLASS_CHANGE]
    assert classes_open(cast.qa, now(cast.qa)) == [MembershipClass.FULL]
    with pytest.raises(PresidesError):
        to_observer(cast, cast.qa)
    reclass(cast, MembershipClass.FULL, cast.qa)
    assert now(cast.qa).membership_class == MembershipClass.FULL


def test_who_has_handed_over_is_of_any_class(cast: Cast) -> None:
    cast.presidency.ends_on = timezone.now().date() - timedelta(1)
    cast.presidency.save()
    Presidency.objects.create(institution=cast.ng, starts_on=timezone.now().date())
    make_mandate(cast.dina, cast.ng, Capacity.SECRETARIAT)
    reclass(cast, MembershipClass.ASSOCIATE, cast.qa)
    assert now(cast.qa).membership_class == MembershipClass.ASSOCIATE


def test_the_day_lies_in_the_standing_of_now(cast: Cast) -> None:
    today = timezone.now().date()
    for day in (today + timedelta(1), date(2014, 10, 22)):
        with pytest.raises(ValidationError) as refused:
            suspend(cast, since=day)
        assert refused.value.code == "wrong_day"
    suspend(cast, since=date(2014, 10, 23))
    reinstate(cast, since=date(2014, 10, 23))  # the same day: a row of no length
    Membership.objects.filter(institution=cast.pl).update(since=None)  # the source does not say
    suspend(cast, cast.pl, since=date(2000, 1, 1))
    rows = [(m.state, m.since, m.until) for m in cast.kr.memberships.oldest_first()]
    day = date(2014, 10, 23)
    assert rows == [("active", day, day), ("suspended", day, day), ("active", day, None)]


def test_a_standing_does_not_end_before_it_begins(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="membership_ends_after_start"), transaction.atomic():
        Membership.objects.filter(institution=cast.kr).update(until=date(2014, 10, 22))


def test_the_log_says_what_changed_and_not_why(cast: Cast) -> None:
    suspend(cast, reason="The head is ill.", uploads=[checked()])
    entry = AuditEntry.objects.get()
    document = MembershipDocument.objects.get()
    assert (entry.act, entry.actor_id, entry.mandate_id) == (
        "membership.suspended", cast.dina.pk, cast.dina_mandate.pk,
    )  # fmt: skip
    assert entry.object_id == now(cast.kr).pk
    assert entry.before == {"class": "full", "state": "active"}
    assert entry.after == {
        "institution": cast.kr.pk,
        "class": "full",
        "state": "suspended",
        "from": "2026-01-01",
        "sha256": [document.file.sha256],
    }


def test_a_file_that_comes_twice_is_kept_once_and_too_many_are_refused(cast: Cast) -> None:
    opened = suspend(cast, uploads=[checked(), checked(name="again.pdf")])
    assert opened.documents.count() == 1
    with pytest.raises(ValidationError) as refused:
        reinstate(cast, uploads=[checked(PDF + bytes([n])) for n in range(11)])
    assert refused.value.code == "too_many_documents"
    assert now(cast.kr) == opened


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_one_wins_and_the_other_is_told(transactional_db: None) -> None:
    cast = Cast()
    seen, second = now(cast.kr).pk, second_of_the_office(cast)
    ends = at_once(
        lambda: suspend(cast, standing=seen),
        lambda: withdraw(cast, standing=seen, actor=second, mandate=None),
    )
    assert ends == ["done", "standing_changed"]
    assert cast.kr.memberships.count() == 2
    seen = now(cast.ng).pk
    ends = at_once(*[lambda: suspend(cast, cast.ng, standing=seen)] * 2)  # one pressed twice
    assert ends == ["done", "done"]
    assert cast.ng.memberships.count() == 2


@pytest.mark.django_db(transaction=True)
def test_acts_on_several_members_pass_each_other(transactional_db: None) -> None:
    cast = Cast()
    institutions: list[Institution] = [cast.kr, cast.ng, cast.pl]
    ends = at_once(
        *[
            lambda institution=institution: reclass(cast, MembershipClass.OBSERVER, institution)
            for institution in institutions
        ]
    )
    assert ends == ["done"] * 3
