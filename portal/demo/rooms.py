"""Rooms of the demo network that people opened: of two delegations, and one in the archive."""

from uuid import NAMESPACE_URL, uuid5

from members.models import Mandate
from messaging.actions import (
    accept_invitation,
    archive_room,
    invite_delegation,
    open_subject,
    post_message,
    start_room,
)
from messaging.enums import ParticipantRole, RoomKind
from portal.demo.files import attach_draft
from portal.demo.people import DOMAIN

SAID = (
    ("head.ng", "Dear colleagues, we propose an exchange of six young curators a year."),
    ("head.kr", "شكرًا جزيلًا. يرحّب وفدنا بالمقترح، ويستضيف الدفعة الأولى في سيول."),
    ("head.ng", "Thank you. Here are a first draft of the agreement, and an idea for the poster."),
)
WITH_FILES = 2  # the place of the message that has files
SUBJECT = {
    "en": "Exchange of curators",
    "ar": "تبادل القيّمين على المعارض",
    "fr": "Échange de conservateurs",
}


def load_rooms(mandates: dict[str, Mandate]) -> None:
    """`mandates` by the part of the address before the @."""
    korea, nigeria = mandates["head.kr"], mandates["head.ng"]
    office, qatar = mandates["secretariat"], mandates["head.qa"]
    invitation = invite_delegation(
        to=korea.institution,
        note="An exchange of young curators between our two institutions.",
        language="en",
        with_office=False,
        actor=nigeria.user,
        mandate=nigeria,
    )
    room = accept_invitation(invitation=invitation, actor=korea.user, mandate=korea).room
    assert room is not None  # noqa: S101  for the type checker
    subject = open_subject(room=room, titles=SUBJECT, actor=nigeria.user, mandate=nigeria)
    for number, (author, body) in enumerate(SAID):
        post_message(
            room=room,
            author=mandates[author].user,
            mandate=mandates[author],
            body=body,
            client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/bilateral/{number}"),
            files=attach_draft(room, mandates[author]) if number == WITH_FILES else (),
            subject=subject.pk,
        )
    invite_delegation(
        to=korea.institution,
        note="أسبوع ثقافي مشترك في الدوحة.",
        language="ar",
        with_office=True,
        actor=qatar.user,
        mandate=qatar,
    )
    past = start_room(
        kind=RoomKind.MEETING,
        titles={
            "en": "Preparation of the last assembly",
            "ar": "التحضير للجمعية العمومية الأخيرة",
            "fr": "Préparation de la dernière assemblée",
        },
        purposes={},
        group=None,
        delegations=dict.fromkeys(
            (m.institution for m in (korea, nigeria, qatar)), ParticipantRole.MEMBER
        ),
        actor=office.user,
        mandate=office,
    )
    archive_room(room=past, actor=office.user, mandate=office)
