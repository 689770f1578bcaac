"""What a person's copy has of applications, groups, institutions and the public site."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from members.actions.applicants import answer_information_request, save_application
from members.actions.applications import request_information
from members.actions.checklists import tick_point
from members.actions.group_dates import cancel_date, change_date
from members.actions.groups import change_place
from members.actions.join_requests import ask_to_join, decline_request
from members.actions.notices import change_notice, discard_notice, draft_notice, send_notice
from members.actions.profiles import change_logo, change_profile
from members.actions.releases import return_profile, settle_release_rule
from members.enums import ApplicationState as State
from members.enums import GroupRole
from members.models import ApplicationEditor, InstitutionPicture, ReviewGuide, User
from portal.actions.news import save_texts
from portal.actions.pages import save_page
from portal.data_export.contents import PARTS
from portal.data_export.files import files_of
from portal.enums import PageKey
from records.forms import PictureField
from records.storage import path_of
from tests.factories import Cast, make_mandate, make_user
from tests.files import image, upload
from tests.members.applications import application_in
from tests.members.group_space import make_date, said
from tests.members.groups import by, focal_of_poland, make_group
from tests.members.reviews import Review
from tests.members.test_pictures import add
from tests.messaging.conftest import make_room
from tests.messaging.test_attachments import attach, send
from tests.messaging.test_opinions import ask, give
from tests.messaging.test_translations import attach as translate
from tests.portal import publishing
from tests.portal.test_data_export import archive, data, made
from tests.portal.test_data_export_rooms import rows

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def texts(user: User, key: str) -> list[str]:
    return [row["text"] for row in rows(user, key)]


# --- Applications ---------------------------------------------------------------------------------
def test_an_application_is_whole_for_its_contact_and_without_them_for_an_editor(
    cast: Cast,
) -> None:
    contact, editor = make_user("contact"), make_user("editor")
    application = application_in(State.UNDER_REVIEW, cast, contact)
    ApplicationEditor.objects.create(application=application, user=editor)
    by_dina = by(cast.dina, cast.dina_mandate)
    asked = request_information(
        application=application,
        question="Which laws?",
        items=[("aims", "Which ones?")],
        **by_dina,
    )
    item = asked.items.get()
    answer_information_request(
        application=application,
        answer="Those of Mexico.",
        answers={item.pk: ("All of them.", None)},
        actor=editor,
    )
    [own], [shared] = rows(contact, "applications"), rows(editor, "applications")
    assert (own["place"], own["position"], own["telephone"]) == (
        "contact person of the application",
        "Director",
        "+52 55 1234",
    )
    assert (shared["place"], shared["position"], shared["telephone"]) == (
        "editor of the application",
        "",
        "",
    )
    for user in (contact, editor):
        answers = {row["question"]: row["text"] for row in rows(user, "application_answers")}
        assert answers["Official name in English"] == "Institute of Matters"
        assert answers["Country"] == "Mexico"
        assert answers["Request for information"] == "Those of Mexico."
        assert "All of them." in texts(user, "application_answers")
        assert "Director" not in answers.values()
        assert "Which laws?" not in str(answers)
    for stranger in (cast.amal, cast.dina):
        assert rows(stranger, "applications") == rows(stranger, "application_answers") == []
    ApplicationEditor.objects.all().delete()
    assert rows(editor, "application_answers") == []


def test_who_changed_an_application_that_was_submitted_has_when(cast: Cast) -> None:
    contact = make_user("contact")
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    save_application(application=application, fields={"aims": "To teach."}, actor=contact)
    assert [row["institution"] for row in rows(contact, "application_changes")][-1:] == [
        "Institute of Matters"
    ]
    assert rows(cast.dina, "application_changes") == []


def test_a_review_has_the_class_that_was_advised_and_the_points_that_were_ticked(
    cast: Cast,
) -> None:
    review = Review(cast)
    review.give(cast.amal, advice="admit_as", membership_class="associate")
    review.conflict(cast.bilal)
    kinds = [row["kind"] for row in rows(cast.amal, "reviews")]
    assert kinds == ["asked to review", "admit in another class: associate member"]
    said = [(row["kind"], row["text"]) for row in rows(cast.bilal, "reviews")]
    assert ("conflict of interest", "Kin of Bilal.") in said
    point = ReviewGuide.objects.current().checkpoints[0]
    ticked = {"key": point.key, "is_met": True, "remark": "Seen.", "seen": 0}
    tick_point(application=review.application, **ticked, **Review.by(cast.dina))
    [row] = rows(cast.dina, "checklists")
    assert (row["point"], row["met"], row["text"]) == (point.labels["en"], True, "Seen.")
    assert rows(cast.amal, "checklists") == []


# --- Groups ---------------------------------------------------------------------------------------
def test_dates_have_what_one_said_and_not_what_others_did(cast: Cast) -> None:
    group = make_group(cast)
    amal = by(cast.amal, cast.amal_mandate)
    dina = by(cast.dina, cast.dina_mandate)
    link = "https://meet.example/secret"
    mine = make_date(group, amal, descriptions={"en": "Amal’s words"}, link=link)
    theirs = make_date(group, dina, descriptions={"en": "Dina’s words"})
    moved = said(descriptions={"en": "Dina’s words"}, place="Doha")
    change_date(date=theirs, version=1, said=moved, **amal)
    cancel_date(date=mine, reason="Nobody comes", **amal)
    found = rows(cast.amal, "group_dates")
    assert [(row["version"], row["text"], row["place"], row["reason"]) for row in found] == [
        (1, "Amal’s words", "Seoul", ""),
        (2, "", "Doha", ""),
        (2, "", "Seoul", "Nobody comes"),
    ]
    assert link not in str(found)
    assert texts(cast.dina, "group_dates") == ["Dina’s words"]
    assert rows(cast.bilal, "group_dates") == []


def test_places_that_one_holds_and_requests_that_one_answered(cast: Cast) -> None:
    group = make_group(cast)
    amal = by(cast.amal, cast.amal_mandate)
    change_place(
        group=group,
        institution=cast.kr,
        role=GroupRole.CHAIR,
        representative=cast.amal_mandate,
        **by(cast.dina, cast.dina_mandate),
    )
    filip = by(*focal_of_poland(cast))
    asked = ask_to_join(group=group, role=GroupRole.MEMBER, words="Let us in", **filip)
    decline_request(request=asked, reason="Too many", **amal)
    [place] = rows(cast.amal, "group_places")
    assert (place["group"], place["institution"], place["until"]) == (
        "Culture",
        "Institution KR",
        None,
    )
    [answer] = rows(cast.amal, "join_answers")
    assert (answer["institution"], answer["text"]) == ("Institution PL", "Too many")
    assert rows(filip["actor"], "join_answers") == rows(cast.bilal, "group_places") == []


# --- Institutions ---------------------------------------------------------------------------------
def test_of_profiles_there_is_what_one_made_another_and_the_logo(cast: Cast) -> None:
    sara = make_user("sara")
    sara_mandate = make_mandate(sara, cast.kr)
    amal = {"institution": cast.kr, "version": None, **by(cast.amal, cast.amal_mandate)}
    change_profile(said={"telephone": "+82 2 555"}, **amal)
    cast.kr.refresh_from_db()
    logo = PictureField().clean(upload(image(), "logo.png"))
    change_logo(institution=cast.kr, upload=logo, **by(cast.amal, cast.amal_mandate))
    settle_release_rule(is_on=True, **by(cast.dina, cast.dina_mandate))
    cast.kr.refresh_from_db()
    theirs = change_profile(
        said={"website": "https://sara.example/"},
        institution=cast.kr,
        version=None,
        **by(sara, sara_mandate),
    )
    return_profile(proposal=theirs, reasons="Say more", **by(cast.dina, cast.dina_mandate))
    change_profile(said={"website": "https://sara.example/", "telephone": "+82 2 777"}, **amal)
    change_logo(
        institution=cast.kr,
        upload=PictureField().clean(upload(image(size=(20, 10)), "new.png")),
        **by(cast.amal, cast.amal_mandate),
    )
    export = made(cast.amal)
    found = data(export)["profiles"]
    assert [row["text"] for row in found] == [
        "Telephone: +82 2 555",
        "",
        "Telephone: +82 2 777",
        "",
    ]
    assert [row["state"] for row in found] == [
        "saved",
        "saved",
        "replaced by newer ones",
        "waiting for release",
    ]
    first, second = [each for each in archive(export).namelist() if each.startswith("files/")]
    assert [row["file"] for row in found] == ["", first, "", second]
    assert texts(sara, "profiles") == ["Website: https://sara.example/"]
    assert rows(cast.bilal, "profiles") == []


def test_pictures_that_one_added(cast: Cast) -> None:
    picture: InstitutionPicture = add(cast)
    export = made(cast.amal)
    [row] = data(export)["pictures"]
    assert archive(export).read(row["file"]) == path_of(picture.large.sha256).read_bytes()
    assert rows(cast.bilal, "pictures") == []


def test_notices_are_of_who_wrote_them_and_of_who_got_them_that_they_did(cast: Cast) -> None:
    dina = by(cast.dina, cast.dina_mandate)
    made_of = {"institution": cast.kr, "titles": {"en": "Dues"}, "bodies": {"en": "Please pay."}}
    notice = draft_notice(subject="dues", **made_of, **dina)
    assert texts(cast.dina, "notices") == ["Dues\n\nPlease pay."]
    emad = make_user("emad")
    office = by(emad, make_mandate(emad, cast.qa, "secretariat"))
    words = {"titles": {"en": "Dues"}, "bodies": {"en": "Pay now."}}
    kept = change_notice(notice=notice, version=1, **words, **office)
    send_notice(notice=kept, version=2, **words, **office)
    assert [(row["act"], row["text"]) for row in rows(cast.dina, "notices")] == [("drafted", "")]
    assert [(row["act"], row["text"]) for row in rows(emad, "notices")] == [
        ("sent", "Dues\n\nPay now.")
    ]
    assert [(row["act"], row["text"]) for row in rows(cast.amal, "notices")] == [("received", "")]
    other = draft_notice(subject="profile", **made_of, **office)
    discard_notice(notice=other, version=1, **dina)
    assert [row["act"] for row in rows(cast.dina, "notices")] == ["drafted", "discarded"]
    assert rows(cast.bilal, "notices") == []


def test_texts_of_the_public_site_are_there_as_far_as_one_wrote_them(cast: Cast) -> None:
    emad = make_user("emad")
    office = by(emad, make_mandate(emad, cast.qa, "secretariat"))
    item = publishing.draft(cast)
    changed = {**publishing.TEXTS, "summaries": {"en": "In Seoul.", "ar": "في الدوحة."}}
    save_texts(item=item, texts=changed, version=1, **office)
    page = {"titles": {"en": "About us"}, "bodies": {"en": "We meet."}, "states": {"en": "draft"}}
    save_page(key=PageKey.ABOUT, texts=page, version=None, **office)
    first, second = rows(emad, "texts")
    assert (first["title"], first["version"], first["text"]) == (
        "The assembly meets",
        2,
        "English: In Seoul.",
    )
    assert second["title"] == "About the network"
    assert "We meet." in second["text"]
    [own] = texts(cast.dina, "texts")
    assert "In Doha." in own
    assert "In Seoul." not in own
    assert rows(cast.amal, "texts") == []


# --- What it costs --------------------------------------------------------------------------------
def test_it_costs_the_same_for_more(cast: Cast) -> None:
    room, group, review = make_room(cast), make_group(cast), Review(cast)
    amal = by(cast.amal, cast.amal_mandate)

    def more(number: int) -> None:
        file = attach(room, cast.amal, name=f"{number}.pdf")
        translate(send(room, cast.amal, cast.amal_mandate, file), **amal)
        give(ask(cast, room, author=cast.dina, mandate=cast.dina_mandate), cast.amal, 1)
        make_date(group, amal, descriptions={"en": f"Words {number}"})
        change_profile(
            institution=cast.kr, said={"telephone": f"+82 {number}"}, version=None, **amal
        )
        add(cast, width=40 + number)
        review.note(cast.amal)
        application = application_in(State.SUBMITTED, cast, cast.amal)
        tick = ReviewGuide.objects.current().checkpoints[0].key
        told = {"key": tick, "is_met": True, "remark": "", "seen": 0}
        tick_point(application=application, **told, **by(cast.dina, cast.dina_mandate))

    more(1)
    one = {user.pk: _queries(lambda u=user: _whole(u)) for user in (cast.amal, cast.dina)}
    more(2)
    more(3)
    for user in (cast.amal, cast.dina):
        assert _queries(lambda u=user: _whole(u)) == one[user.pk]


def _whole(user: User) -> None:
    for part in PARTS:
        list(part.rows(user))
    list(files_of(user))


def _queries(act: Callable[[], None]) -> int:
    with CaptureQueriesContext(connection) as found:
        act()
    return len(found)
