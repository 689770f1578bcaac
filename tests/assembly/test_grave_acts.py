"""What decides applications asks for the password first."""

from typing import Any

from django.urls import reverse

from assembly import actions
from assembly.enums import Choice
from assembly.models import Meeting, Poll
from assembly.rules import fingerprint
from members.enums import ApplicationState
from members.models import Application
from tests.assembly.conftest import answers, make_application
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.test_grave_acts import done_after_the_proof


def states() -> Any:
    return list(Application.objects.order_by("pk").values_list("state", flat=True))


def test_results_are_certified_and_released(cast: Cast, meeting: Meeting, poll: Poll) -> None:
    yes = Choice.IN_FAVOUR
    actions.hold_results(meeting=meeting, holds=True, actor=cast.dina, mandate=cast.dina_mandate)
    actions.save_roll_call(
        poll=poll, choices=answers(cast, yes, yes, yes, yes), actor=cast.dina, mandate=None
    )
    item = poll.agenda_item
    certificate = reverse("assembly:certify", args=[meeting.pk, item.position])
    reviewed = {"reviewed": fingerprint(poll.choices), "confirmed": "on"}
    done_after_the_proof(
        cast.dina, certificate, reviewed, lambda: Poll.objects.get(pk=poll.pk).state
    )
    president = make_user("president")
    make_mandate(president, cast.qa)
    release = reverse("assembly:release_results", args=[meeting.pk])
    assert signed_in(cast.amal, proved=False).post(release).status_code == 403
    done_after_the_proof(president, release, {}, states)
    assert states() == [ApplicationState.ADMITTED]


def test_a_question_is_put_off(cast: Cast, meeting: Meeting) -> None:
    item = actions.place_on_agenda(
        meeting=meeting,
        application=make_application(make_user("contact")),
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    address = reverse("assembly:decision_terms", args=[meeting.pk, item.position])
    sent = {"conditions": "With a budget.", "seen": "0"}
    kept = signed_in(cast.dina, proved=False).post(address, sent)  # what is only prepared
    assert kept["Location"] == reverse("assembly:agenda_item", args=[meeting.pk, item.position])
    done_after_the_proof(cast.dina, address, {**sent, "then": "defer", "seen": "1"}, states)
