"""The handover of the presidency in effect by itself: who is told of it, and who sees it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.handovers import (
    HandoverChangedError,
    cancel_handover,
    move_handover,
    note_due_handovers,
    note_effect,
)
from members.actions.memberships import Grounds, PresidesError, suspend_membership
from members.actions.people import LastOfItsKindError, end_mandate
from members.emails import rendered
from members.emails_handovers import LETTERS, handover_letter
from members.enums import Capacity
from members.models import Handover, Institution
from members.permissions import is_secretariat
from members.permissions.presidencies import (
    access_handover,
    can_hand_over,
    can_see_handover,
    handovers_of,
    past_term,
)
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.members.handovers import acts, at, jobs, schedule
from tests.races import at_once

pytestmark = pytest.mark.django_db


def test_in_effect_it_is_not_taken_back(cast: Cast) -> None:
    handover = schedule(cast)
    moment = handover.takes_effect_at
    with at(moment + timedelta(seconds=1)):
        for actor, error in ((cast.dina, PermissionDenied), (cast.amal, HandoverChangedError)):
            with pytest.raises(error):
                cancel_handover(handover=handover, reason="No.", actor=actor)
            with pytest.raises(error):
                move_handover(
                    handover=handover,
                    version=1,
                    takes_effect_at=moment + timedelta(days=1),
                    actor=actor,
                )
    assert acts() == ["handover.scheduled"]


def test_its_effect_is_written_down_once(cast: Cast) -> None:
    handover = schedule(cast)
    moment = handover.takes_effect_at
    assert jobs("note_handover") == [{"handover_id": handover.pk}]
    assert ProcrastinateJob.objects.get(task_name="members.note_handover").scheduled_at == moment
    assert note_effect(handover_id=handover.pk) is False  # not yet
    with at(moment + timedelta(seconds=1)):
        assert note_effect(handover_id=handover.pk) is True
        assert note_effect(handover_id=handover.pk) is False
        note_due_handovers()
    entry = AuditEntry.objects.get(act="handover.effective")
    assert (entry.actor_id, entry.object_id) == (None, handover.pk)
    assert entry.before == {"institution": cast.qa.pk}
    assert entry.after == {"institution": cast.kr.pk, "takes_effect_at": moment.isoformat()}


@pytest.mark.django_db(transaction=True)
def test_its_effect_is_written_down_once_by_two_at_once(cast: Cast) -> None:
    handover = schedule(cast, takes_effect_at=timezone.now() + timedelta(seconds=0.5))
    while not handover.is_in_effect:
        pass
    at_once(*[lambda: note_effect(handover_id=handover.pk)] * 2)
    assert acts() == ["handover.scheduled", "handover.effective"]


def test_the_new_office_can_schedule_the_next_though_no_job_has_run(cast: Cast) -> None:
    first = schedule(cast)
    with at(first.takes_effect_at + timedelta(days=1)):
        schedule(
            cast,
            institution=cast.qa,
            beginning=[],
            actor=cast.amal,
            mandate=None,
            takes_effect_at=timezone.now() + timedelta(days=1),
        )
        assert acts() == ["handover.scheduled", "handover.effective", "handover.scheduled"]
    with at(first.takes_effect_at + timedelta(days=2)):
        assert (is_secretariat(cast.dina), is_secretariat(cast.amal)) == (True, False)
        assert past_term(cast.amal) is not None
        assert past_term(cast.dina) is None


def test_who_is_to_preside_is_not_suspended_nor_left_without_its_office(cast: Cast) -> None:
    handover = schedule(cast)
    with pytest.raises(PresidesError):
        suspend_membership(
            institution=cast.kr,
            standing=cast.kr.membership.pk,
            grounds=Grounds(since=timezone.now().date(), reason="Absent."),
            actor=cast.dina,
        )
    [begun] = handover.beginning
    with pytest.raises(LastOfItsKindError):
        end_mandate(ending=begun.mandate, actor=cast.dina)


def test_who_sees_it(cast: Cast) -> None:
    focal, delegate = make_user("focal"), make_user("delegate")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    make_mandate(delegate, cast.kr, Capacity.DELEGATE)
    own = make_user("own")
    make_mandate(own, cast.qa, Capacity.DELEGATE)
    handover = schedule(cast)
    seen = {
        user.name: can_see_handover(user, Handover.objects.for_display().get(pk=handover.pk))
        for user in (cast.dina, cast.amal, focal, delegate, own, cast.bilal, cast.chloe)
    }
    assert seen == {
        "Dina": True,
        "Amal": True,
        "Focal": True,
        "Delegate": False,
        "Own": False,
        "Bilal": False,
        "Chloe": False,
    }
    with at(handover.takes_effect_at):
        assert access_handover(cast.dina, handover.pk) == handover
        assert not can_hand_over(cast.dina)


def test_heads_of_both_institutions_find_it_on_the_page_of_their_delegation(cast: Cast) -> None:
    heads = {}
    for institution in (cast.kr, cast.pl):
        head = make_user(f"head{institution.pk}")
        make_mandate(head, institution, Capacity.HEAD)
        heads[institution] = head
    address = reverse("members:presidency")

    def led(institution: Institution) -> tuple[bool, int]:
        client = Client()
        client.force_login(heads[institution])
        page = client.get(reverse("members:delegation", args=[institution.pk])).content.decode()
        return f'href="{address}"' in page, client.get(address).status_code

    assert led(cast.kr) == led(cast.pl) == (False, 404)
    handover = schedule(cast)
    with at(handover.takes_effect_at):
        note_effect(handover_id=handover.pk)
        assert led(cast.kr) == (True, 200)
        assert led(cast.pl) == (False, 404)


def test_letters_to_both_offices_and_not_of_what_was_overtaken(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    from members.tasks_handovers import send_handover_letter  # noqa: PLC0415

    handover = schedule(cast)
    told = jobs("send_handover_letter")
    assert [job["user_id"] for job in told] == sorted([cast.amal.pk, cast.dina.pk])
    assert {job["letter"] for job in told} == {"scheduled"}
    later = handover.takes_effect_at + timedelta(days=1)
    move_handover(handover=handover, version=1, takes_effect_at=later, actor=cast.dina)
    for job in jobs("send_handover_letter"):
        send_handover_letter(**job)
    assert [mail.subject for mail in mailoutbox] == ["The presidency passes at another time"] * 2
    cancel_handover(handover=handover, reason="Not agreed.", actor=cast.dina)
    mailoutbox.clear()
    for job in jobs("send_handover_letter"):
        send_handover_letter(**job)
    assert {mail.subject for mail in mailoutbox} == {"The handover of the presidency was cancelled"}
    assert "Not agreed." in mailoutbox[0].body


def test_letters_lead_nobody_to_a_page_that_is_not_theirs(
    cast: Cast, mailoutbox: list[Any]
) -> None:
    from members.tasks_handovers import send_handover_letter  # noqa: PLC0415

    gone = make_user("gone")
    gone_mandate = make_mandate(gone, cast.qa, Capacity.SECRETARIAT)
    handover = schedule(cast, ending=[cast.dina_mandate])
    end_mandate(ending=gone_mandate, actor=cast.dina)
    with at(handover.takes_effect_at):
        note_effect(handover_id=handover.pk)
        for job in jobs("send_handover_letter"):
            send_handover_letter(**job)
    linked = {mail.to[0]: f"/handovers/{handover.pk}/" in mail.body for mail in mailoutbox}
    assert linked == {"dina@example.org": False, "amal@example.org": True}


def test_the_list_of_handovers_costs_the_same_for_one_and_three(cast: Cast) -> None:
    costs = []
    for _ in range(3):
        handover = schedule(cast)
        with CaptureQueriesContext(connection) as queries:
            assert handover in handovers_of(cast.amal)
        costs.append(len(queries))
        cancel_handover(handover=handover, reason="No.", actor=cast.dina)
    assert costs[0] == costs[2]


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
@pytest.mark.parametrize("letter", LETTERS)
def test_every_letter_in_every_language(cast: Cast, letter: str, language: str) -> None:
    handover = schedule(cast)
    cast.amal.language = language
    made = handover_letter(letter, Handover.objects.for_display().get(pk=handover.pk), cast.amal)
    assert "%(" not in rendered(made, "Amal").text
    assert made.url.endswith(f"/{language}/presidency/handovers/{handover.pk}/")
