"""A roll-call, from frozen roll to decision."""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, connections
from django.utils import timezone

from assembly import actions
from assembly.enums import Choice, ItemStanding, Outcome, PollState
from assembly.models import AgendaItem, Meeting, Poll, RollEntry, RuleSet
from assembly.rules import fingerprint
from members.enums import ApplicationState, MembershipClass, MembershipState
from members.models import Application, Institution
from members.signals import member_admitted
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.assembly.conftest import answers, make_application, make_meeting, prepare
from tests.factories import Cast, make_institution

Y, N, A, X = Choice.IN_FAVOUR, Choice.AGAINST, Choice.ABSTENTION, Choice.ABSENT


def save(poll: Poll, cast: Cast, *choices: str) -> Poll:
    return actions.save_roll_call(
        poll=poll, choices=answers(cast, *choices), actor=cast.dina, mandate=cast.dina_mandate
    )


def certify(poll: Poll, cast: Cast, **more: Any) -> Poll:
    return actions.certify_roll_call(poll=poll, actor=cast.dina, mandate=cast.dina_mandate, **more)


def refused(code: str) -> Any:
    return pytest.raises(ValidationError, check=lambda error: error.code == code)


def test_roll_holds_active_full_members_in_official_order(cast: Cast, item: AgendaItem) -> None:
    make_institution("LT", membership_class=MembershipClass.ASSOCIATE)
    make_institution("HU", state=MembershipState.SUSPENDED)
    make_institution("PT", state=MembershipState.CANDIDATE)
    turkey = make_institution("TR")
    body = make_institution("")
    poll = actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=cast.dina_mandate)
    called = [entry.institution for entry in poll.roll.select_related("institution")]
    assert called == [cast.ng, cast.pl, cast.qa, cast.kr, turkey, body]  # South Korea, Türkiye
    assert [entry.position for entry in poll.roll.all()] == [1, 2, 3, 4, 5, 6]


def test_roll_is_frozen_when_the_vote_opens(cast: Cast, poll: Poll) -> None:
    late = make_institution("SE")
    cast.pl.memberships.update(state=MembershipState.SUSPENDED)
    assert set(poll.roll.values_list("institution_id", flat=True)) == set(answers(cast, Y, Y, Y, Y))
    with refused("not_on_roll"):
        actions.save_roll_call(poll=poll, choices={late.pk: Y}, actor=cast.dina, mandate=None)
    save(poll, cast, Y, Y, Y, X)
    assert certify(poll, cast).tally["entitled"] == 4


def test_vote_opens_once(cast: Cast, poll: Poll) -> None:
    with refused("opened_already"):
        actions.open_roll_call(agenda_item=poll.agenda_item, actor=cast.dina, mandate=None)
    assert Poll.objects.count() == 1
    assert poll.agenda_item.standing == ItemStanding.ROLL_CALL


def test_vote_opens_only_on_an_application_before_the_meeting(
    cast: Cast, item: AgendaItem, meeting: Meeting
) -> None:
    plain = actions.add_agenda_item(meeting=meeting, titles={"en": "Opening"}, actor=cast.dina)
    with refused("no_question"):
        actions.open_roll_call(agenda_item=plain, actor=cast.dina, mandate=None)
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    with refused("no_question"):
        actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=None)
    assert AgendaItem.objects.get(pk=item.pk).standing == ItemStanding.LAPSED
    assert not Poll.objects.exists()


def test_vote_needs_rules(cast: Cast, application: Application) -> None:
    item = actions.place_on_agenda(
        meeting=make_meeting(None), application=application, actor=cast.dina, mandate=None
    )
    with refused("no_rules"):
        actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=None)


def test_draft_is_saved_in_part_and_audited(cast: Cast, poll: Poll) -> None:
    keep = {"actor": cast.dina, "mandate": cast.dina_mandate}
    actions.save_roll_call(poll=poll, choices={cast.kr.pk: Y, cast.ng.pk: N}, **keep)
    actions.save_roll_call(poll=poll, choices={cast.kr.pk: A, cast.ng.pk: N}, **keep)
    assert poll.choices == answers(cast, A, N, "", "")
    saved = AuditEntry.objects.filter(act="roll_call.saved").order_by("number")
    assert [entry.after for entry in saved] == [
        {str(cast.kr.pk): "in_favour", str(cast.ng.pk): "against"},
        {str(cast.kr.pk): "abstention"},
    ]
    assert saved[1].before == {str(cast.kr.pk): "in_favour"}
    actions.save_roll_call(poll=poll, choices={cast.kr.pk: A}, **keep)
    assert saved.count() == 2


def test_unknown_answer_is_refused(cast: Cast, poll: Poll) -> None:
    with refused("no_choice"):
        save(poll, cast, "perhaps", Y, Y, Y)
    assert not any(poll.choices.values())


@pytest.mark.parametrize(
    ("choices", "outcome", "state"),
    [
        ((Y, Y, N, X), Outcome.ADOPTED, ApplicationState.ADMITTED),
        ((Y, N, A, A), Outcome.NOT_ADOPTED, ApplicationState.DECLINED),
        ((A, A, A, X), Outcome.NOT_ADOPTED, ApplicationState.DECLINED),
        ((Y, Y, X, X), Outcome.NO_QUORUM, ApplicationState.DEFERRED),
    ],
)
def test_result_alone_decides(
    cast: Cast, poll: Poll, choices: tuple[str, ...], outcome: str, state: str
) -> None:
    heard: list[Institution] = []

    def hear(institution: Institution, **_more: Any) -> None:
        heard.append(institution)

    member_admitted.connect(hear)
    prepare(Application.objects.get(), cast)
    try:
        save(poll, cast, *choices)
        certified = certify(poll, cast)
    finally:
        member_admitted.disconnect(hear)
    application = Application.objects.get()
    assert (certified.state, certified.outcome) == (PollState.CERTIFIED, outcome)
    assert application.state == state
    assert set(application.decision) == {"ar", "en", "fr"}
    assert application.decision["en"] == certified.explanation("en")
    assert heard == ([application.institution] if state == ApplicationState.ADMITTED else [])
    entry = AuditEntry.objects.get(act="roll_call.certified")
    assert entry.after["tally"]["outcome"] == outcome
    assert entry.actor_id == cast.dina.pk
    assert verify_audit_log() is None


def test_incomplete_roll_is_not_certified(cast: Cast, poll: Poll) -> None:
    save(poll, cast, Y, Y, Y, "")
    with refused("incomplete"):
        certify(poll, cast)
    assert Application.objects.get().state == ApplicationState.ON_AGENDA


def test_certified_vote_stays_as_it_is(cast: Cast, poll: Poll) -> None:
    save(poll, cast, Y, Y, Y, Y)
    certify(poll, cast)
    entries = AuditEntry.objects.count()
    for change in (lambda: certify(poll, cast), lambda: save(poll, cast, N, N, N, N)):
        with refused("certified_already"):
            change()
    assert AuditEntry.objects.count() == entries
    assert Poll.objects.get().tally["in_favour"] == 4
    assert set(RollEntry.objects.values_list("choice", flat=True)) == {"in_favour"}
    assert Institution.objects.filter(application__isnull=False).count() == 1


def test_what_was_not_reviewed_is_not_certified(cast: Cast, poll: Poll) -> None:
    save(poll, cast, Y, Y, Y, Y)
    reviewed = fingerprint(poll.choices)
    save(poll, cast, N, Y, Y, Y)
    with refused("changed"):
        certify(poll, cast, reviewed=reviewed)
    certify(poll, cast, reviewed=fingerprint(Poll.objects.get().choices))


def test_withdrawn_application_is_not_decided(cast: Cast, poll: Poll) -> None:
    save(poll, cast, Y, Y, Y, Y)
    Application.objects.update(state=ApplicationState.WITHDRAWN)
    with refused("no_question"):
        certify(poll, cast)
    assert Poll.objects.get().state == PollState.OPEN


def test_failed_decision_leaves_the_vote_open(
    cast: Cast, poll: Poll, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall(**_all: Any) -> None:
        raise RuntimeError

    save(poll, cast, Y, Y, Y, Y)
    monkeypatch.setattr("assembly.actions.results.decide_application", fall)
    with pytest.raises(RuntimeError):
        certify(poll, cast)
    assert Poll.objects.get().state == PollState.OPEN
    assert not AuditEntry.objects.filter(act="roll_call.certified").exists()


def test_nobody_else_runs_a_vote(cast: Cast, item: AgendaItem, application: Application) -> None:
    assert application.contact
    for actor in (cast.amal, application.contact):
        with pytest.raises(PermissionDenied):
            actions.open_roll_call(agenda_item=item, actor=actor, mandate=None)
    poll = actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=None)
    save(poll, cast, Y, Y, Y, Y)
    for actor in (cast.amal, application.contact):
        with pytest.raises(PermissionDenied):
            actions.save_roll_call(poll=poll, choices={cast.kr.pk: N}, actor=actor, mandate=None)
        with pytest.raises(PermissionDenied):
            actions.certify_roll_call(poll=poll, actor=actor, mandate=None)
    cast.dina_mandate.ends_at = timezone.now()
    cast.dina_mandate.save()
    with pytest.raises(PermissionDenied):
        certify(poll, cast)
    assert Poll.objects.get().state == PollState.OPEN


def test_secretariat_person_does_not_run_the_vote_on_their_own_application(
    cast: Cast, poll: Poll
) -> None:
    save(poll, cast, Y, Y, Y, Y)
    Application.objects.update(contact=cast.dina)
    with pytest.raises(PermissionDenied):
        certify(poll, cast)


def test_deferred_application_returns_to_a_later_assembly(
    cast: Cast, poll: Poll, rules: RuleSet
) -> None:
    prepare(Application.objects.get(), cast)
    save(poll, cast, Y, X, X, X)
    certify(poll, cast)
    application = Application.objects.get()
    with refused("placed_already"):
        actions.place_on_agenda(
            meeting=poll.agenda_item.meeting,
            application=application,
            actor=cast.dina,
            mandate=None,
        )
    later = actions.place_on_agenda(
        meeting=make_meeting(rules, number=8, in_days=400),
        application=application,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    second = actions.open_roll_call(agenda_item=later, actor=cast.dina, mandate=None)
    save(second, cast, Y, Y, Y, X)
    certify(second, cast)
    assert Application.objects.get().state == ApplicationState.ADMITTED
    standings = [item.standing for item in AgendaItem.objects.of_application(application.pk)]
    assert standings == [ItemStanding.ADOPTED, ItemStanding.NO_QUORUM]


@pytest.mark.django_db(transaction=True)
def test_certified_in_parallel_decides_once() -> None:
    cast = Cast()
    rules = actions.create_rule_set(version="1", names={}, quorum_rule="3.1", majority_rule="4.2")
    item = actions.place_on_agenda(
        meeting=make_meeting(rules),
        application=make_application(cast.bilal),
        actor=cast.dina,
        mandate=None,
    )
    poll = actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=None)
    save(poll, cast, Y, Y, Y, Y)
    start, results = threading.Barrier(2), list[str]()

    def run() -> None:
        start.wait()
        try:
            certify(poll, cast)
            results.append("certified")
        except ValidationError as refusal:
            results.append(str(refusal.code))
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    connection.close()
    assert sorted(results) == ["certified", "certified_already"]
    assert Institution.objects.filter(application__isnull=False).count() == 1
    assert AuditEntry.objects.filter(act="roll_call.certified").count() == 1
    assert verify_audit_log() is None
