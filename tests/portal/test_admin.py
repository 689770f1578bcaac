"""Django's admin: for whom it is there, and that nothing is written in it."""

import time
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.management import CommandError, call_command
from django.test import Client

from members.actions.staff import appoint_staff
from members.models import User
from members.permissions import owes_second_factor
from portal.admin import site
from records.actions import append_audit_entry
from records.models import AuditEntry
from tests.factories import Cast, signed_in


def with_factor(user: User) -> Client:
    """Signed in with it."""
    Authenticator.objects.get_or_create(user=user, type="totp", defaults={"data": {}})
    client = signed_in(user)
    session = client.session
    session["account_authentication_methods"] += [
        {"method": "mfa", "at": time.time(), "type": "totp"}
    ]
    session.save()
    return client


@pytest.fixture
def staff(cast: Cast) -> User:
    appoint_staff(user=cast.chloe, is_staff=True)
    return User.objects.get(pk=cast.chloe.pk)


def pages() -> list[str]:
    """Every page that there is, of the first row where it is of one."""
    found = ["/admin/", "/admin/jsi18n/", "/admin/members/"]
    for model in site._registry:
        where = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        row = model._default_manager.first()
        found += [where, *([f"{where}{row.pk}/"] if row else [])]
    return found


@pytest.mark.parametrize("demo", [True, False])
def test_it_is_there_for_staff_with_a_second_factor_alone(
    cast: Cast, staff: User, settings: Any, demo: bool
) -> None:
    settings.SECOND_FACTOR_REQUIRED = not demo
    without = signed_in(staff)
    for address in ("/admin/", "/admin/members/user/", "/admin/login/"):
        assert Client().get(address).status_code == 404
        assert with_factor(cast.dina).get(address).status_code == 404  # of the secretariat
        assert without.get(address).status_code == (404 if demo else 302)  # to make one
    assert with_factor(staff).get("/admin/").status_code == 200
    assert without.get("/admin/").status_code == 404  # signed in before there was one
    was_with = with_factor(staff)
    Authenticator.objects.all().delete()
    assert was_with.get("/admin/").status_code == (404 if demo else 302)
    appoint_staff(user=staff, is_staff=False)
    assert with_factor(staff).get("/admin/").status_code == 404


def test_all_of_it_is_read_and_nothing_written(cast: Cast, staff: User) -> None:
    append_audit_entry(actor=staff, act="test.done", thing=staff)
    client = with_factor(staff)
    entries = AuditEntry.objects.count()
    for address in pages():
        answer = client.get(address)
        assert answer.status_code == 200, address
        page = answer.content.decode()
        assert 'type="submit" value' not in page.replace('value="Search"', ""), address
        assert "/add/" not in page, address
        assert client.post(address, {"is_staff": "on", "_save": "1"}).status_code == 405, address
        for act in ("add/", "delete/", "history/"):
            assert client.get(f"{address}{act}").status_code in (302, 404), address
    for address in ("/admin/login/", "/admin/logout/", "/admin/password_change/"):
        assert client.get(address).status_code == 404
    assert AuditEntry.objects.count() == entries


def test_no_secret_and_nothing_confided_is_in_it(cast: Cast, staff: User) -> None:
    shown = {f"{model._meta.label}.{name}" for model, table in site._registry.items()
             for name in table.shown}  # fmt: skip
    assert not [name for name in shown if name.split(".")[-1] in (
        "password", "sealed_secret", "nonce", "token_digest", "args", "before", "after", "hash",
    )]  # fmt: skip
    assert {model._meta.label for model in site._registry} == {
        "members.User", "members.Institution", "members.Membership", "members.Mandate",
        "members.Presidency", "members.Handover", "members.IdentityProvider",
        "records.AuditEntry", "records.StoredFile", "procrastinate.ProcrastinateJob",
    }  # fmt: skip
    page = with_factor(staff).get(f"/admin/members/user/{staff.pk}/").content.decode()
    assert staff.password not in page


def test_staff_are_appointed_on_the_command_line(cast: Cast, settings: Any) -> None:
    def told(*arguments: str) -> str:
        out = StringIO()
        call_command("technical_staff", *arguments, stdout=out)
        return out.getvalue().strip()

    settings.SECOND_FACTOR_REQUIRED = True
    assert not owes_second_factor(cast.chloe)
    assert told("add", "Chloe@example.org") == "Done."
    assert told("add", "chloe@example.org") == "It was so already."
    assert owes_second_factor(cast.chloe)
    assert told("remove", "chloe@example.org") == "Done."
    assert not owes_second_factor(cast.chloe)
    with pytest.raises(CommandError):
        told("add", "nobody@example.org")
    acts = AuditEntry.objects.filter(object_id=cast.chloe.pk, act__startswith="person.staff")
    assert list(acts.order_by("number").values_list("act", "actor_id")) == [
        ("person.staff_appointed", None),
        ("person.staff_dismissed", None),
    ]


def test_the_settings_lead_there(cast: Cast, staff: User, settings: Any) -> None:
    settings.SECOND_FACTOR_REQUIRED = False
    link = 'href="/admin/"'
    assert link in with_factor(staff).get("/en/settings/").content.decode()
    without = signed_in(staff).get("/en/settings/").content.decode()
    assert link not in without
    assert "signed in with a second factor" in without
    for other in (cast.dina, cast.amal):  # of the secretariat, too
        page = with_factor(other).get("/en/settings/").content.decode()
        assert link not in page
        assert "Technical staff" not in page
