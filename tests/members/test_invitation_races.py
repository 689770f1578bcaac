"""Fifty at once with one invitation in their hands: one comes in, the others are told."""

from threading import Barrier, Thread

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from members.actions.invitations import invite_several, invite_to_delegation
from members.actions.people import create_person
from members.enums import Capacity, Fate
from members.invitees import Invitee
from members.models import Invitation, Mandate, User
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests.factories import PASSWORD, Cast

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 50
EMAIL = "new@example.org"
FILLED = {
    "name": "New Delegate",
    "language": "fr",
    "password1": "a long enough pass phrase",
    "password2": "a long enough pass phrase",
}


def at_once(clients: list[Client], url: str) -> list[tuple[int, str]]:
    """What each was answered by the page of the invitation, all sent in the same moment."""
    start, answers, errors = Barrier(len(clients)), list[tuple[int, str]](), list[Exception]()

    def send(client: Client) -> None:
        try:
            start.wait(30)
            answer = client.post(url, FILLED)
            told = "accepted already" in answer.content.decode()
            answers.append((answer.status_code, "told" if told else ""))
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=send, args=[client]) for client in clients]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    return sorted(answers)


def invite(cast: Cast) -> Invitation:
    return invite_to_delegation(
        institution=cast.kr,
        email=EMAIL,
        name="New Delegate",
        language="en",
        capacity=Capacity.DELEGATE,
        actor=cast.amal,
    )


@pytest.mark.parametrize("kind", ["new", "known"])
def test_fifty_acceptances_make_one_mandate(kind: str) -> None:
    cast = Cast()
    clients = [Client() for _ in range(MANY)]
    if kind == "known":
        known = create_person(email=EMAIL, name="New Delegate", password=PASSWORD)
        for client in clients:
            client.force_login(known)
    invitation = invite(cast)
    answers = at_once(clients, reverse("members:invitation", args=[invitation.token]))
    assert answers == [(302, "")] + [(410, "told")] * (MANY - 1)
    user = User.objects.get(email=EMAIL)
    mandate = Mandate.objects.get(user=user)
    assert (mandate.institution, mandate.capacity) == (cast.kr, Capacity.DELEGATE)
    entry = AuditEntry.objects.page(act="invitation.accepted").get()
    assert (entry.actor_id, entry.object_id) == (user.pk, invitation.pk)
    assert AuditEntry.objects.page(act="mandate.started").count() == 1
    assert AuditEntry.objects.page(act="person.created").count() == 1
    assert verify_audit_log() is None


def test_one_list_pressed_ten_times_at_once_is_sent_once() -> None:
    cast = Cast()
    invitees = [Invitee(n, f"New {n}", f"n{n}@example.org", "delegate", "en") for n in range(5)]
    start, fates, errors = Barrier(10), list[Fate](), list[Exception]()

    def press() -> None:
        try:
            start.wait(30)
            outcomes = invite_several(institution=cast.kr, invitees=invitees, actor=cast.amal)
            fates.extend(outcome.fate for outcome in outcomes)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [Thread(target=press) for _ in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    assert sorted(fates) == [Fate.INVITED] * 45 + [Fate.SENT] * 5
    assert Invitation.objects.count() == 5
    assert verify_audit_log() is None
