from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path

from portal import views, views_public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.to_language, name="root"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.health, name="health"),
    path("sitemap.xml", views_public.sitemap, name="sitemap"),
    path("robots.txt", views_public.robots, name="robots"),
    path(".well-known/security.txt", views_public.security_txt, name="security_txt"),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("portal.account_urls")),
    path("", include("members.urls")),
    path("", include("messaging.urls")),
    path("", include("assembly.urls")),
    path("", include("portal.portal_urls")),
)
