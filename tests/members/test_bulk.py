"""Acts for several rows: what is foretold, what is done, what is left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.bulk import do_to_several, remind_of_second_factor
from members.actions.people import end_mandate
from members.bulk import fates_of, seen_of
from members.emails_second_factor import send_second_factor_letter
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.enums_lists import BulkAct
from members.models import Application, Mandate, User
from members.models.people import end_of
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.members.applications import application_in
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(cast: Cast) -> Client:
    return signed_in(cast.dina)


def by_dina(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def read(*mandates: Mandate) -> list[Mandate]:
    return Mandate.objects.chosen([m.pk for m in mandates]).for_register().with_facts()


def do(cast: Cast, act: str, *mandates: Mandate, **more: Any) -> list[tuple[str, str]]:
    things = read(*mandates)
    seen = {each.pk: seen_of(each) for each in mandates}
    rows = do_to_several(act=act, things=things, seen=seen, **by_dina(cast), **more)
    return [(row.fate.value, row.note) for row in rows]


def foretold(cast: Cast, act: str, *mandates: Mandate, **more: Any) -> list[tuple[str, str]]:
    rows = fates_of(act, read(*mandates), actor=cast.dina, **more)
    return [(row.fate.value, row.note) for row in rows]


def rows_of(response: Any) -> list[tuple[int, str]]:
    return [(row.thing.pk, row.fate.value) for row in response.context["rows"]]


def letters() -> list[dict[str, Any]]:
    found = ProcrastinateJob.objects.filter(task_name="members.send_second_factor_letter")
    return list(found.order_by("id").values_list("args", flat=True))


def test_mandates_end_after_a_look(cast: Cast, office: Client) -> None:
    acts = reverse("members:act_on_people")
    chosen = [cast.amal_mandate.pk, cast.chloe_mandate.pk, cast.dina_mandate.pk]
    data: dict[str, Any] = {"act": "end", "row": chosen, "back": "order=since&x=1"}
    look = office.post(acts, data)
    assert look.status_code == 200
    assert dict(rows_of(look)) == {
        cast.amal_mandate.pk: "ready",
        cast.chloe_mandate.pk: "ready",
        cast.dina_mandate.pk: "refused",
    }
    assert look.context["back"] == "/en/people/?order=since"
    assert Mandate.objects.filter(ends_at=None).count() == 4

    data |= {"step": "do", "when": "now", "looked": "now"}
    data["row"] = [f"{pk}:-" for pk in chosen]
    refused = office.post(acts, data)
    assert refused.status_code == 422  # without a reason
    assert "error-summary" in refused.content.decode()

    data["reason"] = "The delegations were renewed."
    done = office.post(acts, data)
    assert dict(rows_of(done)) == {
        cast.amal_mandate.pk: "done",
        cast.chloe_mandate.pk: "done",
        cast.dina_mandate.pk: "refused",
    }
    entries = AuditEntry.objects.filter(act="mandate.ended").order_by("number")
    assert [(e.object_id, e.actor_id, e.after) for e in entries] == [
        (pk, cast.dina.pk, {"reason": "The delegations were renewed."}) for pk in chosen[:2]
    ]
    assert verify_audit_log() is None

    again = office.post(acts, data)  # the same press once more
    assert dict(rows_of(again))[cast.amal_mandate.pk] == "nothing"
    assert AuditEntry.objects.filter(act="mandate.ended").count() == 2


def test_another_day_is_looked_at_first(cast: Cast, office: Client) -> None:
    acts = reverse("members:act_on_people")
    day = timezone.localdate() + timedelta(days=30)
    end = end_of(day, timezone.get_current_timezone())
    data: dict[str, Any] = {
        "act": "end",
        "row": [f"{cast.amal_mandate.pk}:-"],
        "step": "do",
        "when": "later",
        "ends_on": day.isoformat(),
        "reason": "Renewal.",
        "looked": "now",
    }
    look = office.post(acts, data)
    assert look.context["looks_again"] is True
    assert Mandate.objects.filter(ends_at=None).count() == 4
    done = office.post(acts, {**data, "looked": end.isoformat()})
    assert rows_of(done) == [(cast.amal_mandate.pk, "done")]
    assert Mandate.objects.get(pk=cast.amal_mandate.pk).ends_at == end
    for wrong in ({"ends_on": ""}, {"ends_on": "2001-01-01"}):
        assert office.post(acts, {**data, **wrong}).status_code == 422


def test_mandates_end_after_the_password_was_given_again(cast: Cast) -> None:
    client, acts = signed_in(cast.dina, proved=False), reverse("members:act_on_people")
    data = {"act": "end", "row": [f"{cast.amal_mandate.pk}:-"], "step": "do", "when": "now"}
    asked = client.post(acts, {**data, "reason": "Renewal.", "looked": "now"})
    assert asked.status_code == 302
    assert "/accounts/reauthenticate/" in asked["Location"]
    assert not Mandate.objects.get(pk=cast.amal_mandate.pk).is_ended
    done = client.post(asked["Location"], {"password": PASSWORD})
    assert rows_of(done) == [(cast.amal_mandate.pk, "done")]
    assert Mandate.objects.get(pk=cast.amal_mandate.pk).is_ended


def test_what_is_foretold_of_ending(cast: Cast) -> None:
    now, day = timezone.now(), timedelta(days=1)
    focal = make_mandate(make_user("focal"), cast.kr, Capacity.FOCAL_POINT)
    eve = make_mandate(make_user("eve"), cast.qa, Capacity.SECRETARIAT)
    Mandate.objects.filter(pk=cast.bilal_mandate.pk).update(ends_at=now - day)
    Mandate.objects.filter(pk=cast.chloe_mandate.pk).update(starts_at=now + 9 * day)
    end = BulkAct.END
    left = "The delegation is left without a national focal point."
    assert foretold(cast, end, focal) == [("ready", left)]
    second = make_mandate(make_user("second"), cast.kr, Capacity.FOCAL_POINT)
    assert foretold(cast, end, focal) == [("ready", "")]
    assert foretold(cast, end, focal, second) == [("ready", left)] * 2
    assert foretold(cast, end, cast.bilal_mandate) == [("nothing", "It has ended already.")]
    assert foretold(cast, end, eve) == [("ready", "")]
    later = now + 5 * day
    assert foretold(cast, end, cast.chloe_mandate, at=later) == [
        ("refused", "The mandate has not begun by then.")
    ]
    assert foretold(cast, end, eve, at=later) == [
        ("refused", "A mandate of the secretariat is ended by hand, at once.")
    ]
    Mandate.objects.filter(pk=focal.pk).update(ends_at=now + 2 * day)
    assert foretold(cast, end, focal, at=later) == [("nothing", "It ends by then anyway.")]


def test_what_has_changed_meanwhile_is_left(cast: Cast) -> None:
    things = read(cast.amal_mandate, cast.bilal_mandate)
    seen = {each.pk: seen_of(each) for each in things}
    later = timezone.now() + timedelta(days=9)
    end_mandate(ending=cast.amal_mandate, at=later, **by_dina(cast))
    rows = do_to_several(  # `things` as they were read before: the lock shows what is true
        act=BulkAct.END, things=things, seen=seen, reason="Renewal.", **by_dina(cast)
    )
    assert {row.thing.pk: row.fate.value for row in rows} == {
        cast.amal_mandate.pk: "changed",
        cast.bilal_mandate.pk: "done",
    }
    assert Mandate.objects.get(pk=cast.amal_mandate.pk).ends_at == later
    rows = do_to_several(  # not looked at
        act=BulkAct.END, things=read(cast.chloe_mandate), seen={}, **by_dina(cast)
    )
    assert [row.fate.value for row in rows] == ["changed"]


def test_for_the_secretariat_alone(cast: Cast) -> None:
    for act in BulkAct:
        with pytest.raises(PermissionDenied):
            do_to_several(
                act=act,
                things=read(cast.bilal_mandate),
                seen={},
                actor=cast.amal,
                mandate=cast.amal_mandate,
            )
    with pytest.raises(PermissionDenied):
        remind_of_second_factor(user=cast.bilal, actor=cast.amal, mandate=cast.amal_mandate)
    client = Client()
    client.force_login(cast.amal)
    for name in ("act_on_people", "act_on_applications"):
        data = {"act": "end", "row": cast.bilal_mandate.pk}
        assert client.post(reverse(f"members:{name}"), data).status_code == 404


def test_reminded_of_the_second_factor_once_in_their_language(cast: Cast) -> None:
    Authenticator.objects.create(user=cast.bilal, type="totp", data={})
    User.objects.filter(pk=cast.amal.pk).update(language="fr")
    other = make_mandate(cast.amal, cast.ng)
    mandates = (cast.amal_mandate, cast.bilal_mandate, cast.chloe_mandate, other)
    told = {  # in the order of the institutions
        cast.kr.pk: [("ready", "The letter is in: French.")],
        cast.ng.pk: [
            ("nothing", "There is a second factor."),
            ("nothing", "The same person gets one letter."),
        ],
        cast.pl.pk: [("nothing", "This capacity does not ask for a second factor.")],
    }
    assert foretold(cast, BulkAct.REMIND, *mandates) == [
        each for fates in told.values() for each in fates
    ]
    assert do(cast, BulkAct.REMIND, *mandates)[0] == ("done", "")
    assert letters() == [{"user_id": cast.amal.pk}]
    entry = AuditEntry.objects.get(act="person.second_factor_reminded")
    assert (entry.object_id, entry.actor_id) == (cast.amal.pk, cast.dina.pk)
    (again,) = do(cast, BulkAct.REMIND, cast.amal_mandate)
    assert again[0] == "nothing"
    assert again[1].startswith("A letter went out on ")
    assert len(letters()) == 1

    send_second_factor_letter(user_id=cast.amal.pk)
    send_second_factor_letter(user_id=cast.bilal.pk)  # has one: no letter
    (letter,) = mail.outbox
    assert letter.to == ["amal@example.org"]
    assert letter.extra_headers["Content-Language"] == "fr"
    assert "/fr/" in letter.body


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_once_do_it_once(cast: Cast) -> None:
    def end() -> None:
        do(cast, BulkAct.END, cast.amal_mandate, cast.bilal_mandate, reason="Renewal.")

    def remind() -> None:
        do(cast, BulkAct.REMIND, cast.amal_mandate, cast.bilal_mandate)

    assert at_once(remind, remind, remind) == ["done"] * 3
    assert letters() == [{"user_id": cast.amal.pk}, {"user_id": cast.bilal.pk}]
    assert at_once(end, end, end) == ["done"] * 3
    assert AuditEntry.objects.filter(act="mandate.ended").count() == 2
    assert verify_audit_log() is None


def test_reviews_begin_after_a_look(cast: Cast, office: Client) -> None:
    eve = make_user("eve")
    new = application_in(State.SUBMITTED, cast, eve)
    old = application_in(State.UNDER_REVIEW, cast, make_user("e2"))
    own = application_in(State.SUBMITTED, cast, cast.dina)
    draft = application_in(State.DRAFT, cast, make_user("e3"))
    acts = reverse("members:act_on_applications")
    data: dict[str, Any] = {"act": "review", "row": [new.pk, old.pk, own.pk, draft.pk]}
    look = office.post(acts, data)
    assert rows_of(look) == [(new.pk, "ready"), (old.pk, "nothing"), (own.pk, "refused")]
    data |= {"step": "do", "row": [f"{new.pk}:submitted", f"{old.pk}:under_review"]}
    assert rows_of(office.post(acts, data)) == [(new.pk, "done"), (old.pk, "nothing")]
    assert rows_of(office.post(acts, data)) == [(new.pk, "nothing"), (old.pk, "nothing")]
    entries = AuditEntry.objects.about(new).filter(act="application.review_started")
    assert [e.actor_id for e in entries] == [cast.dina.pk]


def test_an_application_that_was_taken_back_is_left(cast: Cast) -> None:
    new = application_in(State.SUBMITTED, cast, make_user("eve"))
    things = list(Application.objects.in_queue().chosen([new.pk]))
    Application.objects.filter(pk=new.pk).update(state=State.WITHDRAWN)
    rows = do_to_several(
        act=BulkAct.REVIEW, things=things, seen={new.pk: "submitted"}, **by_dina(cast)
    )
    assert [row.fate.value for row in rows] == ["changed"]


@pytest.mark.parametrize("name", ["act_on_people", "act_on_applications"])
def test_sent_empty_it_says_what_to_do(cast: Cast, office: Client, name: str) -> None:
    for data in (
        {},
        {"act": "end"},
        {"act": "review"},
        {"row": "1"},
        {"act": "end", "row": ["x", "1:<", "9" * 30]},
        {"act": "end", "row": [str(n) for n in range(1, 200)], "back": "q=%00&x=1"},
        {"act": "review", "row": [str(n) for n in range(1, 200)]},
    ):
        answer = office.post(reverse(f"members:{name}"), data)
        assert answer.status_code == 422, data
        assert 'role="alert"' in answer.content.decode()


@pytest.mark.parametrize("act", ["end", "remind"])
def test_as_many_queries_to_look_at_three_as_at_one(
    cast: Cast, office: Client, django_assert_num_queries: Callable[..., Any], act: str
) -> None:
    acts, first = reverse("members:act_on_people"), cast.amal_mandate.pk
    office.post(acts, {"act": act, "row": [first]})  # what is kept for a while
    with CaptureQueriesContext(connection) as one:
        office.post(acts, {"act": act, "row": [first]})
    rows = [first, cast.bilal_mandate.pk, cast.chloe_mandate.pk]
    with django_assert_num_queries(len(one)):
        assert len(rows_of(office.post(acts, {"act": act, "row": rows}))) == 3
