"""Another class of membership than the one sought: proposed, told, voted on, admitted."""

from typing import Any

import pytest
from django.core import mail
from django.db import IntegrityError
from django.test import Client
from django.urls import reverse

from assembly import actions
from assembly.models import AgendaItem, Meeting
from members.actions import applicants
from members.actions import applications as review
from members.enums import ApplicationState as State
from members.enums import MembershipClass
from members.models import Application, Membership, User
from members.tasks import send_application_letter
from records.models import AuditEntry
from tests.assembly.test_results import N, Y, by, decide
from tests.factories import Cast, make_user
from tests.files import PDF
from tests.members.applications import application_in, checked, send_the_charter, told

REASON = "It is of a region."


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("contact")


def proposed(cast: Cast, contact: User, **changed: Any) -> Application:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    return review.recommend_application(
        **{
            "application": application,
            "favourable": True,
            "reasons": "It meets the charter.",
            "incomplete_because": "Its papers are with the board.",
            "proposed_class": "associate",
            "class_reason": REASON,
            **by(cast.dina),
            **changed,
        }
    )


def place(meeting: Meeting, application: Application, cast: Cast) -> AgendaItem:
    return actions.place_on_agenda(meeting=meeting, application=application, **by(cast.dina))


def test_it_is_voted_on_and_admitted_in_the_proposed_class(
    cast: Cast, meeting: Meeting, contact: User
) -> None:
    application = proposed(cast, contact)
    item = place(meeting, application, cast)
    client = Client()
    client.force_login(cast.amal)
    address = reverse("assembly:agenda_item", args=[meeting.pk, item.position])
    shown = client.get(address).content.decode()
    assert "as <strong>associate member</strong>?" in shown
    assert REASON in shown
    decide(item, cast, Y)
    assert "Admitted as <strong>associate member</strong>." in client.get(address).content.decode()
    application.refresh_from_db()
    assert application.admitted_class == MembershipClass.ASSOCIATE
    assert application.membership_class == MembershipClass.FULL  # what was sought
    send_the_charter(application, cast)
    applicants.hand_in_charter(
        application=application, upload=checked(PDF + b"charter"), actor=contact
    )
    review.activate_application(application=application, **by(cast.dina))
    classes = Membership.objects.filter(institution__application=application)
    assert set(classes.values_list("membership_class", flat=True)) == {"associate"}


def test_the_applicant_is_told_and_the_log_knows(
    cast: Cast, meeting: Meeting, contact: User
) -> None:
    application = proposed(cast, contact)
    assert ("class_proposed", contact.pk) in told(application)
    assert {user for letter, user in told(application) if letter == "class_proposed"} == {
        contact.pk
    }
    send_application_letter(
        letter="class_proposed", application_id=application.pk, user_id=contact.pk
    )
    assert REASON in mail.outbox[-1].body
    assert "associate member" in mail.outbox[-1].body
    client = Client()
    client.force_login(contact)
    page = reverse("members:application", args=[application.pk])
    assert REASON in client.get(page).content.decode()
    entry = AuditEntry.objects.filter(act="application.recommended")[0]
    assert (entry.after["proposed_class"], entry.after["class_reason"]) == ("associate", REASON)
    decide(place(meeting, application, cast), cast, Y)
    send_application_letter(letter="admitted", application_id=application.pk, user_id=contact.pk)
    assert "Class of membership: associate member" in mail.outbox[-1].body


def test_the_class_sought_is_no_proposal(cast: Cast, meeting: Meeting, contact: User) -> None:
    application = proposed(cast, contact, proposed_class="full")
    assert application.proposed_class == ""
    assert "class_proposed" not in [letter for letter, _user in told(application)]
    item = place(meeting, application, cast)
    assert item.membership_class == MembershipClass.FULL
    decide(item, cast, N)
    assert Application.objects.get(pk=application.pk).admitted_class == ""


def test_a_proposal_needs_its_reason(cast: Cast, contact: User) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    client = Client()
    client.force_login(cast.dina)
    address = reverse("members:recommend_application", args=[application.pk])
    sent = {
        "favourable": "yes",
        "reasons": "Good.",
        "incomplete_because": "Later.",
        "proposed_class": "associate",
    }
    assert client.post(address, sent).status_code == 422
    assert client.post(address, {**sent, "proposed_class": "grand"}).status_code == 422
    assert client.post(address, {**sent, "class_reason": REASON}).status_code == 302
    application.refresh_from_db()
    assert (application.proposed_class, application.state) == ("associate", State.RECOMMENDED)
    with pytest.raises(IntegrityError):
        Application.objects.filter(pk=application.pk).update(proposed_class_reason="")


def test_what_stands_on_the_agenda_is_what_is_voted_on(
    cast: Cast, meeting: Meeting, contact: User
) -> None:
    application = proposed(cast, contact)
    item = place(meeting, application, cast)
    Application.objects.filter(pk=application.pk).update(proposed_class="")
    decide(item, cast, Y)
    application.refresh_from_db()
    assert application.admitted_class == MembershipClass.ASSOCIATE
