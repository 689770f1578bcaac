"""The public house: what everyone sees, what nobody may see there, and how it is kept."""

import gzip
import re
from datetime import date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone
from icalendar import Calendar

from assembly.actions import add_agenda_item, create_meeting, place_on_agenda
from assembly.enums import MeetingKind
from assembly.models import Meeting
from members.enums import MembershipState
from tests.assembly.conftest import make_application
from tests.factories import Cast, make_institution, make_user

PAGES = ["/", "/members/", "/calendar/"]
FEEDS = ["/calendar.ics"]
S = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
X = "{http://www.w3.org/1999/xhtml}"


@pytest.fixture(scope="module", autouse=True)
def shapes() -> None:
    call_command("build_map", verbosity=0)


def convene(
    kind: str = MeetingKind.GENERAL_ASSEMBLY, number: int = 7, in_days: int = 30, **fields: Any
) -> Meeting:
    day = timezone.now().date() + timedelta(days=in_days)
    told = {
        "cities": {"en": "Doha", "ar": "الدوحة"},
        "country": "QA",
        "starts_on": day,
        "ends_on": day + timedelta(days=2),
        **fields,
    }
    return create_meeting(kind=kind, number=number, **told)


@pytest.fixture
def assembly(cast: Cast) -> Meeting:
    """A general assembly with two items and an application between them; and what is not public."""
    meeting = convene()
    add_agenda_item(meeting=meeting, titles={"en": "Opening"}, actor=None)
    contact = make_user("contact")
    application = make_application(contact, institution_names={"en": "Secret Candidate"})
    place_on_agenda(
        meeting=meeting, application=application, actor=cast.dina, mandate=cast.dina_mandate
    )
    add_agenda_item(meeting=meeting, titles={"en": "Report"}, actor=None)
    board = convene(MeetingKind.BOARD, 1, cities={"en": "Hidden City"})
    add_agenda_item(meeting=board, titles={"en": "Board business"}, actor=None)
    group = convene(MeetingKind.WORKING_GROUP, 2, cities={"en": "Hidden City"})
    add_agenda_item(meeting=group, titles={"en": "Group business"}, actor=None)
    return meeting


def text(path: str, client: Client | None = None, language: str = "en") -> str:
    response = (client or Client()).get(f"/{language}{path}")
    assert response.status_code == 200
    return str(response.content.decode())


# --- What nobody may see here ---------------------------------------------------------------------

SECRETS = ("Secret Candidate", "Hidden City", "Board business", "Group business", "Candidate MX")


@pytest.mark.parametrize("who", ["", "amal", "dina"])
def test_no_application_and_no_meeting_of_a_board_is_shown(
    cast: Cast, assembly: Meeting, who: str
) -> None:
    make_institution("MX", state=MembershipState.CANDIDATE)
    client = Client()
    if who:
        client.force_login(getattr(cast, who))
    paths = ["/calendar/", f"/calendar/{assembly.pk}/", *FEEDS, f"/calendar/{assembly.pk}.ics"]
    if not who:
        paths += ["/", "/members/"]
    for path in paths:
        page = text(path, client)
        assert not [secret for secret in (*SECRETS, "Mexico") if secret in page], path
    assert "Secret Candidate" not in Client().get("/sitemap.xml").content.decode()


def test_a_meeting_that_is_not_public_is_not_there(cast: Cast, assembly: Meeting) -> None:
    for meeting in Meeting.objects.exclude(pk=assembly.pk):
        for client in (Client(), Client()):
            assert client.get(f"/en/calendar/{meeting.pk}/").status_code == 404
            assert client.get(f"/en/calendar/{meeting.pk}.ics").status_code == 404
            client.force_login(cast.dina)
    assert Client().get("/en/calendar/999999/").status_code == 404


def test_a_conference_is_public_and_its_agenda_is_not(db: None) -> None:
    meeting = convene(MeetingKind.CONFERENCE, 3)
    add_agenda_item(meeting=meeting, titles={"en": "Closed talk"}, actor=None)
    page = text(f"/calendar/{meeting.pk}/")
    assert "Conference no. 3" in page
    assert "Closed talk" not in page


def test_the_programme_shows_no_gap_where_an_application_stands(assembly: Meeting) -> None:
    page = text(f"/calendar/{assembly.pk}/")
    programme = re.search(r'<ol class="programme">(.*?)</ol>', page, re.DOTALL)
    assert programme
    assert re.findall(r"<bdi>(\w+)</bdi>", programme[1]) == ["Opening", "Report"]
    assert "value=" not in programme[1]


# --- The pages ------------------------------------------------------------------------------------


def test_the_front_page_counts_what_there_is(cast: Cast, assembly: Meeting) -> None:
    make_institution("QA", membership_class="associate")
    make_institution("TR", membership_class="observer")
    convene(number=6, in_days=-400)
    convene(number=5, in_days=-800)
    context = Client().get("/en/").context
    assert (context["members"], context["countries"], context["assemblies"]) == (5, 4, 2)
    assert context["meeting"] == assembly
    assert context["presidency"] == cast.presidency


def test_the_front_page_of_an_empty_network_stands(db: None) -> None:
    page = text("/")
    assert "No public meeting is convened at present." in page


def test_the_calendar_is_by_year_the_newest_first(assembly: Meeting) -> None:
    for number, year in ((1, 2014), (2, 2015), (6, 2020), (5, 2020)):
        convene(number=number, starts_on=date(year, 1, number), ends_on=None)
    context = Client().get("/en/calendar/").context
    assert [m.number for m in context["upcoming"]] == [7]
    assert [(year, [m.number for m in meetings]) for year, meetings in context["years"]] == [
        (2020, [6, 5]), (2015, [2]), (2014, [1]),
    ]  # fmt: skip


@pytest.mark.parametrize("path", [*PAGES, *FEEDS, "sitemap"])
def test_pages_cost_the_same_with_one_and_three(
    cast: Cast, assembly: Meeting, path: str, django_assert_num_queries: Any
) -> None:
    address = "/sitemap.xml" if path == "sitemap" else f"/en{path}"
    convene(number=6, in_days=-400)
    Client().get(address)
    with django_assert_num_queries(6, exact=False) as before:
        Client().get(address)
    for number, country in ((5, "SE"), (4, "SG")):
        convene(number=number, in_days=-400 * number)
        convene(number=number + 10, in_days=40 * number)
        make_institution(country)
    with django_assert_num_queries(len(before)):
        Client().get(address)


def test_a_meetings_page_costs_the_same_with_one_and_three_items(
    db: None, django_assert_max_num_queries: Any
) -> None:
    meeting = convene()
    for number in range(3):
        add_agenda_item(meeting=meeting, titles={"en": f"Item {number}"}, actor=None)
        with django_assert_max_num_queries(2):
            text(f"/calendar/{meeting.pk}/")


def test_delegates_are_led_on_to_the_agenda(cast: Cast, assembly: Meeting) -> None:
    client = Client()
    client.force_login(cast.amal)
    link = f'href="/en/meetings/{assembly.pk}/"'
    assert link in text(f"/calendar/{assembly.pk}/", client)
    assert link not in text(f"/calendar/{assembly.pk}/")


# --- How they are kept ----------------------------------------------------------------------------


def addresses(cast: Cast, assembly: Meeting) -> list[str]:
    more = [f"/members/{cast.kr.pk}/", f"/calendar/{assembly.pk}/", f"/calendar/{assembly.pk}.ics"]
    return [f"/ar{path}" for path in [*PAGES, *FEEDS, *more]]


def test_public_pages_set_no_cookie_and_hold_no_token(cast: Cast, assembly: Meeting) -> None:
    for address in addresses(cast, assembly):
        response = Client().get(address)
        assert not response.cookies, address
        assert "csrfmiddlewaretoken" not in response.content.decode(), address
        assert response["Cache-Control"] == "public, max-age=0, must-revalidate"
        assert response["Vary"] == "Cookie, Accept-Encoding"
        assert response["ETag"]


def test_a_page_that_did_not_change_is_not_sent_again(cast: Cast, assembly: Meeting) -> None:
    for address in addresses(cast, assembly):
        for encoding in ("gzip", "identity"):
            first = Client().get(address, headers={"accept-encoding": encoding})
            again = Client().get(address, headers={"if-none-match": first["ETag"]})
            assert (again.status_code, again.content) == (304, b""), address
            assert again["ETag"].removeprefix("W/") == first["ETag"].removeprefix("W/")
    first = Client().get("/en/members/")
    cast.kr.names = {"en": "Renamed"}
    cast.kr.save()
    changed = Client().get("/en/members/", headers={"if-none-match": first["ETag"]})
    assert changed.status_code == 200


def test_pages_are_small(cast: Cast, assembly: Meeting) -> None:
    """As they are sent; what they load is measured in a browser (`tests.e2e.test_public`)."""
    for address in addresses(cast, assembly):
        response = Client().get(address, headers={"accept-encoding": "gzip"})
        if response.headers.get("Content-Encoding") == "gzip":
            assert len(gzip.decompress(response.content)) > len(response.content)
        assert len(response.content) < 16_000, address


def test_what_is_said_to_one_visitor_is_not_kept_for_the_next(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.amal)
    client.post("/en/accounts/logout/", follow=False)
    told = client.get("/en/members/", headers={"accept-encoding": "gzip"})
    assert "signed out" in told.content.decode()
    assert "public" not in told.headers.get("Cache-Control", "")
    assert "Content-Encoding" not in told.headers
    assert "public" in client.get("/en/members/")["Cache-Control"]


def test_what_a_signed_in_person_sees_is_kept_nowhere(cast: Cast, assembly: Meeting) -> None:
    client = Client()
    client.force_login(cast.amal)
    for address in addresses(cast, assembly):
        response = client.get(address, headers={"accept-encoding": "gzip"})
        assert response["Cache-Control"] == "no-store, private", address
        assert "Content-Encoding" not in response.headers


def test_strangers_change_the_language_by_links_and_people_by_a_form(cast: Cast) -> None:
    page = text("/members/?q=%D9%82")
    assert 'href="/ar/members/?q=%D9%82" lang="ar" hreflang="ar"' in page
    assert 'action="/language/"' not in page
    client = Client()
    client.force_login(cast.amal)
    assert 'action="/language/"' in text("/members/", client)


# --- What they say of themselves ------------------------------------------------------------------


def test_a_page_names_itself_and_its_other_languages(
    cast: Cast, assembly: Meeting, settings: Any
) -> None:
    settings.PUBLIC_ORIGIN = "https://portal.example"
    page = text("/members/?q=korea", language="fr")
    base = "https://portal.example"
    assert re.findall(r'rel="canonical" href="([^"]+)"', page) == [f"{base}/fr/members/"]
    assert dict(re.findall(r'hreflang="([\w-]+)" href="(https[^"]+)"', page)) == {
        "ar": f"{base}/ar/members/",
        "en": f"{base}/en/members/",
        "fr": f"{base}/fr/members/",
        "x-default": f"{base}/en/members/",
    }
    properties = dict(re.findall(r'<meta property="og:([\w:]+)" content="([^"]*)"', page))
    assert properties["locale"] == "fr_FR"
    assert properties["url"] == f"{base}/fr/members/"
    assert properties["image"] == f"{base}/static/portal/cards/fr.png"
    assert properties["site_name"] == settings.NETWORK_NAME["fr"]
    assert set(re.findall(r'og:locale:alternate" content="(\w+)"', page)) == {"ar_AR", "en_US"}
    description = re.search(r'<meta name="description" content="([^"]+)"', page)
    assert description
    assert len(description[1]) <= 160


def test_every_public_page_has_a_description_and_a_title(cast: Cast, assembly: Meeting) -> None:
    titles = []
    for address in addresses(cast, assembly):
        if address.endswith(".ics"):
            continue
        page = Client().get(address).content.decode()
        assert page.count('<meta name="description"') == 1, address
        assert page.count('<link rel="canonical"') == 1, address
        titles.append(re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1])  # type: ignore[index]
    assert len(set(titles)) == len(titles)


def test_the_sitemap_lists_public_pages_in_every_language(
    cast: Cast, assembly: Meeting, settings: Any
) -> None:
    settings.PUBLIC_ORIGIN = "https://portal.example"
    candidate = make_institution("MX", state=MembershipState.CANDIDATE)
    response = Client().get("/sitemap.xml")
    assert response["Content-Type"] == "application/xml"
    root = ElementTree.fromstring(response.content)  # noqa: S314
    listed = {}
    for url in root.iter(f"{S}url"):
        versions = {link.get("hreflang"): link.get("href") for link in url.iter(f"{X}link")}
        listed[url.findtext(f"{S}loc")] = versions
        assert set(versions) == {"ar", "en", "fr", "x-default"}
    base = "https://portal.example/en"
    pages = {loc.removeprefix(base) for loc in listed if loc and loc.startswith(base)}
    assert {"/", "/members/", "/calendar/", "/apply/", "/about/", "/news/"} <= pages
    assert {page for page in pages if re.search(r"\d", page)} == {
        f"/calendar/{assembly.pk}/",
        *(f"/members/{i.pk}/" for i in (cast.kr, cast.ng, cast.pl, cast.qa)),
    }
    assert len(listed) == 3 * len(pages)
    assert f"/members/{candidate.pk}/" not in response.content.decode()
    for loc in listed:
        assert Client().get((loc or "").removeprefix("https://portal.example")).status_code == 200


def test_robots_are_kept_out_of_what_is_not_public(settings: Any) -> None:
    lines = Client().get("/robots.txt").content.decode().splitlines()
    assert lines[0] == "User-agent: *"
    for code, _name in settings.LANGUAGES:
        for path in ("rooms", "meetings", "applications", "settings", "audit-log", "invitations"):
            assert f"Disallow: /{code}/{path}/" in lines
        assert f"Allow: /{code}/accounts/login/" in lines
        assert f"Disallow: /{code}/members/" not in lines
    assert f"Sitemap: {settings.PUBLIC_ORIGIN}/sitemap.xml" in lines


def test_whom_to_tell_of_a_weakness(settings: Any) -> None:
    assert Client().get("/.well-known/security.txt").status_code == 404
    settings.SECURITY_CONTACT = ["mailto:security@portal.example", "https://portal.example/report"]
    response = Client().get("/.well-known/security.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    fields = [line.split(": ", 1) for line in response.content.decode().splitlines()]
    assert [name for name, _value in fields] == [
        "Contact", "Contact", "Expires", "Preferred-Languages", "Canonical",
    ]  # fmt: skip
    said = dict(fields)
    expires = datetime.fromisoformat(said["Expires"].replace("Z", "+00:00"))
    assert timedelta(days=90) < expires - timezone.now() < timedelta(days=365)
    assert said["Canonical"].endswith("/.well-known/security.txt")


# --- The calendar for programs --------------------------------------------------------------------


def events(path: str, language: str = "en") -> list[Any]:
    response = Client().get(f"/{language}{path}")
    assert response["Content-Type"] == "text/calendar; charset=utf-8"
    calendar = Calendar.from_ical(response.content)
    assert calendar["VERSION"] == "2.0"
    return [c for c in calendar.walk("VEVENT")]


def test_an_event_has_days_a_place_and_a_lasting_name(assembly: Meeting, settings: Any) -> None:
    settings.PUBLIC_ORIGIN = "https://portal.example"
    (event,) = events("/calendar.ics", "ar")
    assert event["UID"] == f"meeting-{assembly.pk}@portal.example"
    assert event["SUMMARY"] == "الجمعية العمومية السابعة"
    assert event["SUMMARY"].params["LANGUAGE"] == "ar"
    assert event["LOCATION"] == "الدوحة، قطر"
    assert event["DTSTART"].params["VALUE"] == "DATE"
    assert event["DTSTART"].dt == assembly.starts_on
    assert event["DTEND"].dt == assembly.starts_on + timedelta(days=3)
    assert event["SEQUENCE"] == 0
    assert event["DTSTAMP"].to_ical().endswith(b"Z")
    assert event["URL"] == f"https://portal.example/ar/calendar/{assembly.pk}/"
    assert events(f"/calendar/{assembly.pk}.ics", "ar")[0]["UID"] == event["UID"]
    assert events("/calendar.ics", "fr")[0]["UID"] == event["UID"]


def test_the_agenda_does_not_change_the_event(cast: Cast, assembly: Meeting) -> None:
    """Else the number of applications could be counted from outside."""
    before = Client().get("/en/calendar.ics").content
    add_agenda_item(meeting=assembly, titles={"en": "More"}, actor=None)
    assert Client().get("/en/calendar.ics").content == before


def test_a_meeting_of_which_only_the_month_is_known_is_no_event(db: None) -> None:
    convene(number=5, starts_on=date(2018, 11, 1), ends_on=None)
    ahead = convene(number=8, in_days=10, ends_on=None)
    (event,) = events("/calendar.ics")
    assert event["DTSTART"].dt == ahead.starts_on
    assert event["DTEND"].dt == ahead.starts_on + timedelta(days=1)


def test_an_empty_calendar_is_a_calendar(db: None) -> None:
    assert events("/calendar.ics") == []
