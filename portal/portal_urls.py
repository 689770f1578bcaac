from django.urls import path

from portal import views, views_search

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("search/", views_search.search, name="search"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
]
