"""A list of people to invite: what becomes of each row, before and after the letters go out."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from members.actions.invitations import invite_several, invite_to_delegation, revoke_invitation
from members.actions.people import start_mandate
from members.emails_people import send_invitation
from members.enums import Capacity, Fate
from members.forms.invitees import Invitees, SheetForm
from members.invitees import MOST, Invitee
from members.models import Invitation, User
from members.permissions import capacities_to_invite
from records.models import AuditEntry
from records.sheets import xlsx_file
from records.verification import verify_audit_log
from tests.factories import Cast, make_user, signed_in
from tests.files import upload

HEAD = ["Name", "E-mail address", "Capacity", "Language"]


def invitee(number: int, **fields: Any) -> Invitee:
    given = {"name": f"New {number}", "email": f"new{number}@example.org"}
    return Invitee(
        **{"number": number, "capacity": "delegate", "language": "fr", **given, **fields}
    )


def sheet(*rows: list[str], head: list[str] = HEAD) -> dict[str, Any]:
    return {"sheet": upload(xlsx_file("List", head, rows, right_to_left=False), "list.xlsx", "")}


def csv(text: str, encoding: str = "utf-8") -> dict[str, Any]:
    return {"sheet": upload(text.encode(encoding), "list.csv", "text/csv")}


def read(data: dict[str, Any], language: str = "en") -> dict[int, dict[str, str]]:
    form = SheetForm({}, data, language=language)
    assert form.is_valid(), form.errors
    found: dict[int, dict[str, str]] = form.cleaned_data["sheet"]
    return found


def page(cast: Cast) -> str:
    return reverse("members:invite_several", args=[cast.kr.pk])


class Fields(HTMLParser):
    """What a browser would send of the list's form, if nobody touched it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self.select = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "input" and name.startswith(("ready-", "left-")):
            self.found[name] = given.get("value", "")
        elif tag == "select" and name.startswith("left-"):
            self.select = name
            self.found[name] = ""
        elif tag == "option" and self.select and "selected" in given:
            self.found[self.select] = given["value"]

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self.select = ""


def sent_back(html: str, step: str, **changes: str) -> dict[str, str]:
    """The page's form, with one button pressed; `changes` are typed into row 3's fields."""
    typed = {f"left-3-{field}": value for field, value in changes.items()}
    return {**Fields(html).found, **typed, "step": step}


def fates(cast: Cast, *rows: list[str], actor: User | None = None) -> list[tuple[int, str]]:
    invitees = Invitees(
        read(sheet(*rows)),
        institution=cast.kr,
        capacities=capacities_to_invite(actor or cast.amal, cast.kr),
    )
    return [(row.number, row.fate.value) for row in invitees.rows]


def test_each_row_has_its_fate(cast: Cast) -> None:
    invite_to_delegation(
        institution=cast.kr,
        email="open@example.org",
        name="Open",
        language="en",
        capacity=Capacity.ADVISER,
        actor=cast.amal,
    )
    assert fates(
        cast,
        ["New", "new@example.org", "delegate", "fr"],
        ["Amal", "Amal@Example.org", "head", "en"],
        ["Open", "open@example.org", "adviser", "en"],
        ["Open", "open@example.org", "delegate", "en"],  # in another capacity
        ["Again", "NEW@example.org", "délégué", "ar"],
        ["", "nameless@example.org", "delegate", "en"],
        ["No address", "not an address", "delegate", "en"],
        ["", "", "", ""],  # no row
        ["Unknown", "unknown@example.org", "ambassador", "en"],
        ["Above", "above@example.org", "secretariat", "en"],
        ["Tongue", "tongue@example.org", "delegate", "Klingon"],
    ) == [
        (2, "ready"),
        (3, "holds"),
        (4, "invited"),
        (5, "ready"),
        (6, "double"),
        (7, "refused"),
        (8, "refused"),
        (10, "refused"),
        (11, "refused"),
        (12, "refused"),
    ]
    assert Invitation.objects.count() == 1  # the one that was open before
    assert ProcrastinateJob.objects.filter(task_name="members.send_invitation").count() == 1


def test_row_refused_for_its_name_takes_nothing_from_the_one_after_it(cast: Cast) -> None:
    rows = ["", "new@example.org", "delegate", "en"], ["New", "new@example.org", "delegate", "en"]
    assert fates(cast, *rows) == [(2, "refused"), (3, "ready")]


def test_reasons_are_said_in_words(cast: Cast) -> None:
    client = signed_in(cast.amal)
    html = client.post(
        page(cast),
        sheet(
            ["New", "new@example.org", "delegate", ""],
            ["New", "new@example.org", "delegate", "en"],
            ["Unknown", "unknown@example.org", "ambassador", "en"],
            ["Above", "above@example.org", "secretariat", "en"],
            ["", "nobody", "", "Klingon"],
        ),
    ).content.decode()
    for words in (
        "The same as row 2.",
        "“ambassador” is no capacity.",
        "You may not give this capacity.",
        "The name is missing.",
        "This is no e-mail address.",
        "The capacity is missing.",
        "The portal does not speak “Klingon”.",
        "Send 1 invitation<",
    ):
        assert words in html


@pytest.mark.parametrize(
    ("head", "row"),
    [
        (["الاسم", "البريد الإلكتروني", "الصفة", "اللغة"], ["أمل", "a@b.org", "مندوبة", "العربية"]),
        (["اسم", "البريد الالكترونى", "صفة", "لغة"], ["أمل", "a@b.org", "مندوب", "عربي"]),
        (
            ["Nom", "Adresse électronique", "Qualité", "Langue"],
            ["أمل", "a@b.org", "Déléguée", "arabe"],
        ),
        (["NAME", "e-mail", "capacity", "language"], ["أمل", "A@b.org", "Delegate", "Arabic"]),
        (
            ["name", "email", "capacity", "language"],
            ["أمل", "\u200fa@b.org\u200e", "delegate", "ar"],
        ),
        (
            ["Language", "Notes", "Name", "E-mail", "Capacity"],
            ["ar", "x", "أمل", "a@b.org", "delegate"],
        ),
    ],
)
def test_heads_and_words_of_three_languages_are_understood(
    cast: Cast, head: list[str], row: list[str]
) -> None:
    rows = read(sheet(row, head=head))
    invitees = Invitees(rows, institution=cast.kr, capacities=[Capacity.DELEGATE])
    assert invitees.fit[2] == Invitee(2, "أمل", "a@b.org", "delegate", "ar")


def test_arabic_csv_of_a_spreadsheet(cast: Cast) -> None:
    text = "الاسم;البريد الإلكتروني;الصفة;اللغة\r\nأمل;a@b.org;رئيسة الوفد;الفرنسية\r\n"
    for encoding in ("utf-8-sig", "utf-16"):
        assert read(csv(text, encoding)) == {
            2: {"name": "أمل", "email": "a@b.org", "capacity": "head", "language": "fr"}
        }


def test_language_is_the_readers_where_a_row_has_none() -> None:
    rows = csv("name,email,capacity\nA,a@b.org,delegate\n")
    assert read(rows, "ar")[2]["language"] == "ar"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (csv("Name,E-mail\nA,a@b.org\n"), "Not found: Capacity."),
        (csv("A,a@b.org,delegate\n"), "Not found: Name, E-mail address, Capacity."),
        (csv("name,email,capacity\n"), "Below its first row this list is empty."),
        (csv("name,email,capacity\n" + "A,a@b.org,delegate\n" * (MOST + 1)), "at most 200"),
        (csv("الاسم,email,الصفة\n", "windows-1256"), "CSV UTF-8"),
        ({"sheet": upload(b"%PDF-1.7\xff", "list.csv")}, "CSV UTF-8"),
        ({"sheet": upload(b"", "list.csv")}, "This file is empty."),
        ({}, "This field is required."),
        ({"step": "send"}, "This field is required."),
        ({"step": "send", "ready-x-email": "a@b.org"}, "This field is required."),
    ],
)
def test_list_that_cannot_be_read_is_refused(cast: Cast, data: dict[str, Any], words: str) -> None:
    answer = signed_in(cast.amal).post(page(cast), data)
    assert answer.status_code == 422
    assert words in answer.content.decode()


def test_word_that_is_refused_stays_to_be_seen(cast: Cast) -> None:
    client = signed_in(cast.amal)
    rows = ["A", "a@b.org", "ambassador", "Klingon"], ["B", "b@b.org", "secretariat", "en"]
    html = client.post(page(cast), sheet(*rows)).content.decode()
    html = client.post(page(cast), sent_back(html, "check")).content.decode()
    assert "“ambassador” is no capacity." in html
    assert "The portal does not speak “Klingon”." in html
    assert "You may not give this capacity." in html
    assert client.post(page(cast), sent_back(html, "send")).status_code == 200
    assert not Invitation.objects.exists()


def test_whole_list_fits_into_the_form_of_its_page(cast: Cast) -> None:
    """Django counts a form's fields: of the longest list, all rows refused, they are few enough."""
    client = signed_in(cast.amal)
    rows = [[f"أ {n}", f"no address {n}", "delegate", "en"] for n in range(MOST)]
    html = client.post(page(cast), sheet(*rows)).content.decode()
    assert client.post(page(cast), sent_back(html, "check")).status_code == 200


def test_formulas_and_markup_are_text(cast: Cast) -> None:
    row = ['=HYPERLINK("x")<b>', "=a@example.org", "@delegate", "-en"]
    html = signed_in(cast.amal).post(page(cast), sheet(row)).content.decode()
    assert "=HYPERLINK(&quot;x&quot;)&lt;b&gt;" in html


def test_good_rows_are_sent_and_bad_ones_put_right(cast: Cast) -> None:
    client = signed_in(cast.amal)
    shown = client.post(
        page(cast),
        sheet(
            ["First", "first@example.org", "delegate", "fr"],
            ["Second", "second at example.org", "delegate", "ar"],
            ["Amal", "amal@example.org", "head", "en"],
        ),
    )
    assert shown.status_code == 200
    assert not Invitation.objects.exists()

    sent = client.post(page(cast), sent_back(shown.content.decode(), "send"))
    assert sent.status_code == 200
    (first,) = Invitation.objects.all()
    assert (first.email, first.name, first.language) == ("first@example.org", "First", "fr")
    assert (first.capacity, first.institution, first.invited_by) == ("delegate", cast.kr, cast.amal)
    html = sent.content.decode()
    assert "1 invitation is on its way." in html
    assert "invited just now" in html
    assert 'value="send"' not in html

    mended = {"email": "second@example.org"}
    checked = client.post(page(cast), sent_back(html, "check", **mended)).content.decode()
    assert Invitation.objects.count() == 1  # nothing goes out before it was shown
    assert "Send 1 invitation<" in checked
    answer = client.post(page(cast), sent_back(checked, "send"))
    assert (answer.status_code, answer["Location"]) == (
        302,
        reverse("members:delegation", args=[cast.kr.pk]),
    )
    assert set(Invitation.objects.values_list("email", flat=True)) == {
        "first@example.org",
        "second@example.org",
    }


def test_row_put_right_while_sending_is_shown_first(cast: Cast) -> None:
    client = signed_in(cast.amal)
    rows = (["A", "a@b.org", "delegate", "en"], ["B", "nowhere", "delegate", "en"])
    html = client.post(page(cast), sheet(*rows)).content.decode()
    answer = client.post(page(cast), sent_back(html, "send", email="b@b.org"))
    assert list(Invitation.objects.values_list("email", flat=True)) == ["a@b.org"]
    assert "Send 1 invitation<" in answer.content.decode()


def test_what_changed_since_is_told_and_nothing_sent_twice(cast: Cast) -> None:
    client = signed_in(cast.amal)
    rows = [[name, f"{name}@example.org", "delegate", "en"] for name in ("erin", "finn", "gita")]
    form = sent_back(client.post(page(cast), sheet(*rows)).content.decode(), "send")
    start_mandate(
        user=make_user("erin"), institution=cast.kr, capacity=Capacity.DELEGATE, actor=cast.amal
    )
    invite_several(
        institution=cast.kr,
        invitees=[invitee(1, email="finn@example.org")],
        actor=cast.dina,
        mandate=cast.dina_mandate,
    )
    html = client.post(page(cast), form).content.decode()
    assert html.count("This has changed since you saw the list.") == 2
    assert "1 invitation is on its way." in html
    again = client.post(page(cast), form).content.decode()
    assert again.count("This has changed since you saw the list.") == 3
    assert "Nothing was sent." in again
    assert sorted(Invitation.objects.values_list("email", flat=True)) == [
        "finn@example.org",
        "gita@example.org",
    ]
    jobs = ProcrastinateJob.objects.filter(task_name="members.send_invitation")
    assert jobs.count() == 2
    assert AuditEntry.objects.page(act="invitation.sent").count() == 2


def test_letters_and_log_are_those_of_single_invitations(cast: Cast, mailoutbox: list[Any]) -> None:
    outcomes = invite_several(
        institution=cast.kr,
        invitees=[invitee(2), invitee(3), invitee(4, email="new2@example.org")],
        actor=cast.amal,
        mandate=cast.amal_mandate,
    )
    assert [(o.fate, o.double_of) for o in outcomes] == [
        (Fate.SENT, None),
        (Fate.SENT, None),
        (Fate.DOUBLE, 2),
    ]
    made = list(Invitation.objects.order_by("pk"))
    entries = list(AuditEntry.objects.page(act="invitation.sent"))
    assert {(e.object_id, e.actor_id, e.mandate_id) for e in entries} == {
        (each.pk, cast.amal.pk, cast.amal_mandate.pk) for each in made
    }
    said = {"institution": cast.kr.pk, "capacity": "delegate", "application": None}
    assert [e.after for e in entries] == [said, said]
    assert verify_audit_log() is None
    for each in made:
        assert Invitation.objects.by_token(each.token) == each
        send_invitation.func(invitation_id=each.pk)
    assert [(letter.to, letter.extra_headers["Content-Language"]) for letter in mailoutbox] == [
        (["new2@example.org"], "fr"),
        (["new3@example.org"], "fr"),
    ]


def test_who_was_revoked_is_invited_anew(cast: Cast) -> None:
    def send() -> Fate:
        (outcome,) = invite_several(institution=cast.kr, invitees=[invitee(1)], actor=cast.amal)
        return outcome.fate

    assert [send(), send()] == [Fate.SENT, Fate.INVITED]
    revoke_invitation(invitation=Invitation.objects.get(), actor=cast.amal)
    assert send() == Fate.SENT
