"""What is said of a group is not lost: two who write at once, and the texts from before."""

import re
from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.group_life import StaleGroupError, change_group
from members.group_changes import group_changes
from members.models import Group, GroupVersion
from tests.factories import Cast, make_user
from tests.members.groups import by, make_group, office, signed_in

STATES = {"state_ar": "draft", "state_en": "final", "state_fr": "draft"}


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(
        cast,
        mandate_texts={"en": "To report.", "fr": "Faire rapport."},
        mandate_states={"en": "final", "fr": "draft"},
    )


def said(text: str, **more: Any) -> dict[str, Any]:
    given: dict[str, Any] = {
        "names": {"en": "Culture", "ar": "الثقافة"},
        "mandate_texts": {"en": text, "fr": "Faire rapport."},
        "mandate_states": {"en": "final", "fr": "draft"},
        "starts_on": None,
        "ends_on": None,
        "secretariat_chairs": False,
    }
    return given | more


def typed(text: str, version: int, **more: Any) -> dict[str, Any]:
    return {
        "name_en": "Culture",
        "name_ar": "الثقافة",
        "mandate_en": text,
        "mandate_fr": "Faire rapport.",
        "version": version,
        **STATES,
        **more,
    }


def url(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def words(client: Client, name: str, *args: Any) -> str:
    answer = client.get(url(name, *args))
    assert answer.status_code == 200
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode().split("<main")[1]).split())


def numbers(group: Group) -> list[int]:
    return [version.number for version in GroupVersion.objects.of_group(group)]


def test_each_change_is_kept_and_the_first_keeps_what_stood(cast: Cast, group: Group) -> None:
    for _ in range(2):  # sent twice, it is one
        kept = change_group(group=group, **said("To advise."), version=0, **office(cast))
    assert kept.version == 1
    change_group(group=group, **said("To act."), version=None, **office(cast))
    assert numbers(group) == [2, 1, 0]
    texts = [v.mandate_text.text for v in GroupVersion.objects.of_group(group)]
    assert texts == ["To act.", "To advise.", "To report."]
    first, last = (GroupVersion.objects.find(group, n) for n in (0, 2))
    assert first
    assert last
    assert (first.actor, first.at, last.actor) == (None, group.created_at, cast.dina)
    with pytest.raises(PermissionDenied):
        change_group(group=group, **said("Mine."), version=2, **by(cast.amal, cast.amal_mandate))
    assert numbers(group) == [2, 1, 0]


def test_who_writes_on_an_older_version_is_refused_by_the_act(cast: Cast, group: Group) -> None:
    change_group(group=group, **said("To advise."), version=0, **office(cast))
    with pytest.raises(StaleGroupError) as refused:
        change_group(group=group, **said("To act."), version=0, **office(cast))
    assert refused.value.version == 1
    group.refresh_from_db()
    assert group.mandate_texts["en"] == "To advise."


def test_of_two_forms_the_second_keeps_what_was_typed_and_says_what_changed(
    cast: Cast, group: Group
) -> None:
    dina, address = signed_in(cast.dina), url("edit_group", group.pk)
    assert 'name="version" value="0"' in dina.get(address).content.decode()
    assert dina.post(address, typed("To advise.", 0)).status_code == 302
    late = dina.post(address, typed("To act.", 0, starts_on="2026-01-01"))
    html = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else has saved this in the meantime." in html
    assert re.search(r"<textarea[^>]*>\s*To act\.</textarea>", html)
    assert 'value="2026-01-01"' in html
    meanwhile = html.split('id="meanwhile"')[1].split("</section>")[0]
    assert "To report." in meanwhile
    assert "To advise." in meanwhile
    assert 'name="version" value="1"' in html
    group.refresh_from_db()
    assert group.mandate_texts["en"] == "To advise."
    assert dina.post(address, typed("To act.", 1)).status_code == 302
    assert numbers(group) == [2, 1, 0]
    assert dina.post(address, typed("To act.", 10**12)).status_code == 422


def test_every_delegate_reads_the_texts_from_before_and_no_draft(cast: Cast, group: Group) -> None:
    chloe, dina = signed_in(cast.chloe), signed_in(cast.dina)
    assert url("group_versions", group.pk) not in chloe.get(url("group", group.pk)).content.decode()
    assert "No change yet" in words(chloe, "group_versions", group.pk)
    drafted = {"mandate_texts": {"en": "To report.", "fr": "Conseiller."}}
    change_group(group=group, **said("", **drafted), version=0, **office(cast))
    change_group(
        group=group,
        **said("To act.", **{"starts_on": date(2026, 1, 1), "secretariat_chairs": True}),
        version=1,
        **office(cast),
    )
    assert url("group_versions", group.pk) in chloe.get(url("group", group.pk)).content.decode()
    listed = words(chloe, "group_versions", group.pk)
    assert "Version 2 Dina" in listed
    assert "Version 1" not in listed  # a draft alone
    assert "Version 0" in listed
    assert "Version 1 Dina" in words(dina, "group_versions", group.pk)
    latest = words(chloe, "group_version", group.pk, 2)
    for read in ("To report.", "To act.", "1 January 2026", "no yes"):
        assert read in latest
    for drafts in ("Conseiller", "Faire rapport", "State of the mandate"):
        assert drafts not in latest
    assert "To report." in words(chloe, "group_version", group.pk, 0)
    only_draft = words(chloe, "group_version", group.pk, 1)
    assert "Nothing that you may read was changed." in only_draft
    assert "Conseiller" not in only_draft
    assert "Conseiller." in words(dina, "group_version", group.pk, 1)
    for number in (3, 2**31, 10**30):
        assert chloe.get(url("group_version", group.pk, number)).status_code == 404
    other = make_group(cast)
    assert chloe.get(url("group_version", other.pk, 0)).status_code == 404
    nobody = signed_in(make_user("nobody"))
    for address in (url("group_versions", group.pk), url("group_version", group.pk, 2)):
        assert nobody.get(address).status_code == 404
        assert Client().get(address).status_code == 302


def test_a_text_that_becomes_final_is_news_to_the_delegates(cast: Cast, group: Group) -> None:
    change_group(
        group=group,
        **said("To report.", mandate_states={"en": "final", "fr": "final"}),
        version=0,
        **office(cast),
    )
    old, new = (GroupVersion.objects.get(group=group, number=n).said for n in (0, 1))
    [change] = group_changes(old, new, drafts=False)
    assert (change.before, change.after, change.language) == ("", "Faire rapport.", "fr")
    [state] = group_changes(old, new, drafts=True)
    assert (state.before, state.after) == ("draft", "final")


def test_the_list_of_versions_costs_the_same_with_three(cast: Cast, group: Group) -> None:
    client, address = signed_in(cast.chloe), url("group_versions", group.pk)

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    change_group(group=group, **said("1"), version=0, **office(cast))
    cost()
    before = cost()
    for number in (1, 2):
        change_group(group=group, **said(f"{number + 1}"), version=number, **office(cast))
    assert cost() == before
