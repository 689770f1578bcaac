"""What the network asks of applicants: prepared, published, and kept with each application."""

import re
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from members.actions import applicants
from members.actions import application_forms as actions
from members.actions.application_forms import StaleFormError
from members.actions.applications import WrongStateError, request_information
from members.application_definitions import (
    AskedDocument,
    AskedField,
    Question,
    mark_of,
    read_definition,
)
from members.enums import ApplicationState as State
from members.enums_applying import Need, QuestionKind
from members.models import Application, ApplicationFormVersion, User
from records.models import AuditEntry
from tests.factories import Cast, make_user, signed_in
from tests.files import PDF, upload
from tests.members.applications import FIELDS, application_in, checked
from tests.races import at_once

STAFF = Question(
    key="",
    section="institution",
    kind=QuestionKind.CHOICE,
    labels={"en": "Staff", "ar": "عدد الموظفين"},
    helps={"en": "Of all offices."},
    need=Need.NOW,
    options=[{"en": "Fewer than ten", "ar": "أقل من عشرة"}, {"en": "More", "ar": "أكثر"}],
)
FOUNDED = STAFF._replace(
    kind=QuestionKind.DAY, labels={"en": "Founded on"}, helps={}, need=Need.NO, options=[]
)
STATUTES = AskedDocument(
    key="", labels={"en": "Statutes"}, helps={}, languages=["ar", "en"], need=Need.NOW
)
AIMS = AskedField(labels={}, helps={"en": "In three sentences."}, need=Need.NOW)
BUDGET = AskedDocument(key="", labels={"en": "Budget"}, helps={}, languages=[], need=Need.REVIEW)


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture(autouse=True)
def english() -> Any:
    with override("en"):
        yield


def as_(user: User) -> Client:
    return signed_in(user)


def url(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def published(*questions: Question, documents: tuple[AskedDocument, ...] = ()) -> Any:
    for question in questions:
        actions.keep_question(question=question, version=None, actor=None)
    for document in documents:
        actions.keep_document(document=document, version=None, actor=None)
    return actions.publish_form(actor=None)


# --- The secretariat ------------------------------------------------------------------------------


def test_a_question_is_prepared_published_and_then_asked(cast: Cast, contact: User) -> None:
    client = as_(cast.dina)
    sent = {
        "version": "0",
        "section": "institution",
        "kind": "choice",
        "need": "now",
        "label_en": "Staff",
        "label_ar": "عدد الموظفين",
        "options_en": "Fewer than ten\nMore",
        "options_ar": "أقل من عشرة\nأكثر",
    }
    assert client.post(url("form_question", "new"), sent).status_code == 302
    draft = applicants.start_application(actor=contact)
    assert draft.form_version is None  # only what is published is asked
    assert "is in preparation" in client.get(url("form_definition")).content.decode()
    assert client.post(url("publish_form")).status_code == 302
    version = ApplicationFormVersion.objects.get()
    assert (version.number, version.published_by) == (1, cast.dina)
    [question] = read_definition(version.definition).questions
    assert (question.labels, question.need) == ({"en": "Staff", "ar": "عدد الموظفين"}, "now")
    assert [option["ar"] for option in question.options] == ["أقل من عشرة", "أكثر"]
    assert client.get(url("form_version", 1)).status_code == 200
    acts = set(AuditEntry.objects.values_list("act", flat=True))
    assert {"application_form.changed", "application_form.published"} <= acts


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"label_en": "", "label_ar": ""}, "in one language at least"),
        ({"options_en": "Only one", "options_ar": ""}, "Give at least two answers"),
        ({"options_ar": "واحد"}, "as many answers as the others"),
        ({"options_en": "Same\nSame"}, "No two answers can be the same."),
        ({"section": "documents"}, "Select a valid choice"),
        ({"need": "never"}, "Select a valid choice"),
    ],
)
def test_a_question_is_refused_with_its_reason(
    cast: Cast, change: dict[str, str], reason: str
) -> None:
    sent = {
        "version": "0",
        "section": "reasons",
        "kind": "choice",
        "need": "no",
        "label_en": "Staff",
        "label_ar": "عدد",
        "options_en": "One\nTwo",
        "options_ar": "واحد\nاثنان",
    }
    response = as_(cast.dina).post(url("form_question", "new"), {**sent, **change})
    assert response.status_code == 422
    assert reason in response.content.decode()
    assert not ApplicationFormVersion.objects.exists()


def test_two_who_change_the_form_do_not_overwrite_each_other(cast: Cast) -> None:
    client = as_(cast.dina)
    sent = {"version": "0", "need": "no", "label_en": "Statutes"}
    assert client.post(url("form_document", "new"), sent).status_code == 302
    response = client.post(url("form_document", "new"), {**sent, "label_en": "Budget"})
    assert response.status_code == 409
    page = response.content.decode()
    assert "Somebody else has changed the form" in page
    assert 'value="Budget"' in page
    seen = mark_of(ApplicationFormVersion.objects.get().definition)
    assert f'name="version" value="{seen}"' in page
    sent |= {"version": str(seen), "label_en": "Budget"}
    assert client.post(url("form_document", "new"), sent).status_code == 302
    with pytest.raises(StaleFormError):
        actions.keep_field(name="aims", said=AIMS, version=0, actor=cast.dina)


def test_a_form_that_was_published_meanwhile_is_not_overwritten(cast: Cast) -> None:
    [asked] = read_definition(published(STAFF).definition).questions
    client = as_(cast.dina)
    page = client.get(url("form_question", asked.key))
    sent = {name: page.context["form"][name].value() for name in page.context["form"].fields}
    actions.keep_question(
        question=asked._replace(labels={"en": "Staff, all told"}), version=None, actor=None
    )
    in_preparation = client.get(url("form_definition")).context["mark"]
    published()
    second = client.post(url("form_question", asked.key), {**sent, "label_en": "Staff, today"})
    assert second.status_code == 409
    client.post(url("remove_form_part", asked.key), {"version": sent["version"]})
    assert ApplicationFormVersion.objects.in_preparation() is None
    actions.keep_question(question=FOUNDED, version=None, actor=None)
    for name in ("publish_form", "discard_form"):
        client.post(url(name), {"version": in_preparation})
        assert ApplicationFormVersion.objects.in_preparation()
    actions.remove_part(key=asked.key, actor=None)
    typed = {**sent, "label_en": "Staff, today"}
    gone = client.post(url("form_question", asked.key), typed)
    assert (gone.status_code, gone.context["gone_to"]) == (409, url("form_question", "new"))
    typed["version"] = gone.context["form"]["version"].value()
    assert client.post(gone.context["gone_to"], typed).status_code == 302


def test_help_order_and_removal(cast: Cast) -> None:
    client = as_(cast.dina)
    actions.keep_question(question=STAFF, version=None, actor=None)
    row = actions.keep_question(question=FOUNDED, version=None, actor=None)
    keys = [q.key for q in read_definition(row.definition).questions]
    assert client.post(url("move_form_question", keys[1]), {"to": "up"}).status_code == 302
    assert client.post(url("move_form_question", keys[1]), {"to": "up"}).status_code == 302
    row.refresh_from_db()
    assert [q.key for q in read_definition(row.definition).questions] == keys[::-1]
    sent = {"version": str(mark_of(row.definition)), "need": "now", "help_en": "In three."}
    assert client.post(url("form_field", "aims"), sent).status_code == 302
    for _ in range(2):
        assert client.post(url("remove_form_part", keys[0])).status_code == 302
    row.refresh_from_db()
    definition = read_definition(row.definition)
    assert [q.key for q in definition.questions] == keys[1:]
    assert definition.helps == {"aims": {"en": "In three."}}
    for name, *args in (("form_field", "state"), ("form_question", "x"), ("form_document", "x")):
        assert client.get(url(name, *args)).status_code == 404
    for _ in range(2):
        assert client.post(url("discard_form")).status_code == 302
    assert not ApplicationFormVersion.objects.exists()
    with pytest.raises(ValidationError):
        actions.publish_form(actor=cast.dina)


def test_a_question_answered_in_another_way_is_a_new_one(cast: Cast) -> None:
    row = actions.keep_question(question=STAFF, version=None, actor=None)
    [question] = read_definition(row.definition).questions
    renamed = question._replace(labels={"en": "People"})
    row = actions.keep_question(question=renamed, version=None, actor=None)
    assert [q.key for q in read_definition(row.definition).questions] == [question.key]
    other = question._replace(kind=QuestionKind.DAY, options=[])
    row = actions.keep_question(question=other, version=None, actor=None)
    [now] = read_definition(row.definition).questions
    assert (now.kind, now.key == question.key) == ("day", False)


def test_nobody_else_settles_the_form(cast: Cast, contact: User) -> None:
    for user in (cast.amal, contact):
        client = as_(user)
        assert client.get(url("form_definition")).status_code == 404
        assert client.post(url("publish_form")).status_code == 404
        for act in (
            lambda user=user: actions.keep_question(question=STAFF, version=None, actor=user),
            lambda user=user: actions.keep_field(name="aims", said=AIMS, version=None, actor=user),
            lambda user=user: actions.keep_declaration(words={}, version=None, actor=user),
            lambda user=user: actions.remove_part(key="x", actor=user),
            lambda user=user: actions.publish_form(actor=user),
            lambda user=user: actions.discard_form(actor=user),
        ):
            with pytest.raises(PermissionDenied):
                act()


def test_a_version_in_preparation_is_begun_once(transactional_db: None) -> None:
    def add(name: str) -> Any:
        question = STAFF._replace(labels={"en": name})
        return lambda: actions.keep_question(question=question, version=None, actor=None)

    assert at_once(*(add(name) for name in "abc")) == ["done"] * 3
    row = ApplicationFormVersion.objects.get()
    assert sorted(q.labels["en"] for q in read_definition(row.definition).questions) == [*"abc"]


# --- The applicants -------------------------------------------------------------------------------


def test_what_is_asked_is_answered_checked_and_needed(cast: Cast, contact: User) -> None:
    version = published(STAFF, FOUNDED, documents=(STATUTES, BUDGET))
    staff, founded = read_definition(version.definition).questions
    statutes, budget = read_definition(version.definition).documents
    draft = applicants.start_application(actor=contact)
    assert draft.form_version == version
    draft = applicants.save_application(application=draft, fields=FIELDS, actor=contact)
    applicants.add_document(application=draft, kind="credentials", upload=checked(), actor=contact)
    owed = [staff.name, f"document:{statutes.kind}/ar", f"document:{statutes.kind}/en"]
    assert draft.missing() == owed
    assert draft.missing_by_review() == [f"document:{budget.kind}"]
    client = as_(contact)
    section = url("application_section", draft.pk, "institution")
    page = client.get(section).content.decode()
    assert "Of all offices." in page
    sent = {f"name_{k}": v for k, v in FIELDS["institution_names"].items()}
    sent |= {n: FIELDS[n] for n in ("acronym", "country", "kind", "membership_class", "website")}
    sent["version"] = "1"
    wrong = {f"question_{staff.key}": "Many", f"question_{founded.key}": "yesterday"}
    response = client.post(section, {**sent, **wrong})
    assert response.status_code == 422
    right = {f"question_{staff.key}": "More", f"question_{founded.key}": "1990-05-01"}
    assert client.post(section, {**sent, **right}).status_code == 302
    draft.refresh_from_db()
    assert draft.more_answers == {staff.key: "More", founded.key: "1990-05-01"}
    assert draft.section_version("institution") == 2
    documents = url("application_section", draft.pk, "documents")
    file: dict[str, Any] = {"document-kind": statutes.kind, "document-file": upload()}
    assert client.post(documents, file).status_code == 422  # in which language?
    for code in ("ar", "en"):
        file = {
            "document-kind": statutes.kind,
            "document-language": code,
            "document-file": upload(),
        }
        assert client.post(documents, file).status_code == 302
    assert draft.missing() == []
    applicants.submit_application(application=draft, actor=contact)
    for user in (contact, cast.dina):
        page = as_(user).get(url("application", draft.pk)).content.decode()
        assert "Statutes" in page
        assert re.search(r"<dd><p[^>]*>More</p>", page)
    with override("ar"):
        page = as_(contact).get(url("application", draft.pk)).content.decode()
    assert "أكثر" in page
    # What is needed by the review is proposed to the secretariat, to be asked.
    dossier = as_(cast.dina)
    dossier.post(url("start_review", draft.pk))
    page = dossier.get(url("application", draft.pk)).content.decode()
    assert f'name="item_document-form-{budget.key}"' in page
    assert "Needed by the end of the review" in page


def test_a_new_contact_says_who_they_are_though_the_form_asks_more_there(
    cast: Cast, contact: User
) -> None:
    version = published(FOUNDED._replace(section="contact", need=Need.REVIEW))
    [asked] = read_definition(version.definition).questions
    shown = application_in(State.UNDER_REVIEW, cast, contact)
    assert shown.form_version == version
    client, section = as_(contact), url("application_section", shown.pk, "contact")
    page = client.get(url("application", shown.pk)).content.decode()
    assert f'href="{section}"' in page
    sent = {"contact_position": "Director", "contact_phone": "+82 2 1234 5678"}
    sent |= {"version": str(shown.section_version("contact")), f"question_{asked.key}": ""}
    refused = client.post(section, {**sent, f"question_{asked.key}": "1990-05-01"})
    assert refused.status_code == 409  # the answer belongs to what was handed in
    assert client.post(section, sent).status_code == 302
    shown.refresh_from_db()
    assert (shown.contact_position, shown.contact_phone) == ("Director", "+82 2 1234 5678")
    assert shown.more_answers == {}


def test_a_section_open_while_the_form_was_renewed_loses_no_answer_silently(
    cast: Cast, contact: User
) -> None:
    [founded] = read_definition(published(FOUNDED).definition).questions
    draft = applicants.start_application(actor=contact)
    actions.remove_part(key=founded.key, actor=None)
    published()
    sent = {"version": "0", "name_en": "Institute", f"question_{founded.key}": "1990-05-01"}
    actions.renew_application_form(application=draft, actor=contact)
    client, section = as_(contact), url("application_section", draft.pk, "institution")
    told = client.post(section, sent)
    assert told.status_code == 409
    assert told.context["left_over"] == [{"label": "Founded on", "text": "1990-05-01"}]
    sent["version"] = told.context["form"]["version"].value()
    assert client.post(section, sent).status_code == 302


def test_as_many_documents_as_the_form_asks_for_can_be_added(
    contact: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(applicants, "MAX_DOCUMENTS", 0)  # beside those that are asked for
    published(documents=(STATUTES, BUDGET))
    draft = applicants.start_application(actor=contact)
    for number in range(3):
        file = checked(PDF + str(number).encode())
        applicants.add_document(application=draft, kind="other", upload=file, actor=contact)
    with pytest.raises(ValidationError, match="at most 3"):
        applicants.add_document(
            application=draft, kind="other", upload=checked(PDF + b"x"), actor=contact
        )


def test_what_the_form_says_is_text_and_never_a_page(cast: Cast, contact: User) -> None:
    evil = "<img src=x onerror=alert(1)>"
    said = {"en": evil}
    question = STAFF._replace(
        labels=said, helps=said, section="reasons", need=Need.NO, options=[said, {"en": "b"}]
    )
    document = BUDGET._replace(labels=said, helps=said)
    actions.keep_field(name="aims", said=AskedField(said, said, Need.NOW), version=None, actor=None)
    actions.keep_declaration(words=said, version=None, actor=None)
    version = published(question, documents=(document,))
    application = applicants.start_application(actor=contact)
    pages = [
        as_(contact).get(url("application_section", application.pk, name)).content.decode()
        for name in ("reasons", "documents", "declaration")
    ]
    pages.append(as_(cast.dina).get(url("form_definition")).content.decode())
    pages.append(as_(contact).get(url("application_form", application.pk)).content.decode())
    reviewed = application_in(State.UNDER_REVIEW, cast, make_user("other"))
    pages.append(as_(cast.dina).get(url("application", reviewed.pk)).content.decode())
    asked = [
        ("aims", evil),
        (f"question:{read_definition(version.definition).questions[0].key}", ""),
    ]
    request_information(
        application=reviewed,
        question=evil,
        items=asked,
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    assert reviewed.contact is not None
    pages.append(as_(reviewed.contact).get(url("application", reviewed.pk)).content.decode())
    for page in pages:
        assert "<img src=x" not in page
        assert "&lt;img src=x" in page


def test_a_running_draft_is_offered_the_form_of_today_and_what_was_submitted_keeps_its_own(
    cast: Cast, contact: User
) -> None:
    first = published(FOUNDED)
    submitted = application_in(State.SUBMITTED, cast, make_user("other"))
    draft = applicants.start_application(actor=contact)
    [founded] = read_definition(first.definition).questions
    applicants.save_application(
        application=draft, fields={}, more_answers={founded.key: "1990-05-01"}, actor=contact
    )
    second = published(STAFF)
    client = as_(contact)
    assert (
        url("renew_application_form", draft.pk)
        in client.get(url("application_form", draft.pk)).content.decode()
    )
    for _ in range(2):
        assert client.post(url("renew_application_form", draft.pk)).status_code == 302
    draft.refresh_from_db()
    assert draft.form_version == second
    assert draft.more_answers == {founded.key: "1990-05-01"}
    submitted.refresh_from_db()
    assert submitted.form_version == first
    with pytest.raises(WrongStateError):
        actions.renew_application_form(application=submitted, actor=submitted.contact)
    with pytest.raises(PermissionDenied):
        actions.renew_application_form(application=draft, actor=cast.dina)
    assert AuditEntry.objects.filter(act="application.form_renewed").count() == 1
    assert Application.objects.filter(form_version=second).count() == 1
