"""Saved filters: one's own and the office's."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from members.actions.saved_filters import change_filter, remove_filter, save_filter
from members.enums import Capacity
from members.models import MOST_FILTERS, Mandate, SavedFilter, User
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.members.handovers import at, schedule
from tests.races import at_once

pytestmark = pytest.mark.django_db
HEADS: dict[str, Any] = {"listing": "people", "name": "Heads", "query": "capacity=head"}


@pytest.fixture
def eve(cast: Cast) -> User:
    """A colleague of dina's."""
    eve = make_user("eve")
    make_mandate(eve, cast.qa, Capacity.SECRETARIAT)
    return eve


def by(user: User) -> dict[str, Any]:
    return {"actor": user, "mandate": Mandate.objects.filter(user=user).first()}


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def acts() -> list[str]:
    found = AuditEntry.objects.filter(act__startswith="saved_filter").order_by("number")
    return list(found.values_list("act", flat=True))


def test_saved_opened_renamed_removed(cast: Cast, eve: User) -> None:
    dina = signed_in(cast.dina)
    answer = dina.post(
        reverse("members:save_filter"),
        {**HEADS, "name": " Heads\u202e ", "query": "capacity=head&nonsense=1&country=XX&page=3"},
    )
    assert answer["Location"] == "/en/people/?capacity=head"
    saved = SavedFilter.objects.get()
    assert (saved.owner, saved.name, saved.is_shared) == (cast.dina, "Heads", False)
    assert 'href="/en/people/?capacity=head"' in dina.get("/en/people/").content.decode()
    assert "Heads" not in signed_in(eve).get("/en/people/").content.decode()
    assert "Heads" not in dina.get("/en/applications/").content.decode()

    page = reverse("members:saved_filter", args=[saved.pk])
    answer = dina.post(page, {"name": "All heads", "is_shared": "on"})
    assert answer["Location"] == "/en/people/?capacity=head"
    assert "All heads" in signed_in(eve).get("/en/people/").content.decode()

    answer = signed_in(eve).post(reverse("members:remove_filter", args=[saved.pk]))
    assert answer["Location"] == "/en/people/"
    assert not SavedFilter.objects.exists()
    assert acts() == ["saved_filter.changed", "saved_filter.removed"]


def test_a_name_used_again_replaces_and_a_repeat_changes_nothing(cast: Cast) -> None:
    for query in ("capacity=head", "capacity=head", "capacity=delegate"):
        save_filter(**{**HEADS, "query": query}, is_shared=True, **by(cast.dina))
    assert SavedFilter.objects.get().query == "capacity=delegate"
    assert acts() == ["saved_filter.saved", "saved_filter.saved"]
    saved = SavedFilter.objects.get()
    for _time in range(2):
        change_filter(saved=saved, name="Others", is_shared=True, **by(cast.dina))
    assert acts()[2:] == ["saved_filter.changed"]
    for _time in range(2):
        remove_filter(saved=saved, **by(cast.dina))
    assert acts()[3:] == ["saved_filter.removed"]


def test_words_that_are_looked_for_are_not_shared(cast: Cast) -> None:
    sought = {**HEADS, "query": "capacity=head&q=amal"}
    saved = save_filter(**sought, is_shared=False, **by(cast.dina))
    assert saved.query == "capacity=head&q=amal"
    shared = change_filter(saved=saved, name="Heads", is_shared=True, **by(cast.dina))
    assert SavedFilter.objects.get(pk=shared.pk).query == "capacity=head"
    assert save_filter(**sought, is_shared=True, **by(cast.dina)).query == "capacity=head"
    with pytest.raises(ValidationError) as refused:
        save_filter(**{**HEADS, "name": "Amal", "query": "q=amal"}, is_shared=True, **by(cast.dina))
    assert refused.value.code == "nothing_to_share"


def test_private_ones_leave_no_trace_and_are_nobody_elses(cast: Cast, eve: User) -> None:
    saved = save_filter(**HEADS, is_shared=False, **by(cast.dina))
    assert acts() == []
    for name in ("saved_filter", "remove_filter"):
        address = reverse(f"members:{name}", args=[saved.pk])
        assert signed_in(eve).post(address, {"name": "Mine"}).status_code == 404
    for user in (eve, cast.amal):
        with pytest.raises(PermissionDenied):
            change_filter(saved=saved, name="Mine", is_shared=True, **by(user))
        with pytest.raises(PermissionDenied):
            remove_filter(saved=saved, **by(user))
    with pytest.raises(PermissionDenied):
        save_filter(**HEADS, is_shared=False, **by(cast.amal))
    assert SavedFilter.objects.get().name == "Heads"


def test_bounded_and_named_once(cast: Cast) -> None:
    for number in range(MOST_FILTERS):
        save_filter(**{**HEADS, "name": f"No. {number}"}, is_shared=False, **by(cast.dina))
    with pytest.raises(ValidationError) as refusal:
        save_filter(**HEADS, is_shared=False, **by(cast.dina))
    assert refusal.value.code == "too_many"
    first = SavedFilter.objects.get(name="No. 0")
    with pytest.raises(ValidationError) as refusal:
        change_filter(saved=first, name="no. 1", is_shared=False, **by(cast.dina))
    assert refusal.value.code == "named_twice"
    answer = signed_in(cast.dina).post(reverse("members:save_filter"), HEADS)
    assert answer.status_code == 422
    assert "remove one first" in answer.content.decode()


def test_sent_empty_it_says_what_is_missing(cast: Cast) -> None:
    dina = signed_in(cast.dina)
    for data in ({}, {"name": "\u202e", "listing": "people", "query": ""}):
        answer = dina.post(reverse("members:save_filter"), data)
        assert answer.status_code == 422
        assert "error-summary" in answer.content.decode()
    saved = save_filter(**HEADS, is_shared=False, **by(cast.dina))
    answer = dina.post(reverse("members:saved_filter", args=[saved.pk]), {"name": ""})
    assert answer.status_code == 422


@pytest.mark.django_db(transaction=True)
def test_two_tabs_with_one_name_make_one(cast: Cast) -> None:
    def save() -> None:
        save_filter(**HEADS, is_shared=True, **by(cast.dina))

    assert at_once(save, save, save) == ["done"] * 3
    assert SavedFilter.objects.count() == 1
    assert acts() == ["saved_filter.saved"]


def test_what_narrows_the_audit_log_is_saved_without_whom_it_is_about(
    cast: Cast, eve: User
) -> None:
    dina, colleague = signed_in(cast.dina), signed_in(eve)
    save_filter(**HEADS, is_shared=True, **by(cast.dina))  # so that the log knows such an act
    log = reverse("members:audit_log")
    sought = "who=Amal&act=saved_filter.saved&since=2026-01-01"
    page = dina.get(f"{log}?{sought}&before=9000").content.decode()
    assert f'name="query" value="{sought.replace("&", "&amp;")}"' in page
    asked = {"listing": "audit", "name": "Filters", "query": f"{sought}&before=9000&nonsense=1"}
    answer = dina.post(reverse("members:save_filter"), asked)
    assert answer["Location"] == f"{log}?{sought}"
    assert "Filters" not in colleague.get(log).content.decode()
    dina.post(reverse("members:save_filter"), {**asked, "is_shared": "on"})
    saved = SavedFilter.objects.of_list("audit").get()
    assert saved.query == "act=saved_filter.saved&since=2026-01-01"
    assert "Filters" in colleague.get(log).content.decode()
    assert "Filters" not in colleague.get("/en/people/").content.decode()
    alone = {"listing": "audit", "name": "Amal", "query": "who=Amal", "is_shared": "on"}
    refused = dina.post(reverse("members:save_filter"), alone)
    assert refused.status_code == 422
    assert "Words that are looked for are not shared" in refused.content.decode()


def test_the_office_before_reads_no_filters_of_the_log(cast: Cast, eve: User) -> None:
    asked: dict[str, Any] = {"listing": "audit", "name": "Filters", "query": ""}
    save_filter(**asked, is_shared=True, **by(cast.dina))
    log = reverse("members:audit_log")
    assert signed_in(cast.amal).get(log).status_code == 404
    assert "Filters" in signed_in(eve).get(log).content.decode()
    with at(schedule(cast).takes_effect_at + timedelta(seconds=1)):
        answer = signed_in(cast.dina).get(log)
    assert (answer.status_code, "Filters" in answer.content.decode()) == (200, False)
