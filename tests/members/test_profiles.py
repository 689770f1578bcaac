"""What an institution says of itself, in one language after another."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse
from django.utils import translation

from members.actions.profiles import change_profile
from members.enums import Capacity
from members.models import User
from records.folding import fold
from records.languages import Shown
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user

FINAL, DRAFT = "final", "draft"


def change(cast: Cast, actor: User, **changed: Any) -> None:
    change_profile(
        institution=cast.kr,
        said={
            "names": {"en": "Korea Foundation"},
            "descriptions": {"en": "It links people.", "ar": "تصل بين الناس."},
            "description_states": {"en": FINAL, "ar": DRAFT},
            "website": "https://kf.example/",
            **changed,
        },
        version=None,
        actor=actor,
        mandate=None,
    )
    cast.kr.refresh_from_db()


def test_only_what_is_final_is_shown_and_says_its_language(cast: Cast) -> None:
    change(cast, cast.amal)
    with translation.override("ar"):
        assert cast.kr.description == Shown("It links people.", "en")
    change(cast, cast.amal, description_states={"en": FINAL, "ar": FINAL})
    with translation.override("ar"):
        assert cast.kr.description == Shown("تصل بين الناس.", "ar")
    change(cast, cast.amal, description_states={"en": DRAFT, "ar": DRAFT})
    assert cast.kr.description.text == ""


def test_the_log_has_names_and_states_and_not_the_description(cast: Cast) -> None:
    for _twice in range(2):
        change(cast, cast.amal)
    entry = AuditEntry.objects.get(act="institution.changed")
    assert entry.after["names"] == {"en": "Korea Foundation"}
    assert entry.after["description_states"] == {"en": FINAL, "ar": DRAFT}
    assert entry.after["descriptions"] == ["en", "ar"]
    assert "It links people." not in str(entry.after)


def test_search_finds_the_new_name(cast: Cast) -> None:
    change(cast, cast.amal)
    assert fold("Korea Foundation") in cast.kr.search_text


@pytest.mark.parametrize("who", ["bilal", "chloe"])
def test_others_may_not(cast: Cast, who: str) -> None:
    with pytest.raises(PermissionDenied):
        change(cast, getattr(cast, who))


def test_focal_point_and_secretariat_may_a_plain_delegate_may_not(cast: Cast) -> None:
    focal, delegate = make_user("focal"), make_user("delegate")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    make_mandate(delegate, cast.kr, Capacity.DELEGATE)
    change(cast, focal)
    change(cast, cast.dina, website="")
    with pytest.raises(PermissionDenied):
        change(cast, delegate)


def posted(**changed: str) -> dict[str, str]:
    states = {f"state_{code}": DRAFT for code in ("ar", "en", "fr")}
    return {"name_en": "Korea Foundation", "version": "0", **states, **changed}


def test_the_page_keeps_what_is_written(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile", args=[cast.kr.pk])
    assert "Institution KR" in client.get(url).content.decode()
    answer = client.post(url, posted(description_fr="Elle relie.", state_fr=FINAL))
    assert answer.headers["location"] == reverse("members:institution", args=[cast.kr.pk])
    cast.kr.refresh_from_db()
    assert cast.kr.descriptions == {"fr": "Elle relie."}
    assert cast.kr.description_states == {"fr": FINAL}
    page = client.get(url).content.decode()
    assert "Elle relie." in page
    assert len(re.findall(r'class="badge[^"]*">missing<', page)) == 2


def test_a_refused_form_keeps_what_was_typed(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile", args=[cast.kr.pk])
    answer = client.post(url, posted(name_en="", description_en="Typed at length"))
    assert answer.status_code == 422
    assert "Typed at length" in answer.content.decode()


def test_the_log_says_states_in_words(client: Client, cast: Cast) -> None:
    change(cast, cast.amal)
    client.force_login(cast.dina)
    page = client.get("/en/audit-log/").content.decode()
    assert "\u2068العربية: draft\u2069; \u2068English: final\u2069" in page
