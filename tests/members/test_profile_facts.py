"""The plain facts of a profile: fields, languages, addresses, accounts, the logo."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from members.actions.fields import add_field, retire_field
from members.actions.profiles import change_logo, change_profile
from members.enums import Capacity, MembershipState
from members.models import Field, Institution, User
from records.folding import fold
from records.forms import PictureField
from records.models import AuditEntry
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.files import PDF, image, upload

STATES = {f"state_{code}": "draft" for code in ("ar", "en", "fr")}


def make_field(name: str = "Music", **names: str) -> Field:
    return add_field(names={"en": name, **names}, actor=None)


def posted(**changed: Any) -> dict[str, Any]:
    return {"name_en": "Korea Foundation", "version": "0", **STATES, **changed}


def keep(cast: Cast, client: Client, **changed: Any) -> Any:
    client.force_login(cast.amal)
    return client.post(reverse("members:profile", args=[cast.kr.pk]), posted(**changed))


def put_logo(cast: Cast, institution: Institution, actor: User) -> str:
    picture = PictureField().clean(upload(image(size=(900, 300)), "logo.png"))
    shown = change_logo(institution=institution, upload=picture, actor=actor, mandate=None)
    assert shown.logo is not None
    return shown.logo.sha256


def test_everything_is_kept_and_shown(client: Client, cast: Cast) -> None:
    field = make_field(ar="الموسيقى")
    answer = keep(
        cast,
        client,
        short_name_ar="مؤسسة كوريا",
        address_en="55 Sinjung-ro\nSeogwipo",
        work=[str(field.pk)],
        tongues=["ko", "ar"],
        telephone="+٨٢ 64 804 1000",
        website="https://kf.example/",
        social_x="x.com/kf",
        social_youtube="https://www.youtube.com/@kf",
    )
    assert answer.status_code == 302
    cast.kr.refresh_from_db()
    assert cast.kr.profile() == {
        "names": {"en": "Korea Foundation"},
        "short_names": {"ar": "مؤسسة كوريا"},
        "addresses": {"en": "55 Sinjung-ro\nSeogwipo"},
        "descriptions": {},
        "description_states": {},
        "languages": ["ar", "ko"],
        "telephone": "+82 64 804 1000",
        "website": "https://kf.example/",
        "social_accounts": {
            "x": "https://x.com/kf",
            "youtube": "https://www.youtube.com/@kf",
        },
        "fields": [field.pk],
        "pictures": [],
    }
    page = Client().get(f"/ar/members/{cast.kr.pk}/").content.decode()
    for shown in (
        "مؤسسة كوريا",
        'lang="en">55 Sinjung-ro<br>Seogwipo<',
        f'href="/ar/members/?field={field.pk}"',
        "الموسيقى",
        "العربية، الكورية",
        'href="tel:+82648041000"',
        'href="https://x.com/kf"',
    ):
        assert shown in page


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("telephone", "044 1234"),
        ("telephone", "+974 secret"),
        ("social_x", "https://x.com.evil.example/kf"),
        ("social_x", "https://facebook.com/kf"),
        ("social_x", "https://x.com"),
        ("social_x", "http://x.com/kf"),
        ("social_facebook", "https://facebook.com@evil.example/kf"),
        ("social_youtube", "https://youtube.com:8443/kf"),
        ("social_linkedin", "javascript:alert(1)"),
        ("tongues", ["tlh"]),
        ("work", ["987654"]),
        ("short_name_en", "a" * 101),
        ("address_fr", "a" * 501),
    ],
)
def test_what_does_not_fit_is_refused_and_kept_in_the_form(
    client: Client, cast: Cast, name: str, value: Any
) -> None:
    make_field()
    answer = keep(cast, client, **{name: value, "description_en": "Typed at length"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Typed at length" in page
    assert f'id="id_{name}_error"' in page or "field--refused" in page
    cast.kr.refresh_from_db()
    assert cast.kr.profile_version == 0


def test_a_retired_field_can_be_kept_and_not_be_chosen(client: Client, cast: Cast) -> None:
    old, film = make_field("Telegraphy"), make_field("Film")
    cast.kr.fields_of_work.add(old)
    retire_field(field=old, retired=True, actor=None)
    client.force_login(cast.amal)
    page = client.get(reverse("members:profile", args=[cast.kr.pk])).content.decode()
    assert "Telegraphy (retired)" in page
    keep(cast, client, work=[str(old.pk), str(film.pk)])
    assert set(cast.kr.fields_of_work.all()) == {old, film}
    client.force_login(cast.bilal)
    url = reverse("members:profile", args=[cast.ng.pk])
    assert "Telegraphy" not in client.get(url).content.decode()
    assert client.post(url, posted(work=[str(old.pk)])).status_code == 422
    change_profile(
        institution=cast.ng,
        said={"fields": [old.pk, film.pk]},
        version=None,
        actor=cast.bilal,
        mandate=None,
    )
    assert list(cast.ng.fields_of_work.all()) == [film]  # retired while the form stood open


def test_search_finds_an_institution_by_its_field(cast: Cast, client: Client) -> None:
    field = make_field(ar="الموسيقى", fr="Musique")
    keep(cast, client, work=[str(field.pk)], short_name_en="KoFo")
    cast.kr.refresh_from_db()
    for words in ("musique", "الموسيقي", "kofo"):
        assert fold(words) in cast.kr.search_text
    answer = Client().get("/en/search/", {"q": "musique"})
    assert f"/en/members/{cast.kr.pk}/" in answer.content.decode()


def test_the_log_says_fields_languages_and_accounts_in_words(cast: Cast, client: Client) -> None:
    field = make_field()
    keep(
        cast,
        client,
        work=[str(field.pk)],
        tongues=["ko"],
        address_fr="Séoul",
        social_x="https://x.com/kf",
    )
    entry = AuditEntry.objects.get(act="institution.changed")
    assert entry.after["addresses"] == ["fr"]
    assert entry.after["version"] == 1
    client.force_login(cast.dina)
    page = client.get("/en/audit-log/").content.decode()
    for said in ("Music", "Korean", "French", "X: https://x.com/kf"):
        assert said in page
    assert "Séoul" not in page


# --- The logo -------------------------------------------------------------------------------------


def test_a_logo_is_made_small_shown_and_taken_away(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile_logo", args=[cast.kr.pk])
    answer = client.post(url, {"logo": upload(image(size=(900, 300)), "logo.png")})
    assert answer.headers["location"] == url
    cast.kr.refresh_from_db()
    assert cast.kr.logo is not None
    assert cast.kr.logo.content_type == "image/webp"
    source = reverse("members:logo", args=[cast.kr.pk, cast.kr.logo.sha256])
    page = Client().get(f"/en/members/{cast.kr.pk}/").content.decode()
    assert f'src="{source}" alt="Institution KR"' in page
    picture = Client().get(source)
    assert picture.status_code == 200
    assert "immutable" in picture.headers["Cache-Control"]
    client.post(reverse("members:remove_logo", args=[cast.kr.pk]))
    assert source not in Client().get(f"/en/members/{cast.kr.pk}/").content.decode()
    assert Client().get(source).status_code == 404
    assert client.get(source).status_code == 200  # in the history, to who may read it
    client.force_login(cast.chloe)
    assert client.get(source).status_code == 404


def test_what_is_no_picture_is_no_logo(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile_logo", args=[cast.kr.pk])
    for wrong in ({}, {"logo": upload(PDF, "logo.pdf")}, {"logo": upload(PDF, "logo.png")}):
        assert client.post(url, wrong).status_code == 422
    cast.kr.refresh_from_db()
    assert cast.kr.logo is None


def test_the_logo_of_who_is_not_public_is_seen_by_delegates_alone(cast: Cast) -> None:
    candidate = make_institution("MX", state=MembershipState.CANDIDATE)
    sha256 = put_logo(cast, candidate, cast.dina)
    source = reverse("members:logo", args=[candidate.pk, sha256])
    assert Client().get(source).status_code == 404
    client = Client()
    client.force_login(cast.chloe)
    answer = client.get(source)
    assert answer.status_code == 200
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_logo_of_another_institution_is_not_found_here(cast: Cast) -> None:
    sha256 = put_logo(cast, cast.kr, cast.amal)
    assert Client().get(reverse("members:logo", args=[cast.ng.pk, sha256])).status_code == 404


@pytest.mark.parametrize("who", ["bilal", "chloe"])
def test_others_change_no_logo(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        put_logo(cast, cast.kr, getattr(cast, who))


def test_a_plain_delegate_may_not_write(client: Client, cast: Cast) -> None:
    delegate = make_user("delegate")
    make_mandate(delegate, cast.kr, Capacity.DELEGATE)
    client.force_login(delegate)
    for name in ("members:profile", "members:profile_logo"):
        assert client.get(reverse(name, args=[cast.kr.pk])).status_code == 403
    assert client.post(reverse("members:remove_logo", args=[cast.kr.pk])).status_code == 403
