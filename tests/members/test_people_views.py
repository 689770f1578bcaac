from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from members.actions.invitations import invite_to_apply, invite_to_delegation
from members.actions.people import create_person, end_mandate
from members.enums import Capacity
from members.models import Application, Invitation, Mandate, User
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in


def page(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def invited(cast: Cast, **fields: Any) -> Invitation:
    return invite_to_delegation(
        **{
            "institution": cast.kr,
            "email": "new@example.org",
            "name": "New Delegate",
            "language": "en",
            "capacity": Capacity.DELEGATE,
            "actor": cast.amal,
            **fields,
        }
    )


FILLED = {
    "name": "New Delegate",
    "language": "fr",
    "password1": "a long enough pass phrase",
    "password2": "a long enough pass phrase",
}


def test_delegation_is_for_its_own_delegates_and_the_secretariat(cast: Cast) -> None:
    url = page("delegation", cast.kr.pk)
    assert Client().get(url).status_code == 302
    assert signed_in(cast.bilal).get(url).status_code == 404
    assert signed_in(cast.dina).get(url).status_code == 200
    answer = signed_in(cast.amal).get(url)
    assert answer.status_code == 200
    assert "Amal" in answer.content.decode()


def test_plain_delegate_sees_the_delegation_and_manages_nothing(cast: Cast) -> None:
    client = signed_in(cast.chloe)
    html = client.get(page("delegation", cast.pl.pk)).content.decode()
    assert cast.chloe.email not in html.split("<main")[1]
    assert page("invite", cast.pl.pk) not in html
    assert client.get(page("invite", cast.pl.pk)).status_code == 403
    assert client.get(page("end_mandate", cast.chloe_mandate.pk)).status_code == 403


def test_delegation_costs_the_same_with_one_person_and_three(cast: Cast) -> None:
    client = signed_in(cast.amal)
    url = page("delegation", cast.kr.pk)
    invited(cast, email="a@example.org")

    queries_before = count_queries(client, url)
    for name in ("erin", "finn"):
        make_mandate(make_user(name), cast.kr, Capacity.DELEGATE)
        invited(cast, email=f"{name}2@example.org")
    assert count_queries(client, url) == queries_before


def count_queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_inviting_from_the_page(cast: Cast) -> None:
    client = signed_in(cast.amal)
    url = page("invite", cast.kr.pk)
    form = {"email": "NEW@example.org", "name": "New", "capacity": "delegate", "language": "ar"}
    assert client.get(url).status_code == 200
    answer = client.post(url, form)
    assert (answer.status_code, answer["Location"]) == (302, page("delegation", cast.kr.pk))
    assert "new@<wbr>example.org" in client.get(answer["Location"]).content.decode()
    again = client.post(url, form)
    assert again.status_code == 422
    assert "invited already" in again.content.decode()
    refused = client.post(url, {**form, "email": "no address", "name": "Kept"})
    assert refused.status_code == 422
    assert "Kept" in refused.content.decode()


def test_inviting_is_refused_elsewhere_and_for_the_secretariat(cast: Cast) -> None:
    form = {"email": "x@example.org", "name": "X", "capacity": "delegate", "language": "en"}
    assert signed_in(cast.bilal).post(page("invite", cast.kr.pk), form).status_code == 404
    client = signed_in(cast.amal)
    form["capacity"] = "secretariat"
    assert client.post(page("invite", cast.kr.pk), form).status_code == 422
    assert not Invitation.objects.exists()
    form |= {"email": cast.amal.email, "capacity": "head"}
    answer = client.post(page("invite", cast.kr.pk), form)
    assert answer.status_code == 422
    assert "holds this capacity already" in answer.content.decode()


def test_resending_and_revoking_from_the_page(cast: Cast) -> None:
    invitation = invited(cast)
    stranger, client = signed_in(cast.bilal), signed_in(cast.amal)
    for name in ("resend_invitation", "revoke_invitation"):
        assert stranger.post(page(name, invitation.pk)).status_code == 404
        assert client.get(page(name, invitation.pk)).status_code == 405
        assert client.post(page(name, invitation.pk)).status_code == 302
    assert client.post(page("resend_invitation", invitation.pk), follow=True).status_code == 200
    invitation.refresh_from_db()
    assert invitation.closed_because == "revoked"


def test_ending_a_mandate_asks_first(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.DELEGATE)
    url = page("end_mandate", mandate.pk)
    assert signed_in(cast.bilal).get(url).status_code == 404
    client = signed_in(cast.amal)
    assert "Erin" in client.get(url).content.decode()
    assert Mandate.objects.running().filter(pk=mandate.pk).exists()
    assert client.post(url).status_code == 302
    assert not Mandate.objects.running().filter(pk=mandate.pk).exists()
    assert "Erin" in client.get(page("delegation", cast.kr.pk)).content.decode()  # past
    assert client.post(url).status_code == 302  # repeated


def test_last_focal_point_stays_and_the_page_says_why(cast: Cast) -> None:
    mandate = make_mandate(make_user("erin"), cast.kr, Capacity.FOCAL_POINT)
    answer = signed_in(cast.amal).post(page("end_mandate", mandate.pk))
    assert answer.status_code == 422
    assert "last national focal point" in answer.content.decode()
    assert Mandate.objects.running().filter(pk=mandate.pk).exists()


def test_ended_mandate_closes_the_pages_at_once(cast: Cast) -> None:
    client = signed_in(cast.amal)
    make_mandate(make_user("erin"), cast.kr, Capacity.HEAD)
    assert client.get(page("delegation", cast.kr.pk)).status_code == 200
    end_mandate(ending=cast.amal_mandate, actor=cast.dina)
    assert client.get(page("delegation", cast.kr.pk)).status_code == 404
    assert client.get(page("settings")).status_code == 200


def test_invitation_makes_the_account_and_signs_in(cast: Cast) -> None:
    invitation = invited(cast)
    client = Client()
    url = page("invitation", invitation.token)
    answer = client.get(url)
    assert answer.status_code == 200
    assert answer["Referrer-Policy"] == "strict-origin"
    assert "no-store" in answer["Cache-Control"]
    html = answer.content.decode()
    assert "Institution KR" in html
    assert "New Delegate" in html
    answer = client.post(url, FILLED)
    assert (answer.status_code, answer["Location"]) == (302, "/fr/")
    user = User.objects.get(email="new@example.org")
    assert client.session["_auth_user_id"] == str(user.pk)
    assert client.cookies["django_language"].value == "fr"
    assert user.usersession_set.count() == 1  # type: ignore[attr-defined]
    gone = Client().get(url)
    assert gone.status_code == 410
    assert "accepted already" in gone.content.decode()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"password2": "another long pass phrase"}, "not the same"),
        ({"password1": "short", "password2": "short"}, "too short"),
        ({"name": " \u202e "}, "required"),
        ({"language": "xx"}, "xx"),
    ],
)
def test_refused_account_keeps_what_was_typed(
    cast: Cast, change: dict[str, str], reason: str
) -> None:
    invitation = invited(cast)
    answer = Client().post(page("invitation", invitation.token), {**FILLED, **change})
    assert answer.status_code == 422
    assert reason in answer.content.decode()
    assert User.objects.of_email(invitation.email) is None


def test_invitation_to_apply_shows_the_application(cast: Cast) -> None:
    application = Application.objects.create(institution_names={"en": "Institute of Mexico"})
    invitation = invite_to_apply(
        application=application, email="contact@example.org", name="", language="en"
    )
    client = Client()
    assert (
        "Institute of Mexico" in client.get(page("invitation", invitation.token)).content.decode()
    )
    assert client.post(page("invitation", invitation.token), FILLED).status_code == 302
    application.refresh_from_db()
    assert application.contact is not None


def test_bad_links_say_whom_to_ask(cast: Cast) -> None:
    unknown = Client().get(page("invitation", "made-up"))
    assert unknown.status_code == 404
    assert "secretariat" in unknown.content.decode()
    invitation = invited(cast)
    Invitation.objects.update(expires_at=timezone.now() - timedelta(days=1))
    for answer in (
        Client().get(page("invitation", invitation.token)),
        Client().post(page("invitation", invitation.token), FILLED),
    ):
        assert answer.status_code == 410
        assert "Amal" in answer.content.decode()
    assert User.objects.of_email(invitation.email) is None


def test_existing_account_signs_in_and_accepts(cast: Cast) -> None:
    person = create_person(email="new@example.org", name="Erin", password=PASSWORD)
    invitation = invited(cast)
    url = page("invitation", invitation.token)
    html = Client().get(url).content.decode()
    assert "has an account already" in html
    assert "password1" not in html
    assert Client().post(url, FILLED).status_code == 200  # nothing happens
    other = signed_in(cast.bilal)
    assert "for another address" in other.get(url).content.decode()
    other.post(url)
    assert not Mandate.objects.filter(user__in=[person, cast.bilal], institution=cast.kr).exists()
    client = signed_in(person)
    assert "Accept the invitation" in client.get(url).content.decode()
    assert client.post(url).status_code == 302
    assert Mandate.objects.running().filter(user=person, institution=cast.kr).count() == 1
    assert client.post(url).status_code == 410


@pytest.mark.django_db(transaction=True)
def test_two_tabs_accept_once() -> None:
    cast = Cast()
    url = page("invitation", invited(cast).token)
    barrier = Barrier(2)
    statuses: list[int] = []

    def tab() -> None:
        client = Client()
        barrier.wait()
        statuses.append(client.post(url, FILLED).status_code)
        connection.close()

    tabs = [Thread(target=tab) for _ in range(2)]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    assert sorted(statuses) == [302, 410]
    assert Mandate.objects.filter(user__email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_invitations_of_one_address_make_one_account() -> None:
    cast = Cast()
    urls = [
        page("invitation", invited(cast).token),
        page("invitation", invited(cast, institution=cast.ng, actor=cast.bilal).token),
    ]
    barrier = Barrier(2)
    answers: list[str] = []

    def tab(url: str) -> None:
        client = Client()
        client.get(url)
        barrier.wait()
        answers.append(client.post(url, FILLED)["Location"])
        connection.close()

    tabs = [Thread(target=tab, args=[url]) for url in urls]
    for thread in tabs:
        thread.start()
    for thread in tabs:
        thread.join()
    (again,) = [answer for answer in answers if answer != "/fr/"]
    assert "has an account already" in Client().get(again).content.decode()
    assert Mandate.objects.filter(user__email="new@example.org").count() == 1


def test_choosing_who_speaks(cast: Cast) -> None:
    second = make_mandate(cast.amal, cast.pl, Capacity.ADVISER)
    client = signed_in(cast.amal)
    assert client.get(page("directory")).context["mandate"] == cast.amal_mandate
    answer = client.post(page("choose_mandate"), {"mandate": second.pk, "next": page("directory")})
    assert answer["Location"] == page("directory")
    assert client.get(page("directory")).context["mandate"] == second
    client.post(page("choose_mandate"), {"mandate": cast.bilal_mandate.pk})
    assert client.get(page("directory")).context["mandate"] == second
    assert client.get(page("choose_mandate")).status_code == 405
    elsewhere = client.post(
        page("choose_mandate"), {"mandate": second.pk, "next": "https://elsewhere.example/"}
    )
    assert elsewhere["Location"] == "/"
    end_mandate(ending=second, actor=cast.dina)
    assert client.get(page("directory")).context["mandate"] == cast.amal_mandate


def test_the_log_names_the_mandate_that_carried_the_right(cast: Cast) -> None:
    """Not the one that speaks, where that opens no page of the secretariat."""
    delegate = make_mandate(cast.dina, cast.pl, Capacity.ADVISER)
    client = signed_in(cast.dina)
    client.post(page("choose_mandate"), {"mandate": delegate.pk})
    client.post(page("new_field"), {"name_en": "Sports", "name_ar": "الرياضة"})
    entry = AuditEntry.objects.get(act="field.added")
    assert (entry.actor_id, entry.mandate_id) == (cast.dina.pk, cast.dina_mandate.pk)
    # So on pages that others read too.
    invited = {"email": "new@example.org", "name": "New", "capacity": "delegate", "language": "en"}
    client.post(page("invite", cast.kr.pk), invited)
    entry = AuditEntry.objects.get(act="invitation.sent")
    assert (entry.actor_id, entry.mandate_id) == (cast.dina.pk, cast.dina_mandate.pk)
    # Where both are of the secretariat, it is the one that speaks.
    second = make_mandate(cast.dina, cast.qa, Capacity.SECRETARIAT)
    client.post(page("choose_mandate"), {"mandate": second.pk})
    client.post(page("new_field"), {"name_en": "Music", "name_ar": "الموسيقى"})
    entry = AuditEntry.objects.filter(act="field.added").latest("number")
    assert entry.mandate_id == second.pk


def test_frame_costs_strangers_no_query_for_mandates(cast: Cast) -> None:
    answer = Client().get(page("directory"))
    assert answer.context["mandates"] == []
    assert answer.context["mandate"] is None
    assert signed_in(cast.dina).get(page("directory")).context["is_secretariat"] is True
    assert signed_in(cast.amal).get(page("directory")).context["is_secretariat"] is False


def test_settings_are_kept_and_the_page_follows_the_language(cast: Cast) -> None:
    client = signed_in(cast.amal)
    url = page("settings")
    assert Client().get(url).status_code == 302
    assert client.get(url).status_code == 200
    form = {"language": "ar", "time_zone": "Asia/Seoul"}
    answer = client.post(url, form)
    assert (answer.status_code, answer["Location"]) == (302, "/ar/settings/")
    assert client.cookies["django_language"].value == "ar"
    cast.amal.refresh_from_db()
    assert cast.amal.time_zone == "Asia/Seoul"
    assert client.post(url, {**form, "time_zone": "Mars/Olympus"}).status_code == 422


def test_settings_say_how_one_reads(cast: Cast) -> None:
    client = signed_in(cast.amal)
    form = {
        "language": "ar",
        "time_zone": "Asia/Qatar",
        "theme": "dark",
        "digits": "arabic_indic",
        "shows_hijri": "on",
    }
    assert client.post(page("settings"), form).status_code == 302
    shown = client.get("/ar/settings/").content.decode()
    assert '<html lang="ar" dir="rtl" data-theme="dark" data-digits="arab">' in shown
    cast.amal.refresh_from_db()
    assert (cast.amal.theme, cast.amal.digits, cast.amal.shows_hijri) == (
        "dark",
        "arabic_indic",
        True,
    )
    assert "data-digits" not in client.get("/en/settings/").content.decode()
    assert client.post(page("settings"), {**form, "digits": "roman"}).status_code == 422
    assert client.post(page("settings"), {k: form[k] for k in ("language", "time_zone")})
    cast.amal.refresh_from_db()
    assert (cast.amal.theme, cast.amal.digits, cast.amal.shows_hijri) == ("", "", False)


def test_only_the_secretariat_is_led_to_the_settings_of_the_network(cast: Cast) -> None:
    leads = "/settings/network/"
    assert leads in signed_in(cast.dina).get(page("settings")).content.decode()
    assert leads not in signed_in(cast.amal).get(page("settings")).content.decode()
    index = signed_in(cast.dina).get(page("network_settings")).content.decode()
    for name in ("network_names", "letter_list", "form_definition", "countries", "fields"):
        assert page(name) in index, name
