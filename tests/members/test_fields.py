"""The network's fields of work: one list, kept by the secretariat."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.fields import add_field, move_field, rename_field, retire_field
from members.audit import described
from members.models import Field
from records.folding import fold
from records.models import AuditEntry
from tests.factories import Cast

NAMES = {"en": "Music", "ar": "الموسيقى", "fr": "Musique"}


def make_field(name: str = "Music") -> Field:
    return add_field(names={"en": name}, actor=None)


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


def order() -> list[str]:
    return [field.names["en"] for field in Field.objects.in_order()]


def test_the_list_grows_at_its_end_and_moves_step_by_step(cast: Cast) -> None:
    music, _film, theatre = (make_field(name) for name in ("Music", "Film", "Theatre"))
    assert order() == ["Music", "Film", "Theatre"]
    move_field(field=theatre, up=True, **by(cast))
    assert order() == ["Music", "Theatre", "Film"]
    move_field(field=music, up=False, **by(cast))
    assert order() == ["Theatre", "Music", "Film"]
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.before, entry.after) == (
        "field.moved",
        {"position": 1},
        {"names": {"en": "Music"}, "position": 2},
    )


def test_at_the_ends_of_the_list_a_field_stays(cast: Cast) -> None:
    music, film = make_field(), make_field("Film")
    count = AuditEntry.objects.count()
    move_field(field=music, up=True, **by(cast))
    move_field(field=film, up=False, **by(cast))
    assert order() == ["Music", "Film"]
    assert AuditEntry.objects.count() == count


def test_a_renamed_field_is_found_by_its_new_name(cast: Cast) -> None:
    field = make_field()
    cast.kr.fields_of_work.add(field)
    for _twice in range(2):
        rename_field(field=field, names=NAMES, **by(cast))
    cast.kr.refresh_from_db()
    assert fold("Musique") in cast.kr.search_text
    assert fold("الموسيقى") in cast.kr.search_text
    entry = AuditEntry.objects.get(act="field.renamed")
    assert (entry.before, entry.after) == ({"names": {"en": "Music"}}, {"names": NAMES})


def test_a_retired_field_stays_with_those_who_have_it(cast: Cast) -> None:
    field = make_field()
    cast.kr.fields_of_work.add(field)
    for _twice in range(2):
        retire_field(field=field, retired=True, **by(cast))
    assert list(cast.kr.fields_of_work.all()) == [field]
    retire_field(field=field, retired=False, **by(cast))
    acts = AuditEntry.objects.filter(object_type="members.field").order_by("number")
    assert [e.act for e in acts] == ["field.added", "field.retired", "field.offered_again"]


@pytest.mark.parametrize("who", ["amal", "chloe"])
def test_nobody_else_settles_fields(cast: Cast, who: str) -> None:
    field, actor = make_field(), getattr(cast, who)
    for attempt in (
        lambda: add_field(names={"en": "Film"}, actor=actor),
        lambda: rename_field(field=field, names={"en": "Film"}, actor=actor),
        lambda: retire_field(field=field, retired=True, actor=actor),
        lambda: move_field(field=field, up=True, actor=actor),
    ):
        with pytest.raises(PermissionDenied):
            attempt()
    assert order() == ["Music"]


def test_the_secretariat_adds_renames_and_retires_on_the_pages(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    answer = client.post(reverse("members:new_field"), {"name_en": " Music ", "name_fr": "Musique"})
    assert answer.headers["location"] == reverse("members:fields")
    field = Field.objects.get()
    assert field.names == {"en": "Music", "fr": "Musique"}
    url = reverse("members:field", args=[field.pk])
    assert "Musique" in client.get(url).content.decode()
    client.post(url, {"name_en": "Music and dance"})
    client.post(reverse("members:retire_field", args=[field.pk]), {"retired": "yes"})
    field.refresh_from_db()
    assert field.names == {"en": "Music and dance"}
    assert field.is_retired
    page = client.get(reverse("members:fields")).content.decode()
    assert "Music and dance" in page
    assert ">retired<" in page


@pytest.mark.parametrize("posted", [{}, {"name_en": "MUSIC"}, {"name_fr": "a" * 101}])
def test_an_empty_a_double_and_a_long_name_are_refused(
    client: Client, cast: Cast, posted: dict[str, str]
) -> None:
    make_field()
    client.force_login(cast.dina)
    assert client.post(reverse("members:new_field"), posted).status_code == 422
    assert order() == ["Music"]


def test_a_field_may_keep_its_own_name(client: Client, cast: Cast) -> None:
    field = make_field()
    client.force_login(cast.dina)
    answer = client.post(reverse("members:field", args=[field.pk]), {"name_en": "Music"})
    assert answer.status_code == 302


def test_the_log_says_it_in_words(cast: Cast) -> None:
    retire_field(field=add_field(names=NAMES, actor=None), retired=True, **by(cast))
    [latest] = described(AuditEntry.objects.order_by("-number")[:1])
    assert (latest.act, latest.thing) == ("field of work retired", "field of work")
    assert [(c.name, c.after) for c in latest.changes] == [("name", "Music")]


def test_the_list_costs_the_same_with_one_field_and_with_three(client: Client, cast: Cast) -> None:
    client.force_login(cast.dina)
    counts = []
    for name in ("Music", "Film", "Theatre"):
        cast.kr.fields_of_work.add(make_field(name))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse("members:fields"))
        counts.append(len(queries))
    assert counts[0] == counts[2]
