"""What the assembly reads before it decides: the secretariat's advice, and the dossier."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from assembly import actions
from assembly.actions.papers import ask_for_item_dossier
from assembly.models import AgendaItem, ItemDossier, Meeting
from assembly.tasks import make_item_dossier
from members.actions import applicants
from members.dossiers.making import Advice, contents
from members.enums import ApplicationState as State
from members.enums import Capacity, MembershipClass
from members.models import Application, User
from tests.assembly.test_results import by, decide, hold, item_of
from tests.factories import Cast, make_institution, make_mandate, make_user
from tests.members.applications import application_in

REASONS = "It meets the charter."


@pytest.fixture
def applicant(cast: Cast) -> User:
    return make_user("contact")


@pytest.fixture
def question(cast: Cast, meeting: Meeting, applicant: User) -> AgendaItem:
    return item_of(meeting, cast, applicant)


def page(item: AgendaItem, name: str = "agenda_item", *more: Any) -> str:
    return reverse(f"assembly:{name}", args=[item.meeting_id, item.position, *more])


def seen_by(user: User, address: str) -> tuple[int, str]:
    client = Client()
    client.force_login(user)
    answer = client.get(address)
    if answer.streaming or answer.status_code != 200:
        return answer.status_code, ""
    return answer.status_code, answer.content.decode()


def test_who_takes_part_reads_the_advice_and_the_dossier(cast: Cast, question: AgendaItem) -> None:
    assert question.application is not None
    document = question.application.papers[0]
    associate = make_user("associate")
    make_mandate(associate, make_institution("FR", membership_class=MembershipClass.ASSOCIATE))
    for user in (cast.amal, cast.chloe, associate, cast.dina):
        _status, shown = seen_by(user, page(question))
        assert REASONS in shown
        assert "The secretariat recommends the admission." in shown
        status, dossier = seen_by(user, page(question, "item_dossier"))
        assert (status, "To learn." in dossier) == (200, True)
        assert "+52 55 1234" not in dossier
        assert "contact@example.org" not in dossier
        assert seen_by(user, page(question, "item_document", document.pk))[0] == 200


def test_who_does_not_take_part_reads_neither(
    cast: Cast, question: AgendaItem, applicant: User
) -> None:
    assert question.application is not None
    document = question.application.papers[0]
    observer, of_observer = make_user("observer"), make_user("quiet")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    make_mandate(of_observer, make_institution("FR", membership_class=MembershipClass.OBSERVER))
    applying = make_user("applying")  # a delegate who writes the application too
    make_mandate(applying, cast.ng)
    question.application.editors.create(user=applying)
    bound = make_user("bound")
    make_mandate(bound, cast.pl)
    reviewer = question.application.reviewers.create(user=bound, assigned_by=cast.dina)
    reviewer.conflict_reason, reviewer.conflict_at = "Kin.", question.application.state_since
    reviewer.save()
    for user in (observer, of_observer, applying, bound):
        status, shown = seen_by(user, page(question))
        assert (status, REASONS in shown) == (200, False)
        for name, more in (("item_dossier", ()), ("item_document", (document.pk,))):
            assert seen_by(user, page(question, name, *more))[0] == 404
        with pytest.raises(PermissionDenied):
            ask_for_item_dossier(item=question, language="en", **by(user))
    for user in (applicant, make_user("stranger")):
        for name, more in (("agenda_item", ()), ("item_dossier", ()), ("item_document", (1,))):
            assert seen_by(user, page(question, name, *more))[0] == 404
    assert Client().get(page(question, "item_dossier")).status_code == 302


def test_nothing_is_read_before_the_referral_nor_by_another_question(
    cast: Cast, meeting: Meeting, question: AgendaItem
) -> None:
    other = application_in(State.RECOMMENDED, cast, make_user("other"))
    assert seen_by(cast.amal, page(question, "item_document", other.papers[0].pk))[0] == 404
    free = actions.add_agenda_item(meeting=meeting, titles={"en": "Budget"}, **by(cast.dina))
    assert seen_by(cast.amal, page(free, "item_dossier"))[0] == 404
    placed = actions.place_on_agenda(meeting=meeting, application=other, **by(cast.dina))
    assert seen_by(cast.amal, page(placed, "item_document", other.papers[0].pk))[0] == 200


def test_the_dossier_closes_with_the_question_and_the_advice_stays(
    cast: Cast, question: AgendaItem
) -> None:
    decide(question, cast, "in_favour")
    assert REASONS in seen_by(cast.amal, page(question))[1]
    assert seen_by(cast.amal, page(question, "item_dossier"))[0] == 404


def test_of_a_withdrawn_application_nothing_is_shown(
    cast: Cast, question: AgendaItem, applicant: User
) -> None:
    application = Application.objects.get(agenda_items=question)
    applicants.withdraw_application(application=application, actor=applicant)
    assert REASONS not in seen_by(cast.amal, page(question))[1]
    assert seen_by(cast.amal, page(question, "item_dossier"))[0] == 404


def test_nor_where_it_was_withdrawn_after_the_vote(
    cast: Cast, meeting: Meeting, question: AgendaItem, applicant: User
) -> None:
    hold(meeting, cast)
    decide(question, cast, "in_favour")
    assert seen_by(cast.amal, page(question, "item_dossier"))[0] == 200  # until it is released
    application = Application.objects.get(agenda_items=question)
    applicants.withdraw_application(application=application, actor=applicant)
    assert REASONS not in seen_by(cast.amal, page(question))[1]
    assert seen_by(cast.amal, page(question, "item_dossier"))[0] == 404


def test_what_was_advised_stays_with_its_meeting(cast: Cast, question: AgendaItem) -> None:
    actions.defer_question(agenda_item=question, conditions="A budget.", seen=0, **by(cast.dina))
    Application.objects.filter(agenda_items=question).update(recommendation="Other reasons.")
    assert REASONS in seen_by(cast.amal, page(question))[1]


def test_it_is_advised_against(cast: Cast, meeting: Meeting) -> None:
    application = application_in(State.NOT_RECOMMENDED, cast, make_user("contact"))
    item = actions.place_on_agenda(meeting=meeting, application=application, **by(cast.dina))
    shown = seen_by(cast.amal, page(item))[1]
    assert "The secretariat does not recommend the admission." in shown


def test_the_pdf_is_made_once_for_all(cast: Cast, question: AgendaItem) -> None:
    client = Client()
    client.force_login(cast.amal)
    making, file = page(question, "make_item_dossier"), page(question, "item_dossier_file", "fr")
    assert client.get(file).status_code == 404
    assert client.post(making, {"language": "fr"}).status_code == 302
    dossier = ItemDossier.objects.get()
    make_item_dossier(dossier_id=dossier.pk)
    made = ItemDossier.objects.get()
    assert made.file is not None
    client.force_login(cast.bilal)
    client.post(making, {"language": "fr"})
    assert ItemDossier.objects.get().made_at == made.made_at
    answer = client.get(file)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    assert seen_by(observer, file)[0] == 404


def test_what_the_pdf_leaves_out(cast: Cast, question: AgendaItem) -> None:
    assert question.application is not None
    application = Application.objects.for_dossier().get(pk=question.application.pk)
    asked = application.information_requests.model(question="Secret?", answer="Secret!")
    asked.application, asked.asked_by = application, cast.dina
    asked.save()
    application = Application.objects.for_dossier().get(pk=application.pk)
    said = str(contents(application, advice=Advice("Yes.", REASONS)))
    assert REASONS in said
    assert "Secret" not in said
    assert "+52 55 1234" not in said


def test_the_page_asks_as_much_however_many_documents_there_are(
    cast: Cast, question: AgendaItem, django_assert_max_num_queries: Any
) -> None:
    client = Client()
    client.force_login(cast.amal)
    address = page(question, "item_dossier")
    client.get(address)
    assert question.application is not None
    first = question.application.papers[0]
    with django_assert_max_num_queries(100) as before:
        client.get(address)
    for number in range(5):
        question.application.documents.create(
            file=first.file, kind="other", name=f"{number}.pdf", uploaded_by=first.uploaded_by
        )
    with django_assert_max_num_queries(len(before)):
        client.get(address)


def test_a_reviewer_who_sits_reads_as_delegates_do(cast: Cast, question: AgendaItem) -> None:
    assert question.application is not None
    question.application.reviewers.create(user=cast.amal, assigned_by=cast.dina)
    assert seen_by(cast.amal, page(question, "item_dossier"))[0] == 200
