"""The directory, an institution's page, its delegation and whom it invites."""

from tests.portal.rights.row import ALL_M, ALL_O, Row
from tests.portal.rights_things import always, kr, row_of_a_list, without_day

ROWS: dict[str, Row] = {
    "members:directory": Row(ALL_O, ALL_M),
    "members:directory_print": Row(ALL_O, ALL_M),
    "members:directory_csv": Row(ALL_O, ALL_M),
    "members:directory_xlsx": Row(ALL_O, ALL_M),
    "members:enter_member": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        data=always(
            name_en="Newcomer",
            country="PT",
            membership_class="full",
            since="2015-01-01",
            reason="Founding member.",
        ),
    ),
    "members:record_first_day": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        without_day,
        always(since="2015-01-01", reason="Founding member."),
    ),
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
