"""Nobody is declined without a reason and a day, nor put off without conditions; no vote waits."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from assembly import actions
from assembly.enums import Choice, ItemStanding
from assembly.models import AgendaItem, Meeting, RuleSet
from assembly.owed_terms import owed_terms
from members.actions.applications import recommend_application, start_review
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.models import Application, ApplicationEditor, DecisionTerms, Reviewer, User
from records.models import AuditEntry
from tests.assembly.conftest import answers, make_meeting, prepare
from tests.assembly.test_results import by, hold, item_of, state
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.applications import told
from tests.members.test_grave_acts import done_after_the_proof

Y, N, X = Choice.IN_FAVOUR, Choice.AGAINST, Choice.ABSENT
WORDS = {"reasons": "No budget.", "not_before": "2040-01-01", "conditions": "A budget."}


@pytest.fixture
def president(cast: Cast) -> User:
    user = make_user("president")
    make_mandate(user, cast.qa)
    return user


def decide(item: AgendaItem, cast: Cast, *choices: str) -> AgendaItem:
    poll = actions.open_roll_call(agenda_item=item, **by(cast.dina))
    actions.save_roll_call(poll=poll, choices=answers(cast, *choices), **by(cast.dina))
    actions.certify_roll_call(poll=poll, **by(cast.dina))
    return AgendaItem.objects.for_vote().get(pk=item.pk)


def address(item: AgendaItem, name: str = "decision_terms") -> str:
    return reverse(f"assembly:{name}", args=[item.meeting_id, item.position])


@pytest.mark.parametrize(
    ("choices", "standing", "owed", "to"),
    [
        ((N, N, N, N), ItemStanding.NOT_ADOPTED, ["reasons", "not_before"], State.DECLINED),
        ((Y, X, X, X), ItemStanding.NO_QUORUM, ["conditions"], State.DEFERRED),
    ],
)
def test_a_result_is_told_once_everything_is_said_with_it(
    cast: Cast,
    meeting: Meeting,
    choices: tuple[str, ...],
    standing: str,
    owed: list[str],
    to: State,
) -> None:
    contact = make_user("contact")
    item = decide(item_of(meeting, cast, contact), cast, *choices)
    application = item.application
    assert application
    letters = len(told(application))
    assert [missing for _item, missing in owed_terms([item])] == [owed]
    assert (state(item), item.standing, item.is_secret) == (State.ON_AGENDA, standing, False)
    office, delegate = signed_in(cast.dina), Client()
    delegate.force_login(cast.amal)
    assert 'id="result"' in delegate.get(address(item, "agenda_item")).content.decode()
    for page in (
        address(item),
        address(item, "agenda_item"),
        reverse("assembly:meeting", args=[meeting.pk]),
    ):
        assert "still to be said" in office.get(page).content.decode(), page
    task = f'href="{address(item)}"'
    assert task in office.get("/en/").content.decode()
    assert task not in delegate.get("/en/").content.decode()
    # One of two is not enough; what is typed is kept.
    part = {**dict.fromkeys(WORDS, ""), "seen": "0"} | {"reasons": "Kept."}
    assert office.post(address(item), part).status_code == 302
    assert (state(item), len(told(application))) == (State.ON_AGENDA, letters)
    done_after_the_proof(cast.dina, address(item), {**WORDS, "seen": "1"}, lambda: state(item))
    assert state(item) == to
    assert task not in office.get("/en/").content.decode()
    assert told(application)[letters:] == [(to, contact.pk), (f"secretariat_{to}", cast.dina.pk)]
    assert office.post(address(item), {**WORDS, "reasons": "Late.", "seen": "2"}).status_code == 409


def test_whom_it_concerns_is_not_asked_for_its_words(cast: Cast, meeting: Meeting) -> None:
    item = decide(item_of(meeting, cast, make_user("contact")), cast, N, N, N, N)
    another = make_user("another")
    make_mandate(another, cast.qa, Capacity.SECRETARIAT)
    assert item.application
    ApplicationEditor.objects.create(application=item.application, user=another)
    assert address(item) not in signed_in(another).get("/en/").content.decode()
    assert address(item) in signed_in(cast.dina).get("/en/").content.decode()


def test_a_desk_costs_the_same_with_one_that_waits_and_with_three(
    cast: Cast, meeting: Meeting, django_assert_num_queries: Any
) -> None:
    def put_off(name: str) -> AgendaItem:
        return decide(item_of(meeting, cast, make_user(name)), cast, N, N, N, N)

    client, items = signed_in(cast.dina), [put_off("one")]
    client.get("/en/")
    with CaptureQueriesContext(connection) as one:
        client.get("/en/")
    items += [put_off("two"), put_off("three")]
    with django_assert_num_queries(len(one)):
        page = client.get("/en/").content.decode()
    assert [address(item) in page for item in items] == [True] * 3


def test_whom_it_concerns_by_conflict_is_not_asked(cast: Cast, meeting: Meeting) -> None:
    item = decide(item_of(meeting, cast, make_user("contact")), cast, N, N, N, N)
    assert item.application
    Reviewer.objects.create(
        application=item.application,
        user=cast.dina,
        assigned_by=cast.dina,
        conflict_reason="My sister works there.",
        conflict_at=timezone.now(),
    )
    assert address(item) not in signed_in(cast.dina).get("/en/").content.decode()


def test_held_results_are_not_released_without(
    cast: Cast, meeting: Meeting, president: User
) -> None:
    hold(meeting, cast)
    admitted = decide(item_of(meeting, cast, make_user("one")), cast, Y, Y, Y, Y)
    declined = decide(item_of(meeting, cast, make_user("two")), cast, N, N, N, N)
    with pytest.raises(actions.TermsOwedError) as refused:
        actions.release_results(meeting=meeting, **by(president))
    assert refused.value.code == "terms_owed"
    assert (state(admitted), state(declined)) == (State.ON_AGENDA, State.ON_AGENDA)
    client = signed_in(president)
    page = client.post(reverse("assembly:release_results", args=[meeting.pk]), follow=True)
    shown = page.content.decode()
    assert "1 result cannot be told yet" in shown
    assert "the earliest day to try again" in shown
    assert address(declined) not in shown  # the secretariat says it
    office = signed_in(cast.dina)
    meeting_page = reverse("assembly:meeting", args=[meeting.pk])
    assert address(declined) in office.get(meeting_page).content.decode()
    sent: dict[str, Any] = {**WORDS, "seen": "0"}
    assert office.post(address(declined), sent).status_code == 302
    assert state(declined) == State.ON_AGENDA  # the president tells it
    actions.release_results(meeting=meeting, **by(president))
    assert (state(admitted), state(declined)) == (State.ADMITTED, State.DECLINED)


def test_what_was_withdrawn_owes_nothing(cast: Cast, meeting: Meeting, president: User) -> None:
    hold(meeting, cast)
    declined = decide(item_of(meeting, cast, make_user("two")), cast, N, N, N, N)
    Application.objects.filter(agenda_items=declined).update(state=State.WITHDRAWN)
    assert actions.release_results(meeting=meeting, **by(president)) == []


def test_the_terms_of_each_decision_stay(cast: Cast, meeting: Meeting, rules: RuleSet) -> None:
    """A deferral's conditions are read while its review goes on, and after the next decision."""
    contact = make_user("contact")
    item = item_of(meeting, cast, contact)
    actions.defer_question(agenda_item=item, conditions="A budget.", seen=0, **by(cast.dina))
    application = Application.objects.get(agenda_items=item)
    page = reverse("members:application", args=[application.pk])
    readers = [signed_in(contact), signed_in(cast.dina)]

    def shown(*words: str) -> bool:
        pages = [each.get(page).content.decode() for each in readers]
        return all(word in text for text in pages for word in words)

    start_review(application=application, **by(cast.dina))
    assert shown("The conditions", "A budget.")
    recommend_application(
        application=application,
        favourable=True,
        reasons="It has one.",
        incomplete_because="By post.",
        **by(cast.dina),
    )
    later = actions.place_on_agenda(
        meeting=make_meeting(rules, number=8, in_days=400),
        application=application,
        **by(cast.dina),
    )
    assert shown("A budget.")
    assert "A budget." in readers[1].get(address(later)).content.decode()
    assert readers[1].get(address(later)).context["form"]["conditions"].value() is None
    first = prepare(application, cast, reasons="First words.")
    assert first
    prepare(application, cast, reasons="Last words.", seen=1)
    entry = AuditEntry.objects.filter(act="application.terms_prepared").order_by("-number")[0]
    assert (entry.before["reasons"], entry.after["reasons"]) == ("First words.", "Last words.")
    assert not any("Last words." in each.get(page).content.decode() for each in readers[:1])
    decide(later, cast, N, N, N, N)
    assert shown("Last words.", "Earlier decisions", "A budget.")
    told_rows = DecisionTerms.objects.told(application.pk)
    assert [(row.state, row.words) for row in told_rows] == [
        (State.DECLINED, "Last words."),
        (State.DEFERRED, "A budget."),
    ]


def test_prepared_before_it_is_told_at_once(cast: Cast, meeting: Meeting) -> None:
    item = item_of(meeting, cast, make_user("contact"))
    prepare(Application.objects.get(agenda_items=item), cast)
    decide(item, cast, N, N, N, N)
    assert state(item) == State.DECLINED
