"""What the secretariat of the presidency before is answered: as a delegate is, but for the pages
that it may still read, as they stood when the presidency passed on.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation

from members.actions.applicants import save_application
from members.actions.applications import request_information, start_review
from members.actions.handovers import schedule_handover
from members.enums import Capacity
from members.models import Handover
from members.permissions import is_secretariat
from records.models import AuditEntry
from tests.factories import make_mandate, make_user
from tests.portal.rights import TABLE
from tests.portal.rights.row import ROLES
from tests.portal.test_rights import Visitor, code
from tests.portal.world import World

pytestmark = pytest.mark.django_db

READS = {  # GET; "former", a person of the same capacity who was not of the office, gets 404
    "assembly:standing": "o",
    "assembly:standing_monitor": "o",
    "members:application": "o",
    "members:application_document": "o",
    "members:audit_log": "o",
    "members:handover": "o",
    "members:presidency": "o",
    "members:move_handover": "f",  # may see it, and not change it
    "members:cancel_handover": "f",
    "portal:handover_pack": "o",
}
SECRETARIAT = ROLES.index("dina")
FORMER = ROLES.index("former")


@pytest.fixture
def world() -> Iterator[World]:
    """After the presidency has passed from dina's institution to Nigeria."""
    logging.disable(logging.WARNING)
    world = World()
    office = make_user("office")
    make_mandate(office, world.cast.ng, Capacity.DELEGATE)
    handover = schedule_handover(
        institution=world.cast.ng,
        takes_effect_at=timezone.now() + timedelta(hours=1),
        ending=[],
        beginning=[office],
        actor=world.cast.dina,
        mandate=world.cast.dina_mandate,
    )
    world.users["office"] = office
    with time_machine.travel(handover.takes_effect_at, tick=False), translation.override("en"):
        yield world
    logging.disable(logging.NOTSET)


def of_secretariat() -> list[str]:
    """Where the secretariat gets through and a person of the same capacity elsewhere does not."""
    return [
        name
        for name, row in TABLE.items()
        if row.get[SECRETARIAT] != row.get[FORMER] or row.post[SECRETARIAT] != row.post[FORMER]
    ]


@pytest.mark.usefixtures("short_refusals")
def test_the_outgoing_office_reads_some_and_writes_nothing(world: World) -> None:
    visitor = Visitor(world, "dina")
    wrong = []
    for name in of_secretariat():
        row = TABLE[name]
        address = reverse(name, args=row.args(world))
        own = world.cast.qa.pk in row.args(world)
        found = code(visitor.ask("get", address))
        expected = READS.get(name, row.get[FORMER])
        if found != expected and not own:
            wrong.append(f"get {name}: {found} instead of {expected}")
        found = code(visitor.ask("post", address, row.data(world)))
        if found not in "nfmc" and not own:
            wrong.append(f"post {name}: {found}")
    assert not wrong


def test_the_new_office_is_the_secretariat(world: World) -> None:
    assert is_secretariat(world.users["office"])
    client = Client()
    client.force_login(world.users["office"])
    for name in ("members:audit_log", "members:presidency", "members:application_list"):
        assert client.get(reverse(name)).status_code == 200
    assert b"The presidency has passed on" not in client.get(reverse("members:audit_log")).content


def test_it_reads_the_log_of_its_term_alone(world: World) -> None:
    client = Client()
    client.force_login(world.cast.dina)
    last = AuditEntry.objects.page()[0]
    application = world.apps["submitted"]
    start_review(application=application, actor=world.users["office"], mandate=None)
    page = client.get(reverse("members:audit_log"))
    assert page.context["entries"][0].entry == last
    assert "The presidency has passed on" in page.content.decode()
    assert reverse("members:export_audit_log") not in page.content.decode()


def test_it_reads_an_application_as_it_stood(world: World) -> None:
    client = Client()
    client.force_login(world.cast.dina)
    application = world.apps["submitted"]
    address = reverse("members:application", args=[application.pk])
    assert client.get(address).status_code == 200
    stood = {"institution_names": application.institution_names, "country": "MX"}
    start_review(application=application, actor=world.users["office"], mandate=None)
    request_information(
        application=application,
        question="A secret question",
        actor=world.users["office"],
        mandate=None,
    )
    assert application.contact is not None
    save_application(
        application=application,
        fields={"institution_names": {"en": "Renamed today"}, "country": "FR", "aims": "Other."},
        actor=application.contact,
    )
    after = client.get(address)
    shown = after.context["application"]
    assert {name: getattr(shown, name) for name in stood} == stood
    assert (shown.aims, shown.contact) == (application.aims, application.contact)
    assert "Renamed today" not in after.content.decode()
    assert str(after.context["dossier"].state) == "submitted"
    assert "A secret question" not in after.content.decode()
    queue = client.get(reverse("members:application_list"))
    states = {row.application.pk: str(row.state) for row in queue.context["rows"]}
    assert states[application.pk] == "submitted"
    assert "Renamed today" not in queue.content.decode()
    assert Handover.objects.get().is_in_effect
