"""Who is told that results wait, and who can release them where one concerns somebody."""

from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from assembly import actions
from assembly.models import AgendaItem, Meeting
from assembly.tasks import send_release_letter
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.models import Application, User
from tests.assembly.test_results import Y, by, decide, hold, item_of, state
from tests.factories import Cast, make_mandate, make_user, signed_in


@pytest.fixture
def president(cast: Cast) -> User:
    user = make_user("president")
    make_mandate(user, cast.qa)
    return user


@pytest.fixture
def alternate(cast: Cast) -> User:
    user = make_user("alternate")
    make_mandate(user, cast.qa, Capacity.ALTERNATE)
    return user


@pytest.fixture
def held(cast: Cast, meeting: Meeting) -> AgendaItem:
    hold(meeting, cast)
    item = item_of(meeting, cast, make_user("contact"))
    decide(item, cast, Y)
    return item


def bind(user: User, item: AgendaItem, cast: Cast) -> None:
    application = Application.objects.get(agenda_items=item)
    application.reviewers.create(
        user=user,
        assigned_by=cast.dina,
        conflict_reason="Kin.",
        conflict_at=timezone.now(),
    )


def letters() -> list[int]:
    """To whom, in order."""
    jobs = ProcrastinateJob.objects.filter(task_name="assembly.send_release_letter")
    return [job.args["user_id"] for job in jobs.order_by("id")]


def desk_of(user: User) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("portal:home")).content.decode()


def test_who_presides_is_told_and_nobody_else(
    cast: Cast, president: User, alternate: User, meeting: Meeting
) -> None:
    hold(meeting, cast)
    first, second, third = [item_of(meeting, cast, make_user(f"c{n}")) for n in range(3)]
    assert letters() == []
    decide(first, cast, Y)
    both = [president.pk, alternate.pk]
    assert letters() == both
    decide(second, cast, Y)
    assert letters() == both  # one is still to be voted on
    decide(third, cast, Y)
    assert letters() == both * 2
    note = "3 decisions wait for you to release them together."
    assert note in desk_of(president)
    assert note in desk_of(alternate)
    for other in (cast.dina, cast.amal, cast.chloe):
        assert note not in desk_of(other)
    send_release_letter(meeting_id=meeting.pk, user_id=president.pk)
    send_release_letter(meeting_id=meeting.pk, user_id=cast.amal.pk)
    assert [letter.to for letter in mail.outbox] == [[president.email]]
    actions.release_results(meeting=meeting, **by(president))
    assert note not in desk_of(president)
    send_release_letter(meeting_id=meeting.pk, user_id=president.pk)
    assert len(mail.outbox) == 1


def test_where_nothing_is_held_nobody_is_told(
    cast: Cast, president: User, meeting: Meeting
) -> None:
    decide(item_of(meeting, cast, make_user("contact")), cast, Y)
    assert letters() == []


def test_a_president_who_is_bound_is_told_before_and_the_alternate_releases(
    cast: Cast, president: User, alternate: User, held: AgendaItem
) -> None:
    bind(president, held, cast)
    page = reverse("assembly:meeting", args=[held.meeting_id])
    releasing = reverse("assembly:release_results", args=[held.meeting_id])
    client = signed_in(president)
    shown = client.get(page).content.decode()
    assert "You cannot release these results" in shown
    assert "Institute of Matters" in shown
    assert alternate.name in shown
    assert releasing not in shown
    assert "one of them concerns you" in desk_of(president)
    answer = client.post(releasing, follow=True)
    assert answer.status_code == 200
    assert "bound to" in answer.content.decode()
    assert state(held) == State.ON_AGENDA
    with pytest.raises(ValidationError) as refused:
        actions.release_results(meeting=held.meeting, **by(president))
    assert refused.value.code == "hindered"
    with pytest.raises(PermissionDenied):
        actions.release_results(meeting=held.meeting, **by(cast.dina))
    client = signed_in(alternate)
    assert releasing in client.get(page).content.decode()
    assert client.post(releasing).status_code == 302
    assert state(held) == State.ADMITTED


def test_where_all_who_preside_are_bound_the_secretariat_releases(
    cast: Cast, president: User, held: AgendaItem
) -> None:
    application = Application.objects.get(agenda_items=held)
    application.editors.create(user=president)
    page = reverse("assembly:meeting", args=[held.meeting_id])
    releasing = reverse("assembly:release_results", args=[held.meeting_id])
    client = signed_in(cast.dina)
    assert "So the secretariat can release them" not in client.get(page).content.decode()
    assert releasing in client.get(page).content.decode()
    assert "1 decision waits for you to release it." in desk_of(cast.dina)
    assert client.post(releasing).status_code == 302
    assert state(held) == State.ADMITTED


def test_where_all_are_bound_the_page_says_what_to_do(
    cast: Cast, president: User, held: AgendaItem
) -> None:
    bind(president, held, cast)
    bind(cast.dina, held, cast)
    for user in (president, cast.dina):
        client = signed_in(user)
        shown = client.get(reverse("assembly:meeting", args=[held.meeting_id])).content.decode()
        assert "Nobody can release them now" in shown
        answer = client.post(reverse("assembly:release_results", args=[held.meeting_id]))
        assert answer.status_code == 302
    assert state(held) == State.ON_AGENDA


def test_what_was_withdrawn_hinders_nobody(
    cast: Cast, president: User, held: AgendaItem, meeting: Meeting
) -> None:
    bind(president, held, cast)
    other = item_of(meeting, cast, make_user("other"))
    decide(other, cast, Y)
    Application.objects.filter(agenda_items=held).update(state=State.WITHDRAWN)
    actions.release_results(meeting=meeting, **by(president))
    assert state(other) == State.ADMITTED


def test_the_desk_asks_as_much_however_many_are_held(
    cast: Cast,
    president: User,
    held: AgendaItem,
    meeting: Meeting,
    django_assert_max_num_queries: Any,
) -> None:
    client = Client()
    client.force_login(president)
    address = reverse("portal:home")
    client.get(address)
    with django_assert_max_num_queries(200) as before:
        client.get(address)
    for number in range(3):
        decide(item_of(meeting, cast, make_user(f"more{number}")), cast, Y)
    with django_assert_max_num_queries(len(before)):
        client.get(address)
