"""Letters of the review: until when, reminders, all given, asked no longer."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import reviewers
from members.actions.review_reminders import remind_reviewers
from members.enums import Capacity
from members.models import Reviewer
from members.tasks_reviews import send_all_given_letter, send_review_letter
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.members.reviews import Review

TODAY = timezone.now().date


@pytest.fixture
def review(cast: Cast) -> Review:
    return Review(cast)


def jobs(letter: str) -> list[int]:
    """To whom the letter goes."""
    found = ProcrastinateJob.objects.filter(task_name="members.send_review_letter").order_by("id")
    return [job.args["user_id"] for job in found if job.args["letter"] == letter]


def all_given() -> list[int]:
    found = ProcrastinateJob.objects.filter(task_name="members.send_all_given_letter")
    return [job.args["user_id"] for job in found.order_by("id")]


def ask_until(review: Review, day: date | None, **changed: Any) -> Reviewer:
    return reviewers.change_review_day(
        **{
            "application": review.application,
            "user": review.cast.amal,
            "due_on": day,
            **review.by(review.cast.dina),
            **changed,
        }
    )


def test_the_office_is_told_when_all_have_recommended(review: Review) -> None:
    cast = review.cast
    second = make_user("second")
    make_mandate(second, cast.qa, Capacity.SECRETARIAT)
    review.give(cast.amal)
    assert all_given() == []
    review.give(cast.bilal)
    assert all_given() == [cast.dina.pk, second.pk]
    review.give(cast.bilal, seen=1, reasons="Other reasons.")
    assert len(all_given()) == 2
    for user in (cast.dina, cast.amal, review.contact):
        send_all_given_letter(application_id=review.application.pk, user_id=user.pk)
    assert [letter.to for letter in mail.outbox] == [[cast.dina.email]]
    assert "Institute of Matters" in mail.outbox[0].body
    review.assign(cast.chloe)
    send_all_given_letter(application_id=review.application.pk, user_id=cast.dina.pk)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize("leaves", ["released", "conflict"])
def test_so_it_is_when_the_last_who_is_awaited_leaves(review: Review, leaves: str) -> None:
    cast = review.cast
    review.give(cast.amal)
    if leaves == "conflict":
        review.conflict(cast.bilal)
    else:
        reviewers.release_reviewer(
            application=review.application, user=cast.bilal, **review.by(cast.dina)
        )
    assert all_given() == [cast.dina.pk]


def test_where_nobody_is_left_nobody_has_recommended(review: Review) -> None:
    for user in (review.cast.amal, review.cast.bilal):
        review.conflict(user)
    assert all_given() == []


def test_who_is_let_go_is_told(review: Review) -> None:
    cast = review.cast
    release: dict[str, Any] = {"application": review.application, **review.by(cast.dina)}
    reviewers.release_reviewer(user=cast.amal, **release)
    reviewers.release_reviewer(user=cast.amal, **release)
    assert jobs("released") == [cast.amal.pk]
    review.conflict(cast.bilal)
    reviewers.release_reviewer(user=cast.bilal, **release)
    assert jobs("released") == [cast.amal.pk]
    place = Reviewer.objects.get(user=cast.amal)
    send: dict[str, Any] = {
        "letter": "released",
        "reviewer_id": place.pk,
        "user_id": cast.amal.pk,
    }
    send_review_letter(**send)
    assert [letter.to for letter in mail.outbox] == [[cast.amal.email]]
    review.assign(cast.amal)
    send_review_letter(**send)
    assert len(mail.outbox) == 1


def test_the_day_is_asked_changed_and_shown(review: Review) -> None:
    cast, day = review.cast, TODAY() + timedelta(days=10)
    address = reverse("members:change_review_day", args=[review.application.pk, cast.amal.pk])
    client = Client()
    client.force_login(cast.amal)
    assert client.post(address, {"due_on": day.isoformat()}).status_code == 403
    client.force_login(cast.dina)
    assert client.post(address, {"due_on": TODAY().isoformat()}).status_code == 422
    for _time in "12":
        assert client.post(address, {"due_on": day.isoformat()}).status_code == 302
    assert AuditEntry.objects.filter(act="reviewer.day_changed").count() == 1
    page = reverse("members:assessment", args=[review.application.pk])
    client.force_login(cast.amal)
    assert "Your recommendation is asked for until" in client.get(page).content.decode()
    desk = client.get(reverse("portal:home"))
    task = next(task for task in desk.context["waiting"] if task.icon == "scale")
    assert (task.when, task.when_is) == (day, "until")
    with pytest.raises(PermissionDenied):
        ask_until(review, None, **review.by(cast.bilal))
    with pytest.raises(ValidationError) as refused:
        ask_until(review, None, user=cast.chloe)
    assert refused.value.code == "no_reviewer"
    assert ask_until(review, None).due_on is None


def test_a_reviewer_is_asked_with_a_day(review: Review) -> None:
    day = TODAY() + timedelta(days=10)
    client = Client()
    client.force_login(review.cast.dina)
    address = reverse("members:assign_reviewer", args=[review.application.pk])
    sent = {"person": review.cast.chloe.pk, "due_on": day.isoformat()}
    assert client.post(address, sent).status_code == 302
    assert Reviewer.objects.get(user=review.cast.chloe).due_on == day


def test_reminders_go_once_before_and_once_after(review: Review) -> None:
    cast, day = review.cast, TODAY() + timedelta(days=10)
    ask_until(review, day)
    ask_until(review, day, user=cast.bilal)
    review.give(cast.bilal)  # who is reminded of nothing
    assert remind_reviewers(today=day - timedelta(days=4)) == 0
    for today in (day - timedelta(days=3), day - timedelta(days=2), day):
        remind_reviewers(today=today)
    assert jobs("due") == [cast.amal.pk]
    for today in (day + timedelta(days=1), day + timedelta(days=2)):
        remind_reviewers(today=today)
    assert jobs("overdue") == [cast.amal.pk]
    place = Reviewer.objects.get(user=cast.amal)
    send: dict[str, Any] = {"letter": "due", "reviewer_id": place.pk, "user_id": cast.amal.pk}
    send_review_letter(**send)
    assert [letter.to for letter in mail.outbox] == [[cast.amal.email]]
    review.give(cast.amal)
    send_review_letter(**send)
    assert len(mail.outbox) == 1


def test_nobody_is_reminded_who_left(review: Review) -> None:
    cast, day = review.cast, TODAY() + timedelta(days=10)
    for user in (cast.amal, cast.bilal):
        ask_until(review, day, user=user)
    review.conflict(cast.amal)
    reviewers.release_reviewer(
        application=review.application, user=cast.bilal, **review.by(cast.dina)
    )
    assert remind_reviewers(today=day) == 0


def test_another_day_is_reminded_of_anew(review: Review) -> None:
    day = TODAY() + timedelta(days=10)
    ask_until(review, day)
    remind_reviewers(today=day)
    ask_until(review, day + timedelta(days=30))
    assert remind_reviewers(today=day + timedelta(days=1)) == 0
    assert remind_reviewers(today=day + timedelta(days=28)) == 1
