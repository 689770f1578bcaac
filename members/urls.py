from django.urls import path

from members.views import (
    applications,
    audit,
    countries,
    institutions,
    invitees,
    memberships,
    people,
    profiles,
    review,
    sessions,
    statements,
)

app_name = "members"
urlpatterns = [
    path("members/", institutions.directory, name="directory"),
    path("members/<int:pk>/", institutions.institution, name="institution"),
    path("members/<int:pk>/profile/", profiles.profile, name="profile"),
    path(
        "members/<int:pk>/standing/<str:act>/", memberships.change_standing, name="change_standing"
    ),
    path(
        "members/<int:pk>/standing/documents/<int:document_id>/",
        memberships.membership_document,
        name="membership_document",
    ),
    path("members/<int:pk>/delegation/", people.delegation, name="delegation"),
    path("members/<int:pk>/delegation/invitations/", people.invite, name="invite"),
    path(
        "members/<int:pk>/delegation/invitations/several/",
        invitees.invite_several,
        name="invite_several",
    ),
    path(
        "members/<int:pk>/delegation/invitations/several/list.<str:kind>",
        invitees.empty_list,
        name="empty_list",
    ),
    path(
        "members/<int:pk>/delegation/release/", statements.require_release, name="require_release"
    ),
    path("invitations/<int:pk>/letters/", people.resend_invitation, name="resend_invitation"),
    path("invitations/<int:pk>/revocation/", people.revoke_invitation, name="revoke_invitation"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("mandates/choice/", people.choose_mandate, name="choose_mandate"),
    path("mandates/<int:pk>/end/", people.end_mandate, name="end_mandate"),
    path("mandates/<int:pk>/statements/", statements.allow_statements, name="allow_statements"),
    path("settings/", people.settings, name="settings"),
    path("settings/countries/", countries.country_list, name="countries"),
    path("settings/countries/<str:code>/", countries.country, name="country"),
    path("settings/countries/<str:code>/reset/", countries.reset_country, name="reset_country"),
    path("settings/sessions/<int:pk>/end/", sessions.end_session, name="end_session"),
    path("settings/sessions/end/", people.sign_out_everywhere, name="sign_out_everywhere"),
    path("apply/", applications.apply, name="apply"),
    path("apply/sent/", applications.apply_sent, name="apply_sent"),
    path("applications/", applications.application_list, name="application_list"),
    path("applications/new/", applications.start_application, name="start_application"),
    path("applications/<int:pk>/", applications.application, name="application"),
    path("applications/<int:pk>/form/", applications.application_form, name="application_form"),
    path("applications/<int:pk>/answer/", applications.answer, name="answer_application"),
    path("applications/<int:pk>/charter/", applications.hand_in_charter, name="hand_in_charter"),
    path("applications/<int:pk>/withdrawal/", applications.withdraw, name="withdraw_application"),
    path(
        "applications/<int:pk>/documents/<int:document_id>/",
        applications.application_document,
        name="application_document",
    ),
    path("applications/<int:pk>/review/", review.start_review, name="start_review"),
    path("applications/<int:pk>/question/", review.request_information, name="request_information"),
    path("applications/<int:pk>/recommendation/", review.recommend, name="recommend_application"),
    path("applications/<int:pk>/activation/", review.activate, name="activate_application"),
    path("audit-log/", audit.audit_log, name="audit_log"),
    path("audit-log/export/", audit.export_audit_log, name="export_audit_log"),
    path("audit-log/proof/", audit.prove_audit_log, name="prove_audit_log"),
]
