"""The presidency, the lists of the secretariat, reviews, charters, dossiers, the audit log."""

from uuid import uuid4

from tests.portal.rights.row import ALL_M, Row
from tests.portal.rights_things import (
    always,
    always_args,
    app,
    earlier_term,
    earlier_term_typed,
    handover,
    pdf,
    saved_filter,
    while_scheduled,
)

ROWS: dict[str, Row] = {
    "members:presidency": Row("lnnnnnonon", ALL_M, while_scheduled),
    "members:earlier_terms": Row("lnnnnnnnon", "lnnnnnnnrn", data=earlier_term_typed),
    "members:earlier_term": Row("lnnnnnnnon", "lnnnnnnnrn", earlier_term, earlier_term_typed),
    "members:remove_term": Row(ALL_M, "lnnnnnnnrn", earlier_term, earlier_term_typed),
    "members:next_presidency": Row("lnnnnnnncn", ALL_M, while_scheduled),
    "members:schedule_handover": Row(
        "lnnnnnnncn", "lnnnnnnncn", lambda w: (w.cast.kr.pk, *while_scheduled(w))
    ),
    "members:handover": Row("lnnnnnonon", ALL_M, handover),
    "members:move_handover": Row(
        "lnnnnnfnrn",
        "lnnnnnfnrn",
        handover,
        always(version="1", takes_effect_at="2029-01-01T09:00"),
    ),
    "members:cancel_handover": Row(
        "lnnnnnfnrn", "lnnnnnfnrn", handover, always(reason="Not agreed.")
    ),
    "members:people": Row("lnnnnnnnon", ALL_M),
    "members:export_people": Row(ALL_M, "lnnnnnnnrn", data=always(form="csv")),
    "members:act_on_people": Row(
        ALL_M, "lnnnnnnnon", data=lambda w: {"act": "end", "row": w.cast.amal_mandate.pk}
    ),
    "members:save_filter": Row(
        ALL_M, "lnnnnnnnrn", data=always(name="Heads", listing="people", query="capacity=head")
    ),
    "members:saved_filter": Row(
        "lnnnnnnnon", "lnnnnnnnrn", saved_filter, always(name="Heads of delegation")
    ),
    "members:remove_filter": Row(ALL_M, "lnnnnnnnrn", saved_filter),
    "members:application_figures": Row("lnnnnnnnon", ALL_M),
    "members:export_applications": Row(ALL_M, "lnnnnnnnrn", data=always(form="csv")),
    "members:act_on_applications": Row(
        ALL_M, "lnnnnnnnon", data=lambda w: {"act": "review", "row": w.apps["submitted"].pk}
    ),
    # Of the application under review, which amal is asked to review:
    "members:assessment": Row("lnnonnnnon", ALL_M, app("reviewed")),
    "members:tick_point": Row(
        ALL_M,
        "lnnfnnnnrn",
        lambda w: (w.apps["reviewed"].pk, "letter"),
        always(met="yes", remark="", seen="0"),
    ),
    "members:assign_reviewer": Row(
        ALL_M, "lnnfnnnnrn", app("reviewed"), lambda w: {"person": w.cast.chloe.pk}
    ),
    "members:release_reviewer": Row(
        ALL_M, "lnnfnnnnrn", lambda w: (w.apps["reviewed"].pk, w.cast.amal.pk)
    ),
    "members:change_review_day": Row(
        ALL_M,
        "lnnfnnnnrn",
        lambda w: (w.apps["reviewed"].pk, w.cast.amal.pk),
        always(due_on=""),
    ),
    "members:declare_conflict": Row(
        ALL_M, "lnnrnnnnfn", app("reviewed"), always(reason="We are kin.")
    ),
    "members:write_review_note": Row(
        ALL_M,
        "lnnrnnnnfn",
        app("reviewed"),
        lambda w: {"body": "A note.", "client_id": str(uuid4())},
    ),
    "members:give_recommendation": Row(
        ALL_M,
        "lnnrnnnnfn",
        app("reviewed"),
        always(advice="admit", reasons="Good.", seen="0", guide_version="0"),
    ),
    "members:review_guide_versions": Row("lnnnnnnnon", ALL_M),
    "members:review_guide_version": Row("lnnnnnnnon", ALL_M, always_args(0)),
    "members:review_guide": Row(
        "lnnnnnnnon", "lnnnnnnnrn", data=always(**{"version": "0", "point-0-label_en": "A seal"})
    ),
    "members:charter": Row("lnnnnnnfon", ALL_M, app("admitted")),
    "members:send_charter": Row(ALL_M, "lnnnnnnfrn", app("admitted"), pdf("file")),
    "members:refuse_charter": Row(ALL_M, "lnnnnnnfrn", app("signed"), always(reason="No seal.")),
    "members:tick_step": Row(  # not a member yet
        ALL_M,
        "lnnnnnnfcn",
        lambda w: (w.apps["signed"].pk, "web_page"),
        always(met="yes", seen="0"),
    ),
    "members:welcome_member": Row(ALL_M, "lnnnnnnfcn", app("signed"), always(words="Welcome.")),
    "members:charter_file": Row("lnnnnnnoon", ALL_M, app("admitted")),
    "members:make_dossier": Row(ALL_M, "lnnrnnnnrn", app("reviewed"), always(language="fr")),
    "members:dossier_file": Row(  # amal's own
        "lnnonnnnnn", ALL_M, lambda w: (w.apps["reviewed"].pk, w.dossier.pk)
    ),
    "members:audit_log": Row("lnnnnnnnon", ALL_M),
    "members:export_audit_log": Row(ALL_M, "lnnnnnnnrn", data=always(form="csv")),
    "members:prove_audit_log": Row(ALL_M, "lnnnnnnnrn"),
}
