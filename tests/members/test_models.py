from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from members.enums import MembershipState
from members.models import Mandate, Presidency
from tests.factories import Cast


def test_presidencies_cannot_overlap(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="presidencies_do_not_overlap"), transaction.atomic():
        Presidency.objects.create(institution=cast.kr, starts_on=date(2024, 1, 1))


def test_mandate_runs_until_it_ends(cast: Cast) -> None:
    now = timezone.now()
    running = Mandate.objects.running().filter(pk=cast.amal_mandate.pk)
    assert running.exists()
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=now + timedelta(seconds=1))
    assert running.exists()
    Mandate.objects.filter(pk=cast.amal_mandate.pk).update(ends_at=now)
    assert not running.all().exists()


def test_mandate_of_suspended_institution_carries_no_rights(cast: Cast) -> None:
    cast.kr.memberships.update(state=MembershipState.SUSPENDED)
    assert not Mandate.objects.running().filter(user=cast.amal).exists()


def test_secretariat_follows_the_presidency(cast: Cast) -> None:
    assert [m.user for m in Mandate.objects.of_secretariat()] == [cast.dina]
    cast.presidency.institution = cast.kr
    cast.presidency.save()
    assert not Mandate.objects.of_secretariat().exists()
