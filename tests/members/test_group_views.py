"""The pages of groups: who sees what, what they cost, and every way through them."""

import re
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.group_life import close_group
from members.actions.join_requests import ask_to_join
from members.enums import Capacity, GroupKind, GroupRole
from members.models import Group, JoinRequest
from messaging.models import Room
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.members.groups import by, focal_of_poland, make_group, office, signed_in

STATES = {"state_ar": "draft", "state_en": "final", "state_fr": "draft"}


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(
        cast,
        mandate_texts={"en": "To report.", "fr": "Faire rapport."},
        mandate_states={"en": "final", "fr": "draft"},
    )


def at(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def read(client: Client, name: str, *args: Any) -> str:
    answer = client.get(at(name, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def told(answer: Any) -> list[str]:
    return [str(m) for m in answer.context["messages"]]


def cost(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def buttons(html: str) -> set[str]:
    """The names of the addresses of ours that the page leads to, after the group's number."""
    return set(re.findall(r'(?:href|action)="/en/groups/\d+/([a-z]+)[/"]', html))


# --- The list -------------------------------------------------------------------------------------
def test_delegates_see_the_groups_by_kind_and_the_closed_apart(cast: Cast, group: Group) -> None:
    make_group(cast, kind=GroupKind.COMMITTEE, names={"en": "Budget"}, secretariat_chairs=True)
    done = make_group(cast, names={"en": "Charter"})
    close_group(group=done, reason="Done", **office(cast))
    html = read(signed_in(cast.amal), "group_list")
    headings = re.findall(r"<h2[^>]*>\s*([^<]+?)\s*<", html.split("<main")[1])
    assert headings[:3] == ["Working groups", "Committees", "Closed groups"]
    assert html.index("Culture") < html.index("Budget") < html.index("Charter")
    assert html.count("yours: chair") == 3
    assert "Make a group" not in html
    assert f'href="{at("group_list")}"' in html.split("<main")[0]  # in the navigation
    assert "Make a group" in read(signed_in(cast.dina), "group_list")
    assert "yours:" not in read(signed_in(cast.chloe), "group_list")
    nobody = signed_in(make_user("nobody"))
    assert nobody.get(at("group_list")).status_code == 404
    assert at("group_list") not in read(nobody, "directory")
    assert Client().get(at("group_list")).status_code == 302


def test_without_a_group_the_list_says_so(cast: Cast) -> None:
    assert "No group is at work" in read(signed_in(cast.amal), "group_list")


def test_list_and_page_cost_the_same_with_one_and_three(cast: Cast) -> None:
    one = make_group(cast, members={cast.kr: GroupRole.CHAIR})
    amal, dina = signed_in(cast.amal), signed_in(cast.dina)
    pages = [(c, url) for c in (amal, dina) for url in (at("group_list"), at("group", one.pk))]
    for client, url in pages:
        client.get(url)
    before = [cost(client, url) for client, url in pages]
    for country in ("SG", "SE"):
        head = make_mandate(make_user(country.lower()), make_institution(country))
        one.members.create(institution=head.institution, role=GroupRole.CHAIR, representative=head)
        asks = make_mandate(make_user(f"head{country}"), make_institution(f"{country[0]}A"))
        ask_to_join(group=one, role=GroupRole.MEMBER, words="Please", **by(asks.user, asks))
    again = [cost(client, url) for client, url in pages]
    assert again == before
    for _ in range(2):
        make_group(cast, members={cast.kr: GroupRole.CHAIR, cast.ng: GroupRole.MEMBER})
    assert [cost(client, url) for client, url in pages[::2]] == before[::2]


# --- The page -------------------------------------------------------------------------------------
def test_the_page_offers_each_what_they_may_do(cast: Cast, group: Group) -> None:
    filip, _mandate = focal_of_poland(cast)
    pages = {
        name: read(signed_in(user), "group", group.pk)
        for name, user in {
            "chair": cast.amal,
            "member": cast.bilal,
            "delegate": cast.chloe,
            "asks": filip,
            "office": cast.dina,
        }.items()
    }
    assert {name: buttons(html) for name, html in pages.items()} == {
        "chair": {"members", "files", "calendar"},
        "member": {"members", "files", "calendar"},  # to leave
        "delegate": set(),
        "asks": {"requests"},
        "office": {"members", "form", "closing", "files", "calendar"},
    }
    for html in pages.values():
        assert "To report." in html
        assert "Faire rapport" not in html
    assert "Still a draft" in pages["office"]
    assert "Still a draft" not in pages["chair"]


def test_its_rooms_are_led_to_by_those_who_may_open_them(cast: Cast, group: Group) -> None:
    room = Room.objects.main_of_group(group)
    assert room
    address = f'href="/en/rooms/{room.pk}/"'
    for user, sees in ((cast.amal, True), (cast.dina, True), (cast.chloe, False)):
        html = read(signed_in(user), "group", group.pk).split("<main")[1]
        assert (address in html) == sees
        assert ("Its rooms are open to its members" in html) != sees


def test_delegates_read_who_chairs_by_name_and_the_public_page_of_an_institution_does_not(
    cast: Cast, group: Group
) -> None:
    amal = signed_in(cast.amal)
    url = at("group_place", group.pk, cast.kr.pk)
    assert amal.post(url, {"representative": cast.amal_mandate.pk}).status_code == 302
    html = read(signed_in(cast.chloe), "group", group.pk)
    assert re.search(r"<bdi>Amal</bdi> · chairs", html)
    public = read(Client(), "institution", cast.kr.pk)
    assert "Culture" in public
    assert "Amal" not in public
    assert at("group", group.pk) not in public
    assert at("group", group.pk) in read(signed_in(cast.chloe), "institution", cast.kr.pk)


def test_a_closed_group_says_why_and_is_reopened(cast: Cast, group: Group) -> None:
    dina = signed_in(cast.dina)
    assert dina.post(at("close_group", group.pk), {"reason": " "}).status_code == 422
    answer = dina.post(at("close_group", group.pk), {"reason": "It has reported."}, follow=True)
    assert told(answer) == ["The group is closed. Its rooms can still be read."]
    html = read(signed_in(cast.chloe), "group", group.pk)
    assert "It has reported." in html
    assert buttons(html) == set()
    for user, place in ((cast.amal, cast.ng), (cast.bilal, cast.ng), (cast.dina, cast.kr)):
        client = signed_in(user)
        assert buttons(read(client, "group", group.pk)) - {"reopening"} == {"files", "calendar"}
        leaving = at("remove_group_member", group.pk, place.pk)
        for ask in (client.get, client.post):
            assert told(ask(leaving, follow=True)) == ["The group is closed. Reopen it first."]
    assert group.members.current().count() == 2
    closed = dina.post(
        at("add_group_members", group.pk),
        {"role": "member", "delegations": cast.pl.pk},
        follow=True,
    )
    assert told(closed) == ["The group is closed. Reopen it first."]
    dina.post(at("reopen_group", group.pk))
    assert "It has reported." not in read(signed_in(cast.chloe), "group", group.pk)


# --- Making and changing --------------------------------------------------------------------------
def test_a_group_is_made_and_edited_in_three_languages(cast: Cast) -> None:
    dina = signed_in(cast.dina)
    data = {
        "kind": "contact_group",
        "client_id": str(uuid4()),
        "name_ar": "فريق الاتصال\u202e",
        "name_en": "Contact group",
        "mandate_en": "To report.",
        "starts_on": "2026-01-01",
        "ends_on": "2026-06-30",
        "secretariat_chairs": "on",
        **STATES,
    }
    refused = dina.post(at("new_group"), {**data, "ends_on": "2025-06-30"})
    assert refused.status_code == 422
    assert "The last day is before the first." in refused.content.decode()
    assert dina.post(at("new_group"), {"kind": "committee", **STATES}).status_code == 422
    made = dina.post(at("new_group"), data)
    group = Group.objects.get()
    assert made["Location"] == at("group", group.pk)
    assert group.names == {"ar": "فريق الاتصال", "en": "Contact group"}
    assert (group.kind, group.secretariat_chairs) == ("contact_group", True)
    assert Room.objects.main_of_group(group)
    form = read(dina, "edit_group", group.pk)
    assert 'value="2026-06-30"' in form
    assert 'name="kind"' not in form
    del data["secretariat_chairs"]
    assert dina.post(at("edit_group", group.pk), data).status_code == 422  # of which version?
    dina.post(at("edit_group", group.pk), {**data, "name_en": "Friends", "version": 0})
    group.refresh_from_db()
    assert (group.names["en"], group.secretariat_chairs) == ("Friends", False)


def test_members_are_added_by_the_list_and_taken_out_after_a_question(
    cast: Cast, group: Group
) -> None:
    amal = signed_in(cast.amal)
    url = at("add_group_members", group.pk)
    page = amal.get(url).content.decode()
    assert re.findall(
        r'<option value="(\w+)"', page.split('name="role"')[1].split("</select>")[0]
    ) == [
        "member",
        "observer",
    ]
    assert f'id="delegation-{cast.pl.pk}"' in page
    assert f'id="delegation-{cast.ng.pk}"' not in page  # is in it
    assert amal.post(url, {"role": "chair", "delegations": cast.pl.pk}).status_code == 422
    assert amal.post(url, {"role": "member"}).status_code == 422
    amal.post(url, {"role": "member", "delegations": [cast.pl.pk, cast.qa.pk]})
    assert {m.institution for m in group.members.for_rooms()} == {
        cast.kr,
        cast.ng,
        cast.pl,
        cast.qa,
    }
    leaving = at("remove_group_member", group.pk, cast.pl.pk)
    assert "Take this institution out" in amal.get(leaving).content.decode()
    assert told(amal.post(leaving, follow=True)) == [
        "It is out of the group; on open pages of its rooms too."
    ]
    assert amal.post(leaving).status_code == 404
    bilal = signed_in(cast.bilal)
    own = at("remove_group_member", group.pk, cast.ng.pk)
    assert "Leave this group?" in bilal.get(own).content.decode()
    assert told(bilal.post(own, follow=True)) == ["Your institution has left the group."]


def test_a_place_is_changed_by_whose_it_is_to_change(cast: Cast, group: Group) -> None:
    amal, dina = signed_in(cast.amal), signed_in(cast.dina)
    of_nigeria = at("group_place", group.pk, cast.ng.pk)
    page = amal.get(of_nigeria).content.decode()
    assert 'name="role"' in page
    assert 'name="representative"' not in page  # another delegation's own affair
    assert signed_in(cast.bilal).get(of_nigeria).status_code == 403  # there is nothing to choose
    amal.post(of_nigeria, {"role": "observer"})
    of_korea = at("group_place", group.pk, cast.kr.pk)
    page = amal.get(of_korea).content.decode()
    assert 'name="role"' not in page
    assert 'name="representative"' in page
    dina.post(of_nigeria, {"role": "chair", "representative": cast.bilal_mandate.pk})
    assert dina.post(of_nigeria, {"role": "chair", "representative": 0}).status_code == 422
    place = group.members.current().get(institution=cast.ng)
    assert (place.role, place.representative) == ("chair", cast.bilal_mandate)
    history = read(dina, "group", group.pk).split('id="history"')[1]
    rows = [" ".join(re.sub("<[^>]+>", " ", r).split()) for r in history.split("<tr>")[2:]]
    begun = (
        "Institution NG chair Bilal ",
        "Institution NG observer — ",
        "Institution NG member — ",
    )
    assert all(row.startswith(words) for row, words in zip(rows, begun, strict=False)), rows
    assert [row.endswith("– today") for row in rows[:3]] == [True, False, False]


# --- Requests -------------------------------------------------------------------------------------
def test_a_focal_point_asks_the_chair_accepts_and_it_is_in_the_group(
    cast: Cast, group: Group
) -> None:
    filip, _mandate = focal_of_poland(cast)
    asker, chair = signed_in(filip), signed_in(cast.amal)
    url = at("ask_to_join", group.pk)
    assert "Institution PL" in asker.get(url).content.decode()
    assert asker.post(url, {"role": "member", "words": "\u202e \n"}).status_code == 422
    assert asker.post(url, {"role": "chair", "words": "Please"}).status_code == 422
    answer = asker.post(url, {"role": "member", "words": "We\u202e help."}, follow=True)
    asked = JoinRequest.objects.get()
    assert asked.words == "We help."
    assert told(answer) == ["Your request is on its way. You are told of the answer."]
    assert asker.get(url).status_code == 403  # once at a time
    assert "Withdraw the request" in answer.content.decode()
    page = read(chair, "join_request", asked.pk)
    assert "We help." in page
    assert "Withdraw the request" not in page
    assert at("join_request", asked.pk) in read(chair, "group", group.pk)
    assert at("join_request", asked.pk) in chair.get("/en/").content.decode()
    assert at("join_request", asked.pk) not in read(signed_in(cast.bilal), "group", group.pk)
    assert signed_in(cast.bilal).get(at("join_request", asked.pk)).status_code == 404
    done = chair.post(at("accept_join_request", asked.pk), follow=True)
    assert told(done) == ["They are in the group, and its room is open to them."]
    room = Room.objects.main_of_group(group)
    assert room
    assert asker.get(f"/en/rooms/{room.pk}/").status_code == 200


def test_of_two_who_answer_the_second_is_told(cast: Cast, group: Group) -> None:
    asks = focal_of_poland(cast)
    asked = ask_to_join(group=group, role=GroupRole.MEMBER, words="Please", **by(*asks))
    dina, chair = signed_in(cast.dina), signed_in(cast.amal)
    decline = at("decline_join_request", asked.pk)
    assert dina.post(decline, {"reason": ""}).status_code == 422
    dina.post(decline, {"reason": "It is full."})
    late = ["The request was answered or withdrawn in the meantime."]
    assert told(chair.post(at("accept_join_request", asked.pk), follow=True)) == late
    assert told(chair.post(decline, {"reason": "No"}, follow=True)) == late
    asker = signed_in(asks[0])
    assert told(asker.post(at("withdraw_join_request", asked.pk), follow=True)) == late
    assert "It is full." in read(asker, "join_request", asked.pk)


def test_who_manages_two_institutions_says_in_whose_name(cast: Cast, group: Group) -> None:
    filip, poland = focal_of_poland(cast)
    second = make_mandate(filip, make_institution("SE"), Capacity.HEAD)
    asker = signed_in(filip)
    url = at("ask_to_join", group.pk)
    asker.post(url, {"mandate": second.pk, "role": "observer", "words": "Please"})
    assert JoinRequest.objects.get().institution == second.institution
    assert poland.institution.name.text in asker.get(url).content.decode()  # the other still may


# --- The log --------------------------------------------------------------------------------------
def test_the_log_says_it_in_words(cast: Cast, group: Group) -> None:
    asks = focal_of_poland(cast)
    ask_to_join(group=group, role=GroupRole.OBSERVER, words="A private matter", **by(*asks))
    close_group(group=group, reason="Done", **office(cast))
    html = read(signed_in(cast.dina), "audit_log")
    for words in (
        "group closed",
        "request to join a group made",
        "request to join a group declined",
        "Institution PL",
        "Filip",
        "observer",
    ):
        assert words in html
    assert "A private matter" not in html
    assert not any("group." in act for act in re.findall(r">(group\.[a-z_]+)<", html))
    assert AuditEntry.objects.about(group).count() == 4
