from datetime import date
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members import signals
from members.actions.groups import add_group_member, create_group, remove_group_member
from members.actions.institutions import change_membership, create_institution
from members.enums import Capacity, GroupKind, GroupRole, MembershipClass, MembershipState
from members.models import Institution
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user


def page(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def found(client: Client, **query: str) -> list[str]:
    answer = client.get(page("directory"), query)
    return [i.country.code for c in answer.context["classes"] for i in c["institutions"]]


def make_member(names: dict[str, str], **fields: Any) -> Institution:
    institution = create_institution(names=names, **fields)
    change_membership(
        institution=institution,
        membership_class=MembershipClass.FULL,
        state=MembershipState.ACTIVE,
        since=date(2014, 10, 23),
    )
    return institution


def test_directory_is_open_and_in_the_order_of_english_country_names(db: None) -> None:
    for country in ("KR", "CH", "", "TR", "AE", "DE"):  # South Korea, Switzerland, —, Türkiye, …
        make_institution(country)
    make_institution("FR", state=MembershipState.CANDIDATE)
    make_institution("ES", state=MembershipState.WITHDRAWN)
    expected = ["DE", "KR", "CH", "TR", "AE", ""]
    assert found(Client()) == expected
    with translation.override("ar"):
        answer = Client().get(page("directory"))
    codes = [i.country.code for c in answer.context["classes"] for i in c["institutions"]]
    assert codes == expected
    assert "سويسرا" in answer.content.decode()


def test_directory_groups_by_class(db: None) -> None:
    make_institution("LT", membership_class=MembershipClass.ASSOCIATE)
    make_institution("KR")
    make_institution("MX", membership_class=MembershipClass.OBSERVER)
    classes = Client().get(page("directory")).context["classes"]
    assert [[i.country.code for i in c["institutions"]] for c in classes] == [
        ["KR"],
        ["LT"],
        ["MX"],
    ]


def test_directory_finds_in_all_languages_and_spellings(db: None) -> None:
    make_member({"en": "Yunus Emre Institute", "ar": "معهد يونس إمره"}, country="TR", acronym="YEE")
    make_member({"en": "Camões Institute"}, country="PT")
    client = Client()
    assert found(client, q="camoes") == ["PT"]
    assert found(client, q="معهد امره") == ["TR"]
    assert found(client, q="البرتغال") == ["PT"]
    assert found(client, q="yee") == ["TR"]
    assert found(client, q="institute") == ["PT", "TR"]
    assert found(client, q="turkiye") == ["TR"]
    nothing = client.get(page("directory"), {"q": "no such thing"})
    assert nothing.context["count"] == 0
    assert "No institution found" in nothing.content.decode()
    assert found(client, q="x" * 500) == ["PT", "TR"]  # refused, and nothing hidden


def test_empty_network_says_so(db: None) -> None:
    assert "No members yet" in Client().get(page("directory")).content.decode()


@pytest.mark.parametrize("person", [False, True])
def test_directory_costs_the_same_with_one_and_three(cast: Cast, person: bool) -> None:
    client = Client()
    if person:
        client.force_login(cast.amal)
    before = count_queries(client, page("directory"))
    for country in ("SE", "SG"):
        make_member({"en": country}, country=country)
    assert count_queries(client, page("directory")) == before


def test_institution_page_is_open_without_its_people(cast: Cast) -> None:
    cast.kr.names = {"en": "Korea Foundation", "ar": "مؤسسة كوريا"}
    cast.kr.website = "https://kf.example"
    cast.kr.save()
    create_group(
        kind=GroupKind.WORKING_GROUP,
        names={"en": "Working group on digital diplomacy"},
        members={cast.kr: GroupRole.CHAIR, cast.ng: GroupRole.MEMBER},
    )
    html = Client().get(page("institution", cast.kr.pk)).content.decode()
    for text in ("Korea Foundation", "مؤسسة كوريا", "https://kf.example", "digital diplomacy"):
        assert text in html
    assert "Amal" not in html
    assert "Presidencies held" in Client().get(page("institution", cast.qa.pk)).content.decode()


def test_institution_page_shows_people_to_delegates_while_their_mandate_runs(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bilal)
    assert "Amal" in client.get(page("institution", cast.kr.pk)).content.decode()
    cast.ng.memberships.update(state=MembershipState.SUSPENDED)
    assert "Amal" not in client.get(page("institution", cast.kr.pk)).content.decode()
    assert "suspended" in client.get(page("institution", cast.ng.pk)).content.decode()


def test_candidate_is_shown_to_delegates_only(cast: Cast) -> None:
    candidate = make_institution("MX", state=MembershipState.CANDIDATE)
    url = page("institution", candidate.pk)
    assert Client().get(url).status_code == 404
    client = Client()
    client.force_login(cast.amal)
    assert client.get(url).status_code == 200
    assert client.get(page("institution", 999_999)).status_code == 404


def test_institution_page_costs_the_same_with_one_and_three(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.bilal)
    url = page("institution", cast.kr.pk)

    def add(number: int) -> None:
        create_group(
            kind=GroupKind.COMMITTEE,
            names={"en": f"Committee {number}"},
            members={cast.kr: GroupRole.MEMBER},
        )
        make_mandate(make_user(f"person{number}"), cast.kr, Capacity.DELEGATE)

    add(1)
    before = count_queries(client, url)
    add(2)
    add(3)
    assert count_queries(client, url) == before


def test_history_of_a_membership_is_kept(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        change_membership(
            institution=cast.kr,
            membership_class=MembershipClass.FULL,
            state=MembershipState.SUSPENDED,
            since=date(2026, 1, 1),
            actor=cast.amal,
        )
    heard: list[Institution] = []

    def hear(institution: Institution, **_: Any) -> None:
        heard.append(institution)

    signals.membership_changed.connect(hear)
    for _ in range(2):
        change_membership(
            institution=cast.kr,
            membership_class=MembershipClass.FULL,
            state=MembershipState.SUSPENDED,
            since=date(2026, 1, 1),
            reason="three absences",
            actor=cast.dina,
        )
    signals.membership_changed.disconnect(hear)
    assert heard == [cast.kr]
    states = [(m.state, m.until) for m in cast.kr.memberships.history()]
    assert states == [("active", date(2026, 1, 1)), ("suspended", None)]
    html = Client().get(page("institution", cast.kr.pk)).content.decode()
    assert "three absences" not in html  # the reason is not for everyone
    assert Institution.objects.with_joining().get(pk=cast.kr.pk).joined_on == date(2014, 10, 23)


def test_groups_are_the_secretariats_to_make(cast: Cast) -> None:
    said: list[str] = []

    def hear(signal: Any, **_: Any) -> None:
        said.append(
            next(n for n in ("created", "member_added", "member_removed")
                 if signal is getattr(signals, f"group_{n}"))
        )  # fmt: skip

    watched = [signals.group_created, signals.group_member_added, signals.group_member_removed]
    for signal in watched:
        signal.connect(hear)
    arguments: dict[str, Any] = {
        "kind": GroupKind.COMMITTEE,
        "names": {"en": "Committee"},
        "members": {cast.kr: GroupRole.CHAIR},
    }
    with pytest.raises(PermissionDenied):
        create_group(**arguments, actor=cast.amal)
    group = create_group(**arguments, actor=cast.dina, mandate=cast.dina_mandate)
    with pytest.raises(PermissionDenied):
        add_group_member(group=group, institution=cast.ng, actor=cast.chloe)
    for _ in range(2):
        add_group_member(group=group, institution=cast.ng, actor=cast.dina)
    add_group_member(group=group, institution=cast.ng, role=GroupRole.OBSERVER, actor=cast.dina)
    with pytest.raises(PermissionDenied):
        remove_group_member(group=group, institution=cast.ng, actor=cast.chloe)
    for _ in range(2):
        remove_group_member(group=group, institution=cast.ng, actor=cast.dina)
    for signal in watched:
        signal.disconnect(hear)
    assert said == ["created", "member_added", "member_added", "member_removed"]
    assert [m.institution for m in group.members.for_rooms()] == [cast.kr]
    acts = [e.act for e in AuditEntry.objects.about(group).order_by("number")]
    assert acts == [
        "group.created", "group.member_added", "group.member_changed", "group.member_removed",
    ]  # fmt: skip
