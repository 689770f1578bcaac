"""From the admission to the seat: the charter sent, signed, checked; the arrival."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions import applicants, charters
from members.actions.applications import WrongStateError, decide_application
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.models import Application, CharterSending, ProfileVersion, User
from members.onboarding import steps_of
from members.tasks_admission import send_charter_letter, send_welcome_letter
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.files import PDF, upload
from tests.members.applications import EXPLANATION, application_in, checked, told


@pytest.fixture
def contact(db: None) -> User:
    return make_user("contact")


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def test_the_charter_is_sent_with_its_pdf(cast: Cast, contact: User, mailoutbox: list[Any]) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    with pytest.raises(ValidationError) as refused:
        charters.send_charter(application=application, upload=None, **by(cast))
    assert refused.value.code == "no_charter"
    first = charters.send_charter(
        application=application, upload=checked(PDF + b"c", "charter.pdf"), **by(cast)
    )
    again = charters.send_charter(application=application, upload=None, **by(cast))
    assert (again.file, again.name) == (first.file, "charter.pdf")
    send_charter_letter(sending_id=first.pk)
    (letter,) = mailoutbox
    assert letter.to == ["contact@example.org"]
    assert [(a[0], a[1], a[2]) for a in letter.attachments] == [
        ("charter.pdf", PDF + b"c", "application/pdf")
    ]
    with pytest.raises(PermissionDenied):
        charters.send_charter(
            application=application, upload=None, actor=cast.amal, mandate=cast.amal_mandate
        )


def test_a_refused_copy_is_sent_anew(cast: Cast, contact: User) -> None:
    application = application_in(State.CHARTER_SIGNED, cast, contact)
    decided_at = application.decided_at
    with pytest.raises(PermissionDenied):
        charters.refuse_charter(application=application, reason="No.", actor=contact, mandate=None)
    back = charters.refuse_charter(application=application, reason="No seal.", **by(cast))
    assert (back.state, back.decided_at) == (State.ADMITTED, decided_at)
    with pytest.raises(WrongStateError):
        charters.refuse_charter(application=application, reason="No seal.", **by(cast))
    assert told(application)[-1] == ("charter_refused", contact.pk)
    client = Client()
    client.force_login(contact)
    page = client.get(reverse("members:application", args=[application.pk])).content.decode()
    assert "No seal." in page
    handed_in = applicants.hand_in_charter(
        application=application, upload=checked(PDF + b"sealed"), actor=contact
    )
    assert handed_in.state == State.CHARTER_SIGNED


def test_a_signed_charter_is_not_decided_again(cast: Cast, contact: User) -> None:
    application = application_in(State.CHARTER_SIGNED, cast, contact)
    with pytest.raises(WrongStateError):
        decide_application(
            application=application, to=State.ADMITTED, explanation=EXPLANATION, **by(cast)
        )


def done(application: Application) -> list[str]:
    fresh = Application.objects.for_dossier().get(pk=application.pk)
    return [step.key for step in steps_of(fresh) if step.is_done]


def test_the_arrival_is_seen_or_ticked(cast: Cast, contact: User, mailoutbox: list[Any]) -> None:
    application = application_in(State.ACTIVE, cast, contact)
    assert done(application) == ["focal_point", "rooms"]
    for key in ("rooms", "welcome", "other"):
        with pytest.raises(ValidationError) as refused:
            charters.tick_step(application=application, key=key, is_met=True, seen=0, **by(cast))
        assert refused.value.code == "no_point"
    charters.tick_step(application=application, key="web_page", is_met=True, seen=0, **by(cast))
    tick = charters.welcome_member(application=application, words="Be welcome.", **by(cast))
    assert charters.welcome_member(application=application, words="Be welcome.", **by(cast)) == tick
    with pytest.raises(ValidationError) as refused:
        charters.welcome_member(application=application, words="Other words.", **by(cast))
    assert refused.value.code == "welcomed"
    assert done(application) == ["focal_point", "rooms", "web_page", "welcome"]
    send_welcome_letter(application_id=application.pk)
    (letter,) = mailoutbox
    assert letter.to == ["contact@example.org"]
    assert "Be welcome." in letter.body


def test_the_new_member_reads_what_is_still_to_be_done(cast: Cast, contact: User) -> None:
    application = application_in(State.ACTIVE, cast, contact)
    institution = application.institution
    assert institution
    address = reverse("members:delegation", args=[institution.pk])
    invite = reverse("members:invite", args=[institution.pk])
    head, delegate = make_user("head"), make_user("delegate")
    make_mandate(delegate, institution, Capacity.DELEGATE)
    page = signed_in(contact).get(address).content.decode()
    assert "Your arrival in the network" in page
    assert f'<a href="{invite}">The head of its delegation has a mandate</a>' in page
    assert "by the secretariat" in page
    assert reverse("members:tick_step", args=[application.pk, "web_page"]) not in page
    assert "Your arrival" not in signed_in(delegate).get(address).content.decode()
    assert "Your arrival" not in signed_in(cast.dina).get(address).content.decode()  # has its own
    assert signed_in(cast.amal).get(address).status_code == 404
    make_mandate(head, institution, Capacity.HEAD)
    page = signed_in(head).get(address).content.decode()
    assert "The head of its delegation has a mandate</a>" not in page  # it is done
    charters.tick_step(application=application, key="web_page", is_met=True, seen=0, **by(cast))
    charters.welcome_member(application=application, words="Be welcome.", **by(cast))
    ProfileVersion.objects.create(institution=institution, number=1, at=timezone.now(), profile={})
    assert "Your arrival" not in signed_in(head).get(address).content.decode()
    # Nobody else has anything of it.
    own = reverse("members:delegation", args=[cast.kr.pk])
    assert "Your arrival" not in signed_in(cast.amal).get(own).content.decode()


def test_over_http(cast: Cast, contact: User) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    names = ("charter", "send_charter", "refuse_charter", "welcome_member", "charter_file")
    page, send, refuse, welcome, file = (
        reverse(f"members:{name}", args=[application.pk]) for name in names
    )
    client = Client()
    client.force_login(cast.dina)
    assert client.get(page).status_code == 200
    assert client.get(file).status_code == 404
    assert client.post(send).status_code == 422
    for name, content in (("charter.png", b"\x89PNG"), ("charter.pdf", b"<html>")):
        sent = {"file": upload(content, name)}
        assert client.post(send, sent).status_code == 422, name
    assert client.post(send, {"file": upload(PDF, "charter.pdf")}).status_code == 302
    assert CharterSending.objects.count() == 1
    for address, typed in ((refuse, {"reason": "No seal."}), (welcome, {"words": "Hello."})):
        early = client.post(address, typed)
        assert early.status_code == 409
        assert "".join(typed.values()) in early.content.decode()  # to be copied
    client.force_login(contact)
    assert client.get(file)["Content-Disposition"] == 'attachment; filename="charter.pdf"'
    for address in (send, refuse, welcome):
        assert client.post(address).status_code == 403
    client.force_login(cast.amal)
    assert client.get(file).status_code == 404
    assert client.get(page).status_code == 404
