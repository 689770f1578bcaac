"""Applications, up to their recommendation, and the form that they are written in."""

from tests.portal.rights.row import ALL_M, ALL_O, ALL_R, OWN_O, OWN_R, Row
from tests.portal.rights_things import (
    ANOTHER_CONTACT,
    APPLY,
    DRAFT,
    EDITOR,
    always,
    always_args,
    app,
    form_as_seen,
    pdf,
    section_of,
)

ROWS: dict[str, Row] = {
    "members:apply": Row(ALL_O, ALL_R, data=always(**APPLY)),
    "members:apply_sent": Row(ALL_O, ALL_M),
    "members:application_list": Row(OWN_O, ALL_M),
    "members:start_application": Row(ALL_M, OWN_R),
    "members:application": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:application_form": Row("lnnnnnnonn", ALL_M, app("draft")),
    "members:application_section": Row(
        "lnnnnnnonn", "lnnnnnnrnn", section_of("draft"), always(**DRAFT)
    ),
    "members:renew_application_form": Row(ALL_M, "lnnnnnnrnn", app("draft")),
    "members:form_definition": Row("lnnnnnnnon", ALL_M),
    "members:form_version": Row("lnnnnnnnon", ALL_M, always_args(1)),
    "members:form_question": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("new"),
        form_as_seen(section="reasons", kind="text", need="no", label_en="Why?"),
    ),
    "members:form_document": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("new"),
        form_as_seen(need="no", label_en="Statutes"),
    ),
    "members:form_field": Row(
        "lnnnnnnnon",
        "lnnnnnnnrn",
        always_args("aims"),
        form_as_seen(need="now", help_en="Say why."),
    ),
    "members:form_declaration": Row(
        "lnnnnnnnon", "lnnnnnnnrn", always_args(), form_as_seen(words_en="I declare it.")
    ),
    "members:move_form_question": Row(ALL_M, "lnnnnnnnrn", always_args("x")),
    "members:remove_form_part": Row(ALL_M, "lnnnnnnnrn", always_args("x")),
    "members:publish_form": Row(ALL_M, "lnnnnnnnrn"),
    "members:discard_form": Row(ALL_M, "lnnnnnnnrn"),
    "members:application_revisions": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:application_people": Row("lnnnnnnoon", ALL_M, app("submitted")),
    "members:invite_application_editor": Row(
        ALL_M, "lnnnnnnrfn", app("submitted"), always(**EDITOR)
    ),
    "members:revoke_application_place": Row(
        ALL_M, "lnnnnnnrfn", lambda w: (w.apps["submitted"].pk, w.place_invitation.pk)
    ),
    "members:transfer_application": Row(
        ALL_M, "lnnnnnnrrn", app("submitted"), always(**ANOTHER_CONTACT)
    ),
    "members:remove_application_editor": Row(
        ALL_M, "lnnnnnnrfn", lambda w: (w.apps["submitted"].pk, w.editor.pk)
    ),
    "members:answer_application": Row(
        ALL_M, "lnnnnnnrfn", app("asked"), pdf("file", answer="These.")
    ),
    "members:hand_in_charter": Row(ALL_M, "lnnnnnnrfn", app("admitted"), pdf("charter")),
    "members:withdraw_application": Row("lnnnnnnofn", "lnnnnnnrfn", app("submitted")),
    "members:let_admission_lapse": Row(
        "lnnnnnnfon",
        "lnnnnnnfrn",
        app("admitted"),
        always(reason="No answer.", seen="admitted"),
    ),
    "members:application_document": Row(
        "lnnnnnnoon", ALL_M, lambda w: (w.apps["submitted"].pk, w.document.pk)
    ),
    "members:start_review": Row(ALL_M, "lnnnnnnfrn", app("submitted")),
    "members:request_information": Row(
        ALL_M, "lnnnnnnfrn", app("reviewed"), always(question="Which?")
    ),
    "members:recommend_application": Row(
        ALL_M,
        "lnnnnnnfrn",
        app("reviewed"),
        always(favourable="yes", reasons="It does.", incomplete_because="By post."),
    ),
    "members:activate_application": Row(ALL_M, "lnnnnnnfrn", app("signed")),
}
