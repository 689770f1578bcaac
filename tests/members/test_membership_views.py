"""The pages of an institution's standing: who sees what, and the acts as forms."""

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.enums import Capacity, MembershipState
from members.models import Institution, MembershipDocument, User
from tests.factories import Cast, make_institution, make_mandate, make_user, signed_in
from tests.files import PDF, image, upload
from tests.members.applications import checked
from tests.members.memberships import now, reinstate, suspend, withdraw
from tests.messaging.test_attachment_views import body

SECRET = ("Absent three times.", "Decision 7/3", "minutes.pdf", "Recorded by")


def as_(user: User | None) -> Client:
    return signed_in(user) if user else Client()


def act(cast: Cast, name: str, institution: Institution | None = None) -> str:
    return reverse("members:change_standing", args=[(institution or cast.kr).pk, name])


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    return {
        "standing": now(cast.kr).pk,
        "since": timezone.now().date().isoformat(),
        "reason": "Absent three times.",
        "decision": "Decision 7/3",
        **more,
    }


def page(user: User | None, institution: Institution) -> str:
    answer = as_(user).get(reverse("members:institution", args=[institution.pk]))
    assert answer.status_code == 200
    return str(answer.content.decode())


def text_of(answer: HttpResponse) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.content.decode()).split())


def test_the_secretariat_suspends_on_a_page_and_reinstates(cast: Cast) -> None:
    client = as_(cast.dina)
    assert act(cast, "suspension") in page(cast.dina, cast.kr)
    assert act(cast, "reinstatement") not in page(cast.dina, cast.kr)
    asked = client.get(act(cast, "suspension"))
    assert "lose their rooms, meetings and votes" in text_of(asked)
    files = [upload(PDF, "minutes.pdf"), upload(image(), "letter.png")]
    answer = client.post(act(cast, "suspension"), typed(cast, documents=files))
    assert answer["Location"] == f"/en/members/{cast.kr.pk}/#history"
    assert now(cast.kr).state == MembershipState.SUSPENDED
    assert [d.name for d in now(cast.kr).documents.all()] == ["minutes.pdf", "letter.png"]
    shown = page(cast.dina, cast.kr)
    assert all(word in shown for word in SECRET)
    assert act(cast, "suspension") not in shown
    assert act(cast, "reinstatement") in shown
    client.post(act(cast, "reinstatement"), typed(cast))
    assert now(cast.kr).state == MembershipState.ACTIVE


def test_class_and_withdrawal_on_a_page(cast: Cast) -> None:
    client = as_(cast.dina)
    answer = client.post(act(cast, "class_change"), typed(cast))
    assert answer.status_code == 422
    same = client.post(act(cast, "class_change"), typed(cast, membership_class="full"))
    assert same.status_code == 422
    client.post(act(cast, "class_change"), typed(cast, membership_class="associate"))
    assert now(cast.kr).membership_class == "associate"
    client.post(act(cast, "withdrawal"), typed(cast))
    assert now(cast.kr).state == MembershipState.WITHDRAWN
    assert act(cast, "reinstatement") not in page(cast.dina, cast.kr)
    gone = client.get(act(cast, "reinstatement"))
    assert gone.status_code == 409
    assert "associate member (withdrawn)" in text_of(gone)
    assert b"<textarea" not in gone.content


@pytest.mark.parametrize("name", ["class_change", "suspension", "reinstatement", "withdrawal"])
def test_the_pages_are_the_secretariats(cast: Cast, name: str) -> None:
    assert as_(None).get(act(cast, name)).status_code == 302
    for user in (cast.amal, cast.bilal, make_user("erin")):
        assert as_(user).get(act(cast, name)).status_code == 404
        assert as_(user).post(act(cast, name), typed(cast)).status_code == 404
        assert act(cast, name) not in page(user, cast.kr)
    assert cast.kr.memberships.count() == 1
    assert as_(cast.dina).get(act(cast, "expulsion")).status_code == 404
    bare = Institution.objects.create(names={"en": "Without a standing"})
    assert as_(cast.dina).get(act(cast, name, bare)).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("since", "2099-01-01", "This day lies in the future."),
        ("since", "2014-10-22", "On this day, the standing of now had not begun."),
        ("since", "soon", "This is not a day."),
        ("reason", "\u202e \u200b\u0007".replace("\u200b", ""), "This field is required."),
        ("decision", "x" * 301, "Ensure this value has at most 300 characters (it has 301)."),
        ("documents", [upload(b"MZ", "a.exe")], "This kind of file cannot be kept"),
        (
            "documents",
            [upload(PDF + bytes([n]), f"{n}.pdf") for n in range(11)],
            "At most 10 files.",
        ),
    ],
)
def test_what_cannot_be_is_refused_in_words(cast: Cast, field: str, value: Any, said: str) -> None:
    answer = as_(cast.dina).post(act(cast, "suspension"), typed(cast, **{field: value}))
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert cast.kr.memberships.count() == 1


def test_text_is_neutralised(cast: Cast) -> None:
    as_(cast.dina).post(
        act(cast, "suspension"), typed(cast, reason="a\u202eb", decision=" 7/3\u2066  x ")
    )
    assert (now(cast.kr).reason, now(cast.kr).decision) == ("ab", "7/3 x")


def test_a_second_tab_is_told_what_stands_now_and_keeps_what_was_typed(cast: Cast) -> None:
    client, stale = as_(cast.dina), typed(cast)
    suspend(cast)
    answer = client.post(act(cast, "withdrawal"), {**stale, "reason": "They wrote to us."})
    assert answer.status_code == 409
    said = text_of(answer)
    assert "This cannot be done now. The membership stands thus: full member (suspended)." in said
    assert "They wrote to us." in said
    again = answer.context["form"]
    assert again["standing"].value() == now(cast.kr).pk
    assert client.post(act(cast, "withdrawal"), typed(cast)).status_code == 302
    answer = client.post(act(cast, "suspension"), {**stale, "reason": "Once more."})
    assert answer.status_code == 409
    assert "Once more." in text_of(answer)
    assert b"<textarea" not in answer.content


def test_pressed_twice_it_happens_once(cast: Cast) -> None:
    client, once = as_(cast.dina), typed(cast)
    for _twice in range(2):
        assert client.post(act(cast, "suspension"), once).status_code == 302
    assert cast.kr.memberships.count() == 2
    once = typed(cast)
    client.post(act(cast, "reinstatement"), once)
    chosen = typed(cast, membership_class="observer")
    for _twice in range(2):
        assert client.post(act(cast, "class_change"), chosen).status_code == 302
    assert cast.kr.memberships.count() == 4


def test_who_presides_is_not_suspended(cast: Cast) -> None:
    client = as_(cast.dina)
    shown = page(cast.dina, cast.qa)
    assert act(cast, "suspension", cast.qa) not in shown
    assert act(cast, "class_change", cast.qa) not in shown
    assert "stays a full member" in shown
    for name in ("suspension", "withdrawal", "class_change"):
        refused = client.get(act(cast, name, cast.qa))
        assert refused.status_code == 409
        assert "holds the presidency" in text_of(refused)
    posted = typed(cast) | {"standing": now(cast.qa).pk}
    assert client.post(act(cast, "suspension", cast.qa), posted).status_code == 409
    changed = posted | {"membership_class": "associate"}
    assert client.post(act(cast, "class_change", cast.qa), changed).status_code == 409
    assert now(cast.qa).membership_class == "full"


def test_who_sees_why(cast: Cast) -> None:
    opened = suspend(cast, decision="Decision 7/3", uploads=[checked(name="minutes.pdf")])
    [document] = opened.documents.all()
    url = reverse("members:membership_document", args=[cast.kr.pk, document.pk])
    adviser, gone, erin = (make_user(name) for name in ("adviser", "gone", "erin"))
    make_mandate(adviser, cast.kr, Capacity.ADVISER)
    ended = make_mandate(gone, cast.kr)
    ended.ends_at = timezone.now()
    ended.save()
    for user in (cast.dina, cast.amal, adviser):  # also while their mandates rest
        assert all(word in page(user, cast.kr) for word in SECRET)
        assert url in page(user, cast.kr)
        answer = as_(user).get(url)
        assert answer.status_code == 200
        assert answer["Content-Disposition"] == 'attachment; filename="minutes.pdf"'
        assert body(answer) == PDF
    for user in (cast.bilal, cast.chloe, gone, erin, None):
        shown = page(user, cast.kr)
        assert not [word for word in SECRET if word in shown]
        assert "suspended" in shown  # that much everybody reads
        assert as_(user).get(url).status_code == (404 if user else 302)
    other = reverse("members:membership_document", args=[cast.ng.pk, document.pk])
    assert as_(cast.dina).get(other).status_code == 404


def test_home_leads_who_is_suspended_to_the_reasons(cast: Cast) -> None:
    withdraw(cast)
    home = as_(cast.amal).get("/en/").content.decode()
    assert f'href="/en/members/{cast.kr.pk}/#history"' in home


def test_delegates_read_of_candidates_and_strangers_do_not(cast: Cast) -> None:
    coming = make_institution("MX", state=MembershipState.CANDIDATE)
    assert 'id="history"' in page(cast.bilal, coming)
    url = reverse("members:institution", args=[coming.pk])
    assert Client().get(url).status_code == 404
    assert as_(make_user("erin")).get(url).status_code == 404
    head = make_user("head")
    make_mandate(head, coming)
    assert 'id="history"' in page(head, coming)


def test_the_page_costs_the_same_with_one_row_and_with_three(cast: Cast) -> None:
    def queries(user: User | None) -> int:
        client = as_(user)
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("members:institution", args=[cast.kr.pk]))
        return len(captured)

    def file(number: int) -> Any:
        return [checked(PDF + bytes([number]))]

    readers = (None, cast.bilal, cast.amal, cast.dina)
    suspend(cast, uploads=file(0))
    reinstate(cast, uploads=file(1))
    before = [queries(user) for user in readers]
    suspend(cast, uploads=file(2))
    reinstate(cast, uploads=file(3))
    assert [queries(user) for user in readers] == before
    assert MembershipDocument.objects.count() == 4
    assert before[0] < before[1] <= before[2] < before[3]


def test_the_log_tells_the_acts_in_words(cast: Cast) -> None:
    suspend(cast)
    reinstate(cast)
    withdraw(cast)
    html = as_(cast.dina).get(reverse("members:audit_log")).content.decode()
    for words in ("membership suspended", "membership reinstated", "membership withdrawn"):
        assert words in html
    assert "membership.suspended" not in html.split("<tbody>")[1]
