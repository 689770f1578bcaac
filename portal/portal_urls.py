from django.urls import path

from portal import views, views_app

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("manifest.webmanifest", views_app.manifest, name="manifest"),
    path("offline/", views_app.offline, name="offline"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
]
