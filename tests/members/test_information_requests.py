"""What applicants are asked thing by thing, by when, and what their answers changed."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from members import emails, emails_applying
from members.actions import applicants
from members.actions import application_people as people
from members.actions import applications as review
from members.actions.applications import WrongStateError
from members.actions.information_reminders import remind_applicants
from members.emails import rendered
from members.enums import ApplicationState as State
from members.forms.information_requests import QuestionForm
from members.models import Application, ApplicationEditor, InformationRequest, User
from members.tasks_applying import send_applying_letter
from tests.factories import Cast, make_user
from tests.files import upload
from tests.members.applications import FIELDS, application_in

ITEMS = [("aims", "Which courses?"), ("document:other", ""), ("website", "")]
DAY = timedelta(days=1)


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


@pytest.fixture
def asked(cast: Cast, contact: User) -> Application:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    ask(cast, application)
    application.refresh_from_db()
    return application


def ask(cast: Cast, application: Application, days: int = 10) -> InformationRequest:
    return review.request_information(
        application=application,
        question="Please say more.",
        items=ITEMS,
        due_on=timezone.now().date() + days * DAY,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def url(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def letters() -> list[tuple[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_applying_letter").order_by("id")
    return [(job.args["letter"], job.args["user_id"]) for job in jobs]


# --- Asking ---------------------------------------------------------------------------------------


def test_several_things_are_asked_in_one_request(cast: Cast, contact: User) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    day = timezone.now().date() + 5 * DAY
    sent = {
        "question": "Please say more.",
        "due_on": day.isoformat(),
        "item_aims": "on",
        "note_aims": "Which courses?",
        "note_document-other": "The statutes.",  # said, so chosen
    }
    client = as_(cast.dina)
    assert client.post(url("request_information", application.pk), sent).status_code == 302
    request = application.information_requests.get()
    assert request.due_on == day
    assert [(i.about, i.question) for i in request.items.all()] == [
        ("aims", "Which courses?"),
        ("document:other", "The statutes."),
    ]
    again = client.post(url("request_information", application.pk), sent)
    assert again.status_code == 409  # a double click asks once
    assert application.information_requests.count() == 1
    letter = emails.application_letter("information_requested", application, contact, request)
    assert "• Aims: Which courses?" in letter.quote
    assert "To be answered by:" in letter.quote
    page = as_(contact).get(url("application", application.pk)).content.decode()
    for words in ("Please say more.", "Which courses?", "The statutes."):
        assert words in page


@pytest.mark.parametrize("days", [-1, 0, 400])
def test_the_last_day_is_to_come(cast: Cast, contact: User, days: int) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    day = (timezone.now().date() + days * DAY).isoformat()
    sent = {"question": "Why?", "due_on": day, "item_aims": "on"}
    response = as_(cast.dina).post(url("request_information", application.pk), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Choose a day to come" in page
    assert 'name="item_aims"' in page
    assert not application.information_requests.exists()


# --- Answering ------------------------------------------------------------------------------------


def test_each_thing_is_answered_in_words_by_its_document_or_by_correcting_it(
    cast: Cast, contact: User, asked: Application
) -> None:
    aims, document, _website = asked.information_requests.get().items.all()
    client, address = as_(contact), url("answer_application", asked.pk)
    response = client.post(address, {"answer": "Here you are."})
    assert response.status_code == 422
    assert response.content.decode().count("Answer this, or correct it") == 6  # each said twice
    sent = {"version": "1", **{f"name_{k}": v for k, v in FIELDS["institution_names"].items()}}
    sent |= {n: FIELDS[n] for n in ("acronym", "country", "kind", "membership_class")}
    section = url("application_section", asked.pk, "institution")
    saved = client.post(section, {**sent, "website": "https://new.example/"})
    assert saved.status_code == 302
    page = client.get(url("application", asked.pk)).content.decode()
    assert page.count("Changed in the application since it was asked.") == 1
    answers: dict[str, Any] = {
        "answer": "Here you are.",
        f"answer_{aims.pk}": "Of languages.",
        f"answer_{document.pk}": "See the file.",
        f"file_{document.pk}": upload(name="statutes.pdf"),
    }
    assert client.post(address, answers).status_code == 302
    request = asked.information_requests.get()
    assert request.answer == "Here you are."
    assert [i.answer for i in request.items.all()] == ["Of languages.", "See the file.", ""]
    assert asked.documents.get(kind="other").name == "statutes.pdf"
    asked.refresh_from_db()
    assert asked.state == State.UNDER_REVIEW
    page = as_(cast.dina).get(url("application", asked.pk)).content.decode()
    for words in ("Of languages.", "statutes.pdf", "Here you are."):
        assert words in page
    # Asked a second time, and answered.
    ask(cast, asked)
    assert client.post(address, {"answer": "Again."}).status_code == 422
    assert asked.information_requests.count() == 2


@pytest.mark.parametrize("content", [b"", b"<script>1</script>", b"PK\x03\x04" + b"\0" * 99])
def test_a_hostile_file_is_refused_and_the_words_kept(
    contact: User, asked: Application, content: bytes
) -> None:
    aims, document, website = asked.information_requests.get().items.all()
    sent: dict[str, Any] = {
        "answer": "Here.",
        f"answer_{aims.pk}": "Of languages.",
        f"answer_{website.pk}": "We have none.",
        f"file_{document.pk}": upload(content, "statutes.pdf"),
    }
    response = as_(contact).post(url("answer_application", asked.pk), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Of languages." in page
    assert "We have none." in page
    assert not asked.documents.filter(kind="other").exists()
    assert asked.open_request


def test_an_answer_does_not_answer_what_was_asked_meanwhile(
    cast: Cast, contact: User, asked: Application
) -> None:
    read = asked.information_requests.get()
    review.resume_review(application=asked, actor=cast.dina, mandate=cast.dina_mandate)
    ask(cast, asked)
    with pytest.raises(WrongStateError):
        applicants.answer_information_request(
            application=asked, answer="Old.", request=read, actor=contact
        )
    assert Application.objects.get(pk=asked.pk).open_request


# --- Reminders ------------------------------------------------------------------------------------


def on(day: date) -> int:
    return remind_applicants(today=day)


def test_reminders_go_out_once_before_the_last_day_and_once_after_it(
    cast: Cast, contact: User, asked: Application
) -> None:
    editor = make_user("bilal.editor")
    ApplicationEditor.objects.create(application=asked, user=editor)
    due = timezone.now().date() + 10 * DAY
    assert [on(due - 4 * DAY), on(due - 3 * DAY), on(due - 3 * DAY), on(due)] == [0, 1, 0, 0]
    assert letters() == [("information_due", contact.pk), ("information_due", editor.pk)]
    assert [on(due + DAY), on(due + DAY), on(due + 9 * DAY)] == [1, 0, 0]
    assert letters()[2:] == [
        ("information_overdue", contact.pk),
        ("information_overdue", editor.pk),
        ("secretariat_information_overdue", cast.dina.pk),
    ]


def test_the_last_day_ends_with_the_day_of_the_network(
    cast: Cast, asked: Application, settings: Any
) -> None:
    """At 22:30 in UTC it is half past one of the next day in Doha, as its page says."""
    settings.NETWORK_TIME_ZONE = "Asia/Qatar"
    request = asked.information_requests.get()
    due = date(2030, 3, 10)
    InformationRequest.objects.update(due_on=due)
    request.refresh_from_db()

    def takes(day: date) -> bool:
        sent = {"question": "Why?", "due_on": day.isoformat()}
        return QuestionForm(sent, application=asked).is_valid()

    with time_machine.travel("2030-03-10T20:30:00Z", tick=False):
        assert not request.is_overdue
        assert (takes(due), takes(due + DAY)) == (False, True)
        assert remind_applicants() == 1  # before the day is over
    with time_machine.travel("2030-03-10T22:30:00Z", tick=False):
        assert request.is_overdue
        assert (takes(due + DAY), takes(due + 2 * DAY)) == (False, True)
        assert remind_applicants() == 1
        assert [letter for letter, _user in letters()] == [
            "information_due",
            "information_overdue",
            "secretariat_information_overdue",
        ]


def test_nobody_is_reminded_of_what_was_answered_or_withdrawn(
    cast: Cast, contact: User, asked: Application, mailoutbox: Any
) -> None:
    due = timezone.now().date() + 10 * DAY
    request = asked.information_requests.get()
    assert on(due) == 1
    applicants.answer_information_request(application=asked, answer="Here.", actor=contact)
    job = ProcrastinateJob.objects.filter(task_name="members.send_applying_letter").get()
    send_applying_letter(**job.args)  # it waited while the answer came
    assert mailoutbox == []
    assert on(due + DAY) == 0
    ask(cast, asked, days=2)
    applicants.withdraw_application(application=asked, actor=contact)
    assert on(due + DAY) == 0
    assert request.pk


@pytest.mark.parametrize("letter", list(emails_applying.LETTERS))
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_every_letter_is_whole_in_every_language(
    asked: Application, letter: str, language: str
) -> None:
    reader = make_user("reader", language=language)
    request = asked.information_requests.get() if "information" in letter else None
    written = emails_applying.applying_letter(
        letter, asked, reader, about=asked.contact, request=request
    )
    assert "%(" not in rendered(written, "Reader").text
    assert written.subject


# --- Revisions ------------------------------------------------------------------------------------


def test_each_change_after_submission_is_a_revision_that_both_sides_compare(
    cast: Cast, contact: User, asked: Application
) -> None:
    for aims in ("First.", "Second.", "Second."):
        applicants.save_application(application=asked, fields={"aims": aims}, actor=contact)
    revisions = list(asked.revisions.in_order())
    assert [r.number for r in revisions] == [0, 1, 2]
    assert [r.contents["aims"] for r in revisions] == [FIELDS["aims"], "First.", "Second."]
    assert [r.actor for r in revisions] == [contact] * 3
    for user in (contact, cast.dina):
        client = as_(user)
        page = client.get(url("application_revisions", asked.pk)).content.decode()
        assert "To learn." in page
        assert "Second." in page
        assert "First." not in page
        page = client.get(
            url("application_revisions", asked.pk), {"before": "1", "after": "2"}
        ).content.decode()
        assert "First." in page
        for wrong in ({"before": "9", "after": "x"}, {"before": "1"}):
            response = client.get(url("application_revisions", asked.pk), wrong)
            assert response.status_code == 200
    for stranger in (cast.amal, make_user("other")):
        address = url("application_revisions", asked.pk)
        assert as_(stranger).get(address).status_code == 404


def test_what_the_contact_before_said_of_themselves_stays_with_them(
    cast: Cast, contact: User, asked: Application
) -> None:
    editor = make_user("amal.next")
    place = asked.editors.create(user=editor)
    people.transfer_contact(application=asked, to=place, actor=contact)
    fields = {"contact_position": "Deputy", "contact_phone": "+52 55 9999"}
    applicants.save_application(application=asked, fields=fields, actor=editor)
    for user, seen in ((editor, False), (contact, False), (cast.dina, True)):
        page = as_(user).get(url("application_revisions", asked.pk)).content.decode()
        assert (FIELDS["contact_phone"] in page) is seen
        assert "+52 55 9999" in page


def test_a_draft_has_no_revisions(contact: User) -> None:
    draft = applicants.start_application(actor=contact)
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    assert not draft.revisions.exists()
    assert as_(contact).get(url("application_revisions", draft.pk)).status_code == 404


def test_pages_cost_the_same_for_one_thing_and_three(
    cast: Cast, contact: User, asked: Application
) -> None:
    costs = []
    items = asked.information_requests.get().items
    for number in (1, 3):
        items.filter(position__gte=number).delete()
        if number == 3:
            items.all().delete()
            for position, (about, said) in enumerate(ITEMS):
                items.create(position=position, about=about, question=said)
            for aims in ("First.", "Second."):
                applicants.save_application(application=asked, fields={"aims": aims}, actor=contact)
        counted = []
        for user in (contact, cast.dina):
            client = as_(user)
            for name in ("application", "application_revisions"):
                client.get(url(name, asked.pk))
                with CaptureQueriesContext(connection) as queries:
                    client.get(url(name, asked.pk))
                counted.append(len(queries))
        costs.append(counted)
    assert costs[0] == costs[1]
