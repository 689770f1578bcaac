"""Pages of the assembly: who sees them, what they refuse, that nothing typed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from assembly import actions
from assembly.enums import Choice, PollState
from assembly.models import AgendaItem, Meeting, Poll, RuleSet
from members.enums import ApplicationState, Capacity
from members.models import Application
from tests.assembly.conftest import answers, make_application, make_meeting, signed_in
from tests.factories import Cast, make_mandate, make_user

Y, N, A, X = Choice.IN_FAVOUR, Choice.AGAINST, Choice.ABSTENTION, Choice.ABSENT
LIST = "/en/meetings/"


def url(item: AgendaItem, more: str = "") -> str:
    return f"{LIST}{item.meeting_id}/items/{item.position}/{more}"


def form_of(choices: dict[int, str], was: dict[int, str] | None = None, **more: str) -> Any:
    data = {f"choice_{key}": choice for key, choice in choices.items()}
    return {**data, **{f"was_{key}": choice for key, choice in (was or {}).items()}, **more}


def test_stranger_signs_in_first(client: Client, poll: Poll) -> None:
    for address in (LIST, url(poll.agenda_item), url(poll.agenda_item, "roll-call/")):
        assert "login" in client.get(address).headers["Location"]


def test_applicant_sees_no_meeting(poll: Poll, application: Application) -> None:
    assert application.contact
    client = signed_in(application.contact)
    item = poll.agenda_item
    for address in (LIST, f"{LIST}{item.meeting_id}/", url(item), url(item, "roll-call/")):
        assert client.get(address).status_code == 404
    for address in (url(item, "vote/"), url(item, "roll-call/certificate/"), f"{LIST}new/"):
        assert client.post(address).status_code == 404


def test_delegate_sees_but_does_not_run(cast: Cast, poll: Poll) -> None:
    client = signed_in(cast.amal)
    item = poll.agenda_item
    assert client.get(LIST).status_code == 200
    assert client.get(f"{LIST}{item.meeting_id}/").status_code == 200
    assert client.get(url(item)).status_code == 200
    for more in ("roll-call/", "roll-call/review/"):
        assert client.get(url(item, more)).status_code == 403
    for more in ("vote/", "roll-call/", "roll-call/certificate/"):
        assert client.post(url(item, more)).status_code == 403
    assert client.post(f"{LIST}{item.meeting_id}/items/").status_code == 403
    assert client.get(f"{LIST}new/").status_code == 404
    place = f"/en/applications/{item.application_id}/agenda-item/"
    assert client.post(place, {"meeting": item.meeting_id}).status_code == 404


def test_observer_sees_and_ended_mandate_does_not(cast: Cast, poll: Poll) -> None:
    observer = make_user("observer")
    mandate = make_mandate(observer, cast.pl, Capacity.OBSERVER)
    client = signed_in(observer)
    assert client.get(url(poll.agenda_item)).status_code == 200
    mandate.ends_at = timezone.now()
    mandate.save()
    assert client.get(url(poll.agenda_item)).status_code == 404


def test_unknown_things_are_404(secretariat: Client, meeting: Meeting) -> None:
    assert secretariat.get(f"{LIST}999999/").status_code == 404
    assert secretariat.get(f"{LIST}{meeting.pk}/items/9/").status_code == 404


def test_draft_answers_are_not_shown_to_delegates(cast: Cast, poll: Poll) -> None:
    actions.save_roll_call(
        poll=poll, choices=answers(cast, N, N, N, N), actor=cast.dina, mandate=None
    )
    page = signed_in(cast.amal).get(url(poll.agenda_item)).content.decode()
    assert "Institution KR" in page
    assert "seat--against" not in page
    assert "against" not in page.split('id="roll"')[1]


def test_empty_list_says_so(secretariat: Client) -> None:
    assert "No meeting yet" in secretariat.get(LIST).content.decode()


def test_meeting_is_convened(secretariat: Client, rules: RuleSet) -> None:
    day = timezone.now().date() + timedelta(days=40)
    data = {
        "kind": "general_assembly",
        "number": "7",
        "city_en": "Doha",
        "city_ar": "الدوحة",
        "country": "QA",
        "starts_on": day.isoformat(),
        "ends_on": (day + timedelta(days=1)).isoformat(),
        "rules": str(rules.pk),
    }
    wrong = {**data, "city_en": "", "city_ar": "", "ends_on": (day - timedelta(days=1)).isoformat()}
    refusal = secretariat.post(f"{LIST}new/", wrong)
    assert refusal.status_code == 422
    page = refusal.content.decode()
    assert "The last day is not before the first." in page
    assert "Fill this in, in one language at least." in page
    assert f'value="{day.isoformat()}"' in page
    assert secretariat.post(f"{LIST}new/", data).status_code == 302
    meeting = Meeting.objects.get()
    assert meeting.cities == {"en": "Doha", "ar": "الدوحة"}
    again = secretariat.post(f"{LIST}new/", data)
    assert again.status_code == 422
    assert "has this number already" in again.content.decode()


def test_agenda_item_is_added(secretariat: Client, meeting: Meeting) -> None:
    address = f"{LIST}{meeting.pk}/items/"
    assert secretariat.post(address, {"title_en": ""}).status_code == 422
    title = "Adoption \u202eof the agenda"
    assert secretariat.post(address, {"title_en": title}).status_code == 302
    assert AgendaItem.objects.get().titles == {"en": "Adoption of the agenda"}


def test_application_is_placed_from_its_dossier(
    secretariat: Client, meeting: Meeting, application: Application, rules: RuleSet
) -> None:
    address = f"/en/applications/{application.pk}/agenda-item/"
    past = make_meeting(rules, number=6, in_days=-99)
    refusal = secretariat.post(address, {"meeting": past.pk}, follow=True)
    assert "Choose a general assembly that is still to come." in refusal.content.decode()
    placed = secretariat.post(address, {"meeting": meeting.pk})
    item = AgendaItem.objects.get()
    assert placed.headers["Location"] == url(item)
    again = secretariat.post(address, {"meeting": meeting.pk}, follow=True)
    assert "already stands on the agenda" in again.content.decode()


def test_dossier_shows_where_the_application_stands(
    secretariat: Client, meeting: Meeting, application: Application
) -> None:
    dossier = f"/en/applications/{application.pk}/"
    place = f"/en/applications/{application.pk}/agenda-item/"
    assert place in secretariat.get(dossier).content.decode()
    assert application.contact
    assert place not in signed_in(application.contact).get(dossier).content.decode()
    secretariat.post(place, {"meeting": meeting.pk})
    page = secretariat.get(dossier).content.decode()
    assert place not in page
    assert url(AgendaItem.objects.get()) in page
    assert LIST not in signed_in(application.contact).get(dossier).content.decode()


def test_vote_is_played_through_without_javascript(
    cast: Cast, secretariat: Client, item: AgendaItem
) -> None:
    assert "Open the roll-call" in secretariat.get(url(item)).content.decode()
    assert secretariat.post(url(item, "vote/")).headers["Location"] == url(item, "roll-call/")
    nothing = answers(cast, "", "", "", "")
    part = {cast.kr.pk: str(Y), cast.ng.pk: str(N)}
    saved = secretariat.post(
        url(item, "roll-call/"), form_of(part, nothing, then="stay"), follow=True
    )
    assert "The draft is saved." in saved.content.decode()
    poll = Poll.objects.get()
    assert poll.choices == answers(cast, Y, N, "", "")

    review = secretariat.get(url(item, "roll-call/review/")).content.decode()
    assert "<bdi>2</bdi> members on the roll have not been called yet." in review
    assert "roll-call/certificate/" not in review
    whole = answers(cast, Y, Y, Y, X)
    review = secretariat.post(
        url(item, "roll-call/"), form_of(whole, poll.choices, then="review"), follow=True
    ).content.decode()
    assert "3 of 4 present (quorum 3, rule 3.1: reached); 3 in favour, 0 against" in review
    assert '<bdi dir="ltr" class="tally">3–0–0</bdi>' in review

    reviewed = review.split('name="reviewed" value="')[1].split('"')[0]
    certificate = url(item, "roll-call/certificate/")
    unconfirmed = secretariat.post(certificate, {"reviewed": reviewed})
    assert unconfirmed.status_code == 422
    assert Poll.objects.get().state == PollState.OPEN
    done = secretariat.post(certificate, {"reviewed": reviewed, "confirmed": "on"}, follow=True)
    assert done.redirect_chain == [(url(item), 302)]
    assert Application.objects.get().state == ApplicationState.ADMITTED
    page = signed_in(cast.amal).get(url(item)).content.decode()
    assert "two thirds of 3 voting is 2: adopted (rule 4.2)" in page
    assert "seat--in_favour" in page


def test_stale_page_cannot_alter_a_certified_vote(
    cast: Cast, secretariat: Client, poll: Poll
) -> None:
    whole = answers(cast, Y, Y, Y, Y)
    actions.save_roll_call(poll=poll, choices=whole, actor=cast.dina, mandate=None)
    actions.certify_roll_call(poll=poll, actor=cast.dina, mandate=None)
    item = poll.agenda_item
    late = answers(cast, N, N, N, N)
    for address, data in (
        (url(item, "roll-call/"), form_of(late, whole)),
        (url(item, "roll-call/certificate/"), {"confirmed": "on", "reviewed": "x"}),
        (url(item, "roll-call/certificate/"), {}),
        (url(item, "vote/"), {}),
    ):
        refusal = secretariat.post(address, data)
        assert refusal.status_code == 409
        assert "What you sent changed nothing." in refusal.content.decode()
    assert Poll.objects.get().choices == whole
    assert secretariat.get(url(item, "roll-call/")).status_code == 302
    assert secretariat.get(url(item, "roll-call/review/")).status_code == 302


def test_second_tab_saves_only_what_was_changed_in_it(
    cast: Cast, secretariat: Client, poll: Poll
) -> None:
    nothing = answers(cast, "", "", "", "")
    address = url(poll.agenda_item, "roll-call/")
    secretariat.post(address, form_of({cast.kr.pk: Y, cast.pl.pk: A}, nothing))
    secretariat.post(address, form_of({cast.ng.pk: N}, nothing))
    assert poll.choices == answers(cast, Y, N, A, "")


def test_roll_changed_after_review_is_not_certified(
    cast: Cast, secretariat: Client, poll: Poll
) -> None:
    actions.save_roll_call(
        poll=poll, choices=answers(cast, Y, Y, Y, Y), actor=cast.dina, mandate=None
    )
    data = {"reviewed": "0" * 32, "confirmed": "on"}
    refusal = secretariat.post(url(poll.agenda_item, "roll-call/certificate/"), data)
    assert refusal.status_code == 409
    assert "The roll was changed after you reviewed it." in refusal.content.decode()
    assert Poll.objects.get().state == PollState.OPEN


def test_wrong_answer_is_refused_and_the_rest_kept(
    cast: Cast, secretariat: Client, poll: Poll
) -> None:
    refusal = secretariat.post(
        url(poll.agenda_item, "roll-call/"),
        form_of({cast.kr.pk: "perhaps", cast.ng.pk: Y}, answers(cast, "", "", "", "")),
    )
    assert refusal.status_code == 422
    assert (
        f'name="choice_{cast.ng.pk}" id="id_choice_{cast.ng.pk}_0" value="in_favour" checked'
        in (refusal.content.decode())
    )
    assert not any(poll.choices.values())


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_pages_stand_in_every_language(
    cast: Cast, secretariat: Client, poll: Poll, language: str
) -> None:
    item = poll.agenda_item
    for path in (LIST, f"{LIST}{item.meeting_id}/", url(item), url(item, "roll-call/")):
        page = secretariat.get(path.replace("/en/", f"/{language}/")).content.decode()
        assert f'lang="{language}"' in page
        assert "Seventh general assembly" not in page


def test_lists_cost_the_same_with_one_and_three(
    cast: Cast, secretariat: Client, rules: RuleSet, django_assert_max_num_queries: Any
) -> None:
    def cost(address: str) -> int:
        secretariat.get(address)
        with django_assert_max_num_queries(40) as queries:
            assert secretariat.get(address).status_code == 200
        return len(queries)

    first = make_meeting(rules)
    past = make_meeting(rules, number=6, in_days=-100)
    actions.record_past_delegations(meeting=past, countries=["KR"])

    def fill(number: int) -> AgendaItem:
        contact = make_user(f"contact{number}")
        item = actions.place_on_agenda(
            meeting=first,
            application=make_application(contact),
            actor=cast.dina,
            mandate=None,
        )
        actions.open_roll_call(agenda_item=item, actor=cast.dina, mandate=None)
        return item

    item = fill(1)
    addresses = [
        LIST,
        f"{LIST}{first.pk}/",
        f"{LIST}{past.pk}/",
        url(item),
        url(item, "roll-call/"),
    ]
    before = [cost(address) for address in addresses]
    make_meeting(rules, number=8)
    make_meeting(rules, number=9)
    make_meeting(rules, number=5, in_days=-500)
    make_meeting(rules, number=4, in_days=-900)
    fill(2)
    fill(3)
    actions.record_past_delegations(meeting=past, countries=["NG", "MX", "PL"])
    assert [cost(address) for address in addresses] == before
