"""The directory to take away: CSV, XLSX, paper. What the filters show, and public facts alone."""

import csv
import io
import zipfile
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from members.actions.fields import add_field
from members.actions.profiles import change_profile
from members.enums import MembershipClass, MembershipState
from members.models import Institution
from tests.factories import Cast, make_institution

EXPORTS = ("directory_csv", "directory_xlsx", "directory_print")
HEAD = [
    "Country",
    "Institution",
    "Short name",
    "Acronym",
    "Class of membership",
    "Member since",
    "Fields of work",
    "Languages of work",
    "Postal address",
    "Telephone",
    "Website",
]


def url(name: str, language: str = "en") -> str:
    with translation.override(language):
        return reverse(f"members:{name}")


def rows(language: str = "en", **query: str) -> list[list[str]]:
    answer = Client().get(url("directory_csv", language), query)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.csv"'
    text = answer.content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def sheet(language: str = "en", **query: str) -> str:
    answer = Client().get(url("directory_xlsx", language), query)
    assert answer.headers["Content-Disposition"] == 'attachment; filename="members.xlsx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        return archive.read("xl/worksheets/sheet1.xml").decode()


@pytest.fixture
def korea(cast: Cast) -> Institution:
    music = add_field(names={"en": "Music", "ar": "الموسيقى"}, actor=None)
    change_profile(
        institution=cast.kr,
        said={
            "names": {"en": "Korea Foundation", "ar": "مؤسسة كوريا"},
            "short_names": {"en": "=KF"},
            "descriptions": {"en": "Kept back"},
            "description_states": {"en": "draft"},
            "fields": [music.pk],
            "languages": ["ar", "ko"],
            "addresses": {"en": "55 Sinjung-ro\nSeogwipo"},
            "telephone": "+82 64 804 1000",
            "website": "https://kf.example/",
        },
        version=None,
        actor=cast.amal,
        mandate=None,
    )
    cast.kr.refresh_from_db()
    return cast.kr


def test_csv_has_what_the_filters_show(korea: Institution) -> None:
    assert rows(country="KR") == [
        HEAD,
        [
            "South Korea",
            "Korea Foundation",
            "'=KF",
            "",
            "full member",
            "2014-10-23",
            "Music",
            "Arabic, Korean",
            "55 Sinjung-ro\nSeogwipo",
            "'+82 64 804 1000",
            "https://kf.example/",
        ],
    ]
    assert [row[0] for row in rows()[1:]] == ["Nigeria", "Poland", "Qatar", "South Korea"]
    assert [row[0] for row in rows(q="musi")[1:]] == ["South Korea"]
    assert rows(q="nothing like it") == [HEAD]


def test_a_table_is_in_the_readers_language(korea: Institution) -> None:
    [head, line] = rows("ar", country="KR")
    assert head[0] != "Country"
    assert (line[1], line[6], line[7]) == ("مؤسسة كوريا", "الموسيقى", "العربية، الكورية")
    assert line[5] == "2014-10-23"


def test_xlsx_runs_from_the_right_in_arabic(korea: Institution) -> None:
    assert 'rightToLeft="1"' in sheet("ar")
    assert "مؤسسة كوريا" in sheet("ar", country="KR")
    assert 'rightToLeft="0"' in sheet("en")
    assert "Poland" not in sheet("en", country="KR")


def test_tables_follow_the_order_of_the_page(cast: Cast) -> None:
    make_institution("LT", membership_class=MembershipClass.ASSOCIATE)
    make_institution("MX", state=MembershipState.CANDIDATE)
    assert [row[0] for row in rows(order="name")[1:]] == [
        "South Korea",
        "Nigeria",
        "Poland",
        "Qatar",
        "Lithuania",
    ]


@pytest.mark.parametrize("name", EXPORTS)
def test_nothing_that_is_not_public_goes_out(cast: Cast, korea: Institution, name: str) -> None:
    make_institution("MX", state=MembershipState.CANDIDATE)
    client = Client()
    client.force_login(cast.dina)
    answer = client.get(url(name))
    content = answer.content
    if name == "directory_xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            content = archive.read("xl/worksheets/sheet1.xml")
    for kept_back in ("Mexico", "Institution MX", "Kept back", "Amal"):
        assert kept_back not in content.decode()


@pytest.mark.parametrize("name", EXPORTS)
def test_what_everyone_gets_may_be_kept(cast: Cast, name: str) -> None:
    answer = Client().get(url(name))
    assert "public" in answer.headers["Cache-Control"]
    again = Client().get(url(name), headers={"if-none-match": answer.headers["ETag"]})
    assert again.status_code == 304
    client = Client()
    client.force_login(cast.amal)
    assert "public" not in client.get(url(name)).headers.get("Cache-Control", "")


@pytest.mark.parametrize("name", ["directory", *EXPORTS])
@pytest.mark.parametrize("person", [False, True])
def test_it_costs_the_same_with_one_and_with_three(
    cast: Cast, korea: Institution, name: str, person: bool
) -> None:
    client = Client()
    if person:
        client.force_login(cast.amal)

    def count(**query: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url(name), query).status_code == 200
        return len(queries)

    count()
    one = count(country="KR")
    for institution in (cast.ng, cast.pl):
        institution.fields_of_work.add(*korea.fields_of_work.all())
    for country in ("SE", "SG", "PT"):
        make_institution(country).fields_of_work.add(*korea.fields_of_work.all())
    assert count(membership_class="full") == one  # what narrows is counted anew


def test_the_page_to_print_says_what_was_sought(korea: Institution) -> None:
    field = korea.fields_of_work.get()
    answer = Client().get(
        url("directory_print"), {"q": "korea", "country": "KR", "field": str(field.pk)}
    )
    assert answer.context["sought"] == [
        ("Find an institution", "korea"),
        ("Country", "South Korea"),
        ("Field of work", "Music"),
    ]
    page = answer.content.decode()
    assert "https://kf.example/" in page
    assert "map" not in page.partition("<main")[2].partition("</main>")[0]
    assert f"?q=korea&amp;country=KR&amp;field={field.pk}" in page


def test_the_directory_leads_to_what_it_shows(korea: Institution) -> None:
    page = Client().get(url("directory"), {"country": "KR", "order": "name"}).content.decode()
    for name in EXPORTS:
        assert f'href="{url(name)}?country=KR&amp;order=name"' in page
    nothing = Client().get(url("directory"), {"q": "nothing like it"}).content.decode()
    assert url("directory_csv") not in nothing


def choices(answer: Any, name: str) -> list[tuple[str, str]]:
    return [(str(v), str(label)) for v, label in answer.context["form"].fields[name].choices]


def test_only_what_occurs_can_be_chosen(cast: Cast, korea: Institution) -> None:
    add_field(names={"en": "Film"}, actor=None)
    make_institution("")
    music = korea.fields_of_work.get()
    answer = Client().get(url("directory"))
    assert choices(answer, "field") == [("", "all"), (str(music.pk), "Music")]
    assert choices(answer, "country") == [
        ("", "all"),
        ("NG", "Nigeria"),
        ("PL", "Poland"),
        ("QA", "Qatar"),
        ("KR", "South Korea"),
        ("none", "international"),
    ]


def test_without_any_field_there_is_no_such_filter(cast: Cast) -> None:
    assert 'name="field"' not in Client().get(url("directory")).content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"country": "KR"}, ["KR"]),
        ({"country": "none"}, [""]),
        ({"country": "XX"}, ["NG", "PL", "QA", "KR", ""]),
        ({"field": "0"}, ["NG", "PL", "QA", "KR", ""]),
        ({"country": "NG", "q": "korea"}, []),
    ],
)
def test_the_directory_is_narrowed_by_country(
    cast: Cast, korea: Institution, query: dict[str, str], expected: list[str]
) -> None:
    make_institution("")
    answer = Client().get(url("directory"), query)
    found = [i.country.code or "" for c in answer.context["classes"] for i in c["institutions"]]
    assert found == expected


def test_the_directory_is_narrowed_by_field(korea: Institution) -> None:
    field = korea.fields_of_work.get()
    answer = Client().get(url("directory"), {"field": str(field.pk)})
    assert [i for c in answer.context["classes"] for i in c["institutions"]] == [korea]
