"""Pages about applications: who sees them, what is refused, and that nothing typed is lost."""

import re
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core.cache import cache
from django.db import connection
from django.http import StreamingHttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import applicants
from members.actions import applications as actions
from members.enums import ApplicationState as State
from members.enums import DocumentKind, QueueTab
from members.models import Application, Invitation, User
from tests.factories import Cast, make_user, signed_in
from tests.files import PDF, image, upload
from tests.members.applications import application_in, checked, send_the_charter, told

TYPED = {"aims": "To learn.", "letter_text": "We ask to join."}
START = {
    "name": "Amal",
    "email": "new@example.org",
    "language": "ar",
    "name_en": "Institute",
    "country": "MX",
}


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture(autouse=True)
def english() -> Any:
    cache.clear()
    with override("en"):
        yield
    cache.clear()


def as_(user: User) -> Client:
    return signed_in(user)


def url(name: str, *args: int) -> str:
    return reverse(f"members:{name}", args=args)


# --- Asking to apply ----------------------------------------------------------------------------


def test_apply_answers_known_and_unknown_addresses_alike(cast: Cast, client: Client) -> None:
    pages = []
    for email in ("new@example.org", "chloe@example.org"):
        response = client.post(url("apply"), {**START, "email": email}, follow=True)
        assert response.redirect_chain == [(url("apply_sent"), 302)]
        pages.append(re.sub(rb'name="csrfmiddlewaretoken" value="[^"]+"', b"", response.content))
    assert pages[0] == pages[1]
    assert Invitation.objects.count() == 1


def test_apply_keeps_what_was_typed(client: Client, db: None) -> None:
    response = client.post(url("apply"), {**START, "name_en": "", "email": "no address"})
    assert response.status_code == 422
    page = response.content.decode()
    assert "no address" in page
    assert "Give the name of the institution in one language at least." in page
    assert not Application.objects.exists()


@pytest.mark.usefixtures("one_moment")
def test_apply_is_limited_by_network_and_says_so(client: Client, db: None) -> None:
    for number in range(20):
        assert (
            client.post(url("apply"), {**START, "email": f"n{number}@example.org"}).status_code
            == 302
        )
    response = client.post(url("apply"), START)
    assert response.status_code == 429
    assert "new@example.org" in response.content.decode()


def test_one_mailbox_gets_few_letters_and_nobody_is_told(client: Client, db: None) -> None:
    for _ in range(8):
        assert client.post(url("apply"), START).status_code == 302
    assert ProcrastinateJob.objects.filter(task_name="members.send_invitation").count() == 5


def test_signed_in_person_starts_at_once(contact: User) -> None:
    client = as_(contact)
    assert url("start_application") in client.get(url("apply")).content.decode()
    response = client.post(url("start_application"))
    draft = Application.objects.get()
    assert response["Location"] == url("application_form", draft.pk)


# --- Who sees what ------------------------------------------------------------------------------


@pytest.mark.parametrize("state", list(State))
def test_application_is_seen_by_its_contact_and_after_submission_by_the_secretariat(
    cast: Cast, contact: User, state: State
) -> None:
    application = application_in(state, cast, contact)
    page = url("application", application.pk)
    assert as_(contact).get(page, follow=True).status_code == 200
    assert as_(cast.chloe).get(page).status_code == 404
    seen = application.submitted_at is not None
    assert as_(cast.dina).get(page).status_code == (200 if seen else 404)
    assert Client().get(page).status_code == 302
    assert as_(cast.chloe).get(url("application", 999_999)).status_code == 404


POSTS = [
    "answer_application",
    "hand_in_charter",
    "withdraw_application",
    "start_review",
    "request_information",
    "recommend_application",
    "activate_application",
]


@pytest.mark.parametrize("name", POSTS)
def test_strangers_find_no_door(cast: Cast, contact: User, name: str) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    assert as_(cast.chloe).post(url(name, application.pk), TYPED).status_code == 404
    assert Client().post(url(name, application.pk), TYPED).status_code == 302
    application.refresh_from_db()
    assert application.state == State.UNDER_REVIEW


@pytest.mark.parametrize("name", POSTS)
def test_nobody_uses_the_other_sides_door(cast: Cast, contact: User, name: str) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    wrong = cast.dina if name in POSTS[:3] else contact
    assert as_(wrong).post(url(name, application.pk), TYPED).status_code == 403


def test_secretariat_as_contact_sees_its_own_as_applicant(cast: Cast) -> None:
    application = application_in(State.SUBMITTED, cast, cast.dina)
    client = as_(cast.dina)
    page = client.get(url("application", application.pk)).content.decode()
    assert url("start_review", application.pk) not in page
    assert client.post(url("start_review", application.pk)).status_code == 403


async def body(response: StreamingHttpResponse) -> bytes:
    return b"".join([chunk async for chunk in response])


def test_document_is_for_the_contact_and_the_secretariat(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    draft = application_in(State.DRAFT, cast, contact)
    document = application.documents.get()
    page = url("application_document", application.pk, document.pk)
    for reader in (contact, cast.dina):
        response = as_(reader).get(page)
        assert response.status_code == 200
        assert response["Content-Disposition"] == 'attachment; filename="file.pdf"'
        assert response["X-Content-Type-Options"] == "nosniff"
        assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
        assert "no-store" in response["Cache-Control"]
        assert isinstance(response, StreamingHttpResponse)
        assert async_to_sync(body)(response) == PDF
    assert as_(cast.chloe).get(page).status_code == 404
    assert Client().get(page).status_code == 302
    other = url("application_document", draft.pk, document.pk)
    assert as_(contact).get(other).status_code == 404


def test_document_of_a_draft_is_not_the_secretariats(cast: Cast, contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    document = applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )
    page = url("application_document", draft.pk, document.pk)
    assert as_(cast.dina).get(page).status_code == 404


# --- The applicant's steps ----------------------------------------------------------------------


def test_answer_with_a_file(cast: Cast, contact: User) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    client = as_(contact)
    page = client.get(url("application", application.pk)).content.decode()
    assert "Which laws?" in page
    refused = client.post(
        url("answer_application", application.pk),
        {"answer": "The law of 1990.", "file": upload(b"<html>", "a.pdf")},
    )
    assert refused.status_code == 422
    assert "The law of 1990." in refused.content.decode()
    response = client.post(
        url("answer_application", application.pk),
        {"answer": "The law of 1990.", "file": upload(image(), "scan.png")},
    )
    assert response["Location"] == url("application", application.pk)
    application.refresh_from_db()
    assert application.state == State.UNDER_REVIEW
    again = client.post(url("answer_application", application.pk), {"answer": "Twice typed."})
    assert again.status_code == 409
    assert "Twice typed." in again.content.decode()


def test_withdrawal_is_asked_once_more(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    client = as_(contact)
    page = url("withdraw_application", application.pk)
    assert client.get(page).status_code == 200
    application.refresh_from_db()
    assert application.state == State.SUBMITTED
    assert client.post(page).status_code == 302
    application.refresh_from_db()
    assert application.state == State.WITHDRAWN
    letters = told(application)
    repeated = client.post(page, follow=True)
    assert "This cannot be done now" in repeated.content.decode()
    assert told(application) == letters


def test_charter_is_sent(cast: Cast, contact: User) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    client = as_(contact)
    assert client.post(url("hand_in_charter", application.pk)).status_code == 422
    early = client.post(
        url("hand_in_charter", application.pk), {"charter": upload(PDF + b"signed")}
    )
    assert early.status_code == 409
    assert "has not sent you the charter yet" in early.content.decode()
    assert "There is nothing to do until then." in early.content.decode()
    assert 'name="charter"' not in early.content.decode()
    send_the_charter(application, cast)
    assert 'name="charter"' in client.get(url("application", application.pk)).content.decode()
    response = client.post(
        url("hand_in_charter", application.pk), {"charter": upload(PDF + b"signed")}
    )
    assert response.status_code == 302
    application.refresh_from_db()
    assert application.state == State.CHARTER_SIGNED


# --- The secretariat ----------------------------------------------------------------------------


def test_who_is_admitted_waits_for_the_secretariat_until_the_charter_is_sent(
    cast: Cast, contact: User
) -> None:
    client = as_(cast.dina)

    def stands() -> tuple[list[int], bool]:
        """The counts of the tabs, and whether the desk asks for the charter."""
        tabs = client.get(url("application_list")).context["tabs"]
        page = client.get(reverse("portal:home")).content.decode()
        return [tab["count"] for tab in tabs], "waits for the charter to be sent" in page

    application = application_in(State.ADMITTED, cast, contact)
    assert stands() == ([1, 0, 0, 0], True)
    assert application.name.text in client.get(url("application_list")).content.decode()
    send_the_charter(application, cast)
    send_the_charter(application, cast)
    assert stands() == ([0, 1, 0, 0], False)
    listed = client.get(url("application_list"), {"tab": "applicant"}).context["page"]
    assert [each.pk for each in listed] == [application.pk]


def test_queue_counts_and_divides(cast: Cast, contact: User) -> None:
    for state in (State.SUBMITTED, State.INFORMATION_REQUESTED, State.RECOMMENDED, State.DRAFT):
        application_in(state, cast, contact)
    client = as_(cast.dina)
    response = client.get(url("application_list"))
    assert [(str(t["label"]), t["count"]) for t in response.context["tabs"]] == [
        (str(QueueTab.TO_DO.label), 1),
        (str(QueueTab.APPLICANT.label), 1),
        (str(QueueTab.ASSEMBLY.label), 1),
        (str(QueueTab.CLOSED.label), 0),
    ]
    assert [a.state for a in response.context["page"]] == [State.SUBMITTED]
    response = client.get(url("application_list"), {"tab": "assembly"})
    assert [a.state for a in response.context["page"]] == [State.RECOMMENDED]
    assert client.get(url("application_list"), {"tab": "x", "page": "y"}).status_code == 200


def queries_of(client: Client, page: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(page).status_code == 200
    return len(captured)


@pytest.mark.parametrize("who", ["contact", "dina"])
def test_lists_cost_the_same_for_one_and_three(cast: Cast, contact: User, who: str) -> None:
    client = as_(contact if who == "contact" else cast.dina)
    application_in(State.SUBMITTED, cast, contact)
    one = queries_of(client, url("application_list"))
    for _ in range(2):
        application_in(State.SUBMITTED, cast, contact)
    assert queries_of(client, url("application_list")) == one


@pytest.mark.parametrize("who", ["contact", "dina"])
def test_dossier_costs_the_same_for_one_and_three(cast: Cast, contact: User, who: str) -> None:
    client = as_(contact if who == "contact" else cast.dina)
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    applicants.answer_information_request(application=application, answer="1", actor=contact)
    one = queries_of(client, url("application", application.pk))
    for number in range(2):
        actions.request_information(
            application=application,
            question="More?",
            actor=cast.dina,
            mandate=cast.dina_mandate,
        )
        applicants.add_document(
            application=application,
            kind=DocumentKind.OTHER,
            upload=checked(PDF + bytes([48 + number])),
            actor=contact,
        )
        applicants.answer_information_request(application=application, answer="2", actor=contact)
    assert queries_of(client, url("application", application.pk)) == one


def test_review_from_queue_to_recommendation(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    client = as_(cast.dina)
    page = client.get(url("application", application.pk)).content.decode()
    assert "Institute of Matters" in page
    assert "معهد الشؤون" in page
    assert client.post(url("start_review", application.pk)).status_code == 302
    twice = client.post(url("start_review", application.pk), follow=True)
    assert "This cannot be done now" in twice.content.decode()
    assert client.post(url("request_information", application.pk)).status_code == 422
    client.post(url("request_information", application.pk), {"question": "Which laws?"})
    overtaken = client.post(
        url("request_information", application.pk), {"question": "Typed at the same time."}
    )
    assert overtaken.status_code == 409
    assert "Typed at the same time." in overtaken.content.decode()
    applicants.answer_information_request(application=application, answer="All.", actor=contact)
    refused = client.post(url("recommend_application", application.pk), {"reasons": "It fits."})
    assert refused.status_code == 422
    assert "It fits." in refused.content.decode()
    response = client.post(
        url("recommend_application", application.pk),
        {"favourable": "yes", "reasons": "It fits.", "incomplete_because": "By post."},
    )
    assert response.status_code == 302
    application.refresh_from_db()
    assert (application.state, application.recommendation) == (State.RECOMMENDED, "It fits.")
    applicant_page = as_(contact).get(url("application", application.pk)).content.decode()
    assert "It fits." not in applicant_page


def test_activation_from_the_dossier(cast: Cast, contact: User) -> None:
    application = application_in(State.CHARTER_SIGNED, cast, contact)
    client = as_(cast.dina)
    page = client.get(url("application", application.pk)).content.decode()
    assert url("activate_application", application.pk) in page
    assert client.post(url("activate_application", application.pk)).status_code == 302
    application.refresh_from_db()
    assert application.state == State.ACTIVE
    letters = told(application)
    assert client.post(url("activate_application", application.pk)).status_code == 302
    assert told(application) == letters


def test_pages_need_the_right_method(cast: Cast, contact: User) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    for name in POSTS[4:]:
        assert as_(cast.dina).get(url(name, application.pk)).status_code == 405


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("state", list(State))
def test_pages_can_be_read_in_every_language(
    cast: Cast, contact: User, language: str, state: State
) -> None:
    application = application_in(state, cast, contact)
    with override(language):
        page = url("application", application.pk)
        for reader in (contact, cast.dina):
            response = as_(reader).get(page, follow=True)
            assert response.status_code == 200 or reader == cast.dina
            assert response["Content-Language"] == language
