"""Requests to join a group: who asks, who answers, who is told; two who answer at once."""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse

from members import emails_groups, tasks_groups
from members.actions.group_life import close_group
from members.actions.groups import (
    GroupClosedError,
    add_group_member,
    change_place,
    remove_group_member,
)
from members.actions.join_requests import (
    AlreadyAnsweredError,
    AlreadyAskedError,
    accept_request,
    ask_to_join,
    decline_request,
    withdraw_request,
)
from members.actions.people import end_mandate
from members.emails import rendered
from members.enums import Capacity, GroupRole, JoinState
from members.models import Group, GroupMember, Institution, JoinRequest, Mandate, User
from portal.data_export.contents import PARTS
from portal.desk import desk_of
from portal.letters import TASKS
from records.models import AuditEntry
from records.verification import verify_audit_log
from tests import races
from tests.factories import Cast, make_mandate, make_user
from tests.members.groups import (
    by,
    focal_of_poland,
    letter_jobs,
    letters,
    make_group,
    office,
    signed_in,
)


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


@pytest.fixture
def filip(cast: Cast) -> tuple[User, Mandate]:
    return focal_of_poland(cast, language="fr")


def ask(group: Group, person: tuple[User, Mandate], **more: Any) -> JoinRequest:
    given = {"role": GroupRole.MEMBER, "words": "We have <b>trainers</b>."}
    return ask_to_join(group=group, **given | more, **by(*person))  # type: ignore[arg-type]


def state_of(request: JoinRequest) -> str:
    return JoinRequest.objects.get(pk=request.pk).state


def is_in(group: Group, institution: Institution) -> bool:
    return group.members.current().filter(institution=institution).exists()


def answers(cast: Cast) -> dict[str, Any]:
    return by(cast.amal, cast.amal_mandate)


def acts(group: Group) -> list[str]:
    return [e.act for e in AuditEntry.objects.about(group).order_by("number")][1:]


# --- Asking ---------------------------------------------------------------------------------------
def test_head_and_focal_point_ask_once_and_who_answers_is_told(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    deputy, watcher = make_user("erin"), make_user("watcher")
    make_mandate(deputy, cast.kr, Capacity.ALTERNATE)
    make_mandate(watcher, cast.kr, Capacity.OBSERVER)
    request = ask(group, filip)
    assert letters() == [
        ("asked", cast.dina.pk),
        ("asked", cast.amal.pk),
        ("asked", deputy.pk),
    ]
    with pytest.raises(AlreadyAskedError):
        ask(group, filip)
    with pytest.raises(AlreadyAskedError):
        ask(group, (cast.bilal, cast.bilal_mandate))  # is in it
    with pytest.raises(PermissionDenied):
        ask(group, (cast.chloe, cast.chloe_mandate))  # a delegate
    with pytest.raises(PermissionDenied):
        ask(group, (cast.chloe, filip[1]))  # another's mandate
    with pytest.raises(PermissionDenied):
        ask(group, filip, role=GroupRole.CHAIR)
    assert (state_of(request), is_in(group, cast.pl)) == ("pending", False)
    assert acts(group) == ["group.join_asked"]


def test_nobody_asks_to_join_a_closed_group(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    request = ask(group, filip)
    close_group(group=group, reason="It has reported.", **office(cast))
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "It has reported.")
    assert ("declined", filip[0].pk) in letters()
    assert ("closed", filip[0].pk) not in letters()  # it has no place
    with pytest.raises(GroupClosedError):
        ask(group, filip)
    with pytest.raises(AlreadyAnsweredError):
        accept_request(request=request, **answers(cast))


def test_ones_own_requests_are_in_the_copy_of_ones_data(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    ask(group, filip)
    [part] = [part for part in PARTS if part.key == "join_requests"]
    [row] = part.rows(filip[0])
    assert (row["group"], row["institution"], row["text"]) == (
        "Culture",
        "Institution PL",
        "We have <b>trainers</b>.",
    )
    assert set(row) == set(part.columns)
    assert list(part.rows(cast.amal)) == []


# --- Answering ------------------------------------------------------------------------------------
def test_a_chair_accepts_and_the_institution_is_in(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    request = ask(group, filip, role=GroupRole.OBSERVER)
    for _ in range(2):
        accept_request(request=request, **answers(cast))
    assert state_of(request) == "accepted"
    place = group.members.current().get(institution=cast.pl)
    assert place.role == GroupRole.OBSERVER
    assert letters()[2:] == [("accepted", filip[0].pk)]
    assert acts(group) == ["group.join_asked", "group.join_accepted", "group.member_added"]


def test_it_is_declined_with_a_reason_and_asked_anew(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    request = ask(group, filip)
    for _ in range(2):
        decline_request(request=request, reason="It is full.", **office(cast))
    request.refresh_from_db()
    assert (request.state, request.reason) == ("declined", "It is full.")
    assert letters()[2:] == [("declined", filip[0].pk)]
    with pytest.raises(AlreadyAnsweredError):
        accept_request(request=request, **answers(cast))
    with pytest.raises(AlreadyAnsweredError):
        decline_request(request=request, reason="Twice.", **answers(cast))
    with pytest.raises(AlreadyAnsweredError):
        withdraw_request(request=request, **by(*filip))
    assert state_of(ask(group, filip)) == "pending"
    assert acts(group) == ["group.join_asked", "group.join_declined", "group.join_asked"]


def test_who_asked_takes_it_back_and_nobody_else(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    request = ask(group, filip)
    for user, mandate in ((cast.amal, cast.amal_mandate), (cast.dina, cast.dina_mandate)):
        with pytest.raises(PermissionDenied):
            withdraw_request(request=request, **by(user, mandate))
    for _ in range(2):
        withdraw_request(request=request, **by(*filip))
    assert state_of(request) == "withdrawn"
    assert letters()[2:] == [("withdrawn", cast.dina.pk), ("withdrawn", cast.amal.pk)]
    with pytest.raises(AlreadyAnsweredError):
        accept_request(request=request, **answers(cast))
    assert not is_in(group, cast.pl)


@pytest.mark.parametrize(
    "who", ["member", "delegate of the chair", "observer", "stranger", "asker"]
)
def test_others_answer_nothing(
    cast: Cast, group: Group, filip: tuple[User, Mandate], who: str
) -> None:
    request = ask(group, filip)
    erin = make_user("erin")
    capacity = Capacity.OBSERVER if who == "observer" else Capacity.DELEGATE
    user, mandate = {
        "member": (cast.bilal, cast.bilal_mandate),
        "stranger": (cast.chloe, cast.chloe_mandate),
        "asker": filip,
    }.get(who) or (erin, make_mandate(erin, cast.kr, capacity))
    with pytest.raises(PermissionDenied):
        accept_request(request=request, **by(user, mandate))
    with pytest.raises(PermissionDenied):
        decline_request(request=request, reason="No", **by(user, mandate))
    assert state_of(request) == "pending"


def test_nobody_answers_their_own_request(cast: Cast, group: Group) -> None:
    """A person of the secretariat who also heads the delegation that asks."""
    head = make_mandate(cast.dina, cast.pl, Capacity.HEAD)
    request = ask(group, (cast.dina, head))
    assert letters() == [("asked", cast.amal.pk)]
    with pytest.raises(PermissionDenied):
        accept_request(request=request, **office(cast))
    assert "waiting" in desk_of(cast.dina, _speaking(cast.dina_mandate))
    accept_request(request=request, **answers(cast))
    assert is_in(group, cast.pl)


def test_it_is_answered_by_the_mandate_that_runs_the_group(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    """Not by another of the same person, for which they speak just now."""
    asked = ask(group, filip)
    other = make_mandate(cast.dina, cast.ng, Capacity.ADVISER)
    client = signed_in(cast.dina)
    client.post(reverse("members:choose_mandate"), {"mandate": other.pk})
    client.post(reverse("members:accept_join_request", args=[asked.pk]))
    asked.refresh_from_db()
    assert (asked.state, asked.answered_by) == ("accepted", cast.dina_mandate)


def test_who_is_named_as_chair_answers_and_finds_it_on_the_desk(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    erin = make_user("erin")
    named = make_mandate(erin, cast.kr, Capacity.DELEGATE)
    request = ask(group, filip)
    assert _waiting(erin, named) == []
    change_place(
        group=group,
        institution=cast.kr,
        role=GroupRole.CHAIR,
        representative=named,
        **answers(cast),
    )
    note = "This institution asks to join “\u2068Culture\u2069”."
    for user, mandate in (
        (erin, named),
        (cast.amal, cast.amal_mandate),
        (cast.dina, cast.dina_mandate),
    ):
        assert _waiting(user, mandate) == [("Institution PL", note)]
    assert _waiting(cast.bilal, cast.bilal_mandate) == []
    accept_request(request=request, **by(erin, named))
    assert _waiting(erin, named) == []


def _speaking(mandate: Mandate) -> Mandate:
    return Mandate.objects.running().for_speaking().get(pk=mandate.pk)


def _waiting(user: User, mandate: Mandate) -> list[tuple[str, str]]:
    tasks = desk_of(user, _speaking(mandate))["waiting"]
    return [(task.title.text, task.note) for task in tasks if "join" in task.note]


def test_who_is_added_by_hand_has_nothing_to_ask_for(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    request = ask(group, filip)
    add_group_member(group=group, institution=cast.pl, **office(cast))
    request.refresh_from_db()
    assert (request.state, request.answered_by) == ("accepted", cast.dina_mandate)
    assert letters()[2:] == [("accepted", filip[0].pk)]


# --- Letters --------------------------------------------------------------------------------------
def sent(job: dict[str, Any]) -> EmailMultiAlternatives | None:
    mail.outbox.clear()
    tasks_groups.send_group_letter(**job)
    found = [*mail.outbox]
    assert len(found) <= 1
    return found[0] if found else None  # type: ignore[return-value]


def test_each_is_told_in_their_language_and_of_nothing_that_is_past(
    cast: Cast, group: Group, filip: tuple[User, Mandate]
) -> None:
    User.objects.filter(pk=cast.amal.pk).update(language="ar")
    request = ask(group, filip)
    office_job, chair_job = letter_jobs()
    to_chair = sent(chair_job)
    assert to_chair
    assert to_chair.subject == "مؤسسة تطلب الانضمام إلى فريق"
    assert "We have <b>trainers</b>." in to_chair.body
    [(html, _kind)] = to_chair.alternatives
    assert "&lt;b&gt;trainers" in str(html)
    assert '<html lang="ar" dir="rtl">' in str(html)
    assert f"http://testserver/ar/join-requests/{request.pk}/" in to_chair.body
    decline_request(request=request, reason="C’est complet.", **office(cast))
    assert sent(office_job) is None  # answered meanwhile
    to_poland = sent(letter_jobs()[-1])
    assert to_poland
    assert to_poland.to == [filip[0].email]
    assert "C’est complet." in to_poland.body
    assert "/fr/join-requests/" in to_poland.body
    make_mandate(make_user("other"), cast.pl, Capacity.FOCAL_POINT)  # a delegation keeps one
    end_mandate(ending=filip[1], **office(cast))
    assert sent(letter_jobs()[-1]) is None  # they speak for Poland no longer


def test_a_letter_about_a_place_is_not_sent_once_it_is_not_so(cast: Cast, group: Group) -> None:
    add_group_member(group=group, institution=cast.pl, **office(cast))
    assert letters() == []  # nobody speaks for Poland
    head = make_mandate(make_user("head"), cast.pl)
    remove_group_member(group=group, institution=cast.pl, **office(cast))
    [removed] = letter_jobs()
    told = sent(removed)
    assert told
    assert told.to == [head.user.email]
    add_group_member(group=group, institution=cast.pl, **office(cast))
    assert sent(removed) is None


@pytest.mark.parametrize("letter", list(emails_groups.LETTERS))
@pytest.mark.parametrize("language", ["ar", "en", "fr"])
def test_every_letter_can_be_written(
    cast: Cast, group: Group, filip: tuple[User, Mandate], letter: str, language: str
) -> None:
    Institution.objects.filter(pk=cast.pl.pk).update(names={"en": "<b>100% Institute</b>"})
    cast.pl.refresh_from_db()
    cast.amal.language = language
    request = ask(group, filip)
    written = emails_groups.group_letter(letter, group, cast.pl, cast.amal, request)
    assert written.subject
    made = rendered(written, "Amal")
    assert "<b>100% Institute</b>" in made.text
    assert "<bdi>&lt;b&gt;100% Institute&lt;/b&gt;</bdi>" in "".join(filter(None, made.parts))
    assert written.url.startswith(f"http://testserver/{language}/")
    assert "members.send_group_letter" in TASKS


# --- Two at once ----------------------------------------------------------------------------------
@pytest.fixture
def many(transactional_db: None) -> Iterator[Cast]:
    yield Cast()
    assert verify_audit_log() is None


at_once = partial(races.at_once, refusals=(AlreadyAnsweredError, AlreadyAskedError))


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_one_wins_and_the_other_is_told(many: Cast) -> None:
    group, filip = make_group(many), focal_of_poland(many)
    request = ask(group, filip)
    ends = at_once(
        lambda: accept_request(request=request, **answers(many)),
        lambda: decline_request(request=request, reason="No", **office(many)),
    )
    assert ends == ["AlreadyAnsweredError", "done"]
    assert is_in(group, many.pl) == (state_of(request) == JoinState.ACCEPTED)
    answered = [(a, b) for a, b in letters() if a in ("accepted", "declined")]
    assert answered == [(state_of(request), filip[0].pk)]


@pytest.mark.django_db(transaction=True)
def test_of_two_who_accept_one_gives_the_place(many: Cast) -> None:
    group, filip = make_group(many), focal_of_poland(many)
    request = ask(group, filip)
    ends = at_once(
        lambda: accept_request(request=request, **answers(many)),
        lambda: accept_request(request=request, **office(many)),
    )
    assert ends == ["AlreadyAnsweredError", "done"]
    assert GroupMember.objects.filter(group=group, institution=many.pl).count() == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_who_ask_in_one_name_one_has_asked(many: Cast) -> None:
    group, filip = make_group(many), focal_of_poland(many)
    head = make_mandate(make_user("head"), many.pl)
    ends = at_once(lambda: ask(group, filip), lambda: ask(group, (head.user, head)))
    assert ends == ["AlreadyAskedError", "done"]
    assert JoinRequest.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_what_is_taken_back_is_not_accepted(many: Cast) -> None:
    group, filip = make_group(many), focal_of_poland(many)
    request = ask(group, filip)
    ends = at_once(
        lambda: withdraw_request(request=request, **by(*filip)),
        lambda: accept_request(request=request, **answers(many)),
    )
    assert ends == ["AlreadyAnsweredError", "done"]
    assert is_in(group, many.pl) == (state_of(request) == JoinState.ACCEPTED)
