"""In which of the deployed languages the network works, as the secretariat settles it."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members import network
from members.actions.fields import add_field
from members.actions.network import StaleTextError, return_network, settle_network
from members.forms.invitees import InviteeForm
from members.letters import written_for
from members.models import Field, Invitation, NetworkVersion
from members.permissions import capacities_to_invite
from members.standing_notices import languages_of
from records.forms import SpokenForm
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.members.test_network import FACTS, by
from tests.members.test_people_views import FILLED, invited
from tests.races import at_once

ARABIC = ("ar", "العربية")
ENGLISH = ("en", "English")
FRENCH = ("fr", "Français")


def settle(cast: Cast, *languages: str, version: int = 0) -> NetworkVersion:
    settled = settle_network(**{**FACTS, "languages": list(languages)}, version=version, **by(cast))
    network.forget()
    return settled


@pytest.fixture
def without_french(cast: Cast) -> Cast:
    settle(cast, "ar", "en")
    return cast


def codes(fields: Any) -> list[str]:
    return [code for code, _name in fields["language"].choices]


def test_nothing_settled_is_what_was_deployed(db: None) -> None:
    assert network.offered_languages() == [ARABIC, ENGLISH, FRENCH]
    assert network.first_language() == "en"


def test_settled_ones_hold_in_their_order_and_are_asked_for_once(
    without_french: Cast, settings: Any
) -> None:
    with CaptureQueriesContext(connection) as caught:
        for _ in range(3):
            assert network.offered_languages() == [ARABIC, ENGLISH]
            assert network.first_language() == "ar"
            assert network.languages_for("fr") == [ARABIC, ENGLISH, FRENCH]
            assert network.offered_or_first("fr") == "ar"
    assert len(caught) == 1
    settings.LANGUAGES = [ENGLISH, FRENCH]  # Arabic is no longer deployed
    assert network.offered_languages() == [ENGLISH]
    settings.LANGUAGES = [FRENCH]
    assert network.offered_languages() == [FRENCH]


def test_who_settles_them_and_what_is_kept(cast: Cast) -> None:
    other = {**FACTS, "languages": ["fr"]}
    with pytest.raises(PermissionDenied):
        settle_network(**other, version=0, actor=cast.amal, mandate=cast.amal_mandate)
    settle(cast)
    first = settle(cast, "fr", "en", version=1)
    assert settle(cast, "fr", "en", version=1) == first  # repeated
    entry = AuditEntry.objects.latest("number")
    assert (entry.before, entry.after) == (
        {"languages": []},
        {"version": 2, "languages": ["fr", "en"]},
    )
    with pytest.raises(StaleTextError):
        settle_network(**other, version=1, **by(cast))
    back = return_network(number=1, version=2, **by(cast))
    assert back is not None
    assert (back.languages, back.names) == ([], FACTS["names"])


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_them_at_once(transactional_db: None) -> None:
    cast = Cast()
    one, other = ({**FACTS, "languages": [code]} for code in ("ar", "fr"))
    assert at_once(
        lambda: settle_network(**one, version=0, **by(cast)),
        lambda: settle_network(**other, version=0, **by(cast)),
    ) == ["done", "stale"]


def test_the_page(cast: Cast) -> None:
    page = reverse("members:network_names")
    client = signed_in(cast.dina)
    typed = {"name_en": "Network", "version": "0"}
    for places, refused in (
        ({"place_2": "fr"}, "place_1"),
        ({"place_1": "fr", "place_3": "fr"}, "place_3"),
        ({"place_1": "tr"}, "place_1"),
    ):
        answer = client.post(page, {**typed, **places})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [refused])
    assert client.post(page, {**typed, "place_1": "fr", "place_3": "ar"}).url == page
    assert NetworkVersion.objects.get().languages == ["fr", "ar"]
    network.forget()
    shown = client.get(page)
    form = shown.context["form"]
    assert [field.value() for field in form.place_fields] == ["fr", "ar", None]
    late = client.post(page, {**typed, "place_1": "en"})
    assert late.status_code == 409
    assert '<li><bdi lang="fr">Français</bdi></li>' in late.content.decode()
    version = client.get(reverse("members:network_version", args=[1])).content.decode()
    assert '<li><bdi lang="ar">العربية</bdi></li>' in version
    assert signed_in(cast.amal).get(page).status_code == 404
    assert "login" in Client().get(page.replace("/en/", "/fr/")).url


def test_strangers_are_led_to_the_first_one(without_french: Cast, client: Client) -> None:
    led = client.get("/fr/members/list/?q=a%26b")
    assert (led.status_code, led.url) == (302, "/ar/members/list/?q=a%26b")
    assert client.get("/fr/calendar.ics").url == "/ar/calendar.ics"
    assert client.get("/en/members/").status_code == 200
    assert client.get("/fr/nothing/here/").status_code == 404
    assert client.post("/fr/accounts/login/", {}).status_code == 200  # opened before
    for path in ("/fr/offline/", "/fr/manifest.webmanifest"):  # kept for who reads it
        assert client.get(path).status_code == 200
    assert signed_in(make_user("x", language="fr")).get("/fr/members/").status_code == 200


@pytest.mark.parametrize(
    ("asked", "cookie", "led"),
    [
        ("", "", "/ar/"),
        ("fr", "", "/ar/"),
        ("fr, en;q=0.5", "", "/en/"),
        ("fr, *;q=0.5, en;q=0.2", "", "/ar/"),
        ("en-GB", "fr", "/en/"),
        ("ar", "en", "/en/"),
    ],
)
def test_the_bare_address(
    without_french: Cast, client: Client, asked: str, cookie: str, led: str, settings: Any
) -> None:
    if cookie:
        client.cookies[settings.LANGUAGE_COOKIE_NAME] = cookie
    assert client.get("/", headers={"accept-language": asked}).url == led


def test_public_pages_name_these_alone(without_french: Cast, client: Client, settings: Any) -> None:
    page = client.get("/en/members/").content.decode()
    origin = settings.PUBLIC_ORIGIN
    for code in ("ar", "en"):
        assert f'hreflang="{code}" href="{origin}/{code}/members/"' in page
    assert f'hreflang="x-default" href="{origin}/ar/members/"' in page
    assert "/fr/" not in page
    sitemap = client.get("/sitemap.xml").content.decode()
    assert f"<loc>{origin}/ar/members/</loc>" in sitemap
    assert f'hreflang="x-default" href="{origin}/ar/members/"' in sitemap
    assert "/fr/" not in sitemap


def test_the_switcher(without_french: Cast) -> None:
    cast = without_french
    client = signed_in(cast.amal)
    page = client.get("/en/").content.decode()
    assert page.index('name="language" value="ar"') < page.index('name="language" value="en"')
    assert 'name="language" value="fr"' not in page
    assert client.post("/language/", {"language": "fr"}).status_code == 400
    own = signed_in(make_user("x", language="fr"))
    page = own.get("/fr/").content.decode()
    assert 'name="language" value="fr" lang="fr" aria-current="true"' in page
    assert own.get("/").url == "/fr/"
    assert own.post("/language/", {"language": "fr"}).status_code == 302
    assert own.post("/language/", {"language": "en"}).status_code == 302
    assert own.post("/language/", {"language": "fr"}).status_code == 400


def test_the_account(without_french: Cast) -> None:
    settings = reverse("members:settings")
    said = {"time_zone": "UTC", "theme": "", "digits": ""}
    none = signed_in(make_user("none", language=""))
    form = none.get(settings.replace("/en/", "/fr/")).context["form"]
    assert (codes(form.fields), form["language"].value()) == (["ar", "en"], "ar")
    assert none.post(settings, {**said, "language": "fr"}).status_code == 422
    user = make_user("own", language="fr")
    own = signed_in(user)
    form = own.get(settings).context["form"]
    assert (codes(form.fields), form["language"].value()) == (["ar", "en", "fr"], "fr")
    assert own.post(settings, {**said, "language": "fr"}).status_code == 302
    user.refresh_from_db()
    assert user.language == "fr"


def test_invitations_and_applications(without_french: Cast, client: Client) -> None:
    cast = without_french
    head = signed_in(cast.amal)
    page = reverse("members:invite", args=[cast.kr.pk])
    form = head.get(page.replace("/en/", "/fr/")).context["form"]
    assert (codes(form.fields), form["language"].value()) == (["ar", "en"], "ar")
    refused = head.post(page, {"email": "x@example.org", "name": "X", "language": "fr"})
    assert refused.status_code == 422
    assert "language" in refused.context["form"].errors
    assert not Invitation.objects.exists()
    row = {"name": "X", "email": "x@example.org", "capacity": "delegate", "language": "fr"}
    capacities = capacities_to_invite(cast.amal, cast.kr)
    assert list(InviteeForm(row, capacities=capacities).errors) == ["language"]
    assert InviteeForm({**row, "language": "ar"}, capacities=capacities).is_valid()
    applying = client.get(reverse("members:apply")).context["form"]
    assert codes(applying.fields) == ["ar", "en"]


def test_letters_without_a_language(without_french: Cast) -> None:
    nobody, french = make_user("nobody", language=""), make_user("french", language="fr")
    for reader, language, expected in (
        (None, "", "ar"),
        (nobody, "", "ar"),
        (french, "", "fr"),
        (nobody, "en", "en"),
    ):
        with written_for(reader, language) as written:
            assert written == expected
    assert languages_of([nobody]) == ["ar"]
    assert languages_of([]) == ["ar"]


class Texts(SpokenForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.add_texts("title", "Title")
        self.with_states()

    def clean(self) -> None:
        super().clean()
        self.require_one("title")


def test_texts_are_asked_for_in_these_and_where_there_are_some(without_french: Cast) -> None:
    settle(without_french, "fr", "ar", version=1)
    nothing = Texts(initial={"title_en": "", "state_en": "draft"})
    assert [tab.code for tab in nothing.languages] == ["fr", "ar"]
    assert list(nothing.fields) == ["title_fr", "title_ar", "state_fr", "state_ar"]
    written = Texts(initial={"title_en": "Hello", "state_en": "final"})
    assert [tab.code for tab in written.languages] == ["fr", "ar", "en"]
    states = {"state_fr": "draft", "state_ar": "draft", "state_en": "final"}
    kept = Texts({**states, "title_en": "Hello", "title_fr": "Salut"})
    assert kept.is_valid()
    assert kept.texts("title") == {"fr": "Salut", "en": "Hello"}
    assert kept.states("title") == {"fr": "draft", "en": "final"}
    assert list(Texts(states).errors) == ["title_fr"]


def test_forms_of_the_house_lose_no_text(without_french: Cast, client: Client) -> None:
    cast = without_french
    office = signed_in(cast.dina)
    page = reverse("members:field", args=[add_field(names={"fr": "Musique"}, actor=None).pk])
    tabs = office.get(page).context["form"].languages
    assert [tab.code for tab in tabs] == ["ar", "en", "fr"]
    assert office.post(page, {"name_en": "Music", "name_fr": "Musique"}).status_code == 302
    assert Field.objects.get().names == {"en": "Music", "fr": "Musique"}
    tabs = office.get(reverse("members:new_field")).context["form"].languages
    assert [tab.code for tab in tabs] == ["ar", "en"]
    names = office.get(reverse("members:network_names")).context["form"]
    assert [tab.code for tab in names.languages] == ["ar", "en", "fr"]  # chosen there
    late = client.post("/fr/apply/", {"name": "X"})  # opened before
    assert late.status_code == 422
    assert "name_ar" in late.context["form"].errors
    assert "name_fr" not in late.context["form"].fields


def test_the_account_that_an_invitation_makes(without_french: Cast, client: Client) -> None:
    french = reverse("members:invitation", args=[invited(without_french, language="fr").token])
    led = client.get(french.replace("/en/", "/fr/"))
    form = client.get(led.url).context["form"]
    assert led.url.startswith("/ar/")
    assert (codes(form.fields), form["language"].value()) == (["ar", "en"], "ar")
    refused = client.post(french, FILLED)  # in French
    assert (refused.status_code, list(refused.context["form"].errors)) == (422, ["language"])
    assert client.post(french, {**FILLED, "language": "en"}).url == "/en/"
