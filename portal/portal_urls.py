from django.urls import path

from portal import views, views_styleguide

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("styleguide/", views_styleguide.styleguide, name="styleguide"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
]
