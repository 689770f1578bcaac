"""Members from before the portal, and first days that nobody had recorded."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from members.actions.earlier_members import (
    FirstDayRecordedError,
    Joining,
    PerhapsKnownError,
    enter_member,
    record_first_day,
)
from members.enums import ApplicationState, MembershipClass, MembershipState
from members.models import Institution, Membership, network_today
from messaging.enums import RoomKind
from messaging.models import Participant
from portal.founding import open_common_rooms
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import application_in
from tests.members.memberships import now, suspend
from tests.members.test_grave_acts import done_after_the_proof
from tests.races import at_once

NEW = "/en/members/new/"
TYPED = {
    "name_en": "Institute of Bridges",
    "name_ar": "معهد الجسور",
    "acronym": "IB",
    "country": "PT",
    "kind": "research_body",
    "membership_class": "associate",
    "since": "2015-03-02",
    "decision": "Decision 2/1 of the second assembly",
    "reason": "Founding member.",
}


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def said(cast: Cast, **more: Any) -> dict[str, Any]:
    joining = Joining(
        membership_class="full", since=date(2015, 3, 2), reason="Founding member.", decision="2/1"
    )
    names = {"en": "Institute of Bridges"}
    facts = {"names": names, "acronym": "IB", "country": "PT", "kind": "", "joining": joining}
    return {**facts, "seen": (), **by(cast), **more}


def bare(cast: Cast) -> Institution:
    """A member whose source says no day: as the founder is."""
    cast.kr.memberships.update(since=None, joined_on=None)
    return cast.kr


def day(institution: Institution) -> str:
    return reverse("members:record_first_day", args=[institution.pk])


# --- Members ---


def test_a_member_is_entered_on_a_page_and_its_focal_point_invited(
    cast: Cast, client: Client
) -> None:
    open_common_rooms(members=[cast.kr], observers=[])
    clerk = signed_in(cast.dina)
    assert NEW in clerk.get(reverse("members:directory")).content.decode()
    assert NEW not in client.get(reverse("members:directory")).content.decode()
    answer = clerk.post(NEW, TYPED)
    made = Institution.objects.get(country="PT")
    assert answer["Location"] == reverse("members:invite", args=[made.pk])
    assert "Invite its focal point here." in clerk.get(answer["Location"]).content.decode()
    assert made.names == {"en": "Institute of Bridges", "ar": "معهد الجسور"}
    standing = now(made)
    assert (standing.membership_class, standing.state) == ("associate", MembershipState.ACTIVE)
    assert (standing.since, standing.joined_on) == (date(2015, 3, 2), date(2015, 3, 2))
    assert standing.recorded_by == cast.dina
    # As any member: in the directory, in search, and in the rooms of all.
    found = client.get(reverse("members:directory"), {"q": "bridges"}).content.decode()
    assert "2 March 2015" in found
    rooms = Participant.objects.filter(institution=made).values_list("room__kind", flat=True)
    assert set(rooms) == {RoomKind.PLENARY, RoomKind.ANNOUNCEMENTS}
    page = clerk.get(reverse("members:institution", args=[made.pk])).content.decode()
    assert "Founding member." in page
    assert "Decision 2/1 of the second assembly" in page
    acts = list(AuditEntry.objects.order_by("-pk").values_list("act", flat=True)[:2])
    assert acts == ["membership.entered", "institution.created"]
    assert verify_audit_log() is None


def test_what_may_be_the_same_is_shown_before(cast: Cast) -> None:
    cast.kr.names = {"en": "Institute of Bridges"}
    cast.kr.search_text = cast.kr.searchable()
    cast.kr.save()
    application = application_in(ApplicationState.SUBMITTED, cast, make_user("contact"))
    application.acronym, application.country = "IB", "PT"
    application.search_text = application.searchable()
    application.save()
    clerk = signed_in(cast.dina)
    answer = clerk.post(NEW, TYPED)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "the same name" in page
    assert "the same acronym in the same country" in page
    assert reverse("members:institution", args=[cast.kr.pk]) in page
    assert reverse("members:application", args=[application.pk]) in page
    assert 'value="IB"' in page
    assert not Institution.objects.filter(country="PT").exists()
    seen = f"institution-{cast.kr.pk} application-{application.pk}"
    assert f'value="{seen}"' in page
    # One of which they have not seen all is not entered.
    assert clerk.post(NEW, {**TYPED, "seen": seen.split()[0]}).status_code == 409
    assert clerk.post(NEW, {**TYPED, "seen": seen}).status_code == 302
    assert Institution.objects.filter(country="PT").count() == 1


def test_what_is_entered_twice_is_there_once(cast: Cast) -> None:
    assert enter_member(**said(cast)) == enter_member(**said(cast))
    assert Institution.objects.filter(country="PT").count() == 1
    other = Joining(membership_class="full", since=date(2016, 1, 1), reason="Another.")
    with pytest.raises(PerhapsKnownError):
        enter_member(**said(cast, joining=other))


def test_others_neither_find_nor_do_it(cast: Cast) -> None:
    for user in (cast.amal, cast.chloe, make_user("erin")):
        client = signed_in(user)
        assert client.get(NEW).status_code == 404
        assert client.post(NEW, TYPED).status_code == 404
        assert NEW not in client.get(reverse("members:directory")).content.decode()
        with pytest.raises(PermissionDenied):
            enter_member(**said(cast, actor=user, mandate=None))
    assert Client().get(NEW).status_code == 302


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("since", "2099-01-01", "This day lies in the future."),
        ("since", "0001-01-01", "This day lies too far back."),
        ("since", "", "This field is required."),
        ("reason", " ", "This field is required."),
        ("membership_class", "guest", "Select a valid choice."),
        ("country", "ZZ", "Select a valid choice."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cast: Cast, field: str, value: str, message: str
) -> None:
    answer = signed_in(cast.dina).post(NEW, {**TYPED, field: value})
    assert answer.status_code == 422
    assert message in answer.content.decode()
    assert not Institution.objects.filter(country="PT").exists()


def test_it_has_a_name(cast: Cast) -> None:
    answer = signed_in(cast.dina).post(NEW, {**TYPED, "name_en": "", "name_ar": ""})
    assert answer.status_code == 422
    assert "in one language at least" in answer.content.decode()


def test_it_asks_for_the_password(cast: Cast) -> None:
    done_after_the_proof(cast.dina, NEW, TYPED, Institution.objects.count)
    bare(cast)

    def stands() -> Any:
        return Membership.objects.filter(since=None).count()

    data = {"since": "2014-10-23", "reason": "Founding member."}
    done_after_the_proof(cast.dina, day(cast.kr), data, stands)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_enter_the_same_one_is_shown_the_other(cast: Cast) -> None:
    def enter(reason: str) -> Any:
        joining = Joining(membership_class="full", since=date(2015, 3, 2), reason=reason)
        return lambda: enter_member(**said(cast, joining=joining))

    assert at_once(enter("One."), enter("Two.")) == ["done", "perhaps_known"]


# --- First days ---


def test_a_first_day_is_recorded_where_none_was(cast: Cast, client: Client) -> None:
    founder = bare(cast)
    suspend(cast, since=network_today())
    page = reverse("members:institution", args=[founder.pk])
    clerk = signed_in(cast.dina)
    assert day(founder) in clerk.get(page).content.decode()
    assert day(founder) not in client.get(page).content.decode()
    data = {"since": "2014-10-23", "reason": "Founding member.", "decision": "Charter"}
    assert clerk.post(day(founder), data)["Location"] == page
    first, second = founder.memberships.order_by("pk")
    assert (first.since, first.joined_on) == (date(2014, 10, 23), date(2014, 10, 23))
    assert (first.reason, first.decision, first.recorded_by) == (
        "Founding member.",
        "Charter",
        cast.dina,
    )
    assert second.joined_on == date(2014, 10, 23)
    assert second.reason == "Absent three times."
    assert "23 October 2014" in client.get(page).content.decode()
    assert day(founder) not in clerk.get(page).content.decode()
    entry = AuditEntry.objects.latest("pk")
    assert entry.act == "membership.first_day_recorded"
    assert entry.after["from"] == "2014-10-23"
    # It is never changed.
    assert clerk.get(day(founder)).status_code == 404
    with pytest.raises(FirstDayRecordedError):
        record_first_day(
            institution=founder, since=date(2013, 1, 1), reason="No.", decision="", **by(cast)
        )
    again = {"since": date(2014, 10, 23), "reason": "Founding member.", "decision": "Charter"}
    assert record_first_day(institution=founder, **again, **by(cast)) == first
    assert AuditEntry.objects.filter(act="membership.first_day_recorded").count() == 1


def test_a_first_day_lies_before_the_end_of_that_standing(cast: Cast) -> None:
    founder = bare(cast)
    suspend(cast, since=network_today() - timedelta(days=9))
    data = {"since": network_today().isoformat(), "reason": "Founding member."}
    answer = signed_in(cast.dina).post(day(founder), data)
    assert answer.status_code == 422
    assert "this standing had ended already" in answer.content.decode()
    with pytest.raises(ValidationError):
        record_first_day(
            institution=founder,
            since=network_today() + timedelta(days=1),
            reason="x",
            decision="",
            **by(cast),
        )
    assert founder.memberships.filter(since=None).exists()


def test_a_first_day_is_the_secretariats(cast: Cast) -> None:
    founder = bare(cast)
    data = {"since": "2014-10-23", "reason": "Founding member."}
    for user in (cast.amal, cast.chloe, make_user("erin")):
        assert signed_in(user).get(day(founder)).status_code == 404
        assert signed_in(user).post(day(founder), data).status_code == 404
        with pytest.raises(PermissionDenied):
            record_first_day(
                institution=founder,
                since=date(2014, 10, 23),
                reason="x",
                decision="",
                actor=user,
                mandate=None,
            )
    assert now(founder).membership_class == MembershipClass.FULL
    assert now(founder).since is None
