"""Who lets whom issue statements of a delegation, and has them released."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client

from members.actions.statements import allow_statements, require_release
from members.enums import Capacity
from members.models import Institution, Mandate, User
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user


@pytest.fixture
def adviser(cast: Cast) -> Mandate:
    return make_mandate(make_user("adviser"), cast.kr, Capacity.ADVISER)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_head_and_focal_point_give_and_take_the_right(cast: Cast, adviser: Mandate) -> None:
    focal = make_mandate(make_user("focal"), cast.kr, Capacity.FOCAL_POINT)
    for actor, mandate, allowed in (
        (cast.amal, cast.amal_mandate, True),
        (cast.amal, cast.amal_mandate, True),
        (focal.user, focal, False),
    ):
        allow_statements(to=adviser, allowed=allowed, actor=actor, mandate=mandate)
        adviser.refresh_from_db()
        assert adviser.issues_statements is allowed
    entries = AuditEntry.objects.order_by("number")
    assert [(e.act, e.actor_id, e.after["statements"]) for e in entries] == [
        ("mandate.statements_changed", cast.amal.pk, True),
        ("mandate.statements_changed", focal.user.pk, False),
    ]


def test_nobody_else_gives_it_nor_to_oneself_nor_to_who_only_listens(
    cast: Cast, adviser: Mandate
) -> None:
    listens = make_mandate(make_user("listens"), cast.kr, Capacity.OBSERVER)
    own = make_mandate(cast.amal, cast.kr, Capacity.ADVISER)
    for to, actor in (
        (adviser, adviser.user),
        (adviser, cast.bilal),
        (adviser, cast.dina),  # the secretariat has no say in what binds a delegation
        (listens, cast.amal),
        (own, cast.amal),
        (cast.bilal_mandate, cast.amal),
    ):
        with pytest.raises(PermissionDenied):
            allow_statements(to=to, allowed=True, actor=actor)
    assert not Mandate.objects.filter(may_issue_statements=True).exists()
    assert not AuditEntry.objects.exists()


def test_the_head_has_statements_released(cast: Cast, adviser: Mandate) -> None:
    focal = make_user("focal")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    for actor in (adviser.user, focal, cast.bilal, cast.dina):
        with pytest.raises(PermissionDenied):
            require_release(institution=cast.kr, required=True, actor=actor)
    for _ in range(2):
        require_release(
            institution=cast.kr, required=True, actor=cast.amal, mandate=cast.amal_mandate
        )
    assert Institution.objects.get(pk=cast.kr.pk).statements_need_release
    assert [e.act for e in AuditEntry.objects.all()] == ["institution.release_changed"]


def test_the_page_of_the_delegation_shows_and_sets_it(cast: Cast, adviser: Mandate) -> None:
    page = f"/en/members/{cast.kr.pk}/delegation/"
    give, release = f"/en/mandates/{adviser.pk}/statements/", f"{page}release/"
    amal = signed_in(cast.amal)
    html = amal.get(page).content.decode()
    assert "issues statements by capacity" in html
    assert "Let them issue statements" in html
    assert amal.post(give, {"allowed": "yes"})["Location"] == page
    assert amal.post(release, {"required": "yes"})["Location"] == page
    html = amal.get(page).content.decode()
    assert "issues statements: the right was given" in html
    assert "Each statement must be released by a second person" in html
    for user, status in ((adviser.user, 403), (cast.bilal, 404), (cast.dina, 403)):
        client = signed_in(user)
        assert client.post(give, {"allowed": "no"}).status_code == status
        assert client.post(release, {"required": "no"}).status_code == status
    html = signed_in(cast.dina).get(page).content.decode()
    assert "Take the right back" not in html
    assert "Issue statements without a release" not in html
