"""Whoever holds a mandate lays it down themselves."""

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from members import emails_mandates
from members.actions.mandates import lay_down_mandate
from members.actions.people import LastOfItsKindError, end_mandate
from members.enums import Capacity
from members.models import Mandate
from members.permissions import running_mandates
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user, signed_in


def page(mandate: Mandate) -> str:
    return reverse("members:lay_down_mandate", args=[mandate.pk])


def letters() -> list[tuple[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_mandate_letter").order_by("id")
    return [(job.args["letter"], job.args["user_id"]) for job in jobs]


def test_a_delegate_leaves_and_the_head_is_told(cast: Cast) -> None:
    focal = make_user("focal", language="fr")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    held = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    for _twice in range(2):
        lay_down_mandate(laying=held, actor=held.user)
    assert running_mandates(held.user) == []
    assert [e.act for e in AuditEntry.objects.about(held)] == ["mandate.laid_down"]
    assert letters() == [("laid_down", cast.amal.pk), ("laid_down", focal.pk)]
    for user in (cast.amal, focal):
        emails_mandates.send_mandate_letter.func(
            letter="laid_down", mandate_id=held.pk, user_id=user.pk
        )
    assert [str(m.subject) for m in mail.outbox] == [
        "A mandate was laid down",
        "Un mandat a été déposé",
    ]
    assert "Erin" in str(mail.outbox[0].body)
    assert reverse("members:delegation", args=[cast.kr.pk]) in str(mail.outbox[0].body)


def test_where_nobody_manages_the_delegation_the_secretariat_is_told(cast: Cast) -> None:
    lay_down_mandate(laying=cast.amal_mandate, actor=cast.amal)
    assert letters() == [("laid_down", cast.dina.pk)]


def test_nobody_lays_down_anothers(cast: Cast) -> None:
    for actor in (cast.amal, cast.dina):
        with pytest.raises(PermissionDenied):
            lay_down_mandate(laying=cast.chloe_mandate, actor=actor)
        for answer in (
            signed_in(actor).get(page(cast.chloe_mandate)),
            signed_in(actor).post(page(cast.chloe_mandate)),
        ):
            assert answer.status_code == 404
    assert Client().get(page(cast.chloe_mandate)).status_code == 302
    assert running_mandates(cast.chloe) == [cast.chloe_mandate]


def test_the_last_of_the_office_and_the_last_focal_point_stay(cast: Cast) -> None:
    focal = make_mandate(make_user("focal"), cast.kr, Capacity.FOCAL_POINT)
    for held, words in (
        (cast.dina_mandate, "last mandate of the secretariat"),
        (focal, "last national focal point"),
    ):
        with pytest.raises(LastOfItsKindError):
            lay_down_mandate(laying=held, actor=held.user)
        answer = signed_in(held.user).post(page(held))
        assert (answer.status_code, words in answer.content.decode()) == (422, True)
    make_mandate(make_user("colleague"), cast.qa, Capacity.SECRETARIAT)
    lay_down_mandate(laying=cast.dina_mandate, actor=cast.dina)
    assert running_mandates(cast.dina) == []


def test_the_page_asks_for_a_proof_and_then_once(cast: Cast) -> None:
    held = cast.chloe_mandate
    asked = signed_in(cast.chloe, proved=False).post(page(held))
    assert asked["Location"].startswith("/en/accounts/reauthenticate/")
    client = signed_in(cast.chloe)
    assert "Lay down this mandate?" in client.get(page(held)).content.decode()
    for where in ("members:settings", "members:erasure"):
        assert page(held) in client.get(reverse(where)).content.decode()
    assert page(held) in client.get(reverse("members:mandate", args=[held.pk])).content.decode()
    assert running_mandates(cast.chloe) == [held]
    for _twice in range(2):
        assert client.post(page(held)).status_code == 302
    assert running_mandates(cast.chloe) == []
    assert AuditEntry.objects.filter(act="mandate.laid_down").count() == 1
    assert client.get(page(held)).status_code == 302
    assert client.get(reverse("members:erasure")).context["is_barred"] is False


def test_what_others_ended_is_not_laid_down(cast: Cast) -> None:
    end_mandate(ending=cast.chloe_mandate, actor=cast.dina)
    lay_down_mandate(laying=cast.chloe_mandate, actor=cast.chloe)
    assert not AuditEntry.objects.filter(act="mandate.laid_down").exists()
