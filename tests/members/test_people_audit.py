import csv
import io
import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.audit import note_audit_export
from members.actions.institutions import change_membership
from members.actions.people import change_person, start_mandate
from members.enums import Capacity, MembershipClass, MembershipState
from members.views import audit
from records.actions import append_audit_entry
from records.chain import GENESIS, link
from records.models import AuditEntry
from tests.factories import Cast, signed_in


def reading(cast: Cast) -> Client:
    return signed_in(cast.dina)


def numbers(client: Client, **query: Any) -> list[int]:
    answer = client.get(reverse("members:audit_log"), query)
    return [described.entry.number for described in answer.context["entries"]]


def test_log_is_for_the_secretariat(cast: Cast) -> None:
    url = reverse("members:audit_log")
    assert Client().get(url).status_code == 302
    client = signed_in(cast.amal)
    assert client.get(url).status_code == 404
    assert reading(cast).get(url).status_code == 200


def test_log_reads_in_words(cast: Cast) -> None:
    start_mandate(
        user=cast.chloe,
        institution=cast.kr,
        capacity=Capacity.ADVISER,
        actor=cast.amal,
        mandate=cast.amal_mandate,
    )
    html = reading(cast).get(reverse("members:audit_log")).content.decode()
    table = html.split("<tbody>")[1]
    for words in ("mandate started", "Amal", "Institution KR", "head of delegation", "Chloe"):
        assert words in table
    assert "adviser" in table


def test_log_is_filtered_and_paged(cast: Cast, monkeypatch: Any) -> None:
    monkeypatch.setattr(audit, "PAGE", 2)
    for zone in ("Asia/Seoul", "Asia/Tokyo", "Asia/Dubai", "Asia/Baku"):
        change_person(user=cast.amal, language="en", time_zone=zone)
    change_membership(
        institution=cast.kr,
        membership_class=MembershipClass.FULL,
        state=MembershipState.SUSPENDED,
        since=None,
        actor=cast.dina,
    )
    client = reading(cast)
    assert numbers(client) == [5, 4]
    assert numbers(client, before=4) == [3, 2]
    assert numbers(client, before=2) == [1]
    assert numbers(client, object_type="members.membership") == [5]
    assert numbers(client, act="person.changed") == [4, 3]
    refused = client.get(reverse("members:audit_log"), {"act": "made.up"})
    assert refused.status_code == 422
    assert "before=4" in client.get(reverse("members:audit_log")).content.decode()
    last = client.get(reverse("members:audit_log"), {"before": 2})
    assert 'rel="next"' not in last.content.decode()


def test_log_shows_what_it_has_no_words_for(cast: Cast) -> None:
    with transaction.atomic():
        append_audit_entry(
            actor=None, act="thing.done", thing=cast.kr, after={"odd": [1, {"deep": True}]}
        )
        append_audit_entry(
            actor=cast.amal, act="thing.done", thing=cast.kr, after={"note": "<script>"}
        )
    html = reading(cast).get(reverse("members:audit_log")).content.decode()
    assert "thing.done" in html
    assert "the portal itself" in html
    assert "deep" in html
    assert "&lt;script&gt;" in html


def test_log_costs_the_same_with_one_and_three(cast: Cast) -> None:
    client = reading(cast)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse("members:audit_log"))
        return len(captured)

    start_mandate(user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.amal)
    before = queries()
    start_mandate(user=cast.chloe, institution=cast.ng, capacity=Capacity.ADVISER, actor=cast.bilal)
    start_mandate(user=cast.amal, institution=cast.qa, capacity=Capacity.ADVISER, actor=cast.dina)
    assert queries() == before


# --- Looking for something ------------------------------------------------------------------------


def test_log_is_searched_by_who_for_whom_what_and_when(cast: Cast) -> None:
    with time_machine.travel(datetime(2027, 3, 1, 21, 30, tzinfo=UTC), tick=False):
        change_person(user=cast.amal, language="en", time_zone="UTC")
    with time_machine.travel(datetime(2027, 3, 2, 12, tzinfo=UTC), tick=False):
        start_mandate(
            user=cast.chloe,
            institution=cast.ng,
            capacity=Capacity.ADVISER,
            actor=cast.bilal,
            mandate=cast.bilal_mandate,
        )
        with transaction.atomic():
            append_audit_entry(actor=None, act="thing.done", thing=cast.pl)
    client = reading(cast)
    assert numbers(client, who="amal") == [1]
    assert numbers(client, who="BILAL") == [2]
    assert numbers(client, who="chloe") == []  # it was done to her, not by her
    assert numbers(client, institution=cast.ng.pk) == [2]
    assert numbers(client, object_type="members.institution", object_id=cast.pl.pk) == [3]
    assert numbers(client, since="2027-03-02") == [3, 2]
    assert numbers(client, until="2027-03-01") == [1]
    assert numbers(client, since="2027-03-01", until="2027-03-01") == [1]
    cast.dina.time_zone = "Asia/Qatar"  # where it was past midnight by then
    cast.dina.save(update_fields=["time_zone"])
    assert numbers(client, since="2027-03-02") == [3, 2, 1]
    refused = client.get(
        reverse("members:audit_log"),
        {"who": "amal", "since": "2027-03-02", "until": "2027-03-01", "object_id": "x"},
    )
    assert refused.status_code == 422
    assert [*refused.context["form"].errors] == ["object_id", "until"]
    assert 'value="amal"' in refused.content.decode()


def test_an_entry_leads_to_all_that_was_done_to_its_thing(cast: Cast) -> None:
    change_person(user=cast.amal, language="en", time_zone="UTC")
    change_person(user=cast.bilal, language="en", time_zone="UTC")
    client = reading(cast)
    page = client.get(reverse("members:audit_log")).content.decode()
    [link] = re.findall(rf'href="([^"]*object_id={cast.amal.pk})"', page)
    found = client.get(link.replace("&amp;", "&")).context["entries"]
    assert [described.entry.number for described in found] == [1]


# --- Taking it along ------------------------------------------------------------------------------

EXPORT = "members:export_audit_log"


def entries_of(answer: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(answer.content)["entries"]
    return found


def test_what_was_found_is_taken_along_as_a_table(cast: Cast) -> None:
    change_person(user=cast.bilal, language="en", time_zone="UTC")
    with transaction.atomic():
        append_audit_entry(
            actor=cast.amal,
            mandate=cast.amal_mandate,
            act="institution.changed",
            thing=cast.kr,
            before={"website": ""},
            after={"acronym": "KF", "note": "دبلوماسية"},
        )
        append_audit_entry(actor=None, act="=cmd()", thing=cast.kr)
    answer = reading(cast).post(
        reverse(EXPORT), {"form": "csv", "object_type": "members.institution", "before": 1}
    )
    assert answer["Content-Disposition"] == 'attachment; filename="audit-log.csv"'
    assert answer["Cache-Control"] == "no-store, private"
    text = answer.content.decode()
    assert text[0] == "\ufeff"
    head, portal, amal = csv.reader(io.StringIO(text[1:]))
    assert head[:3] == ["No.", "Time (UTC)", "Who"]
    assert (portal[0], portal[2:6]) == ("3", ["the portal itself", "", "", "'=cmd()"])
    assert amal[2:] == [
        "Amal",
        "Institution KR",
        "head of delegation",
        "profile of the institution changed",
        "institution",
        str(cast.kr.pk),
        "",
        "note on the source: دبلوماسية\nacronym: KF",
    ]


def test_what_is_taken_along_as_json_can_be_proved_without_the_portal(cast: Cast) -> None:
    for zone in ("Asia/Seoul", "Asia/Tokyo", "Asia/Dubai"):
        change_person(user=cast.amal, language="en", time_zone=zone)
    found = entries_of(reading(cast).post(reverse(EXPORT), {"form": "json"}))
    assert [entry["number"] for entry in found] == [3, 2, 1]
    previous = GENESIS
    for entry in reversed(found):
        said = bytes.fromhex(entry.pop("hash"))
        assert bytes.fromhex(entry.pop("previous_hash")) == previous
        assert link(previous, entry) == said
        previous = said


def test_who_took_what_along_is_itself_in_the_log(cast: Cast) -> None:
    change_person(user=cast.amal, language="en", time_zone="UTC")
    client = reading(cast)
    for _ in range(2):
        client.post(reverse(EXPORT), {"form": "json", "who": "amal", "institution": ""})
    entries = list(AuditEntry.objects.page(act="audit_log.exported"))
    assert [(e.actor_id, e.mandate_id, e.after) for e in entries] == 2 * [
        (
            cast.dina.pk,
            cast.dina_mandate.pk,
            {"number_of_entries": 1, "sought": {"who": True}},
        )
    ]
    page = client.get(reverse("members:audit_log")).content.decode()
    assert "audit log taken along" in page


def test_nobody_else_takes_it_along_and_nonsense_is_refused(cast: Cast) -> None:
    for user in (cast.amal, cast.chloe):
        client = signed_in(user)
        assert client.post(reverse(EXPORT), {"form": "csv"}).status_code == 404
        with pytest.raises(PermissionDenied):
            note_audit_export(actor=user, mandate=None, number=0, sought={})
    client = reading(cast)
    for sent in ({}, {"form": "xlsx"}, {"form": "csv", "act": "made.up"}):
        refused = client.post(reverse(EXPORT), sent)
        assert (refused.status_code, refused.templates[0].name) == (422, "members/audit_log.html")
    assert client.get(reverse(EXPORT)).status_code == 405
    assert AuditEntry.objects.count() == 0


def test_more_than_can_be_taken_along_is_refused_and_nothing_is_lost(
    cast: Cast, monkeypatch: Any
) -> None:
    monkeypatch.setattr(audit, "MOST", 1)
    for zone in ("Asia/Seoul", "Asia/Tokyo"):
        change_person(user=cast.amal, language="en", time_zone=zone)
    client = reading(cast)
    refused = client.post(reverse(EXPORT), {"form": "csv", "who": "amal"})
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "At most 1 entries are taken along at once: choose fewer days." in html
    assert 'value="amal"' in html
    monkeypatch.setattr(audit, "PAGE", 1)
    refused = client.post(reverse(EXPORT), {"form": "csv", "who": "amal"})
    assert 'rel="next"' not in refused.content.decode()  # it would lead where only POST is heard
    assert client.post(reverse(EXPORT), {"form": "csv", "who": "dina"}).status_code == 200


def test_a_table_costs_the_same_with_one_and_three(cast: Cast) -> None:
    client = reading(cast)

    def queries() -> int:
        sent = {"form": "csv", "object_type": "members.mandate"}
        with CaptureQueriesContext(connection) as captured:
            assert client.post(reverse(EXPORT), sent).status_code == 200
        return len(captured)

    start_mandate(user=cast.chloe, institution=cast.kr, capacity=Capacity.ADVISER, actor=cast.amal)
    queries()  # the first entry about the log itself makes a head
    before = queries()
    start_mandate(user=cast.chloe, institution=cast.ng, capacity=Capacity.ADVISER, actor=cast.bilal)
    start_mandate(user=cast.amal, institution=cast.qa, capacity=Capacity.ADVISER, actor=cast.dina)
    assert queries() == before


# --- Having it proved -----------------------------------------------------------------------------


def proof(client: Client) -> str:
    answer = client.post(reverse("members:prove_audit_log"), follow=True)
    [said] = [str(message) for message in answer.context["messages"]]
    return said


def test_the_whole_log_is_proved_on_the_spot(cast: Cast) -> None:
    client = reading(cast)
    for zone in ("Asia/Seoul", "Asia/Tokyo", "Asia/Dubai"):
        change_person(user=cast.amal, language="en", time_zone=zone)
    whole = "3 entries were checked: all are as they were written, and none is missing."
    assert proof(client) == whole
    AuditEntry.objects.filter(number=2).update(act="person.created")
    fault = "The log does not hold at entry no. 2: its content was changed."
    assert proof(client) == fault
    assert proof(client) == fault
    AuditEntry.objects.filter(number=2).delete()
    assert proof(client) == "The log does not hold at entry no. 2: it is missing."
    other = signed_in(cast.amal)
    assert other.post(reverse("members:prove_audit_log")).status_code == 404
