from django.urls import path

from members.views import audit, institutions, people

app_name = "members"
urlpatterns = [
    path("members/", institutions.directory, name="directory"),
    path("members/<int:pk>/", institutions.institution, name="institution"),
    path("members/<int:pk>/delegation/", people.delegation, name="delegation"),
    path("members/<int:pk>/delegation/invitations/", people.invite, name="invite"),
    path("invitations/<int:pk>/letters/", people.resend_invitation, name="resend_invitation"),
    path("invitations/<int:pk>/revocation/", people.revoke_invitation, name="revoke_invitation"),
    path("invitations/<str:token>/", people.invitation, name="invitation"),
    path("mandates/choice/", people.choose_mandate, name="choose_mandate"),
    path("mandates/<int:pk>/end/", people.end_mandate, name="end_mandate"),
    path("settings/", people.settings, name="settings"),
    path("settings/sessions/end/", people.sign_out_everywhere, name="sign_out_everywhere"),
    path("audit-log/", audit.audit_log, name="audit_log"),
]
