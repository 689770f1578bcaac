"""A form that is sent twice makes one group and one date, and lets members be told once."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.group_dates import change_date, set_date
from members.actions.group_life import change_group
from members.actions.groups import SentBeforeError, create_group
from members.enums import GroupKind
from members.models import Group, GroupDate
from messaging.models import Room
from records.models import AuditEntry
from tests.factories import Cast
from tests.members.group_space import said, typed
from tests.members.groups import by, make_group, office, signed_in
from tests.portal.test_races import at_once

STATES = {"state_ar": "draft", "state_en": "final", "state_fr": "draft"}


def make(cast: Cast, client_id: UUID, **more: Any) -> Group:
    given: dict[str, Any] = {"kind": GroupKind.COMMITTEE, "names": {"en": "Law"}, "members": {}}
    return create_group(**given | more, client_id=client_id, **office(cast))


def told() -> int:
    return ProcrastinateJob.objects.filter(task_name="members.tell_members_of_date").count()


def test_a_group_is_made_once(cast: Cast) -> None:
    sent = uuid4()
    group = make(cast, sent, mandate_texts={"en": "To report."}, mandate_states={"en": "final"})
    words: dict[str, Any] = {
        "mandate_texts": {"en": "To report."},
        "mandate_states": {"en": "final"},
    }
    assert make(cast, sent, **words) == group
    change_group(
        group=group,
        names={"en": "Laws"},
        **words,
        starts_on=None,
        ends_on=None,
        secretariat_chairs=True,
        version=0,
        **office(cast),
    )
    assert make(cast, sent, **words) == group  # as it was sent, whatever was changed since
    for other in ({"names": {"en": "Budget"}}, {"kind": GroupKind.WORKING_GROUP}, {}):
        with pytest.raises(SentBeforeError):
            make(cast, sent, **other)
    assert (Group.objects.count(), Room.objects.of_group(group).count()) == (1, 1)
    assert AuditEntry.objects.filter(act="group.created").count() == 1
    assert make(cast, uuid4(), **words) != group


def test_a_date_is_set_once_and_told_once(cast: Cast) -> None:
    group, sent, chair = make_group(cast), uuid4(), by(cast.amal, cast.amal_mandate)
    words = said()
    date = set_date(group=group, said=words, client_id=sent, **chair)
    assert set_date(group=group, said=words, client_id=sent, **chair) == date
    change_date(date=date, version=1, said=said(place="Busan"), **chair)
    before = told()
    assert set_date(group=group, said=words, client_id=sent, **chair) == date
    with pytest.raises(SentBeforeError):
        set_date(group=group, said=said(place="Busan"), client_id=sent, **chair)
    assert (GroupDate.objects.count(), told()) == (1, before)
    other = make_group(cast)
    assert set_date(group=other, said=words, client_id=sent, **chair) != date


def test_the_forms_carry_a_number_of_their_own(cast: Cast) -> None:
    dina = signed_in(cast.dina)
    group = make_group(cast)
    for url, data, model in (
        (
            reverse("members:new_group"),
            {"kind": "committee", "name_en": "Law", "client_id": str(uuid4()), **STATES},
            Group,
        ),
        (reverse("members:new_group_date", args=[group.pk]), typed(), GroupDate),
    ):
        forms = [dina.get(url).content.decode() for _ in range(2)]
        numbers = {each.split('name="client_id" value="')[1][:36] for each in forms}
        assert len(numbers) == 2
        first = dina.post(url, data)
        assert first.status_code == 302
        assert dina.post(url, data)["Location"] == first["Location"]
        text = "name_en" if "name_en" in data else "title_en"
        again = dina.post(url, {**data, text: "Another"})
        assert again.status_code == 422
        assert "This form was sent before, with other words." in again.content.decode()
        assert "Another" in again.content.decode()
        assert dina.post(url, {**data, "client_id": ""}).status_code == 422
        assert dina.post(url, {**data, "client_id": "x"}).status_code == 422
        assert model.objects.count() == (2 if model is Group else 1)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one(cast: Cast) -> None:
    sent = uuid4()
    at_once(lambda: make(cast, sent), lambda: make(cast, sent))
    [group] = Group.objects.all()
    chair, words = office(cast), said()

    def put() -> None:
        set_date(group=group, said=words, client_id=sent, **chair)

    at_once(put, put)
    assert GroupDate.objects.count() == 1
