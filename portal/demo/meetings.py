"""The room of the next general assembly of the demo network, and what was said in it so far."""

from uuid import NAMESPACE_URL, uuid5

from assembly.actions import open_meeting_room
from assembly.models import Meeting
from members.models import Mandate
from messaging.actions import post_message
from portal.demo.people import DOMAIN

SAID = (
    ("secretariat", "نرجو موافاتنا بأسماء أعضاء وفودكم قبل الافتتاح بشهر."),
    ("head.mz", "Notre délégation comptera quatre personnes. La liste suivra cette semaine."),
)


def load_meeting_room(meeting: Meeting, mandates: dict[str, Mandate]) -> None:
    """`mandates` by the part of the address before the @."""
    office = mandates["secretariat"]
    room = open_meeting_room(meeting=meeting, actor=office.user, mandate=office)
    for number, (author, body) in enumerate(SAID):
        post_message(
            room=room,
            author=mandates[author].user,
            mandate=mandates[author],
            body=body,
            client_id=uuid5(NAMESPACE_URL, f"{DOMAIN}/meeting/{number}"),
        )
