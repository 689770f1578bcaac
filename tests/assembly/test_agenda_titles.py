"""Titles of agenda items, prepared in one language after another."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assembly.actions import add_agenda_item, change_agenda_titles
from assembly.models import AgendaItem, Meeting
from records.models import AuditEntry
from tests.assembly.conftest import make_meeting
from tests.factories import Cast

TITLES = {"en": "Programme of work", "ar": "برنامج العمل"}


@pytest.fixture
def item(cast: Cast) -> AgendaItem:
    return add_agenda_item(
        meeting=make_meeting(None),
        titles=TITLES,
        title_states={"en": "final", "ar": "draft"},
        actor=cast.dina,
    )


def page_of(client: Client, item: AgendaItem, language: str = "ar") -> str:
    return str(client.get(f"/{language}/meetings/{item.meeting_id}/").content.decode())


def test_a_draft_is_the_secretariats_alone(client: Client, cast: Cast, item: AgendaItem) -> None:
    client.force_login(cast.amal)
    assert "برنامج العمل" not in page_of(client, item)
    assert '<bdi lang="en">Programme of work</bdi>' in page_of(client, item)
    client.force_login(cast.dina)
    assert "برنامج العمل" in page_of(client, item)


def test_while_none_is_final_everyone_reads_what_there_is(
    client: Client, cast: Cast, item: AgendaItem
) -> None:
    change_agenda_titles(
        item=item, titles=TITLES, title_states={"en": "draft", "ar": "draft"}, actor=cast.dina
    )
    client.force_login(cast.amal)
    assert "<bdi>برنامج العمل</bdi>" in page_of(client, item)


def test_titles_without_states_are_final(cast: Cast) -> None:
    item = add_agenda_item(meeting=make_meeting(None), titles=TITLES, actor=None)
    assert item.public_titles == TITLES
    assert item.drafts == []


def test_the_page_makes_a_draft_final(client: Client, cast: Cast, item: AgendaItem) -> None:
    client.force_login(cast.dina)
    url = reverse("assembly:agenda_titles", args=[item.meeting_id, item.position])
    assert "برنامج العمل" in client.get(url).content.decode()
    typed = {f"title_{code}": title for code, title in TITLES.items()}
    for _twice in range(2):
        answer = client.post(url, {**typed, "state_en": "final", "state_ar": "final"})
        assert answer.status_code == 302
    item.refresh_from_db()
    assert item.public_titles == TITLES
    assert AuditEntry.objects.filter(act="agenda_item.titles_changed").count() == 1
    assert client.post(url, {"title_en": ""}).status_code == 422


def test_others_may_not_and_a_past_agenda_stands(cast: Cast, item: AgendaItem) -> None:
    with pytest.raises(PermissionDenied):
        change_agenda_titles(item=item, titles=TITLES, title_states={}, actor=cast.amal)
    past = timezone.now().date() - timedelta(days=3)
    Meeting.objects.filter(pk=item.meeting_id).update(starts_on=past, ends_on=past)
    with pytest.raises(ValidationError):
        change_agenda_titles(item=item, titles=TITLES, title_states={}, actor=cast.dina)
