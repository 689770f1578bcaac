"""The pack of a handover: who has it made, who reads it, what is in it."""

import io
import json
import zipfile
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation
from openpyxl import load_workbook
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.group_dates import cancel_date
from members.actions.handovers import cancel_handover, note_effect, schedule_handover
from members.enums import Capacity, MembershipState
from members.models import Application, Handover, User
from messaging.models import Room
from portal.actions.packs import ask_for_pack, make_pack
from portal.enums import ExportState
from portal.handover_pack.archive import write_pack
from portal.handover_pack.contents import PARTS
from portal.models import HandoverPack
from records.models import AuditEntry, StoredFile
from records.storage import path_of
from tests.assembly.conftest import make_application
from tests.factories import Cast, make_mandate, make_user
from tests.members.group_space import make_date
from tests.members.groups import make_group, office
from tests.members.memberships import suspend
from tests.messaging.conftest import make_room

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> Cast:
    return Cast()


@pytest.fixture
def handover(cast: Cast) -> Handover:
    return schedule_handover(
        institution=cast.kr,
        takes_effect_at=timezone.now() + timedelta(days=1),
        ending=[],
        beginning=[cast.amal],
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )


def made(handover: Handover, actor: User | None, language: str = "en") -> HandoverPack:
    pack = ask_for_pack(handover=handover, language=language, actor=actor)
    make_pack(pack_id=pack.pk)
    return HandoverPack.objects.select_related("file").get(pk=pack.pk)


def archive(pack: HandoverPack) -> zipfile.ZipFile:
    assert pack.file is not None
    return zipfile.ZipFile(io.BytesIO(path_of(pack.file.sha256).read_bytes()))


def download(user: User, handover: Handover) -> int:
    client = Client()
    client.force_login(user)
    return client.get(reverse("portal:handover_pack_file", args=[handover.pk])).status_code


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_what_is_in_it(cast: Cast, handover: Handover, language: str) -> None:
    make_room(cast)
    make_application(cast.bilal, country="MX")
    suspend(cast, cast.ng)
    group = make_group(cast)
    make_date(group, office(cast))
    called_off = make_date(group, office(cast), titles={"en": "Called off"})
    cancel_date(date=called_off, reason="No room.", **office(cast))
    pack = made(handover, cast.dina, language)
    assert (pack.state, pack.progress) == (ExportState.READY, 100)
    with archive(pack) as files:
        assert sorted(files.namelist()) == sorted(
            ["data.json", "handover.pdf", *(f"{part.key}.xlsx" for part in PARTS)]
        )
        assert files.read("handover.pdf").startswith(b"%PDF-")
        data = json.loads(files.read("data.json"))
        sheet = load_workbook(io.BytesIO(files.read("rooms.xlsx"))).active
    assert data["format"] == "majlis-handover/1"
    assert data["incoming"] == cast.kr.names
    parts = data["parts"]
    assert list(parts) == [part.key for part in PARTS]
    states = {row[0]: row[3] for row in parts["members"]["rows"]}
    with translation.override(language):
        active, suspended = (str(MembershipState(each).label) for each in ("active", "suspended"))
    assert states == {
        "Institution KR": active,
        "Institution NG": suspended,
        "Institution PL": active,
        "Institution QA": active,
    }
    [date] = parts["calendar"]["rows"]
    names = ("الصياغة", "الثقافة") if language == "ar" else ("Drafting", "Culture")
    assert (date[0], date[1], date[2]) == (*names, "Seoul")
    [application] = parts["applications"]["rows"]
    assert (application[1], application[5]) == ("Institute of Mexico", "Bilal")
    assert [row[1] for row in parts["queues"]["rows"]] == [1, 0, 0, 0, 0, 0, 0]
    assert sheet is not None
    assert sheet.max_row == 1 + Room.objects.of_office().count()


def test_the_present_office_alone_has_it_made_while_it_hands_over(
    cast: Cast, handover: Handover
) -> None:
    for user in (cast.amal, cast.bilal):
        with pytest.raises(PermissionDenied):
            ask_for_pack(handover=handover, language="en", actor=user)
    first = ask_for_pack(handover=handover, language="en", actor=cast.dina)
    assert ask_for_pack(handover=handover, language="ar", actor=cast.dina) == first
    make_pack(pack_id=first.pk)
    make_pack(pack_id=first.pk)
    assert StoredFile.objects.count() == 1
    again = made(handover, cast.dina)
    assert HandoverPack.objects.get() == again
    with time_machine.travel(handover.takes_effect_at, tick=False):
        for user in (cast.dina, cast.amal):
            with pytest.raises(PermissionDenied):
                ask_for_pack(handover=handover, language="en", actor=user)


def test_who_reads_it(cast: Cast, handover: Handover) -> None:
    focal, head = make_user("focal"), make_user("head")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    make_mandate(head, cast.qa)
    assert download(cast.dina, handover) == 404  # none is made
    made(handover, cast.dina)
    asked = {
        user.name: download(user, handover)
        for user in (cast.dina, cast.amal, cast.bilal, cast.chloe, focal, head)
    }
    assert asked == {
        "Dina": 200,
        "Amal": 200,
        "Bilal": 404,
        "Chloe": 404,
        "Focal": 404,
        "Head": 404,
    }
    entries = AuditEntry.objects.filter(act="handover_pack.downloaded")
    assert sorted(entry.actor_id or 0 for entry in entries) == sorted([cast.dina.pk, cast.amal.pk])
    with time_machine.travel(handover.takes_effect_at, tick=False):
        assert (download(cast.dina, handover), download(cast.amal, handover)) == (200, 200)


def test_of_a_cancelled_one_nobody_reads_it(cast: Cast, handover: Handover) -> None:
    made(handover, cast.dina)
    cancel_handover(handover=handover, reason="No.", actor=cast.dina)
    assert (download(cast.dina, handover), download(cast.amal, handover)) == (404, 404)


def test_the_portal_makes_it_at_the_moment_where_nobody_did(cast: Cast, handover: Handover) -> None:
    with time_machine.travel(handover.takes_effect_at, tick=False):
        note_effect(handover_id=handover.pk)
    pack = HandoverPack.objects.get()
    assert pack.asked_by is None
    jobs = ProcrastinateJob.objects.filter(task_name="portal.make_handover_pack")
    assert [job.args for job in jobs] == [{"pack_id": pack.pk}]


def test_one_that_fails_says_so_and_can_be_made_again(
    cast: Cast, handover: Handover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("portal.actions.packs.write_pack", broken)
        assert made(handover, cast.dina).state == ExportState.FAILED
    assert made(handover, cast.dina).state == ExportState.READY


def test_one_that_failed_is_made_up_for_by_the_next_office(
    cast: Cast, handover: Handover, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patched:
        patched.setattr("portal.actions.packs.write_pack", broken)
        assert made(handover, cast.dina).state == ExportState.FAILED
    address = reverse("portal:handover_pack", args=[handover.pk])
    client = Client()
    with time_machine.travel(handover.takes_effect_at, tick=False):
        client.force_login(cast.dina)
        assert client.post(address).status_code == 403
        client.force_login(cast.amal)
        for _ in range(2):
            assert client.post(address).status_code == 302
        make_pack(pack_id=HandoverPack.objects.get().pk)
        assert HandoverPack.objects.get().state == ExportState.READY
        assert client.post(address).status_code == 403


def test_its_days_are_of_the_time_zone_of_the_network(
    cast: Cast, handover: Handover, settings: Any
) -> None:
    settings.NETWORK_TIME_ZONE = "Asia/Seoul"
    application = make_application(cast.bilal, country="MX")
    Application.objects.filter(pk=application.pk).update(
        state_since=datetime(2026, 3, 1, 20, tzinfo=UTC)
    )
    with archive(made(handover, cast.dina)) as files:
        parts = json.loads(files.read("data.json"))["parts"]
    assert [row[4] for row in parts["applications"]["rows"]] == ["2026-03-02"]


def test_it_costs_the_same_with_one_of_each_and_with_three(cast: Cast, handover: Handover) -> None:
    shown = Handover.objects.for_display().get(pk=handover.pk)
    counts = []
    for country in ("MX", "CL", "UY"):
        make_room(cast)
        make_application(cast.bilal, country=country)
        make_date(make_group(cast), office(cast))
        with CaptureQueriesContext(connection) as queries:
            write_pack(io.BytesIO(), shown, "en")
        counts.append(len(queries))
    assert counts[0] == counts[2]
