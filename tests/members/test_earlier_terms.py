"""Terms of the presidency from before the portal, as the secretariat enters them."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.actions.handovers import schedule_handover
from members.actions.presidencies import correct_term, enter_term, remove_term
from members.enums import Capacity
from members.models import Presidency, network_today
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user, signed_in
from tests.members.test_grave_acts import done_after_the_proof
from tests.races import at_once

LIST = "/en/presidency/terms/"


def said(cast: Cast, **more: Any) -> dict[str, Any]:
    days = {"starts_on": date(2014, 10, 23), "ends_on": date(2016, 10, 22)}
    by = {"actor": cast.dina, "mandate": cast.dina_mandate}
    return {"institution": cast.kr, "interim": False, **days, **by, **more}


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    days = {"starts_on": "2014-10-23", "ends_on": "2016-10-22"}
    return {"institution": cast.kr.pk, **days, **more}


def test_who_presided_before_is_entered_on_a_page(cast: Cast, client: Client) -> None:
    clerk = signed_in(cast.dina)
    assert LIST in clerk.get(reverse("members:presidency")).content.decode()
    assert "No earlier term is on record" in clerk.get(LIST).content.decode()
    answer = clerk.post(LIST, typed(cast, interim="on"))
    assert answer["Location"] == LIST
    term = Presidency.objects.get(institution=cast.kr)
    assert (term.starts_on, term.ends_on, term.interim) == (
        date(2014, 10, 23),
        date(2016, 10, 22),
        True,
    )
    assert reverse("members:earlier_term", args=[term.pk]) in clerk.get(LIST).content.decode()
    about = client.get(reverse("portal:page_about")).content.decode()
    assert "23 October 2014" in about
    assert "Institution KR" in about
    page = client.get(reverse("members:institution", args=[cast.kr.pk])).content.decode()
    assert "Presidencies held" in page
    entry = AuditEntry.objects.latest("pk")
    assert (entry.act, entry.actor_id) == ("presidency.recorded", cast.dina.pk)
    assert entry.after == {
        "institution": cast.kr.pk,
        "from": "2014-10-23",
        "to": "2016-10-22",
        "interim": True,
    }
    # Nobody's rights follow from it.
    assert Presidency.objects.running().get() == cast.presidency


def test_what_is_entered_twice_is_there_once(cast: Cast) -> None:
    assert enter_term(**said(cast)) == enter_term(**said(cast))
    assert AuditEntry.objects.filter(act="presidency.recorded").count() == 1


@pytest.mark.parametrize(
    ("days", "message"),
    [
        (("2019-05-01", "2019-05-04"), "It overlaps a term that is on record"),
        (("2020-01-01", "2020-02-01"), "It overlaps a term that is on record"),
        (("2016-10-22", "2016-10-21"), "The last day lies before the first."),
        (("2018-01-01", "2099-01-01"), "Enter a term once it is over."),
        (("0001-01-01", "2016-01-01"), "This day lies too far back."),
        (("2016-01-01", "9999-12-31"), "Enter a term once it is over."),
        (("soon", "2016-01-01"), "This is not a day."),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    cast: Cast, days: tuple[str, str], message: str
) -> None:
    first, last = days
    answer = signed_in(cast.dina).post(LIST, typed(cast, starts_on=first, ends_on=last))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert message in page
    if "overlaps" in message:
        assert "Institution QA" in page
        assert "4 May 2019" in page
    assert f'value="{first}"' in page
    assert Presidency.objects.count() == 1


def test_a_gap_between_two_terms_is_filled(cast: Cast) -> None:
    enter_term(**said(cast))
    between = {"starts_on": date(2016, 10, 23), "ends_on": date(2019, 5, 3)}
    enter_term(**said(cast, institution=cast.ng, **between))
    order = [term.institution for term in Presidency.objects.for_timeline()]
    assert order == [cast.qa, cast.ng, cast.kr]


def test_a_term_that_is_not_over_is_a_matter_of_handovers(cast: Cast) -> None:
    with pytest.raises(ValidationError) as refused:
        enter_term(**said(cast, ends_on=network_today()))
    assert refused.value.code == "not_over"
    running = reverse("members:earlier_term", args=[cast.presidency.pk])
    client = signed_in(cast.dina)
    assert client.get(running).status_code == 404
    assert running not in client.get(LIST).content.decode()


def test_it_is_corrected_and_taken_out(cast: Cast) -> None:
    term = enter_term(**said(cast))
    address = reverse("members:earlier_term", args=[term.pk])
    client = signed_in(cast.dina)
    shown = client.get(address).content.decode()
    assert 'value="2014-10-23"' in shown
    data = typed(cast, institution=cast.pl.pk, seen=term.mark)
    assert client.post(address, data)["Location"] == LIST
    assert client.post(address, data)["Location"] == LIST  # a repeat
    term.refresh_from_db()
    assert term.institution == cast.pl
    entry = AuditEntry.objects.get(act="presidency.corrected")
    assert entry.before["institution"] == cast.kr.pk
    assert entry.after["institution"] == cast.pl.pk
    removal = reverse("members:remove_term", args=[term.pk])
    assert client.post(removal, {"seen": term.mark})["Location"] == LIST
    assert client.post(removal, {"seen": term.mark}).status_code == 404
    assert Presidency.objects.get() == cast.presidency
    entry = AuditEntry.objects.get(act="presidency.removed")
    assert (entry.object_id, entry.before["institution"]) == (term.pk, cast.pl.pk)
    log = client.get(reverse("members:audit_log")).content.decode()
    assert "earlier term of the presidency taken out" in log


def test_what_is_stale_is_refused_with_what_stands_and_what_was_typed(cast: Cast) -> None:
    term = enter_term(**said(cast))
    seen = term.mark
    correct_term(term=term, seen=seen, **said(cast, institution=cast.ng))
    client = signed_in(cast.dina)
    address = reverse("members:earlier_term", args=[term.pk])
    data = typed(cast, starts_on="2015-01-01", seen=seen)
    answer = client.post(address, data)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else has changed this term in the meantime." in page
    assert 'value="2015-01-01"' in page
    assert "Institution NG" in page
    fresh = Presidency.objects.get(pk=term.pk)
    assert fresh.institution == cast.ng
    removal = reverse("members:remove_term", args=[term.pk])
    client.post(removal, {"seen": seen})
    assert Presidency.objects.filter(pk=term.pk).exists()
    # Whoever has seen it may.
    assert client.post(address, data | {"seen": fresh.mark}).status_code == 302


def test_others_neither_find_nor_do_it(cast: Cast) -> None:
    term = enter_term(**said(cast))
    addresses = [LIST, reverse("members:earlier_term", args=[term.pk])]
    for user in (cast.amal, cast.chloe, make_user("erin")):
        client = signed_in(user)
        for address in addresses:
            assert client.get(address).status_code == 404
            assert client.post(address, typed(cast)).status_code == 404
        removal = reverse("members:remove_term", args=[term.pk])
        assert client.post(removal, {"seen": term.mark}).status_code == 404
        with pytest.raises(PermissionDenied):
            enter_term(**said(cast, actor=user, mandate=None))
        with pytest.raises(PermissionDenied):
            remove_term(term=term, seen=term.mark, actor=user, mandate=None)
    assert Presidency.objects.count() == 2


def test_what_somebody_may_read_is_not_changed_by_it(cast: Cast) -> None:
    """A holder of the office before reads what it could until its term ended."""
    clerk = make_user("clerk")
    held = make_mandate(clerk, cast.kr, Capacity.SECRETARIAT)
    held.starts_at = timezone.now() - timedelta(days=9000)
    held.save()
    with pytest.raises(ValidationError) as refused:
        enter_term(**said(cast))
    assert refused.value.code == "rights_hang_on_it"


def test_a_handovers_terms_are_its_record(cast: Cast) -> None:
    former = enter_term(**said(cast))
    schedule_handover(
        institution=cast.ng,
        takes_effect_at=timezone.now() + timedelta(days=30),
        ending=[],
        beginning=[cast.bilal],
        actor=cast.dina,
    )
    assert list(Presidency.objects.by_hand()) == [former]
    assert list(Presidency.objects.by_hand().over(timezone.now())) == [former]


def test_it_asks_for_the_password(cast: Cast) -> None:
    done_after_the_proof(cast.dina, LIST, typed(cast), Presidency.objects.count)
    term = Presidency.objects.get(institution=cast.kr)
    removal = reverse("members:remove_term", args=[term.pk])
    done_after_the_proof(cast.dina, removal, {"seen": term.mark}, Presidency.objects.count)


def test_the_list_costs_the_same_however_long_it_is(cast: Cast) -> None:
    client = signed_in(cast.dina)

    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LIST).status_code == 200
        return len(caught)

    enter_term(**said(cast))
    before = queries()
    enter_term(**said(cast, starts_on=date(2012, 1, 1), ends_on=date(2012, 12, 31)))
    assert queries() == before


@pytest.mark.django_db(transaction=True)
def test_of_two_that_overlap_one_is_refused(cast: Cast) -> None:
    def enter(institution: Any) -> Any:
        return lambda: enter_term(**said(cast, institution=institution))

    assert at_once(enter(cast.kr), enter(cast.ng)) == ["done", "overlaps"]
