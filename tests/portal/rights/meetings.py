"""How members stand, meetings and votes."""

from tests.portal.rights.row import ALL_M, Row
from tests.portal.rights_things import (
    always,
    answers,
    app,
    begun,
    dates,
    item,
    item_document,
    item_dossier,
    kr,
)
from tests.portal.standing_things import notice, owed

ROWS: dict[str, Row] = {
    "assembly:standing_monitor": Row("lnnnnnnnon", ALL_M),
    "assembly:export_standing": Row(ALL_M, "lnnnnnnnon", data=always(form="csv")),
    "assembly:dues_of_year": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(year="2020", classes="full")
    ),
    "assembly:standing": Row("lnnonnnnon", ALL_M, kr),
    "assembly:new_dues": Row("lnnnnnnnon", "lnnnnnnnrn", kr, always(version="0", year="2021")),
    "assembly:dues": Row(
        "lnnnnnnnon", "lnnnnnnnrn", owed, always(version="1", paid_on="2020-03-01")
    ),
    "assembly:draft_notice": Row(ALL_M, "lnnnnnnnrn", kr, always(subject="dues")),
    "assembly:notice": Row(
        "lnnnnnnnon", "lnnnnnnnrn", notice, always(version="1", title_en="Dues", body_en="Pay.")
    ),
    "assembly:discard_notice": Row(ALL_M, "lnnnnnnnrn", notice, always(version="1")),
    "assembly:meeting_list": Row("lnooononoo", ALL_M),
    "assembly:new_meeting": Row("lnnnnnnnon", "lnnnnnnnrn", data=dates),
    "assembly:meeting": Row("lnooononoo", ALL_M, lambda w: (w.meeting.pk,)),
    "assembly:attendance": Row(
        "lnnnnnnnon", "lnnnnnnnrn", begun, lambda w: {"present": w.cast.kr.pk, "was": ""}
    ),
    "assembly:open_room": Row(
        "lnfffnfnof", "lnfffnfnrf", lambda w: (w.meeting.pk,), always(open="1")
    ),
    "assembly:hold_results": Row(
        ALL_M, "lnfffnfnrf", lambda w: (w.meeting.pk,), always(holds="yes")
    ),
    "assembly:release_results": Row(  # nobody here is the president
        ALL_M, "lnfffnfnff", lambda w: (w.meeting.pk,)
    ),
    "assembly:decision_terms": Row(
        "lnfffnfnof", "lnfffnfnrf", item("unopened"), always(conditions="A budget.", seen="0")
    ),
    "assembly:add_item": Row(
        ALL_M, "lnfffnfnrf", lambda w: (w.meeting.pk,), always(title_en="Minutes")
    ),
    "assembly:place_application": Row(
        ALL_M, "lnnnnnnnrn", app("recommended"), lambda w: {"meeting": w.meeting.pk}
    ),
    "assembly:agenda_item": Row("lnooononoo", ALL_M, item("opened")),
    "assembly:agenda_titles": Row(
        "lnfffnfnof", "lnfffnfnrf", item("unopened"), always(title_en="Admission")
    ),
    "assembly:item_dossier": Row("lnoonnonoo", ALL_M, item("unopened")),
    "assembly:make_item_dossier": Row(ALL_M, "lnrrnnrnrr", item("unopened"), always(language="fr")),
    "assembly:item_dossier_file": Row("lnoonnonoo", ALL_M, item_dossier),
    "assembly:item_document": Row("lnoonnonoo", ALL_M, item_document),
    "assembly:open_vote": Row(ALL_M, "lnfffnfnrf", item("unopened")),
    "assembly:roll_call": Row("lnfffnfnof", "lnfffnfnrf", item("opened"), answers),
    "assembly:review": Row("lnfffnfnof", ALL_M, item("opened")),
    "assembly:certify": Row(
        ALL_M, "lnfffnfnrf", item("opened"), always(reviewed="x", confirmed="on")
    ),
}
