from django.urls import path

from portal import views
from portal.news_urls import urlpatterns as publishing

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("mail/", views.mail, name="mail"),
    path("mail/<slug:key>/", views.letter, name="letter"),
    *publishing,
]
