"""What applicants do: allowed, refused, repeated."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import applicants
from members.actions.applicants import CharterNotSentError, IncompleteError
from members.actions.application_requests import request_application
from members.actions.applications import WrongStateError
from members.enums import APPLICATION_TRANSITIONS, DocumentKind
from members.enums import ApplicationState as State
from members.models import Application, ApplicationDocument, InformationRequest, Invitation, User
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast, make_user
from tests.files import PDF
from tests.members.applications import FIELDS, application_in, checked, send_the_charter, told


@pytest.fixture
def contact(cast: Cast) -> User:
    """A person without a mandate, who applies."""
    return make_user("amal.contact", language="ar")


def acts(application: Application) -> list[str]:
    return [e.act for e in AuditEntry.objects.about(application).order_by("number")]


def test_draft_is_saved_incomplete_and_again(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    fields = {**FIELDS, "aims": "", "country": ""}
    applicants.save_application(application=draft, fields=fields, actor=contact)
    applicants.save_application(application=draft, fields=fields, actor=contact)
    draft.refresh_from_db()
    assert draft.institution_names == FIELDS["institution_names"]
    assert draft.missing() == ["country", "aims", "credentials"]
    assert acts(draft) == ["application.started", "application.saved"]


def test_what_a_draft_says_is_not_in_the_log(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    entry = AuditEntry.objects.about(draft)[0]
    assert entry.after == {"changed": sorted(FIELDS.keys())}


def test_corrections_after_submission_are_in_the_log_but_nothing_personal(
    cast: Cast, contact: User
) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    applicants.save_application(
        application=application,
        fields={"aims": "To teach.", "contact_phone": "+1"},
        actor=contact,
    )
    entry = AuditEntry.objects.about(application)[0]
    assert entry.before == {"aims": FIELDS["aims"]}
    assert entry.after == {"changed": ["aims", "contact_phone"], "aims": "To teach."}


def test_start_takes_up_an_empty_draft(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    assert applicants.start_application(actor=contact) == draft
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    assert applicants.start_application(actor=contact) != draft


@pytest.mark.parametrize(
    ("field", "missing"),
    [
        ({"institution_names": {}}, "institution_names"),
        ({"country": ""}, "country"),
        ({"kind": ""}, "kind"),
        ({"membership_class": ""}, "membership_class"),
        ({"aims": " "}, "aims"),
        ({"contact_position": ""}, "contact_position"),
        ({"letter_text": ""}, "letter_text"),
    ],
)
def test_incomplete_application_is_not_submitted(
    contact: User, field: dict[str, Any], missing: str
) -> None:
    draft = applicants.start_application(actor=contact)
    applicants.save_application(application=draft, fields={**FIELDS, **field}, actor=contact)
    applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )
    with pytest.raises(IncompleteError) as refusal:
        applicants.submit_application(application=draft, actor=contact)
    assert refusal.value.missing == [missing]
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    assert told(draft) == []


def test_letter_may_be_a_file_and_an_international_body_has_no_country(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    fields = {**FIELDS, "letter_text": "", "country": "", "kind": "international"}
    applicants.save_application(application=draft, fields=fields, actor=contact)
    for kind in (DocumentKind.LETTER_OF_INTENT, DocumentKind.CREDENTIALS):
        applicants.add_document(application=draft, kind=kind, upload=checked(), actor=contact)
    submitted = applicants.submit_application(application=draft, actor=contact)
    assert submitted.state == State.SUBMITTED
    assert submitted.submitted_at


def test_submission_is_told_to_the_applicant_and_the_secretariat_once(
    cast: Cast, contact: User
) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    letters = [("submitted", contact.pk), ("secretariat_submitted", cast.dina.pk)]
    assert told(application) == letters
    with pytest.raises(WrongStateError):
        applicants.submit_application(application=application, actor=contact)
    assert told(application) == letters
    assert acts(application)[-1] == "application.submitted"


@pytest.mark.parametrize("state", [s for s in State if s not in ("draft", "information_requested")])
def test_nothing_is_changed_once_it_is_out_of_hand(cast: Cast, contact: User, state: State) -> None:
    application = application_in(state, cast, contact)
    document = application.documents.filter(kind=DocumentKind.CREDENTIALS).get()
    with pytest.raises(WrongStateError):
        applicants.save_application(application=application, fields={"aims": "x"}, actor=contact)
    with pytest.raises(WrongStateError):
        applicants.add_document(
            application=application, kind=DocumentKind.OTHER, upload=checked(), actor=contact
        )
    with pytest.raises(WrongStateError):
        applicants.remove_document(document=document, actor=contact)
    assert application.documents.filter(pk=document.pk).exists()


def test_documents_are_added_once_and_removed_once(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    add = {"application": draft, "kind": DocumentKind.CREDENTIALS, "actor": contact}
    first = applicants.add_document(upload=checked(), **add)
    assert applicants.add_document(upload=checked(), **add) == first
    other = applicants.add_document(upload=checked(PDF + b"2"), **add)
    applicants.remove_document(document=first, actor=contact)
    applicants.remove_document(document=first, actor=contact)
    assert list(draft.documents.all()) == [other]
    assert acts(draft).count("application.document_removed") == 1


def test_documents_are_not_without_number(contact: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(applicants, "MAX_DOCUMENTS", 1)
    draft = applicants.start_application(actor=contact)
    add = {"application": draft, "kind": DocumentKind.OTHER, "actor": contact}
    applicants.add_document(upload=checked(), **add)
    with pytest.raises(ValidationError, match="at most 1"):
        applicants.add_document(upload=checked(PDF + b"2"), **add)


def test_signed_charter_does_not_come_by_the_back_door(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    with pytest.raises(PermissionDenied):
        applicants.add_document(
            application=draft, kind="signed_charter", upload=checked(), actor=contact
        )


def test_answer_closes_the_request_with_its_file(cast: Cast, contact: User) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    before = len(told(application))
    answered = applicants.answer_information_request(
        application=application,
        answer="The law of 1990.",
        upload=checked(PDF + b"law"),
        actor=contact,
    )
    assert answered.state == State.UNDER_REVIEW
    request = InformationRequest.objects.get()
    assert (request.answer, bool(request.answered_at)) == ("The law of 1990.", True)
    assert application.documents.filter(kind=DocumentKind.OTHER).count() == 1
    assert told(application)[before:] == [("secretariat_information_given", cast.dina.pk)]
    assert acts(application)[-1] == "application.information_given"
    with pytest.raises(WrongStateError):
        applicants.answer_information_request(
            application=application, answer="Again", actor=contact
        )
    assert len(told(application)) == before + 1


@pytest.mark.parametrize("state", list(State))
def test_withdrawal_is_possible_until_it_is_over(cast: Cast, contact: User, state: State) -> None:
    application = application_in(state, cast, contact)
    letters = len(told(application))
    if State.WITHDRAWN not in APPLICATION_TRANSITIONS[state]:
        with pytest.raises(WrongStateError):
            applicants.withdraw_application(application=application, actor=contact)
        return
    assert state not in (State.DECLINED, State.ACTIVE, State.WITHDRAWN, State.LAPSED)
    withdrawn = applicants.withdraw_application(
        application=application, reason="No money.", actor=contact
    )
    assert (withdrawn.state, withdrawn.ended_because) == (State.WITHDRAWN, "No money.")
    expected = [("withdrawn", contact.pk), ("secretariat_withdrawn", cast.dina.pk)]
    assert told(application)[letters:] == ([] if state == State.DRAFT else expected)


def test_charter_is_handed_in_once_after_admission(cast: Cast, contact: User) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    assert told(application)[-2:] == [
        ("admitted", contact.pk),
        ("secretariat_admitted", cast.dina.pk),
    ]
    letters = len(told(application))
    with pytest.raises(CharterNotSentError):
        applicants.hand_in_charter(application=application, upload=checked(), actor=contact)
    assert not application.documents.filter(kind=DocumentKind.SIGNED_CHARTER).exists()
    send_the_charter(application, cast)
    hand_in: Callable[[], Application] = lambda: applicants.hand_in_charter(  # noqa: E731
        application=application, upload=checked(PDF + b"charter"), actor=contact
    )
    assert hand_in().state == State.CHARTER_SIGNED
    with pytest.raises(WrongStateError):
        hand_in()
    assert application.documents.filter(kind=DocumentKind.SIGNED_CHARTER).count() == 1
    assert told(application)[letters:] == [
        ("charter_signed", contact.pk),
        ("secretariat_charter_signed", cast.dina.pk),
    ]


@pytest.mark.parametrize("name", ["chloe", "dina"])
def test_nobody_but_the_contact_acts_for_the_applicant(
    cast: Cast, contact: User, name: str
) -> None:
    actor = getattr(cast, name)
    draft = application_in(State.DRAFT, cast, contact)
    asked = application_in(State.INFORMATION_REQUESTED, cast, contact)
    admitted = application_in(State.ADMITTED, cast, contact)
    document = ApplicationDocument.objects.filter(application=asked).get()
    refused: list[Callable[[], object]] = [
        lambda: applicants.save_application(application=draft, fields=FIELDS, actor=actor),
        lambda: applicants.add_document(
            application=draft, kind=DocumentKind.OTHER, upload=checked(), actor=actor
        ),
        lambda: applicants.remove_document(document=document, actor=actor),
        lambda: applicants.submit_application(application=draft, actor=actor),
        lambda: applicants.answer_information_request(application=asked, answer="x", actor=actor),
        lambda: applicants.withdraw_application(application=asked, actor=actor),
        lambda: applicants.hand_in_charter(application=admitted, upload=checked(), actor=actor),
    ]
    for act in refused:
        with pytest.raises(PermissionDenied):
            act()


@pytest.mark.django_db(transaction=True)
def test_parallel_submission_happens_once(transactional_db: None) -> None:
    cast = Cast()
    contact = make_user("amal.contact")
    draft = applicants.start_application(actor=contact)
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )
    outcomes: list[str] = []

    def submit() -> None:
        try:
            applicants.submit_application(application=draft, actor=contact)
            outcomes.append("submitted")
        except WrongStateError:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=submit) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["refused"] * 5 + ["submitted"]
    assert told(draft) == [("submitted", contact.pk), ("secretariat_submitted", cast.dina.pk)]
    assert acts(draft).count("application.submitted") == 1
    assert verify_audit_log() is None


def ask(email: str = "new@example.org", **changes: Any) -> None:
    request_application(
        **{
            "email": email,
            "name": "Amal",
            "language": "ar",
            "institution_names": {"en": "Institute"},
            "country": "MX",
            **changes,
        }
    )


def waiting(task: str) -> int:
    return ProcrastinateJob.objects.filter(task_name=task, status="todo").count()


def test_unknown_address_gets_a_draft_and_a_link(db: None) -> None:
    ask("New@Example.org")
    invitation = Invitation.objects.get()
    assert (invitation.email, invitation.language) == ("new@example.org", "ar")
    assert invitation.application is not None
    assert invitation.application.contact is None
    assert invitation.application.institution_names == {"en": "Institute"}
    assert waiting("members.send_invitation") == 1


def test_asked_again_it_is_the_same_draft_and_the_same_link_once_more(db: None) -> None:
    ask()
    ask(institution_names={"en": "Institute of Matters"})
    assert Application.objects.get().institution_names == {"en": "Institute of Matters"}
    assert Invitation.objects.count() == 1
    assert waiting("members.send_invitation") == 2


def test_known_address_is_told_to_sign_in_and_nothing_is_begun(cast: Cast) -> None:
    ask("Chloe@example.org")
    assert not Application.objects.exists()
    assert not Invitation.objects.exists()
    assert waiting("members.send_start_letter") == 1
