"""What people say of themselves: names in two scripts, and parts that are shown to some."""

import re
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members.actions.mandates import reinstate_mandate, suspend_mandate
from members.actions.persons import change_person_profile, change_photo
from members.enums import PROFILE_VISIBILITY, Capacity, Visibility
from members.models import Mandate, PersonProfile, User
from members.permissions import parts_shown
from messaging.actions import open_room, post_message
from messaging.enums import ParticipantRole, RoomKind
from messaging.mentions import suggestions
from messaging.models import Record
from messaging.moulds import render_record
from messaging.permissions import access_room
from records.folding import fold
from records.models import AuditEntry, StoredFile
from tests.factories import PASSWORD, Cast, make_mandate, make_user
from tests.files import image, upload
from tests.members.memberships import reinstate, suspend, withdraw

ARABIC = "أمل الكورية"
SAID: dict[str, Any] = {
    "name_latin": "Amal",
    "name_arabic": ARABIC,
    "forms_of_address": {"en": "H.E.", "ar": "سعادة السفيرة"},
    "positions": {"en": "President"},
    "languages": ["en", "ko"],
    "visibility": {},
}
FORM = {
    "name_latin": "Amal",
    "name_arabic": ARABIC,
    "position_en": "President",
    "tongues": ["ko"],
    **{f"seen_{part}": "members" for part in PROFILE_VISIBILITY},
}


def signed_in(user: User) -> Client:
    client = Client()
    assert client.login(email=user.email, password=PASSWORD)
    return client


def page_of(reader: User, person: User, language: str = "en") -> str:
    with translation.override(language):
        url = reverse("members:person", args=[person.pk])
    return signed_in(reader).get(url).content.decode()


# --- Names ----------------------------------------------------------------------------------------


def test_a_name_is_shown_in_the_script_of_the_readers_language(cast: Cast) -> None:
    change_person_profile(actor=cast.amal, said=SAID)
    shown = {}
    for language in ("ar", "en", "fr"):
        with translation.override(language):
            shown[language] = (cast.amal.name, User.objects.names_of([cast.amal.pk]))
    assert shown == {
        "ar": (ARABIC, {cast.amal.pk: ARABIC}),
        "en": ("Amal", {cast.amal.pk: "Amal"}),
        "fr": ("Amal", {cast.amal.pk: "Amal"}),
    }


def test_the_other_script_stands_in_for_a_missing_name(cast: Cast) -> None:
    noor = User.objects.create_user(email="noor@example.org", name="نور")
    assert (noor.name_latin, noor.name_arabic) == ("", "نور")
    with translation.override("fr"):
        assert noor.name == "نور"
    with translation.override("ar"):
        assert cast.amal.name == "Amal"


def test_people_are_found_by_either_name_and_sorted_by_the_one_that_is_read(cast: Cast) -> None:
    change_person_profile(actor=cast.chloe, said={"name_arabic": "آية"})
    cast.chloe.refresh_from_db()
    for sought in ("chloe", "اية"):
        assert [u.pk for u in User.objects.named(fold(sought))] == [cast.chloe.pk]
    change_person_profile(actor=cast.amal, said={"name_arabic": "ياسمين"})
    with translation.override("ar"):
        arabic = [u.pk for u in User.objects.delegates_matching("") if u.name_arabic]
        assert arabic == [cast.chloe.pk, cast.amal.pk]
    latin = [u.pk for u in User.objects.delegates_matching("") if u.name_arabic]
    assert latin == [cast.amal.pk, cast.chloe.pk]


def test_messages_bear_the_name_that_is_read_from_a_mould_too(cast: Cast) -> None:
    change_person_profile(actor=cast.amal, said=SAID)
    room = open_room(
        kind=RoomKind.GROUP, titles={"en": "Group"}, delegations={cast.kr: ParticipantRole.MEMBER}
    )
    for number in range(4):
        post_message(
            room=room,
            author=cast.amal,
            mandate=cast.amal_mandate,
            body=f"Word {number}",
            client_id=UUID(int=number + 1),
        )
    said = Record.objects.filter(room=room, message__isnull=False).for_display()
    for language, name in (("ar", ARABIC), ("en", "Amal")):
        with translation.override(language):
            made = [render_record(record, language) for record in said]
        address = f'href="/{language}/people/{cast.amal.pk}/"'
        assert [name in html and address in html for html in made] == [True] * 4
    access = access_room(cast.amal, room.pk)
    people = [s for s in suggestions(room, access.seats, cast.amal.pk) if s["kind"] == "person"]
    assert [each["name"] for each in people] == ["Dina"]  # of the secretariat; not oneself
    mentioned = suggestions(room, access.seats, cast.chloe.pk)[0]
    assert mentioned["keys"] == sorted({fold("Amal"), fold(ARABIC)})


def test_a_person_without_any_name_is_refused(cast: Cast) -> None:
    with pytest.raises(ValueError, match="without a name"):
        change_person_profile(actor=cast.amal, said={"name_latin": "", "name_arabic": ""})


# --- What is said, and kept -----------------------------------------------------------------------


def test_a_profile_is_kept_once_and_the_log_has_no_words(cast: Cast) -> None:
    for _twice in range(2):
        change_person_profile(actor=cast.amal, said=SAID)
    entry = AuditEntry.objects.get(act="person.profile_changed")
    assert entry.after == {
        "changed": ["name_arabic", "forms_of_address", "positions", "languages"],
    }
    assert entry.actor_id == cast.amal.pk


def test_the_form_keeps_what_is_said(cast: Cast) -> None:
    client = signed_in(cast.amal)
    url = reverse("members:person_profile")
    answer = client.post(url, FORM)
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("members:person", args=[cast.amal.pk]),
    )
    kept = PersonProfile.objects.get(user=cast.amal)
    assert (kept.positions, kept.languages) == ({"en": "President"}, ["ko"])
    cast.amal.refresh_from_db()
    assert cast.amal.names == ["Amal", ARABIC]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name_latin": ARABIC}, "name_latin"),
        ({"name_arabic": "Amal"}, "name_arabic"),
        ({"name_latin": "", "name_arabic": " \u202e "}, "name_latin"),
        ({"seen_photo": "everyone"}, "seen_photo"),
        ({"tongues": ["xx"]}, "tongues"),
        ({"position_en": "x" * 151}, "position_en"),
    ],
)
def test_the_form_refuses(cast: Cast, wrong: dict[str, Any], field: str) -> None:
    answer = signed_in(cast.amal).post(reverse("members:person_profile"), {**FORM, **wrong})
    assert answer.status_code == 422
    assert [*answer.context["form"].errors] == [field]
    assert not PersonProfile.objects.exists()


def test_a_photo_is_made_small_and_the_one_before_thrown_away(cast: Cast) -> None:
    first = change_photo(actor=cast.amal, upload=upload(image(size=(900, 900)), "a.png")).photo
    again = change_photo(actor=cast.amal, upload=upload(image(size=(900, 900)), "b.png")).photo
    assert first == again
    assert first is not None
    change_photo(actor=cast.amal, upload=None)
    assert not StoredFile.objects.filter(pk=first.pk).exists()
    assert AuditEntry.objects.page(act="person.profile_changed").count() == 2


# --- Who is shown what ----------------------------------------------------------------------------


def test_each_part_is_shown_to_whom_the_person_says(cast: Cast) -> None:
    colleague = make_user("colleague")
    make_mandate(colleague, cast.kr, Capacity.DELEGATE)
    said = {"form_of_address": "members", "position": "delegation", "languages": "nobody"}
    rest = {part: "nobody" for part in PROFILE_VISIBILITY if part not in said}
    change_person_profile(actor=cast.amal, said={**SAID, "visibility": {**said, **rest}})
    profile = PersonProfile.objects.of(cast.amal)
    nobody = make_user("nobody")
    assert {
        each.name: sorted(parts_shown(each, profile))
        for each in (cast.amal, colleague, cast.dina, cast.chloe, nobody)
    } == {
        "Amal": sorted(PROFILE_VISIBILITY),
        "Colleague": ["form_of_address", "position"],
        "Dina": ["form_of_address", "position"],
        "Chloe": ["form_of_address"],
        "Nobody": [],
    }


def test_what_is_hidden_stands_on_no_page(cast: Cast) -> None:
    said = {**SAID, "visibility": dict.fromkeys(PROFILE_VISIBILITY, Visibility.NOBODY.value)}
    change_person_profile(actor=cast.amal, said=said)
    colleague = make_user("colleague")
    make_mandate(colleague, cast.kr, Capacity.DELEGATE)
    with translation.override("en"):
        delegation = reverse("members:delegation", args=[cast.kr.pk])
        institution = reverse("members:institution", args=[cast.kr.pk])
    pages = [page_of(reader, cast.amal) for reader in (cast.chloe, colleague)]
    pages += [signed_in(colleague).get(url).content.decode() for url in (delegation, institution)]
    for page in pages:
        assert not [word for word in ("H.E.", "President", "amal@example") if word in page]
    assert "Korean" not in pages[0]


def test_what_is_shown_stands_on_the_page_and_in_the_delegation(cast: Cast) -> None:
    change_person_profile(actor=cast.amal, said=SAID)
    page = page_of(cast.chloe, cast.amal)
    for word in ("H.E.", "President", ARABIC, "English", "Korean", "Institution KR"):
        assert word in page
    assert "amal@example.org" not in page
    arabic = page_of(cast.chloe, cast.amal, "ar")
    assert f"<h1><bdi>{ARABIC}</bdi></h1>" in arabic
    with translation.override("en"):
        delegation = reverse("members:delegation", args=[cast.kr.pk])
    page = signed_in(cast.dina).get(delegation).content.decode()
    assert "H.E." in page
    assert "President" in page


def test_the_address_is_for_who_manages_and_for_whom_it_is_shown_to(cast: Cast) -> None:
    focal = make_user("focal")
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    for reader in (focal, cast.dina, cast.amal):
        assert "amal@example.org" in page_of(reader, cast.amal)
    assert "amal@example.org" not in page_of(cast.chloe, cast.amal)
    change_person_profile(actor=cast.amal, said={"visibility": {"email": "members"}})
    assert "amal@example.org" in page_of(cast.chloe, cast.amal)


def test_a_person_without_a_mandate_has_no_page_for_others(cast: Cast) -> None:
    url = reverse("members:person", args=[make_user("nobody").pk])
    assert signed_in(cast.dina).get(url).status_code == 404
    assert signed_in(cast.dina).get(reverse("members:person", args=[0])).status_code == 404


def test_a_photo_is_served_to_whom_it_is_shown(cast: Cast) -> None:
    photo = change_photo(actor=cast.amal, upload=upload(image(), "a.png")).photo
    assert photo is not None
    url = reverse("members:person_photo", args=[cast.amal.pk, photo.sha256])
    answer = signed_in(cast.chloe).get(url)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/webp")
    assert answer["Cache-Control"] == "no-store, private"
    change_person_profile(actor=cast.amal, said={"visibility": {"photo": "nobody"}})
    assert signed_in(cast.chloe).get(url).status_code == 404
    assert signed_in(cast.amal).get(url).status_code == 200
    assert url not in page_of(cast.chloe, cast.amal)


def test_a_delegation_costs_the_same_however_many_have_profiles(cast: Cast) -> None:
    client = signed_in(cast.amal)
    url = reverse("members:delegation", args=[cast.kr.pk])
    client.get(url)
    costs = []
    for number in (1, 3):
        while Mandate.objects.of_institution(cast.kr).count() < number:
            person = make_user(f"p{Mandate.objects.count()}")
            make_mandate(person, cast.kr, Capacity.DELEGATE)
            change_person_profile(actor=person, said=SAID)
        with CaptureQueriesContext(
            connection,
        ) as found:
            client.get(url)
        costs.append(len(found))
    assert costs[0] == costs[1]


# --- Mandates -------------------------------------------------------------------------------------
BADGE = re.compile(r'badge badge--warning">([^<]+)<')


def badges(reader: User, person: User, language: str = "en") -> list[str]:
    return BADGE.findall(page_of(reader, person, language).split('id="mandates"')[1])


def test_a_suspended_mandate_is_marked_for_its_delegation_and_not_shown_to_others(
    cast: Cast,
) -> None:
    erin = make_mandate(make_user("erin"), cast.kr, Capacity.ADVISER)
    second = make_mandate(erin.user, cast.ng, Capacity.DELEGATE)
    amal = {"actor": cast.amal, "mandate": cast.amal_mandate}
    assert badges(cast.amal, erin.user) == []
    suspend_mandate(suspending=erin, reason="Leave", **amal)
    for reader in (cast.amal, cast.dina, erin.user):  # the delegation, the office, oneself
        assert badges(reader, erin.user) == ["suspended"]
    assert "Adviser" not in page_of(cast.bilal, erin.user)
    assert "Delegate" in page_of(cast.bilal, erin.user)
    assert badges(cast.dina, erin.user, "fr") == ["suspendu"]
    reinstate_mandate(suspended=erin, **amal)
    assert badges(cast.amal, erin.user) == []
    assert "Adviser" in page_of(cast.bilal, erin.user)
    assert second.suspended_at is None


def test_a_mandate_rests_with_the_membership_of_its_institution(cast: Cast) -> None:
    suspend(cast)
    assert badges(cast.dina, cast.amal) == ["at rest"]
    assert badges(cast.amal, cast.amal) == ["at rest"]
    assert "No mandate runs at present." in page_of(cast.bilal, cast.amal)
    reinstate(cast)
    assert badges(cast.dina, cast.amal) == []
    assert "No mandate runs" not in page_of(cast.bilal, cast.amal)
    withdraw(cast)
    assert badges(cast.dina, cast.amal) == ["at rest"]
    assert "No mandate runs at present." in page_of(cast.bilal, cast.amal)


def test_a_person_of_three_mandates_costs_as_one_of_one(cast: Cast) -> None:
    def cost() -> int:
        client = signed_in(cast.dina)
        url = reverse("members:person", args=[cast.amal.pk])
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(url).status_code == 200
        return len(captured)

    before = cost()
    for institution in (cast.ng, cast.pl):
        make_mandate(cast.amal, institution, Capacity.DELEGATE)
    assert cost() == before
