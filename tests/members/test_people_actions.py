from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from members import signals
from members.actions.invitations import (
    InvitationClosedError,
    accept_invitation,
    accept_invitation_as_new,
    invite_to_apply,
    invite_to_delegation,
    resend_invitation,
    revoke_invitation,
)
from members.actions.people import (
    LastOfItsKindError,
    change_person,
    end_mandate,
    start_mandate,
)
from members.emails_people import send_invitation
from members.enums import Capacity, MembershipState
from members.models import Application, Invitation, Mandate, User
from members.permissions import (
    can_end_mandate,
    can_invite,
    can_manage_people,
    is_focal_point,
    is_secretariat,
    running_mandates,
    secretariat_mandate,
)
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_mandate, make_user


class Heard:
    """What a signal said, while the test runs."""

    def __init__(self, signal: Any) -> None:
        self.signal = signal
        self.news: list[dict[str, Any]] = []

    def __enter__(self) -> list[dict[str, Any]]:
        self.signal.connect(self._hear)
        return self.news

    def __exit__(self, *args: object) -> None:
        self.signal.disconnect(self._hear)

    def _hear(self, **news: Any) -> None:
        self.news.append(news)


def invited(cast: Cast, **fields: Any) -> Invitation:
    return invite_to_delegation(
        **{
            "institution": cast.kr,
            "email": "New@Example.org",
            "name": "New Delegate",
            "language": "fr",
            "capacity": Capacity.DELEGATE,
            "actor": cast.amal,
            **fields,
        }
    )


def accepted(invitation: Invitation) -> User:
    return accept_invitation_as_new(
        invitation=invitation,
        token=invitation.token,
        name="New Delegate",
        password=PASSWORD,
        language="ar",
    )


def test_rights_come_from_running_mandates(cast: Cast) -> None:
    assert running_mandates(cast.amal) == [cast.amal_mandate]
    assert is_secretariat(cast.dina)
    assert secretariat_mandate(cast.dina) == cast.dina_mandate
    assert not is_secretariat(cast.amal)
    assert can_manage_people(cast.amal, cast.kr)
    assert not can_manage_people(cast.amal, cast.ng)
    assert can_manage_people(cast.dina, cast.ng)
    focal_point = make_user("erin")
    mandate = make_mandate(focal_point, cast.pl, Capacity.FOCAL_POINT)
    assert is_focal_point(focal_point, cast.pl)
    assert not is_focal_point(focal_point, cast.kr)
    Mandate.objects.filter(pk=mandate.pk).update(ends_at=timezone.now())
    assert running_mandates(focal_point) == []
    assert not is_focal_point(focal_point, cast.pl)


def test_secretariat_rights_pass_with_the_presidency(cast: Cast) -> None:
    cast.presidency.institution = cast.kr
    cast.presidency.save()
    assert not is_secretariat(cast.dina)
    assert not can_manage_people(cast.dina, cast.ng)


def test_who_may_give_which_capacity(cast: Cast) -> None:
    assert can_invite(cast.amal, cast.kr, Capacity.FOCAL_POINT)
    assert not can_invite(cast.amal, cast.kr, Capacity.SECRETARIAT)
    assert not can_invite(cast.amal, cast.ng, Capacity.DELEGATE)
    assert not can_invite(cast.chloe, cast.pl, Capacity.DELEGATE)  # only a delegate
    assert can_invite(cast.dina, cast.kr, Capacity.HEAD)
    assert not can_invite(cast.dina, cast.kr, Capacity.SECRETARIAT)  # does not preside
    assert can_invite(cast.dina, cast.qa, Capacity.SECRETARIAT)


def test_invitation_keeps_no_token_and_its_job_carries_none(cast: Cast) -> None:
    invitation = invited(cast)
    assert invitation.email == "new@example.org"
    stored = Invitation.objects.filter(pk=invitation.pk).values().get()
    assert invitation.token not in str(stored)
    assert Invitation.objects.by_token(invitation.token) == invitation
    assert Invitation.objects.by_token("made-up") is None


def test_invitation_is_refused_to_strangers_and_sent_once(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        invited(cast, actor=cast.bilal)
    with pytest.raises(PermissionDenied):
        invited(cast, capacity=Capacity.SECRETARIAT)
    first = invited(cast)
    assert invited(cast) == first
    assert AuditEntry.objects.page(act="invitation.sent").count() == 1


def test_letter_is_in_the_language_of_the_invited(cast: Cast) -> None:
    cast.kr.names["ar"] = "مؤسسة كوريا"
    cast.kr.save()
    invitation = invited(cast, language="ar")
    send_invitation.func(invitation_id=invitation.pk)
    (letter,) = mail.outbox
    assert letter.to == ["new@example.org"]
    assert f"/ar/invitations/{invitation.token}/" in letter.body
    assert "مؤسسة كوريا" in letter.subject
    revoke_invitation(invitation=invitation, actor=cast.amal)
    send_invitation.func(invitation_id=invitation.pk)
    assert len(mail.outbox) == 1  # a dead link is not sent


def test_accepting_makes_person_and_mandate_once(cast: Cast) -> None:
    invitation = invited(cast)
    with Heard(signals.mandate_started) as news:
        user = accepted(invitation)
    (mandate,) = running_mandates(user)
    assert (mandate.institution, mandate.capacity) == (cast.kr, Capacity.DELEGATE)
    assert [n["mandate"] for n in news] == [mandate]
    assert user.check_password(PASSWORD)
    assert user.language == "ar"
    assert user.emailaddress_set.filter(verified=True, primary=True).count() == 1  # type: ignore[attr-defined]
    with pytest.raises(InvitationClosedError):  # the other tab still holds the old row
        accepted(invitation)
    assert User.objects.filter(email="new@example.org").count() == 1


@pytest.mark.parametrize("why", ["revoked", "expired", "resent"])
def test_dead_link_makes_nothing(cast: Cast, why: str) -> None:
    invitation = invited(cast)
    token = invitation.token
    if why == "revoked":
        revoke_invitation(invitation=invitation, actor=cast.amal)
    elif why == "expired":
        Invitation.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    else:
        new = resend_invitation(invitation=invitation, actor=cast.amal)
        assert new.token != token
        assert Invitation.objects.by_token(token) is None
    with pytest.raises(InvitationClosedError):
        accept_invitation_as_new(
            invitation=invitation, token=token, name="X", password=PASSWORD, language="en"
        )
    assert User.objects.of_email("new@example.org") is None


def test_resending_and_revoking_need_the_right_and_an_open_invitation(cast: Cast) -> None:
    invitation = invited(cast)
    for act in (resend_invitation, revoke_invitation):
        with pytest.raises(PermissionDenied):
            act(invitation=invitation, actor=cast.bilal)
    revoke_invitation(invitation=invitation, actor=cast.amal)
    revoke_invitation(invitation=invitation, actor=cast.amal)
    assert AuditEntry.objects.page(act="invitation.revoked").count() == 1
    with pytest.raises(InvitationClosedError):
        resend_invitation(invitation=invitation, actor=cast.amal)


def test_expired_invitation_lives_again_when_resent(cast: Cast) -> None:
    invitation = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    renewed = resend_invitation(invitation=invitation, actor=cast.dina)
    assert running_mandates(accepted(renewed))


def test_existing_account_accepts_for_its_own_address_only(cast: Cast) -> None:
    invitation = invited(cast, email=cast.chloe.email)
    with pytest.raises(InvitationClosedError):
        accept_invitation(invitation=invitation, token=invitation.token, actor=cast.bilal)
    with pytest.raises(InvitationClosedError):
        accepted(invitation)  # the address has an account
    accept_invitation(invitation=invitation, token=invitation.token, actor=cast.chloe)
    assert [m.institution for m in running_mandates(cast.chloe)] == [cast.pl, cast.kr]
    with pytest.raises(InvitationClosedError):
        accept_invitation(invitation=invitation, token=invitation.token, actor=cast.chloe)


def test_invitation_to_apply_makes_the_contact(cast: Cast) -> None:
    application = Application.objects.create()
    invitation = invite_to_apply(
        application=application, email="contact@example.org", name="Contact", language="en"
    )
    user = accepted(invitation)
    application.refresh_from_db()
    assert application.contact == user
    assert running_mandates(user) == []


def test_mandate_is_started_once_and_by_right(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        start_mandate(
            user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.bilal
        )
    first = start_mandate(
        user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.amal
    )
    assert first == start_mandate(
        user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.amal
    )


def test_ended_mandate_carries_no_rights(cast: Cast) -> None:
    delegate = make_user("erin")
    mandate = make_mandate(delegate, cast.kr, Capacity.DELEGATE)
    with pytest.raises(PermissionDenied):
        end_mandate(ending=mandate, actor=cast.bilal)
    with Heard(signals.mandate_ended) as news:
        end_mandate(ending=mandate, actor=cast.amal, mandate=cast.amal_mandate)
        end_mandate(ending=mandate, actor=cast.amal)
    assert len(news) == 1
    assert running_mandates(delegate) == []
    entry = AuditEntry.objects.page(act="mandate.ended").get()
    assert (entry.actor_id, entry.mandate_id) == (cast.amal.pk, cast.amal_mandate.pk)


def test_mandate_that_has_not_begun_never_begins(cast: Cast) -> None:
    mandate = start_mandate(
        user=cast.chloe,
        institution=cast.kr,
        capacity=Capacity.ADVISER,
        starts_at=timezone.now() + timedelta(days=3),
        actor=cast.amal,
    )
    ended = end_mandate(ending=mandate, actor=cast.amal)
    assert not Mandate.objects.running(timezone.now() + timedelta(days=9)).filter(pk=ended.pk)


def test_last_focal_point_is_ended_by_the_secretariat_only(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.FOCAL_POINT)
    with pytest.raises(LastOfItsKindError):
        end_mandate(ending=mandate, actor=cast.amal)
    second = make_mandate(make_user("finn"), cast.kr, Capacity.FOCAL_POINT)
    end_mandate(ending=mandate, actor=cast.amal)
    end_mandate(ending=second, actor=cast.dina)
    assert not Mandate.objects.running().filter(capacity=Capacity.FOCAL_POINT).exists()


def test_last_secretariat_mandate_is_ended_by_nobody(cast: Cast) -> None:
    head = make_user("erin")
    make_mandate(head, cast.qa, Capacity.HEAD)
    assert not can_end_mandate(head, cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        end_mandate(ending=cast.dina_mandate, actor=head)
    with pytest.raises(LastOfItsKindError):
        end_mandate(ending=cast.dina_mandate, actor=cast.dina)
    make_mandate(make_user("finn"), cast.qa, Capacity.SECRETARIAT)
    end_mandate(ending=cast.dina_mandate, actor=cast.dina)
    assert not is_secretariat(cast.dina)


def test_suspended_institution_manages_nobody(cast: Cast) -> None:
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    with pytest.raises(PermissionDenied):
        invited(cast)


def test_personal_settings_are_logged_without_their_words(cast: Cast) -> None:
    for _ in range(2):
        change_person(user=cast.amal, language="ar", time_zone="Asia/Seoul")
    cast.amal.refresh_from_db()
    assert cast.amal.time_zone == "Asia/Seoul"
    entry = AuditEntry.objects.page(act="person.changed").get()
    assert entry.after == {"changed": ["language", "time_zone"]}
