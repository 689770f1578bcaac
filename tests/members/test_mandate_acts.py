"""A mandate between its beginning and its end: letters, suspension, its last day."""

from datetime import timedelta
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members import emails_mandates
from members.actions.mandates import (
    record_letters,
    reinstate_mandate,
    suspend_mandate,
    take_end_off,
)
from members.actions.people import LastOfItsKindError, end_mandate
from members.enums import Capacity
from members.models import AppointmentLetter, Mandate, User
from members.permissions import running_mandates
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.files import PDF, upload

WHY = "Called back by the ministry"


@pytest.fixture
def focal(cast: Cast) -> User:
    user = make_user("focal")
    make_mandate(user, cast.kr, Capacity.FOCAL_POINT)
    return user


@pytest.fixture
def adviser(cast: Cast) -> Mandate:
    return make_mandate(make_user("adviser"), cast.kr, Capacity.ADVISER)


def letter(name: str = "letter.pdf", content: bytes = PDF) -> Any:
    sent: Any = upload(content, name)
    sent.checked_type = "application/pdf"
    return sent


def whole(answer: Any) -> bytes:
    async def read() -> bytes:
        return b"".join([chunk async for chunk in answer.streaming_content])

    return async_to_sync(read)()


def acts() -> list[str]:
    return [entry.act for entry in AuditEntry.objects.order_by("number")]


# --- Suspension -----------------------------------------------------------------------------------


def test_a_suspended_mandate_carries_no_rights_until_it_is_reinstated(
    cast: Cast, focal: User
) -> None:
    for _twice in range(2):
        suspend_mandate(suspending=cast.amal_mandate, reason=WHY, actor=focal)
    assert running_mandates(cast.amal) == []
    for _twice in range(2):
        reinstate_mandate(suspended=cast.amal_mandate, actor=focal)
    assert running_mandates(cast.amal) == [cast.amal_mandate]
    assert acts() == ["mandate.suspended", "mandate.reinstated"]
    assert WHY not in str(AuditEntry.objects.get(act="mandate.suspended").after)


def test_others_and_oneself_may_not_suspend(cast: Cast, adviser: Mandate) -> None:
    for actor in (cast.bilal, cast.chloe, adviser.user):
        with pytest.raises(PermissionDenied):
            suspend_mandate(suspending=cast.amal_mandate, reason=WHY, actor=actor)
    with pytest.raises(PermissionDenied):
        suspend_mandate(suspending=cast.amal_mandate, reason=WHY, actor=cast.amal)
    with pytest.raises(PermissionDenied):
        suspend_mandate(suspending=adviser, reason="", actor=cast.amal)
    with pytest.raises(PermissionDenied):
        suspend_mandate(suspending=cast.dina_mandate, reason=WHY, actor=cast.amal)
    assert acts() == []


def test_the_last_focal_point_and_the_last_of_the_office_are_not_suspended(
    cast: Cast, focal: User
) -> None:
    held = focal.mandates.get()
    with pytest.raises(LastOfItsKindError):
        suspend_mandate(suspending=held, reason=WHY, actor=cast.amal)
    suspend_mandate(suspending=held, reason=WHY, actor=cast.dina)
    other = make_mandate(make_user("deputy"), cast.qa, Capacity.SECRETARIAT)
    suspend_mandate(suspending=other, reason=WHY, actor=cast.dina)
    with pytest.raises(PermissionDenied):
        suspend_mandate(suspending=cast.dina_mandate, reason=WHY, actor=other.user)


def test_what_has_ended_is_not_suspended(cast: Cast, adviser: Mandate) -> None:
    end_mandate(ending=adviser, actor=cast.amal)
    suspend_mandate(suspending=adviser, reason=WHY, actor=cast.amal)
    adviser.refresh_from_db()
    assert adviser.suspended_at is None


def test_its_holder_is_told_why_and_of_the_reinstatement(cast: Cast, adviser: Mandate) -> None:
    suspend_mandate(suspending=adviser, reason=WHY, actor=cast.amal)
    emails_mandates.send_mandate_letter.func(letter="suspended", mandate_id=adviser.pk)
    [told] = mail.outbox
    assert told.to == [adviser.user.email]
    assert WHY in str(told.body)
    emails_mandates.send_mandate_letter.func(letter="reinstated", mandate_id=adviser.pk)
    assert len(mail.outbox) == 1
    reinstate_mandate(suspended=adviser, actor=cast.amal)
    emails_mandates.send_mandate_letter.func(letter="suspended", mandate_id=adviser.pk)
    emails_mandates.send_mandate_letter.func(letter="reinstated", mandate_id=adviser.pk)
    assert [str(m.subject) for m in mail.outbox] == [
        "Your mandate is suspended",
        "Your mandate is reinstated",
    ]


def waiting_letters() -> list[tuple[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_mandate_letter").order_by("id")
    return [(job.args["letter"], job.args["mandate_id"]) for job in jobs]


@pytest.mark.parametrize(
    ("language", "subject"),
    [
        ("en", "Your mandate has ended"),
        ("fr", "Votre mandat a pris fin"),
        ("ar", "انتهى تفويضك"),
    ],
)
def test_its_holder_is_told_of_the_end_and_why(
    cast: Cast, adviser: Mandate, language: str, subject: str
) -> None:
    User.objects.filter(pk=adviser.user_id).update(language=language)
    for _twice in range(2):
        end_mandate(ending=adviser, actor=cast.amal, reason=WHY)
    assert waiting_letters() == [("ended", adviser.pk)]
    emails_mandates.send_mandate_letter.func(letter="ended", mandate_id=adviser.pk)
    [told] = mail.outbox
    assert (told.to, str(told.subject)) == ([adviser.user.email], subject)
    assert WHY in str(told.body)


def test_without_a_reason_the_letter_names_the_day_alone(cast: Cast, adviser: Mandate) -> None:
    day = timezone.now() + timedelta(days=30)
    end_mandate(ending=adviser, actor=cast.amal, at=day)
    emails_mandates.send_mandate_letter.func(letter="ended", mandate_id=adviser.pk)
    assert mail.outbox == []
    emails_mandates.send_mandate_letter.func(letter="end_settled", mandate_id=adviser.pk)
    [told] = mail.outbox
    assert str(told.subject) == "The last day of your mandate is settled"
    assert str(day.year) in str(told.body)
    assert "The reason:" not in str(told.body)
    take_end_off(ending=adviser, actor=cast.amal)
    emails_mandates.send_mandate_letter.func(letter="end_settled", mandate_id=adviser.pk)
    assert len(mail.outbox) == 1


def test_who_ends_their_own_is_not_told(cast: Cast) -> None:
    end_mandate(ending=cast.amal_mandate, actor=cast.amal)
    assert waiting_letters() == []


def test_the_page_asks_for_a_reason(cast: Cast, adviser: Mandate) -> None:
    client = signed_in(cast.amal)
    url = reverse("members:suspend_mandate", args=[adviser.pk])
    assert client.post(url, {"reason": " \u202e "}).status_code == 422
    answer = client.post(url, {"reason": WHY})
    shown = reverse("members:mandate", args=[adviser.pk])
    assert (answer.status_code, answer["Location"]) == (302, shown)
    assert WHY in client.get(shown).content.decode()
    assert (
        "suspended" in client.get(reverse("members:delegation", args=[cast.kr.pk])).content.decode()
    )
    answer = client.post(reverse("members:reinstate_mandate", args=[adviser.pk]))
    assert (answer.status_code, answer["Location"]) == (302, shown)
    assert WHY not in client.get(shown).content.decode()


def test_its_holder_reads_why_and_others_do_not(cast: Cast, adviser: Mandate) -> None:
    suspend_mandate(suspending=adviser, reason=WHY, actor=cast.amal)
    url = reverse("members:mandate", args=[adviser.pk])
    assert WHY in signed_in(adviser.user).get(url).content.decode()
    colleague = make_mandate(make_user("colleague"), cast.kr, Capacity.DELEGATE).user
    for reader in (colleague, cast.bilal, cast.chloe):
        assert signed_in(reader).get(url).status_code == 404


# --- The last day ---------------------------------------------------------------------------------


def test_a_last_day_is_taken_off(cast: Cast, adviser: Mandate) -> None:
    end_mandate(ending=adviser, actor=cast.amal, at=timezone.now() + timedelta(days=9))
    for _twice in range(2):
        take_end_off(ending=adviser, actor=cast.amal)
    adviser.refresh_from_db()
    assert adviser.ends_at is None
    assert acts() == ["mandate.end_settled"] * 2
    assert AuditEntry.objects.order_by("number")[1].after["ends_on"] is None
    with pytest.raises(PermissionDenied):
        take_end_off(ending=adviser, actor=cast.bilal)


def test_what_has_ended_stays_ended(cast: Cast, adviser: Mandate) -> None:
    end_mandate(ending=adviser, actor=cast.amal)
    take_end_off(ending=adviser, actor=cast.amal)
    adviser.refresh_from_db()
    assert adviser.is_ended


def test_the_page_takes_a_last_day_off_where_there_is_one(cast: Cast, adviser: Mandate) -> None:
    client = signed_in(cast.amal)
    url = reverse("members:end_mandate", args=[adviser.pk])
    assert client.post(url, {"when": "never"}).status_code == 422
    end_mandate(ending=adviser, actor=cast.amal, at=timezone.now() + timedelta(days=9))
    assert client.post(url, {"when": "never"}).status_code == 302
    adviser.refresh_from_db()
    assert adviser.ends_at is None


# --- Letters of appointment -----------------------------------------------------------------------


def test_letters_are_put_on_record_once(cast: Cast, adviser: Mandate) -> None:
    for _twice in range(2):
        [kept] = record_letters(of=adviser, uploads=[letter()], actor=cast.amal)
    assert AppointmentLetter.objects.get() == kept
    entry = AuditEntry.objects.get(act="mandate.letter_recorded")
    assert entry.after["sha256"] == kept.file.sha256
    assert "letter.pdf" not in str(entry.after)
    for actor in (cast.bilal, adviser.user):
        with pytest.raises(PermissionDenied):
            record_letters(of=adviser, uploads=[letter()], actor=actor)


def test_there_are_not_too_many(cast: Cast, adviser: Mandate) -> None:
    several = [letter(content=PDF + bytes([48 + number])) for number in range(6)]
    record_letters(of=adviser, uploads=several[:5], actor=cast.amal)
    with pytest.raises(ValidationError):
        record_letters(of=adviser, uploads=several[5:], actor=cast.amal)


def test_a_letter_is_served_to_who_manages_and_to_whom_it_appoints(
    cast: Cast, adviser: Mandate
) -> None:
    client = signed_in(cast.amal)
    url = reverse("members:record_letters", args=[adviser.pk])
    assert client.post(url).status_code == 422
    assert client.post(url, {"letters": upload()}).status_code == 302
    kept = AppointmentLetter.objects.get()
    served = reverse("members:appointment_letter", args=[adviser.pk, kept.pk])
    for reader in (cast.amal, cast.dina, adviser.user):
        answer = signed_in(reader).get(served)
        assert answer.status_code == 200
        assert whole(answer) == PDF
    colleague = make_mandate(make_user("colleague"), cast.kr, Capacity.DELEGATE).user
    for reader in (colleague, cast.bilal, cast.chloe):
        assert signed_in(reader).get(served).status_code == 404
    other = reverse("members:appointment_letter", args=[cast.amal_mandate.pk, kept.pk])
    assert client.get(other).status_code == 404
