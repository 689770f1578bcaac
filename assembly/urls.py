from django.urls import path

from assembly.views import (
    attendance,
    dues,
    meetings,
    notices,
    papers,
    results,
    rooms,
    standing,
    votes,
)

ITEM = "meetings/<int:meeting_id>/items/<int:position>/"

app_name = "assembly"
urlpatterns = [
    path("meetings/", meetings.meeting_list, name="meeting_list"),
    path("meetings/new/", meetings.new_meeting, name="new_meeting"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/room/", rooms.open_room, name="open_room"),
    path("meetings/<int:pk>/results/hold/", results.hold, name="hold_results"),
    path("meetings/<int:pk>/results/release/", results.release, name="release_results"),
    path("meetings/<int:pk>/items/", meetings.add_item, name="add_item"),
    path(
        "applications/<int:application_id>/agenda-item/",
        meetings.place_application,
        name="place_application",
    ),
    path(ITEM, votes.agenda_item, name="agenda_item"),
    path(
        "meetings/<int:pk>/items/<int:position>/titles/",
        meetings.agenda_titles,
        name="agenda_titles",
    ),
    path(f"{ITEM}dossier/", papers.item_dossier, name="item_dossier"),
    path(f"{ITEM}dossier/files/", papers.make_item_dossier, name="make_item_dossier"),
    path(f"{ITEM}dossier/<str:language>.pdf", papers.item_dossier_file, name="item_dossier_file"),
    path(f"{ITEM}documents/<int:document_id>/", papers.item_document, name="item_document"),
    path(f"{ITEM}decision/", results.terms, name="decision_terms"),
    path(f"{ITEM}vote/", votes.open_vote, name="open_vote"),
    path(f"{ITEM}roll-call/", votes.roll_call, name="roll_call"),
    path(f"{ITEM}roll-call/review/", votes.review, name="review"),
    path(f"{ITEM}roll-call/certificate/", votes.certify, name="certify"),
    path("meetings/<int:meeting_id>/attendance/", attendance.attendance, name="attendance"),
    path("standing/", standing.monitor, name="standing_monitor"),
    path("standing/list/", standing.export_standing, name="export_standing"),
    path("standing/dues/", dues.dues_of_year, name="dues_of_year"),
    path("members/<int:pk>/standing/", standing.standing, name="standing"),
    path("members/<int:pk>/dues/", dues.new_dues, name="new_dues"),
    path("members/<int:pk>/dues/<int:year>/", dues.dues, name="dues"),
    path("members/<int:pk>/notices/", notices.draft, name="draft_notice"),
    path("members/<int:pk>/notices/<int:number>/", notices.notice, name="notice"),
    path(
        "members/<int:pk>/notices/<int:number>/discarding/",
        notices.discard,
        name="discard_notice",
    ),
]
