"""What an application is reviewed by, and which of its points are met."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client
from django.urls import reverse

from members.actions import applications as actions
from members.actions import checklists
from members.actions.applications import WrongStateError
from members.actions.checklists import StaleError
from members.actions.completeness import IncompleteReviewError, open_points
from members.enums import ApplicationState as State
from members.models import Application, ReviewGuide, Tick
from members.review_defaults import default_criteria, default_points
from records.models import AuditEntry
from tests.factories import Cast, signed_in
from tests.members.reviews import Review
from tests.races import at_once

KEYS = ["letter", "founding", "credentials", "kind", "activity", "focal_point"]


@pytest.fixture
def review(cast: Cast) -> Review:
    return Review(cast)


def ticked(review: Review, key: str = "letter", **changed: Any) -> Tick | None:
    return checklists.tick_point(
        **{
            "application": review.application,
            "key": key,
            "is_met": True,
            "remark": "",
            "seen": 0,
            **review.by(review.cast.dina),
            **changed,
        }
    )


def standing(review: Review) -> dict[str, bool]:
    ticks = Tick.objects.latest_of(review.application.pk, "completeness")
    return {key: tick.is_met for key, tick in ticks.items()}


@pytest.mark.django_db
def test_a_point_is_ticked_once_and_opened_again(review: Review) -> None:
    tick = ticked(review, remark="Seen in the original.")
    assert tick == ticked(review, remark="Seen in the original.")
    assert standing(review) == {"letter": True}
    opened = ticked(review, is_met=False, seen=tick.pk)
    assert standing(review) == {"letter": False}
    assert [t.by for t in Tick.objects.order_by("pk")] == [review.cast.dina] * 2
    entries = list(AuditEntry.objects.filter(act__startswith="completeness.").order_by("number"))
    assert [(e.act, e.after) for e in entries] == [
        ("completeness.ticked", {"point": "letter", "met": True}),
        ("completeness.unticked", {"point": "letter", "met": False}),
    ]
    with pytest.raises(StaleError):
        ticked(review, remark="Again.", seen=tick.pk)
    assert Tick.objects.latest("pk") == opened


@pytest.mark.django_db
def test_who_may_not_tick(review: Review) -> None:
    for user in (review.cast.amal, review.contact, review.cast.chloe):
        with pytest.raises(PermissionDenied):
            ticked(review, actor=user)
    with pytest.raises(ValidationError) as refused:
        ticked(review, "no-such-point")
    assert refused.value.code == "no_point"
    actions.recommend_application(
        application=review.application,
        favourable=True,
        reasons="Good.",
        incomplete_because="By post.",
        **review.by(review.cast.dina),
    )
    with pytest.raises(WrongStateError):
        ticked(review)
    assert Tick.objects.count() == 0


@pytest.mark.django_db
def test_the_review_is_closed_complete_or_with_a_reason(review: Review) -> None:
    by = review.by(review.cast.dina)
    assert open_points(review.application) == KEYS
    with pytest.raises(IncompleteReviewError):
        actions.recommend_application(
            application=review.application, favourable=True, reasons="Good.", **by
        )
    for key in KEYS[:-1]:
        ticked(review, key)
    actions.recommend_application(
        application=review.application,
        favourable=True,
        reasons="Good.",
        incomplete_because="The contact is named at the assembly.",
        **by,
    )
    closing = review.application.incomplete_closings.get()
    assert (closing.points, closing.reason, closing.by) == (
        ["focal_point"],
        "The contact is named at the assembly.",
        review.cast.dina,
    )


@pytest.mark.django_db
def test_complete_it_needs_no_reason(review: Review) -> None:
    for key in KEYS:
        ticked(review, key)
    closed = actions.recommend_application(
        application=review.application,
        favourable=True,
        reasons="Good.",
        **review.by(review.cast.dina),
    )
    assert closed.state == State.RECOMMENDED
    assert closed.incomplete_closings.count() == 0


@pytest.mark.django_db
def test_a_new_version_of_the_list_keeps_its_keys(review: Review) -> None:
    by = review.by(review.cast.dina)
    ticked(review)
    points = [{"key": "letter", "labels": {"en": "A letter"}}, {"key": "n", "labels": {"en": "N"}}]
    guide = checklists.save_guide(version=0, points=points, criteria=[], **by)
    assert (guide.version, guide.made_by) == (1, review.cast.dina)
    assert checklists.save_guide(version=0, points=points, criteria=[], **by) == guide
    with pytest.raises(StaleError):
        checklists.save_guide(version=0, points=points[:1], criteria=[], **by)
    with pytest.raises(PermissionDenied):
        checklists.save_guide(
            version=1, points=points[:1], criteria=[], **review.by(review.cast.amal)
        )
    assert open_points(review.application) == ["n"]
    client = Client()
    client.force_login(review.cast.dina)
    page = client.get(reverse("members:assessment", args=[review.application.pk]))
    assert [(p.key, p.is_met, p.is_older) for p in page.context["points"]] == [
        ("letter", True, True),
        ("n", False, False),
    ]


@pytest.mark.django_db(transaction=True)
def test_two_close_the_review_at_once(cast: Cast) -> None:
    review = Review(cast)
    for key in KEYS:
        ticked(review, key)

    def close(favourable: bool) -> Any:
        return lambda: actions.recommend_application(
            application=Application.objects.get(pk=review.application.pk),
            favourable=favourable,
            reasons=f"{favourable}",
            **review.by(cast.dina),
        )

    assert at_once(close(True), close(False)) == ["done", "wrong_state"]
    kept = Application.objects.get(pk=review.application.pk)
    assert kept.recommendation == str(kept.state == State.RECOMMENDED)


@pytest.mark.django_db(transaction=True)
def test_two_tick_a_point_at_once(cast: Cast) -> None:
    review = Review(cast)
    ends = at_once(lambda: ticked(review, remark="One."), lambda: ticked(review, remark="Another."))
    assert ends == ["done", "stale"]
    assert Tick.objects.count() == 1


@pytest.mark.django_db
def test_ticking_over_http(review: Review) -> None:
    client = Client()
    client.force_login(review.cast.dina)
    url = reverse("members:tick_point", args=[review.application.pk, "letter"])
    page = reverse("members:assessment", args=[review.application.pk])
    answer = client.post(url, {"met": "yes", "remark": "‮Seen", "seen": "0"})
    assert (answer.status_code, answer["Location"]) == (302, f"{page}#point-letter")
    assert Tick.objects.get().remark == "Seen"
    stale = client.post(url, {"met": "no", "remark": "Not yet.", "seen": "0"})
    assert stale.status_code == 409
    assert "Not yet." in stale.content.decode()  # to be copied
    assert "Somebody else has changed this meanwhile." in stale.content.decode()
    assert client.post(url, {}).status_code == 422
    other = reverse("members:tick_point", args=[review.application.pk, "other"])
    assert client.post(other, {"met": "yes", "seen": "0"}).status_code == 404


def guide_data(version: int) -> dict[str, str]:
    data = {"version": str(version)}
    for name, rows in (("point", default_points()), ("criterion", default_criteria())):
        for number, row in enumerate(rows):
            data[f"{name}-{number}-key"] = row["key"]
            data[f"{name}-{number}-weight"] = str(row.get("weight", ""))
            for code in ("ar", "en", "fr"):
                data[f"{name}-{number}-label_{code}"] = row["labels"][code]
    return data


@pytest.mark.django_db
def test_the_list_is_changed_over_http(review: Review) -> None:
    client = Client()
    url = reverse("members:review_guide")
    client.force_login(review.cast.amal)
    assert client.get(url).status_code == 404
    client = signed_in(review.cast.dina)
    assert client.get(url).status_code == 200
    data = guide_data(0)
    assert client.post(url, data).status_code == 302
    assert ReviewGuide.objects.count() == 0  # nothing was changed
    data |= {"point-1-leave_out": "on", "criterion-0-weight": "5", "point-6-label_en": "A seal"}
    assert client.post(url, data).status_code == 302
    guide = ReviewGuide.objects.get()
    assert [p.key for p in guide.checkpoints][:5] == [k for k in KEYS if k != "founding"]
    assert guide.checkpoints[-1].labels == {"en": "A seal"}
    assert [c.weight for c in guide.scales] == [5, 2, 2]
    stale = client.post(url, {**data, "criterion-0-weight": "4"})
    assert stale.status_code == 409
    told = {(change.label, change.before, change.after) for change in stale.context["changes"]}
    assert ("Criterion: How far its mission is that of the network · Weight", "5", "4") in told
    version = stale.context["form"]["version"].value()
    assert (
        client.post(url, {**data, "version": version, "criterion-0-weight": "4"}).status_code == 302
    )
    assert ReviewGuide.objects.count() == 2
    assert client.post(url, {}).status_code == 422


def test_versions_are_read_and_compared(review: Review) -> None:
    by = review.by(review.cast.dina)
    own = ReviewGuide.objects.current()
    points = [own.points[0] | {"article": "4.2"}, *own.points[1:]]
    checklists.save_guide(version=0, points=points, criteria=own.criteria, **by)
    checklists.save_guide(version=1, points=points[:2], criteria=[], **by)
    client = Client()
    client.force_login(review.cast.dina)
    listed = reverse("members:review_guide_versions")
    assert [g.version for g in client.get(listed).context["versions"]] == [2, 1, 0]
    changes = client.get(listed, {"before": "0", "after": "1"}).context["changes"]
    assert [(c.before, c.after) for c in changes] == [("", "4.2")]
    last = client.get(listed).context["changes"]
    assert len(last) == len(client.get(listed, {"before": "1", "after": "2"}).context["changes"])
    assert client.get(listed, {"before": "9", "after": "x"}).status_code == 200
    first = client.get(reverse("members:review_guide_version", args=[1])).content.decode()
    assert "Charter, article <bdi>4.2</bdi>" in first
    assert client.get(reverse("members:review_guide_version", args=[0])).status_code == 200
    assert client.get(reverse("members:review_guide_version", args=[3])).status_code == 404
    client.force_login(review.cast.amal)
    for address in (listed, reverse("members:review_guide_version", args=[1])):
        assert client.get(address).status_code == 404


def test_points_have_an_order_and_an_article(review: Review) -> None:
    client = signed_in(review.cast.dina)
    url = reverse("members:review_guide")
    data = guide_data(0)
    last = len(KEYS) - 1
    data |= {f"point-{n}-place": str(n + 1) for n in range(len(KEYS))}
    data |= {f"point-{last}-place": "1", f"point-{last}-article": " 4.2 "}
    assert client.post(url, data).status_code == 302
    guide = ReviewGuide.objects.get()
    assert (guide.checkpoints[0].key, guide.checkpoints[0].article) == (KEYS[-1], "4.2")
    assert guide.checkpoints[1].key == KEYS[0]
    shown = client.get(url).context["form"].points
    assert [row["place"].value() for row in shown[:3]] == [1, 2, 3]
    page = reverse("members:assessment", args=[review.application.pk])
    assert "Charter, article <bdi>4.2</bdi>" in client.get(page).content.decode()
    assert client.post(url, guide_data(1) | {"point-0-place": "0"}).status_code == 422
