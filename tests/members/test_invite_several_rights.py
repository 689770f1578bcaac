"""Who may invite by a list, what it costs, and the empty list that one fills in."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.invitations import invite_several
from members.enums import Capacity, Fate, MembershipState
from members.forms.invitees import SheetForm
from members.models import Invitation
from tests.factories import Cast, make_mandate, make_user
from tests.files import upload
from tests.members.test_invite_several import invitee, page, sent_back, sheet, signed_in


def test_rights_are_those_of_the_moment(cast: Cast) -> None:
    observer, focal = make_user("erin"), make_user("finn")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    list_of_one = sheet(["New", "new@example.org", "delegate", "en"])
    for user, status in (
        (cast.bilal, 404),
        (cast.chloe, 404),
        (observer, 403),
        (cast.amal, 200),
        (focal, 200),
        (cast.dina, 200),
    ):
        client = signed_in(user)
        assert client.get(page(cast)).status_code == status
        list_of_one["sheet"].seek(0)
        assert client.post(page(cast), list_of_one).status_code == status
        for kind in ("csv", "xlsx"):
            at = reverse("members:empty_list", args=[cast.kr.pk, kind])
            assert client.get(at).status_code == status
    for user in (cast.bilal, cast.chloe, observer):
        with pytest.raises(PermissionDenied):
            invite_several(institution=cast.kr, invitees=[invitee(1)], actor=user)
    above = invitee(1, capacity=Capacity.SECRETARIAT)
    (outcome,) = invite_several(institution=cast.kr, invitees=[above], actor=cast.amal)
    assert outcome.fate == Fate.REFUSED
    html = signed_in(cast.amal).post(page(cast), list_of_one).content.decode()
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    assert signed_in(cast.amal).post(page(cast), sent_back(html, "send")).status_code == 404
    assert not Invitation.objects.exists()


def test_looking_costs_the_same_with_one_row_and_three(cast: Cast) -> None:
    def cost(count: int) -> int:
        rows = [[f"New {n}", f"n{n}@example.org", "delegate", "en"] for n in range(count)]
        rows += [["Bad", "", "delegate", "en"], ["Amal", "amal@example.org", "head", "en"]] * count
        with CaptureQueriesContext(connection) as captured:
            assert client.post(page(cast), sheet(*rows)).status_code == 200
        return len(captured)

    client = signed_in(cast.amal)
    cost(1)
    assert cost(1) == cost(3)


def test_sending_costs_a_row_no_more_than_its_place_in_the_log(cast: Cast) -> None:
    """Invitations and letters are written together; of the log each entry is bound to the last."""

    def cost(first: int, count: int) -> int:
        with CaptureQueriesContext(connection) as captured:
            invite_several(
                institution=cast.kr,
                invitees=[invitee(first + n) for n in range(count)],
                actor=cast.amal,
            )
        return len(captured)

    cost(1, 1)
    one, three = cost(10, 1), cost(20, 3)
    assert three - one == 2 * 3  # the head read, the entry written, the head moved on


def test_empty_lists_are_read_back_in_every_language(cast: Cast) -> None:
    client = signed_in(cast.amal)
    for language in ("ar", "en", "fr"):
        for kind in ("csv", "xlsx"):
            answer = client.get(
                f"/{language}/members/{cast.kr.pk}/delegation/invitations/several/list.{kind}"
            )
            assert answer["Content-Disposition"] == f'attachment; filename="invitations.{kind}"'
            form = SheetForm({}, {"sheet": upload(answer.content, f"list.{kind}")}, language="en")
            assert form.errors["sheet"].as_data()[0].code == "no_rows"
    assert client.get(reverse("members:empty_list", args=[cast.kr.pk, "exe"])).status_code == 404
