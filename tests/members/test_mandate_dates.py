"""Mandates with a first and a last day: in the invitation, in its letter, on the page."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members import signals
from members.actions.invitations import (
    InvitationClosedError,
    PeriodOverError,
    accept_invitation,
    accept_invitation_as_new,
    invite_to_delegation,
    resend_invitation,
)
from members.actions.mandates import take_end_off
from members.actions.people import LastOfItsKindError, end_mandate
from members.emails_people import send_invitation
from members.enums import Capacity
from members.models import Invitation, Mandate, User
from members.permissions import running_mandates
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.members.test_people_actions import Heard

SEOUL = ZoneInfo("Asia/Seoul")
FIRST, LAST = date(2027, 5, 1), date(2027, 6, 30)
BEGIN = datetime(2027, 5, 1, tzinfo=SEOUL)
END = datetime(2027, 7, 1, tzinfo=SEOUL)


@pytest.fixture
def cast(db: None) -> Cast:
    cast = Cast()
    cast.amal.time_zone = "Asia/Seoul"
    cast.amal.save()
    return cast


def invited(cast: Cast, **fields: Any) -> Invitation:
    return invite_to_delegation(
        **{
            "institution": cast.kr,
            "email": "new@example.org",
            "name": "New Delegate",
            "language": "en",
            "capacity": Capacity.DELEGATE,
            "actor": cast.amal,
            "starts_on": FIRST,
            "ends_on": LAST,
            **fields,
        }
    )


def accepted(invitation: Invitation) -> User:
    return accept_invitation_as_new(
        invitation=invitation,
        token=invitation.token,
        name="New Delegate",
        password=PASSWORD,
        language="en",
    )


def test_mandate_runs_from_the_first_to_the_last_day_of_the_inviters_zone(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        user = accepted(invited(cast))
        mandate = Mandate.objects.get(user=user)
        assert (mandate.starts_at, mandate.ends_at) == (BEGIN, END)
        assert running_mandates(user) == []
    for at, runs in (
        (BEGIN - timedelta(seconds=1), False),
        (BEGIN, True),
        (END - timedelta(seconds=1), True),
        (END, False),
    ):
        assert Mandate.objects.running(at).filter(user=user).exists() is runs


def test_late_acceptance_begins_at_once_and_ends_in_time(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        invitation = invited(cast)
    now = datetime(2027, 5, 5, tzinfo=UTC)
    with time_machine.travel(now, tick=False):
        mandate = Mandate.objects.get(user=accepted(invitation))
        assert (mandate.starts_at, mandate.ends_at) == (now, END)


def test_invitation_is_over_with_its_mandate(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 6, 25, tzinfo=UTC), tick=False):
        invitation = invited(cast)
        assert invitation.expires_at == END  # and not fourteen days later
    with time_machine.travel(END, tick=False):
        assert invitation.closed_because == "expired"
        with pytest.raises(InvitationClosedError):
            accepted(invitation)
        with pytest.raises(PeriodOverError):
            resend_invitation(invitation=invitation, actor=cast.amal)
        url = reverse("members:resend_invitation", args=[invitation.pk])
        html = signed_in(cast.amal).post(url, follow=True).content.decode()
        assert "The last day of this mandate is over." in html


def test_zone_that_was_changed_since_makes_no_mandate_of_no_length(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 6, 25, tzinfo=UTC), tick=False):
        cast.amal.time_zone = "America/Lima"
        cast.amal.save()
        invitation = invited(cast)
        cast.amal.time_zone = "Asia/Seoul"
        cast.amal.save()
    with time_machine.travel(END, tick=False), pytest.raises(InvitationClosedError):
        accepted(Invitation.objects.get(pk=invitation.pk))


def test_existing_account_gets_the_dates_too(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        invitation = invited(cast, email=cast.chloe.email, ends_on=None)
        accept_invitation(invitation=invitation, token=invitation.token, actor=cast.chloe)
    mandate = Mandate.objects.get(user=cast.chloe, institution=cast.kr)
    assert (mandate.starts_at, mandate.ends_at) == (BEGIN, None)


def test_letter_says_the_days(cast: Cast, mailoutbox: list[Any]) -> None:
    days = (
        ({}, "The mandate begins on 1 May 2027; its last day is 30 June 2027."),
        ({"ends_on": None}, "The mandate begins on 1 May 2027."),
        ({"starts_on": None}, "The last day of the mandate is 30 June 2027."),
    )
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        for number, (fields, said) in enumerate(days):
            invitation = invited(cast, email=f"new{number}@example.org", **fields)
            send_invitation.func(invitation_id=invitation.pk)
            letter = mailoutbox[-1]
            assert said in letter.body
            assert said in letter.alternatives[0].content
        none = invited(cast, email="none@example.org", starts_on=None, ends_on=None)
        send_invitation.func(invitation_id=none.pk)
    assert "last day" not in mailoutbox[-1].body


def test_database_keeps_the_days_in_order(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        invited(cast, starts_on=LAST, ends_on=FIRST)


def test_days_are_given_and_shown_on_the_pages(cast: Cast) -> None:
    client = signed_in(cast.amal)
    form = {"email": "new@example.org", "name": "New", "capacity": "adviser", "language": "en"}
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        client.force_login(cast.amal)
        days = {"starts_on": "2027-05-01", "ends_on": "2027-06-30"}
        answer = client.post(reverse("members:invite", args=[cast.kr.pk]), {**form, **days})
        assert answer.status_code == 302
        invitation = Invitation.objects.get()
        assert (invitation.starts_on, invitation.ends_on) == (FIRST, LAST)
        delegation = reverse("members:delegation", args=[cast.kr.pk])
        assert "from 1 May 2027 until 30 June 2027" in client.get(delegation).content.decode()
        link = reverse("members:invitation", args=[invitation.token])
        assert "from 1 May 2027 until 30 June 2027" in Client().get(link).content.decode()
        accepted(invitation)
        assert "from 1 May 2027 until 30 June 2027" in client.get(delegation).content.decode()
    entry = AuditEntry.objects.page(act="invitation.sent").get()
    assert (entry.after["starts_on"], entry.after["ends_on"]) == ("2027-05-01", "2027-06-30")


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"starts_on": "2027-04-24"}, "This day is over."),
        ({"ends_on": "2027-04-24"}, "This day is over."),
        (
            {"starts_on": "2027-05-02", "ends_on": "2027-05-01"},
            "The last day lies before the first.",
        ),
        ({"ends_on": "9999-12-31"}, "Ensure this value is less than"),
        ({"ends_on": "soon"}, "This is not a day."),
    ],
)
def test_days_that_cannot_be_are_refused(cast: Cast, fields: dict[str, str], words: str) -> None:
    form = {"email": "new@example.org", "name": "New", "capacity": "adviser", "language": "en"}
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        client = signed_in(cast.amal)
        answer = client.post(reverse("members:invite", args=[cast.kr.pk]), {**form, **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Invitation.objects.exists()


def test_no_date_closes_the_secretariat(cast: Cast) -> None:
    second = make_mandate(make_user("erin"), cast.qa, Capacity.SECRETARIAT)
    with pytest.raises(PermissionDenied):
        end_mandate(ending=second, actor=cast.dina, at=timezone.now() + timedelta(days=1))
    client = signed_in(cast.dina)
    url = reverse("members:end_mandate", args=[second.pk])
    assert 'name="ends_on"' not in client.get(url).content.decode()
    form = {"email": "new@example.org", "name": "N", "capacity": "secretariat", "language": "en"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    answer = client.post(
        reverse("members:invite", args=[cast.qa.pk]), {**form, "ends_on": tomorrow.isoformat()}
    )
    assert answer.status_code == 422
    assert "it is ended by hand" in answer.content.decode()


def test_end_is_settled_changed_and_told(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    first, second = timezone.now() + timedelta(days=9), timezone.now() + timedelta(days=30)
    with pytest.raises(PermissionDenied):
        end_mandate(ending=mandate, actor=cast.bilal, at=first)
    with Heard(signals.mandate_changed) as news, Heard(signals.mandate_ended) as ended:
        for at in (first, first, second):
            end_mandate(ending=mandate, actor=cast.amal, mandate=cast.amal_mandate, at=at)
    assert (len(news), len(ended)) == (2, 0)
    mandate.refresh_from_db()
    assert mandate.ends_at == second
    days = [moment.astimezone(SEOUL).date().isoformat() for moment in (first, second)]
    entries = AuditEntry.objects.page(act="mandate.end_settled").order_by("number")
    assert [(e.before["ends_on"], e.after["ends_on"]) for e in entries] == [
        (None, days[0]),
        (days[0], days[1]),
    ]
    end_mandate(ending=mandate, actor=cast.amal)
    now = Mandate.objects.get(pk=mandate.pk).ends_at
    end_mandate(ending=mandate, actor=cast.amal, at=second)  # what has ended stays ended
    assert Mandate.objects.get(pk=mandate.pk).ends_at == now


def test_last_focal_point_is_given_no_end_by_the_head(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.FOCAL_POINT)
    at = timezone.now() + timedelta(days=9)
    with pytest.raises(LastOfItsKindError):
        end_mandate(ending=mandate, actor=cast.amal, at=at)
    second = make_mandate(make_user("finn"), cast.kr, Capacity.FOCAL_POINT)
    end_mandate(ending=second, actor=cast.amal, at=at - timedelta(days=1))
    with pytest.raises(LastOfItsKindError):  # by then the other has gone
        end_mandate(ending=mandate, actor=cast.amal, at=at)
    end_mandate(ending=mandate, actor=cast.dina, at=at)


def test_end_on_a_day_from_the_page(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    url = reverse("members:end_mandate", args=[mandate.pk])
    with time_machine.travel(datetime(2027, 4, 25, tzinfo=UTC), tick=False):
        client = signed_in(cast.amal)
        for fields, words in (
            ({"when": "later"}, "Say on which day."),
            ({"when": "later", "ends_on": "2027-04-24"}, "This day is over."),
            ({"when": "never"}, "never"),
        ):
            answer = client.post(url, fields)
            assert answer.status_code == 422
            assert words in answer.content.decode()
        answer = client.post(url, {"when": "later", "ends_on": "2027-06-30"}, follow=True)
        assert "The mandate ends by itself after 30 June 2027." in answer.content.decode()
        assert "until 30 June 2027" in answer.content.decode()
        assert 'value="2027-06-30"' in client.get(url).content.decode()
        assert signed_in(cast.bilal).post(url, {"when": "now"}).status_code == 404
        mandate.refresh_from_db()
        assert mandate.ends_at == END
        client.post(url, {"when": "now", "ends_on": "nonsense"})
        mandate.refresh_from_db()
        assert mandate.ends_at == timezone.now()


# --- Its last day is changed ----------------------------------------------------------------------


def last_day(mandate: Mandate) -> str:
    return reverse("members:change_last_day", args=[mandate.pk])


def test_a_mandate_is_extended_shortened_and_freed_of_its_last_day(cast: Cast) -> None:
    held = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    client, page = signed_in(cast.amal), reverse("members:delegation", args=[cast.kr.pk])
    assert last_day(held) in client.get(page).content.decode()
    for days in (30, 90, 10, 10):
        day = timezone.localdate() + timedelta(days=days)
        answer = client.post(last_day(held), {"when": "later", "ends_on": day.isoformat()})
        assert (answer.status_code, answer["Location"]) == (302, page)
        held.refresh_from_db()
        assert held.last_moment is not None
        assert held.last_moment.date() == day
    assert last_day(held) in client.get("/en/").content.decode()  # it runs out soon
    assert client.post(last_day(held), {"when": "never"}).status_code == 302
    held.refresh_from_db()
    assert held.ends_at is None
    acts = [e.act for e in AuditEntry.objects.about(held)]
    assert acts == ["mandate.end_settled"] * 4


def test_no_past_day_no_missing_day_and_no_now(cast: Cast) -> None:
    held = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    client = signed_in(cast.amal)
    over = (timezone.localdate() - timedelta(days=1)).isoformat()
    for form in ({"when": "later", "ends_on": over}, {"when": "later"}, {"when": "now"}, {}):
        assert client.post(last_day(held), form).status_code == 422
    held.refresh_from_db()
    assert held.ends_at is None


def test_whose_last_day_is_not_changed_and_by_whom(cast: Cast) -> None:
    held = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    assert signed_in(cast.bilal).get(last_day(held)).status_code == 404
    assert signed_in(held.user).get(last_day(held)).status_code == 403
    assert signed_in(cast.dina).get(last_day(held)).status_code == 200
    asked = signed_in(cast.dina, proved=False).post(last_day(held), {"when": "never"})
    assert asked["Location"].startswith("/en/accounts/reauthenticate/")
    end_mandate(ending=held, actor=cast.dina)
    assert signed_in(cast.dina).get(last_day(held)).status_code == 403


def test_a_day_that_a_handover_has_settled_is_the_handovers(cast: Cast) -> None:
    end = timezone.now() + timedelta(days=30)
    Mandate.objects.filter(pk=cast.dina_mandate.pk).update(ends_at=end)
    client = signed_in(cast.dina)
    assert client.get(last_day(cast.dina_mandate)).status_code == 403
    assert client.post(last_day(cast.dina_mandate), {"when": "never"}).status_code == 403
    with pytest.raises(PermissionDenied):
        take_end_off(ending=cast.dina_mandate, actor=cast.dina)
    cast.dina_mandate.refresh_from_db()
    assert cast.dina_mandate.ends_at == end


def test_the_last_focal_point_gets_no_last_day_but_a_later_one(cast: Cast) -> None:
    focal = make_mandate(make_user("focal"), cast.kr, Capacity.FOCAL_POINT)
    client = signed_in(cast.amal)
    day = (timezone.localdate() + timedelta(days=90)).isoformat()
    refused = client.post(last_day(focal), {"when": "later", "ends_on": day})
    assert (refused.status_code, "last national focal point" in refused.content.decode()) == (
        422,
        True,
    )
    Mandate.objects.filter(pk=focal.pk).update(ends_at=timezone.now() + timedelta(days=5))
    assert client.post(last_day(focal), {"when": "later", "ends_on": day}).status_code == 302
