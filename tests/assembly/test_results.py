"""How results are told: prepared with the decision, held, released together."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assembly import actions
from assembly.enums import Choice, ItemStanding
from assembly.models import AgendaItem, Meeting
from members.actions import applicants
from members.actions.applications import WrongStateError
from members.actions.checklists import StaleError
from members.actions.decisions import TooEarlyError
from members.enums import ApplicationState as State
from members.enums import DocumentKind
from members.models import Application, DecisionTerms, User
from records.verification import verify_audit_log
from tests.assembly.conftest import answers, prepare
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.applications import FIELDS, application_in, checked, told
from tests.races import at_once

Y, N = Choice.IN_FAVOUR, Choice.AGAINST
OTHER_NAME = {"institution_names": {"en": "Other"}}


@pytest.fixture
def president(cast: Cast) -> User:
    user = make_user("president")
    make_mandate(user, cast.qa)
    return user


def by(user: User) -> dict[str, Any]:
    return {"actor": user, "mandate": user.mandates.first()}


def hold(meeting: Meeting, cast: Cast) -> None:
    actions.hold_results(meeting=meeting, holds=True, **by(cast.dina))


def decide(item: AgendaItem, cast: Cast, choice: str) -> None:
    poll = actions.open_roll_call(agenda_item=item, **by(cast.dina))
    actions.save_roll_call(
        poll=poll, choices=answers(cast, choice, choice, choice, choice), **by(cast.dina)
    )
    actions.certify_roll_call(poll=poll, **by(cast.dina))


def item_of(meeting: Meeting, cast: Cast, contact: User) -> AgendaItem:
    application = application_in(State.RECOMMENDED, cast, contact)
    return actions.place_on_agenda(meeting=meeting, application=application, **by(cast.dina))


def state(item: AgendaItem) -> str:
    return Application.objects.get(agenda_items=item).state


def test_held_results_are_released_together(cast: Cast, meeting: Meeting, president: User) -> None:
    hold(meeting, cast)
    contacts = [make_user(f"contact{n}") for n in range(3)]
    admitted, declined, deferred = [item_of(meeting, cast, c) for c in contacts]
    decide(admitted, cast, Y)
    prepare(Application.objects.get(agenda_items=declined), cast)
    decide(declined, cast, N)
    actions.defer_question(agenda_item=deferred, conditions="A budget.", seen=0, **by(cast.dina))
    for item in (admitted, declined, deferred):
        fresh = AgendaItem.objects.for_vote().get(pk=item.pk)
        assert (state(item), fresh.standing) == (State.ON_AGENDA, ItemStanding.HELD)
        address = reverse("assembly:agenda_item", args=[meeting.pk, item.position])
        client = Client()
        client.force_login(cast.amal)
        shown = client.get(address).content.decode()
        assert "The president releases the results" in shown
        assert 'id="result"' not in shown
    letters = [letter for letter, _user in told(admitted.application)]  # type: ignore[arg-type]
    assert "admitted" not in letters
    with pytest.raises(PermissionDenied):
        actions.release_results(meeting=meeting, **by(cast.dina))
    decided = actions.release_results(meeting=meeting, **by(president))
    assert sorted(a.state for a in decided) == [State.ADMITTED, State.DECLINED, State.DEFERRED]
    assert [state(i) for i in (admitted, declined, deferred)] == [
        State.ADMITTED,
        State.DECLINED,
        State.DEFERRED,
    ]
    with pytest.raises(ValidationError) as again:
        actions.release_results(meeting=meeting, **by(president))
    assert again.value.code == "nothing_held"
    assert verify_audit_log() is None


def test_what_was_withdrawn_meanwhile_is_not_decided(
    cast: Cast, meeting: Meeting, president: User
) -> None:
    hold(meeting, cast)
    contact, other = make_user("contact"), make_user("other")
    gone, there = item_of(meeting, cast, contact), item_of(meeting, cast, other)
    decide(gone, cast, Y)
    decide(there, cast, Y)
    application = Application.objects.get(agenda_items=gone)
    applicants.withdraw_application(application=application, actor=contact)
    actions.release_results(meeting=meeting, **by(president))
    assert (state(gone), state(there)) == (State.WITHDRAWN, State.ADMITTED)


def test_how_results_are_told_is_settled_before_the_first(cast: Cast, meeting: Meeting) -> None:
    item = item_of(meeting, cast, make_user("contact"))
    with pytest.raises(PermissionDenied):
        actions.hold_results(meeting=meeting, holds=True, **by(cast.amal))
    decide(item, cast, Y)
    assert state(item) == State.ADMITTED
    with pytest.raises(ValidationError) as refused:
        hold(meeting, cast)
    assert refused.value.code == "decided"


def test_a_deferral_has_conditions_and_a_way_back(cast: Cast, meeting: Meeting) -> None:
    contact = make_user("contact")
    item = item_of(meeting, cast, contact)
    client = signed_in(cast.dina)
    address = reverse("assembly:decision_terms", args=[meeting.pk, item.position])
    assert client.post(address, {"then": "defer", "seen": "0"}).status_code == 422
    sent = {"then": "defer", "conditions": "With a budget.", "seen": "0"}
    assert client.post(address, sent).status_code == 302
    assert client.post(address, sent).status_code == 409
    application = Application.objects.get(agenda_items=item)
    assert application.state == State.DEFERRED
    client.force_login(contact)
    page = reverse("members:application", args=[application.pk])
    assert "With a budget." in client.get(page).content.decode()
    client.force_login(cast.dina)
    client.post(reverse("members:start_review", args=[application.pk]))
    assert state(item) == State.UNDER_REVIEW


def test_terms_are_told_with_the_decision_alone(cast: Cast, meeting: Meeting) -> None:
    contact = make_user("contact")
    item = item_of(meeting, cast, contact)
    application = Application.objects.get(agenda_items=item)
    kept = prepare(application, cast)
    assert prepare(application, cast) == kept
    with pytest.raises(StaleError):
        prepare(application, cast, reasons="Other.")
    with pytest.raises(PermissionDenied):
        prepare(application, cast, actor=cast.amal)
    client = Client()
    client.force_login(contact)
    page = reverse("members:application", args=[application.pk])
    assert "No budget." not in client.get(page).content.decode()
    decide(item, cast, N)
    shown = client.get(page).content.decode()
    assert "No budget." in shown
    assert "With a budget of its own." not in shown
    with pytest.raises(WrongStateError):
        prepare(application, cast, seen=1, reasons="Later.")


def test_terms_that_were_changed_meanwhile_can_be_kept_after_all(
    cast: Cast, meeting: Meeting
) -> None:
    item = item_of(meeting, cast, make_user("contact"))
    prepare(Application.objects.get(agenda_items=item), cast, not_before=None)
    client = Client()
    client.force_login(cast.dina)
    address = reverse("assembly:decision_terms", args=[meeting.pk, item.position])
    sent = {"conditions": "Typed.", "reasons": "No budget.", "seen": "0"}
    stale = client.post(address, sent)
    assert stale.status_code == 409
    assert [(c.before, c.after) for c in stale.context["changes"]] == [
        ("With a budget of its own.", "Typed.")
    ]
    form = stale.context["form"]
    assert (form["seen"].value(), form["conditions"].value()) == ("1", "Typed.")
    assert client.post(address, {**sent, "seen": form["seen"].value()}).status_code == 302
    kept = DecisionTerms.objects.get()
    assert (kept.version, kept.conditions) == (2, "Typed.")


@pytest.mark.parametrize("same", ["name", "address"])
def test_who_was_declined_does_not_come_back_too_early(
    cast: Cast, meeting: Meeting, same: str
) -> None:
    contact = make_user("contact")
    item = item_of(meeting, cast, contact)
    prepare(Application.objects.get(agenda_items=item), cast)
    decide(item, cast, N)
    again = make_user("another")
    another = {"website": "https://other.example/"} if same == "name" else OTHER_NAME
    fields = FIELDS | another
    draft = applicants.start_application(actor=again)
    applicants.save_application(application=draft, fields=fields, actor=again)
    applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=again
    )
    with pytest.raises(TooEarlyError) as early:
        applicants.submit_application(application=draft, actor=again)
    day = DecisionTerms.objects.get().not_before
    assert day is not None
    assert str(day.year) in early.value.messages[0]
    DecisionTerms.objects.update(not_before=timezone.now().date())
    assert applicants.submit_application(application=draft, actor=again).state == State.SUBMITTED


@pytest.mark.parametrize(
    "other",
    [
        {"website": "https://other.example/"},
        {"website": ""},
        {"country": "GT", "website": FIELDS["website"]},
    ],
)
def test_their_contact_may_apply_for_another_institution(
    cast: Cast, meeting: Meeting, other: dict[str, str]
) -> None:
    contact = make_user("contact")
    item = item_of(meeting, cast, contact)
    Application.objects.filter(agenda_items=item).update(website=other["website"])
    prepare(Application.objects.get(agenda_items=item), cast)
    decide(item, cast, N)
    draft = applicants.start_application(actor=contact)
    fields = FIELDS | {"website": "https://third.example/"} | OTHER_NAME | other
    if "country" not in other:
        fields |= {"website": "https://third.example/" if other["website"] else ""}
    applicants.save_application(application=draft, fields=fields, actor=contact)
    applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )
    submitted = applicants.submit_application(application=draft, actor=contact)
    assert submitted.state == State.SUBMITTED


@pytest.mark.django_db(transaction=True)
def test_two_release_at_once(cast: Cast, meeting: Meeting, president: User) -> None:
    hold(meeting, cast)
    item = item_of(meeting, cast, make_user("contact"))
    decide(item, cast, Y)
    ends = at_once(
        *[lambda: actions.release_results(meeting=meeting, **by(president)) for _each in "12"]
    )
    assert ends == ["done", "nothing_held"]
    application = Application.objects.get(agenda_items=item)
    assert [letter for letter, _user in told(application)].count("admitted") == 1


def test_over_http(cast: Cast, meeting: Meeting, president: User) -> None:
    client = Client()
    item = item_of(meeting, cast, make_user("contact"))
    holding = reverse("assembly:hold_results", args=[meeting.pk])
    releasing = reverse("assembly:release_results", args=[meeting.pk])
    page = reverse("assembly:meeting", args=[meeting.pk])
    client.force_login(cast.amal)
    for address in (holding, releasing):
        assert client.post(address).status_code == 403
    client.force_login(cast.dina)
    client.post(holding, {"holds": "yes"})
    decide(item, cast, Y)
    assert client.post(releasing).status_code == 403
    client = signed_in(president)
    assert releasing in client.get(page).content.decode()
    client.post(releasing)
    assert state(item) == State.ADMITTED
    assert releasing not in client.get(page).content.decode()
