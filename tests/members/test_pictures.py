"""Pictures of institutions: who puts them in, who sees them, and that they wait where all waits."""

import io
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from PIL import Image

from members.actions import pictures as actions
from members.actions.profiles import change_profile, take_back_profile
from members.actions.proposals import StaleProfileError
from members.actions.releases import release_profile, return_profile, settle_release_rule
from members.audit import described
from members.enums import Capacity, MembershipState
from members.models import Institution, InstitutionPicture, ProfileProposal, User
from members.models.pictures import MOST_PICTURES
from members.profile_changes import changed_labels, profile_changes
from records.models import AuditEntry, StoredFile
from records.storage import path_of
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.files import PDF, image, located_photo, upload
from tests.races import at_once

pytestmark = pytest.mark.django_db


def add(
    cast: Cast, width: int = 40, actor: User | None = None, at: Institution | None = None
) -> InstitutionPicture:
    """Pictures of other widths are other pictures."""
    actions.add_picture(
        institution=at or cast.kr,
        upload=upload(image(size=(width, 30)), "hall.png"),
        captions={"en": f"Hall {width}"},
        alternatives={"en": "Chairs", "ar": "كراسي"},
        credit="Amal",
        actor=actor or cast.amal,
        mandate=cast.amal_mandate,
    )
    cast.kr.refresh_from_db()
    return InstitutionPicture.objects.with_files().latest("pk")


def acting(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.amal, "mandate": cast.amal_mandate}


def shown(cast: Cast) -> list[int]:
    cast.kr.refresh_from_db()
    return [entry["id"] for entry in cast.kr.pictures]


def proposal_of(cast: Cast) -> ProfileProposal:
    return cast.kr.profile_proposals.open().get()


def rule(cast: Cast, is_on: bool) -> None:
    settle_release_rule(is_on=is_on, actor=cast.dina, mandate=cast.dina_mandate)


def address(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def file_of(picture: InstitutionPicture) -> str:
    return address("picture_file", picture.institution_id, picture.small.sha256)


def test_pictures_are_added_put_in_order_taken_out_and_put_back(cast: Cast) -> None:
    one, two, three = (add(cast, width) for width in (40, 50, 60))
    assert add(cast, 50) == three  # sent again: nothing new
    assert shown(cast) == [one.pk, two.pk, three.pk]
    for _twice in range(2):
        actions.move_picture(picture=three, place=1, **acting(cast))
    assert shown(cast) == [three.pk, one.pk, two.pk]
    for _twice in range(2):
        actions.remove_picture(picture=one, **acting(cast))
    assert shown(cast) == [three.pk, two.pk]
    actions.move_picture(picture=one, place=1, **acting(cast))  # it stays out
    actions.move_picture(picture=three, place=99, **acting(cast))
    for _twice in range(2):
        actions.restore_picture(picture=one, **acting(cast))
    assert shown(cast) == [two.pk, three.pk, one.pk]
    assert cast.kr.pictures[2]["captions"] == {"en": "Hall 40"}
    entries = AuditEntry.objects.filter(act__startswith="institution.picture").order_by("number")
    assert [
        (e.act.partition("_")[2], e.before["pictures"], e.after["pictures"]) for e in entries
    ] == [
        ("added", 0, 1),
        ("added", 1, 2),
        ("added", 2, 3),
        ("moved", 3, 3),
        ("removed", 3, 2),
        ("moved", 2, 2),
        ("restored", 2, 3),
    ]
    assert all(each.act != each.entry.act for each in described(list(entries)))
    assert cast.kr.profile_version == len(entries)


def test_a_picture_is_made_anew_in_two_sizes_and_says_no_place(cast: Cast) -> None:
    actions.add_picture(
        institution=cast.kr,
        upload=upload(located_photo(), "photo.jpg"),
        captions={},
        alternatives={"en": "A field"},
        credit="",
        **acting(cast),
    )
    cast.kr.refresh_from_db()
    [entry] = cast.kr.pictures
    assert (entry["small"][1:], entry["large"][1:]) == ([640, 427], [900, 600])
    for size in ("small", "large"):
        content = path_of(entry[size][0]).read_bytes()
        assert b"Secret camera" not in content
        with Image.open(io.BytesIO(content)) as made:
            assert (made.format, made.size) == ("WEBP", tuple(entry[size][1:]))
            assert not made.getexif()


def test_words_are_changed_by_who_has_seen_them(cast: Cast) -> None:
    picture = add(cast)
    words = {"captions": {}, "alternatives": {"fr": "Des chaises"}, "credit": "Bilal"}
    for _twice in range(2):
        actions.describe_picture(picture=picture, version=1, **words, **acting(cast))
    cast.kr.refresh_from_db()
    assert {key: cast.kr.pictures[0][key] for key in words} == words
    other = {**words, "credit": "Chloe"}
    with pytest.raises(actions.StalePictureError):
        actions.describe_picture(picture=picture, version=1, **other, **acting(cast))
    actions.remove_picture(picture=picture, **acting(cast))
    actions.describe_picture(picture=picture, version=2, **other, **acting(cast))
    assert shown(cast) == []
    actions.restore_picture(picture=picture, **acting(cast))
    cast.kr.refresh_from_db()
    assert cast.kr.pictures[0]["credit"] == "Chloe"


def test_others_change_no_picture(cast: Cast) -> None:
    picture = add(cast)
    for actor in (cast.bilal, cast.chloe):
        by = {"actor": actor, "mandate": None}
        with pytest.raises(PermissionDenied):
            add(cast, 50, actor)
        for act in (
            lambda by=by: actions.describe_picture(
                picture=picture, version=1, captions={}, alternatives={}, credit="", **by
            ),
            lambda by=by: actions.move_picture(picture=picture, place=1, **by),
            lambda by=by: actions.remove_picture(picture=picture, **by),
            lambda by=by: actions.restore_picture(picture=picture, **by),
        ):
            with pytest.raises(PermissionDenied):
                act()
    assert shown(cast) == [picture.pk]
    assert StoredFile.objects.count() == 1  # small and large are the same, so small it is


@pytest.mark.django_db(transaction=True)
def test_of_two_that_come_at_once_as_the_last_one_is_refused(cast: Cast) -> None:
    for width in range(MOST_PICTURES - 1):
        add(cast, 20 + width)
    ends = at_once(lambda: add(cast, 100), lambda: add(cast, 110))
    assert ends == ["done", "too_many"]
    assert len(shown(cast)) == MOST_PICTURES
    out = InstitutionPicture.objects.find(cast.kr, shown(cast)[0])
    assert out
    actions.remove_picture(picture=out, **acting(cast))
    add(cast, 120)
    with pytest.raises(actions.TooManyPicturesError):
        actions.restore_picture(picture=out, **acting(cast))


# --- The release, and the versions ----------------------------------------------------------------
def test_where_profiles_wait_pictures_wait_with_them(cast: Cast) -> None:
    first = add(cast)
    rule(cast, True)
    second = add(cast, 50)
    actions.move_picture(picture=second, place=1, **acting(cast))
    assert shown(cast) == [first.pk]
    proposal = proposal_of(cast)
    assert [entry["id"] for entry in proposal.profile["pictures"]] == [second.pk, first.pk]
    assert changed_labels(cast.kr.profile() | {"logo": ""}, proposal.contents) == ["Pictures"]
    member = Client()
    member.force_login(cast.bilal)
    for who in (Client(), member):
        assert who.get(file_of(first)).status_code == 200
        assert who.get(file_of(second)).status_code == 404
    for person in (cast.amal, cast.dina):
        client = Client()
        client.force_login(person)
        answer = client.get(file_of(second))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
    release_profile(proposal=proposal, version=1, actor=cast.dina, mandate=cast.dina_mandate)
    assert shown(cast) == [second.pk, first.pk]
    assert Client().get(file_of(second)).status_code == 200


def test_what_is_returned_is_gone_on_from_and_texts_are_proposed_together(cast: Cast) -> None:
    rule(cast, True)
    picture = add(cast)
    return_profile(
        proposal=proposal_of(cast), reasons="Too dark.", actor=cast.dina, mandate=cast.dina_mandate
    )
    said = {"website": "https://kf.example/"}
    seen = proposal_of(cast).pk
    change_profile(institution=cast.kr, said=said, version=0, proposal=seen, **acting(cast))
    assert proposal_of(cast).profile["pictures"][0]["id"] == picture.pk
    actions.remove_picture(picture=picture, **acting(cast))  # while somebody writes the texts
    said = {"website": "https://kf.example/en"}
    seen = proposal_of(cast).pk
    add(cast, 50)
    change_profile(institution=cast.kr, said=said, version=0, proposal=seen, **acting(cast))
    profile = proposal_of(cast).profile
    assert (profile["website"], len(profile["pictures"])) == ("https://kf.example/en", 1)
    add(cast, 60, cast.dina)  # the secretariat's own stand at once
    assert len(shown(cast)) == 1


def test_when_the_rule_ends_pictures_are_published_and_texts_wait_on(cast: Cast) -> None:
    rule(cast, True)
    add(cast)
    rule(cast, False)
    assert shown(cast) == []
    second = add(cast, 50)
    assert shown(cast) == [second.pk]
    assert not cast.kr.profile_proposals.open().exists()
    rule(cast, True)
    change_profile(
        institution=cast.kr, said={"website": "https://kf.example/"}, version=None, **acting(cast)
    )
    rule(cast, False)
    third = add(cast, 60)
    assert shown(cast) == [second.pk, third.pk]
    assert proposal_of(cast).profile["website"] == "https://kf.example/"


def test_the_history_has_every_set_and_takes_one_back(client: Client, cast: Cast) -> None:
    first = add(cast)
    second = add(cast, 50)
    words = {"captions": {}, "alternatives": {"en": "Tables"}, "credit": ""}
    actions.describe_picture(picture=first, version=1, **words, **acting(cast))
    actions.move_picture(picture=second, place=1, **acting(cast))
    actions.remove_picture(picture=first, **acting(cast))
    versions = {each.number: each for each in cast.kr.profile_versions.in_order()}

    def changes(number: int) -> list[tuple[str, int, int]]:
        old, new = versions[number - 1].contents, versions[number].contents
        found = profile_changes(old, new, {}, drafts=True)
        return [(each.label, len(each.before), len(each.after)) for each in found]

    assert [changes(number) for number in range(1, 6)] == [
        [("Pictures · 1", 0, 1)],
        [("Pictures · 2", 0, 1)],
        [("Pictures · 1", 1, 1)],
        [("Pictures · order", 2, 2)],
        [("Pictures · 2", 1, 0)],
    ]
    change_profile(
        institution=cast.kr, said={"website": "https://kf.example/"}, version=1, **acting(cast)
    )  # pictures that were changed meanwhile are no matter
    with pytest.raises(StaleProfileError):
        take_back_profile(to=versions[2], version=1, **acting(cast))
    take_back_profile(to=versions[2], version=6, **acting(cast))
    assert shown(cast) == [first.pk, second.pk]
    client.force_login(cast.dina)
    for number in range(6):
        page = client.get(address("profile_version", cast.kr.pk, number))
        assert page.status_code == 200


# --- Who sees them --------------------------------------------------------------------------------
def test_a_picture_is_public_as_its_institution_is(cast: Cast) -> None:
    picture = add(cast)
    answer = Client().get(file_of(picture))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"] == "public, max-age=2592000, immutable"
    candidate = make_institution("UY", state=MembershipState.CANDIDATE)
    hidden = add(cast, 50, cast.dina, candidate)
    member = Client()
    member.force_login(cast.bilal)
    for url in (file_of(hidden), address("picture", candidate.pk, hidden.pk)):
        assert Client().get(url).status_code == 404
        assert member.get(url).status_code == 200
    of_another = address("picture_file", cast.ng.pk, picture.small.sha256)
    assert member.get(of_another).status_code == 404


def test_what_is_taken_out_is_seen_by_its_delegation_and_the_secretariat(cast: Cast) -> None:
    picture = add(cast)
    actions.remove_picture(picture=picture, **acting(cast))
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    for person, status in ((cast.bilal, 404), (observer, 200), (cast.dina, 200)):
        client = Client()
        client.force_login(person)
        assert client.get(file_of(picture)).status_code == status
    assert Client().get(file_of(picture)).status_code == 404
    assert Client().get(address("picture", cast.kr.pk, picture.pk)).status_code == 404


def test_the_page_costs_the_same_with_one_picture_and_three(client: Client, cast: Cast) -> None:
    def queries() -> int:
        found = 0
        for who in (Client(), client):
            with CaptureQueriesContext(connection) as captured:
                for url in (
                    address("institution", cast.kr.pk),
                    address("picture", cast.kr.pk, cast.kr.pictures[0]["id"]),
                ):
                    assert who.get(url).status_code == 200
            found += len(captured)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address("profile_pictures", cast.kr.pk)).status_code == 200
        return found + len(captured)

    client.force_login(cast.amal)
    add(cast)
    out = add(cast, 50)
    actions.remove_picture(picture=out, **acting(cast))
    shown(cast)
    queries()  # what is read once
    one = queries()
    for width in (60, 70):
        add(cast, width)
    for width in (80, 90):
        actions.remove_picture(picture=add(cast, width), **acting(cast))
    assert len(shown(cast)) == 3
    assert queries() == one


# --- The pages ------------------------------------------------------------------------------------
def test_the_gallery_says_what_each_picture_is(client: Client, cast: Cast) -> None:
    add(cast)
    page = client.get(address("institution", cast.kr.pk)).content.decode()
    [entry] = cast.kr.pictures
    source = address("picture_file", cast.kr.pk, entry["small"][0])
    assert f'<img src="{source}" width="40" height="30" alt="Chairs" loading="lazy"' in page
    assert "Hall 40" in page
    assert "Picture: <bdi>Amal</bdi>" in page
    assert address("profile_pictures", cast.kr.pk) not in page
    client.force_login(cast.amal)
    page = client.get(address("institution", cast.kr.pk)).content.decode()
    assert address("profile_pictures", cast.kr.pk) in page
    french = client.get(f"/fr/members/{cast.kr.pk}/").content.decode()
    assert 'alt="Chairs" lang="en"' in french


def test_a_focal_point_adds_and_describes_on_the_page(client: Client, cast: Cast) -> None:
    client.force_login(cast.amal)
    url = address("profile_pictures", cast.kr.pk)
    for wrong in (
        {},
        {"picture": upload(image(), "a.png")},
        {"picture": upload(PDF, "a.png"), "alternative_en": "Chairs"},
    ):
        assert client.post(url, wrong).status_code == 422
    typed = {"alternative_en": "Ch\u202eairs", "caption_fr": "Salle", "credit": " Amal\n Ali "}
    client.post(url, {**typed, "picture": upload(image(), "a.png")})
    cast.kr.refresh_from_db()
    [entry] = cast.kr.pictures
    assert (entry["alternatives"], entry["captions"], entry["credit"]) == (
        {"en": "Chairs"},
        {"fr": "Salle"},
        "Amal Ali",
    )
    url = address("profile_picture", cast.kr.pk, entry["id"])
    assert 'value="Salle"' in client.get(url).content.decode()
    typed = {"alternative_en": "Tables", "version": "1"}
    assert client.post(url, typed).status_code == 302
    stale = client.post(url, {**typed, "alternative_en": "Lamps"})
    assert stale.status_code == 409
    assert "Tables" in stale.content.decode()
    assert 'value="Lamps"' in stale.content.decode()
    again = client.post(url, {**typed, "alternative_en": "Lamps", "version": "2"})
    assert again.status_code == 302
    cast.kr.refresh_from_db()
    assert cast.kr.pictures[0]["alternatives"] == {"en": "Lamps"}


def test_the_page_says_that_pictures_wait(client: Client, cast: Cast) -> None:
    rule(cast, True)
    picture = add(cast)
    client.force_login(cast.amal)
    url = address("profile_pictures", cast.kr.pk)
    page = client.get(url).content.decode()
    assert "after the release by the secretariat" in page
    assert address("profile_proposal", cast.kr.pk, 1) in page
    assert f'id="picture-{picture.pk}"' in page
    client.force_login(cast.dina)
    proposed = client.get(address("profile_proposal", cast.kr.pk, 1)).content.decode()
    assert file_of(picture) in proposed
    assert f'id="picture-{picture.pk}"' not in client.get(url).content.decode()  # what stands
