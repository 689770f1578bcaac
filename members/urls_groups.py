"""Addresses of groups, and of requests for a place in one."""

from django.urls import path

from members.views import (
    group_dates,
    group_files,
    group_versions,
    groups,
    join_requests,
)

urlpatterns = [
    path("groups/", groups.group_list, name="group_list"),
    path("groups/new/", groups.new_group, name="new_group"),
    path("groups/<int:pk>/", groups.group, name="group"),
    path("groups/<int:pk>/form/", groups.edit_group, name="edit_group"),
    path("groups/<int:pk>/versions/", group_versions.group_versions, name="group_versions"),
    path(
        "groups/<int:pk>/versions/<int:number>/",
        group_versions.group_version,
        name="group_version",
    ),
    path("groups/<int:pk>/closing/", groups.close_group, name="close_group"),
    path("groups/<int:pk>/reopening/", groups.reopen_group, name="reopen_group"),
    path("groups/<int:pk>/members/", groups.add_members, name="add_group_members"),
    path("groups/<int:pk>/members/<int:institution>/", groups.change_place, name="group_place"),
    path(
        "groups/<int:pk>/members/<int:institution>/end/",
        groups.remove_member,
        name="remove_group_member",
    ),
    path("groups/<int:pk>/files/", group_files.group_files, name="group_files"),
    path("groups/<int:pk>/files/<int:file>/", group_files.group_file, name="group_file"),
    path(
        "groups/<int:pk>/files/<int:file>/versions/<int:number>/",
        group_files.group_file_version,
        name="group_file_version",
    ),
    path(
        "groups/<int:pk>/files/<int:file>/removal/",
        group_files.remove_group_file,
        name="remove_group_file",
    ),
    path(
        "groups/<int:pk>/files/<int:file>/return/",
        group_files.restore_group_file,
        name="restore_group_file",
    ),
    path("groups/<int:pk>/calendar/", group_dates.group_calendar, name="group_calendar"),
    path(
        "groups/<int:pk>/calendar.ics", group_dates.group_calendar_file, name="group_calendar_file"
    ),
    path("groups/<int:pk>/calendar/new/", group_dates.new_group_date, name="new_group_date"),
    path("groups/<int:pk>/calendar/<int:date>/", group_dates.group_date, name="group_date"),
    path(
        "groups/<int:pk>/calendar/<int:date>.ics",
        group_dates.group_date_file,
        name="group_date_file",
    ),
    path(
        "groups/<int:pk>/calendar/<int:date>/form/",
        group_dates.edit_group_date,
        name="edit_group_date",
    ),
    path(
        "groups/<int:pk>/calendar/<int:date>/cancellation/",
        group_dates.cancel_group_date,
        name="cancel_group_date",
    ),
    path("groups/<int:pk>/requests/", join_requests.ask_to_join, name="ask_to_join"),
    path("join-requests/<int:pk>/", join_requests.join_request, name="join_request"),
    path("join-requests/<int:pk>/acceptance/", join_requests.accept, name="accept_join_request"),
    path("join-requests/<int:pk>/refusal/", join_requests.decline, name="decline_join_request"),
    path("join-requests/<int:pk>/end/", join_requests.withdraw, name="withdraw_join_request"),
]
