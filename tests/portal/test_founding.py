"""A network of one's own, from an empty database."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from members.enums import Capacity
from members.models import Institution, Invitation, Membership, Presidency
from messaging.models import Participant, Room
from tests.factories import Cast

OPTIONS: dict[str, Any] = {
    "name_en": "Institute of Examples",
    "country": "pt",
    "email": "Dina@example.org",
    "person": "dina",
    "language": "fr",
}


@pytest.mark.django_db
def test_founding_leaves_one_member_that_presides_and_one_invitation() -> None:
    call_command("found_network", **OPTIONS)
    institution = Institution.objects.get()
    assert (institution.country.code, institution.names) == ("PT", {"en": "Institute of Examples"})
    assert Membership.objects.active().get().institution == institution
    assert Presidency.objects.running().get().institution == institution
    invitation = Invitation.objects.open().get()
    assert (invitation.email, invitation.capacity) == ("dina@example.org", Capacity.SECRETARIAT)
    assert {room.kind for room in Room.objects.all()} == {"plenary", "announcements"}
    assert Participant.objects.filter(institution=institution).count() == 2
    call_command("verify_records")


@pytest.mark.django_db
def test_founding_twice_is_refused() -> None:
    call_command("found_network", **OPTIONS)
    with pytest.raises(CommandError, match="holds a network already"):
        call_command("found_network", **OPTIONS)
    assert Institution.objects.count() == 1


def test_founding_where_there_is_a_network_is_refused(cast: Cast) -> None:
    with pytest.raises(CommandError, match="holds a network already"):
        call_command("found_network", **OPTIONS)


@pytest.mark.parametrize(
    ("option", "reason"), [({"name_en": ""}, "official name"), ({"country": "XX"}, "no country")]
)
def test_founding_asks_for_what_is_missing(option: dict[str, str], reason: str) -> None:
    with pytest.raises(CommandError, match=reason):
        call_command("found_network", **{**OPTIONS, **option})
