"""Leaving: what goes with an account, what stays in the record, and what must be over before."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from members.actions import applicants
from members.actions.erasure import StillBoundError, erase_account
from members.actions.people import end_mandate
from members.actions.persons import change_photo
from members.actions.staff import appoint_staff
from members.enums import ApplicationState as State
from members.enums import Capacity
from members.models import ApplicationRevision, Invitation, KnownBrowser, PersonProfile, User
from messaging.actions import open_direct
from messaging.models import Message, ReadMark, Room, ScheduledMessage
from messaging.verification import verify_rooms
from portal.actions.exports import ask_for_export
from portal.models import DataExport
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.files import image, upload
from tests.members.applications import FIELDS, application_in
from tests.messaging.conftest import make_room, say

ADDRESS = "/en/settings/erasure/"
SURE = {"understood": "on"}


@pytest.fixture
def gone(cast: Cast) -> User:
    """A delegate of amal's who has said this and that, and whose mandate has ended."""
    gone = make_user("walid", language="fr")
    mandate = make_mandate(gone, cast.kr, Capacity.DELEGATE)
    room = make_room(cast)
    say(room, gone, mandate, "Said in office")
    open_direct(people=[cast.amal], actor=gone, mandate=mandate)
    ReadMark.objects.update_or_create(user=gone, room=room, defaults={"last_read_seq": 1})
    ScheduledMessage.objects.create(
        room=room,
        author=gone,
        mandate=mandate,
        body="Later",
        client_id=uuid4(),
        due_at=timezone.now() + timedelta(days=1),
    )
    KnownBrowser.objects.create(user=gone, digest="d" * 64, browser="Firefox")
    change_photo(upload=upload(image(size=(50, 50)), "photo.png"), actor=gone)
    ask_for_export(user=gone, language="fr")
    end_mandate(ending=mandate, actor=cast.dina)
    appoint_staff(user=gone, is_staff=True)
    return gone


def test_what_is_theirs_goes_and_the_record_stays(
    cast: Cast, gone: User, mailoutbox: list[Any], django_capture_on_commit_callbacks: Any
) -> None:
    client = signed_in(gone)
    assert UserSession.objects.filter(user=gone).exists() or client.session.session_key
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(ADDRESS, SURE)["Location"] == reverse("account_login")
    gone.refresh_from_db()
    assert (gone.is_active, gone.has_usable_password(), gone.language) == (False, False, "")
    assert not gone.is_staff
    assert gone.email == f"erased-{gone.pk}@erased.invalid"
    with translation.override("en"):
        assert gone.name == "a former member"
        room = Room.objects.get(kind="direct")
        assert room.titles["en"] == "Amal, a former member"
    with translation.override("ar"):
        assert gone.name == "عضو سابق"
    for model in (PersonProfile, KnownBrowser, ReadMark, DataExport, UserSession, EmailAddress):
        assert not model._default_manager.filter(user=gone).exists(), model
    assert ScheduledMessage.objects.get().body == ""
    assert Message.objects.get(author=gone).body == "Said in office"
    assert [mail.to for mail in mailoutbox] == [["walid@example.org"]]
    entry = AuditEntry.objects.get(act="person.erased")
    assert (entry.actor_id, entry.before, entry.after) == (gone.pk, {}, {})
    assert (verify_rooms(), verify_audit_log()) == (None, None)
    assert "Walid" not in signed_in(cast.dina).get("/en/people/?state=none").content.decode()
    assert client.get("/en/settings/").status_code == 302


def test_a_repeat_does_nothing_and_the_address_is_free(gone: User) -> None:
    for _ in range(2):
        erase_account(actor=gone)
    assert AuditEntry.objects.filter(act="person.erased").count() == 1
    assert make_user("walid").pk != gone.pk


def test_not_with_a_mandate_or_an_open_application(cast: Cast) -> None:
    contact = make_user("contact")
    application = application_in(State.SUBMITTED, cast, contact)
    for user in (cast.amal, contact):
        client = signed_in(user)
        page = client.get(ADDRESS).content.decode()
        assert "What must be over first" in page
        assert "Erase my account for good" not in page
        assert client.post(ADDRESS, SURE).status_code == 409
        with pytest.raises(StillBoundError):
            erase_account(actor=user)
    invitation = Invitation.objects.create(
        email=contact.email,
        name="Contact",
        language="en",
        token_digest="t",
        institution=cast.kr,
        capacity=Capacity.DELEGATE,
        expires_at=timezone.now() + timedelta(days=1),
    )
    applicants.withdraw_application(application=application, actor=contact)
    assert FIELDS["contact_phone"] in str(list(ApplicationRevision.objects.values("contents")))
    erase_account(actor=contact)
    application.refresh_from_db()
    assert (application.contact_phone, application.contact_position) == ("", "")
    assert FIELDS["contact_phone"] not in str(list(ApplicationRevision.objects.values("contents")))
    invitation.refresh_from_db()
    assert (invitation.name, invitation.revoked_at is not None) == ("", True)


def test_the_password_and_a_yes_are_asked_for(gone: User) -> None:
    assert Client().get(ADDRESS).status_code == 302
    client = signed_in(gone, proved=False)
    assert client.post(ADDRESS).status_code == 422
    asked = client.post(ADDRESS, SURE)
    assert "reauthenticate" in asked["Location"]
    gone.refresh_from_db()
    assert gone.is_active
