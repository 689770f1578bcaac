from datetime import date

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from assembly import actions
from assembly.enums import ItemStanding, MeetingKind
from assembly.models import AgendaItem, Meeting, RuleSet
from members.enums import ApplicationState
from members.models import Application
from records.models import AuditEntry
from tests.assembly.conftest import make_application, make_meeting
from tests.factories import Cast


def acts() -> list[str]:
    return list(AuditEntry.objects.order_by("number").values_list("act", flat=True))


def test_meeting_is_named_in_words(meeting: Meeting) -> None:
    assert meeting.name == "Seventh general assembly"
    with translation.override("ar"):
        assert meeting.name == "الجمعية العمومية السابعة"
    with translation.override("fr"):
        assert meeting.name == "Septième assemblée générale"
    meeting.number = 21
    assert meeting.name == "General assembly no. 21"
    meeting.number = None
    assert meeting.name == "General assembly"


def test_meeting_number_is_taken_once(cast: Cast, meeting: Meeting, rules: RuleSet) -> None:
    with pytest.raises(ValidationError) as refusal:
        make_meeting(rules)
    assert refusal.value.code == "number_taken"
    assert Meeting.objects.count() == 1
    assert acts() == ["rule_set.created", "meeting.created"]


def test_only_secretariat_convenes(cast: Cast, rules: RuleSet) -> None:
    values = {
        "kind": MeetingKind.BOARD,
        "cities": {"en": "Doha"},
        "country": "QA",
        "starts_on": date(2026, 12, 1),
    }
    with pytest.raises(PermissionDenied):
        actions.create_meeting(**values, actor=cast.amal, mandate=cast.amal_mandate)
    meeting = actions.create_meeting(**values, actor=cast.dina, mandate=cast.dina_mandate)
    entry = AuditEntry.objects.get(object_id=meeting.pk, act="meeting.created")
    assert (entry.actor_id, entry.mandate_id) == (cast.dina.pk, cast.dina_mandate.pk)


@pytest.mark.parametrize(("quorum", "majority"), [((1, 1), (2, 3)), ((1, 2), (1, 2))])
def test_rules_that_a_tie_could_carry_are_refused(
    db: None, quorum: tuple[int, int], majority: tuple[int, int]
) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.create_rule_set(
            version="2", names={}, quorum_rule="1", majority_rule="2",
            quorum=quorum, majority=majority,
        )  # fmt: skip


def test_delegations_of_the_past_are_recorded_once(cast: Cast, rules: RuleSet) -> None:
    meeting = make_meeting(rules, number=6, in_days=-900)
    assert len(actions.record_past_delegations(meeting=meeting, countries=["KR", "MX"])) == 2
    assert actions.record_past_delegations(meeting=meeting, countries=["KR", "MX"]) == []
    there = {d.country: d.institution for d in meeting.delegations.select_related("institution")}
    assert there == {"KR": cast.kr, "MX": None}
    with pytest.raises(PermissionDenied):
        actions.record_past_delegations(meeting=meeting, countries=["PL"], actor=cast.amal)


def test_application_is_placed_on_the_agenda(
    cast: Cast, meeting: Meeting, application: Application
) -> None:
    first = actions.add_agenda_item(meeting=meeting, titles={"en": "Opening"}, actor=cast.dina)
    item = actions.place_on_agenda(
        meeting=meeting, application=application, actor=cast.dina, mandate=cast.dina_mandate
    )
    application.refresh_from_db()
    assert application.state == ApplicationState.ON_AGENDA
    assert (first.position, item.position) == (1, 2)
    assert first.standing is None
    assert AgendaItem.objects.get(pk=item.pk).standing == ItemStanding.TO_BE_VOTED
    assert item.titles == {
        "ar": "طلب الانضمام المقدَّم من Institute of Mexico",
        "en": "Application of Institute of Mexico for membership",
        "fr": "Demande d’adhésion présentée par Institute of Mexico",
    }
    assert acts()[-3:] == ["agenda_item.added", "application.placed_on_agenda", "agenda_item.added"]


def test_placing_twice_is_refused(cast: Cast, meeting: Meeting, item: AgendaItem) -> None:
    before = acts()
    assert item.application
    with pytest.raises(ValidationError) as refusal:
        actions.place_on_agenda(
            meeting=meeting, application=item.application, actor=cast.dina, mandate=None
        )
    assert refusal.value.code == "placed_already"
    assert AgendaItem.objects.count() == 1
    assert acts() == before


def test_only_secretariat_places_and_never_its_own_application(
    cast: Cast, meeting: Meeting, application: Application
) -> None:
    own = make_application(cast.dina)
    for actor, thing in ((cast.amal, application), (application.contact, application)):
        with pytest.raises(PermissionDenied):
            actions.place_on_agenda(
                meeting=meeting, application=thing, actor=actor, mandate=None  # type: ignore[arg-type]
            )  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.place_on_agenda(
            meeting=meeting, application=own, actor=cast.dina, mandate=cast.dina_mandate
        )
    assert not AgendaItem.objects.exists()


def test_draft_is_not_placed(cast: Cast, meeting: Meeting, application: Application) -> None:
    Application.objects.update(state=ApplicationState.UNDER_REVIEW)
    with pytest.raises(ValidationError) as refusal:
        actions.place_on_agenda(
            meeting=meeting, application=application, actor=cast.dina, mandate=None
        )
    assert refusal.value.code == "wrong_state"
    assert not AgendaItem.objects.exists()


def test_meeting_that_is_over_takes_no_application(
    cast: Cast, rules: RuleSet, application: Application
) -> None:
    past = make_meeting(rules, in_days=-10)
    board = actions.create_meeting(
        kind=MeetingKind.BOARD, cities={}, country="", starts_on=date(2099, 1, 1)
    )
    for meeting in (past, board):
        with pytest.raises(ValidationError) as refusal:
            actions.place_on_agenda(
                meeting=meeting, application=application, actor=cast.dina, mandate=None
            )
        assert refusal.value.code == "not_an_assembly"


def test_meeting_under_way_is_not_over(rules: RuleSet) -> None:
    meeting = make_meeting(rules, in_days=-1)
    assert not meeting.is_over
    assert list(Meeting.objects.upcoming()) == [meeting]
    assert not Meeting.objects.past().exists()


def test_rules_are_entered_from_the_command_line(db: None) -> None:
    given = ["1", "--quorum-rule", "3.1", "--majority-rule", "4.2", "--name-en", "Charter"]
    call_command("create_rule_set", *given, "--majority", "3/4", verbosity=0)
    rules = RuleSet.objects.get()
    assert (rules.majority_numerator, rules.majority_denominator) == (3, 4)
    assert str(rules) == "Charter (1)"
    with pytest.raises(CommandError, match="this version exists"), transaction.atomic():
        call_command("create_rule_set", *given)
