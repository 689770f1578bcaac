"""Groups, and what they keep."""

from uuid import uuid4

from tests.members.group_space import typed
from tests.portal.rights.row import ALL_M, Row
from tests.portal.rights_things import (
    STATES,
    always,
    group,
    group_date,
    group_file,
    group_place,
    join_request,
    pdf,
)

ROWS: dict[str, Row] = {
    "members:group_list": Row("lnooononoo", ALL_M),
    "members:new_group": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        data=always(kind="committee", name_en="G", client_id=uuid4(), **STATES),
    ),
    "members:group": Row("lnooononoo", ALL_M, group),
    "members:edit_group": Row(
        "lnfffnfnof", "lnfffnfnrf", group, always(name_en="G", version="1", **STATES)
    ),
    "members:group_versions": Row("lnooononoo", ALL_M, group),
    "members:group_version": Row("lnooononoo", ALL_M, lambda w: (w.group.pk, 1)),
    "members:close_group": Row("lnfffnfnof", "lnfffnfnrf", group, always(reason="It is done.")),
    "members:reopen_group": Row(ALL_M, "lnfffnfnrf", group),
    "members:add_group_members": Row(
        "lnfofnfnof",
        "lnfrfnfnrf",
        group,
        lambda w: {"role": "member", "delegations": w.cast.pl.pk},
    ),
    "members:group_place": Row("lnfofnfnof", "lnfrfnfnrf", group_place, always(role="observer")),
    "members:remove_group_member": Row("lnfofnonof", "lnfrfnrnrf", group_place),
    "members:group_files": Row("lnnoononon", "lnnrfnrnrn", group, pdf("file", title="Paper")),
    "members:group_file": Row(
        "lnnoononon", "lnnrfnrnrn", group_file, always(title="Paper", version="1")
    ),
    "members:group_file_version": Row("lnnoononon", ALL_M, lambda w: (*group_file(w), 1)),
    "members:remove_group_file": Row(ALL_M, "lnnrfnfnrn", group_file),
    "members:restore_group_file": Row(ALL_M, "lnnrfnfnrn", group_file),
    "members:group_calendar": Row("lnnoononon", ALL_M, group),
    "members:group_calendar_file": Row("lnnoononon", ALL_M, group),
    "members:new_group_date": Row("lnnofnfnon", "lnnrfnfnrn", group, always(**typed())),
    "members:group_date": Row("lnnoononon", ALL_M, group_date),
    "members:group_date_file": Row("lnnoononon", ALL_M, group_date),
    "members:edit_group_date": Row(
        "lnnofnfnon", "lnnrfnfnrn", group_date, always(**typed(version="1"))
    ),
    "members:cancel_group_date": Row(
        "lnnofnfnon", "lnnrfnfnrn", group_date, always(reason="Nobody can come.")
    ),
    "members:ask_to_join": Row(
        "lnfofnonff",
        "lnfrfnrnff",
        lambda w: (w.empty_group.pk,),
        always(role="member", words="We wish to help."),
    ),
    "members:join_request": Row("lnnonnonon", ALL_M, join_request),
    "members:accept_join_request": Row(ALL_M, "lnnrnnfnrn", join_request),
    "members:decline_join_request": Row(ALL_M, "lnnrnnfnrn", join_request, always(reason="No")),
    "members:withdraw_join_request": Row(ALL_M, "lnnfnnrnfn", join_request),
}
