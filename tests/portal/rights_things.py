"""What of the world an address names, and what is posted to it: the arguments and data of TABLE."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

from django.utils import timezone

from assembly.models import ItemDossier, Meeting
from members.actions.handovers import schedule_handover
from members.application_definitions import mark_of
from members.models import (
    ApplicationFormVersion,
    CharterText,
    CharterVersion,
    Handover,
    Membership,
    Presidency,
    SavedFilter,
)
from messaging.news_letters import stop_address
from tests.assembly.conftest import make_meeting
from tests.factories import make_institution
from tests.files import PDF, upload
from tests.portal.world import World

Things = Callable[[World], Any]


def app(state: str) -> Things:
    return lambda world: (world.apps[state].pk,)


def section_of(state: str) -> Things:
    return lambda world: (world.apps[state].pk, "institution")


def item(name: str) -> Things:
    return lambda world: (world.meeting.pk, getattr(world, name).position)


def item_document(world: World) -> tuple[int, int, int]:
    """Of the question that is not opened."""
    application = world.apps["to_open"]
    document = application.documents.first() or application.documents.create(
        file=world.document.file,
        kind="credentials",
        name="letter.pdf",
        uploaded_by=world.users["contact"],
    )
    return world.meeting.pk, world.unopened.position, document.pk


def item_dossier(world: World) -> tuple[int, int, str]:
    ItemDossier.objects.get_or_create(
        item=world.unopened,
        language="en",
        defaults={
            "asked_at": timezone.now(),
            "made_at": timezone.now(),
            "file": world.document.file,
        },
    )
    return world.meeting.pk, world.unopened.position, "en"


def form_as_seen(**fields: str) -> Things:
    """What is sent of the form of applications by who has seen how it stands."""

    def made(world: World) -> dict[str, Any]:
        current = ApplicationFormVersion.objects.current()
        assert current
        return {"version": str(mark_of(current.definition)), **fields}

    return made


def always(**data: Any) -> Things:
    return lambda world: data


def always_args(*args: Any) -> Things:
    return lambda world: args


def always_one(world: World) -> tuple[int]:
    """The number of something of a person's own, which none of them has."""
    return (1,)


def pdf(name: str, **data: Any) -> Things:
    return lambda world: {**data, name: upload(PDF, "paper.pdf")}


def begun(world: World) -> tuple[int]:
    """A meeting that began yesterday."""
    found = Meeting.objects.general_assemblies().filter(number=6).first()
    return ((found or make_meeting(None, number=6, in_days=-1)).pk,)


def news(world: World) -> tuple[int]:
    return (world.news_draft.pk,)


def news_picture(world: World) -> tuple[int, int]:
    return (world.news_draft.pk, world.picture.pk)


def legal(world: World) -> tuple[str]:
    return ("legal",)


def kr(world: World) -> tuple[int]:
    return (world.cast.kr.pk,)


def row_of_a_list(world: World) -> dict[str, str]:
    """People to invite, as the page that shows what becomes of them sends them back."""
    row = {"name": "X", "email": "x@example.org", "capacity": "adviser", "language": "en"}
    return {"step": "send"} | {f"ready-2-{field}": value for field, value in row.items()}


def saved_filter(world: World) -> tuple[int]:
    """One of dina's own."""
    saved, _new = SavedFilter.objects.get_or_create(
        owner=world.cast.dina, listing="people", name="Of dina"
    )
    return (saved.pk,)


def without_day(world: World) -> tuple[int]:
    """A member whose first day is not recorded; made when it is first asked for."""
    found = Membership.objects.filter(since=None).first()
    if found:
        return (found.institution_id,)
    made = make_institution("PT")
    made.memberships.update(since=None, joined_on=None)
    return (made.pk,)


def earlier_term(world: World) -> tuple[int]:
    """Of Poland, long ago; made when it is first asked for."""
    made, _new = Presidency.objects.get_or_create(
        institution=world.cast.pl,
        starts_at=datetime(2001, 1, 1, tzinfo=UTC),
        ends_at=datetime(2002, 1, 1, tzinfo=UTC),
    )
    return (made.pk,)


def earlier_term_typed(world: World) -> dict[str, Any]:
    term = Presidency.objects.get(pk=earlier_term(world)[0])
    return {
        "institution": str(world.cast.pl.pk),
        "starts_on": "2000-01-01",
        "ends_on": "2000-12-31",
        "seen": term.mark,
    }


def field(world: World) -> tuple[int]:
    return (world.field.pk,)


def first_profile(world: World) -> tuple[int, int]:
    return (world.cast.kr.pk, 0)


def charter(world: World) -> dict[str, Any]:
    """To be in force in years: until then charters are sent as they are chosen."""
    latest = CharterVersion.objects.latest_number()
    return {"version": str(latest), "in_force_on": "2100-01-01", "file_en": upload()}


def charter_text(world: World) -> tuple[int, str]:
    """A version that is not in force; made when it is first asked for."""
    if not CharterVersion.objects.exists():
        version = CharterVersion.objects.create(
            number=1, in_force_on=date(2100, 1, 1), made_by=world.cast.dina
        )
        CharterText.objects.create(
            version=version, language="en", file=world.ground.file, name="charter.pdf"
        )
    return 1, "en"


def group(world: World) -> tuple[int]:
    return (world.group.pk,)


def group_place(world: World) -> tuple[int, int]:
    return world.group.pk, world.cast.ng.pk


def group_file(world: World) -> tuple[int, int]:
    return world.group.pk, world.group_file.pk


def group_date(world: World) -> tuple[int, int]:
    return world.group.pk, world.group_date.pk


def join_request(world: World) -> tuple[int]:
    return (world.join_request.pk,)


def handover(world: World) -> tuple[int]:
    """Scheduled, to Nigeria; made when it is first asked for."""
    made = Handover.objects.first() or schedule_handover(
        institution=world.cast.ng,
        takes_effect_at=timezone.now() + timedelta(days=30),
        ending=[],
        beginning=[world.users["focal"]],
        actor=world.cast.dina,
    )
    return (made.pk,)


def while_scheduled(world: World) -> tuple[()]:
    handover(world)
    return ()


def stopping(world: World) -> tuple[Any, ...]:
    return (stop_address(world.cast.amal).rsplit("/", 2)[1],)


def room(world: World) -> tuple[int]:
    return (world.room.pk,)


def bilateral(world: World) -> tuple[int]:
    """An invitation of Nigeria to Korea that waits."""
    return (world.bilateral.pk,)


def in_room(world: World) -> tuple[int, int]:
    participant = world.room.participants.get(institution=world.cast.ng)
    return (world.room.pk, participant.pk)


def subject(world: World) -> tuple[int, int]:
    """Opened by amal."""
    return (world.room.pk, world.subject.pk)


def transcript(world: World) -> tuple[int, int]:
    return (world.room.pk, world.transcript.pk)


def message(world: World) -> dict[str, Any]:
    mandates = world.cast.amal.mandates.all()
    return {"body": "Good morning", "client_id": str(uuid4()), "mandate": mandates[0].pk}


def statement(world: World) -> dict[str, Any]:
    return {**message(world), "step": "issue"}


def statement_draft(world: World) -> tuple[int, int]:
    """What an adviser of amal's delegation wishes to issue, and amal releases."""
    return world.room.pk, world.draft.pk


def answers(world: World) -> dict[str, str]:
    return {f"choice_{entry.institution_id}": "in_favour" for entry in world.poll.roll.all()}


def to_come(world: World) -> dict[str, Any]:
    when = timezone.now() + timedelta(days=1)
    return {**message(world), "due_at": when.strftime("%Y-%m-%dT%H:%M")}


def to_be_sent(world: World) -> tuple[int]:
    """A message of amal that waits."""
    return (world.scheduled.pk,)


def question(world: World) -> dict[str, Any]:
    return {"question": "When?", "options": "Monday\nTuesday", **message(world)}


def asked(world: World) -> tuple[int, int]:
    return world.room.pk, world.asked.seq


def said(world: World) -> tuple[int, int]:
    return world.room.pk, world.said.seq


def sent_file(world: World) -> tuple[int, int]:
    return world.room.pk, world.sent.pk


def waiting_file(world: World) -> tuple[int, int]:
    return world.room.pk, world.waiting.pk


def doubted(world: World) -> tuple[int, int]:
    """A message that somebody else of the secretariat wants to have erased."""
    return world.room.pk, world.doubted.seq


def reason(world: World) -> tuple[int, int]:
    """The record of a mute, whose reason is to be erased."""
    return world.room.pk, world.reason


def reported(world: World) -> tuple[int, int]:
    return world.room.pk, world.report.pk


def bilal_muted(world: World) -> tuple[int, int]:
    return world.room.pk, world.cast.bilal.pk


def dates(world: World) -> dict[str, Any]:
    day = timezone.now().date() + timedelta(days=90)
    return {
        "kind": "board",
        "number": "3",
        "city_en": "Doha",
        "country": "QA",
        "starts_on": day.isoformat(),
        "ends_on": day.isoformat(),
        "rules": world.rules.pk,
    }


APPLY = {
    "name": "Amal",
    "email": "amal.new@example.org",
    "language": "en",
    "name_en": "Institute",
    "country": "MX",
}
ACCOUNT = {
    "name": "New",
    "language": "en",
    "password1": "a long enough word",
    "password2": "a long enough word",
}
DRAFT = {
    "name_en": "Institute",
    "acronym": "I",
    "country": "MX",
    "kind": "state_body",
    "membership_class": "full",
    "aims": "To learn.",
    "website": "https://example.org/",
    "contact_position": "Director",
    "contact_phone": "+52 55 1234",
    "letter_text": "We ask to join.",
    "do": "save",
    "version": "0",
}
EDITOR = {"editor-name": "E", "editor-email": "e@example.org", "editor-language": "en"}
ANOTHER_CONTACT = {
    "contact-to": "other",
    "contact-name": "C",
    "contact-email": "c@example.org",
    "contact-language": "en",
    "contact-reason": "The other has left.",
}
STATES = {"state_ar": "draft", "state_en": "draft", "state_fr": "draft"}
TWICE = {"password1": "another long word", "password2": "another long word"}
