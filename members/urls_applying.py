"""Addresses of applications: the form, the review, the decision, the arrival."""

from django.urls import path

from members.views import (
    application_definitions,
    application_figures,
    application_forms,
    application_people,
    application_revisions,
    applications,
    assessments,
    bulk,
    charters,
    dossiers,
    information_requests,
    review,
    review_guides,
)

urlpatterns = [
    path(
        "settings/application-form/",
        application_definitions.form_definition,
        name="form_definition",
    ),
    path(
        "settings/application-form/versions/<int:number>/",
        application_definitions.form_version,
        name="form_version",
    ),
    path(
        "settings/application-form/questions/<str:key>/",
        application_definitions.form_question,
        name="form_question",
    ),
    path(
        "settings/application-form/questions/<str:key>/place/",
        application_definitions.move_form_question,
        name="move_form_question",
    ),
    path(
        "settings/application-form/documents/<str:key>/",
        application_definitions.form_document,
        name="form_document",
    ),
    path(
        "settings/application-form/fields/<str:field>/",
        application_definitions.form_field,
        name="form_field",
    ),
    path(
        "settings/application-form/declaration/",
        application_definitions.form_declaration,
        name="form_declaration",
    ),
    path(
        "settings/application-form/parts/<str:key>/removal/",
        application_definitions.remove_form_part,
        name="remove_form_part",
    ),
    path(
        "settings/application-form/publication/",
        application_definitions.publish_form,
        name="publish_form",
    ),
    path(
        "settings/application-form/discarding/",
        application_definitions.discard_form,
        name="discard_form",
    ),
    path("apply/", applications.apply, name="apply"),
    path("apply/sent/", applications.apply_sent, name="apply_sent"),
    path("applications/", applications.application_list, name="application_list"),
    path(
        "applications/figures/",
        application_figures.application_figures,
        name="application_figures",
    ),
    path("applications/list/", application_figures.export_applications, name="export_applications"),
    path("applications/acts/", bulk.act_on_applications, name="act_on_applications"),
    path("applications/new/", applications.start_application, name="start_application"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path(
        "applications/<int:pk>/form/", application_forms.application_form, name="application_form"
    ),
    path(
        "applications/<int:pk>/form/<str:section>/",
        application_forms.application_section,
        name="application_section",
    ),
    path("applications/<int:pk>/answer/", applications.answer, name="answer_application"),
    path("applications/<int:pk>/charter/", applications.hand_in_charter, name="hand_in_charter"),
    path("applications/<int:pk>/withdrawal/", applications.withdraw, name="withdraw_application"),
    path("applications/<int:pk>/lapse/", review.lapse, name="let_admission_lapse"),
    path(
        "applications/<int:pk>/documents/<int:document_id>/",
        applications.application_document,
        name="application_document",
    ),
    path("applications/<int:pk>/review/", review.start_review, name="start_review"),
    path(
        "applications/<int:pk>/question/",
        information_requests.request_information,
        name="request_information",
    ),
    path("applications/<int:pk>/recommendation/", review.recommend, name="recommend_application"),
    path("applications/<int:pk>/activation/", review.activate, name="activate_application"),
    path("applications/<int:pk>/assessment/", assessments.assessment, name="assessment"),
    path(
        "applications/<int:pk>/assessment/points/<slug:key>/", assessments.tick, name="tick_point"
    ),
    path("applications/<int:pk>/reviewers/", assessments.assign, name="assign_reviewer"),
    path(
        "applications/<int:pk>/reviewers/<int:user_id>/end/",
        assessments.release,
        name="release_reviewer",
    ),
    path(
        "applications/<int:pk>/reviewers/<int:user_id>/day/",
        assessments.change_day,
        name="change_review_day",
    ),
    path("applications/<int:pk>/conflict/", assessments.declare_conflict, name="declare_conflict"),
    path("applications/<int:pk>/notes/", assessments.write_note, name="write_review_note"),
    path(
        "applications/<int:pk>/recommendations/", assessments.recommend, name="give_recommendation"
    ),
    path("applications/<int:pk>/arrival/", charters.charter, name="charter"),
    path("applications/<int:pk>/arrival/charter/", charters.send_charter, name="send_charter"),
    path("applications/<int:pk>/arrival/refusal/", charters.refuse_charter, name="refuse_charter"),
    path("applications/<int:pk>/arrival/steps/<slug:key>/", charters.tick_step, name="tick_step"),
    path("applications/<int:pk>/arrival/welcome/", charters.welcome, name="welcome_member"),
    path("applications/<int:pk>/charter.pdf", charters.charter_file, name="charter_file"),
    path("applications/<int:pk>/dossiers/", dossiers.ask, name="make_dossier"),
    path(
        "applications/<int:pk>/dossiers/<int:dossier_id>/",
        dossiers.dossier_file,
        name="dossier_file",
    ),
    path("settings/review/", assessments.review_guide, name="review_guide"),
    path(
        "settings/review/versions/",
        review_guides.review_guide_versions,
        name="review_guide_versions",
    ),
    path(
        "settings/review/versions/<int:number>/",
        review_guides.review_guide_version,
        name="review_guide_version",
    ),
    path(
        "applications/<int:pk>/revisions/",
        application_revisions.application_revisions,
        name="application_revisions",
    ),
    path(
        "applications/<int:pk>/form-version/",
        application_definitions.renew_application_form,
        name="renew_application_form",
    ),
    path(
        "applications/<int:pk>/people/",
        application_people.application_people,
        name="application_people",
    ),
    path(
        "applications/<int:pk>/people/invitations/",
        application_people.invite_editor,
        name="invite_application_editor",
    ),
    path(
        "applications/<int:pk>/people/invitations/<int:invitation_id>/revocation/",
        application_people.revoke_place,
        name="revoke_application_place",
    ),
    path(
        "applications/<int:pk>/people/contact/",
        application_people.transfer_contact,
        name="transfer_application",
    ),
    path(
        "applications/<int:pk>/people/<int:editor_id>/end/",
        application_people.remove_editor,
        name="remove_application_editor",
    ),
]
