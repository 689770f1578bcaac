"""What the secretariat settles for the network."""

from tests.portal.rights.row import ALL_M, Row
from tests.portal.rights_things import always, always_args, charter, charter_text, field
from tests.portal.standing_things import proposal, seen

ROWS: dict[str, Row] = {
    "members:network_settings": Row("lnnnnnnnon", ALL_M),
    "members:network_names": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(name_en="Network", version="0")
    ),
    "members:network_version": Row("lnnnnnnnon", ALL_M, always_args(0)),
    "members:return_network": Row(ALL_M, "lnnnnnnnrn", always_args(0), always(version="0")),
    "members:charter_versions": Row("lnnnnnnnon", ALL_M),
    "members:new_charter_version": Row("lnnnnnnnrn", "lnnnnnnnrn", data=charter),
    "members:charter_text": Row("lnnnnnnnon", ALL_M, charter_text),
    "members:letter_list": Row("lnnnnnnnon", ALL_M),
    "members:letter_text": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("application.submitted", "en"),
        always(subject="Received", body="{link}", version="0"),
    ),
    "members:letter_version": Row(
        "lnnnnnnnon", ALL_M, always_args("application.submitted", "en", 0)
    ),
    "members:return_letter": Row(
        ALL_M,
        "lnnnnnnnrn",
        always_args("application.submitted", "en", 0),
        always(version="0"),
    ),
    "members:profile_releases": Row("lnnnnnnnon", ALL_M),
    "members:settle_release_rule": Row(ALL_M, "lnnnnnnnrn", data=always(waits="yes")),
    "members:profile_proposal": Row("lnnonnnnon", ALL_M, proposal),
    "members:release_profile": Row(ALL_M, "lnnfnnnnrn", proposal, seen),
    "members:return_profile": Row(ALL_M, "lnnfnnnnrn", proposal, always(reasons="Too long.")),
    "members:countries": Row("lnnnnnnnon", ALL_M),
    "members:country": Row("lnnnnnnnon", "lnnnnnnnrn", always_args("KR"), always(is_on_map="on")),
    "members:reset_country": Row(ALL_M, "lnnnnnnnrn", always_args("KR")),
    "members:fields": Row("lnnnnnnnon", ALL_M),
    "members:new_field": Row("lnnnnnnnon", "lnnnnnnnrn", data=always(name_en="Music")),
    "members:field": Row("lnnnnnnnon", "lnnnnnnnrn", field, always(name_en="Music")),
    "members:retire_field": Row(ALL_M, "lnnnnnnnrn", field, always(retired="yes")),
    "members:move_field": Row(ALL_M, "lnnnnnnnrn", field, always(to="up")),
}
