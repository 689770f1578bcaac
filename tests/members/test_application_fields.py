"""How the network asks what every application says: its words, by when, and what is declared."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from members.actions import applicants
from members.actions import application_forms as actions
from members.actions.applicants import IncompleteError, OtherDeclarationError
from members.actions.applications import recommend_application, start_review
from members.actions.completeness import IncompleteReviewError
from members.application_changes import application_changes, contents_of
from members.application_definitions import AskedField, mark_of, read_definition
from members.application_parts import FIELD_LABELS
from members.dossiers.making import contents
from members.enums import ApplicationState as State
from members.enums_applying import DECLARATION, FIELD_NEEDS, SECTION_OF, Need
from members.models import Application, ApplicationFormVersion, User
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.members.applications import FIELDS, application_in, checked

URL = "members:form_field"
SITE = AskedField(
    labels={"en": "Public website", "ar": "الموقع المفتوح للعموم"},
    helps={"en": "Its home page."},
    need=Need.NOW,
)
WORDS = {"en": "I declare upon my honour.\nI may do so.", "fr": "Je le déclare sur l’honneur."}


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def on_page(language: str) -> str:
    return WORDS[language].replace("\n", "<br>")


def asked(**fields: AskedField) -> ApplicationFormVersion:
    for name, said in fields.items():
        actions.keep_field(name=name, said=said, version=None, actor=None)
    return actions.publish_form(actor=None)


def declared(words: dict[str, str]) -> ApplicationFormVersion:
    actions.keep_declaration(words=words, version=None, actor=None)
    return actions.publish_form(actor=None)


def written(contact: User, **fields: Any) -> Application:
    """A draft in which everything is there that the portal asks for by itself."""
    draft = applicants.start_application(actor=contact)
    draft = applicants.save_application(
        application=draft, fields={**FIELDS, **fields}, actor=contact
    )
    applicants.add_document(application=draft, kind="credentials", upload=checked(), actor=contact)
    return draft


def labels(application: Application) -> list[str]:
    whole = Application.objects.for_dossier().get(pk=application.pk)
    parts = contents(whole)["parts"]
    return [part["title"] for part in parts] + [r["label"] for p in parts for r in p["rows"]]


def section(application: Application, name: str) -> str:
    return reverse("members:application_section", args=[application.pk, name])


def test_the_secretariat_settles_a_field_on_its_page_and_publishes_it(cast: Cast) -> None:
    client = signed_in(cast.dina)
    page = client.get(reverse(URL, args=["website"]))
    assert page.context["form"].initial["need"] == Need.NO
    sent = {
        "version": "0",
        "need": "now",
        "label_en": "Public website",
        "label_ar": "الموقع المفتوح للعموم",
        "help_en": "Its home page.",
    }
    assert client.post(reverse(URL, args=["website"]), sent).status_code == 302
    row = ApplicationFormVersion.objects.get()
    definition = read_definition(row.definition)
    assert definition.field("website") == SITE
    entry = AuditEntry.objects.about(row)[0]
    assert (entry.act, entry.after["changed"]) == ("application_form.changed", ["website"])
    again = {**sent, "version": str(mark_of(row.definition))}
    assert client.post(reverse(URL, args=["website"]), again).status_code == 302
    assert AuditEntry.objects.about(row).count() == 1  # nothing was another
    stale = client.post(reverse(URL, args=["website"]), {**sent, "label_en": "Their site"})
    assert stale.status_code == 409
    assert 'value="Their site"' in stale.content.decode()
    whole = client.get(reverse("members:form_definition")).content.decode()
    assert "Public website" in whole
    empty = {"version": again["version"], "need": "no"}
    assert client.post(reverse(URL, args=["website"]), empty).status_code == 302
    row.refresh_from_db()
    assert row.definition == {"questions": [], "documents": [], "helps": {}}


@pytest.mark.parametrize("change", [{"need": "never"}, {"need": ""}, {"label_en": "x" * 121}])
def test_what_cannot_be_settled_is_refused(cast: Cast, change: dict[str, str]) -> None:
    sent = {"version": "0", "need": "now", "label_en": "Site"}
    response = signed_in(cast.dina).post(reverse(URL, args=["website"]), {**sent, **change})
    assert response.status_code == 422
    assert not ApplicationFormVersion.objects.exists()


@pytest.mark.parametrize("name", sorted(SECTION_OF.keys() - FIELD_NEEDS.keys()))
def test_what_a_membership_cannot_be_made_without_is_always_needed(cast: Cast, name: str) -> None:
    client = signed_in(cast.dina)
    page = client.get(reverse(URL, args=[name]))
    assert "need" not in page.context["form"].fields
    sent = {"version": "0", "need": "no", "help_en": "As it is registered."}
    assert client.post(reverse(URL, args=[name]), sent).status_code == 302
    definition = read_definition(ApplicationFormVersion.objects.get().definition)
    assert definition.field(name) == AskedField({}, {"en": "As it is registered."}, Need.NOW)
    with pytest.raises(ValueError, match="no field"):
        actions.keep_field(name="state", said=SITE, version=None, actor=cast.dina)


def test_a_field_is_called_as_the_form_calls_it_wherever_it_is_read(
    cast: Cast, contact: User
) -> None:
    aims = AskedField({"en": "What it aims at"}, {}, Need.NOW)
    asked(website=SITE, aims=aims, letter_text=AskedField({"en": "Your letter"}, {}, Need.NOW))
    draft = written(contact)
    client = signed_in(contact)
    page = client.get(section(draft, "institution")).content.decode()
    assert "Public website" in page
    assert "Its home page." in page
    applicants.submit_application(application=draft, actor=contact)
    for user in (contact, cast.dina):
        seen = signed_in(user).get(reverse("members:application", args=[draft.pk]))
        for label in ("Public website", "What it aims at", "Your letter"):
            assert label in seen.content.decode()
    draft.refresh_from_db()
    assert {"Public website", "What it aims at", "Your letter"} <= {*labels(draft)}
    now = contents_of(draft)
    then = {**now, "website": "", "aims": ""}
    changes = application_changes(draft, then, now)
    assert [change.label for change in changes] == ["Public website", "What it aims at"]
    with override("ar"):
        assert "الموقع المفتوح للعموم" in labels(draft)


def test_where_nothing_is_settled_the_portals_words_stand(contact: User) -> None:
    draft = written(contact)
    assert {str(FIELD_LABELS[name]) for name in ("website", "aims", "letter_text")} <= {
        *labels(draft)
    }
    assert draft.missing() == draft.missing_by_review() == []
    assert draft.needed() == 8


def test_what_the_form_needs_now_is_needed_before_it_is_submitted(contact: User) -> None:
    asked(website=SITE, acronym=AskedField({}, {}, Need.NOW))
    draft = written(contact, website="", acronym="")
    assert draft.missing() == ["acronym", "website"]
    assert draft.needed() == 10
    page = signed_in(contact).get(reverse("members:application_form", args=[draft.pk]))
    assert "Public website" in page.content.decode()
    with pytest.raises(IncompleteError) as refused:
        applicants.submit_application(application=draft, actor=contact)
    assert refused.value.missing == ["acronym", "website"]
    right = {"acronym": "IIA", "website": "https://iia.example"}
    draft = applicants.save_application(application=draft, fields=right, actor=contact)
    submitted = applicants.submit_application(application=draft, actor=contact)
    assert submitted.state == State.SUBMITTED


def test_what_the_form_wants_by_the_review_is_wanted_when_it_closes(
    cast: Cast, contact: User
) -> None:
    asked(aims=AskedField({}, {}, Need.REVIEW), contact_phone=AskedField({}, {}, Need.REVIEW))
    draft = written(contact, aims="", contact_phone="")
    assert (draft.missing(), draft.missing_by_review()) == ([], ["contact_phone", "aims"])
    application = applicants.submit_application(application=draft, actor=contact)
    by_dina: dict[str, Any] = {"actor": cast.dina, "mandate": cast.dina_mandate}
    start_review(application=application, **by_dina)
    page = signed_in(cast.dina).get(reverse("members:application", args=[draft.pk]))
    assert "Telephone of the contact person" in page.content.decode()
    close: dict[str, Any] = {"favourable": True, "reasons": "It meets the charter.", **by_dina}
    with pytest.raises(IncompleteReviewError):
        recommend_application(application=application, **close)
    closed = recommend_application(
        application=application, incomplete_because="It has said so by telephone.", **close
    )
    kept = closed.incomplete_closings.get().points
    assert kept[-2:] == ["contact_phone", "aims"]


def test_what_is_needed_no_more_can_be_left_out(contact: User) -> None:
    asked(aims=AskedField({}, {}, Need.NO), contact_position=AskedField({}, {}, Need.NO))
    draft = written(contact, aims="", contact_position="")
    assert (draft.missing(), draft.needed()) == ([], 6)
    application = applicants.submit_application(application=draft, capacity="Head", actor=contact)
    assert application.state == State.SUBMITTED
    page = signed_in(contact).get(reverse("members:application", args=[draft.pk]))
    assert "Aims" not in page.content.decode()


# --- What is declared -----------------------------------------------------------------------------


def test_the_words_of_the_declaration_are_settled_on_a_page(cast: Cast) -> None:
    client, address = signed_in(cast.dina), reverse("members:form_declaration")
    sent = {"version": "0", "words_en": WORDS["en"], "words_fr": WORDS["fr"]}
    assert client.post(address, sent).status_code == 302
    row = ApplicationFormVersion.objects.get()
    assert read_definition(row.definition).declaration == WORDS
    assert AuditEntry.objects.about(row)[0].after["changed"] == ["declaration"]
    stale = client.post(address, {**sent, "words_en": "I swear it."})
    assert stale.status_code == 409
    assert "I swear it." in stale.content.decode()
    assert client.post(address, {**sent, "words_en": "x" * 2001}).status_code == 422
    assert on_page("en") in client.get(reverse("members:form_definition")).content.decode()
    mark = str(mark_of(row.definition))
    assert client.post(address, {"version": mark}).status_code == 302
    row.refresh_from_db()
    assert read_definition(row.definition).declared().text == str(DECLARATION)


@pytest.mark.parametrize(
    ("reads", "language"), [("en", "en"), ("fr", "fr"), ("ar", "en")], ids=["en", "fr", "ar"]
)
def test_what_is_declared_is_kept_as_it_stood_on_the_page(
    contact: User, reads: str, language: str
) -> None:
    declared(WORDS)
    draft = written(contact)
    client = signed_in(contact)
    with override(reads):
        address = section(draft, "declaration")
        page = client.get(address)
        assert f'<bdi lang="{language}">{on_page(language)}</bdi>' in page.content.decode()
        seen = page.context["form"]["seen"].value()
        sent = {"capacity": "Director", "declared": "on", "seen": seen}
        assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.declaration.words, draft.declaration.language) == (WORDS[language], language)


def test_who_read_other_words_reads_again_before_they_declare(contact: User) -> None:
    draft = written(contact)
    client, address = signed_in(contact), section(draft, "declaration")
    assert str(DECLARATION) in client.get(address).content.decode()
    declared(WORDS)
    actions.renew_application_form(application=draft, actor=contact)
    sent = {"capacity": "Legal representative", "declared": "on", "seen": "0"}
    told = client.post(address, sent)
    assert told.status_code == 409
    page = told.content.decode()
    for text in (
        "Please read the declaration again.",
        on_page("en"),
        'value="Legal representative"',
    ):
        assert text in page
    assert not told.context["form"]["declared"].value()
    draft.refresh_from_db()
    assert draft.state == State.DRAFT
    with pytest.raises(OtherDeclarationError):
        applicants.submit_application(application=draft, seen=0, actor=contact)
    sent["seen"] = told.context["form"]["seen"].value()
    assert client.post(address, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.declaration.words == WORDS["en"]


def test_what_was_declared_stays_when_the_words_change(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    declared(WORDS)
    for user in (contact, cast.dina):
        client: Client = signed_in(user)
        page = client.get(reverse("members:application", args=[application.pk])).content.decode()
        assert str(DECLARATION) in page
        assert "upon my honour" not in page
