from django.urls import path

from portal import (
    views,
    views_app,
    views_desk,
    views_exports,
    views_packs,
    views_proofs,
    views_public,
    views_search,
    views_styleguide,
)
from portal.news_urls import urlpatterns as publishing

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("verify/", views_proofs.verify_file, name="verify"),
    path("search/", views_search.search, name="search"),
    path("settings/data/", views_exports.your_data, name="your_data"),
    path("settings/data/<int:pk>/", views_exports.data_export, name="data_export"),
    path("presidency/handovers/<int:pk>/pack/", views_packs.handover_pack, name="handover_pack"),
    path(
        "presidency/handovers/<int:pk>/pack.zip",
        views_packs.handover_pack_file,
        name="handover_pack_file",
    ),
    path("figures.csv", views_desk.figures, name="figures"),
    path("letters/failed/", views_desk.failed_letters, name="failed_letters"),
    path("letters/<int:pk>/again/", views_desk.send_again, name="send_letter_again"),
    path("manifest.webmanifest", views_app.manifest, name="manifest"),
    path("offline/", views_app.offline, name="offline"),
    path("calendar/", views_public.calendar, name="calendar"),
    path("calendar/<int:pk>/", views_public.calendar_meeting, name="calendar_meeting"),
    path("calendar/<int:pk>.ics", views_public.calendar_meeting_feed, name="calendar_meeting_feed"),
    path("calendar.ics", views_public.calendar_feed, name="calendar_feed"),
    path("styleguide/", views_styleguide.styleguide, name="styleguide"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
    *publishing,
]
