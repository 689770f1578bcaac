"""Nothing is given to an account that was erased or closed, and erasure waits for who gives."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from members.actions.application_people import transfer_contact
from members.actions.applications import activate_application
from members.actions.erasure import erase_account
from members.actions.groups import add_group_member, change_place
from members.actions.invitations import (
    InvitationClosedError,
    accept_invitation,
    invite_to_delegation,
)
from members.actions.people import AccountClosedError, end_mandate, start_mandate
from members.actions.succession import hand_over_mandate
from members.enums import ApplicationState as State
from members.enums import Capacity, GroupRole
from members.models import (
    Application,
    ApplicationEditor,
    GroupMember,
    Invitation,
    Mandate,
    User,
)
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.applications import application_in
from tests.members.groups import make_group, office
from tests.races import at_once

pytestmark = pytest.mark.django_db


def close(user: User) -> User:
    User.objects.filter(pk=user.pk).update(is_active=False)
    return user


def invite(cast: Cast, user: User) -> Invitation:
    return invite_to_delegation(
        institution=cast.kr,
        email=user.email,
        name=user.name,
        language="en",
        capacity=Capacity.DELEGATE,
        actor=cast.amal,
    )


def test_no_mandate_begins_for_who_is_gone(cast: Cast) -> None:
    gone = make_user("walid")
    erase_account(actor=gone)
    for actor in (cast.dina, None):
        with pytest.raises(AccountClosedError) as refused:
            start_mandate(user=gone, institution=cast.kr, capacity=Capacity.DELEGATE, actor=actor)
        assert refused.value.messages == [
            "This person’s account is closed. Nothing more can be given to it."
        ]
    assert not Mandate.objects.of_person(gone.pk).exists()


def test_nor_is_one_handed_over_or_accepted(cast: Cast) -> None:
    heir = make_user("walid")
    make_mandate(heir, cast.kr, Capacity.DELEGATE)
    invitation = invite(cast, make_user("late"))
    late = close(User.objects.get(email="late@example.org"))
    with pytest.raises(InvitationClosedError):
        accept_invitation(invitation=invitation, token=invitation.token, actor=late)
    close(heir)
    with pytest.raises(AccountClosedError):
        hand_over_mandate(handing=cast.amal_mandate, to=heir, **office(cast))
    page = reverse("members:hand_over_mandate", args=[cast.amal_mandate.pk])
    client = signed_in(cast.dina)
    assert heir.name not in client.get(page).content.decode()
    assert client.post(page, {"to": heir.pk}).status_code == 422
    cast.amal_mandate.refresh_from_db()
    assert not cast.amal_mandate.is_ended


def test_nor_does_anybody_chair_who_is_gone(cast: Cast) -> None:
    heir = make_user("walid")
    seat = make_mandate(heir, cast.kr, Capacity.DELEGATE)
    group = make_group(cast)
    chair: dict[str, Any] = {"group": group, "institution": cast.kr, "role": GroupRole.CHAIR}
    assert change_place(**chair, representative=seat, **office(cast))
    close(heir)
    for role in (GroupRole.MEMBER, GroupRole.CHAIR):
        add_group_member(group=group, institution=cast.kr, role=role, **office(cast))
    place = GroupMember.objects.current().get(group=group, institution=cast.kr)
    assert (place.role, place.representative) == (GroupRole.CHAIR, None)
    with pytest.raises(AccountClosedError):
        change_place(**chair, representative=seat, **office(cast))


def test_nor_is_anybody_a_contact_or_of_the_staff_who_is_gone(cast: Cast) -> None:
    contact, editor = make_user("contact"), make_user("editor")
    application = application_in(State.CHARTER_SIGNED, cast, contact)
    place = ApplicationEditor.objects.create(application=application, user=editor)
    close(editor)
    with pytest.raises(AccountClosedError):
        transfer_contact(application=application, to=place, actor=contact)
    close(contact)
    with pytest.raises(AccountClosedError):
        activate_application(application=application, **office(cast))
    page = reverse("members:activate_application", args=[application.pk])
    told = signed_in(cast.dina).post(page, follow=True).content.decode()
    assert "This person’s account is closed." in told
    kept = Application.objects.get(pk=application.pk)
    assert (kept.state, kept.contact) == (State.CHARTER_SIGNED, contact)
    with pytest.raises(CommandError, match="closed"):
        call_command("technical_staff", "add", contact.email)


@pytest.mark.django_db(transaction=True)
def test_erased_and_appointed_at_once_it_is_one_of_the_two(transactional_db: None) -> None:
    cast = Cast()
    person = make_user("walid")
    ended = make_mandate(person, cast.kr, Capacity.ADVISER)
    end_mandate(ending=ended, actor=cast.dina)
    invitation = invite(cast, person)
    ends = at_once(
        lambda: accept_invitation(invitation=invitation, token=invitation.token, actor=person),
        lambda: erase_account(actor=person),
        refusals=(InvitationClosedError,),
    )
    assert ends in (["done", "still_bound"], ["InvitationClosedError", "done"])
    person.refresh_from_db()
    now = timezone.now()
    assert person.is_active is Mandate.objects.of_person(person.pk).unended(now).exists()
