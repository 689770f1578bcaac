"""The names of the network and its charter, as the secretariat settles them."""

import os
import socket
import subprocess
import sys
import tempfile
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone, translation

from members import network, tasks
from members.actions import applicants, charters
from members.actions.network import (
    StaleTextError,
    add_charter,
    return_network,
    settle_network,
    write_letter_text,
)
from members.enums import ApplicationState as State
from members.models import CharterVersion, NetworkVersion, User
from members.tasks_admission import send_charter_letter
from portal.embedded import ROOT
from records.models import AuditEntry
from tests.factories import PASSWORD, Cast, make_user, signed_in
from tests.files import PDF, upload
from tests.members.applications import application_in, checked
from tests.races import at_once

FACTS: dict[str, Any] = {
    "names": {"en": "Network of <Houses>", "ar": "شبكة البيوت"},
    "short_names": {"en": "NoH"},
    "contacts": {"en": "P.O. Box 1, Doha\noffice@network.example"},
    "full_names": {"en": "founding <house>"},
    "associate_names": {},
    "observer_names": {},
    "languages": [],
}


def by(cast: Cast) -> dict[str, Any]:
    return {"actor": cast.dina, "mandate": cast.dina_mandate}


@pytest.fixture
def contact(db: None) -> User:
    return make_user("contact", language="ar")


def test_the_names_are_shown_everywhere_once_they_are_settled(
    cast: Cast,
    contact: User,
    client: Client,
    django_capture_on_commit_callbacks: Any,
    mailoutbox: list[Any],
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        settle_network(**FACTS, version=0, **by(cast))
    assert network.name_of_network("en").text == "Network of <Houses>"
    assert network.name_of_network("fr").text == settings.NETWORK_NAME["fr"]
    assert network.short_name_of_network("en").text == "NoH"
    assert network.short_name_of_network("fr").text == settings.NETWORK_NAME["fr"]
    for path in ("/en/", "/en/members/", "/en/calendar/", "/en/accounts/login/"):
        page = client.get(path).content.decode()
        assert "Network of &lt;Houses&gt;" in page, path
        assert settings.NETWORK_NAME["en"] not in page, path
        assert "office@network.example" in page, path
    for language, called in (("en", "founding <house>"), ("fr", "membre de plein droit")):
        with translation.override(language):
            assert cast.kr.membership.get_membership_class_display() == called
    listed = client.get("/en/members/list/").content.decode()
    assert "founding &lt;house&gt;" in listed
    assert "full member" not in listed
    assert "شبكة البيوت" in client.get("/ar/").content.decode()
    assert "NoH" in client.get("/en/calendar.ics").content.decode()
    application = application_in(State.SUBMITTED, cast, contact)
    write_letter_text(
        letter="application.submitted",
        language="ar",
        subject="{network_short}",
        body="{network}\n\n{link}",
        version=0,
        **by(cast),
    )
    tasks.send_application_letter(
        letter="submitted", application_id=application.pk, user_id=contact.pk
    )
    (letter,) = mailoutbox
    assert letter.subject == "شبكة البيوت"
    assert letter.body.startswith("شبكة البيوت\n\n")
    assert letter.body.endswith("\n\n--\nP.O. Box 1, Doha\noffice@network.example\n")


def test_no_page_asks_for_the_names_anew(cast: Cast) -> None:
    network.forget()
    with CaptureQueriesContext(connection) as caught:
        for _ in range(3):
            network.name_of_network()
            network.contact_of_network()
    assert len(caught) == 1
    NetworkVersion.objects.create(number=1, names={"en": "Other"}, made_by=cast.dina)
    assert network.name_of_network("en").text == settings.NETWORK_NAME["en"]  # another process
    network._settled = network._settled._replace(until=0)  # five seconds later
    assert network.name_of_network("en").text == "Other"


def test_without_a_database_the_last_known_name_is_shown(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(self: object) -> None:
        raise DatabaseError

    network._settled = network.Settled(0, {"en": "Known"}, {}, {}, {})
    monkeypatch.setattr(type(NetworkVersion.objects.all()), "current", away)
    monkeypatch.setattr(type(NetworkVersion.objects), "current", away)
    assert network.name_of_network("en").text == "Known"


@pytest.mark.processes
def test_a_command_without_a_database_asks_for_no_name() -> None:
    """The system checks read the label of every choice, the classes' among them."""
    with tempfile.TemporaryDirectory() as short, socket.socket(socket.AF_UNIX) as database:
        database.bind(f"{short}/.s.PGSQL.5432")
        database.listen()
        database.setblocking(False)
        subprocess.run(
            [sys.executable, "manage.py", "check"],
            cwd=ROOT,
            env={**os.environ, "DATABASE_URL": f"postgresql://postgres:@/majlis?host={short}"},
            check=True,
            timeout=60,
        )
        with pytest.raises(BlockingIOError):
            database.accept()


def test_who_settles_them_and_what_is_kept(cast: Cast) -> None:
    with pytest.raises(PermissionDenied):
        settle_network(**FACTS, version=0, actor=cast.amal, mandate=cast.amal_mandate)
    first = settle_network(**FACTS, version=0, **by(cast))
    assert settle_network(**FACTS, version=0, **by(cast)) == first  # repeated
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.before["names"], entry.after["names"]) == (
        "network.settled",
        {},
        FACTS["names"],
    )
    other = {**FACTS, "names": {"en": "Other"}}
    with pytest.raises(StaleTextError):
        settle_network(**other, version=0, **by(cast))
    settle_network(**other, version=1, **by(cast))
    back = return_network(number=1, version=2, **by(cast))
    assert back is not None
    assert (back.number, back.names) == (3, FACTS["names"])
    deployed = return_network(number=0, version=3, **by(cast))
    assert deployed is not None
    assert (deployed.names, deployed.contacts) == ({}, {})
    assert return_network(number=9, version=4, **by(cast)) is None
    assert NetworkVersion.objects.count() == 4


def test_the_page_of_the_names(cast: Cast) -> None:
    page = reverse("members:network_names")
    client = signed_in(cast.dina)
    shown = client.get(page)
    assert shown.context["form"]["name_en"].value() == settings.NETWORK_NAME["en"]
    empty = {f"name_{code}": "" for code, _name in settings.LANGUAGES}
    assert client.post(page, {**empty, "version": "0"}).status_code == 422
    label = shown.context["form"]["observer_fr"]
    assert (label.label, label.help_text) == (
        "Name of the class: observer · Français",
        "Left empty: \u2068observateur\u2069",
    )
    typed = {"name_en": "Network", "name_ar": settings.NETWORK_NAME["ar"], "version": "0"}
    assert client.post(page, typed).url == page
    assert NetworkVersion.objects.get().names == {"en": "Network"}  # the rest is the deployment's
    second = client.post(page, {**typed, "name_en": "Other"})
    assert second.status_code == 409
    for text in ("Other", "Network"):
        assert text in second.content.decode()
    unproved = Client()
    unproved.force_login(cast.dina)
    asked = unproved.post(page, {**typed, "name_en": "Third", "version": "1"})
    assert "reauthenticate" in asked.url
    assert NetworkVersion.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_settle_at_once(transactional_db: None) -> None:
    cast = Cast()
    one, other = ({**FACTS, "names": {"en": name}} for name in ("One", "Other"))
    assert at_once(
        lambda: settle_network(**one, version=0, **by(cast)),
        lambda: settle_network(**other, version=0, **by(cast)),
    ) == ["done", "stale"]


# --- The charter ----------------------------------------------------------------------------------


def add(cast: Cast, days: int, version: int, *languages: str) -> CharterVersion:
    return add_charter(
        files={code: checked(PDF + code.encode(), f"{code}.pdf") for code in languages},
        in_force_on=timezone.localdate() + timedelta(days=days),
        version=version,
        **by(cast),
    )


def test_the_version_in_force_is_sent_and_stays_with_the_application(
    cast: Cast, contact: User, mailoutbox: list[Any]
) -> None:
    application = application_in(State.ADMITTED, cast, contact)
    add(cast, -2, 0, "ar", "en")
    add(cast, 2, 1, "ar")
    sending = charters.send_charter(application=application, upload=None, **by(cast))
    assert sending.text is not None
    assert (sending.name, sending.text.version.number) == ("ar.pdf", 1)
    send_charter_letter(sending_id=sending.pk)
    (letter,) = mailoutbox
    assert [(a[0], a[1]) for a in letter.attachments] == [("ar.pdf", PDF + b"ar")]
    with pytest.raises(ValidationError) as refused:
        charters.send_charter(application=application, upload=checked(PDF, "x.pdf"), **by(cast))
    assert refused.value.code == "in_force"
    address = reverse("members:application", args=[application.pk])
    assert "version 1, in force from" in signed_in(contact).get(address).content.decode()
    applicants.hand_in_charter(
        application=application, upload=checked(PDF + b"signed"), actor=contact
    )
    add(cast, 0, 2, "en")
    assert sending.text.version.number == 1
    page = signed_in(cast.dina).get(reverse("members:charter", args=[application.pk]))
    assert "signed: version 1" in page.content.decode()


def test_a_language_without_a_file_gets_another(cast: Cast, contact: User) -> None:
    add(cast, 0, 0, "fr")
    text = CharterVersion.objects.text_for(contact)
    assert text is not None
    assert text.language == "fr"


def test_the_password_is_asked_for_before_the_form_and_no_upload_is_lost(cast: Cast) -> None:
    page = reverse("members:new_charter_version")
    client = signed_in(cast.dina, proved=False)
    assert client.get(reverse("members:charter_versions")).status_code == 200  # to read
    asked = client.get(page)
    assert asked.url.startswith("/en/accounts/reauthenticate/")
    sent = {"version": "0", "in_force_on": "2026-01-01", "file_en": upload(PDF, "charter.pdf")}
    assert "reauthenticate" in client.post(page, sent).url  # not without the form
    assert not CharterVersion.objects.exists()
    assert client.post(asked.url, {"password": PASSWORD}).url == page
    assert client.get(page).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31), tick=True):
        late = {**sent, "file_en": upload(PDF, "charter.pdf")}
        assert "reauthenticate" in client.post(page, late).url
    with time_machine.travel(timezone.now() + timedelta(minutes=29), tick=True):
        within = {**sent, "file_en": upload(PDF, "charter.pdf")}
        assert client.post(page, within).url == reverse("members:charter_versions")


def test_versions_on_the_page(cast: Cast) -> None:
    listed, page = reverse("members:charter_versions"), reverse("members:new_charter_version")
    client = signed_in(cast.dina)
    assert page in client.get(listed).content.decode()
    assert client.get(page).status_code == 200
    assert client.post(page, {"version": "0", "in_force_on": "2026-01-01"}).status_code == 422
    bad = {"version": "0", "in_force_on": "2026-01-01", "file_en": upload(b"<html>", "c.pdf")}
    assert client.post(page, bad).status_code == 422
    good = {"version": "0", "in_force_on": "2026-01-01"}
    assert client.post(page, {**good, "file_en": upload(PDF, "charter.pdf")}).url == listed
    assert client.post(page, {**good, "file_en": upload(PDF, "charter.pdf")}).status_code == 409
    file = client.get(reverse("members:charter_text", args=[1, "en"]))
    assert file["Content-Disposition"] == 'attachment; filename="charter.pdf"'
    assert client.get(reverse("members:charter_text", args=[1, "fr"])).status_code == 404
    with pytest.raises(PermissionDenied):
        add_charter(
            files={"en": checked(PDF, "x.pdf")},
            in_force_on=timezone.localdate(),
            version=1,
            actor=cast.amal,
            mandate=cast.amal_mandate,
        )
    entry = AuditEntry.objects.latest("number")
    assert (entry.act, entry.after["languages"]) == ("charter_version.added", ["en"])
