"""Where the network releases profiles, what institutions write waits for the secretariat."""

from threading import Event
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.profiles import change_logo, change_profile, take_back_profile
from members.actions.proposals import StaleProfileError, waits_for_release
from members.actions.releases import (
    ProposalSettledError,
    release_profile,
    return_profile,
    settle_release_rule,
)
from members.emails_profiles import send_profile_letter
from members.enums import Capacity
from members.enums_standing import ProposalState
from members.models import Institution, ProfileProposal, ReleaseRule, User
from records.forms import PictureField
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.files import image, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db
STATES = {f"state_{code}": "draft" for code in ("ar", "en", "fr")}


@pytest.fixture
def ruled(cast: Cast) -> Cast:
    settle(cast, True)
    return cast


def settle(cast: Cast, is_on: bool) -> None:
    settle_release_rule(is_on=is_on, actor=cast.dina, mandate=cast.dina_mandate)


def change(cast: Cast, actor: User | None = None, **said: Any) -> Institution | ProfileProposal:
    more = {key: said.pop(key, None) for key in ("version", "proposal")}
    kept = change_profile(
        institution=cast.kr, said=said, actor=actor or cast.amal, mandate=cast.amal_mandate, **more
    )
    cast.kr.refresh_from_db()
    return kept


def propose(cast: Cast, **said: Any) -> ProfileProposal:
    kept = change(cast, **said)
    assert isinstance(kept, ProfileProposal)
    return kept


def release(cast: Cast, proposal: ProfileProposal, actor: User | None = None) -> ProfileProposal:
    cast.kr.refresh_from_db()
    return release_profile(
        proposal=proposal, version=cast.kr.profile_version, actor=actor or cast.dina, mandate=None
    )


def give_back(cast: Cast, proposal: ProfileProposal, reasons: str = "Too long.") -> None:
    return_profile(proposal=proposal, reasons=reasons, actor=cast.dina, mandate=None)


def states(cast: Cast) -> list[str]:
    return [each.state for each in cast.kr.profile_proposals.order_by("number")]


def test_what_an_institution_writes_waits_and_the_secretariat_writes_at_once(ruled: Cast) -> None:
    proposal = propose(ruled, website="https://new.example/")
    assert (ruled.kr.website, ruled.kr.profile_version) == ("", 0)
    assert (proposal.number, proposal.profile["website"]) == (1, "https://new.example/")
    assert propose(ruled, website="https://new.example/") == proposal  # nothing new
    change(ruled, ruled.dina, telephone="+82 64 804 1000")
    assert (ruled.kr.telephone, ruled.kr.website) == ("+82 64 804 1000", "")
    assert states(ruled) == ["waiting"]
    entry = AuditEntry.objects.get(act="profile.proposed")
    assert entry.after == {"institution": ruled.kr.pk, "proposal": 1}


def test_the_rule_is_the_secretariats_and_repeats_quietly(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        settle_release_rule(is_on=True, actor=cast.amal, mandate=cast.amal_mandate)
    for _twice in range(2):
        settle(cast, True)
    settle(cast, False)
    entries = AuditEntry.objects.filter(act="profile.release_settled").order_by("pk")
    assert [e.after["waits_for_release"] for e in entries] == [True, False]
    assert isinstance(change(cast, website="https://new.example/"), Institution)
    assert cast.kr.website == "https://new.example/"


def test_a_newer_proposal_takes_the_place_of_the_one_that_waits(ruled: Cast) -> None:
    first = propose(ruled, website="https://one.example/")
    second = propose(ruled, telephone="+82 64 804 1000", proposal=first.pk, version=0)
    assert states(ruled) == ["replaced", "waiting"]
    assert second.profile["website"] == "https://one.example/"  # it goes on from there
    with pytest.raises(StaleProfileError) as refused:  # who has not seen it
        change(ruled, website="https://two.example/", proposal=first.pk, version=0)
    assert refused.value.proposal == second
    nothing = change(ruled, website="", telephone="", proposal=second.pk, version=0)
    assert isinstance(nothing, Institution)  # as it stands: nothing waits any more
    assert states(ruled) == ["replaced", "withdrawn"]


def test_release_publishes_it_as_a_version_of_who_wrote_it(ruled: Cast) -> None:
    proposal = propose(ruled, names={"en": "Korea Foundation"}, website="https://new.example/")
    for who in (ruled.amal, ruled.chloe):
        with pytest.raises(PermissionDenied):
            release(ruled, proposal, who)
    for _twice in range(2):
        assert release(ruled, proposal).state == ProposalState.RELEASED
    ruled.kr.refresh_from_db()
    assert (ruled.kr.names, ruled.kr.profile_version) == ({"en": "Korea Foundation"}, 1)
    assert "korea foundation" in ruled.kr.search_text
    version = ruled.kr.profile_versions.find(1)
    assert version is not None
    assert version.actor == ruled.amal
    assert AuditEntry.objects.get(act="profile.released").actor_id == ruled.dina.pk
    with pytest.raises(ProposalSettledError):
        give_back(ruled, proposal)


def test_it_is_released_only_beside_the_profile_that_was_seen(ruled: Cast) -> None:
    proposal = propose(ruled, website="https://new.example/")
    change(ruled, ruled.dina, telephone="+82 64 804 1000")
    with pytest.raises(StaleProfileError):
        release_profile(proposal=proposal, version=0, actor=ruled.dina, mandate=None)
    assert states(ruled) == ["waiting"]


def test_what_is_returned_is_told_and_written_on(ruled: Cast) -> None:
    focal = make_user("focal", language="fr")
    make_mandate(focal, ruled.kr, Capacity.FOCAL_POINT)
    proposal = propose(ruled, website="https://new.example/")
    for _twice in range(2):
        give_back(ruled, proposal)
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_profile_letter")
    assert sorted(job.args["user_id"] for job in jobs) == [ruled.amal.pk, focal.pk]
    send_profile_letter(proposal_id=proposal.pk, user_id=focal.pk)
    assert "Too long." in mail.outbox[0].body
    assert reverse("members:profile", args=[ruled.kr.pk]).removeprefix("/en") in mail.outbox[0].body
    again = propose(ruled, telephone="+82 64 804 1000", proposal=proposal.pk, version=0)
    assert again.profile["website"] == "https://new.example/"
    assert states(ruled) == ["returned", "waiting"]


def test_when_the_rule_ends_what_waits_waits_on(ruled: Cast) -> None:
    proposal = propose(ruled, website="https://new.example/")
    settle(ruled, False)
    ruled.kr.refresh_from_db()
    assert (ruled.kr.website, states(ruled)) == ("", ["waiting"])
    change(ruled, telephone="+82 64 804 1000", proposal=proposal.pk, version=0)
    assert (ruled.kr.telephone, states(ruled)) == ("+82 64 804 1000", ["replaced"])


def put_logo(cast: Cast, actor: User | None = None, **how: Any) -> Institution | ProfileProposal:
    """Another one for each size; without, none any more."""
    picture = PictureField().clean(upload(image(**how), "logo.png")) if how else None
    kept = change_logo(
        institution=cast.kr, upload=picture, actor=actor or cast.amal, mandate=cast.amal_mandate
    )
    cast.kr.refresh_from_db()
    return kept


def propose_logo(cast: Cast, **how: Any) -> ProfileProposal:
    kept = put_logo(cast, **how)
    assert isinstance(kept, ProfileProposal)
    return kept


def test_an_earlier_version_waits_too_with_its_logo(ruled: Cast) -> None:
    change(ruled, ruled.dina, website="https://one.example/")
    put_logo(ruled, ruled.dina, size=(90, 30))
    to = ruled.kr.profile_versions.find(0)
    assert to is not None
    kept = take_back_profile(to=to, version=2, actor=ruled.amal, mandate=None)
    assert isinstance(kept, ProfileProposal)
    ruled.kr.refresh_from_db()
    assert (ruled.kr.website, ruled.kr.logo is None) == ("https://one.example/", False)
    release(ruled, kept)
    ruled.kr.refresh_from_db()
    assert (ruled.kr.website, ruled.kr.logo) == ("", None)


def test_a_logo_waits_with_the_texts_and_is_released_with_them(ruled: Cast) -> None:
    first = propose(ruled, website="https://new.example/")
    assert not first.changes_logo
    proposal = propose_logo(ruled, size=(90, 30))
    assert propose_logo(ruled, size=(90, 30)) == proposal  # safe to repeat
    assert (proposal.profile["website"], ruled.kr.logo) == ("https://new.example/", None)
    assert states(ruled) == ["replaced", "waiting"]
    assert propose(ruled, telephone="+82 64 804 1000").logo == proposal.logo
    latest = ruled.kr.profile_proposals.get(is_open=True)
    release(ruled, latest)
    ruled.kr.refresh_from_db()
    assert (ruled.kr.website, ruled.kr.logo) == ("https://new.example/", proposal.logo)
    version = ruled.kr.profile_versions.in_order().with_logos()[0]
    assert (version.logo, version.actor) == (proposal.logo, ruled.amal)
    # To take it away waits too, and to want it back lets nothing wait any more.
    assert propose_logo(ruled).logo is None
    assert ruled.kr.logo == proposal.logo
    assert put_logo(ruled, size=(90, 30)) == ruled.kr
    assert states(ruled)[-1] == "withdrawn"


def test_texts_alone_leave_the_logo_that_the_secretariat_put(ruled: Cast) -> None:
    proposal = propose(ruled, website="https://new.example/")
    put_logo(ruled, ruled.dina, size=(90, 30))
    logo = ruled.kr.logo
    assert logo is not None
    release(ruled, proposal)
    ruled.kr.refresh_from_db()
    assert (ruled.kr.website, ruled.kr.logo) == ("https://new.example/", logo)


@pytest.mark.parametrize("with_texts", [True, False])
def test_when_the_rule_has_ended_a_logo_takes_the_place_of_the_one_that_waits(
    ruled: Cast, with_texts: bool
) -> None:
    if with_texts:
        propose(ruled, website="https://new.example/")
    proposal = propose_logo(ruled, size=(90, 30))
    settle(ruled, False)
    put_logo(ruled, size=(60, 30))
    assert ruled.kr.logo not in (None, proposal.logo)
    proposal.refresh_from_db()
    after = (proposal.state, proposal.changes_logo, proposal.profile["website"])
    if with_texts:
        assert after == ("waiting", False, "https://new.example/")
    else:
        assert after == ("replaced", True, "")


def test_a_logo_that_waits_is_seen_by_its_people_and_the_secretariat(ruled: Cast) -> None:
    page = reverse("members:profile_logo", args=[ruled.kr.pk])
    client = Client()
    client.force_login(ruled.amal)
    answer = client.post(page, {"logo": upload(image(), "logo.png")}, follow=True)
    proposal = ruled.kr.profile_proposals.get()
    assert proposal.logo is not None
    address = reverse("members:logo", args=[ruled.kr.pk, proposal.logo.sha256])
    said = answer.content.decode()
    assert "It is kept, and waits for the release by the secretariat." in said
    assert address in said  # beside what is published
    assert address in client.get(page).content.decode()
    for user, status in ((ruled.amal, 200), (ruled.dina, 200), (ruled.bilal, 404), (None, 404)):
        client = Client()
        if user:
            client.force_login(user)
        assert client.get(address).status_code == status
    release(ruled, proposal)
    assert Client().get(address).status_code == 200


@pytest.mark.django_db(transaction=True)
def test_of_two_who_decide_at_once_one_is_told(cast: Cast) -> None:
    settle(cast, True)
    proposal = propose(cast, website="https://new.example/")
    other = make_user("other")
    make_mandate(other, cast.qa, Capacity.SECRETARIAT)
    ends = at_once(lambda: release(cast, proposal), lambda: release(cast, proposal, other))
    assert ends == ["done", "settled"]
    cast.kr.refresh_from_db()
    assert cast.kr.profile_version == 1


@pytest.mark.django_db(transaction=True)
def test_the_rule_waits_for_who_saves_a_profile_before_it_was_ever_settled(cast: Cast) -> None:
    asked, over = Event(), Event()

    def save() -> None:
        with transaction.atomic():
            assert not waits_for_release(cast.amal)
            asked.set()
            assert over.wait(20)

    def settle_meanwhile() -> None:
        assert asked.wait(20)
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET LOCAL lock_timeout = '200ms'")
                settle(cast, True)
        finally:
            over.set()

    ends = at_once(save, settle_meanwhile, refusals=(OperationalError,))
    assert ends == ["OperationalError", "done"]
    settle(cast, True)
    assert ReleaseRule.holds()


# --- The pages ------------------------------------------------------------------------------------
def posted(cast: Cast, **said: str) -> dict[str, str]:
    names = {"name_en": "Institution KR", "website": "https://new.example/"}
    return {**names, **STATES, "version": "0", "proposal": "0", **said}


def test_the_form_says_that_it_waits_and_public_pages_keep_what_was(
    client: Client, ruled: Cast
) -> None:
    client.force_login(ruled.amal)
    url = reverse("members:profile", args=[ruled.kr.pk])
    assert "after the release by the secretariat" in client.get(url).content.decode()
    answer = client.post(url, posted(ruled))
    page = reverse("members:profile_proposal", args=[ruled.kr.pk, 1])
    assert answer.headers["location"] == page
    assert "https://new.example/" in client.get(page).content.decode()
    assert "https://new.example/" in client.get(url).content.decode()
    institution = reverse("members:institution", args=[ruled.kr.pk])
    assert "https://new.example/" not in client.get(institution).content.decode()
    stale = client.post(url, posted(ruled, website="https://two.example/"))
    assert stale.status_code == 409
    assert "https://two.example/" in stale.content.decode()
    assert [p.state for p in ruled.kr.profile_proposals.all()] == ["waiting"]


def test_the_secretariat_finds_it_releases_or_returns(client: Client, ruled: Cast) -> None:
    propose(ruled, website="https://new.example/")
    client.force_login(ruled.dina)
    queue = reverse("members:profile_releases")
    page = reverse("members:profile_proposal", args=[ruled.kr.pk, 1])
    assert page in client.get(queue).content.decode()
    back = reverse("members:return_profile", args=[ruled.kr.pk, 1])
    assert client.post(back, {"reasons": " "}).status_code == 422
    assert client.post(back, {"reasons": "Write less."}).headers["location"] == queue
    conflict = client.post(
        reverse("members:release_profile", args=[ruled.kr.pk, 1]), {"version": "0"}
    )
    assert conflict.status_code == 409
    assert page not in client.get(queue).content.decode()
    client.force_login(ruled.amal)
    form = client.get(reverse("members:profile", args=[ruled.kr.pk])).content.decode()
    assert "Write less." in form
    assert "https://new.example/" in form
    assert "returned" in client.get("/en/").content.decode()


def test_the_queue_costs_the_same_however_many_wait(client: Client, ruled: Cast) -> None:
    def propose_for(*institutions: Institution) -> None:
        for each in institutions:
            head = make_user(f"head-{each.pk}")
            mandate = make_mandate(head, each)
            change_profile(
                institution=each,
                said={"website": "https://new.example/"},
                version=None,
                actor=head,
                mandate=mandate,
            )

    client.force_login(ruled.dina)
    propose_for(ruled.kr)
    client.get(reverse("members:profile_releases"))
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get(reverse("members:profile_releases"))
    propose_for(ruled.ng, ruled.pl)
    with CaptureQueriesContext(connection) as three:
        client.get(reverse("members:profile_releases"))
    assert len(one) == len(three)
