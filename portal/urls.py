from django.conf.urls.i18n import i18n_patterns
from django.urls import URLPattern, URLResolver, include, path, re_path

from members.views.identity import institution_callback
from portal import admin, views, views_app, views_news, views_proofs, views_public

urlpatterns: list[URLPattern | URLResolver] = [
    path("", views.to_language, name="root"),
    path("language/", views.set_language, name="set_language"),
    path("healthz", views.health, name="health"),
    path("sw.js", views_app.service_worker, name="service_worker"),
    path("favicon.ico", views_app.favicon, name="favicon"),
    path("admin/", admin.site.urls),
    # Outside the languages: providers know one address to send people back to.
    path("accounts/oidc/<int:pk>/callback/", institution_callback, name="institution_callback"),
    # Outside the languages: one address, one copy in the browser.
    re_path(r"^pictures/(?P<sha256>[0-9a-f]{64})\.webp$", views_news.picture, name="picture"),
    path("sitemap.xml", views_public.sitemap, name="sitemap"),
    path("robots.txt", views_public.robots, name="robots"),
    path(".well-known/security.txt", views_public.security_txt, name="security_txt"),
    path(".well-known/majlis-keys.json", views_proofs.keys, name="signing_keys"),
    path(".well-known/majlis-heads.json", views_proofs.heads, name="signed_heads"),
]
urlpatterns += i18n_patterns(
    path("accounts/", include("portal.account_urls")),
    path("", include("members.urls")),
    path("", include("messaging.urls")),
    path("", include("assembly.urls")),
    path("", include("portal.portal_urls")),
)
