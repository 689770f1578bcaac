"""Every version of a profile is kept, compared and can be taken up again; nobody overwrites
unseen what another has saved.
"""

import threading
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.fields import add_field, rename_field, retire_field
from members.actions.profiles import (
    StaleProfileError,
    change_logo,
    change_profile,
    take_back_profile,
)
from members.enums import Capacity
from members.models import User
from records.folding import fold
from records.forms import PictureField
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.files import image, upload

STATES = {f"state_{code}": "draft" for code in ("ar", "en", "fr")}


def change(cast: Cast, actor: User | None = None, version: int | None = None, **said: Any) -> None:
    change_profile(
        institution=cast.kr,
        said=said,
        version=version,
        actor=actor or cast.amal,
        mandate=cast.amal_mandate,
    )
    cast.kr.refresh_from_db()


def numbers(cast: Cast) -> list[int]:
    return [version.number for version in cast.kr.profile_versions.in_order()]


def test_each_change_is_kept_with_who_when_before_and_after(cast: Cast) -> None:
    assert numbers(cast) == []
    change(cast, website="https://kf.example/")
    change(cast, website="https://kf.example/")  # nothing new
    change(cast, telephone="+82 64 804 1000")
    assert numbers(cast) == [2, 1, 0]
    last, first, before = cast.kr.profile_versions.in_order()
    assert (last.actor, last.mandate) == (cast.amal, cast.amal_mandate)
    assert before.actor is None
    assert before.at == cast.kr.created_at
    assert before.profile["website"] == ""
    assert first.profile == {**before.profile, "website": "https://kf.example/"}
    assert last.profile == {**first.profile, "telephone": "+82 64 804 1000"}
    assert last.profile == cast.kr.profile()
    assert cast.kr.profile_version == 2


def test_what_was_not_said_stays(cast: Cast) -> None:
    change(cast, short_names={"en": "KF"}, languages=["ko"])
    change(cast, website="https://kf.example/")
    assert (cast.kr.short_names, cast.kr.languages) == ({"en": "KF"}, ["ko"])


def test_whoever_saves_what_is_stale_is_refused(cast: Cast) -> None:
    change(cast, version=0, website="https://one.example/")
    with pytest.raises(StaleProfileError) as refused:
        change(cast, cast.dina, version=0, website="https://two.example/")
    assert refused.value.version == 1
    cast.kr.refresh_from_db()
    assert cast.kr.website == "https://one.example/"
    change(cast, cast.dina, version=0, website="https://one.example/")  # the same: nothing to lose
    assert numbers(cast) == [1, 0]


def test_a_new_logo_leaves_what_others_are_writing_alone(cast: Cast) -> None:
    change(cast, website="https://one.example/")
    picture = PictureField().clean(upload(image(), "logo.png"))
    change_logo(institution=cast.kr, upload=picture, actor=cast.dina, mandate=None)
    change(cast, version=1, website="https://two.example/")
    assert cast.kr.website == "https://two.example/"
    assert cast.kr.logo is not None
    to = cast.kr.profile_versions.get(number=0)
    with pytest.raises(StaleProfileError):  # it would take the logo away
        take_back_profile(to=to, version=1, actor=cast.amal, mandate=None)


def test_a_stale_form_shows_what_stands_and_loses_nothing(client: Client, cast: Cast) -> None:
    music = add_field(names={"en": "Music"}, actor=None)
    film = add_field(names={"en": "Film"}, actor=None)
    change(cast, cast.dina, website="https://one.example/", fields=[film.pk])
    client.force_login(cast.amal)
    url = reverse("members:profile", args=[cast.kr.pk])
    typed = {
        "name_en": "Korea Foundation",
        "description_fr": "Typed at length",
        "website": "https://two.example/",
        "tongues": ["ar", "ko"],
        "work": [str(music.pk), str(film.pk)],
        **STATES,
    }
    answer = client.post(url, {**typed, "version": "0"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody else has saved this in the meantime." in page
    assert "<bdi>Dina</bdi>" in page
    assert [(c.label, c.before, c.after) for c in answer.context["changes"]] == [
        ("Fields of work", "", "Film"),
        ("Website", "", "https://one.example/"),
    ]
    assert "Typed at length" in page
    assert 'value="https://two.example/"' in page
    assert answer.context["form"]["tongues"].value() == ["ar", "ko"]
    assert answer.context["form"]["work"].value() == [str(music.pk), str(film.pk)]
    assert 'name="version" value="1"' in page
    assert client.post(url, {**typed, "version": "1"}).status_code == 302
    cast.kr.refresh_from_db()
    assert cast.kr.website == "https://two.example/"
    assert cast.kr.descriptions == {"fr": "Typed at length"}


def test_a_profile_is_taken_back_as_a_new_version(cast: Cast) -> None:
    music, film = (add_field(names={"en": name}, actor=None) for name in ("Music", "Film"))
    picture = PictureField().clean(upload(image(), "logo.png"))
    change_logo(institution=cast.kr, upload=picture, actor=cast.amal, mandate=None)
    change(cast, names={"en": "Foundation"}, fields=[music.pk, film.pk])
    change(cast, names={"en": "Institute"}, fields=[])
    change_logo(institution=cast.kr, upload=None, actor=cast.amal, mandate=None)
    retire_field(field=film, retired=True, actor=None)
    to = cast.kr.profile_versions.get(number=2)
    for _twice in range(2):
        take_back_profile(to=to, version=None, actor=cast.dina, mandate=cast.dina_mandate)
    cast.kr.refresh_from_db()
    assert cast.kr.names == {"en": "Foundation"}
    assert cast.kr.logo == to.logo
    assert list(cast.kr.fields_of_work.all()) == [music]  # the other is retired since
    assert "foundation" in cast.kr.search_text
    assert "music" in cast.kr.search_text
    assert "film" not in cast.kr.search_text
    assert numbers(cast) == [5, 4, 3, 2, 1, 0]
    entry = AuditEntry.objects.get(act="institution.taken_back")
    assert entry.after["names"] == {"en": "Foundation"}
    assert entry.after["fields"] == [{"en": "Music"}]
    assert entry.after["logo"] is True


def test_taking_back_is_refused_to_others_and_to_the_stale(cast: Cast) -> None:
    change(cast, website="https://one.example/")
    to = cast.kr.profile_versions.get(number=0)
    for actor in (cast.bilal, cast.chloe):
        with pytest.raises(PermissionDenied):
            take_back_profile(to=to, version=None, actor=actor, mandate=None)
    with pytest.raises(StaleProfileError):
        take_back_profile(to=to, version=0, actor=cast.amal, mandate=None)


def test_the_pages_show_who_changed_what_and_lead_back(client: Client, cast: Cast) -> None:
    change(cast, website="https://one.example/", descriptions={"en": "Old"})
    change(cast, cast.dina, website="https://two.example/", descriptions={"en": "New"})
    client.force_login(cast.amal)
    history = reverse("members:profile_versions", args=[cast.kr.pk])
    page = client.get(history).content.decode()
    assert "as it stood before the first change" in page
    assert "<bdi>Dina</bdi>" in page
    assert "Description · Website" in " ".join(page.split())
    one = reverse("members:profile_version", args=[cast.kr.pk, 2])
    answer = client.get(one)
    assert [(c.label, c.before, c.after) for c in answer.context["changes"]] == [
        ("Description · \u2068English\u2069", "Old", "New"),
        ("Website", "https://one.example/", "https://two.example/"),
    ]
    assert "Take the profile back" not in answer.content.decode()  # it stands
    back = reverse("members:take_back_profile", args=[cast.kr.pk, 1])
    stale = client.post(back, {"version": "1"}, follow=True)
    assert "Somebody else has saved this in the meantime." in stale.content.decode()
    client.post(back, {"version": "2"})
    cast.kr.refresh_from_db()
    assert cast.kr.website == "https://one.example/"


def test_a_delegate_reads_the_history_without_drafts(client: Client, cast: Cast) -> None:
    adviser = make_user("adviser")
    make_mandate(adviser, cast.kr, Capacity.ADVISER)
    change(cast, descriptions={"en": "Kept back"}, description_states={"en": "draft"})
    client.force_login(adviser)
    answer = client.get(reverse("members:profile_version", args=[cast.kr.pk, 1]))
    page = answer.content.decode()
    assert "Kept back" not in page
    assert [(c.label, c.after) for c in answer.context["changes"]] == [
        ("State of the description · \u2068English\u2069", "draft")
    ]
    assert "Take the profile back" not in page
    back = reverse("members:take_back_profile", args=[cast.kr.pk, 0])
    assert client.post(back, {"version": "1"}).status_code == 403


def test_a_profile_that_nobody_changed_says_so(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    page = client.get(reverse("members:profile_versions", args=[cast.kr.pk])).content.decode()
    assert "No change yet" in page


@pytest.mark.parametrize("who", ["bilal", "chloe"])
def test_strangers_do_not_read_the_history(client: Client, cast: Cast, who: str) -> None:
    change(cast, website="https://one.example/")
    client.force_login(getattr(cast, who))
    for name, args in (("profile_versions", []), ("profile_version", [1])):
        url = reverse(f"members:{name}", args=[cast.kr.pk, *args])
        assert client.get(url).status_code == 404


@pytest.mark.parametrize("number", [7, 2**31, 10**18])
def test_a_version_that_is_not_there_is_not_found(client: Client, cast: Cast, number: int) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile_version", args=[cast.kr.pk, number])
    assert client.get(url).status_code == 404


def test_the_history_costs_the_same_with_one_change_and_with_three(
    client: Client, cast: Cast
) -> None:
    client.force_login(cast.amal)
    url = reverse("members:profile_versions", args=[cast.kr.pk])
    counts = []
    for each in range(3):
        change(cast, website=f"https://{each}.example/")
        with CaptureQueriesContext(connection) as queries:
            client.get(url)
        counts.append(len(queries))
    assert counts[0] == counts[2]


@pytest.mark.django_db(transaction=True)
def test_a_field_renamed_while_it_is_chosen_is_found_by_its_new_name(cast: Cast) -> None:
    """The two lock in one order: nobody waits for nobody, and search misses nothing."""
    music = add_field(names={"en": "Music"}, actor=None)
    failed: list[BaseException] = []

    def often(act: Any) -> None:
        try:
            for turn in range(10):
                act(turn)
        except BaseException as error:
            failed.append(error)
        finally:
            connection.close()

    acts = (
        lambda turn: rename_field(field=music, names={"en": f"Name {turn}"}, actor=None),
        lambda turn: change(cast, fields=[music.pk] if turn % 2 else []),
    )
    threads = [threading.Thread(target=often, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert failed == []
    cast.kr.refresh_from_db()
    assert list(cast.kr.fields_of_work.all()) == [music]
    assert fold("Name 9") in cast.kr.search_text
