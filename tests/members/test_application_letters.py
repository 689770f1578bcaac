"""Letters: to whom, in which language, after the commit only."""

import logging
from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from members import emails, tasks
from members.actions import applicants
from members.actions.application_requests import request_application
from members.actions.applications import decide_application
from members.actions.decisions import save_terms
from members.actions.people import end_mandate
from members.enums import ApplicationState as State
from members.models import Application, ApplicationEditor, User
from members.tasks_applying import send_applying_letter
from tests.factories import Cast, make_mandate, make_user
from tests.members.applications import EXPLANATION, application_in, jobs, told


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact", language="ar")


def sent(job: dict[str, Any]) -> EmailMultiAlternatives:
    """What goes out for a job."""
    before = len(mail.outbox)
    tasks.send_application_letter(**job)
    assert len(mail.outbox) == before + 1
    message = mail.outbox[-1]
    assert isinstance(message, EmailMultiAlternatives)
    return message


def html_of(message: EmailMultiAlternatives) -> str:
    [(html, kind)] = message.alternatives
    assert kind == "text/html"
    return str(html)


def test_each_reader_is_written_to_in_their_language(cast: Cast, contact: User) -> None:
    bilal = make_user("bilal.secretary", language="fr")
    make_mandate(bilal, cast.qa, "secretariat")
    application_in(State.SUBMITTED, cast, contact)
    arabic, english, french = (sent(job) for job in jobs())
    assert arabic.to == [contact.email]
    assert arabic.subject == "تسلّمنا طلب انضمامكم"
    assert "معهد الشؤون" in arabic.body
    assert '<html lang="ar" dir="rtl">' in html_of(arabic)
    assert english.to == [cast.dina.email]
    assert english.subject == "A membership application was submitted"
    assert '<html lang="en" dir="ltr">' in html_of(english)
    assert french.to == [bilal.email]
    assert '<html lang="fr" dir="ltr">' in html_of(french)
    assert french.subject != english.subject
    assert french.extra_headers["Content-Language"] == "fr"


def test_who_is_declined_reads_from_when_to_try_again(cast: Cast, contact: User) -> None:
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    editor = make_user("editor", language="en")
    application = application_in(State.ON_AGENDA, cast, contact)
    application.editors.create(user=editor)
    save_terms(
        application=application,
        conditions="A budget.",
        reasons="No budget.",
        not_before=date(2031, 3, 7),
        seen=0,
        **by_dina,
    )
    before = len(jobs())
    decide_application(
        application=application, to=State.DECLINED, explanation=EXPLANATION, **by_dina
    )
    arabic, english = (sent(job) for job in jobs()[before:] if "secretariat" not in job["letter"])
    assert "No budget.\n\nيمكن للمؤسسة" in arabic.body
    assert "7 مارس 2031" in arabic.body
    assert "The institution may apply again from 7 March 2031." in english.body
    assert "A budget.\n" not in english.body


@pytest.mark.parametrize("letter", list(emails.LETTERS))
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_every_letter_can_be_written(cast: Cast, contact: User, letter: str, language: str) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    Application.objects.filter(pk=application.pk).update(
        institution_names={"en": "<b>100% Institute</b>"},
        proposed_class="associate",
        proposed_class_reason="It works in one city.",
    )
    reader = cast.dina if letter.startswith(tasks.OF_OFFICE) else contact
    reader.language = language
    reader.save()
    mail.outbox.clear()
    message = sent({"letter": letter, "application_id": application.pk, "user_id": reader.pk})
    assert message.subject
    assert "<b>100% Institute</b>" in message.body
    assert "&lt;b&gt;100% Institute&lt;/b&gt;" in html_of(message)
    assert f"http://testserver/{language}/" in message.body


def test_letter_with_the_question_quotes_it(cast: Cast, contact: User) -> None:
    application_in(State.INFORMATION_REQUESTED, cast, contact)
    message = sent(jobs()[-1])
    assert "Which laws?" in message.body
    assert '<p dir="auto">Which laws?</p>' in html_of(message)


def test_letter_with_the_decision_explains_it_in_the_readers_language(
    cast: Cast, contact: User
) -> None:
    application_in(State.ADMITTED, cast, contact)
    [job] = [job for job in jobs() if job["letter"] == "admitted"]
    assert "12 مؤيدًا: اعتُمد" in sent(job).body


def test_rolled_back_step_sends_nothing(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    before = told(application)
    with transaction.atomic():
        applicants.withdraw_application(application=application, actor=contact)
        assert len(told(application)) == len(before) + 2
        transaction.set_rollback(True)
    assert told(application) == before


def test_person_who_left_gets_no_letter(cast: Cast, contact: User) -> None:
    application_in(State.SUBMITTED, cast, contact)
    contact.is_active = False
    contact.save()
    tasks.send_application_letter(**jobs()[0])
    assert mail.outbox == []


def test_applicant_of_the_secretariat_is_written_to_as_applicant_only(cast: Cast) -> None:
    bilal = make_user("bilal.secretary")
    make_mandate(bilal, cast.qa, "secretariat")
    application = application_in(State.SUBMITTED, cast, bilal)
    assert told(application) == [
        ("submitted", bilal.pk),
        ("secretariat_submitted", cast.dina.pk),
    ]


def test_queue_holds_nothing_personal(cast: Cast, contact: User) -> None:
    application_in(State.INFORMATION_REQUESTED, cast, contact)
    request_application(
        email="new@example.org",
        name="Amal",
        language="ar",
        institution_names={"en": "Institute"},
        country="",
    )
    said = " ".join(str(job.args) for job in ProcrastinateJob.objects.all())
    for secret in ("@", "Amal", "Which laws", "Institute"):
        assert secret not in said


@pytest.mark.django_db(transaction=True)
def test_worker_sends_and_a_mail_server_that_is_away_is_tried_again(
    transactional_db: None, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    cast = Cast()
    contact = make_user("amal.contact", language="fr")
    application = application_in(State.SUBMITTED, cast, contact)

    def away(self: EmailMultiAlternatives, fail_silently: bool = False) -> int:
        raise ConnectionRefusedError(111, "Connection refused")

    with monkeypatch.context() as patch:
        patch.setattr(EmailMultiAlternatives, "send", away)
        work()
    assert mail.outbox == []
    waiting = ProcrastinateJob.objects.filter(args__application_id=application.pk)
    assert {(job.status, job.attempts) for job in waiting} == {("todo", 1)}
    assert len(waiting) == 2
    assert all(job.scheduled_at for job in waiting)
    assert contact.email not in caplog.text


def work() -> None:
    """Run what waits, as the worker process does."""
    with app.replace_connector(app.connector.get_worker_connector()) as worker:  # type: ignore[attr-defined]
        worker.run_worker(
            wait=False, install_signal_handlers=False, listen_notify=False, concurrency=1
        )


def test_start_letter_says_to_sign_in(cast: Cast) -> None:
    tasks.send_start_letter(user_id=cast.chloe.pk)
    [message] = mail.outbox
    assert message.to == [cast.chloe.email]
    assert "http://testserver/en/applications/" in message.body


def gone_out(job: dict[str, Any]) -> int:
    before = len(mail.outbox)
    tasks.send_application_letter(**job)
    return len(mail.outbox) - before


def test_who_left_the_office_meanwhile_is_not_written_to(cast: Cast, contact: User) -> None:
    """Tries go on for two days, and the letter names applications that look alike."""
    other = make_user("bilal.secretary")
    make_mandate(other, cast.qa, "secretariat")
    application_in(State.SUBMITTED, cast, contact)
    _to_contact, to_dina, to_other = jobs()
    assert gone_out(to_dina) == 1
    end_mandate(ending=cast.dina_mandate, actor=other)
    assert (gone_out(to_dina), gone_out(to_other)) == (0, 1)
    make_mandate(cast.dina, cast.qa, "secretariat")
    assert gone_out(to_dina) == 1


def test_nor_who_writes_the_application_by_now(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    _to_contact, to_dina = jobs()
    ApplicationEditor.objects.create(application=application, user=cast.dina)
    assert gone_out(to_dina) == 0


@pytest.mark.parametrize(
    ("letter", "by", "goes"),
    [
        ("secretariat_contact_changed", "office", True),
        ("secretariat_contact_changed", "former", False),
        ("secretariat_contact_changed", "contact", False),
        ("secretariat_information_overdue", "former", False),
        ("information_due", "contact", True),
        ("information_due", "former", False),
        ("editor_joined", "former", False),
        ("editor_removed", "former", True),
        ("contact_given_away", "former", True),
    ],
)
def test_letters_of_who_writes_ask_again_too(
    cast: Cast, contact: User, letter: str, by: str, goes: bool
) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    reader = {"office": cast.dina, "contact": contact, "former": make_user("former")}[by]
    asked = application.open_request if letter.endswith(("due", "overdue")) else None
    before = len(mail.outbox)
    send_applying_letter(
        letter=letter,
        application_id=application.pk,
        user_id=reader.pk,
        about_id=contact.pk,
        request_id=asked.pk if asked else None,
    )
    assert len(mail.outbox) - before == int(goes)
