"""Before a grave act the password is asked for; what was typed is done after it."""

import json
import time
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.actions.application_forms import keep_question
from members.actions.handovers import schedule_handover
from members.actions.invitations import invite_to_delegation
from members.actions.mandates import suspend_mandate
from members.enums import ApplicationState, Capacity, HandoverState
from members.http import FORM_SECONDS, STOPPED_KEY
from members.models import (
    Application,
    ApplicationEditor,
    ApplicationFormVersion,
    Handover,
    Invitation,
    Mandate,
    ReviewGuide,
    User,
)
from records.models import AuditEntry
from records.sheets import xlsx_file
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.files import upload
from tests.members.applications import application_in
from tests.members.test_application_forms import STAFF
from tests.members.test_checklists import guide_data
from tests.members.test_invite_several import sent_back
from tests.portal.authenticator import Device
from tests.portal.test_passkeys import add


def done_after_the_proof(user: User, address: str, data: dict[str, str], stands: Any) -> Client:
    """`stands()`: what the act changes. Returns the person's browser."""
    client, before = signed_in(user, proved=False), stands()
    asked = client.post(address, data)
    assert asked.status_code == 302
    assert asked["Location"].startswith("/en/accounts/reauthenticate/")
    assert stands() == before
    wrong = client.post(asked["Location"], {"password": "not the one"})
    assert (wrong.status_code, stands()) == (200, before)
    assert client.post(asked["Location"], {"password": PASSWORD}).status_code == 302
    assert stands() != before
    return client


@pytest.fixture
def handover(cast: Cast) -> Handover:
    next_office = make_user("next")
    make_mandate(next_office, cast.ng, Capacity.DELEGATE)
    return schedule_handover(
        institution=cast.ng,
        takes_effect_at=timezone.now() + timedelta(days=30),
        ending=[],
        beginning=[next_office],
        actor=cast.dina,
    )


def test_a_handover_is_moved_and_cancelled(cast: Cast, handover: Handover) -> None:
    def stands() -> Any:
        return Handover.objects.values_list("takes_effect_at", "state").get()

    to = (timezone.now() + timedelta(days=60)).strftime("%Y-%m-%dT09:00")
    address = reverse("members:move_handover", args=[handover.pk])
    done_after_the_proof(cast.dina, address, {"version": "1", "takes_effect_at": to}, stands)
    address = reverse("members:cancel_handover", args=[handover.pk])
    client = done_after_the_proof(cast.dina, address, {"reason": "Not agreed."}, stands)
    assert stands()[1] == HandoverState.CANCELLED
    # What is settled is told without it.
    assert signed_in(cast.dina, proved=False).get(address).status_code == 409
    assert client.get(address).status_code == 409


def test_what_is_asked_of_applicants_and_of_reviewers(cast: Cast) -> None:
    def form() -> Any:
        return list(ApplicationFormVersion.objects.values_list("pk", "published_at"))

    def guide() -> Any:
        return ReviewGuide.objects.count()

    keep_question(question=STAFF, version=None, actor=None)
    done_after_the_proof(cast.dina, reverse("members:publish_form"), {}, form)
    address = reverse("members:review_guide")
    typed = guide_data(0) | {"point-1-leave_out": "on"}
    # What cannot be is said before the password is asked for.
    assert signed_in(cast.dina, proved=False).post(address, {}).status_code == 422
    done_after_the_proof(cast.dina, address, typed, guide)


def test_who_opens_the_page_anew_has_given_up_what_they_sent(
    cast: Cast, handover: Handover
) -> None:
    """allauth would do it with the next proof for this page, whenever that is."""
    address = reverse("members:cancel_handover", args=[handover.pk])
    client = signed_in(cast.dina, proved=False)
    client.post(address, {"reason": "Not agreed."})
    asked = client.get(address)["Location"]
    assert client.post(asked, {"password": PASSWORD})["Location"] == address
    handover.refresh_from_db()
    assert handover.state == HandoverState.SCHEDULED


def has_waited(client: Client, seconds: int) -> None:
    session = client.session
    session[STOPPED_KEY] = {**session[STOPPED_KEY], "at": time.time() - seconds}
    session.save()


PROVED_AT = {
    "password": "account_reauthenticate",
    "code": "mfa_reauthenticate",
    "passkey": "mfa_reauthenticate_webauthn",
}


def prove(client: Client, asked: str, by: str, key: Device) -> HttpResponse:
    """A wrong proof, then the right one. `asked`: where one was led; `key`: dina's passkey."""
    address = f"{reverse(PROVED_AT[by])}?{asked.partition('?')[2]}"

    def answer(*, forged: bool) -> str:
        options = client.get(address).context["js_data"]["request_options"]
        return json.dumps(key.answer(json.loads(json.dumps(options, default=dict)), forged=forged))

    def proof(*, right: bool) -> dict[str, str]:
        if by == "passkey":
            return {"credential": answer(forged=not right)}
        return {by: (PASSWORD if by == "password" else code) if right else "not the one"}

    code = RecoveryCodes(Authenticator.objects.get(type="recovery_codes")).get_unused_codes()[0]
    wrong = client.post(address, proof(right=False))
    assert wrong.status_code == (422 if by == "passkey" else 200)
    return client.post(address, proof(right=True))


@pytest.mark.parametrize(
    ("seconds", "is_done"), [(FORM_SECONDS - 60, True), (FORM_SECONDS + 1, False)]
)
@pytest.mark.parametrize("by", PROVED_AT)
def test_what_waited_too_long_is_not_done_by_the_proof(
    cast: Cast, handover: Handover, by: str, seconds: int, is_done: bool
) -> None:
    key = Device()
    assert add(signed_in(cast.dina), key).status_code == 302
    address = reverse("members:cancel_handover", args=[handover.pk])
    client = signed_in(cast.dina, proved=False)
    asked = client.post(address, {"reason": "Not agreed."})["Location"]
    has_waited(client, seconds)
    done = prove(client, asked, by, key)
    handover.refresh_from_db()
    assert (handover.state == HandoverState.CANCELLED) == is_done
    if is_done:
        return
    assert done["Location"] == "/en/"
    assert "waited too long and was not done" in client.get("/en/").content.decode()
    # The proof counts all the same.
    assert client.post(address, {"reason": "Not agreed."}).status_code == 302
    handover.refresh_from_db()
    assert handover.state == HandoverState.CANCELLED


def test_a_password_of_older_rules_signs_nobody_out(
    cast: Cast, handover: Handover, settings: Any
) -> None:
    """It is hashed anew when it is given."""
    address = reverse("members:cancel_handover", args=[handover.pk])
    client = signed_in(cast.dina, proved=False)
    before = User.objects.get(pk=cast.dina.pk).password
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.PBKDF2PasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    asked = client.post(address, {"reason": "Not agreed."})["Location"]
    assert client.post(asked, {"password": PASSWORD}).status_code == 302
    assert User.objects.get(pk=cast.dina.pk).password != before
    handover.refresh_from_db()
    assert handover.state == HandoverState.CANCELLED
    assert client.get("/en/settings/").status_code == 200


def test_the_head_and_the_secretariat_are_named(cast: Cast) -> None:
    def invited() -> Any:
        return list(Invitation.objects.values_list("email", "capacity"))

    typed = {"email": "new@example.org", "name": "New", "language": "en"}
    address = reverse("members:invite", args=[cast.kr.pk])
    for capacity in (Capacity.HEAD, Capacity.SECRETARIAT):
        where = reverse("members:invite", args=[cast.qa.pk]) if capacity != "head" else address
        done_after_the_proof(cast.dina, where, {**typed, "capacity": capacity}, invited)
    unproved = signed_in(cast.dina, proved=False)
    # What cannot be is said before the password is asked for, and others come without it.
    refused = unproved.post(address, {**typed, "capacity": Capacity.HEAD, "email": "no"})
    assert refused.status_code == 422
    other = {**typed, "capacity": Capacity.DELEGATE, "email": "other@example.org"}
    assert unproved.post(address, other)["Location"].endswith("/delegation/")
    assert len(invited()) == 3


def test_the_link_of_a_head_is_sent_again(cast: Cast) -> None:
    def sent(capacity: Capacity) -> tuple[str, Invitation]:
        invitation = invite_to_delegation(
            institution=cast.kr,
            email=f"{capacity}@example.org",
            name="New",
            language="en",
            capacity=capacity,
            actor=cast.dina,
            mandate=cast.dina_mandate,
        )
        return reverse("members:resend_invitation", args=[invitation.pk]), invitation

    address, invitation = sent(Capacity.HEAD)
    done_after_the_proof(
        cast.dina, address, {}, lambda: Invitation.objects.get(pk=invitation.pk).token_digest
    )
    address, invitation = sent(Capacity.DELEGATE)
    unproved = signed_in(cast.dina, proved=False)
    assert unproved.post(address)["Location"].endswith("/delegation/")
    assert Invitation.objects.get(pk=invitation.pk).token_digest != invitation.token_digest


def test_a_list_with_a_head_in_it(cast: Cast) -> None:
    def invited() -> int:
        return Invitation.objects.count()

    address = reverse("members:invite_several", args=[cast.kr.pk])
    rows = [["New", "new@example.org", "head of delegation", "English"]]
    heads = ["Name", "E-mail address", "Capacity", "Language"]
    sheet = upload(xlsx_file("List", heads, rows, right_to_left=False), "list.xlsx", "")
    unproved = signed_in(cast.dina, proved=False)
    shown = unproved.post(address, {"step": "read", "sheet": sheet})  # looking asks for nothing
    assert shown.status_code == 200
    listed = sent_back(shown.content.decode(), "send")
    assert "new@example.org" in str(listed)
    done_after_the_proof(cast.dina, address, listed, invited)
    assert invited() == 1


def test_a_mandate_gets_its_rights_back(cast: Cast) -> None:
    suspend_mandate(suspending=cast.amal_mandate, reason="Asked for.", actor=cast.dina)

    def stands() -> Any:
        return Mandate.objects.get(pk=cast.amal_mandate.pk).suspended_at

    address = reverse("members:reinstate_mandate", args=[cast.amal_mandate.pk])
    done_after_the_proof(cast.dina, address, {}, stands)
    assert stands() is None
    assert signed_in(cast.bilal, proved=False).post(address).status_code in (403, 404)


def test_a_membership_begins(cast: Cast) -> None:
    contact = make_user("contact")
    application = application_in(ApplicationState.CHARTER_SIGNED, cast, contact)

    def stands() -> Any:
        return Application.objects.values_list("state", flat=True).get()

    address = reverse("members:activate_application", args=[application.pk])
    client = done_after_the_proof(cast.dina, address, {}, stands)
    assert stands() == ApplicationState.ACTIVE
    assert client.post(address).status_code == 302
    # What is done already is told without it.
    again = signed_in(cast.dina, proved=False).post(address)
    assert again["Location"] == reverse("members:application", args=[application.pk])


def test_an_application_is_passed_on_and_withdrawn(cast: Cast) -> None:
    contact, editor = make_user("contact"), make_user("editor")
    application = application_in(ApplicationState.SUBMITTED, cast, contact)
    place = ApplicationEditor.objects.create(application=application, user=editor)

    def stands() -> Any:
        return Application.objects.values_list("state", "contact").get()

    address = reverse("members:transfer_application", args=[application.pk])
    assert signed_in(contact, proved=False).post(address, {"contact-to": "new"}).status_code == 422
    done_after_the_proof(contact, address, {"contact-to": str(place.pk)}, stands)
    assert stands() == (ApplicationState.SUBMITTED, editor.pk)
    address = reverse("members:withdraw_application", args=[application.pk])
    assert signed_in(editor, proved=False).get(address).status_code == 200
    done_after_the_proof(editor, address, {}, stands)
    assert stands() == (ApplicationState.WITHDRAWN, editor.pk)
    assert "/reauthenticate/" not in signed_in(editor, proved=False).post(address)["Location"]


@pytest.mark.parametrize(
    ("export", "page", "sought"),
    [
        ("export_people", "people", {"q": "amal", "order": "seen"}),
        ("export_applications", "application_list", {"tab": "closed", "q": "x & y"}),
        ("export_audit_log", "audit_log", {"who": "amal", "since": "2026-01-01"}),
    ],
)
def test_what_is_taken_along_is_one_press_after_the_proof(
    cast: Cast, export: str, page: str, sought: dict[str, str]
) -> None:
    def taken() -> int:
        return AuditEntry.objects.filter(act__endswith="exported").count()

    client, posted = signed_in(cast.dina, proved=False), {**sought, "form": "csv"}
    address = reverse(f"members:{export}")
    refused = client.post(address, {**posted, "form": "exe"})
    assert refused.status_code == 422
    asked = client.post(address, posted)["Location"]
    assert asked.startswith("/en/accounts/reauthenticate/")
    assert "press once more" in client.get(asked).content.decode()
    led = urlsplit(client.post(asked, {"password": PASSWORD})["Location"])
    assert led.path == reverse(f"members:{page}")
    found = dict(parse_qsl(led.query))
    assert found.items() >= sought.items()
    assert "csrfmiddlewaretoken" not in found
    shown = client.get(f"{led.path}?{led.query}")
    assert (shown.status_code, taken()) == (200, 0)
    assert client.post(address, posted)["Content-Disposition"].startswith("attachment")
    assert taken() == 1
    assert signed_in(cast.amal, proved=False).post(address, posted).status_code == 404
