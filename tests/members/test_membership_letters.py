"""Letters about a standing: to whom, in which language, after the commit only."""

import pytest
from django.core import mail
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from members.emails_memberships import send_membership_letter
from members.enums import Capacity, MembershipClass
from members.models import User
from tests.factories import Cast, make_mandate, make_user
from tests.members.memberships import jobs, reclass, reinstate, suspend, withdraw


def html_of(message: EmailMultiAlternatives) -> str:
    [(html, _kind)] = message.alternatives
    return str(html)


def written() -> list[EmailMultiAlternatives]:
    """What goes out for the jobs that wait."""
    mail.outbox.clear()
    for job in jobs():
        send_membership_letter(**job)
    return list(mail.outbox)  # type: ignore[arg-type]


def test_heads_and_focal_points_are_told_of_every_act_and_nobody_else(cast: Cast) -> None:
    focal, gone, coming = (make_user(name) for name in ("focal", "gone", "coming"))
    make_mandate(focal, cast.kr, Capacity.FOCAL_POINT)
    make_mandate(cast.amal, cast.kr, Capacity.FOCAL_POINT)  # both: one letter
    for capacity in (Capacity.DELEGATE, Capacity.ADVISER, Capacity.OBSERVER, Capacity.ALTERNATE):
        make_mandate(make_user(str(capacity)), cast.kr, capacity)
    ended = make_mandate(gone, cast.kr)
    ended.ends_at = ended.starts_at
    ended.save()
    begins = make_mandate(coming, cast.kr)
    begins.starts_at = begins.starts_at.replace(year=2099)
    begins.save()
    shut = make_user("shut", is_active=False)
    make_mandate(shut, cast.kr)
    told: set[int] = {cast.amal.pk, focal.pk}
    for act in (suspend, reinstate, withdraw):  # also while their mandates rest
        before = len(jobs())
        opened = act(cast)
        new = jobs()[before:]
        assert [job["membership_id"] for job in new] == [opened.pk] * 2
        assert {job["user_id"] for job in new} == told
    reclass(cast, MembershipClass.ASSOCIATE, cast.ng)
    assert jobs()[-1]["user_id"] == cast.bilal.pk


def test_each_is_written_to_in_their_language(cast: Cast) -> None:
    for name, language in (("arab", "ar"), ("french", "fr")):
        make_mandate(make_user(name, language=language), cast.kr, Capacity.FOCAL_POINT)
    suspend(cast, reason="Three absences.\n\nغياب ثلاث مرات", decision="Decision 7/3 <b>")
    english, arabic, french = written()
    assert english.to == [cast.amal.email]
    assert english.subject == "The membership of your institution is suspended"
    said = " ".join(str(english.body).split())
    assert "The membership of Institution KR is suspended from 1 January 2026." in said
    assert "It rests on: Decision 7/3 <b>" in said
    assert "http://testserver/en/members/" in said
    assert "Three absences." in said
    html = html_of(english)
    assert "<bdi>Decision 7/3 &lt;b&gt;</bdi>" in html
    assert '<p dir="auto">غياب ثلاث مرات</p>' in html
    assert '<html lang="ar" dir="rtl">' in html_of(arabic)
    assert '<html lang="fr" dir="ltr">' in html_of(french)
    assert len({m.subject for m in (english, arabic, french)}) == 3


@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_every_letter_can_be_written(cast: Cast, language: str) -> None:
    cast.amal.language = language
    cast.amal.save()
    for class_ in (MembershipClass.ASSOCIATE, MembershipClass.OBSERVER, MembershipClass.FULL):
        reclass(cast, class_)
    for act in (suspend, reinstate, withdraw):
        act(cast)
    letters = written()
    assert len(letters) == 6
    assert len({str(letter.body) for letter in letters}) == 6
    for letter in letters:
        assert "%(" not in str(letter.body)
        assert "Institution KR" in str(letter.body)
        assert "Absent three times." in str(letter.body)


def test_rolled_back_act_sends_nothing(cast: Cast) -> None:
    with transaction.atomic():
        suspend(cast)
        assert len(jobs()) == 1
        transaction.set_rollback(True)
    assert jobs() == []


def test_person_who_left_gets_no_letter_and_the_queue_holds_nothing_personal(cast: Cast) -> None:
    suspend(cast)
    [job] = jobs()
    assert job.keys() == {"membership_id", "user_id"}
    User.objects.filter(pk=cast.amal.pk).update(is_active=False)
    assert written() == []
