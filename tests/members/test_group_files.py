"""The files of a group: who reads, puts in, changes, takes out; what is refused; what it costs."""

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from members.actions.group_files import (
    FileGoneError,
    NoSpaceError,
    StaleFileError,
    change_file,
    remove_file,
    restore_file,
)
from members.actions.group_life import close_group
from members.actions.groups import GroupClosedError, add_group_members, remove_group_member
from members.enums import Capacity, GroupRole
from members.models import Group, GroupFile, GroupFileVersion
from members.permissions.group_space import writing_mandate
from records.models import AuditEntry, StoredFile
from tests.factories import Cast, make_mandate
from tests.files import PDF, huge_png, image, office, upload
from tests.members.group_space import make_file
from tests.members.groups import by, focal_of_poland, make_group, signed_in
from tests.members.groups import office as by_office

SECOND = PDF + b"% second\n%%EOF\n"


@pytest.fixture
def group(cast: Cast) -> Group:
    return make_group(cast)


@pytest.fixture
def terms(cast: Cast, group: Group) -> GroupFile:
    return make_file(group, by(cast.bilal, cast.bilal_mandate))


def at(name: str, *args: Any) -> str:
    return reverse(f"members:{name}", args=args)


def acts() -> list[str]:
    found = AuditEntry.objects.filter(object_type="members.groupfile").order_by("number")
    return [entry.act for entry in found]


def send(client: Client, group: Group, content: bytes, name: str, title: str = "Draft") -> Any:
    sent = {"title": title, "language": "fr", "file": upload(content, name)}
    return client.post(at("group_files", group.pk), sent)


# --- Putting in -----------------------------------------------------------------------------------
def test_a_member_puts_a_file_in_and_everybody_of_the_group_reads_it(
    cast: Cast, group: Group
) -> None:
    answer = send(signed_in(cast.bilal), group, office(), "Draft.docx", "Projet \u202eحرّ")
    document = GroupFile.objects.get()
    assert answer["Location"] == at("group_file", group.pk, document.pk)
    assert (document.title, document.language, document.name) == (
        "Projet حرّ",
        "fr",
        "Draft.docx",
    )
    assert document.put_in_by == cast.bilal_mandate
    assert acts() == ["group.file_added"]
    page = signed_in(cast.amal).get(at("group_files", group.pk)).content.decode()
    assert "Projet حرّ" in page
    assert "DOCX" in page
    got = signed_in(cast.amal).get(at("group_file_version", group.pk, document.pk, 1))
    assert got["Content-Length"] == str(len(office()))
    assert got["Content-Disposition"] == 'attachment; filename="Draft.docx"'
    assert got["X-Content-Type-Options"] == "nosniff"


def test_sent_twice_it_is_one_file(cast: Cast, group: Group, terms: GroupFile) -> None:
    assert make_file(group, by(cast.bilal, cast.bilal_mandate)) == terms
    assert GroupFileVersion.objects.count() == 1
    assert acts() == ["group.file_added"]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"<html><script>alert(1)</script></html>", "page.pdf"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "drawing.svg"),
        (b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*", "eicar.com"),
        (huge_png(30_000), "bomb.png"),
        (b"PK\x03\x04" + b"\0" * 99, "bomb.zip"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros.docx"),
        (b"", "empty.pdf"),
    ],
)
def test_hostile_files_are_refused_and_nothing_is_kept(
    cast: Cast, group: Group, content: bytes, name: str
) -> None:
    answer = send(signed_in(cast.amal), group, content, name)
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    assert not GroupFile.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_polyglot_and_a_cheating_name_are_harmless(cast: Cast, group: Group) -> None:
    send(
        signed_in(cast.amal),
        group,
        image() + b"<script>alert(1)</script>",
        "../../\u202egnp.html",
    )
    document = GroupFile.objects.get()
    assert document.name == "gnp.html.png"
    got = signed_in(cast.amal).get(at("group_file_version", group.pk, document.pk, 1))
    assert got["Content-Type"] == "image/png"
    assert got["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in got["Content-Security-Policy"]


def test_who_may_not_put_in(cast: Cast, group: Group) -> None:
    """Not who observes, be it the institution or the person; nor a stranger to the group."""
    filip, focal = focal_of_poland(cast)
    with pytest.raises(PermissionDenied):
        make_file(group, by(filip, focal))
    add_group_members(group=group, institutions=[cast.pl], role=GroupRole.OBSERVER)
    watching = make_mandate(cast.chloe, cast.kr, Capacity.OBSERVER)
    for who, mandate in ((filip, focal), (cast.chloe, watching)):
        with pytest.raises(PermissionDenied):
            make_file(group, by(who, mandate))
        assert signed_in(who).get(at("group_files", group.pk)).status_code == 200
    assert not GroupFile.objects.exists()
    # with two mandates, the one that may
    seated = make_mandate(cast.chloe, cast.ng, Capacity.DELEGATE)
    assert writing_mandate(cast.chloe, group, watching) == seated
    assert make_file(group, by(cast.chloe, watching)).put_in_by == seated


def test_a_group_has_its_measure_of_space(
    cast: Cast, group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("members.actions.group_files.MOST_BYTES", len(PDF) + 1)
    kept = make_file(group, by(cast.amal, cast.amal_mandate))
    with pytest.raises(NoSpaceError):
        make_file(group, by(cast.amal, cast.amal_mandate), "More", SECOND)
    assert send(signed_in(cast.amal), group, SECOND, "more.pdf").status_code == 422
    assert list(GroupFile.objects.all()) == [kept]


# --- Versions -------------------------------------------------------------------------------------
def test_a_new_version_replaces_nothing(cast: Cast, group: Group, terms: GroupFile) -> None:
    amal = signed_in(cast.amal)  # any member may: every version names who made it
    sent = {"version": "1", "title": "Terms of reference", "language": "en"}
    page = at("group_file", group.pk, terms.pk)
    assert amal.post(page, {**sent, "file": upload(SECOND, "terms2.pdf")}).status_code == 302
    assert amal.post(page, {**sent, "version": "2", "language": "fr"}).status_code == 302
    assert (
        amal.post(page, {**sent, "version": "3", "language": "fr"}).status_code == 302
    )  # the same
    rows = GroupFileVersion.objects.of_document(terms)
    assert [(v.number, v.title, v.language, v.name, v.has_new_content) for v in rows] == [
        (3, "Terms of reference", "fr", "terms2.pdf", False),
        (2, "Terms of reference", "en", "terms2.pdf", True),
        (1, "Terms", "en", "terms.pdf", True),
    ]
    assert [v.saved_by for v in rows] == [cast.amal_mandate, cast.amal_mandate, cast.bilal_mandate]
    assert acts() == ["group.file_added", "group.file_changed", "group.file_changed"]
    for number, length in ((1, len(PDF)), (2, len(SECOND))):
        got = amal.get(at("group_file_version", group.pk, terms.pk, number))
        assert got["Content-Length"] == str(length)
    html = amal.get(page).content.decode()
    assert html.count("the same file under another title or language") == 1


def test_a_second_tab_is_told_what_was_saved_meanwhile(
    cast: Cast, group: Group, terms: GroupFile
) -> None:
    page = at("group_file", group.pk, terms.pk)
    sent = {"version": "1", "title": "By amal", "language": "en"}
    assert signed_in(cast.amal).post(page, sent).status_code == 302
    bilal = signed_in(cast.bilal)
    answer = bilal.post(page, {**sent, "title": "By bilal"})
    assert answer.status_code == 409
    html = answer.content.decode()
    assert "By amal" in html
    assert 'value="By bilal"' in html
    assert 'name="version" value="2"' in html
    assert bilal.post(page, {**sent, "title": "By bilal", "version": "2"}).status_code == 302
    terms.refresh_from_db()
    assert (terms.title, terms.number) == ("By bilal", 3)
    with pytest.raises(StaleFileError):
        change_file(
            document=terms,
            version=1,
            title="Late",
            language="",
            upload=None,
            **by(cast.amal, cast.amal_mandate),
        )


# --- Taking out -----------------------------------------------------------------------------------
def test_a_delegation_takes_its_own_file_out_and_the_chair_puts_it_back(
    cast: Cast, group: Group, terms: GroupFile
) -> None:
    bilal, amal = signed_in(cast.bilal), signed_in(cast.amal)
    remove, restore = (
        at(n, group.pk, terms.pk) for n in ("remove_group_file", "restore_group_file")
    )
    assert bilal.post(remove).status_code == 302
    for name, args in (("group_file", ()), ("group_file_version", (1,))):
        assert bilal.get(at(name, group.pk, terms.pk, *args)).status_code == 404
    assert bilal.post(restore).status_code == 404
    assert "Terms" not in bilal.get(at("group_files", group.pk)).content.decode()
    assert "Terms" in amal.get(at("group_files", group.pk)).content.decode()
    remove_file(document=terms, **by(cast.amal, cast.amal_mandate))  # repeated: nothing
    with pytest.raises(FileGoneError):
        change_file(
            document=terms,
            version=1,
            title="X",
            language="",
            upload=None,
            **by(cast.amal, cast.amal_mandate),
        )
    assert amal.post(restore).status_code == 302
    restore_file(document=terms, **by(cast.amal, cast.amal_mandate))
    assert bilal.get(at("group_file", group.pk, terms.pk)).status_code == 200
    assert acts() == ["group.file_added", "group.file_removed", "group.file_restored"]


def test_who_takes_whose_file_out(cast: Cast, group: Group) -> None:
    of_chair = make_file(group, by(cast.amal, cast.amal_mandate), "Of the chair")
    with pytest.raises(PermissionDenied):
        remove_file(document=of_chair, **by(cast.bilal, cast.bilal_mandate))
    of_office = make_file(group, by_office(cast), "Of the office")
    with pytest.raises(PermissionDenied):
        remove_file(document=of_office, **by(cast.bilal, cast.bilal_mandate))
    remove_file(document=of_chair, **by_office(cast))
    assert list(GroupFile.objects.kept()) == [of_office]
    # out of the group, out of its files
    mine = make_file(group, by(cast.bilal, cast.bilal_mandate), "Mine")
    remove_group_member(group=group, institution=cast.ng, **by_office(cast))
    with pytest.raises(PermissionDenied):
        remove_file(document=mine, **by(cast.bilal, cast.bilal_mandate))
    assert signed_in(cast.bilal).get(at("group_file", group.pk, mine.pk)).status_code == 404


def test_closed_it_is_read_only(cast: Cast, group: Group, terms: GroupFile) -> None:
    close_group(group=group, reason="Done", **by_office(cast))
    amal = signed_in(cast.amal)
    html = amal.get(at("group_file", group.pk, terms.pk)).content.decode()
    assert "Versions" in html
    assert "Change the file" not in html
    assert "removal" not in html
    for name in ("group_file", "remove_group_file", "restore_group_file"):
        assert amal.post(at(name, group.pk, terms.pk)).status_code == 403
    assert send(amal, group, SECOND, "more.pdf").status_code == 403
    with pytest.raises(GroupClosedError):
        make_file(group, by_office(cast), "More", SECOND)


# --- The page -------------------------------------------------------------------------------------
def test_titles_and_names_are_found_as_search_folds_them(cast: Cast, group: Group) -> None:
    make_file(group, by(cast.amal, cast.amal_mandate), "اختصاصات الفريق")
    make_file(group, by(cast.amal, cast.amal_mandate), "Compte rendu de réunion", SECOND)
    client = signed_in(cast.bilal)

    def found(words: str) -> list[str]:
        page = client.get(at("group_files", group.pk), {"q": words}).context["page"]
        return [document.title for document in page]

    assert found("REUNION") == ["Compte rendu de réunion"]
    assert found("الاختصاصات") == found("إختصاصات") == ["اختصاصات الفريق"]
    assert len(found("terms.pdf")) == 2
    assert found("nothing") == []


def test_the_list_costs_the_same_for_one_file_and_for_three(
    cast: Cast, group: Group, terms: GroupFile
) -> None:
    client = signed_in(cast.amal)

    def cost(name: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(at(name, group.pk)).status_code == 200
        return len(captured)

    cost("group_files")
    before = cost("group_files"), cost("group")
    for title in ("Two", "Three"):
        make_file(group, by_office(cast), title)
    assert (cost("group_files"), cost("group")) == before


def test_the_page_of_the_group_shows_files_to_its_own_alone(
    cast: Cast, group: Group, terms: GroupFile
) -> None:
    assert "Terms" in signed_in(cast.amal).get(at("group", group.pk)).content.decode()
    html = signed_in(cast.chloe).get(at("group", group.pk)).content.decode()
    assert "Terms" not in html
    assert at("group_files", group.pk) not in html
    assert signed_in(cast.chloe).get(at("group_files", group.pk)).status_code == 404
    sent = signed_in(cast.bilal).get(at("group_files", group.pk)).content.decode()
    assert "with_files=on" in sent  # what its rooms hold is found there
