"""What the history of a membership says of how the institution came in."""

from typing import Any

from django.urls import reverse

from assembly import actions
from assembly.enums import Choice
from assembly.models import Meeting
from members.actions import applicants
from members.actions.applications import activate_application
from members.models import Application, Institution, User
from tests.assembly.test_results import by, decide, hold, item_of
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.files import PDF
from tests.members.applications import checked, send_the_charter
from tests.members.memberships import now


def page(user: User, institution: Institution) -> str:
    answer = signed_in(user).get(reverse("members:institution", args=[institution.pk]))
    return str(answer.content.decode())


def admitted(cast: Cast, meeting: Meeting, contact: User) -> tuple[Institution, str]:
    """By a vote; and where that was."""
    item = item_of(meeting, cast, contact)
    decide(item, cast, Choice.IN_FAVOUR)
    institution = Application.objects.get(agenda_items=item).institution
    assert institution
    return institution, f"agenda item {item.position}"


def activated(cast: Cast, institution: Institution, contact: User) -> None:
    application = Application.objects.get(institution=institution)
    send_the_charter(application, cast)
    charter = checked(PDF + b"charter")
    application = applicants.hand_in_charter(application=application, upload=charter, actor=contact)
    activate_application(application=application, **by(cast.dina))


def test_it_says_by_which_decision_and_who_recorded_it(cast: Cast, meeting: Meeting) -> None:
    contact = make_user("contact")
    institution, item = admitted(cast, meeting, contact)
    candidate = now(institution)
    assert candidate.decision.startswith(meeting.name)
    assert str(meeting.starts_on.year) in candidate.decision
    assert candidate.decision.endswith(item)
    assert "4 in favour" in candidate.reason
    assert candidate.recorded_by == cast.dina
    activated(cast, institution, contact)
    member = now(institution)
    assert member.decision == candidate.decision
    assert member.reason == "The network has admitted it, and it has signed the charter."
    assert member.recorded_by == cast.dina
    # The secretariat and its own people read it; nobody else does.
    for reader in (cast.dina, contact):
        shown = page(reader, institution)
        assert shown.count(item) == 2
        assert "4 in favour" in shown
        assert "Recorded by" in shown
    assert item not in page(cast.amal, institution)


def test_what_the_president_released_was_recorded_by_them(cast: Cast, meeting: Meeting) -> None:
    president = make_user("president")
    make_mandate(president, cast.qa)
    hold(meeting, cast)
    item = item_of(meeting, cast, make_user("contact"))
    decide(item, cast, Choice.IN_FAVOUR)
    actions.release_results(meeting=meeting, **by(president))
    institution = Application.objects.get(agenda_items=item).institution
    assert institution
    assert now(institution).recorded_by == president
    assert now(institution).decision.endswith(f"agenda item {item.position}")


def test_it_is_written_in_the_first_language_of_the_network(
    cast: Cast, meeting: Meeting, settings: Any
) -> None:
    settings.LANGUAGE_CODE = "fr"
    contact = make_user("contact", language="en")
    institution, _item = admitted(cast, meeting, contact)
    assert "point de l’ordre du jour" in now(institution).decision
    assert "pour" in now(institution).reason
    activated(cast, institution, contact)
    assert "charte" in now(institution).reason
