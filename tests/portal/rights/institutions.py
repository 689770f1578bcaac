"""How an institution stands, and what it says of itself."""

from tests.files import image, upload
from tests.portal.picture_things import institution_picture, new_picture, picture_file
from tests.portal.rights.row import ALL_M, ALL_O, OWN_N, Row
from tests.portal.rights_things import STATES, always, first_profile, kr

ROWS: dict[str, Row] = {
    "members:change_standing": Row(
        "lnnnnnnnrn",
        "lnnnnnnnrn",
        lambda w: (w.cast.kr.pk, "suspension"),
        lambda w: {
            "standing": w.cast.kr.membership.pk,
            "since": "2026-01-01",
            "reason": "Absent three times.",
        },
    ),
    "members:membership_document": Row("lnnoonnnon", ALL_M, lambda w: (w.cast.kr.pk, w.ground.pk)),
    "members:institution_facts": Row(
        "lnnnnnnnon", "lnnnnnnnrn", kr, always(acronym="K", country="KR", version="0")
    ),
    "members:profile": Row(
        "lnnofnnnon", "lnnrfnnnrn", kr, always(name_en="K", version="1", **STATES)
    ),
    "members:identity_provider": Row(
        "lnnnnnnnrn", "lnnnnnnnrn", kr, always(issuer="https://x.example", version="0")
    ),
    "members:check_identity_provider": Row(ALL_M, OWN_N, kr),
    "members:profile_logo": Row(
        "lnnofnnnon", "lnnrfnnnrn", kr, lambda w: {"logo": upload(image(), "logo.png")}
    ),
    "members:remove_logo": Row(ALL_M, "lnnrfnnnrn", kr),
    "members:logo": Row(ALL_O, ALL_M, lambda w: (w.cast.kr.pk, w.logo)),
    "members:picture": Row(ALL_O, ALL_M, institution_picture),
    "members:picture_file": Row(ALL_O, ALL_M, picture_file),
    "members:profile_pictures": Row("lnnofnnnon", "lnnrfnnnrn", kr, new_picture),
    "members:profile_picture": Row(
        "lnnofnnnon", "lnnrfnnnrn", institution_picture, always(alternative_en="A hall")
    ),
    "members:move_picture": Row(ALL_M, "lnnrfnnnrn", institution_picture, always(place="1")),
    "members:remove_picture": Row("lnnofnnnon", "lnnrfnnnrn", institution_picture),
    "members:restore_picture": Row(ALL_M, "lnnrfnnnrn", institution_picture),
    "members:profile_versions": Row("lnnoonnnon", ALL_M, kr),
    "members:profile_version": Row("lnnoonnnon", ALL_M, first_profile),
    "members:take_back_profile": Row(ALL_M, "lnnrfnnnrn", first_profile, always(version="1")),
}
