"""Who reviews an application, what they note and recommend, and who reads it."""

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions import applications as actions
from members.actions import reviewers
from members.actions.applications import WrongStateError
from members.actions.checklists import StaleError
from members.actions.handovers import schedule_handover
from members.enums import ApplicationState as State
from members.enums import Capacity, MembershipClass
from members.models import (
    ApplicationEditor,
    Membership,
    Recommendation,
    Reviewer,
    ReviewNote,
    User,
)
from members.review_summary import summary_of
from members.tasks_reviews import send_review_letter
from portal.data_export.contents import PARTS
from records.models import AuditEntry
from tests.factories import Cast, make_mandate, make_user
from tests.members.reviews import Review
from tests.races import at_once


@pytest.fixture
def review(cast: Cast) -> Review:
    return Review(cast)


def page_of(review: Review, user: User) -> Any:
    client = Client()
    client.force_login(user)
    return client.get(reverse("members:assessment", args=[review.application.pk]))


def letters() -> list[tuple[str, int]]:
    waiting = ProcrastinateJob.objects.filter(task_name="members.send_review_letter")
    return [(job.args["letter"], job.args["user_id"]) for job in waiting.order_by("id")]


@pytest.mark.django_db
def test_reviewers_are_assigned_once_and_told(review: Review, mailoutbox: list[Any]) -> None:
    cast = review.cast
    review.assign(cast.amal)
    assert [r.user for r in review.application.reviewers.order_by("pk")] == [cast.amal, cast.bilal]
    assert letters() == [("assigned", cast.amal.pk), ("assigned", cast.bilal.pk)]
    reviewer = Reviewer.objects.get(user=cast.amal)
    send_review_letter(letter="assigned", reviewer_id=reviewer.pk, user_id=cast.amal.pk)
    reviewers.release_reviewer(
        application=review.application, user=cast.amal, **review.by(cast.dina)
    )
    send_review_letter(letter="assigned", reviewer_id=reviewer.pk, user_id=cast.amal.pk)
    assert [m.to for m in mailoutbox] == [["amal@example.org"]]
    assert reverse("members:assessment", args=[review.application.pk]) in mailoutbox[0].body


@pytest.mark.django_db
def test_who_cannot_be_a_reviewer_or_assign(review: Review) -> None:
    cast = review.cast
    observer = make_user("observer")
    make_mandate(observer, cast.kr, Capacity.OBSERVER)
    make_mandate(review.contact, cast.pl)
    for user in (observer, review.contact, make_user("nobody")):
        with pytest.raises(ValidationError) as refused:
            review.assign(user)
        assert refused.value.code == "cannot_review"
    for actor in (cast.amal, review.contact, cast.chloe):
        with pytest.raises(PermissionDenied):
            reviewers.assign_reviewer(
                application=review.application, user=cast.chloe, **review.by(actor)
            )
    assert Reviewer.objects.count() == 2


@pytest.mark.django_db
def test_who_observes_by_now_reads_nothing_as_a_reviewer(review: Review) -> None:
    cast = review.cast
    document = review.application.documents.get()
    address = reverse("members:application_document", args=[review.application.pk, document.pk])
    client = Client()
    client.force_login(cast.amal)
    assert (client.get(address).status_code, page_of(review, cast.amal).status_code) == (200, 200)
    Membership.objects.current().filter(institution=cast.kr).update(
        membership_class=MembershipClass.OBSERVER
    )
    assert (client.get(address).status_code, page_of(review, cast.amal).status_code) == (404, 404)
    offered = page_of(review, cast.dina).context["assign_form"].fields["person"].choices
    assert cast.amal.pk not in {pk for pk, _name in offered}


@pytest.mark.django_db
def test_a_reviewer_is_released_after_the_review_too(review: Review) -> None:
    cast = review.cast
    actions.recommend_application(
        application=review.application,
        favourable=True,
        reasons="Good.",
        incomplete_because="By post.",
        **review.by(cast.dina),
    )
    client = Client()
    client.force_login(cast.dina)
    release = reverse("members:release_reviewer", args=[review.application.pk, cast.amal.pk])
    assert release in page_of(review, cast.dina).content.decode()
    assert client.post(release).status_code == 302
    assert page_of(review, cast.amal).status_code == 404


@pytest.mark.django_db
def test_who_writes_the_application_does_not_review_it(review: Review) -> None:
    amal, chloe = review.cast.amal, review.cast.chloe
    assert page_of(review, amal).status_code == 200
    for user in (amal, chloe):
        ApplicationEditor.objects.create(application=review.application, user=user)
    with pytest.raises(ValidationError) as refused:
        review.assign(chloe)
    assert refused.value.code == "cannot_review"
    assert page_of(review, amal).status_code == 404
    with pytest.raises(PermissionDenied):
        review.note(amal)
    reviewers.release_reviewer(
        application=review.application, user=amal, **review.by(review.cast.dina)
    )
    offered = page_of(review, review.cast.dina).context["assign_form"].fields["person"].choices
    assert {amal.pk, chloe.pk} & {pk for pk, _name in offered} == set()


@pytest.mark.django_db
def test_after_a_handover_the_secretariat_of_now_is_told_of_a_conflict(review: Review) -> None:
    cast = review.cast
    moment = timezone.now() + timedelta(days=1)
    schedule_handover(
        institution=cast.kr,
        takes_effect_at=moment,
        ending=[],
        beginning=[cast.amal],
        **review.by(cast.dina),
    )
    before = letters()
    with time_machine.travel(moment, tick=False):
        review.conflict(cast.bilal)
    assert letters() == [*before, ("conflict", cast.amal.pk)]


@pytest.mark.django_db
def test_recommendations_are_hidden_until_ones_own_is_given(review: Review) -> None:
    amal, bilal = review.cast.amal, review.cast.bilal
    review.give(amal)
    assert [r.context["is_hidden"] for r in (page_of(review, amal), page_of(review, bilal))] == [
        False,
        True,
    ]
    assert "Reasons of Amal." in page_of(review, amal).content.decode()
    assert "Reasons of Amal." not in page_of(review, bilal).content.decode()
    review.give(bilal, advice="decline")
    for user in (amal, bilal, review.cast.dina):
        shown = page_of(review, user).content.decode()
        assert "Reasons of Amal." in shown
        assert "Reasons of Bilal." in shown


@pytest.mark.django_db
def test_a_secretariat_that_reviews_does_not_look_first(review: Review) -> None:
    dina = review.cast.dina
    review.give(review.cast.amal)
    assert "Reasons of Amal." in page_of(review, dina).content.decode()
    review.assign(dina)
    assert "Reasons of Amal." not in page_of(review, dina).content.decode()
    reviewers.release_reviewer(application=review.application, user=dina, **review.by(dina))
    assert "Reasons of Amal." not in page_of(review, dina).content.decode()
    review.assign(dina)
    review.give(dina)
    assert "Reasons of Amal." in page_of(review, dina).content.decode()


@pytest.mark.django_db
def test_nothing_of_a_recommendation_is_in_the_log_or_on_other_pages(review: Review) -> None:
    cast = review.cast
    review.give(cast.amal, advice="decline", reasons="Secret reasons.")
    review.note(cast.amal, "Secret note.")
    review.assign(cast.dina)
    said = [(e.before, e.after) for e in AuditEntry.objects.filter(act__startswith="reviewer.")]
    assert "decline" not in json.dumps(said)
    pages = (
        ("members:application", [review.application.pk]),
        ("members:assessment", [review.application.pk]),
        ("members:application_list", []),
        ("members:audit_log", []),
        ("portal:home", []),
        ("portal:search", []),
    )
    for user in (cast.bilal, cast.dina, cast.chloe, review.contact):
        client = Client()
        client.force_login(user)
        for name, args in pages:
            answer = client.get(reverse(name, args=args), {"q": "Secret"})
            shown = answer.content.decode()
            assert ("Secret reasons." in shown) is False, (user.name, name)
            note_is_theirs = user in (cast.bilal, cast.dina) and name == "members:assessment"
            assert ("Secret note." in shown) is note_is_theirs, (user.name, name)


@pytest.mark.django_db
def test_who_has_no_part_in_it_finds_no_review(review: Review) -> None:
    for user in (review.cast.chloe, review.contact):
        assert page_of(review, user).status_code == 404
    address = reverse("members:assessment", args=[review.application.pk])
    assert Client().get(address).status_code == 302


@pytest.mark.django_db
def test_a_conflict_ends_reading_and_writing(review: Review) -> None:
    amal, bilal, dina = review.cast.amal, review.cast.bilal, review.cast.dina
    document = review.application.documents.get()
    client = Client()
    client.force_login(amal)
    file = reverse("members:application_document", args=[review.application.pk, document.pk])
    assert client.get(file).status_code == 200
    review.give(amal)
    review.note(bilal)
    declared = review.conflict(amal)
    assert review.conflict(amal).conflict_at == declared.conflict_at
    shown = page_of(review, amal).content.decode()
    assert "Note of Bilal." not in shown
    assert "Institute of Matters" in shown
    assert "To learn." not in shown
    assert client.get(file).status_code == 404
    for act in (review.give, review.note):
        with pytest.raises(PermissionDenied):
            act(amal)
    office = page_of(review, dina)
    assert "Kin of Amal." in office.content.decode()
    assert "Reasons of Amal." not in office.content.decode()
    assert "Kin of Amal." not in page_of(review, bilal).content.decode()
    assert letters()[-1] == ("conflict", dina.pk)


@pytest.mark.django_db
def test_a_conflict_of_the_secretariat_ends_its_steps(review: Review) -> None:
    dina = review.cast.dina
    review.assign(dina)
    review.conflict(dina)
    with pytest.raises(PermissionDenied):
        actions.recommend_application(
            application=review.application,
            favourable=True,
            reasons="Good.",
            incomplete_because="By post.",
            **review.by(dina),
        )
    with pytest.raises(PermissionDenied):
        review.assign(review.cast.chloe)


@pytest.mark.django_db
def test_the_end_of_a_mandate_ends_the_review(review: Review) -> None:
    amal = review.cast.amal
    assert page_of(review, amal).status_code == 200
    amal.mandates.update(ends_at=timezone.now())
    assert page_of(review, amal).status_code == 404
    with pytest.raises(PermissionDenied):
        review.give(amal)


@pytest.mark.django_db
def test_the_secretariat_sees_who_can_review_no_more(
    review: Review, django_assert_num_queries: Any
) -> None:
    cast, told = review.cast, "Has no mandate by which to review any more."
    client = Client()
    client.force_login(cast.dina)
    page = reverse("members:assessment", args=[review.application.pk])
    client.get(page)
    with CaptureQueriesContext(connection) as before:
        assert told not in client.get(page).content.decode()
    cast.bilal.mandates.update(ends_at=timezone.now())
    make_mandate(cast.bilal, cast.pl, Capacity.OBSERVER)
    with django_assert_num_queries(len(before)):
        assert told in client.get(page).content.decode()
    assert told not in page_of(review, cast.amal).content.decode()  # for the office alone
    reviewers.release_reviewer(
        application=review.application, user=cast.bilal, **review.by(cast.dina)
    )
    assert told not in client.get(page).content.decode()


@pytest.mark.django_db
def test_a_changed_recommendation_keeps_its_history(review: Review) -> None:
    amal = review.cast.amal
    first = review.give(amal)
    assert review.give(amal) == first
    with pytest.raises(StaleError):
        review.give(amal, advice="defer")
    second = review.give(amal, advice="admit_as", membership_class="associate", seen=1)
    assert (second.version, Recommendation.objects.count()) == (2, 2)
    (opinion,) = summary_of(
        Recommendation.objects.of_application(review.application.pk).readable_by(
            amal.pk, of_secretariat=False
        )
    ).opinions
    assert (opinion.given, opinion.earlier) == (second, [first])
    # 4 × 3 + 2 × 2 + 5 × 2, of 5 × 7
    assert (opinion.total, opinion.best) == (26, 35)


@pytest.mark.django_db
def test_the_summary_says_where_scores_differ(
    review: Review, django_assert_num_queries: Any
) -> None:
    review.give(review.cast.amal)
    review.give(review.cast.bilal, advice="defer", scores={"mission": 1})
    found = Recommendation.objects.of_application(review.application.pk).readable_by(
        review.cast.dina.pk, of_secretariat=True
    )
    with django_assert_num_queries(2):
        summary = summary_of(found)
    assert summary.counts == [("admit", 1), ("defer", 1)]
    assert [(r.label.text[:7], r.scores, r.differs_by) for r in summary.scored] == [
        ("How far", [4, 1], 3),
        ("Its sta", [2, None], 0),
        ("Its cap", [5, None], 0),
    ]
    assert [o.total for o in summary.opinions] == [26, 3]


@pytest.mark.django_db
def test_a_closed_review_takes_nothing_more(review: Review) -> None:
    actions.recommend_application(
        application=review.application,
        favourable=True,
        reasons="Good.",
        incomplete_because="By post.",
        **review.by(review.cast.dina),
    )
    for act in (review.give, review.note, review.conflict):
        with pytest.raises(WrongStateError):
            act(review.cast.amal)
    with pytest.raises(WrongStateError):
        review.assign(review.cast.chloe)
    assert (Recommendation.objects.count(), ReviewNote.objects.count()) == (0, 0)


@pytest.mark.django_db(transaction=True)
def test_two_reviewers_and_one_twice_at_once(cast: Cast) -> None:
    review = Review(cast)
    ends = at_once(
        lambda: review.give(cast.amal),
        lambda: review.give(cast.bilal),
        lambda: review.give(cast.amal, advice="defer"),
    )
    assert ends == ["done", "done", "stale"]
    assert Recommendation.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_a_recommendation_and_the_closing_at_once(cast: Cast) -> None:
    review = Review(cast)
    ends = at_once(
        lambda: review.give(cast.amal),
        lambda: actions.recommend_application(
            application=review.application,
            favourable=True,
            reasons="Good.",
            incomplete_because="By post.",
            **review.by(cast.dina),
        ),
    )
    assert ends in (["done", "done"], ["done", "wrong_state"])
    review.application.refresh_from_db()
    assert review.application.state == State.RECOMMENDED
    assert Recommendation.objects.count() == ends.count("done") - 1


@pytest.mark.django_db
def test_reviewing_over_http(review: Review) -> None:
    client = Client()
    client.force_login(review.cast.amal)
    pk = [review.application.pk]
    home = client.get(reverse("portal:home")).content.decode()
    assert reverse("members:assessment", args=pk) in home
    note, advice = (
        reverse(f"members:{name}", args=pk) for name in ("write_review_note", "give_recommendation")
    )
    sent = {"body": "A note.", "client_id": str(uuid4())}
    for _each in range(2):
        assert client.post(note, sent).status_code == 302
    assert ReviewNote.objects.get().body == "A note."
    other = client.post(note, {**sent, "body": "Another text."})
    assert other.status_code == 409
    assert "Another text." in other.content.decode()
    assert ReviewNote.objects.get().body == "A note."
    given = {"advice": "admit", "reasons": "Good.", "score_mission": "3", "seen": "0"}
    given |= {"guide_version": "0"}
    assert client.post(advice, given).status_code == 302
    assert Recommendation.objects.get().scores == {"mission": 3}
    stale = client.post(advice, {**given, "reasons": "Other."})
    assert stale.status_code == 409
    assert "Other." in stale.content.decode()
    assert client.post(advice, {**given, "advice": "admit_as", "seen": "1"}).status_code == 422
    for name in ("write_review_note", "give_recommendation", "declare_conflict"):
        assert client.post(reverse(f"members:{name}", args=pk)).status_code == 422
    for name in ("assign_reviewer",):
        assert client.post(reverse(f"members:{name}", args=pk)).status_code == 403
    client.force_login(review.cast.dina)
    assign = reverse("members:assign_reviewer", args=pk)
    assert client.post(assign).status_code == 422
    assert client.post(assign, {"person": review.cast.chloe.pk}).status_code == 302
    release = reverse("members:release_reviewer", args=[*pk, review.cast.chloe.pk])
    assert client.post(release).status_code == 302
    assert Reviewer.objects.get(user=review.cast.chloe).ended_at is not None
    assert client.post(note, sent).status_code == 403


@pytest.mark.django_db
def test_ones_own_data_holds_ones_own_words_alone(review: Review) -> None:
    amal, bilal = review.cast.amal, review.cast.bilal
    review.give(amal)
    review.note(bilal)
    (part,) = [part for part in PARTS if part.key == "reviews"]
    people = (amal, bilal, review.contact)
    said = {u.name: [(row["kind"], row["text"]) for row in part.rows(u)] for u in people}
    assert said == {
        "Amal": [("asked to review", ""), ("admit", "Reasons of Amal.")],
        "Bilal": [("asked to review", ""), ("note", "Note of Bilal.")],
        "Contact": [],
    }


@pytest.mark.django_db
def test_the_page_costs_the_same_for_more(review: Review, django_assert_num_queries: Any) -> None:
    amal, others = review.cast.amal, [make_user(f"reviewer{n}") for n in range(2)]
    client = Client()
    client.force_login(amal)
    page = reverse("members:assessment", args=[review.application.pk])
    review.give(amal)
    review.note(amal)
    client.get(page)
    with CaptureQueriesContext(connection) as one:
        client.get(page)
    for user in others:
        make_mandate(user, review.cast.kr)
        review.assign(user)
        review.give(user)
        review.note(user)
    with django_assert_num_queries(len(one)):
        client.get(page)


def test_reviewers_compare_what_the_application_said(cast: Cast) -> None:
    review = Review(cast, cast.amal, cast.bilal)
    address = reverse("members:application_revisions", args=[review.application.pk])
    review.conflict(cast.bilal)
    client = Client()
    for user, status in (
        (cast.amal, 200),
        (cast.bilal, 404),  # who has declared a conflict of interest
        (cast.chloe, 404),  # who was never asked
        (cast.dina, 200),
        (review.contact, 200),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status
        assert client.post(address).status_code == 405
    client.force_login(cast.amal)
    page = reverse("members:assessment", args=[review.application.pk])
    assert address in client.get(page).content.decode()
    reviewers.release_reviewer(
        application=review.application, user=cast.amal, **review.by(cast.dina)
    )
    assert client.get(address).status_code == 404
