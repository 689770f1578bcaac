"""Addresses of what the secretariat publishes: news and the pages of the public site."""

from django.urls import path

from portal import views_news, views_news_office, views_pages, views_pages_office
from portal.enums import PageKey
from portal.feeds import NewsFeed

news = [
    path("news/", views_news.news_list, name="news_list"),
    path("news/feed/", NewsFeed.view(), name="news_feed"),
    path("news/new/", views_news_office.new_item, name="news_new"),
    path("news/<int:pk>/", views_news.news_item, name="news_item"),
    path("news/<int:pk>/edit/", views_news_office.edit_item, name="news_edit"),
    path("news/<int:pk>/preview/", views_news_office.preview, name="news_preview"),
    path("news/<int:pk>/publication/", views_news_office.publication, name="news_publication"),
    path("news/<int:pk>/withdrawal/", views_news_office.withdraw, name="news_withdrawal"),
    path("news/<int:pk>/deletion/", views_news_office.delete, name="news_deletion"),
    path("news/<int:pk>/pictures/", views_news_office.pictures, name="news_pictures"),
    path(
        "news/<int:pk>/pictures/<int:picture_id>/",
        views_news_office.change_picture,
        name="news_picture",
    ),
    path(
        "news/<int:pk>/pictures/<int:picture_id>/removal/",
        views_news_office.remove_picture,
        name="news_picture_removal",
    ),
    path(
        "news/<int:pk>/pictures/<int:picture_id>/lead/",
        views_news_office.lead_with_picture,
        name="news_picture_lead",
    ),
    path("news/<int:pk>/versions/", views_news_office.versions, name="news_versions"),
    path("news/<int:pk>/versions/<int:number>/", views_news_office.version, name="news_version"),
]
public_pages = [
    path(address, views_pages.page, {"key": key}, name=f"page_{key}")
    for key, address in {
        PageKey.ABOUT: "about/",
        PageKey.CHARTER: "about/charter/",
        PageKey.HOW_TO_APPLY: "how-to-apply/",
        PageKey.LEGAL: "legal/",
        PageKey.PRIVACY: "privacy/",
        PageKey.ACCESSIBILITY: "accessibility/",
    }.items()
]
pages = [
    path("contact/", views_pages.contact, name="page_contact"),
    path("contact/sent/", views_pages.contact_sent, name="contact_sent"),
    path("pages/", views_pages_office.page_list, name="page_list"),
    path("pages/<slug:key>/edit/", views_pages_office.edit_page, name="page_edit"),
    path("pages/<slug:key>/preview/", views_pages_office.preview, name="page_preview"),
    path("pages/<slug:key>/default/", views_pages_office.reset_page, name="page_reset"),
    path("pages/<slug:key>/versions/", views_pages_office.versions, name="page_versions"),
    path(
        "pages/<slug:key>/versions/<int:number>/",
        views_pages_office.version,
        name="page_version",
    ),
]
urlpatterns = [*news, *public_pages, *pages]
