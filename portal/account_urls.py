"""allauth's pages, without the open sign-up: people come by invitation or by applying."""

from django.urls import include, path

urlpatterns = [path("", include("allauth.urls"))]
