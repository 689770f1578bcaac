"""What the secretariat settles for the network, and the audit log."""

from tests.site.places.place import PROVED, Place
from tests.site.scenery_network import LETTER
from tests.site.things.institutions import field_of_work

PLACES: dict[str, list[Place]] = {
    "members:new_charter_version": [Place(**PROVED)],
    "members:audit_log": [
        Place(),
        Place(state="filtered", query="?object_type=members.application"),
        Place(state="older", query="?before=40"),
        Place(state="refused", query="?before=x&until=2026-01-01&since=2026-01-02", answers="lnu"),
        Place(state="nothing", query="?who=nobody"),
    ],
    "members:country": [
        Place(lambda: ("KR",), state="settled"),
        Place(lambda: ("QA",)),
        Place(lambda: ("ZZ",), state="unknown", answers="lnn"),
    ],
    "members:network_version": [
        Place(lambda: (2,), state="in_force"),
        Place(lambda: (1,), state="earlier"),
        Place(lambda: (0,), state="deployed"),
        Place(lambda: (9,), state="none", answers="lnn"),
    ],
    "members:return_network": [Place(lambda: (1,))],
    "members:charter_text": [Place(lambda: (1, "ar")), Place(lambda: (1, "fr"), answers="lnn")],
    "members:letter_text": [
        Place(lambda: ("application.submitted", "ar")),
        Place(lambda: (LETTER, "en"), state="own"),
        Place(lambda: ("invitation.apply", "fr"), state="invitation"),
        Place(lambda: ("application.none", "en"), state="none", answers="lnn"),
    ],
    "members:letter_version": [
        Place(lambda: (LETTER, "en", 1)),
        Place(lambda: (LETTER, "en", 0), state="usual"),
        Place(lambda: (LETTER, "en", 9), state="none", answers="lnn"),
    ],
    "members:return_letter": [Place(lambda: (LETTER, "en", 1))],
    "members:countries": [
        Place(),
        Place(state="all", query="?all=1"),
        Place(state="found", query="?q=korea"),
    ],
    "members:field": [Place(field_of_work()), Place(field_of_work(retired=True), state="retired")],
    "members:retire_field": [Place(field_of_work())],
    "members:move_field": [Place(field_of_work())],
    "members:reset_country": [Place(lambda: ("KR",))],
}
