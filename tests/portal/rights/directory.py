"""The directory, an institution's page, its delegation and whom it invites."""

from tests.portal.rights.row import ALL_M, ALL_O, Row
from tests.portal.rights_things import always, kr, row_of_a_list

ROWS: dict[str, Row] = {
    "members:directory": Row(ALL_O, ALL_M),
    "members:directory_print": Row(ALL_O, ALL_M),
    "members:directory_csv": Row(ALL_O, ALL_M),
    "members:directory_xlsx": Row(ALL_O, ALL_M),
    "members:institution": Row(ALL_O, ALL_M, kr),
    "members:delegation": Row("lnnoonnnon", ALL_M, kr),
    "members:invite": Row(
        "lnnofnnnon",
        "lnnrfnnnrn",
        kr,
        always(email="x@example.org", name="X", capacity="adviser", language="en"),
    ),
    "members:invite_several": Row("lnnofnnnon", "lnnrfnnnrn", kr, row_of_a_list),
    "members:empty_list": Row("lnnofnnnon", ALL_M, lambda w: (w.cast.kr.pk, "xlsx")),
}
