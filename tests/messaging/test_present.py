"""Who of a delegation is present: by their sockets, for their own delegation alone."""

import asyncio
from collections.abc import Iterator

import pytest
from asgiref.sync import sync_to_async
from django.test import Client
from django.urls import reverse

from members.enums import Capacity
from messaging import bus
from messaging.present import present, say
from tests.factories import Cast, make_mandate, make_user
from tests.members.groups import signed_in
from tests.messaging.sockets import Tab

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("tidy_threads")]


@pytest.fixture
def scene(transactional_db: None) -> Iterator[Cast]:
    yield Cast()
    bus._ask(lambda client: client.delete(bus.name("present")))


def page(cast: Cast, user: object) -> str:
    return signed_in(user).get(reverse("members:delegation", args=[cast.kr.pk])).content.decode()  # type: ignore[arg-type]


def test_its_own_people_see_who_and_the_office_how_many(scene: Cast) -> None:
    cast = scene
    colleague, late = make_user("colleague"), make_user("late")
    make_mandate(colleague, cast.kr, Capacity.ADVISER)
    assert "Nobody of the delegation is present now." in page(cast, cast.amal)
    say([cast.amal.pk, cast.bilal.pk, late.pk])
    html = page(cast, colleague)
    assert "1 person of the delegation is present now." in html
    assert f'data-present-user="{cast.amal.pk}">present now</span>' in html
    assert html.count(" hidden>present now</span>") == 1
    html = page(cast, cast.dina)
    assert "1 person of the delegation is present now." in html
    assert "present now</span>" not in html


def test_an_open_page_asks_again_and_is_spared_what_it_has(scene: Cast) -> None:
    cast = scene
    at = reverse("messaging:delegation_presence", args=[cast.kr.pk])
    amal = signed_in(cast.amal)
    first = amal.get(at)
    nobody = {"words": "Nobody of the delegation is present now.", "users": []}
    assert first.json() == nobody
    same = amal.get(at, headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    say([cast.amal.pk])
    one = "1 person of the delegation is present now."
    changed = amal.get(at, headers={"If-None-Match": first["ETag"]})
    assert (changed.status_code, changed.json()) == (200, {"words": one, "users": [cast.amal.pk]})
    assert signed_in(cast.dina).get(at).json() == {"words": one, "users": []}
    assert signed_in(cast.bilal).get(at).status_code == 404
    assert Client().get(at).status_code == 401


async def test_who_has_a_page_open_is_present(scene: Cast) -> None:
    cast = scene
    ask = sync_to_async(present)
    both = [cast.amal.pk, cast.bilal.pk]
    assert await ask(both) == set()
    tab = await Tab.open(cast.amal)
    for _ in range(50):
        if await ask(both):
            break
        await asyncio.sleep(0.1)
    assert await ask(both) == {cast.amal.pk}
    await tab.leave()


def test_nobody_is_present_while_valkey_is_away(
    scene: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    say([scene.amal.pk])
    monkeypatch.setattr(bus, "_ask", lambda work: None)
    assert present([scene.amal.pk]) == set()
    assert not say([scene.amal.pk])
    assert "Nobody of the delegation" in page(scene, scene.amal)
