from django.urls import path

from portal import views, views_public

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("calendar/", views_public.calendar, name="calendar"),
    path("calendar/<int:pk>/", views_public.calendar_meeting, name="calendar_meeting"),
    path("calendar/<int:pk>.ics", views_public.calendar_meeting_feed, name="calendar_meeting_feed"),
    path("calendar.ics", views_public.calendar_feed, name="calendar_feed"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
]
