"""The form of an application, section by section: nothing typed is lost, nothing half done."""

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from members.actions import applicants
from members.actions.applicants import StaleSectionError
from members.enums import ApplicationState as State
from members.enums import DocumentKind
from members.models import Application, ApplicationEditor, ApplicationRevision, User
from tests.factories import Cast, make_user
from tests.files import PDF, image, upload
from tests.members.applications import FIELDS, application_in, checked
from tests.races import at_once

INSTITUTION = {
    "version": "0",
    "name_en": "Institute of Matters",
    "name_ar": "معهد الشؤون",
    "name_fr": "",
    "acronym": "IM",
    "country": "MX",
    "kind": "research_body",
    "membership_class": "full",
    "website": "https://example.org/",
}
CONTACT = {"version": "0", "contact_position": "Director", "contact_phone": "+52 55 1234"}
REASONS = {"version": "0", "aims": "To learn.", "letter_text": "We ask to join."}
DECLARED = {"capacity": "Director", "declared": "on"}


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture
def draft(contact: User) -> Application:
    return applicants.start_application(actor=contact)


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def as_(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def section(application: Application, name: str) -> str:
    return reverse("members:application_section", args=[application.pk, name])


def overview(application: Application) -> str:
    return reverse("members:application_form", args=[application.pk])


def add_credentials(draft: Application, contact: User) -> None:
    applicants.add_document(
        application=draft, kind=DocumentKind.CREDENTIALS, upload=checked(), actor=contact
    )


def test_a_section_is_saved_incomplete_and_the_overview_says_what_is_missing(
    contact: User, draft: Application
) -> None:
    client = as_(contact)
    sent = {**INSTITUTION, "country": "", "do": "next"}
    response = client.post(section(draft, "institution"), sent)
    assert response["Location"] == section(draft, "contact")
    draft.refresh_from_db()
    assert draft.institution_names == {"en": "Institute of Matters", "ar": "معهد الشؤون"}
    assert (draft.section_version("institution"), draft.section_version("reasons")) == (1, 0)
    page = client.get(overview(draft)).content.decode()
    assert f'{section(draft, "institution")}#id_country"' in page
    assert f'{section(draft, "reasons")}#id_aims"' in page
    assert "3 of 8" in page
    response = client.post(section(draft, "reasons"), {**REASONS, "do": "save"})
    assert response["Location"] == section(draft, "reasons")
    assert "5 of 8" in client.get(overview(draft)).content.decode()


def test_a_section_saves_its_own_fields_alone(contact: User, draft: Application) -> None:
    sent = {**REASONS, **CONTACT, "acronym": "XX", "state": "admitted"}
    assert as_(contact).post(section(draft, "reasons"), sent).status_code == 302
    draft.refresh_from_db()
    assert (draft.acronym, draft.contact_position, draft.aims) == ("", "", "To learn.")
    assert draft.state == State.DRAFT


def test_a_refused_field_keeps_everything_typed_and_saves_nothing(
    contact: User, draft: Application
) -> None:
    sent = {**INSTITUTION, "website": "javascript:alert(1)"}
    response = as_(contact).post(section(draft, "institution"), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert "Institute of Matters" in page
    assert "javascript:alert(1)" in page
    draft.refresh_from_db()
    assert (draft.acronym, draft.section_saves) == ("", {})
    response = as_(contact).post(section(draft, "contact"), {**CONTACT, "contact_phone": "call"})
    assert response.status_code == 422
    assert "A telephone number has no letters." in response.content.decode()


@pytest.mark.parametrize("name", ["unknown", "Institution", "0"])
def test_there_is_no_other_section(contact: User, draft: Application, name: str) -> None:
    assert as_(contact).get(section(draft, name)).status_code == 404


# --- Two at once ----------------------------------------------------------------------------------


def test_the_second_who_saves_a_section_sees_both_texts_and_loses_nothing(
    contact: User, draft: Application
) -> None:
    bilal = make_user("bilal.editor")
    ApplicationEditor.objects.create(application=draft, user=bilal)
    first = as_(bilal).post(section(draft, "reasons"), {**REASONS, "aims": "أن نتعلم معًا."})
    assert first.status_code == 302
    response = as_(contact).post(section(draft, "reasons"), {**REASONS, "aims": "To learn alone."})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody else has saved this in the meantime." in page
    assert "<bdi>Bilal.Editor</bdi>" in page
    assert page.count("To learn alone.") == 2  # in the form, and beside what stands
    assert page.count("أن نتعلم معًا.") == 1
    assert 'name="version" value="1"' in page
    draft.refresh_from_db()
    assert draft.aims == "أن نتعلم معًا."
    sent = {**REASONS, "version": "1", "aims": "To learn together."}
    assert as_(contact).post(section(draft, "reasons"), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.aims == "To learn together."
    # Another section was not touched by that: nobody is in the way of anybody.
    assert as_(bilal).post(section(draft, "contact"), CONTACT).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_at_once_one_is_told() -> None:
    contact = make_user("amal.contact")
    draft = applicants.start_application(actor=contact)

    def save(aims: str) -> Any:
        return lambda: applicants.save_application(
            application=draft,
            fields={"aims": aims},
            section="reasons",
            version=0,
            actor=contact,
        )

    assert at_once(save("One."), save("Two.")) == ["done", "stale"]
    draft.refresh_from_db()
    assert draft.aims in ("One.", "Two.")
    assert draft.section_version("reasons") == 1


def test_saving_the_same_again_is_no_new_version(contact: User, draft: Application) -> None:
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    applicants.save_application(
        application=draft, fields=FIELDS, section="reasons", version=1, actor=contact
    )
    draft.refresh_from_db()
    assert draft.section_version("reasons") == 1
    with pytest.raises(StaleSectionError):
        applicants.save_application(
            application=draft, fields={}, section="reasons", version=0, actor=contact
        )


# --- Documents ------------------------------------------------------------------------------------


def test_a_file_is_added_and_removed(contact: User, draft: Application) -> None:
    client = as_(contact)
    sent = {"document-kind": "credentials", "document-file": upload(name="../اعتماد.pdf")}
    assert client.post(section(draft, "documents"), sent).status_code == 302
    document = draft.documents.get()
    assert (document.name, document.kind) == ("اعتماد.pdf", "credentials")
    response = client.post(section(draft, "documents"), {"remove": document.pk})
    assert response.status_code == 302
    assert not draft.documents.exists()


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "a.pdf", "This file is empty."),
        (b"<html><script>1</script>", "a.pdf", "its content is something else"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "a.svg", "This kind of file"),
        (b"PK\x03\x04" + b"\0" * 99, "a.zip", "This kind of file"),
        (image()[:60], "a.png", "damaged"),
        (PDF[:-8], "a.pdf", "its end is missing"),
        (b"%PDF-1.7" + b"\0" * (10 * 1024 * 1024), "a.pdf", "at most"),
    ],
    ids=["empty", "html", "svg", "zip", "cut-png", "cut-pdf", "large"],
)
def test_a_hostile_file_is_refused_with_its_reason(
    contact: User, draft: Application, content: bytes, name: str, reason: str
) -> None:
    sent = {"document-kind": "credentials", "document-file": upload(content, name)}
    response = as_(contact).post(section(draft, "documents"), sent)
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not draft.documents.exists()


def test_a_kind_that_is_not_offered_is_refused(contact: User, draft: Application) -> None:
    for kind in ("signed_charter", "form:other", ""):
        sent = {"document-kind": kind, "document-file": upload()}
        assert as_(contact).post(section(draft, "documents"), sent).status_code == 422
    assert not draft.documents.exists()


def test_a_foreign_document_cannot_be_removed(
    cast: Cast, contact: User, draft: Application
) -> None:
    other = applicants.start_application(actor=cast.chloe)
    add_credentials(other, cast.chloe)
    sent = {"remove": other.documents.get().pk}
    assert as_(contact).post(section(draft, "documents"), sent).status_code == 404
    assert other.documents.exists()


# --- The declaration ------------------------------------------------------------------------------


def test_submission_says_what_is_missing(contact: User, draft: Application) -> None:
    fields = {**FIELDS, "aims": ""}
    applicants.save_application(application=draft, fields=fields, actor=contact)
    response = as_(contact).post(section(draft, "declaration"), DECLARED)
    assert response.status_code == 422
    page = response.content.decode()
    assert f'<a href="{section(draft, "reasons")}#id_aims"><bdi>Aims</bdi></a>' in page
    assert "Credentials, as a file" in page
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_submission_needs_the_declaration_and_keeps_it(contact: User, draft: Application) -> None:
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    add_credentials(draft, contact)
    client = as_(contact)
    for sent in ({"capacity": "Director"}, {"declared": "on"}):
        assert client.post(section(draft, "declaration"), sent).status_code == 422
    with override("ar"):
        at = section(draft, "declaration")
    sent = {"capacity": "المديرة العامة", "declared": "on"}
    assert client.post(at, sent).status_code == 302
    draft.refresh_from_db()
    assert draft.state == State.SUBMITTED
    declared = draft.declaration
    assert (declared.user, declared.name) == (contact, contact.name)
    assert (declared.capacity, declared.language) == ("المديرة العامة", "ar")
    contact.name = "Another"
    contact.save()
    page = client.get(reverse("members:application", args=[draft.pk])).content.decode()
    assert f'<p lang="ar" dir="auto">{declared.words}</p>' in page
    assert "المديرة العامة" in page
    assert ApplicationRevision.objects.get().number == 0


def test_an_editor_does_not_submit(contact: User, draft: Application) -> None:
    applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    add_credentials(draft, contact)
    bilal = make_user("bilal.editor")
    ApplicationEditor.objects.create(application=draft, user=bilal)
    page = as_(bilal).get(section(draft, "declaration")).content.decode()
    assert "Its contact person submits it" in page
    assert as_(bilal).post(section(draft, "declaration"), DECLARED).status_code == 403
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_second_tab_is_told_that_it_was_submitted_and_loses_nothing(
    cast: Cast, contact: User
) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    client = as_(contact)
    sent = {**REASONS, "version": "1", "aims": "Typed in the other tab."}
    response = client.post(section(application, "reasons"), sent)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Typed in the other tab." in page
    assert "the state of this application is “submitted”" in page
    assert client.post(section(application, "declaration"), DECLARED).status_code == 409
    application.refresh_from_db()
    assert application.aims == FIELDS["aims"]
    assert client.get(section(application, "reasons")).status_code == 302


def test_submission_and_withdrawal_at_once(transactional_db: None) -> None:
    """One wins, the other is told, nothing is half done."""
    cast = Cast()
    for number in range(3):
        contact = make_user(f"contact{number}")
        draft = applicants.start_application(actor=contact)
        applicants.save_application(application=draft, fields=FIELDS, actor=contact)
        add_credentials(draft, contact)
        by: dict[str, Any] = {"application": draft, "actor": contact}
        ends = at_once(
            lambda by=by: applicants.submit_application(**by),
            lambda by=by: applicants.withdraw_application(**by),
        )
        draft.refresh_from_db()
        assert draft.state == State.WITHDRAWN  # who withdraws later withdraws what was submitted
        declared = hasattr(draft, "declaration")
        assert (draft.submitted_at is not None) == declared == draft.revisions.exists()
        assert ends == (["done", "done"] if declared else ["done", "wrong_state"])
    assert cast.dina.pk


# --- Costs ----------------------------------------------------------------------------------------


def test_the_pages_cost_the_same_for_one_editor_and_three(
    contact: User, draft: Application
) -> None:
    client, costs = as_(contact), []
    for number in range(3):
        ApplicationEditor.objects.create(application=draft, user=make_user(f"editor{number}"))
        add_credentials(draft, contact)
        counted = []
        for address in (overview(draft), section(draft, "reasons"), section(draft, "documents")):
            client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counted.append(len(queries))
        costs.append(counted)
    assert costs[0] == costs[1] == costs[2]
