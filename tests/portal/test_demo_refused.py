"""The demo network is for an empty database."""

import pytest
from django.core.management import CommandError, call_command

from members.models import User
from portal.demo.loader import NotEmptyError, load_network
from tests.factories import make_user


@pytest.mark.django_db
def test_real_people_are_never_mixed_with_roles() -> None:
    amal = make_user("amal")
    with pytest.raises(NotEmptyError):
        load_network(password="a word")
    with pytest.raises(CommandError, match="nothing was loaded"):
        call_command("load_demo", password="a word")
    assert list(User.objects.all()) == [amal]


def test_password_must_be_said(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Say the password"):
        call_command("load_demo", password="")
