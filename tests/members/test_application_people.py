"""Who writes an application: invited, let in, taken out, and the contact passed on."""

from typing import Any

import pytest
from django.core.cache import cache
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import applicants, invitations
from members.actions import application_people as people
from members.actions import applications as review
from members.actions.invitations import InvitationClosedError
from members.emails_people import send_invitation
from members.enums import ApplicationState as State
from members.models import Application, ApplicationEditor, Invitation, User
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_user, signed_in
from tests.members.applications import FIELDS, application_in
from tests.races import at_once


@pytest.fixture
def contact(cast: Cast) -> User:
    return make_user("amal.contact")


@pytest.fixture
def bilal(cast: Cast) -> User:
    return make_user("bilal.editor", language="ar")


@pytest.fixture
def draft(contact: User) -> Application:
    draft = applicants.start_application(actor=contact)
    return applicants.save_application(application=draft, fields=FIELDS, actor=contact)


@pytest.fixture(autouse=True)
def english() -> Any:
    cache.clear()
    with override("en"):
        yield
    cache.clear()


def as_(user: User) -> Client:
    return signed_in(user)


def url(name: str, *args: int) -> str:
    return reverse(f"members:{name}", args=args)


def letters() -> list[tuple[str, int]]:
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_applying_letter").order_by("id")
    return [(job.args["letter"], job.args["user_id"]) for job in jobs]


def acts(application: Application) -> list[str]:
    entries = AuditEntry.objects.about(application)
    return [e.act for e in entries if "editor" in e.act or "contact" in e.act]


def invited(draft: Application, contact: User, email: str = "bilal.editor@example.org") -> Any:
    return people.invite_editor(
        application=draft, email=email, name="Bilal", language="ar", actor=contact
    )


def editor_of(application: Application, user: User) -> ApplicationEditor:
    return ApplicationEditor.objects.create(application=application, user=user)


# --- Coming in ------------------------------------------------------------------------------------


def test_an_editor_comes_in_by_a_link_that_opens_once(
    contact: User, bilal: User, draft: Application
) -> None:
    response = as_(contact).post(
        url("invite_application_editor", draft.pk),
        {"editor-name": "Bilal", "editor-email": bilal.email.upper(), "editor-language": "ar"},
    )
    assert response.status_code == 302
    invitation = Invitation.objects.get()
    assert (invitation.application, invitation.application_place) == (draft, "editor")
    link = reverse("members:invitation", args=[invitation.token])
    client = as_(bilal)
    assert client.get(url("application", draft.pk)).status_code == 404
    assert "as an editor" in client.get(link).content.decode()
    response = client.post(link)
    assert response["Location"] == url("application", draft.pk)
    assert [e.user for e in draft.editors.all()] == [bilal]
    draft.refresh_from_db()
    assert draft.contact == contact
    assert client.post(link).status_code == 410
    assert letters() == [("editor_joined", contact.pk)]
    assert acts(draft) == ["application.editor_joined"]
    assert url("application", draft.pk) in client.get(url("application_list")).content.decode()


def test_a_new_person_makes_the_account_with_it(contact: User, draft: Application) -> None:
    invitation = invited(draft, contact, "new@example.org")
    user = invitations.accept_invitation_as_new(
        invitation=invitation,
        token=invitation.token,
        name="New",
        password=PASSWORD,
        language="fr",
    )
    assert draft.editors.get().user == user


def test_the_letter_says_what_it_is_for_in_its_language(
    contact: User, draft: Application, mailoutbox: Any
) -> None:
    send_invitation(invitation_id=invited(draft, contact).pk)
    [letter] = mailoutbox
    assert letter.to == ["bilal.editor@example.org"]
    assert "معهد الشؤون" in letter.body
    assert contact.name in letter.body
    assert "Bilal" not in letter.body  # nobody writes to strangers through us


def test_a_link_is_dead_once_revoked_expired_or_withdrawn(
    contact: User, bilal: User, draft: Application
) -> None:
    invitation = invited(draft, contact)
    people.revoke_place(invitation=invitation, actor=contact)
    people.revoke_place(invitation=invitation, actor=contact)
    again = invited(draft, contact)
    assert again.pk != invitation.pk
    applicants.withdraw_application(application=draft, actor=contact)
    for each in (invitation, again):
        with pytest.raises(InvitationClosedError):
            invitations.accept_invitation(invitation=each, token=each.token, actor=bilal)
    assert not draft.editors.exists()


def test_inviting_again_sends_no_second_invitation_and_too_many_are_refused(
    contact: User, draft: Application
) -> None:
    assert invited(draft, contact).pk == invited(draft, contact).pk
    for number in range(people.MAX_EDITORS - 1):
        invited(draft, contact, f"editor{number}@example.org")
    with pytest.raises(ValidationError) as refused:
        invited(draft, contact, "one.more@example.org")
    assert refused.value.code == "too_many_editors"
    with pytest.raises(ValidationError) as refused:
        invited(draft, contact, contact.email)
    assert refused.value.code == "writes_already"


def test_invitations_that_open_no_more_take_nobodys_place(
    contact: User, bilal: User, draft: Application
) -> None:
    for number in range(people.MAX_EDITORS):
        invited(draft, contact, f"editor{number}@example.org")
    Application.objects.filter(pk=draft.pk).update(contact=bilal)  # who invited writes it no more
    assert invited(draft, bilal, "one.more@example.org").invited_by == bilal


@pytest.mark.usefixtures("one_moment")
def test_invitations_are_limited_by_day(contact: User, draft: Application) -> None:
    client, answers = as_(contact), set()
    for _ in range(21):
        sent = {"editor-name": "B", "editor-email": "b@example.org", "editor-language": "ar"}
        answers.add(client.post(url("invite_application_editor", draft.pk), sent).status_code)
    assert answers == {302, 429}


# --- What an editor may ---------------------------------------------------------------------------


def test_an_editor_reads_writes_and_answers_and_does_nothing_else(
    cast: Cast, contact: User, bilal: User
) -> None:
    application = application_in(State.INFORMATION_REQUESTED, cast, contact)
    editor_of(application, bilal)
    client = as_(bilal)
    for name in ("application", "application_form", "application_people"):
        assert client.get(url(name, application.pk)).status_code == 200
    section = reverse("members:application_section", args=[application.pk, "reasons"])
    sent = {"version": "1", "aims": "To learn more.", "letter_text": "We ask."}
    assert client.post(section, sent).status_code == 302
    answer = client.post(url("answer_application", application.pk), {"answer": "These."})
    assert answer.status_code == 302
    application.refresh_from_db()
    assert (application.aims, application.state) == ("To learn more.", State.UNDER_REVIEW)
    assert client.get(url("withdraw_application", application.pk)).status_code == 403
    assert client.post(url("withdraw_application", application.pk)).status_code == 403
    assert client.post(url("invite_application_editor", application.pk)).status_code == 403
    assert client.post(url("transfer_application", application.pk)).status_code == 403
    with pytest.raises(PermissionDenied):
        applicants.withdraw_application(application=application, actor=bilal)
    with pytest.raises(PermissionDenied):
        invited(application, bilal)
    with pytest.raises(PermissionDenied):
        people.transfer_contact(application=application, to=application.editors.get(), actor=bilal)


def test_nobody_reviews_what_they_write(cast: Cast, contact: User) -> None:
    application = application_in(State.SUBMITTED, cast, contact)
    editor_of(application, cast.dina)
    with pytest.raises(PermissionDenied):
        review.start_review(application=application, actor=cast.dina, mandate=cast.dina_mandate)
    assert as_(cast.dina).post(url("start_review", application.pk)).status_code == 403


def test_others_see_nothing_of_it(cast: Cast, contact: User, bilal: User) -> None:
    """Neither who writes another application, nor another delegation."""
    application = application_in(State.SUBMITTED, cast, contact)
    editor = editor_of(application, bilal)
    invitation = invited(application, contact, "x@example.org")
    other = make_user("other.contact")
    applicants.start_application(actor=other)
    for stranger in (other, cast.amal, cast.chloe):
        client = as_(stranger)
        assert client.get(url("application_people", application.pk)).status_code == 404
        for name, *args in (
            ("invite_application_editor",),
            ("transfer_application",),
            ("remove_application_editor", editor.pk),
            ("revoke_application_place", invitation.pk),
        ):
            assert client.post(url(name, application.pk, *args)).status_code == 404
    assert application.editors.exists()


def test_letters_go_to_the_editors_too(cast: Cast, contact: User, bilal: User) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    editor_of(application, bilal)
    review.request_information(
        application=application, question="Why?", actor=cast.dina, mandate=cast.dina_mandate
    )
    jobs = ProcrastinateJob.objects.filter(
        task_name="members.send_application_letter", args__letter="information_requested"
    )
    assert {job.args["user_id"] for job in jobs} == {contact.pk, bilal.pk}


# --- Going out ------------------------------------------------------------------------------------


def test_the_contact_takes_an_editor_out(contact: User, bilal: User, draft: Application) -> None:
    editor = editor_of(draft, bilal)
    address = url("remove_application_editor", draft.pk, editor.pk)
    assert as_(contact).post(address).status_code == 302
    people.remove_editor(editor=editor, actor=contact)
    assert letters() == [("editor_removed", bilal.pk)]
    assert acts(draft) == ["application.editor_removed"]
    assert as_(bilal).get(url("application", draft.pk)).status_code == 404
    with pytest.raises(PermissionDenied):
        applicants.save_application(application=draft, fields={"aims": "x"}, actor=bilal)


def test_an_editor_leaves_and_takes_out_nobody_else(
    contact: User, bilal: User, draft: Application
) -> None:
    editor, other = editor_of(draft, bilal), editor_of(draft, make_user("third"))
    client = as_(bilal)
    address = url("remove_application_editor", draft.pk, other.pk)
    assert client.post(address).status_code == 403
    assert client.post(url("remove_application_editor", draft.pk, editor.pk)).status_code == 302
    assert [e.pk for e in draft.editors.all()] == [other.pk]
    assert letters() == [("editor_left", contact.pk)]


# --- The contact ----------------------------------------------------------------------------------


def test_the_contact_passes_it_on_to_an_editor_and_writes_on(
    contact: User, bilal: User, draft: Application
) -> None:
    editor = editor_of(draft, bilal)
    waiting = people.invite_contact(
        application=draft, email="z@example.org", name="Z", language="fr", actor=contact
    )
    sent = {"contact-to": str(editor.pk)}
    assert as_(contact).post(url("transfer_application", draft.pk), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.contact == bilal
    assert [e.user for e in draft.editors.all()] == [contact]
    assert (draft.contact_position, draft.contact_phone) == ("", "")
    waiting.refresh_from_db()
    assert waiting.revoked_at
    assert letters() == [("contact_taken_over", bilal.pk), ("contact_given_away", contact.pk)]
    entry = next(e for e in AuditEntry.objects.about(draft) if e.act.endswith("contact_changed"))
    assert (entry.before, entry.after) == ({"user": contact.pk}, {"user": bilal.pk})


def test_somebody_else_becomes_the_contact_by_accepting(
    contact: User, bilal: User, draft: Application
) -> None:
    sent = {
        "contact-to": "other",
        "contact-name": "Bilal",
        "contact-email": bilal.email,
        "contact-language": "ar",
    }
    for name in ("contact-name", "contact-email", "contact-language"):
        response = as_(contact).post(url("transfer_application", draft.pk), {**sent, name: ""})
        assert response.status_code == 422
    assert as_(contact).post(url("transfer_application", draft.pk), sent).status_code == 302
    draft.refresh_from_db()
    assert draft.contact == contact
    invitation = Invitation.objects.get()
    with pytest.raises(ValidationError) as refused:
        people.invite_contact(
            application=draft, email="z@example.org", name="Z", language="fr", actor=contact
        )
    assert refused.value.code == "contact_invited"
    invitations.accept_invitation(invitation=invitation, token=invitation.token, actor=bilal)
    draft.refresh_from_db()
    assert draft.contact == bilal
    assert [e.user for e in draft.editors.all()] == [contact]


def test_who_is_the_contact_no_longer_makes_nobody_the_contact(
    contact: User, bilal: User, draft: Application
) -> None:
    waiting = people.invite_contact(
        application=draft, email=bilal.email, name="B", language="ar", actor=contact
    )
    Application.objects.filter(pk=draft.pk).update(contact=make_user("third"))
    with pytest.raises(InvitationClosedError):
        invitations.accept_invitation(invitation=waiting, token=waiting.token, actor=bilal)


def test_the_secretariat_replaces_a_contact_who_is_gone(
    cast: Cast, contact: User, bilal: User
) -> None:
    application = application_in(State.UNDER_REVIEW, cast, contact)
    editor = editor_of(application, bilal)
    client, address = as_(cast.dina), url("transfer_application", application.pk)
    assert client.post(address, {"contact-to": str(editor.pk)}).status_code == 422  # why?
    sent = {"contact-to": str(editor.pk), "contact-reason": "She has left."}
    assert client.post(address, sent).status_code == 302
    application.refresh_from_db()
    assert application.contact == bilal
    assert not application.editors.exists()
    assert as_(contact).get(url("application", application.pk)).status_code == 404
    entry = AuditEntry.objects.get(act="application.contact_changed")
    assert entry.after["reason"] == "She has left."
    assert entry.actor_id == cast.dina.pk
    # The new contact says who they are, in any state that is not the end.
    at = reverse("members:application_section", args=[application.pk, "contact"])
    said = {"version": "2", "contact_position": "Deputy", "contact_phone": "+1 22"}
    assert as_(bilal).get(at).status_code == 200
    assert as_(bilal).post(at, said).status_code == 302
    application.refresh_from_db()
    assert application.contact_position == "Deputy"
    assert [r.number for r in application.revisions.all()] == [0, 1]


def test_the_secretariat_invites_no_editors_and_sees_no_draft(
    cast: Cast, contact: User, draft: Application
) -> None:
    client = as_(cast.dina)
    assert client.get(url("application_people", draft.pk)).status_code == 404
    application = application_in(State.SUBMITTED, cast, make_user("another"))
    assert client.get(url("application_people", application.pk)).status_code == 200
    assert client.post(url("invite_application_editor", application.pk)).status_code == 403
    with pytest.raises(PermissionDenied):
        invited(application, cast.dina)


@pytest.mark.parametrize("state", [State.WITHDRAWN, State.DECLINED, State.ACTIVE])
def test_nothing_changes_any_more_in_the_end(
    cast: Cast, contact: User, bilal: User, state: State
) -> None:
    application = application_in(state, cast, contact)
    editor = editor_of(application, bilal)
    with pytest.raises(PermissionDenied):
        invited(application, contact, "x@example.org")
    with pytest.raises(PermissionDenied):
        people.transfer_contact(application=application, to=editor, actor=contact)


def test_accepting_and_passing_on_at_once(transactional_db: None) -> None:
    """One contact in the end, and no deadlock."""
    Cast()
    contact, bilal, third = (make_user(name) for name in ("contact", "bilal.editor", "third"))
    draft = applicants.start_application(actor=contact)
    editor = editor_of(draft, third)
    invitation = people.invite_contact(
        application=draft, email=bilal.email, name="B", language="ar", actor=contact
    )
    ends = at_once(
        lambda: people.transfer_contact(application=draft, to=editor, actor=contact),
        lambda: invitations.accept_invitation(
            invitation=invitation, token=invitation.token, actor=bilal
        ),
        refusals=(InvitationClosedError, PermissionDenied),
    )
    draft.refresh_from_db()
    assert len(ends) == 2
    assert ends.count("done") == 1
    assert draft.contact in (bilal, third)
    assert draft.editors.filter(user=contact).count() == 1


def test_the_page_costs_the_same_for_one_and_three(contact: User, draft: Application) -> None:
    client, costs = as_(contact), []
    for number in range(3):
        editor_of(draft, make_user(f"editor{number}"))
        invited(draft, contact, f"x{number}@example.org")
        client.get(url("application_people", draft.pk))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url("application_people", draft.pk)).status_code == 200
        costs.append(len(queries))
    assert costs[0] == costs[1] == costs[2]
