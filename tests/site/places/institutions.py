"""Institutions, how they stand and what they say of themselves."""

from members.models import Institution
from tests.site.places.place import PROVED, Place
from tests.site.things.institutions import (
    ground,
    korea,
    korean_logo,
    korean_picture,
    korean_picture_file,
    korean_picture_taken_out,
    nigeria,
    of_country,
    standing,
    without_day,
)

PLACES: dict[str, list[Place]] = {
    "members:directory": [
        Place(),
        Place(state="found", query="?q=korea"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "members:directory_print": [
        Place(),
        Place(state="found", query="?q=korea&membership_class=full"),
        Place(state="empty", query="?q=nothing-of-this-name"),
    ],
    "members:institution": [
        Place(korea),
        Place(lambda: (Institution.objects.get(country="UY").pk,), state="new"),
        Place(of_country("LT"), state="suspended", also=("suspended",)),
        Place(of_country("HU"), state="history"),
        Place(lambda: (987_654,), state="missing", answers="nnn"),
    ],
    "members:enter_member": [Place()],
    "members:institution_facts": [Place(korea)],
    "members:record_first_day": [Place(without_day)],
    "members:change_standing": [
        *(
            Place(standing("KR", act), state=act, **PROVED)
            for act in ("class_change", "suspension")
        ),
        *(
            Place(standing("LT", act), state=act, **PROVED)
            for act in ("reinstatement", "withdrawal")
        ),
        Place(standing("QA", "suspension"), state="presides", asks_password=True, answers="lnc"),
    ],
    "members:membership_document": [Place(ground, also=("suspended",), answers="lno")],
    "members:delegation": [
        Place(korea),
        Place(
            lambda: (Institution.objects.get(country="NG").pk,),
            state="managed",
            also=("focal",),
            answers="lno",
        ),
    ],
    "members:require_release": [Place(korea)],
    "members:profile": [
        Place(korea),
        Place(nigeria, state="returned", also=("focal",), answers="lno"),
    ],
    "members:profile_releases": [Place()],
    "members:profile_proposal": [
        Place(lambda: (*korea(), 2)),
        Place(lambda: (*korea(), 1), state="returned"),
        Place(lambda: (*korea(), 99), state="missing", answers="lnn"),
    ],
    "members:release_profile": [Place(lambda: (*korea(), 2))],
    "members:return_profile": [Place(lambda: (*korea(), 2))],
    "members:profile_logo": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:remove_logo": [Place(korea)],
    "members:logo": [Place(korean_logo)],
    "members:picture": [
        Place(korean_picture(0)),
        Place(korean_picture(1), state="last"),
        Place(lambda: (*korea(), 987_654), state="missing", answers="nnn"),
    ],
    "members:picture_file": [Place(korean_picture_file)],
    "members:profile_pictures": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:profile_picture": [
        Place(korean_picture(0)),
        Place(korean_picture_taken_out, state="taken_out"),
    ],
    "members:move_picture": [Place(korean_picture(1))],
    "members:remove_picture": [Place(korean_picture(1))],
    "members:restore_picture": [Place(korean_picture_taken_out)],
    "members:profile_versions": [Place(korea), Place(nigeria, state="none", answers="lno")],
    "members:profile_version": [
        Place(lambda: (*korea(), 1)),
        Place(lambda: (*korea(), 3), state="logo"),
        Place(lambda: (*korea(), 6), state="picture"),
        Place(lambda: (*korea(), 9), state="order"),
        Place(lambda: (*korea(), 0), state="first"),
    ],
    "members:take_back_profile": [Place(lambda: (*korea(), 0))],
}
