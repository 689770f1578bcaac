"""Who was at a meeting, as the secretariat notes it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from assembly.actions import record_past_delegations
from assembly.actions.attendance import note_attendance
from assembly.enums import Choice, Outcome, PollState
from assembly.models import Meeting, Poll, RuleSet
from assembly.monitor import standing_of
from members.enums import MembershipState
from members.models import Institution, Membership
from records.models import AuditEntry
from tests.assembly.conftest import make_meeting
from tests.factories import Cast, make_institution, signed_in
from tests.races import at_once

pytestmark = pytest.mark.django_db


@pytest.fixture
def past(rules: RuleSet) -> Meeting:
    return make_meeting(rules, number=6, in_days=-100)


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def present(meeting: Meeting) -> list[tuple[str, int | None]]:
    found = Meeting.objects.for_page().find(meeting.pk)
    assert found is not None
    return [(each.country, each.institution_id) for each in found.delegations.all()]


def test_it_is_noted_read_and_corrected(cast: Cast, past: Meeting) -> None:
    Membership.objects.filter(institution=cast.pl).update(state=MembershipState.WITHDRAWN)
    record_past_delegations(meeting=past, countries=["MX"])  # a guest
    page, client = reverse("assembly:attendance", args=[past.pk]), signed_in(cast.dina)
    field = client.get(page).context["form"]["present"]
    assert [pk for pk, _label in field.field.choices] == [cast.ng.pk, cast.qa.pk, cast.kr.pk]
    assert field.value() == []
    data = {"was": "", "present": [cast.kr.pk, cast.ng.pk]}
    for _twice in range(2):
        assert client.post(page, data)["Location"] == reverse("assembly:meeting", args=[past.pk])
    noted = [("MX", None), ("NG", cast.ng.pk), ("KR", cast.kr.pk)]
    assert present(past) == noted
    entries = AuditEntry.objects.filter(act="meeting.attendance_noted")
    assert [(each.before, each.after) for each in entries] == [({}, {"countries": ["KR", "NG"]})]
    assert standing_of(cast.kr, timezone.now()).attended == 1
    assert standing_of(cast.qa, timezone.now()).in_a_row == 1

    data = {"was": f"{cast.kr.pk} {cast.ng.pk}", "present": [cast.kr.pk, cast.qa.pk]}
    assert client.post(page, data).status_code == 302
    assert present(past) == [("MX", None), ("QA", cast.qa.pk), ("KR", cast.kr.pk)]
    last = AuditEntry.objects.latest("number")
    assert (last.before, last.after) == ({"countries": ["NG"]}, {"countries": ["QA"]})


def _answered(meeting: Meeting, cast: Cast, institution: Institution) -> None:
    """In a certified roll-call."""
    assert meeting.rules is not None
    poll = Poll.objects.create(
        agenda_item=meeting.agenda_items.create(position=1, titles={"en": "Question"}),
        rules=meeting.rules,
        state=PollState.CERTIFIED,
        outcome=Outcome.ADOPTED,
        opened_at=timezone.now(),
        opened_by=cast.dina,
        certified_at=timezone.now(),
        certified_by=cast.dina,
    )
    poll.roll.create(institution=institution, position=1, choice=Choice.ABSTENTION)


def test_the_page_says_what_counts_before_and_after(cast: Cast, past: Meeting) -> None:
    page, client = reverse("assembly:attendance", args=[past.pk]), signed_in(cast.dina)
    assert "Nothing is noted yet, and until the list is saved" in client.get(page).content.decode()
    ticked = client.post(page, {"was": "", "tick_all": "1"})
    assert (ticked.status_code, present(past)) == (200, [])
    assert "nothing is saved yet" in ticked.content.decode()
    everybody = [cast.ng.pk, cast.pl.pk, cast.qa.pk, cast.kr.pk]
    assert sorted(ticked.context["form"]["present"].value()) == sorted(everybody)
    assert ticked.context["form"]["was"].value() == ""
    saved = client.post(page, {"was": "", "present": [cast.kr.pk]}, follow=True)
    told = "The list is kept. Noted as present: 1. Count as absent: 3."
    assert told in saved.content.decode()
    assert client.get(page).context["counted"] == (1, 0, 3, 0)
    _answered(past, cast, cast.ng)
    assert client.get(page).context["counted"] == (1, 1, 2, 0)
    emptied = client.post(page, {"was": str(cast.kr.pk)}, follow=True)
    assert "No member is noted as present any more." in emptied.content.decode()
    assert client.get(page).context["counted"] == (0, 1, 0, 3)


def test_of_a_country_with_two_institutions_one_is_ticked(cast: Cast, past: Meeting) -> None:
    page, client = reverse("assembly:attendance", args=[past.pk]), signed_in(cast.dina)
    other = make_institution("KR")
    alone = {cast.ng.pk, cast.pl.pk, cast.qa.pk}
    ticked = client.post(page, {"was": "", "tick_all": "1"}).context["form"]["present"].value()
    assert set(ticked) == alone | {cast.kr.pk}
    assert client.post(page, {"was": "", "present": [other.pk]}).status_code == 302
    ticked = client.post(page, {"was": "", "tick_all": "1"}).context["form"]["present"].value()
    assert set(ticked) == alone | {other.pk}
    sent = {"was": str(other.pk), "present": ticked}
    assert client.post(page, sent).status_code == 302
    assert len(present(past)) == 4


def test_nonsense_beside_the_boxes_is_passed_over(cast: Cast, past: Meeting) -> None:
    page, client = reverse("assembly:attendance", args=[past.pk]), signed_in(cast.dina)
    for was in ("9" * 5000, "\u0663", "²", "x"):
        assert client.post(page, {"was": was, "present": [cast.kr.pk]}).status_code == 302
    assert present(past) == [("KR", cast.kr.pk)]


def test_what_is_refused(cast: Cast, past: Meeting, rules: RuleSet) -> None:
    page, client = reverse("assembly:attendance", args=[past.pk]), signed_in(cast.dina)
    other = make_institution("KR")
    refused = client.post(page, {"was": "", "present": [cast.kr.pk, other.pk]})
    assert refused.status_code == 422
    assert "A country has one delegation" in refused.content.decode()
    assert refused.context["form"]["present"].value() == [str(cast.kr.pk), str(other.pk)]
    assert client.post(page, {"was": "", "present": ["999999"]}).status_code == 422
    assert present(past) == []
    to_come = make_meeting(rules, number=7)
    assert client.get(reverse("assembly:attendance", args=[to_come.pk])).status_code == 404
    for meeting, actor in ((past, cast.amal), (to_come, cast.dina)):
        with pytest.raises(PermissionDenied):
            note_attendance(
                meeting=meeting, came={cast.kr.pk}, did_not_come=set(), actor=actor, mandate=None
            )


@pytest.mark.django_db(transaction=True)
def test_two_who_note_others_at_once_both_have_their_way(transactional_db: None) -> None:
    cast = Cast()
    meeting = make_meeting(None, number=6, in_days=-9)
    at_once(
        lambda: note_attendance(meeting=meeting, came={cast.kr.pk}, did_not_come=set(), **by(cast)),
        lambda: note_attendance(meeting=meeting, came={cast.ng.pk}, did_not_come=set(), **by(cast)),
    )
    assert {pk for _country, pk in present(meeting)} == {cast.kr.pk, cast.ng.pk}
