"""A language that the network has left is offered no longer; what exists in it, and who still reads
in it, lose nothing.
"""

from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions import applicants
from members.actions.application_forms import keep_document, publish_form
from members.actions.calendar_feeds import open_calendar_feed
from members.actions.invitations import revoke_invitation
from members.actions.network import add_charter, write_letter_text
from members.actions.people import choose_language
from members.application_definitions import AskedDocument
from members.enums import Capacity
from members.enums_applying import Need
from members.forms.application_sections import DocumentForm
from members.forms.group_space import GroupFileForm
from members.forms.reviews import GuideForm
from members.letter_book import BOOK
from members.models import (
    CharterVersion,
    DossierFile,
    GroupFile,
    LetterText,
    ReviewGuide,
    User,
)
from members.network import languages_with, read_in
from members.review_defaults import default_points
from members.standing_notices import languages_of
from tests.factories import PASSWORD, Cast, make_mandate, make_user, signed_in
from tests.files import PDF, upload
from tests.members.applications import checked
from tests.members.group_space import make_date, make_file
from tests.members.groups import make_group, office
from tests.members.reviews import Review
from tests.members.test_network import by
from tests.members.test_network_languages import ARABIC, ENGLISH, FRENCH, settle
from tests.members.test_people_views import invited
from tests.portal.test_accounts import forget_limits

LETTERS = reverse("members:letter_list")
SUBMITTED = "application.submitted"


@pytest.fixture
def without_french(cast: Cast, settings: Any) -> Cast:
    """It works in Arabic, its first, and in English."""
    forget_limits(settings)
    settle(cast, "ar", "en")
    return cast


def choices(field: Any) -> list[str]:
    return [code for code, _name in field.choices]


def test_what_is_left_comes_after_what_is_offered(without_french: Cast, settings: Any) -> None:
    assert languages_with(()) == [ARABIC, ENGLISH]
    assert languages_with({"fr", "en", "tr", ""}) == [ARABIC, ENGLISH, FRENCH]
    assert [read_in(*pair) for pair in (("en", "fr"), ("fr", "fr"), ("fr", "en"), ("fr", ""))] == [
        "en",
        "fr",
        "en",
        "ar",
    ]
    settings.LANGUAGES = [ARABIC, ENGLISH]  # French is deployed no longer
    assert languages_with({"fr"}) == [ARABIC, ENGLISH]
    assert read_in("fr", "fr") == "ar"


# --- Letters --------------------------------------------------------------------------------------


def write(cast: Cast, body: str, version: int = 0, letter: str = SUBMITTED) -> LetterText:
    subject = "Reçu" if body else ""
    return write_letter_text(
        letter=letter, language="fr", subject=subject, body=body, version=version, **by(cast)
    )


def listed(client: Client) -> dict[str, list[str]]:
    rows = client.get(LETTERS).context["rows"]
    return {row["letter"].key: [each["code"] for each in row["languages"]] for row in rows}


def letter(language: str, name: str = "letter_text", *more: Any) -> str:
    return reverse(f"members:{name}", args=[SUBMITTED, language, *more])


def test_letters_are_written_in_these(without_french: Cast) -> None:
    client = signed_in(without_french.dina)
    assert set(map(tuple, listed(client).values())) == {("ar", "en")}
    assert "no longer offered" not in client.get(LETTERS).content.decode()
    for address in (letter("fr"), letter("fr", "letter_version", 0), letter("tr")):
        assert client.get(address).status_code == 404
    typed = {"subject": "Reçu", "body": "{link}", "version": "0"}
    assert client.post(letter("fr"), typed).status_code == 404
    assert client.post(letter("fr", "return_letter", 0), {"version": "0"}).status_code == 404
    assert not LetterText.objects.exists()
    assert client.post(letter("ar"), typed).url == letter("ar")
    assert signed_in(without_french.amal).get(letter("ar")).status_code == 404


def test_a_text_of_ones_own_stays_and_its_versions_too(without_french: Cast) -> None:
    client = signed_in(without_french.dina)
    write(without_french, "Reçu.\n\n{link}")
    found = listed(client)
    assert found.pop(SUBMITTED) == ["ar", "en", "fr"]
    assert set(map(tuple, found.values())) == {("ar", "en")}
    assert client.get(LETTERS).content.decode().count("no longer offered") == 1
    page = client.get(letter("fr")).content.decode()
    assert "The network works in this language no longer." in page
    assert "works in this language no longer" not in client.get(letter("en")).content.decode()
    for _twice in range(2):  # the text of the portal's own goes out again
        assert client.post(letter("fr", "return_letter", 0), {"version": "1"}).status_code == 302
    assert LetterText.objects.count() == 2
    assert listed(client)[SUBMITTED] == ["ar", "en"]
    assert client.get(letter("fr", "letter_version", 1)).status_code == 200
    assert client.get(letter("fr")).status_code == 200


def test_letters_still_go_out_in_a_language_that_somebody_reads(without_french: Cast) -> None:
    client = signed_in(without_french.dina)
    reader = make_user("reader", language="fr")
    assert set(map(tuple, listed(client).values())) == {("ar", "en", "fr")}
    typed = {"subject": "Reçu", "body": "{link}", "version": "0"}
    for _twice in range(2):
        assert client.post(letter("fr"), typed).status_code == 302
        assert LetterText.objects.count() == 1
        typed["version"] = "1"
    User.objects.filter(pk=reader.pk).update(is_active=False)
    assert listed(client)["review.assigned"] == ["ar", "en"]
    User.objects.filter(pk=reader.pk).update(is_active=True)
    choose_language(user=reader, language="en")
    assert listed(client)["review.assigned"] == ["ar", "en"]
    invitation = invited(without_french, language="fr")  # the link can be sent anew
    assert listed(client)["review.assigned"] == ["ar", "en", "fr"]
    revoke_invitation(invitation=invitation, **by(without_french))
    assert listed(client)["review.assigned"] == ["ar", "en"]


def test_the_list_costs_the_same_for_one_text_and_for_all(without_french: Cast) -> None:
    client = signed_in(without_french.dina)

    def cost() -> int:
        with CaptureQueriesContext(connection) as caught:
            assert client.get(LETTERS).status_code == 200
        return len(caught)

    make_user("reader", language="fr")
    write(without_french, "{link}")
    cost()  # what each session reads once
    one = cost()
    for number, key in enumerate(BOOK):
        make_user(f"reader{number}", language="fr")
        if key != SUBMITTED:
            write(without_french, "{link}", letter=key)
    assert cost() == one


# --- The charter ----------------------------------------------------------------------------------


def test_files_of_the_charter_are_asked_for_in_these(without_french: Cast) -> None:
    cast = without_french
    client = signed_in(cast.dina)
    page = reverse("members:new_charter_version")
    fields = client.get(page).context["form"].fields
    assert [name for name in fields if name.startswith("file_")] == ["file_ar", "file_en"]
    none = client.post(page, {"version": "0", "in_force_on": "2026-01-01"})
    assert (none.status_code, list(none.context["form"].errors)) == (422, ["file_en"])
    # From a page that was opened before: nothing that was sent is lost.
    sent = {"version": "0", "in_force_on": "2026-01-01", "file_fr": upload(PDF, "charte.pdf")}
    assert client.post(page, sent).status_code == 302
    assert client.get(reverse("members:charter_text", args=[1, "fr"])).status_code == 200
    assert "charte.pdf" in client.get(reverse("members:charter_versions")).content.decode()


def test_a_charter_without_the_readers_language_is_in_the_first(without_french: Cast) -> None:
    add_charter(
        files={code: checked(PDF + code.encode(), f"{code}.pdf") for code in ("ar", "en")},
        in_force_on=without_french.dina.created_at.date(),
        version=0,
        **by(without_french),
    )
    for language, expected in (("fr", "ar"), ("", "ar"), ("en", "en")):
        text = CharterVersion.objects.text_for(make_user(f"x{language}", language=language))
        assert text is not None
        assert text.language == expected


# --- Reviews --------------------------------------------------------------------------------------


def guide_form(client: Client) -> GuideForm:
    form: GuideForm = client.get(reverse("members:review_guide")).context["form"]
    return form


def as_sent(form: GuideForm) -> dict[str, str]:
    rows = [*form.points, *form.criteria]
    sent = {field.html_name: field.value() or "" for row in rows for field in row}
    return {key: str(value) for key, value in sent.items() if value is not False} | {
        "version": str(form["version"].value())
    }


def test_points_are_written_in_these_and_keep_what_the_portal_says(without_french: Cast) -> None:
    client = signed_in(without_french.dina)
    page = reverse("members:review_guide")
    form = guide_form(client)
    assert [field for field in form.points[0].fields if "label" in field] == [
        "label_ar",
        "label_en",
    ]
    sent = as_sent(form)
    assert client.post(page, sent).status_code == 302
    assert not ReviewGuide.objects.exists()  # nothing was changed
    sent["point-0-label_en"] = "A letter"
    for _twice in range(2):
        assert client.post(page, sent).status_code == 302
    guide = ReviewGuide.objects.get()
    own = default_points()
    assert guide.points[0]["labels"] == {"ar": own[0]["labels"]["ar"], "en": "A letter"}
    assert guide.points[1:] == own[1:]  # in French as well
    assert guide_form(client).asked == [ARABIC, ENGLISH]
    settle(without_french, version=1)  # while a page is open that does not ask for French
    sent |= {"version": "1", "point-1-label_en": "Statutes"}
    assert client.post(page, sent).status_code == 302
    assert ReviewGuide.objects.latest("version").points[2:] == own[2:]
    assert signed_in(without_french.amal).get(page).status_code == 404


def test_what_was_written_of_a_point_is_not_lost(without_french: Cast) -> None:
    cast = without_french
    page, client = reverse("members:review_guide"), signed_in(cast.dina)
    settle(cast, "fr", "ar", version=1)  # without English, too
    sent = as_sent(guide_form(client)) | {"point-6-label_fr": "Un sceau", "point-6-key": ""}
    assert client.post(page, sent).status_code == 302
    assert ReviewGuide.objects.get().points[-1]["labels"] == {"fr": "Un sceau"}
    settle(cast, "ar", "en", version=2)
    form = guide_form(client)
    assert form.asked == [ARABIC, ENGLISH, FRENCH]
    sent = as_sent(form) | {"point-6-label_en": "A seal"}
    assert client.post(page, sent).status_code == 302
    guide = ReviewGuide.objects.latest("version")
    assert guide.points[-1]["labels"] == {"en": "A seal", "fr": "Un sceau"}
    assert guide.points[:-1] == default_points()


def test_dossiers_are_made_in_these_and_in_the_readers_own(without_french: Cast) -> None:
    review = Review(without_french)
    amal = without_french.amal
    page = reverse("members:assessment", args=[review.application.pk])
    ask = reverse("members:make_dossier", args=[review.application.pk])
    client = signed_in(amal)
    assert client.get(page).context["languages"] == [ARABIC, ENGLISH]

    def made(asked: str, path: str = ask) -> list[str]:
        DossierFile.objects.all().delete()
        for _twice in range(2):
            assert client.post(path, {"language": asked}).status_code == 302
        return [each.language for each in DossierFile.objects.all()]

    assert made("ar") == ["ar"]
    assert made("fr") == ["en"]  # the page's
    assert made("fr", ask.replace("/en/", "/fr/")) == ["ar"]
    choose_language(user=amal, language="fr")
    assert client.get(page).context["languages"] == [ARABIC, ENGLISH, FRENCH]
    assert made("fr") == ["fr"]
    choose_language(user=amal, language="en")
    html = client.get(page).content.decode()
    assert "French: it is being made" in html  # what exists is shown


def test_notices_on_standing_follow_the_order_of_the_network(without_french: Cast) -> None:
    people = [make_user(f"x{code}", language=code) for code in ("fr", "en", "ar")]
    assert languages_of(people) == ["ar", "en", "fr"]
    settle(without_french, "en", "ar", version=1)
    assert languages_of(people) == ["en", "ar", "fr"]


# --- Documents ------------------------------------------------------------------------------------


def test_the_language_of_a_file_of_a_group(without_french: Cast) -> None:
    group = make_group(without_french)
    document = make_file(group, by_amal(without_french))
    GroupFile.objects.filter(pk=document.pk).update(language="fr")
    document.refresh_from_db()
    assert choices(GroupFileForm().fields["language"]) == ["ar", "en", ""]
    assert choices(GroupFileForm(document=document).fields["language"]) == ["ar", "en", "fr", ""]
    client = signed_in(without_french.amal)
    sent = {"title": "Projet", "language": "fr", "file": upload(PDF, "projet.pdf")}
    page = reverse("members:group_files", args=[group.pk])
    refused = client.post(page, sent)
    assert (refused.status_code, GroupFile.objects.count()) == (422, 1)


def by_amal(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.amal, "mandate": cast.amal_mandate}


def test_documents_are_asked_in_these_and_in_those_that_the_form_asks(
    without_french: Cast,
) -> None:
    client = signed_in(without_french.dina)
    new = reverse("members:form_document", args=["new"])
    assert choices(client.get(new).context["form"].fields["languages_asked"]) == ["ar", "en"]
    sent = {"version": "0", "need": "no", "label_en": "Statutes", "languages_asked": ["fr"]}
    refused = client.post(new, sent)
    assert (refused.status_code, list(refused.context["form"].errors)) == (
        422,
        ["languages_asked"],
    )
    asked = AskedDocument(
        key="", labels={"en": "Statutes"}, helps={}, languages=["fr"], need=Need.NOW
    )
    keep_document(document=asked, version=None, actor=None)
    version = publish_form(actor=None)
    [document] = version.definition["documents"]
    page = reverse("members:form_document", args=[document["key"]])
    form = client.get(page).context["form"]
    assert choices(form.fields["languages_asked"]) == ["ar", "en", "fr"]
    contact = make_user("contact")
    draft = applicants.start_application(actor=contact)
    assert choices(DocumentForm(application=draft).fields["language"]) == ["", "ar", "en", "fr"]


# --- Addresses in it ------------------------------------------------------------------------------


def test_a_link_behind_the_sign_in_keeps_its_language(without_french: Cast) -> None:
    """Whoever gets a letter in French reads French, and signs in on a page in Arabic."""
    client = Client()
    page = f"/fr/groups/{make_group(without_french).pk}/"
    asked = client.get(page)
    assert asked.url == f"/fr/accounts/login/?next={page}"
    led = client.get(asked.url)
    assert led.url == f"/ar/accounts/login/?next={page}"
    assert client.get(led.url).status_code == 200
    office_only = client.get("/fr/settings/letters/")
    assert office_only.url == "/fr/accounts/login/?next=/fr/settings/letters/"
    amal = without_french.amal
    EmailAddress.objects.create(user=amal, email=amal.email, verified=True, primary=True)
    entered = client.post(led.url, {"login": amal.email, "password": PASSWORD, "next": page})
    assert entered.url == page
    assert client.get(page).status_code == 200


def test_an_invitation_in_it_leads_to_the_first(without_french: Cast, client: Client) -> None:
    address = reverse("members:invitation", args=[invited(without_french, language="fr").token])
    for _twice in range(2):
        led = client.get(address.replace("/en/", "/fr/"))
        assert led.url == address.replace("/en/", "/ar/")
    reset = client.get("/fr/accounts/password/reset/key/1-x/")
    assert reset.status_code == 200  # by a letter to somebody who may have kept the language
    assert 'lang="fr"' in reset.content.decode()
    assert client.get("/fr/accounts/password/reset/").url == "/ar/accounts/password/reset/"


def test_a_calendar_address_answers_in_its_persons_language(without_french: Cast) -> None:
    make_date(
        make_group(without_french, names={"en": "Culture", "ar": "الثقافة", "fr": "La culture"}),
        office(without_french),
        titles={"en": "Drafting", "ar": "الصياغة", "fr": "Rédaction"},
    )
    reader = make_user("reader")
    make_mandate(reader, without_french.kr, Capacity.DELEGATE)
    address = reverse("members:calendar_feed_file", args=[open_calendar_feed(actor=reader).token])
    left = address.replace("/en/", "/fr/")

    def read(path: str) -> str:
        answer = Client().get(path)
        assert (answer.status_code, answer["Content-Type"]) == (200, "text/calendar; charset=utf-8")
        return answer.content.decode()

    for own, path, expected in (
        ("fr", left, "Rédaction"),
        ("en", left, "Drafting"),
        ("", left, "الصياغة"),
        ("fr", address, "Drafting"),  # as the address says, where the network works in it
        ("fr", address.replace("/en/", "/ar/"), "الصياغة"),
    ):
        User.objects.filter(pk=reader.pk).update(language=own)
        for _twice in range(2):
            assert f":{expected} – " in read(path)
    assert Client().get(f"{left[:-5]}.ics").status_code == 404
    User.objects.filter(pk=reader.pk).update(language="fr")
    first = Client().get(left)
    assert Client().get(left, headers={"If-None-Match": first["ETag"]}).status_code == 304
