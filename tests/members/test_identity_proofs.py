"""Who has no password proves again through their institution's provider, and what they had typed is
done then, as after a password.
"""

import re
import time
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from members.enums import MembershipState
from members.http import FORM_SECONDS, POSTED_KEY, STOPPED_KEY
from members.models import IdentityProvider, Membership
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.identity_provider import Provider
from tests.members.test_identity_sign_in import bound, provider, text, this_machine, way_on

__all__ = ["provider", "this_machine"]  # fixtures
CONFIRM = "/en/accounts/institution/confirmation/"
TYPED = "Dues unpaid since 2023, « as minuted »; المتأخرات."


@pytest.fixture
def office(cast: Cast, provider: Provider) -> IdentityProvider:
    """dina, of the secretariat, has no password."""
    cast.dina.set_unusable_password()
    cast.dina.save()
    provider.say("dina", email="dina@example.org", email_verified=True)
    provider.say("bilal", email="bilal@example.org", email_verified=True)
    make_mandate(cast.bilal, cast.qa)
    return bound(cast, provider, cast.qa, ["example.org"])


@pytest.fixture
def client(cast: Cast, office: IdentityProvider) -> Client:
    """In which she signed in a while ago."""
    return signed_in(cast.dina, proved=False)


def act_on(cast: Cast) -> str:
    return reverse("members:change_standing", args=[cast.kr.pk, "suspension"])


def another_act(cast: Cast) -> str:
    return reverse("members:identity_provider", args=[cast.qa.pk])


def typed(cast: Cast, **more: Any) -> dict[str, Any]:
    standing, today = cast.kr.membership, timezone.now().date().isoformat()
    assert standing is not None
    return {"standing": str(standing.pk), "since": today, "reason": TYPED, **more}


def stopped(client: Client, address: str, data: dict[str, Any]) -> HttpResponse:
    """Sent, and not done; returns the page that asks for the proof."""
    answer = client.post(address, data)
    assert answer["Location"] == f"{CONFIRM}?{urlencode({'next': address})}"
    return client.get(answer["Location"])


def way_back(client: Client, provider: Provider, next_url: str, who: str = "dina") -> str:
    """From the page that asks, to the provider; returns the way back, not yet gone."""
    there = client.post(CONFIRM, {"next": next_url})
    back = urlsplit(provider.sign_in(way_on(there), who))
    return f"{back.path}?{back.query}"


def prove(client: Client, provider: Provider, next_url: str, who: str = "dina") -> HttpResponse:
    return client.get(way_back(client, provider, next_url, who))


def suspensions() -> list[str]:
    return list(
        Membership.objects.filter(state=MembershipState.SUSPENDED).values_list("reason", flat=True)
    )


# --- Done -----------------------------------------------------------------------------------------
def test_what_was_typed_is_done_after_the_proof(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address, session = act_on(cast), client.session.session_key
    shown = stopped(client, address, typed(cast, decision="7/3"))
    assert "What you have entered is kept, and" in text(shown)
    assert suspensions() == []
    done = prove(client, provider, address)
    assert (done.status_code, done["Location"]) == (302, f"/en/members/{cast.kr.pk}/#history")
    assert suspensions() == [TYPED]
    assert AuditEntry.objects.get(act="membership.suspended").actor_id == cast.dina.pk
    # They are signed in as before, and open sockets go on.
    assert client.session.session_key == session
    # What comes after it within minutes is not asked for again.
    assert client.get(another_act(cast)).status_code == 200


def test_what_cannot_be_done_comes_back_as_it_was_typed(
    cast: Cast, client: Client, provider: Provider
) -> None:
    stopped(client, act_on(cast), typed(cast, since="2999-01-01"))
    answer = prove(client, provider, act_on(cast))
    assert answer.status_code == 422
    assert TYPED in text(answer)
    assert "This day lies in the future" in text(answer)
    assert "code=" not in text(answer)  # the provider's stands in no link of the page
    assert client.post(act_on(cast), typed(cast)).status_code == 302
    assert suspensions() == [TYPED]


def test_a_form_with_files_is_opened_again(cast: Cast, client: Client, provider: Provider) -> None:
    """As after a password: they would be missing."""
    file = SimpleUploadedFile("letter.pdf", b"%PDF-1.4", content_type="application/pdf")
    shown = stopped(client, act_on(cast), typed(cast, documents=[file]))
    assert "The page opens afterwards" in text(shown)
    assert prove(client, provider, act_on(cast))["Location"] == act_on(cast)
    assert suspensions() == []


def test_a_new_password_waits_nowhere(cast: Cast, client: Client, provider: Provider) -> None:
    address = "/en/accounts/password/set/"
    shown = stopped(client, address, {"password1": PASSWORD, "password2": PASSWORD})
    assert "The page opens afterwards" in text(shown)
    assert PASSWORD not in str(dict(client.session.items()))
    assert prove(client, provider, address)["Location"] == address
    cast.dina.refresh_from_db()
    assert not cast.dina.has_usable_password()


def test_the_token_of_the_form_is_asked_for_as_ever(
    cast: Cast, office: IdentityProvider, provider: Provider
) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.dina)
    assert client.post(act_on(cast), typed(cast)).status_code == 403
    assert POSTED_KEY not in client.session
    page = text(client.get("/en/accounts/sessions/"))
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    given = {"csrfmiddlewaretoken": token[1]}
    stopped(client, act_on(cast), typed(cast, since="2999-01-01") | given)
    assert client.post(CONFIRM, {"next": act_on(cast)}).status_code == 403
    there = client.post(CONFIRM, {"next": act_on(cast)} | given)
    back = urlsplit(provider.sign_in(way_on(there), "dina"))
    answer = client.get(f"{back.path}?{back.query}")
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', text(answer))
    assert token
    again = typed(cast) | {"csrfmiddlewaretoken": token[1]}
    assert client.post(act_on(cast), again).status_code == 302
    assert suspensions() == [TYPED]


# --- Not done -------------------------------------------------------------------------------------
def test_another_person_does_nothing_and_loses_nothing(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    refused = prove(client, provider, address, "bilal")
    assert refused.status_code == 403
    assert "another e-mail address than the one that is meant" in text(refused)
    assert "What you have entered is still kept" in text(refused)
    assert f'href="{CONFIRM}?{urlencode({"next": address})}"' in text(refused)  # to begin again
    assert suspensions() == []
    assert client.session["_auth_user_id"] == str(cast.dina.pk)
    assert prove(client, provider, address).status_code == 302
    assert suspensions() == [TYPED]


def test_who_cancels_or_stays_away_too_long_begins_again(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    url = way_on(client.post(CONFIRM, {"next": address}))
    state = parse_qs(urlsplit(url).query)["state"][0]
    back = urlsplit(provider.sign_in(url, "dina", action="deny"))
    cancelled = client.get(f"{back.path}?{back.query}&state={state}")
    back_late = way_back(client, provider, address)
    session = client.session
    for kept in session["socialaccount_states"].values():
        kept[1] -= 3600
    session.save()
    late = client.get(back_late)
    assert (cancelled.status_code, late.status_code) == (200, 403)
    for answer in (cancelled, late):
        assert f'href="{CONFIRM}?{urlencode({"next": address})}"' in text(answer)
        assert "What you have entered is still kept" in text(answer)
    assert suspensions() == []
    prove(client, provider, address)
    assert suspensions() == [TYPED]


def test_a_proof_counts_once(cast: Cast, client: Client, provider: Provider) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    back = way_back(client, provider, address)
    assert client.get(back).status_code == 302
    again = client.get(back)
    assert (again.status_code, "was not begun in this browser" in text(again)) == (403, True)
    # Nor is it done a second time by a second proof.
    assert prove(client, provider, address)["Location"] == address
    assert AuditEntry.objects.filter(act="membership.suspended").count() == 1


def test_signed_out_meanwhile_nothing_is_done(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    back = way_back(client, provider, address)
    client.post("/en/accounts/logout/")
    assert client.get(back).status_code == 403
    # Nor after another person, or the same one, has signed in there.
    for user in (make_user("colleague"), cast.dina):
        make_mandate(user, cast.qa)
        client.force_login(user)
        assert client.get(back).status_code == 403
    assert prove(client, provider, address)["Location"] == address
    assert suspensions() == []


def test_another_person_in_the_same_browser_does_nothing(
    cast: Cast, client: Client, provider: Provider
) -> None:
    """Without a sign-out between."""
    stopped(client, act_on(cast), typed(cast))
    back = way_back(client, provider, act_on(cast))
    client.force_login(cast.bilal)
    assert client.get(back).status_code == 403
    assert POSTED_KEY not in client.session
    assert suspensions() == []


def test_in_another_browser_nothing_is_done(cast: Cast, client: Client, provider: Provider) -> None:
    stopped(client, act_on(cast), typed(cast))
    back = way_back(client, provider, act_on(cast))
    other = signed_in(cast.dina, proved=False)
    assert other.get(back).status_code == 403
    assert suspensions() == []


def test_the_right_is_asked_for_again(cast: Cast, client: Client, provider: Provider) -> None:
    stopped(client, act_on(cast), typed(cast))
    back = way_back(client, provider, act_on(cast))
    type(cast.dina_mandate).objects.filter(pk=cast.dina_mandate.pk).update(ends_at=timezone.now())
    make_mandate(cast.dina, cast.qa)
    assert client.get(back).status_code == 404
    assert suspensions() == []


def test_what_waits_too_long_is_not_done(cast: Cast, client: Client, provider: Provider) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    session = client.session
    session[STOPPED_KEY] = {**session[STOPPED_KEY], "at": time.time() - FORM_SECONDS - 1}
    session.save()
    shown = client.get(f"{CONFIRM}?{urlencode({'next': address})}")
    assert "The page opens afterwards" in text(shown)
    assert prove(client, provider, address)["Location"] == "/en/"
    assert "waited too long and was not done" in text(client.get("/en/"))
    assert suspensions() == []
    assert prove(client, provider, address)["Location"] == address


def test_who_opens_the_page_anew_has_given_up_what_they_sent(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    shown = client.get(client.get(address)["Location"])
    assert "The page opens afterwards" in text(shown)
    assert prove(client, provider, address)["Location"] == address
    assert suspensions() == []


def test_a_proof_for_another_page_does_nothing(
    cast: Cast, client: Client, provider: Provider
) -> None:
    stopped(client, act_on(cast), typed(cast))
    assert prove(client, provider, "/en/rooms/")["Location"] == "/en/rooms/"
    assert suspensions() == []


def test_who_has_a_password_is_asked_for_it_all_the_same(
    cast: Cast, client: Client, provider: Provider
) -> None:
    address = act_on(cast)
    stopped(client, address, typed(cast))
    cast.dina.set_password(PASSWORD)
    cast.dina.save()
    client = signed_in(cast.dina, proved=False)
    asked = client.post(address, typed(cast))["Location"]
    assert asked.startswith("/en/accounts/reauthenticate/")
    assert prove(client, provider, address)["Location"] == asked
    assert suspensions() == []
    assert client.post(asked, {"password": PASSWORD}).status_code == 302
    assert suspensions() == [TYPED]


# --- When they signed in there --------------------------------------------------------------------
def test_the_provider_is_asked_for_a_new_sign_in(
    cast: Cast, client: Client, provider: Provider
) -> None:
    """Whether it obeyed shows in `auth_time` alone."""
    asked = parse_qs(urlsplit(way_on(client.post(CONFIRM))).query)
    assert (asked["prompt"], asked["max_age"]) == (["login"], ["0"])


@pytest.mark.parametrize(
    "said", [3600, 120, "yesterday", [], -(10**400)], ids=lambda said: str(said)[:9]
)
def test_an_earlier_sign_in_proves_nothing(
    cast: Cast, client: Client, provider: Provider, said: Any
) -> None:
    """`said`: how many seconds ago, or what is no time."""
    address = act_on(cast)
    when = int(time.time()) - said if said in (3600, 120) else said
    dina = {"email": "dina@example.org", "email_verified": True}
    provider.say("dina", **dina, auth_time=when)
    stopped(client, address, typed(cast))
    refused = prove(client, provider, address)
    assert refused.status_code == 403
    assert "did not ask you anew who you are" in text(refused)
    assert "What you have entered is still kept" in text(refused)
    assert suspensions() == []
    assert client.get(another_act(cast)).status_code == 302
    provider.say("dina", **dina, auth_time=int(time.time()))
    assert prove(client, provider, address).status_code == 302
    assert suspensions() == [TYPED]


@pytest.mark.parametrize("ahead", [-30, 0, 30])
def test_clocks_may_differ_a_little(
    cast: Cast, client: Client, provider: Provider, ahead: int
) -> None:
    provider.say(
        "dina",
        email="dina@example.org",
        email_verified=True,
        auth_time=int(time.time()) + ahead,
    )
    stopped(client, act_on(cast), typed(cast))
    assert prove(client, provider, act_on(cast)).status_code == 302
    assert suspensions() == [TYPED]
