"""A person's own pages."""

from tests.files import image, upload
from tests.portal.rights.row import ALL_M, ALL_N, OWN_N, OWN_O, OWN_R, Row
from tests.portal.rights_things import always, always_one

PROFILE = {
    "name_latin": "Amal",
    **{
        f"seen_{part}": "members"
        for part in ("form_of_address", "position", "languages", "photo", "time_zone", "email")
    },
}
ROWS: dict[str, Row] = {
    "members:settings": Row(OWN_O, OWN_R, data=always(language="fr", time_zone="UTC")),
    "members:calendar_feed": Row("lnrrrnrnrr", "lnrrrnrnrr"),
    "members:close_calendar_feed": Row(ALL_M, OWN_R),
    "members:calendar_feed_file": Row(ALL_N, ALL_M, lambda w: ("no-such-token",)),
    "members:erasure": Row(OWN_O, "lucccccccc"),
    "members:person": Row("lnooononoo", ALL_M, lambda w: (w.cast.amal.pk,)),
    "members:person_photo": Row("lnooononoo", ALL_M, lambda w: (w.cast.amal.pk, w.photo)),
    "members:person_profile": Row(OWN_O, OWN_R, data=always(**PROFILE)),
    "members:own_photo": Row(
        OWN_O, OWN_R, data=lambda w: {"photo": upload(image(size=(50, 50)), "photo.png")}
    ),
    "members:remove_photo": Row(ALL_M, OWN_R),
    "members:end_session": Row(ALL_M, OWN_N, always_one),
    "members:sign_out_everywhere": Row(ALL_M, "llllllllll"),
}
