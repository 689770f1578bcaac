"""Meetings, votes, and how members stand."""

from tests.site.places.place import Place
from tests.site.things.applications import application
from tests.site.things.institutions import korea, nigeria, notice, of_country, owed
from tests.site.things.meetings import (
    item,
    item_document,
    item_dossier,
    meeting,
    meeting_of,
    plain_item,
)

OPEN_VOTE = {"voted": True, "called": False}
WHOLE_VOTE = {"voted": True, "called": True}
PLACES: dict[str, list[Place]] = {
    "assembly:meeting": [
        Place(meeting(7)),
        Place(meeting(6), state="past"),
        Place(meeting_of("board", 12), state="board"),
        Place(meeting_of("working_group", 5), state="over"),
    ],
    "assembly:open_room": [
        Place(meeting(7), state="there", answers="lfr"),
        Place(meeting_of("board", 12), state="chosen"),
        Place(meeting_of("conference", 3), state="all"),
    ],
    "assembly:hold_results": [Place(meeting(7))],
    "assembly:release_results": [Place(meeting(7))],
    "assembly:decision_terms": [Place(item("on_agenda", voted=False))],
    "assembly:add_item": [Place(meeting(7))],
    "assembly:place_application": [Place(application("recommended"))],
    "assembly:agenda_item": [
        Place(plain_item, state="plain"),
        Place(item("on_agenda", voted=False), state="unopened"),
        Place(item("on_agenda", **OPEN_VOTE), state="open"),
        Place(item("admitted", **WHOLE_VOTE), state="adopted"),
        Place(item("declined", **WHOLE_VOTE), state="not_adopted"),
        Place(item("deferred", **WHOLE_VOTE), state="no_quorum"),
    ],
    "assembly:item_dossier": [Place(item("on_agenda", voted=False))],
    "assembly:make_item_dossier": [Place(item("on_agenda", voted=False))],
    "assembly:item_dossier_file": [Place(item_dossier)],
    "assembly:item_document": [Place(item_document)],
    "assembly:open_vote": [Place(item("on_agenda", voted=False))],
    "assembly:roll_call": [
        Place(item("on_agenda", **OPEN_VOTE)),
        Place(item("on_agenda", **WHOLE_VOTE), state="whole"),
        Place(item("admitted", **WHOLE_VOTE), state="certified", answers="lfr"),
    ],
    "assembly:review": [
        Place(item("on_agenda", **WHOLE_VOTE)),
        Place(item("on_agenda", **OPEN_VOTE), state="incomplete"),
    ],
    "assembly:certify": [Place(item("on_agenda", **WHOLE_VOTE))],
    "assembly:agenda_titles": [Place(plain_item)],
    "assembly:attendance": [
        Place(meeting(6)),
        Place(meeting(7), state="to_come", answers="lnn"),
    ],
    "assembly:standing_monitor": [
        Place(),
        Place(state="wanting", query="?wants=any&order=dues"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "assembly:standing": [
        Place(korea),
        Place(nigeria, state="own", also=("focal",), answers="lno"),
        Place(of_country("LT"), state="suspended", answers="lno"),
        Place(lambda: (987_654,), state="missing", answers="lnn"),
    ],
    "assembly:new_dues": [Place(korea)],
    "assembly:dues": [Place(owed)],
    "assembly:draft_notice": [Place(korea)],
    "assembly:notice": [
        Place(notice("draft")),
        Place(notice("sent"), state="sent", answers="loo"),
        Place(notice("discarded"), state="discarded"),
    ],
    "assembly:discard_notice": [Place(notice("draft"))],
}
